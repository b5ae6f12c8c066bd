"""Picks tokens out of sequences."""

from keras import ops


def gather_positions(hidden, positions):
    """Returns float[B, P, H], the rows of float[B, S, H] at int[B, P]."""
    indices = ops.expand_dims(ops.cast(positions, "int32"), -1)
    width = hidden.shape[-1]
    indices = ops.broadcast_to(
        indices, (ops.shape(indices)[0], ops.shape(indices)[1], width)
    )
    return ops.take_along_axis(hidden, indices, axis=1)
