"""What each task model gives on a device, beside the layers all share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from albert_tf.edge import tasks
from albert_tf.layers.activations import activation
from albert_tf.text.packing import INPUT_NAMES
from export.device_layers import dense, layer_norm

Tensors = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Head:
    """A task's end of the graph.

    Attributes:
        apply: function of (model, sequence float[1, S, H], inputs) to the
            outputs by name.
        outputs: names of the outputs.
        inputs: names of the inputs, int32[1, S]; `masked_positions` is
            int32[1, P].
        settings: names of inputs int32[] that hold for all rows.
        reads_first_only: bool. Whether the first token is all it looks at.
    """

    apply: Callable[[Any, Any, Tensors], Tensors]
    outputs: tuple[str, ...] = ("logits",)
    inputs: tuple[str, ...] = INPUT_NAMES
    settings: tuple[str, ...] = ()
    reads_first_only: bool = False


def _pooled(model, sequence, inputs):
    pooled = tf.tanh(dense(model.encoder.pooler, sequence[:, 0, :]))
    return {"logits": dense(model.classifier, pooled)}


def _each_token(model, sequence, inputs):
    return {"logits": dense(model.classifier, sequence)}


def _answer_ends(model, sequence, inputs):
    logits = dense(model.classifier, sequence)
    return {"start_logits": logits[..., 0], "end_logits": logits[..., 1]}


def _masked_pieces(model, sequence, inputs):
    hidden = tf.gather(sequence[0], inputs["masked_positions"])
    head = model.masked_lm
    hidden = activation(head.activation)(dense(head.dense, hidden))
    hidden = layer_norm(head.layer_norm, hidden)
    # Subtle: the table is multiplied as it lies, transposed by the operator,
    # so that the file holds it once for looking up and for scoring.
    table = model.encoder.embeddings.word_embeddings.embeddings
    logits = tf.matmul(hidden, table, transpose_b=True) + head.bias
    return {"logits": logits}


PATIENCE = "patience"
LAYERS_USED = "layers_used"


def with_exits(head: Head) -> Head:
    """Returns the end of a graph that may stop early."""
    return dataclasses.replace(
        head, outputs=(*head.outputs, LAYERS_USED), settings=(PATIENCE,)
    )


def has_exits(model: Any) -> bool:
    """Whether a model has a classifier at every depth."""
    return getattr(model, "exit_heads", None) is not None


# A choice is a row of its own: its score stands in `logits` float[1, 1].
HEADS = {
    tasks.CLASSIFICATION: Head(_pooled, reads_first_only=True),
    tasks.REGRESSION: Head(_pooled, reads_first_only=True),
    tasks.MULTIPLE_CHOICE: Head(_pooled, reads_first_only=True),
    tasks.TOKEN_CLASSIFICATION: Head(_each_token),
    tasks.QUESTION_ANSWERING: Head(
        _answer_ends, outputs=("start_logits", "end_logits")
    ),
    tasks.MASKED_LM: Head(
        _masked_pieces, inputs=(*INPUT_NAMES, "masked_positions")
    ),
}
