"""The optimizer to fine-tune with: schedule, exclusions, saving."""

import keras
import numpy as np
import pytest

from albert_tf.optim.adamw import AlbertAdamW
from albert_tf.optim.fine_tuning import fine_tuning_optimizer
from albert_tf.optim.lamb import AlbertLamb


def _small_model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, name="dense"),
            keras.layers.LayerNormalization(name="norm"),
        ]
    )


def test_adamw_decays_kernels_only():
    """Without a gradient, decay alone moves a weight."""
    model = _small_model()
    for variable in model.trainable_variables:
        variable.assign(keras.ops.ones(variable.shape))
    optimizer = AlbertAdamW(0.1, weight_decay=0.5)
    zeros = [keras.ops.zeros(v.shape) for v in model.trainable_variables]
    optimizer.apply(zeros, model.trainable_variables)
    for variable in model.trainable_variables:
        expected = 0.95 if variable.name == "kernel" else 1.0
        np.testing.assert_allclose(np.array(variable), expected)


def test_adamw_equals_keras_but_for_exclusions():
    models = [_small_model(), _small_model()]
    options = {"learning_rate": 0.01, "weight_decay": 0.0, "epsilon": 1e-6}
    optimizers = [
        AlbertAdamW(**options, global_clipnorm=None),
        keras.optimizers.AdamW(**options),
    ]
    for model, optimizer in zip(models, optimizers):
        for step in (1.0, -2.0, 0.5):
            gradients = [v * step for v in model.trainable_variables]
            optimizer.apply(gradients, model.trainable_variables)
    for ours, theirs in zip(*(model.weights for model in models)):
        np.testing.assert_allclose(np.array(ours), np.array(theirs), atol=1e-6)


@pytest.mark.parametrize(
    "algorithm, kind", [("adamw", AlbertAdamW), ("lamb", AlbertLamb)]
)
def test_algorithms(algorithm, kind):
    optimizer = fine_tuning_optimizer(
        1e-3, 10, num_warm_up_steps=5, algorithm=algorithm, clip_norm=0.5
    )
    assert isinstance(optimizer, kind)
    assert optimizer.global_clipnorm == 0.5
    model = _small_model()
    model.compile(optimizer, "mse")
    rates = []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: rates.append(
            float(optimizer.learning_rate)
        )
    )
    model.fit(
        np.ones((10, 3)), np.ones((10, 4)), 1, verbose=0, callbacks=[watch]
    )
    np.testing.assert_allclose(
        rates, [2e-4, 4e-4, 6e-4, 8e-4, 5e-4, 4e-4, 3e-4, 2e-4, 1e-4, 0.0],
        atol=1e-9,
    )  # fmt: skip


def test_exclusions_are_saved(tmp_path):
    model = _small_model()
    model.compile(fine_tuning_optimizer(1e-3, 4), "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 4)), verbose=0)
    model.save(tmp_path / "model.keras")
    optimizer = keras.models.load_model(tmp_path / "model.keras").optimizer
    assert optimizer.get_config() == model.optimizer.get_config()
    named = {v.name: v for v in model.trainable_variables}
    assert optimizer._use_weight_decay(named["kernel"])
    assert not optimizer._use_weight_decay(named["bias"])
    assert not optimizer._use_weight_decay(named["gamma"])


def test_unknown_algorithm():
    with pytest.raises(ValueError, match="one of adamw, lamb.*'sgd'"):
        fine_tuning_optimizer(1e-3, 10, algorithm="sgd")
