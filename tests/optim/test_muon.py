"""Muon moves matrices by their polar factor, and all else as AdamW does."""

import sys

import keras
import numpy as np
import pytest

from albert_tf import AlbertForPreTraining
from albert_tf.optim.adamw import AlbertAdamW
from albert_tf.optim.muon import AlbertMuon
from albert_tf.train.pretrain_model import optimizer
from albert_tf.train.pretrain_options import PretrainOptions

RATE = 0.01


def _variable(path, value):
    scope, name = path.split("/")
    with keras.name_scope(scope):
        return keras.Variable(np.asarray(value, "float32"), name=name)


def _gradients(shape, count=4):
    return np.random.default_rng(5).normal(size=(count, *shape))


def _apply(opt, variable, gradients):
    opt.build([variable])
    for gradient in gradients:
        opt.apply([keras.ops.convert_to_tensor(gradient, "float32")])
    return np.array(variable)


@pytest.mark.parametrize("shape", [(6, 6), (4, 12), (12, 4)])
def test_matrices_move_by_the_polar_factor(shape):
    """Singular vectors of the momentum, all singular values about 1."""
    gradients = _gradients(shape)
    moved = [
        _apply(
            AlbertMuon(RATE, 0.0, global_clipnorm=None),
            _variable("dense/kernel", np.zeros(shape)),
            gradients[:count],
        )
        for count in (3, 4)
    ]
    step = (moved[0] - moved[1]) / (RATE * 0.2 * np.sqrt(max(shape)))
    momentum = np.zeros(shape)
    for gradient in gradients:
        momentum = 0.95 * momentum + gradient
    left, _, right = np.linalg.svd(
        gradients[-1] + 0.95 * momentum, full_matrices=False
    )
    values = left.T @ step @ right.T
    # Five steps of Newton and Schulz leave them between 0.7 and 1.2.
    np.testing.assert_allclose(np.diag(values), 1.0, atol=0.35)
    np.testing.assert_allclose(values, np.diag(np.diag(values)), atol=1e-4)


@pytest.mark.parametrize(
    "path, shape",
    [
        ("word_embeddings/embeddings", (7, 3)),
        ("pooler/kernel", (4, 4)),
        ("dense/bias", (5,)),
    ],
)
def test_all_else_moves_as_by_adamw(path, shape):
    start = np.random.default_rng(1).normal(size=shape)
    moved = [
        _apply(opt, _variable(path, start), _gradients(shape))
        for opt in (
            AlbertMuon(RATE, 0.0, adam_lr_ratio=0.5, adam_beta_2=0.999),
            AlbertAdamW(0.5 * RATE, 0.0, epsilon=1e-7),
        )
    ]
    np.testing.assert_allclose(moved[0], moved[1], atol=1e-6)


@pytest.mark.parametrize(
    "path, is_decayed",
    [
        ("dense/kernel", True),
        ("word_embeddings/embeddings", True),
        ("dense/bias", False),
        ("layer_norm/gamma", False),
    ],
)
def test_decays_matrices_and_embeddings(path, is_decayed):
    shape = (3,) if path.endswith(("bias", "gamma")) else (3, 3)
    variable = _variable(path, np.ones(shape))
    moved = _apply(AlbertMuon(0.1, 0.5), variable, np.zeros((1, *shape)))
    np.testing.assert_allclose(moved, 0.95 if is_decayed else 1.0, atol=1e-6)


def test_which_variables_of_a_model_are_orthogonalized(tiny_config):
    model = AlbertForPreTraining(tiny_config)
    muon = AlbertMuon()
    paths = {
        variable.path
        for variable in model.trainable_variables
        if not muon._should_use_adamw(variable)
    }
    layer = "layer_0_0/"
    attention = ("query", "key", "value", "output")
    assert paths == {
        *(f"{layer}attention/{name}/kernel" for name in attention),
        f"{layer}intermediate/kernel",
        f"{layer}output/kernel",
        "masked_lm/dense/kernel",
    }


def test_sparse_gradients_are_summed():
    tf = pytest.importorskip("tensorflow")
    sparse = tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, -1.0]]), tf.constant([1, 1]), [4, 2]
    )
    tables = []
    for gradient in (sparse, tf.convert_to_tensor(sparse)):
        table = _variable("word_embeddings/embeddings", np.ones((4, 2)))
        AlbertMuon(0.1, global_clipnorm=None).apply([gradient], [table])
        tables.append(np.array(table))
    np.testing.assert_array_equal(*tables)


def test_saved_with_its_model(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(AlbertMuon(exclude=["bias$"], weight_decay=0.1), "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras").optimizer
    assert isinstance(loaded, AlbertMuon)
    assert loaded.get_config() == model.optimizer.get_config()
    for ours, theirs in zip(model.optimizer.variables, loaded.variables):
        np.testing.assert_array_equal(np.array(ours), np.array(theirs))


def test_needs_a_keras_that_has_it(monkeypatch):
    monkeypatch.setattr(keras, "__version__", "3.12.1")
    monkeypatch.delitem(sys.modules, "albert_tf.optim.muon")
    options = PretrainOptions(corpus="c", output="o", optimizer="muon")
    with pytest.raises(ValueError, match="needs Keras 3.13.*3.12.1.*adamw"):
        optimizer(options)
