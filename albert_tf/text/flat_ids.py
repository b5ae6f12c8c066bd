"""Encodes many texts into one array, for whole corpora."""

from __future__ import annotations

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
        self._parts = [resplit.ids([token_id]) for token_id in vocabulary]
        self._num_parts = np.fromiter(map(len, self._parts), np.int64)

    def encode(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns the ids of N texts, one after the other.

        Returns:
            int32[T] ids and int64[N], how many of them each text has.
        """
        if not self._works_on_ids:
            ids = self._tokenizer.encode_ids(texts)
            rows = [np.array(row, np.int32) for row in ids]
        else:
            rows = self._processor.encode(
                [self._tokenizer.normalize(text) for text in texts],
                return_type="numpy",
                num_threads=1,
            )
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        flat = np.concatenate([np.zeros(0, np.int32), *rows])
        if not self._works_on_ids:
            return flat, lengths
        return self._split(flat, lengths)

    def _split(
        self, ids: np.ndarray, lengths: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Puts the parts of each piece in its place."""
        num_parts = self._num_parts[ids]
        split = np.flatnonzero(num_parts > 1)
        parts = [part for i in ids[split].tolist() for part in self._parts[i]]
        kept_before = split - np.arange(len(split))
        places = np.repeat(kept_before, num_parts[split])
        flat = np.insert(np.delete(ids, split), places, parts)
        bounds = np.concatenate([[0], np.cumsum(num_parts)])
        return flat, np.diff(bounds[np.cumsum(lengths)], prepend=0)
