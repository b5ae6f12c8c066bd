"""Length-bucketed batches of tokenized text."""

import numpy as np
import tensorflow as tf

from albert_tf.text import packing

# Texts that fall into one bucket are padded to its end. Narrow buckets where
# most sentences are: a row of a dozen tokens padded to 128 is mostly waste.
BOUNDARIES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


class BucketedBatches:
    """Batches in which all rows have about one length.

    Args:
        rows: list of (token_ids, segment_ids), as `AlbertTokenizer.pack`
            returns them.
        labels: int sequence, one a row, or None.
        batch_size: int >= 1, B.
        pad_id: int. Id of `<pad>`.

    Attributes:
        steps_per_epoch: int. Batches that hold every row once.

    Raises:
        ValueError: no rows, or another number of labels.

    Example:
        rows = tokenizer.pack(texts, max_length=64)
        batches = BucketedBatches(rows, labels, batch_size=16, pad_id=0)
        model.fit(batches.shuffled(seed=1), epochs=3,
                  steps_per_epoch=batches.steps_per_epoch)
    """

    def __init__(self, rows, labels=None, *, batch_size, pad_id):
        if not rows or (labels is not None and len(labels) != len(rows)):
            raise ValueError(
                "Expected at least one row, and a label for each. Received: "
                f"{len(rows)} rows, {len(labels or ())} labels."
            )
        self._rows = rows
        self._labels = None if labels is None else np.asarray(labels, np.int32)
        self._batch_size = batch_size
        self._pad_id = pad_id
        self._buckets = _buckets(rows)
        self.steps_per_epoch = sum(
            -(-len(indices) // batch_size) for indices in self._buckets.values()
        )

    def shuffled(self, seed, start_step=0):
        """Returns an endless dataset, each epoch in an order of its own.

        Args:
            seed: int. The same seed gives the same batches.
            start_step: int. Batches to leave out, to go on where an earlier
                run stopped.

        Returns:
            tf.data.Dataset of (inputs, labels), or of inputs without labels:
            inputs are a dict of int32[B, S], labels int32[B].
        """

        def batches():
            epoch, skip = divmod(start_step, self.steps_per_epoch)
            while True:
                chunks = self._chunks(np.random.default_rng((seed, epoch)))
                for chunk in chunks[skip:]:
                    yield self._batch(chunk)
                epoch, skip = epoch + 1, 0

        return self._dataset(batches)

    def in_order(self):
        """Returns (dataset, order): each row once, and the rows' order.

        Returns:
            dataset: tf.data.Dataset as of `shuffled`, but finite.
            order: int[rows]. Index of the row that each output stands for.
        """
        chunks = self._chunks(None)

        def batches():
            for chunk in chunks:
                yield self._batch(chunk)

        dataset = self._dataset(batches).apply(
            tf.data.experimental.assert_cardinality(len(chunks))
        )
        return dataset, np.concatenate(chunks)

    def _chunks(self, generator):
        chunks = []
        for indices in self._buckets.values():
            if generator is not None:
                indices = generator.permutation(indices)
            chunks += [
                indices[start : start + self._batch_size]
                for start in range(0, len(indices), self._batch_size)
            ]
        if generator is not None:
            generator.shuffle(chunks)
        return chunks

    def _batch(self, chunk):
        rows = [self._rows[index] for index in chunk]
        longest = max(len(token_ids) for token_ids, _ in rows)
        inputs = packing.pad(
            rows, pad_id=self._pad_id, length=_padded_length(longest)
        )
        if self._labels is None:
            return inputs
        return inputs, self._labels[chunk]

    def _dataset(self, batches):
        inputs = {
            name: tf.TensorSpec([None, None], tf.int32)
            for name in packing.INPUT_NAMES
        }
        labels = tf.TensorSpec([None], tf.int32)
        signature = inputs if self._labels is None else (inputs, labels)
        dataset = tf.data.Dataset.from_generator(
            batches, output_signature=signature
        )
        return dataset.prefetch(8)


def _padded_length(length):
    """Returns the end of the bucket that a length falls into."""
    return next((end for end in BOUNDARIES if length <= end), length)


def _buckets(rows):
    buckets = {}
    for index, (token_ids, _) in enumerate(rows):
        buckets.setdefault(_padded_length(len(token_ids)), []).append(index)
    return {end: np.array(buckets[end]) for end in sorted(buckets)}
