"""The files of a tokenizer: `spiece.model` and `tokenizer_config.json`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import sentencepiece

MODEL_FILE = "spiece.model"
# Under which releases have it: Hugging Face's, Google's, KerasHub's.
_MODEL_NAMES = (
    MODEL_FILE,
    "30k-clean.model",
    "assets/tokenizer/vocabulary.spm",
)
SETTINGS_FILE = "tokenizer_config.json"
SPECIAL_PIECES = ("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]")


def find_model(directory: Path) -> Path | None:
    """Returns the path of the SentencePiece model of a release, or None."""
    for name in _MODEL_NAMES:
        if (directory / name).exists():
            return directory / name
    return None


def read_settings(path: Path) -> dict[str, Any]:
    """Returns what `tokenizer_config.json` says; nothing where it is missing.

    Raises:
        ValueError: it is broken, or wants what ALBERT does not do.
    """
    if not path.exists():
        return {}
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(settings, dict):
            raise ValueError("it holds no object")
    except (OSError, ValueError) as error:
        raise ValueError(
            f"Cannot read tokenizer settings from {path}: {error}. Copy it "
            "again from where the model came from."
        ) from error
    if not settings.get("remove_space", True):
        raise ValueError(
            f"{path} has remove_space=false. Expected true: ALBERT collapses "
            "white space. Remove the setting."
        )
    return settings


def read_model(model: str | os.PathLike[str] | bytes) -> bytes:
    """Returns the bytes of a model, given as such or by its path.

    Raises:
        ValueError: it cannot be read.
    """
    if isinstance(model, bytes):
        return model
    try:
        return Path(model).read_bytes()
    except OSError as error:
        raise ValueError(
            f"Cannot read the SentencePiece model {os.fspath(model)}: "
            f"{error.strerror}. Expected a `spiece.model`; "
            "`AlbertTokenizer.train` makes one from text."
        ) from error


def load_processor(
    proto: bytes, model: str | os.PathLike[str] | bytes = b""
) -> sentencepiece.SentencePieceProcessor:
    """Returns SentencePiece with a model loaded.

    Args:
        proto: the model's bytes.
        model: where they came from, for the message.

    Raises:
        ValueError: they are no SentencePiece model.
    """
    name = "bytes" if isinstance(model, bytes) else os.fspath(model)
    processor = sentencepiece.SentencePieceProcessor()
    try:
        processor.load_from_serialized_proto(proto)
    except (RuntimeError, ValueError) as error:
        raise ValueError(
            f"Not a SentencePiece model: {name} ({len(proto)} bytes). "
            "Expected the `spiece.model` that comes with the weights."
        ) from error
    return processor


def special_ids(
    processor: sentencepiece.SentencePieceProcessor,
) -> list[int]:
    """Returns the ids of `SPECIAL_PIECES`.

    Raises:
        ValueError: the model lacks one.
    """
    ids = [processor.piece_to_id(piece) for piece in SPECIAL_PIECES]
    missing = [
        piece
        for piece, token_id in zip(SPECIAL_PIECES, ids)
        if processor.id_to_piece(token_id) != piece
    ]
    if missing:
        raise ValueError(
            f"The SentencePiece model lacks {', '.join(missing)}. ALBERT "
            f"needs {', '.join(SPECIAL_PIECES)}: take the `spiece.model` of "
            "an ALBERT, or train one with `AlbertTokenizer.train`."
        )
    return ids
