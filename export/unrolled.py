"""The graph for runtimes of one subgraph: every depth is written out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from export.graph import SIGNATURE, encode
from export.heads import HEADS


class UnrolledGraph(tf.Module):
    """A classifier as a function of int32[1, S] tensors of one length.

    The weights still stand in the file once, but a runtime packs them at
    every depth.

    Args:
        model: a task model in float32.
        task: str, its name in `albert_tf.edge.tasks`.
        length: int. S.
        names: dict of our input's name to the graph's.
    """

    def __init__(
        self, model: Any, task: str, *, length: int, names: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._model = model
        self._head = HEADS[task]
        self._names = names
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
        hidden = encode(self._model.encoder, inputs, is_unrolled=True)
        outputs = self._head.apply(self._model, hidden, inputs)
        return {"probability": tf.nn.softmax(outputs["logits"]), **outputs}
