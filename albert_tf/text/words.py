"""Words as rows of tokens, in windows where they are many, and back.

Training, evaluating and the device share this file, so that a word has the
same pieces, and the same window answers for it, everywhere.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Sequence

_MARK = "\u0301"
# Punctuation inside a word stays, around it stands alone: U.S.-based, then .
# A mark, as a vowel sign or an accent of its own, belongs to what it follows.
_WORD = re.compile(
    rf"\w[\w{_MARK}]*(?:[^\w\s]+\w[\w{_MARK}]*)*|[^\w\s]{_MARK}*"
)


def split_words(text: str) -> list[tuple[int, int]]:
    """Returns where the words of a plain text are, punctuation apart.

    Args:
        text: str.

    Returns:
        list of half-open spans of characters.
    """
    return [match.span() for match in _WORD.finditer(_with_one_mark(text))]


def _with_one_mark(text: str) -> str:
    """Returns a text with one mark for all, which `re` has no class for."""
    if text.isascii():
        return text
    return "".join(
        _MARK if unicodedata.category(character).startswith("M") else character
        for character in text
    )


@dataclasses.dataclass(frozen=True)
class WordRow:
    """A window of words as one row of tokens.

    Attributes:
        token_ids: list of int, special tokens included.
        words: list of int. Words that this row answers for.
        places: list of int. Where the first piece of each of them stands.
    """

    token_ids: list[int]
    words: list[int]
    places: list[int]


def pack_words(
    pieces: Sequence[Sequence[int]],
    *,
    cls_id: int,
    sep_id: int,
    max_length: int,
) -> list[WordRow]:
    """Makes rows of the pieces of words: [CLS] words [SEP].

    Where all do not fit in one row, rows overlap by half, and each word is
    answered for by the row in which it has most words on its scarcer side. A
    word longer than a row is cut. A word without pieces, such as one control
    character, is answered for by no row.

    Args:
        pieces: for each word the ids of its pieces.
        cls_id: int. Id of `[CLS]`.
        sep_id: int. Id of `[SEP]`.
        max_length: int. Longest row.

    Returns:
        list of WordRow; empty where no word has a piece.

    Raises:
        ValueError: `max_length` leaves no room for a piece.
    """
    room = max_length - 2
    if room < 1:
        raise ValueError(
            "`max_length` must be at least 3: two special tokens and a "
            f"piece. Received: max_length={max_length}."
        )
    kept = [(i, list(ids[:room])) for i, ids in enumerate(pieces) if ids]
    spans = _windows([len(ids) for _, ids in kept], room)
    owned: list[list[int]] = [[] for _ in spans]
    for index in range(len(kept)):
        owned[_owner(index, spans)].append(index)
    rows = []
    for (start, end), mine in zip(spans, owned):
        token_ids, places = [cls_id], {}
        for index in range(start, end):
            places[index] = len(token_ids)
            token_ids += kept[index][1]
        rows.append(
            WordRow(
                [*token_ids, sep_id],
                [kept[index][0] for index in mine],
                [places[index] for index in mine],
            )
        )
    return rows


def _windows(lengths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Returns half-open spans of words, each within `room` pieces."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(lengths):
        end, used = start, 0
        while end < len(lengths) and used + lengths[end] <= room:
            used += lengths[end]
            end += 1
        spans.append((start, end))
        if end == len(lengths):
            break
        # Back by half of the row, but always on by one word.
        start, back = end, 0
        begin = spans[-1][0]
        while start > begin + 1 and back + lengths[start - 1] <= room // 2:
            start -= 1
            back += lengths[start]
    return spans


def _owner(index: int, spans: Sequence[tuple[int, int]]) -> int:
    """Returns the span where a word has most words on its scarcer side."""
    inside = [n for n, (start, end) in enumerate(spans) if start <= index < end]
    last = spans[-1][1]

    def context(number: int) -> int:
        start, end = spans[number]
        # The text's own ends are no loss of context.
        before = last if start == 0 else index - start
        after = last if end == last else end - 1 - index
        return min(before, after)

    return max(inside, key=context)
