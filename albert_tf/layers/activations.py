"""The activations that ALBERT configurations name."""

import keras
from keras import ops

from albert_tf.layers.fused import fused


def activation(name, training=False):
    """Returns the function for a configuration's `hidden_act`.

    Args:
        name: `"gelu_new"` (tanh form), `"gelu"` (erf form) or `"relu"`.
        training: bool or None. Whether to take the form that trains faster.

    Raises:
        ValueError: no activation has that name.

    Source: google-research/albert modeling.py `gelu` is the tanh form.
    """
    functions = {"gelu_new": _gelu_new, "gelu": _gelu, "relu": ops.relu}
    if name not in functions:
        raise ValueError(
            f"`activation` must be one of {', '.join(functions)}. "
            f"Received: activation={name!r}."
        )
    return (_IN_TRAINING if training else functions)[name]


def _gelu_new(x):
    return keras.activations.gelu(x, approximate=True)


def _gelu(x):
    return keras.activations.gelu(x, approximate=False)


def _in_float32(function):
    """Within one loop wider numbers cost nothing."""

    def call(x):
        wide = keras.backend.result_type(x.dtype, "float32")
        return ops.cast(function(ops.cast(x, wide)), x.dtype)

    return call


_IN_TRAINING = {
    "gelu_new": fused(_in_float32(_gelu_new)),
    "gelu": fused(_in_float32(_gelu)),
    "relu": ops.relu,
}


def initializer(deviation):
    """Returns the truncated normal that ALBERT's weights are drawn from."""
    return keras.initializers.TruncatedNormal(stddev=deviation)
