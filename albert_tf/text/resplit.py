"""The rule that splits a piece which ends in a digit and a comma."""

from __future__ import annotations

import sentencepiece

_WORD_START = "\u2581"


class DigitCommaSplit:
    """Splits pieces such as "2000," into a number and a comma.

    SentencePiece learns "▁2000," as one piece, which hides the number from
    the model. ALBERT encodes the number again, alone, and puts the comma
    after it. How a piece splits depends on the piece only, so each one of the
    vocabulary is worked out once.

    Args:
        processor: the loaded SentencePiece model.

    Attributes:
        works_on_ids: bool. Whether `ids` may be used with this model.

    Source: google-research/albert tokenization.py `encode_pieces`.
    """

    def __init__(self, processor: sentencepiece.SentencePieceProcessor) -> None:
        self._processor = processor
        self._parts_of: dict[int, list[int]] = {}
        for token_id in range(processor.get_piece_size()):
            piece = processor.id_to_piece(token_id)
            if _ends_in_digit_comma(piece):
                parts = [processor.piece_to_id(p) for p in self(piece)]
                self._parts_of[token_id] = parts
        self._split_ids = frozenset(self._parts_of)
        # Subtle: the ids of a row tell which pieces split only if unknown
        # characters never end in a comma, so only if "," is a piece itself.
        comma = processor.piece_to_id(",")
        self.works_on_ids = processor.id_to_piece(comma) == ","

    def __call__(self, piece: str) -> list[str]:
        """Returns the pieces that stand for one piece, often itself alone."""
        if not _ends_in_digit_comma(piece):
            return [piece]
        number = piece[:-1].replace(_WORD_START, "")
        parts = self._processor.encode(number, return_type=str)
        if piece[0] != _WORD_START and parts[0][0] == _WORD_START:
            parts = [parts[0][1:], *parts[1:]] if parts[0][1:] else parts[1:]
        return [*parts, ","]

    def leaves(self, row: list[int]) -> bool:
        """Whether no piece of a text is split, which is so for most."""
        return self.works_on_ids and self._split_ids.isdisjoint(row)

    def ids(self, row: list[int]) -> list[int]:
        """Applies the rule to the ids of one text, if `works_on_ids`."""
        if self._split_ids.isdisjoint(row):
            return row
        return [
            part
            for token_id in row
            for part in self._parts_of.get(token_id, (token_id,))
        ]


def _ends_in_digit_comma(piece: str) -> bool:
    return len(piece) > 1 and piece[-1] == "," and piece[-2].isdigit()
