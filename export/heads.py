"""What each task model gives on a device, beside the layers all share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from albert_tf.edge import tasks
from albert_tf.text.packing import INPUT_NAMES

Tensors = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Head:
    """A task's end of the graph.

    Attributes:
        apply: function of (model, sequence float[B, S, H], inputs) to the
            outputs by name.
        outputs: names of the outputs.
        inputs: names of the inputs, int32[B, S]; `masked_positions` is
            int32[B, P].
    """

    apply: Callable[[Any, Any, Tensors], Tensors]
    outputs: tuple[str, ...] = ("logits",)
    inputs: tuple[str, ...] = INPUT_NAMES


def _pooled(model, sequence, inputs):
    pooled = model.encoder.pooler(sequence[:, 0, :])
    return {"logits": model.classifier(pooled)}


def _each_token(model, sequence, inputs):
    return {"logits": model.classifier(sequence)}


def _answer_ends(model, sequence, inputs):
    logits = model.classifier(sequence)
    return {"start_logits": logits[..., 0], "end_logits": logits[..., 1]}


def _masked_pieces(model, sequence, inputs):
    positions = inputs["masked_positions"]
    hidden = tf.gather(sequence, positions, batch_dims=1)
    head = model.masked_lm
    hidden = head.transform(hidden)
    # Subtle: the table is multiplied as it lies, transposed by the operator,
    # so that the file holds it once for looking up and for scoring.
    table = model.encoder.embeddings.word_embeddings.embeddings
    logits = tf.matmul(hidden, table, transpose_b=True) + head.bias
    return {"logits": logits}


# A choice is a row of its own: its score stands in `logits` float[B, 1].
HEADS = {
    tasks.CLASSIFICATION: Head(_pooled),
    tasks.REGRESSION: Head(_pooled),
    tasks.MULTIPLE_CHOICE: Head(_pooled),
    tasks.TOKEN_CLASSIFICATION: Head(_each_token),
    tasks.QUESTION_ANSWERING: Head(
        _answer_ends, outputs=("start_logits", "end_logits")
    ),
    tasks.MASKED_LM: Head(
        _masked_pieces, inputs=(*INPUT_NAMES, "masked_positions")
    ),
}
