"""What is compiled to one loop has the values and gradients of its parts."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from albert_tf.layers import fused as module
from albert_tf.layers.activations import activation
from albert_tf.layers.transformer_layer import AlbertTransformerLayer
from tests.examples import run_example

NUMBERS = np.linspace(-12.0, 12.0, 4001, dtype=np.float32)


def test_example():
    run_example(module.fused, keras=keras, fused=module.fused)


def _value_and_gradient(function, numbers):
    numbers = tf.constant(numbers)
    with tf.GradientTape() as tape:
        tape.watch(numbers)
        value = function(numbers)
    return value, tape.gradient(value, numbers, 3.0 * tf.ones_like(value))


@pytest.mark.parametrize("name", ["gelu_new", "gelu", "relu"])
def test_activations_train_as_they_infer(name):
    assert module.is_available()
    found = _value_and_gradient(activation(name, training=True), NUMBERS)
    expected = _value_and_gradient(activation(name), NUMBERS)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=2e-5)


def test_bfloat16_stays_and_is_rounded_once():
    numbers = tf.cast(NUMBERS, tf.bfloat16)
    found = activation("gelu_new", training=True)(numbers)
    assert found.dtype == tf.bfloat16
    exact = activation("gelu_new")(tf.cast(numbers, tf.float32))
    np.testing.assert_allclose(
        tf.cast(found, tf.float32), exact, rtol=2**-8, atol=1e-5
    )


def _operators(layer, training):
    @tf.function
    def call(hidden, bias):
        return layer(hidden, bias, training=training)

    graph = call.get_concrete_function(
        tf.TensorSpec((None, None, 8)), tf.TensorSpec((None, 1, 1, None))
    ).graph
    return graph.as_graph_def().SerializeToString()


def test_only_training_is_compiled():
    layer = AlbertTransformerLayer(8, 2, 16)
    layer.build()
    assert b"_XlaMustCompile\x12\x02(\x01" in _operators(layer, True)
    assert b"_XlaMustCompile\x12\x02(\x01" not in _operators(layer, False)


def test_without_xla_the_function_is_called_as_is(monkeypatch):
    def refuse(*arguments, **options):
        raise tf.errors.UnimplementedError(None, None, "no XLA here")

    module.is_available.cache_clear()
    monkeypatch.setattr(tf, "function", refuse)
    double = module.fused(lambda x: x + x)
    assert float(double(tf.ones(()))) == 2.0
    module.is_available.cache_clear()
