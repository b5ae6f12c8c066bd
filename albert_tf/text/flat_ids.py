"""Encodes many texts into one array, for whole corpora."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from albert_tf.text.model_files import load_processor
from albert_tf.text.resplit import DigitCommaSplit
from albert_tf.text.tokenizer import AlbertTokenizer


class FlatEncoder:
    """Gives what `AlbertTokenizer.encode_ids` gives, without Python's lists.

    Args:
        tokenizer: AlbertTokenizer.
    """

    def __init__(self, tokenizer: AlbertTokenizer) -> None:
        self._tokenizer = tokenizer
        self._processor = load_processor(tokenizer.model_proto, "")
        resplit = DigitCommaSplit(self._processor)
        self._works_on_ids = resplit.works_on_ids
        vocabulary = range(tokenizer.vocab_size)
        parts = [resplit.ids([token_id]) for token_id in vocabulary]
        self._parts = np.fromiter(itertools.chain.from_iterable(parts), int)
        self._num_parts = np.fromiter(map(len, parts), int)
        self._first_part = np.cumsum(self._num_parts) - self._num_parts

    def encode(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns the ids of N texts, one after the other.

        Returns:
            int64[T] ids and int64[N], how many of them each text has.
        """
        if not self._works_on_ids:
            ids = self._tokenizer.encode_ids(texts)
            rows = [np.array(row, np.int32) for row in ids]
        else:
            rows = self._processor.encode(
                [self._tokenizer.normalize(text) for text in texts],
                return_type="numpy",
            )
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        flat = np.concatenate([np.zeros(0, np.int32), *rows])
        if not self._works_on_ids:
            return flat.astype(np.int64), lengths
        return self._split(flat, lengths)

    def _split(
        self, ids: np.ndarray, lengths: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Puts the parts of each piece in its place."""
        num_parts = self._num_parts[ids]
        ends = np.cumsum(num_parts)
        shift = self._first_part[ids] - (ends - num_parts)
        places = np.repeat(shift, num_parts)
        places += np.arange(len(places))
        bounds = np.concatenate([[0], ends])[np.cumsum(lengths)]
        return self._parts[places], np.diff(bounds, prepend=0)
