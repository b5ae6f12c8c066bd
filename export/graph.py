"""The graph that is exported: the shared layer in a loop, open lengths."""

from __future__ import annotations

import os

import tensorflow as tf

from albert_tf.edge import tasks
from albert_tf.layers.attention import attention_bias
from export.heads import HEADS

SIGNATURE = "predict"


class ExportGraph(tf.Module):
    """A model as a function of int32 tensors of any batch and length.

    ALBERT applies one set of weights at every depth. Written out, a device
    packs those weights once for every depth; kept in a `tf.while_loop` it
    packs them once, in a third of the memory and with the same result.

    Args:
        model: a task model in float32.
        task: str, its name in `albert_tf.edge.tasks`.
    """

    def __init__(self, model, task: str = tasks.CLASSIFICATION) -> None:
        super().__init__()
        self._model = model
        self._head = HEADS[task]
        # Subtle: a tf.Module does not find Keras 3's variables by itself, and
        # the converter then writes a file without weights, in silence.
        self._variables = [variable.value for variable in model.variables]
        self.predict = tf.function(
            self._predict,
            input_signature=[
                tf.TensorSpec([None, None], tf.int32, name=name)
                for name in self._head.inputs
            ],
        )

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Writes a SavedModel for the converter."""
        tf.saved_model.save(
            self, os.fspath(directory), signatures={SIGNATURE: self.predict}
        )

    def _predict(self, *tensors):
        inputs = dict(zip(self._head.inputs, tensors))
        encoder = self._model.encoder
        hidden = encoder.embeddings(inputs["token_ids"], inputs["segment_ids"])
        bias = attention_bias(inputs["padding_mask"], "float32")
        hidden = _apply_layers(encoder, hidden, bias)
        return self._head.apply(self._model, hidden, inputs)


def _apply_layers(encoder, hidden, bias):
    config = encoder.albert_config
    depth = config.num_hidden_layers // config.num_hidden_groups
    inner = config.inner_group_num
    for group in range(config.num_hidden_groups):
        layers = encoder.transformer_layers[group * inner :][:inner]
        hidden = _repeat(layers, hidden, bias, times=depth)
    return hidden


def _repeat(layers, hidden, bias, *, times):
    def apply(hidden):
        for layer in layers:
            hidden = layer(hidden, bias)
        return hidden

    if times == 1:
        return apply(hidden)
    _, hidden = tf.while_loop(
        lambda step, _: step < times,
        lambda step, state: (step + 1, apply(state)),
        (tf.constant(0), hidden),
        shape_invariants=(
            tf.TensorShape([]),
            tf.TensorShape([None, None, hidden.shape[-1]]),
        ),
        parallel_iterations=1,
    )
    return hidden
