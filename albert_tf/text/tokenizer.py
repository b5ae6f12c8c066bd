"""ALBERT's tokenizer: normalization, SentencePiece, digit-comma split."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from albert_tf.files import written_aside
from albert_tf.text import packing, training
from albert_tf.text.model_files import (
    MODEL_FILE,
    SETTINGS_FILE,
    SPECIAL_PIECES,
    find_model,
    load_processor,
    read_model,
    read_settings,
    special_ids,
)
from albert_tf.text.normalize import normalize, normalize_with_alignment
from albert_tf.text.resplit import DigitCommaSplit
from albert_tf.text.spans import original_spans, split_span


@dataclasses.dataclass(frozen=True)
class Encoding:
    """Pieces of one text, without special tokens.

    Attributes:
        ids: list[int], one a piece.
        pieces: list[str]; a piece that begins a word begins with U+2581.
        offsets: list[(int, int)], half-open, in characters of the original
            text, white space left out. Empty for a piece that stands for
            white space alone.
    """

    ids: list[int]
    pieces: list[str]
    offsets: list[tuple[int, int]]


class AlbertTokenizer:
    """Turns text into the ids that ALBERT was trained on, and back.

    Equal to google-research/albert's tokenizer, id for id. Needs only numpy
    and sentencepiece, so the same code runs in training and on a device.

    Args:
        model: path of a SentencePiece model, or its bytes.
        do_lower_case: bool. Folds upper case first; True for the published
            English models.
        keep_accents: bool. False drops combining marks.

    Raises:
        ValueError: the file is missing, is no SentencePiece model, or lacks
            one of the pieces `<pad> <unk> [CLS] [SEP] [MASK]`.

    Example:
        tokenizer = AlbertTokenizer("spiece.model")
        batch = tokenizer(["a good film", "a dull one"], max_length=64)
        assert batch["token_ids"].shape == batch["padding_mask"].shape

    Source: google-research/albert tokenization.py. Differs: offsets.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | bytes,
        do_lower_case: bool = True,
        keep_accents: bool = False,
    ) -> None:
        self.model_proto = read_model(model)
        self.do_lower_case = do_lower_case
        self.keep_accents = keep_accents
        self._processor = load_processor(self.model_proto, model)
        self.pad_id, self.unk_id, self.cls_id, self.sep_id, self.mask_id = (
            special_ids(self._processor)
        )
        self._resplit = DigitCommaSplit(self._processor)

    @classmethod
    def train(
        cls,
        files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        vocab_size: int = 30000,
        **options: Any,
    ) -> AlbertTokenizer:
        """Trains a SentencePiece model on text files, as ALBERT's was.

        Args:
            files: path or paths of UTF-8 text, a paragraph a line.
            vocab_size: int. Number of pieces.
            **options: of `albert_tf.text.training.train_sentencepiece`.

        Returns:
            AlbertTokenizer.

        Raises:
            ValueError: no text, or too little for `vocab_size` pieces.
        """
        settings = {
            name: options.get(name, default)
            for name, default in (
                ("do_lower_case", True),
                ("keep_accents", False),
            )
        }
        proto = training.train_sentencepiece(
            training.read_lines(files), vocab_size, **options
        )
        return cls(proto, **settings)

    @classmethod
    def from_pretrained(
        cls, directory: str | os.PathLike[str]
    ) -> AlbertTokenizer:
        """Loads `spiece.model` and its settings from a model's directory.

        Args:
            directory: path, as `save` or `save_pretrained` wrote it, or of
                a release of Google's or KerasHub's; or of a SentencePiece
                model with the settings beside it, if any.

        Returns:
            AlbertTokenizer.

        Raises:
            ValueError: a file is missing or broken.
        """
        path = Path(directory)
        model = path
        if not path.is_file():
            model = find_model(path) or path / MODEL_FILE
        settings = read_settings(model.parent / SETTINGS_FILE)
        return cls(
            model,
            do_lower_case=bool(settings.get("do_lower_case", True)),
            keep_accents=bool(settings.get("keep_accents", False)),
        )

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Writes `spiece.model` and `tokenizer_config.json`.

        Hugging Face transformers reads both.

        Args:
            directory: path; made if missing.
        """
        settings = {
            "tokenizer_class": "AlbertTokenizer",
            "do_lower_case": self.do_lower_case,
            "keep_accents": self.keep_accents,
            "remove_space": True,
        }
        with written_aside(Path(directory) / MODEL_FILE) as path:
            path.write_bytes(self.model_proto)
        with written_aside(Path(directory) / SETTINGS_FILE) as path:
            path.write_text(json.dumps(settings, indent=2) + "\n")

    @property
    def vocab_size(self) -> int:
        """Number of pieces, special ones included."""
        return self._processor.get_piece_size()

    def id_to_piece(self, token_id: int) -> str:
        """Returns the piece of an id.

        Args:
            token_id: int in [0, vocab_size).

        Raises:
            ValueError: the id is not in the vocabulary.
        """
        if not 0 <= token_id < self.vocab_size:
            raise ValueError(
                f"Token ids run from 0 to {self.vocab_size - 1}. "
                f"Received: {token_id}."
            )
        return self._processor.id_to_piece(int(token_id))

    def normalize(self, text: str) -> str:
        """Returns the text as SentencePiece receives it."""
        return normalize(
            text,
            do_lower_case=self.do_lower_case,
            keep_accents=self.keep_accents,
        )

    def tokenize(self, text: str) -> list[str]:
        """Returns the pieces of a text.

        Raises:
            ValueError: the text is no str.
        """
        _check_texts([text])
        pieces = self._processor.encode(self.normalize(text), return_type=str)
        return [part for piece in pieces for part in self._resplit(piece)]

    def encode_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Returns the ids of many texts, the fast path for data sets.

        Raises:
            ValueError: a text is no str.
        """
        _check_texts(texts)
        if not self._resplit.works_on_ids:
            return [self.encode(text).ids for text in texts]
        normalized = [self.normalize(text) for text in texts]
        rows = self._processor.encode(normalized, return_type=int)
        return [
            self.encode(text).ids
            if self._spells_special(row, shown)
            else self._resplit.ids(row)
            for text, shown, row in zip(texts, normalized, rows)
        ]

    def _spells_special(self, ids: list[int], normalized: str) -> bool:
        """Whether unknown characters may be those of a special piece.

        ALBERT looks ids up by the text of a piece, so that they are it.
        """
        return self.unk_id in ids and any(
            piece in normalized for piece in SPECIAL_PIECES
        )

    def encode(self, text: str) -> Encoding:
        """Returns ids, pieces and where each piece stands in the text.

        Raises:
            ValueError: the text is no str.
        """
        _check_texts([text])
        normalized, starts, ends = normalize_with_alignment(
            text,
            do_lower_case=self.do_lower_case,
            keep_accents=self.keep_accents,
        )
        mapping = self._processor.encode(
            normalized, return_type="offset_mapping"
        )
        ids, pieces = mapping["ids"], mapping["pieces"]
        spans = mapping["offsets"]
        stays = self._resplit.leaves(ids)
        if not stays or self._spells_special(ids, normalized):
            pieces, spans = self._split(normalized, pieces, spans)
            ids = [self._processor.piece_to_id(piece) for piece in pieces]
        offsets = original_spans(normalized, starts, ends, spans)
        return Encoding(ids, pieces, offsets)

    def _split(
        self, normalized: str, pieces: list[str], spans: list[tuple[int, int]]
    ) -> tuple[list[str], list[tuple[int, int]]]:
        """Splits pieces that end in digit and comma, and their spans."""
        all_parts: list[str] = []
        all_spans: list[tuple[int, int]] = []
        for piece, (begin, end) in zip(pieces, spans):
            parts = self._resplit(piece)
            all_parts += parts
            all_spans += split_span(parts, normalized[begin:end], begin)
        return all_parts, all_spans

    def decode(self, ids: Iterable[int]) -> str:
        """Returns the text of ids; padding and other control pieces vanish.

        Raises:
            ValueError: an id is not in the vocabulary.
        """
        pieces = [self.id_to_piece(token_id) for token_id in ids]
        return self._processor.decode(
            [piece for piece in pieces if piece not in SPECIAL_PIECES]
        )

    def __call__(
        self,
        texts: str | Sequence[str],
        pairs: str | Sequence[str] | None = None,
        max_length: int = 128,
    ) -> dict[str, np.ndarray]:
        """Encodes texts, or pairs of texts, into one batch of model inputs.

        Args:
            texts: one string or B strings.
            pairs: as many second texts, or None.
            max_length: int. Longer inputs are cut, the longer text of a pair
                first.

        Returns:
            dict of int32[B, S] arrays `token_ids`, `segment_ids` and
            `padding_mask`, S being the longest row's length.

        Raises:
            ValueError: `texts` and `pairs` differ in number.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        pairs = [pairs] if isinstance(pairs, str) else pairs
        if pairs is not None and len(pairs) != len(texts):
            raise ValueError(
                "`pairs` must hold one text for each of `texts`. Received: "
                f"{len(texts)} texts, {len(pairs)} pairs."
            )
        rows = self.pack(texts, pairs, max_length=max_length)
        return packing.pad(rows, pad_id=self.pad_id)

    def pack(
        self,
        texts: Sequence[str],
        pairs: Sequence[str] | None = None,
        *,
        max_length: int,
    ) -> list[tuple[list[int], list[int]]]:
        """As calling the tokenizer, but leaves the rows unpadded.

        Args:
            texts: B strings.
            pairs: as many second texts, or None.
            max_length: int. Longest row, special tokens included.

        Returns:
            list of B pairs (token_ids, segment_ids), each list of int.
        """
        first = self.encode_ids(texts)
        second: Sequence[list[int] | None] = [None] * len(first)
        if pairs is not None:
            second = self.encode_ids(pairs)
        return [
            packing.pack(
                a, b, cls_id=self.cls_id, sep_id=self.sep_id,
                max_length=max_length,
            )
            for a, b in zip(first, second)
        ]  # fmt: skip


def _check_texts(texts: Sequence[str]) -> None:
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(
                f"Every text must be a str. Received: {text!r} "
                f"({type(text).__name__}) at position {index}. Decode bytes "
                "first, and drop rows without a text."
            )
