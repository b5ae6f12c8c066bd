"""Batches in parts, whose gradients add up to that of the whole batch."""

import tensorflow as tf

from albert_tf.data.rows import IGNORED
from albert_tf.text.packing import INPUT_NAMES


def in_parts(dataset, num_parts, class_weights=None):
    """Gives out each batch in parts, one after the other.

    For gradient accumulation, which takes the plain mean over the parts. The
    loss of a batch is a mean over its labels, of which a part may have more
    than another: each part weighs as much as its share of them.

    Args:
        dataset: tf.data.Dataset, as of `BucketedBatches.shuffled`, with
            labels.
        num_parts: int >= 1, K. 1 gives the dataset as it is.
        class_weights: list of float by label, as the loss has them, or None.

    Returns:
        tf.data.Dataset of K elements for each one of `dataset`: (inputs,
        labels, weights), weights float32[rows of the part]. Where a batch has
        fewer rows than parts, a row of weight 0 is given out again.
    """
    if num_parts == 1:
        return dataset

    def split(inputs, labels):
        shares = _row_weights(inputs, labels, class_weights)
        total = tf.maximum(tf.reduce_sum(shares), 1e-9)
        size = tf.size(shares, tf.int64)

        def part(index):
            begin = size * index // num_parts
            end = size * (index + 1) // num_parts
            share = tf.reduce_sum(shares[begin:end]) / total
            end = tf.maximum(end, begin + 1)
            rows = tf.nest.map_structure(
                lambda tensor: tensor[begin:end], (inputs, labels)
            )
            return *rows, tf.fill([end - begin], share * num_parts)

        return tf.data.Dataset.range(num_parts).map(part)

    return dataset.flat_map(split)


def _row_weights(inputs, labels, class_weights):
    """Returns float32[B]: how much the labels of each row weigh."""
    size = tf.shape(inputs[INPUT_NAMES[0]])[0]
    # Places of answers and scores: one a row, and all weigh alike.
    if isinstance(labels, dict) or labels.dtype.is_floating:
        return tf.ones([size])
    weights = tf.cast(tf.not_equal(labels, IGNORED), tf.float32)
    if class_weights is not None:
        by_label = tf.constant(class_weights, tf.float32)
        weights *= tf.gather(by_label, tf.maximum(labels, 0))
    return tf.reduce_sum(tf.reshape(weights, [size, -1]), axis=1)
