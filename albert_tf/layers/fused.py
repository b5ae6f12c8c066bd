"""Chains of small operators, compiled to one loop for training on CPUs."""

import contextlib
import functools
import os

import keras


def fused(function):
    """Returns a function with the same values that TensorFlow runs in one go.

    TensorFlow on a CPU runs each operator by itself, and each reads and
    writes the whole tensor: GELU and its gradient take 23 ms of
    float32[2048, 3072] on two cores, and compiled by XLA 6. XLA loses on
    matrix products there, so it is not asked to compile the whole step.

    Only for training: what is exported or served shall need no XLA. The one
    place in `layers` beyond `keras.ops`, which cannot have a part of a step
    compiled. Everywhere else, so also on JAX, the function is called as is.

    Args:
        function: of tensors, through `keras.ops`, without variables. What
            the gradient needs is computed again from its arguments.

    Example:
        double = fused(lambda x: x + x)
        assert float(double(keras.ops.ones(()))) == 2.0
    """
    compiled = functools.cache(lambda: _compiled(function))

    @functools.wraps(function)
    def call(*tensors):
        return compiled()(*tensors) if is_available() else function(*tensors)

    return call


@functools.cache
def is_available():
    """Whether TensorFlow trains on CPUs alone here, and has XLA for them."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    if any(
        device.device_type != "CPU"
        for device in tf.config.list_logical_devices()
    ):
        return False
    try:
        with tf.init_scope(), _quiet():
            tf.function(lambda x: x + x, jit_compile=True)(tf.ones(()))
    except tf.errors.OpError:
        return False
    return True


@contextlib.contextmanager
def _quiet():
    """XLA tells of its first use on descriptor 2, whatever the log level."""
    try:
        kept = os.dup(2)
    except OSError:  # A process without standard error.
        yield
        return
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _compiled(function):
    import tensorflow as tf

    compile = functools.partial(tf.function, jit_compile=True, autograph=False)
    forward = compile(function)

    @compile
    def backward(upstream, *tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            output = function(*tensors)
        return tape.gradient(output, tensors, upstream)

    @tf.custom_gradient
    def call(*tensors):
        return forward(*tensors), lambda upstream: backward(upstream, *tensors)

    return call
