"""Counts of documents, sentences and tokens, and of their lengths."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np

_NUM_BUCKETS = 48


def _zeros() -> np.ndarray:
    return np.zeros(_NUM_BUCKETS, np.int64)


@dataclasses.dataclass
class Counts:
    """Sums over documents; two can be added.

    Attributes:
        num_documents: int.
        num_sentences: int.
        num_tokens: int.
        num_unknown: int. Tokens that are `<unk>`.
        document_lengths: int[48]. How many documents have from 2 ** i tokens
            to twice as many, the upper bound left out.
        sentence_lengths: the same of sentences.
    """

    num_documents: int = 0
    num_sentences: int = 0
    num_tokens: int = 0
    num_unknown: int = 0
    document_lengths: np.ndarray = dataclasses.field(default_factory=_zeros)
    sentence_lengths: np.ndarray = dataclasses.field(default_factory=_zeros)

    def __add__(self, other: Counts) -> Counts:
        names = [field.name for field in dataclasses.fields(self)]
        return Counts(*(getattr(self, n) + getattr(other, n) for n in names))

    def write(self, path: Path) -> None:
        """Writes JSON that `read` reads."""
        fields = dataclasses.asdict(self)
        lists = {k: np.asarray(v).tolist() for k, v in fields.items()}
        path.write_text(json.dumps(lists))

    @classmethod
    def read(cls, path: Path) -> Counts:
        """Reads what `write` wrote."""
        fields = json.loads(path.read_text())
        for name in ("document_lengths", "sentence_lengths"):
            fields[name] = np.array(fields[name])
        return cls(**fields)


def histogram(lengths: np.ndarray) -> np.ndarray:
    """Returns how many lengths lie between powers of two.

    Args:
        lengths: int[N], each 1 or more.

    Returns:
        int[48]: at i the lengths in [2 ** i, 2 ** (i + 1)).
    """
    exponents = np.frexp(lengths.astype(np.float64))[1] - 1
    return np.bincount(exponents, minlength=_NUM_BUCKETS)


def as_dict(histogram: np.ndarray) -> dict[int, int]:
    """Returns the buckets that are not empty, by their lowest length."""
    return {1 << i: int(n) for i, n in enumerate(histogram) if n}
