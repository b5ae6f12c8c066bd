"""A restored state is what was saved, of the optimizer too."""

import keras
import numpy as np
import pytest

from albert_tf import AlbertForSequenceClassification
from albert_tf.optim import fine_tuning_optimizer
from albert_tf.train import state
from albert_tf.train.callbacks import KeepBest
from albert_tf.train.losses import LabelLoss
from albert_tf.train.run_folder import RunFolder


def _model(config, precision):
    """Returns a model that is compiled as a run compiles it."""
    model = AlbertForSequenceClassification(config, dtype=precision)
    optimizer = fine_tuning_optimizer(1e-3, 9)
    model.compile(optimizer, LabelLoss(), jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model


def _keep_best(folder):
    return KeepBest(folder, None, None, max_length=8, patience=1, metric="f1")


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_the_optimizer_goes_on(config, batch, tmp_path, precision):
    keras.utils.set_random_seed(0)
    folder = RunFolder(tmp_path)
    saved = _model(config, precision)
    saved.fit(batch, np.array([0, 1, 1]), verbose=0)
    if precision == "mixed_float16":
        saved.optimizer.dynamic_scale.assign(64.0)
    callback = state.SaveState(folder, _keep_best(tmp_path))
    callback.set_model(saved)
    callback.on_epoch_end(0)
    model = _model(config, precision)
    assert state.restore(model, folder, _keep_best(tmp_path)) == (1, False)
    pairs = zip(
        [*model.weights, *model.optimizer.variables],
        [*saved.weights, *saved.optimizer.variables],
        strict=True,
    )
    for got, expected in pairs:
        np.testing.assert_array_equal(got, expected, err_msg=got.path)
