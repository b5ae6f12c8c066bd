"""Runs a model over rows of tokens."""

import keras
import numpy as np

from albert_tf.data.batches import BucketedBatches


def row_outputs(
    model, rows, *, pad_id, max_length=None, batch_size=32, loss=None
):
    """Returns a model's outputs for every row, and the mean loss.

    Args:
        model: one of our models.
        rows: Rows.
        pad_id: int. Id of `<pad>`.
        max_length: int or None. As of `BucketedBatches`.
        batch_size: int.
        loss: keras loss, dict of them by output, or None.

    Returns:
        outputs: list, one for each row in their order: array as the model
        returns it for one row, or a dict of arrays by output.
        mean: float, or None without a loss or labels.
    """
    batches = BucketedBatches(
        rows.inputs,
        rows.labels,
        batch_size=batch_size,
        pad_id=pad_id,
        max_length=max_length,
    )
    outputs = [None] * len(rows.inputs)
    total = 0.0
    for indices, inputs, labels in batches.arrays_in_order():
        batch = model.predict_on_batch(inputs)
        for place, index in enumerate(indices):
            outputs[index] = _row(batch, place)
        if loss is not None and labels is not None:
            total += len(indices) * _loss(loss, labels, batch)
    if loss is None or rows.labels is None:
        return outputs, None
    return outputs, total / len(outputs)


def _row(batch, place):
    if isinstance(batch, dict):
        return {name: array[place] for name, array in batch.items()}
    return batch[place]


def _loss(loss, labels, outputs):
    if isinstance(loss, dict):
        return sum(
            _loss(one, labels[name], outputs[name])
            for name, one in loss.items()
        )
    return float(np.asarray(keras.ops.convert_to_numpy(loss(labels, outputs))))
