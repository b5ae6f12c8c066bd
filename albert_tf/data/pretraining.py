"""Batches for pretraining, drawn afresh in every epoch."""

import dataclasses
import itertools

import numpy as np
import tensorflow as tf

from albert_tf.data.grouping import bucketed, shuffled, unbucketed
from albert_tf.data.masking import Masker, Vocabulary
from albert_tf.data.prediction_weights import mean_one, weigh_as_one
from albert_tf.data.segments import NO_ORDER, segment_pairs
from albert_tf.text.packing import INPUT_NAMES

# Held-out text is cut and masked as in an epoch that training never sees.
_HELD_OUT_EPOCH = 2**31


@dataclasses.dataclass(frozen=True)
class Row:
    """One sequence, whole, with the key that its masks are drawn from.

    Attributes:
        token_ids: int[length], special tokens included.
        num_first: int. Tokens up to the first `[SEP]`, that included.
        order: int. As of `SegmentPair`.
        key: (epoch, index): names the row in the whole training.
    """

    token_ids: np.ndarray
    num_first: int
    order: int
    key: tuple[int, int]


class PretrainingBatches:
    """Turns tokenized documents into batches with masks and swapped segments.

    Everything random is a function of the seed, the epoch and the row's
    place in it: the same options give the same batches on every machine, and
    a run that was interrupted goes on with those it had not seen.

    Args:
        corpus: Corpus, as `albert prepare` leaves it.
        tokenizer: AlbertTokenizer that the corpus was made with.
        segments: SegmentOptions.
        masking: MaskingOptions.
        batch_size: int >= 1, B.
        length_buckets: bool. Gives each training batch rows of about one
            length, no longer than needed; as many as fill it: 2B rows of up
            to half of the longest length S, 4B of a quarter, 8B of an eighth.
        num_parts: int >= 1. Equal parts that each batch is given out in, one
            after the other, for gradient accumulation.
        seed: int.
        num_shuffled: int >= 1. Rows among which each one is picked at
            random; the documents' files are shuffled besides.

    Attributes:
        num_batches: dict of epoch to its batches, for the epochs that are
            over. Hand it to a later run to find its place by.

    Example:
        batches = PretrainingBatches(
            Corpus.open("corpus"), tokenizer, SegmentOptions(),
            MaskingOptions(), batch_size=32, seed=1)
        model.fit(batches.training(), steps_per_epoch=1000)
    """

    def __init__(
        self,
        corpus,
        tokenizer,
        segments,
        masking,
        *,
        batch_size,
        seed,
        length_buckets=False,
        num_parts=1,
        num_shuffled=20_000,
    ):
        corpus.check_tokenizer(tokenizer)
        self._corpus = corpus
        self._tokenizer = tokenizer
        self._segments = segments
        self._masker = Masker(Vocabulary(tokenizer), masking)
        self._num_predictions = masking.num_predictions
        self._batch_size = batch_size
        self._group = bucketed if length_buckets else unbucketed
        self._num_parts = num_parts
        self._seed = seed
        self._num_shuffled = num_shuffled
        self.num_batches = {}

    def training(self, start_step=0, num_steps=None):
        """Returns a dataset over the training documents, again and again.

        Args:
            start_step: int. Batches to leave out, to go on where an earlier
                run stopped; quick where `num_batches` knows that run's
                epochs.
            num_steps: int or None. Batches that will be taken; None for an
                endless dataset. TensorFlow may hang where a dataset is
                dropped while it makes one more, so say it where known.

        Returns:
            tf.data.Dataset of (inputs, targets, weights), each a dict:
            inputs `token_ids`, `segment_ids`, `padding_mask` int32[B, S] and
            `masked_positions` int32[B, P]; targets `masked_lm_logits`
            int32[B, P] and `sentence_order_logits` int32[B]; weights of the
            same names and shapes, float32, 0 where there is nothing to
            predict and 1 on average over the batch, so that a plain mean
            over any split of it into equal parts is the mean of the whole.
        """
        epoch, skip = self._place(start_step)

        def batches():
            for current in itertools.count(epoch):
                count = skip if current == epoch else 0
                for batch in self._batches("train", current, count):
                    count += 1
                    yield from _parts(batch, self._num_parts)
                self.num_batches[current] = count

        end = None if num_steps is None else num_steps * self._num_parts
        return self._dataset(lambda: itertools.islice(batches(), end))

    def check_size(self):
        """Refuses a batch that the training text cannot fill.

        Raises:
            ValueError: an epoch has no whole batch.
        """
        batches = self._group(
            self._rows("train", 0), self._batch_size, self._segments.max_length
        )
        chunk, _ = next(batches, ((), None))
        if len(chunk) < self._batch_size:
            raise ValueError(
                f"{self._corpus.directory} has too few sequences for a batch "
                f"of {self._batch_size}. Give a smaller --batch-size, or "
                "prepare more text."
            )

    def held_out(self, max_batches=None):
        """Returns a finite dataset of held-out text, the same every time.

        Args:
            max_batches: int or None for all. Whole ones, of all their parts.

        Returns:
            tf.data.Dataset, as of `training` and in the same parts, but that
            weights are 1 on average over all of it: a plain mean over its
            parts is exact. The last batch is filled up with empty rows of
            weight 0.

        Raises:
            ValueError: the corpus holds no documents out.
        """
        epoch = self._batches("heldout", _HELD_OUT_EPOCH, 0)
        batches = list(itertools.islice(epoch, max_batches))
        if not batches:
            raise ValueError(
                f"{self._corpus.directory} has no held-out documents to "
                "evaluate on. Prepare the text again with a larger "
                "--held-out, such as 0.1."
            )
        weigh_as_one(batches)
        parts = [
            part for batch in batches for part in _parts(batch, self._num_parts)
        ]
        return self._dataset(lambda: parts).apply(
            tf.data.experimental.assert_cardinality(len(parts))
        )

    def _place(self, step):
        """Returns (epoch, batches to leave out in it)."""
        epoch = 0
        while epoch in self.num_batches and step >= self.num_batches[epoch]:
            step -= self.num_batches[epoch]
            epoch += 1
        return epoch, step

    def _batches(self, split, epoch, skip):
        """Yields the full batches of an epoch; held-out text to the last."""
        rows, group = self._rows(split, epoch), unbucketed
        if split == "train":
            rows = shuffled(
                rows, self._num_shuffled, self._generator("order", epoch)
            )
            group = self._group
        batches = group(rows, self._batch_size, self._segments.max_length)
        for chunk, length in itertools.islice(batches, skip, None):
            size = max(len(chunk), self._batch_size)
            if len(chunk) < size and split == "train":
                return
            yield self._batch(chunk, size, length)

    def _rows(self, split, epoch):
        index = 0
        for number, (token_ids, lengths) in enumerate(
            self._documents(split, epoch)
        ):
            generator = self._generator("segments", epoch, number)
            for pair in segment_pairs(
                token_ids, lengths, self._segments.of(split), generator
            ):
                yield self._row(pair, (epoch, index))
                index += 1

    def _documents(self, split, epoch):
        files = self._corpus.files(split)
        if split == "train":
            files = self._generator("files", epoch).permutation(files)
        dataset = tf.data.TFRecordDataset(list(files)).map(
            _parse, num_parallel_calls=2, deterministic=True
        )
        return dataset.prefetch(64).as_numpy_iterator()

    def _row(self, pair, key):
        cls_id = [self._tokenizer.cls_id]
        sep_id = [self._tokenizer.sep_id]
        parts = [cls_id, pair.first, sep_id]
        if len(pair.second):
            parts += [pair.second, sep_id]
        token_ids = np.concatenate(parts).astype(np.int32)
        return Row(token_ids, len(pair.first) + 2, pair.order, key)

    def _batch(self, rows, size, length):
        """Returns the example of rows, and of empty ones up to `size`."""
        shape = (size, length)
        inputs = {name: np.zeros(shape, np.int32) for name in INPUT_NAMES}
        inputs["token_ids"].fill(self._tokenizer.pad_id)
        shape = (size, self._num_predictions(length))
        inputs["masked_positions"] = np.zeros(shape, np.int32)
        targets = np.zeros(shape, np.int32)
        weights = np.zeros(shape, np.float32)
        for place, row in enumerate(rows):
            generator = self._generator("masks", *row.key)
            positions = self._masker.choose(row.token_ids, generator)
            length, count = len(row.token_ids), len(positions)
            inputs["token_ids"][place, :length] = self._masker.hide(
                row.token_ids, positions, generator
            )
            inputs["segment_ids"][place, row.num_first : length] = 1
            inputs["padding_mask"][place, :length] = 1
            inputs["masked_positions"][place, :count] = positions
            targets[place, :count] = row.token_ids[positions]
            weights[place, :count] = 1.0
        order = np.full(size, NO_ORDER, np.int32)
        order[: len(rows)] = [row.order for row in rows]
        return _example(inputs, targets, weights, order)

    def _generator(self, purpose, *key):
        """Returns a generator of its own for every purpose, epoch and row."""
        words = [_PURPOSES[purpose], *key, 0][:3]
        state = np.random.Philox(counter=[0, *words], key=self._seed)
        return np.random.Generator(state)

    def _dataset(self, batches):
        length = num_predictions = None
        if self._group is unbucketed:
            length = self._segments.max_length
            num_predictions = self._num_predictions(length)
        sequence = tf.TensorSpec([None, length], tf.int32)
        positions = tf.TensorSpec([None, num_predictions], tf.int32)
        inputs = dict.fromkeys(INPUT_NAMES, sequence)
        inputs["masked_positions"] = positions
        signature = (
            inputs,
            _pair(positions, tf.TensorSpec([None], tf.int32)),
            _pair(
                tf.TensorSpec([None, num_predictions], tf.float32),
                tf.TensorSpec([None], tf.float32),
            ),
        )
        return tf.data.Dataset.from_generator(
            batches, output_signature=signature
        ).prefetch(8)


_PURPOSES = {"files": 1, "order": 2, "segments": 3, "masks": 4}


def _parse(record):
    features = {
        name: tf.io.RaggedFeature(tf.int64)
        for name in ("token_ids", "sentence_lengths")
    }
    document = tf.io.parse_single_example(record, features)
    return (
        tf.cast(document["token_ids"], tf.int32),
        document["sentence_lengths"],
    )


def _parts(batch, num_parts):
    size = len(batch[1]["sentence_order_logits"]) // num_parts
    for begin in range(0, size * num_parts, size):
        yield tuple(
            {
                name: value[begin : begin + size]
                for name, value in values.items()
            }
            for values in batch
        )


def _example(inputs, targets, weights, order):
    has_order = (order != NO_ORDER).astype(np.float32)
    return (
        inputs,
        _pair(targets, np.maximum(order, 0)),
        _pair(mean_one(weights), mean_one(has_order)),
    )


def _pair(masked_lm, sentence_order):
    return {
        "masked_lm_logits": masked_lm,
        "sentence_order_logits": sentence_order,
    }
