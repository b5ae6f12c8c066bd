"""What Keras answers, to hold exports against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from albert_tf.edge import tasks
from albert_tf.text import packing
from export.samples import Row

# Outputs of these tasks have a value for every token.
PER_TOKEN = (tasks.TOKEN_CLASSIFICATION, tasks.QUESTION_ANSWERING)


def keras_outputs(
    model: Any,
    task: str,
    rows: Sequence[Row],
    *,
    pad_id: int,
    batch_size: int = 32,
) -> list[dict[str, np.ndarray]]:
    """Returns the outputs of packed rows in Keras, in their order.

    Rows of about one length run together, since in float32 padding changes
    nothing but the time.

    Args:
        model: a task model in float32.
        task: str, its name in `albert_tf.edge.tasks`.
        rows: list of Row.
        pad_id: int. Id of `<pad>`.
        batch_size: int.

    Returns:
        list, one a row, of dicts of output name to float[...], without the
        batch's axis and without padding.
    """
    order = np.argsort([len(row.token_ids) for row in rows], kind="stable")
    results: list[dict[str, np.ndarray]] = [{} for _ in rows]
    for start in range(0, len(rows), batch_size):
        chunk = order[start : start + batch_size]
        outputs = _run(model, task, [rows[i] for i in chunk], pad_id)
        for place, index in enumerate(chunk):
            results[index] = cut(
                {name: values[place] for name, values in outputs.items()},
                rows[index],
                task,
            )
    return results


def cut(
    outputs: dict[str, np.ndarray], row: Row, task: str
) -> dict[str, np.ndarray]:
    """Drops the values of padding from the outputs of one row."""
    if task in PER_TOKEN:
        count = len(row.token_ids)
    elif row.masked_positions is not None:
        count = len(row.masked_positions)
    else:
        return outputs
    return {name: values[:count] for name, values in outputs.items()}


def _run(model, task, rows, pad_id) -> dict[str, np.ndarray]:
    batch = packing.pad(
        [(row.token_ids, row.segment_ids) for row in rows], pad_id=pad_id
    )
    if task == tasks.MASKED_LM:
        batch["masked_positions"] = stack([r.masked_positions for r in rows])
    if task == tasks.MULTIPLE_CHOICE:
        # A choice is a row of its own.
        batch = {name: array[:, None] for name, array in batch.items()}
    outputs = model(batch, training=False)
    if not isinstance(outputs, dict):
        outputs = {"logits": outputs}
    return {name: np.asarray(values) for name, values in outputs.items()}


def stack(rows) -> np.ndarray:
    """Returns int32[B, P], shorter rows filled up with 0."""
    stacked = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for index, row in enumerate(rows):
        stacked[index, : len(row)] = row
    return stacked
