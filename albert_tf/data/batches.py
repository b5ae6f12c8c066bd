"""Length-bucketed batches of tokenized text."""

import numpy as np
import tensorflow as tf

from albert_tf.data.rows import IGNORED
from albert_tf.text import packing

# Texts that fall into one bucket are padded to its end. Narrow buckets where
# most sentences are: a row of a dozen tokens padded to 128 is mostly waste.
BOUNDARIES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


class BucketedBatches:
    """Batches in which all rows have about one length.

    Args:
        rows: list of (token_ids, segment_ids), as `AlbertTokenizer.pack`
            returns them; or, for multiple choice, list of lists of C such
            pairs.
        labels: one for each row, or None: int or float sequence; list of int
            sequences, a label for each token; or a dict of int sequences by
            the name of the model's output.
        batch_size: int >= 1, B.
        pad_id: int. Id of `<pad>`.
        max_length: int or None. Most tokens of a row, beyond which no batch
            is padded: a model has positions for no more. None pads to the
            bucket's end, whatever that is.

    Attributes:
        steps_per_epoch: int. Batches that hold every row once.

    Raises:
        ValueError: no rows, another number of labels, or a row longer than
            `max_length`.

    Example:
        rows = tokenizer.pack(texts, max_length=64)
        batches = BucketedBatches(rows, labels, batch_size=16, pad_id=0)
        model.fit(batches.shuffled(seed=1), epochs=3,
                  steps_per_epoch=batches.steps_per_epoch)
    """

    def __init__(
        self, rows, labels=None, *, batch_size, pad_id, max_length=None
    ):
        counts = [len(c) for c in _columns(labels)]
        if not rows or any(count != len(rows) for count in counts):
            raise ValueError(
                "Expected at least one row, and a label for each. Received: "
                f"{len(rows)} rows, {max(counts, default=0)} labels."
            )
        self._rows = rows
        self._is_choice = isinstance(rows[0], list)
        self._labels = _arrays(labels)
        self._batch_size = batch_size
        self._pad_id = pad_id
        self._max_length = max_length
        self._buckets = _buckets(rows, max_length)
        self.steps_per_epoch = sum(
            -(-len(indices) // batch_size) for indices in self._buckets.values()
        )

    @classmethod
    def from_texts(
        cls, tokenizer, texts, pairs=None, labels=None, *,
        max_length=128, batch_size=32,
    ):  # fmt: skip
        """Tokenizes texts, or pairs of texts, and makes batches of them.

        Args:
            tokenizer: AlbertTokenizer.
            texts: list of str.
            pairs: list of str or None. Second texts.
            labels: as of the class.
            max_length: int. Longer inputs are cut.
            batch_size: int >= 1.

        Returns:
            BucketedBatches.

        Raises:
            ValueError: texts, pairs and labels differ in number.
        """
        if pairs is not None and len(pairs) != len(texts):
            raise ValueError(
                "`pairs` must hold one text for each of `texts`. Received: "
                f"{len(texts)} texts, {len(pairs)} pairs."
            )
        return cls(
            tokenizer.pack(list(texts), pairs, max_length=max_length),
            labels,
            batch_size=batch_size,
            pad_id=tokenizer.pad_id,
            max_length=max_length,
        )

    def shuffled(self, seed, start_step=0):
        """Returns an endless dataset, each epoch in an order of its own.

        Args:
            seed: int. The same seed gives the same batches.
            start_step: int. Batches to leave out, to go on where an earlier
                run stopped.

        Returns:
            tf.data.Dataset of (inputs, labels), or of inputs without labels:
            inputs are a dict of int32[B, S] (of multiple choice [B, C, S]),
            labels int32[B] or float32[B], int32[B, S] with -1 where a token
            has none, or a dict of int32[B].
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

    def arrays_in_order(self):
        """Yields (indices, inputs, labels): each row once, without tf.data.

        Yields:
            indices: int[B], of the rows.
            inputs: dict of int32 arrays.
            labels: as of `shuffled`, or None.
        """
        for chunk in self._chunks(None):
            batch = self._batch(chunk)
            inputs, labels = (batch, None) if self._labels is None else batch
            yield chunk, inputs, labels

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
        longest = max(_length(row) for row in rows)
        length = _padded_length(longest, self._max_length)
        pad = packing.pad_choices if self._is_choice else packing.pad
        inputs = pad(rows, pad_id=self._pad_id, length=length)
        if self._labels is None:
            return inputs
        if isinstance(self._labels, dict):
            return inputs, {n: a[chunk] for n, a in self._labels.items()}
        if isinstance(self._labels, list):
            labels = [self._labels[index] for index in chunk]
            return inputs, _padded_labels(labels, length)
        return inputs, self._labels[chunk]

    def _dataset(self, batches):
        shape = [None] * (3 if self._is_choice else 2)
        inputs = {
            name: tf.TensorSpec(shape, tf.int32) for name in packing.INPUT_NAMES
        }
        signature = inputs
        if self._labels is not None:
            signature = (inputs, _label_signature(self._labels))
        dataset = tf.data.Dataset.from_generator(
            batches, output_signature=signature
        )
        return dataset.prefetch(8)


def _columns(labels):
    if labels is None:
        return []
    return list(labels.values()) if isinstance(labels, dict) else [labels]


def _arrays(labels):
    """Returns labels as arrays, or as a list where each token has one."""
    if labels is None:
        return None
    if isinstance(labels, dict):
        return {name: _arrays(column) for name, column in labels.items()}
    # Of a pandas Series `labels[0]` is the row named 0, if there is one.
    labels = list(labels)
    if len(labels) and not np.isscalar(labels[0]) and np.ndim(labels[0]):
        return [np.asarray(row, np.int32) for row in labels]
    array = np.asarray(labels)
    return array.astype(np.float32 if array.dtype.kind == "f" else np.int32)


def _label_signature(labels):
    if isinstance(labels, dict):
        return {n: _label_signature(column) for n, column in labels.items()}
    if isinstance(labels, list):
        return tf.TensorSpec([None, None], tf.int32)
    return tf.TensorSpec([None], labels.dtype)


def _padded_labels(rows, length):
    batch = np.full((len(rows), length), IGNORED, np.int32)
    for index, row in enumerate(rows):
        batch[index, : len(row)] = row
    return batch


def _length(row):
    """Returns the tokens of a row, or of its longest choice."""
    if isinstance(row, list):
        return max(len(token_ids) for token_ids, _ in row)
    return len(row[0])


def _padded_length(length, max_length):
    """Returns the end of the bucket that a length falls into."""
    end = next((end for end in BOUNDARIES if length <= end), length)
    return end if max_length is None else min(end, max_length)


def _buckets(rows, max_length):
    buckets = {}
    for index, row in enumerate(rows):
        length = _length(row)
        if max_length is not None and length > max_length:
            raise ValueError(
                f"Row {index} has {length} tokens. Received: "
                f"max_length={max_length}. Pack rows with this max_length."
            )
        end = _padded_length(length, max_length)
        buckets.setdefault(end, []).append(index)
    return {end: np.array(buckets[end]) for end in sorted(buckets)}
