"""Reads the pieces of a `spiece.model` from its bytes.

SentencePiece's Python interface does not tell which pieces are user-defined,
and its protocol buffer module cannot be loaded beside the one that other
packages bring.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from typing import Any

NORMAL, UNKNOWN, USER_DEFINED = 1, 2, 4

_PIECES_FIELD, _TRAINER_FIELD = 1, 2
_MODEL_TYPE_FIELD, _BYTE_FALLBACK_FIELD = 3, 35
_UNIGRAM = 1
# How a field is stored: 0 is a number, 1 and 5 are 64 and 32 bits, 2 is
# bytes that follow their length.
_VARINT = 0
_FIXED_SIZES = {1: 8, 5: 4}


@dataclasses.dataclass(frozen=True)
class Piece:
    """One entry of the vocabulary.

    Attributes:
        text: str.
        score: float, exact in 32 bits.
        kind: int, such as `NORMAL`.
    """

    text: str
    score: float
    kind: int


def read_pieces(model_proto: bytes) -> list[Piece]:
    """Returns the vocabulary in the order of its ids.

    Args:
        model_proto: bytes of a SentencePiece model that loads.

    Source: sentencepiece_model.proto `ModelProto.SentencePiece`.
    """
    return [
        _piece(value)
        for number, value, _ in _fields(model_proto)
        if number == _PIECES_FIELD
    ]


def is_plain_unigram(model_proto: bytes) -> bool:
    """Whether the model segments as ALBERT's does: Unigram, without bytes.

    Source: sentencepiece_model.proto `TrainerSpec`.
    """
    settings: dict[int, Any] = {}
    for number, value, _ in _fields(model_proto):
        if number == _TRAINER_FIELD:
            settings = {key: setting for key, setting, _ in _fields(value)}
    model_type = settings.get(_MODEL_TYPE_FIELD, _UNIGRAM)
    return model_type == _UNIGRAM and not settings.get(_BYTE_FALLBACK_FIELD)


def without_normal_pieces(model_proto: bytes) -> bytes:
    """Returns a model that normalizes alike but knows hardly a piece.

    User-defined pieces stay, because the normalizer leaves them alone. One
    normal piece stays, because a model must have one.
    """
    kept = []
    has_normal = False
    for number, value, raw in _fields(model_proto):
        is_normal = number == _PIECES_FIELD and _piece(value).kind == NORMAL
        if not (is_normal and has_normal):
            kept.append(raw)
        has_normal = has_normal or is_normal
    return b"".join(kept)


def _piece(message: bytes) -> Piece:
    fields = {number: value for number, value, _ in _fields(message)}
    (score,) = struct.unpack("<f", fields.get(2, bytes(4)))
    return Piece(fields[1].decode("utf-8"), score, fields.get(3, NORMAL))


def _fields(message: bytes) -> Iterator[tuple[int, Any, bytes]]:
    """Yields the number, value and whole bytes of each field."""
    at = 0
    while at < len(message):
        begin = at
        tag, at = _varint(message, at)
        number, wire_type = tag >> 3, tag & 7
        value: int | bytes
        if wire_type == _VARINT:
            value, at = _varint(message, at)
        else:
            size = _FIXED_SIZES.get(wire_type, 0)
            if not size:
                size, at = _varint(message, at)
            value = message[at : at + size]
            at += size
        yield number, value, message[begin:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
