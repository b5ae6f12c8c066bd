"""The graph for runtimes of one subgraph: every depth is written out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from export.graph import SIGNATURE, encode, float_bias
from export.heads import HEADS

_PENALTY = -16.0


class UnrolledGraph(tf.Module):
    """A model as a function of int32[1, S] tensors of one length.

    The weights still stand in the file once, but a runtime packs them at
    every depth.

    Args:
        model: a task model in float32.
        task: str, its name in `albert_tf.edge.tasks`.
        length: int. S.
        names: dict of our input's name to the graph's.
        is_integer: bool. For a graph that is to be quantized throughout:
            padding is looked up instead of computed.
        is_by_head: bool. Whether attention takes one head after another; see
            `device_layers.attend_by_head`.
        has_probability: bool. Whether `probability` is an output, too.
    """

    def __init__(
        self,
        model: Any,
        task: str,
        *,
        length: int,
        names: Mapping[str, str],
        is_integer: bool = False,
        is_by_head: bool = False,
        has_probability: bool = False,
    ) -> None:
        super().__init__()
        self._model = model
        self._head = HEADS[task]
        self._names = names
        self._is_integer = is_integer
        self._is_by_head = is_by_head
        self._has_probability = has_probability
        # Subtle: see `ExportGraph`.
        self._variables = [variable.value for variable in model.variables]
        self.predict = tf.function(
            self._predict,
            input_signature=[
                tf.TensorSpec([1, length], tf.int32, name=name)
                for name in names.values()
            ],
        )

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Writes a SavedModel for the converter."""
        tf.saved_model.save(
            self, os.fspath(directory), signatures={SIGNATURE: self.predict}
        )

    def _predict(self, *tensors):
        inputs = dict(zip(self._names, tensors))
        bias = _integer_bias if self._is_integer else float_bias
        hidden = encode(
            self._model.encoder,
            inputs,
            bias=bias(inputs["padding_mask"]),
            is_unrolled=True,
            is_by_head=self._is_by_head,
            is_first_only=self._head.reads_first_only,
        )
        outputs = self._head.apply(self._model, hidden, inputs)
        if not self._has_probability:
            return outputs
        return {"probability": tf.nn.softmax(outputs["logits"]), **outputs}


def _integer_bias(mask):
    """Returns float[1, 1, 1, S] to add to the scores of attention.

    One scale of 8 bits holds scores and bias together: -1e4 would leave
    nothing of the scores, and e to the -16 is little enough. Looked up, since
    turning the mask into floats would be a float operator.
    """
    return tf.reshape(tf.gather([_PENALTY, 0.0], mask), (1, 1, 1, -1))
