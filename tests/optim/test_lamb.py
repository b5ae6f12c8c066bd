"""LAMB equals google-research/albert's, on every backend and policy."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from albert_tf.optim.exclusion import BIASES_AND_NORMS, is_excluded
from albert_tf.optim.lamb import AlbertLamb
from albert_tf.optim.schedules import WarmUpPolynomialDecay
from tests.golden.shared import CHECKOUT
from tests.reference import lamb as reference

# Name in Keras, name at Google, shape.
VARIABLES = (
    ("dense/kernel", "dense/kernel", (4, 3)),
    ("dense/bias", "dense/bias", (3,)),
    ("layer_norm/gamma", "LayerNorm/gamma", (3,)),
    ("layer_norm/beta", "LayerNorm/beta", (3,)),
    ("words/embeddings", "word_embeddings", (7, 3)),
    ("zeros/kernel", "zeros/kernel", (2, 2)),
)


def _variables():
    random = np.random.default_rng(2)
    variables = []
    for path, _, shape in VARIABLES:
        scope, name = path.split("/")
        value = random.normal(size=shape).astype("float32")
        value *= scope != "zeros"
        with keras.name_scope(scope):
            variables.append(keras.Variable(value, name=name))
    return variables


def _gradients(step):
    random = np.random.default_rng(100 + step)
    return [
        random.normal(size=shape).astype("float32") * 10.0 ** (step - 2)
        for _, _, shape in VARIABLES
    ]


def _expected(num_steps, learning_rate, clip_norm=1.0):
    params = [np.array(variable) for variable in _variables()]
    m = [np.zeros_like(param) for param in params]
    v = [np.zeros_like(param) for param in params]
    for step in range(num_steps):
        gradients = _gradients(step)
        if clip_norm:
            gradients = reference.clip_by_global_norm(gradients, clip_norm)
        for i, (_, name, _) in enumerate(VARIABLES):
            params[i], m[i], v[i] = reference.lamb_step(
                name, params[i], gradients[i], m[i], v[i], learning_rate(step)
            )
    return params


def compare(num_steps=5, clip_norm=1.0):
    """Holds the optimizer against NumPy; also run on other backends."""

    def rate(step):
        return reference.learning_rate(step, 0.02, 9, 3)

    optimizer = AlbertLamb(
        WarmUpPolynomialDecay(0.02, 9, 3), global_clipnorm=clip_norm
    )
    variables = _variables()
    optimizer.build(variables)
    for step in range(num_steps):
        gradients = map(keras.ops.convert_to_tensor, _gradients(step))
        optimizer.apply(list(gradients))
    for variable, expected in zip(
        variables, _expected(num_steps, rate, clip_norm)
    ):
        difference = np.abs(np.array(variable) - expected).max()
        assert difference < 1e-6, variable.path


@pytest.mark.parametrize("clip_norm", [1.0, 0.01, None])
def test_equals_numpy(clip_norm):
    compare(clip_norm=clip_norm)


def _run_on_jax(code):
    pytest.importorskip("jax")
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.optim import test_lamb\n{code}"],
        cwd=CHECKOUT,
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["jax"]


def test_equals_numpy_on_jax():
    _run_on_jax("test_lamb.compare()\nprint(test_lamb.keras.config.backend())")


@pytest.mark.slow
def test_loss_scaling_on_jax():
    _run_on_jax(
        "_, losses = test_lamb._fitted('mixed_float16')\n"
        "assert losses[-1] < 0.5 * losses[0], losses\n"
        "print(test_lamb.keras.config.backend())"
    )


def test_sparse_gradients_are_summed():
    """Rows that repeat an index must count together in the second moment."""
    tf = pytest.importorskip("tensorflow")
    optimizers = [AlbertLamb(0.1, global_clipnorm=None) for _ in range(2)]
    tables = [keras.Variable(np.ones((4, 2), "float32")) for _ in range(2)]
    sparse = tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, -1.0]]), tf.constant([1, 1]), [4, 2]
    )
    dense = tf.constant([[0.0, 0.0], [4.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    optimizers[0].apply([sparse], [tables[0]])
    optimizers[1].apply([dense], [tables[1]])
    np.testing.assert_array_equal(np.array(tables[0]), np.array(tables[1]))


@pytest.mark.parametrize(
    "path, expected",
    [
        ("encoder/layer_0_0/attention/query/kernel", False),
        ("encoder/layer_0_0/attention/query/bias", True),
        ("encoder/layer_0_0/attention_norm/gamma", True),
        ("encoder/embeddings/layer_norm/beta", True),
        ("encoder/embeddings/word_embeddings/embeddings", False),
        ("masked_lm/bias", True),
        ("masked_lm/output_bias", True),
        ("rms_normalization/scale", True),
        ("bias_network/kernel", False),
        ("gamma_rays/kernel", False),
        ("unbias", False),
    ],
)
def test_default_exclusions(path, expected):
    assert is_excluded(path, BIASES_AND_NORMS) is expected


def test_no_variable_of_a_model_is_missed(tiny_config):
    from albert_tf import AlbertForSequenceClassification

    model = AlbertForSequenceClassification(tiny_config)
    for variable in model.trainable_variables:
        excluded = is_excluded(variable.path, BIASES_AND_NORMS)
        assert excluded == (len(variable.shape) == 1), variable.path


def _fitted(policy="float32", **arguments):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((5,), dtype="int32"),
            keras.layers.Embedding(50, 8, dtype=policy),
            keras.layers.LayerNormalization(dtype=policy),
            keras.layers.Flatten(),
            keras.layers.Dense(1, dtype=policy),
        ]
    )
    schedule = WarmUpPolynomialDecay(0.05, 24)
    model.compile(
        AlbertLamb(schedule, **arguments),
        keras.losses.BinaryCrossentropy(from_logits=True),
        auto_scale_loss=policy == "mixed_float16",
    )
    ids = np.random.default_rng(0).integers(0, 50, (32, 5))
    history = model.fit(ids, ids[:, 0] % 2, 8, epochs=6, verbose=0)
    return model, history.history["loss"]


@pytest.fixture(scope="module")
def float32_losses():
    return _fitted()[1]


@pytest.mark.parametrize(
    "policy",
    [pytest.param("mixed_bfloat16", marks=pytest.mark.slow), "mixed_float16"],
)
def test_mixed_precision_learns_as_well(policy, float32_losses):
    losses = float32_losses
    _, mixed_losses = _fitted(policy)
    assert losses[-1] < 0.5 * losses[0]
    np.testing.assert_allclose(mixed_losses, losses, rtol=0.05, atol=0.01)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_gradients(dtype):
    """Moments and ratio are float32 whatever the gradient is."""
    optimizer = AlbertLamb(0.02, global_clipnorm=None)
    variable = keras.Variable(np.ones((4, 3), "float32"))
    gradient = keras.ops.cast(np.full((4, 3), 1e-3), dtype)
    optimizer.apply([gradient], [variable])
    zeros = np.zeros((4, 3), "float32")
    expected, _, _ = reference.lamb_step(
        "kernel", zeros + 1, np.array(keras.ops.cast(gradient, "float32")),
        zeros, zeros, 0.02,
    )  # fmt: skip
    np.testing.assert_allclose(np.array(variable), expected, atol=1e-7)
    assert all(m.dtype == "float32" for m in optimizer._momentums)


def test_loss_scaling():
    variables = [keras.Variable(np.ones((3, 2), "float32")) for _ in range(2)]
    gradient = np.arange(6, dtype="float32").reshape(3, 2)
    AlbertLamb(0.1).apply(
        [keras.ops.convert_to_tensor(gradient)], variables[:1]
    )
    scaled = keras.optimizers.LossScaleOptimizer(AlbertLamb(0.1))
    scaled.build(variables[1:])
    infinite = keras.ops.convert_to_tensor(gradient + np.inf)
    scaled.apply([infinite])
    np.testing.assert_array_equal(np.array(variables[1]), 1.0)
    scale = np.array(scaled.dynamic_scale)
    scaled.apply([keras.ops.convert_to_tensor(gradient * scale)])
    np.testing.assert_allclose(
        np.array(variables[1]), np.array(variables[0]), atol=1e-7
    )


def test_gradient_accumulation():
    """Two halves of a batch, accumulated, are the batch."""
    random = np.random.default_rng(3)
    start = random.normal(size=(3, 2)).astype("float32")
    halves = random.normal(size=(2, 3, 2)).astype("float32")
    whole, parts = keras.Variable(start), keras.Variable(start)
    AlbertLamb(0.1).apply([keras.ops.mean(halves, axis=0)], [whole])
    optimizer = AlbertLamb(0.1, gradient_accumulation_steps=2)
    for half in halves:
        optimizer.apply([keras.ops.convert_to_tensor(half)], [parts])
    np.testing.assert_allclose(np.array(parts), np.array(whole), atol=1e-6)


def test_saved_with_its_model(tmp_path):
    model, _ = _fitted(exclude=["bias$"], weight_decay_rate=0.1)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    optimizer = loaded.optimizer
    assert isinstance(optimizer, AlbertLamb)
    assert optimizer.get_config() == model.optimizer.get_config()
    assert optimizer.exclude == ["bias$"]
    assert int(optimizer.iterations) == 24
    for ours, theirs in zip(model.optimizer.variables, optimizer.variables):
        np.testing.assert_array_equal(np.array(ours), np.array(theirs))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"weight_decay": 0.01}, "Give `weight_decay_rate` instead"),
        ({"weight_decay_rate": -1.0}, "`weight_decay_rate` must be 0 or more"),
        ({"beta_1": 1.0}, "`beta_1` must be at least 0 and below 1.*=1.0"),
        ({"beta_2": -0.1}, "`beta_2` must be at least 0"),
        ({"epsilon": 0.0}, "`epsilon` must be above 0"),
        ({"exclude": "bias"}, r"must be a list.*Write \['bias'\]"),
        ({"exclude": ["("]}, "is no regular expression"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        AlbertLamb(0.1, **arguments)


def test_exclusions_are_arguments():
    with pytest.raises(ValueError, match=r"AlbertLamb\(learning_rate, excl"):
        AlbertLamb(0.1).exclude_from_weight_decay(var_names=["bias"])
