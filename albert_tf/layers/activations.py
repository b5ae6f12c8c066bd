"""The activations that ALBERT configurations name."""

import keras
from keras import ops


def activation(name):
    """Returns the function for a configuration's `hidden_act`.

    Args:
        name: `"gelu_new"` (tanh form), `"gelu"` (erf form) or `"relu"`.

    Raises:
        ValueError: no activation has that name.

    Source: google-research/albert modeling.py `gelu` is the tanh form.
    """
    functions = {
        "gelu_new": lambda x: keras.activations.gelu(x, approximate=True),
        "gelu": lambda x: keras.activations.gelu(x, approximate=False),
        "relu": ops.relu,
    }
    if name not in functions:
        raise ValueError(
            f"`activation` must be one of {', '.join(functions)}. "
            f"Received: activation={name!r}."
        )
    return functions[name]


def initializer(deviation):
    """Returns the truncated normal that ALBERT's weights are drawn from."""
    return keras.initializers.TruncatedNormal(stddev=deviation)
