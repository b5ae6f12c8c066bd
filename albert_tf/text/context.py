"""A text that answers are taken from: its tokens, and where they stand."""

from __future__ import annotations

import numpy as np

from albert_tf.text.tokenizer import AlbertTokenizer


class Context:
    """A passage as tokens that know their characters in the original.

    Encoded once and shared by all questions about it. An answer runs from
    one token to another. Tokens can share a character, where it was expanded
    as the ligature U+FB01 is to "fi": no answer starts or ends between two
    that do, nor at a token of white space alone. So different runs of tokens
    stand for different characters.

    Args:
        tokenizer: AlbertTokenizer.
        text: str. The original.

    Attributes:
        text: str. The original.
        token_ids: int32[C].
        offsets: int32[C, 2]. Half-open characters of `text`; empty for a
            token of white space alone.
        can_start: bool[C]. Whether an answer may start at the token.
        can_end: bool[C]. Whether one may end with it.

    Example:
        context = Context(tokenizer, "It opened in  1990.")
        first, last = context.tokens(14, 18)
        start, end = context.characters(first, last)
        assert context.text[start:end] == "1990"
    """

    def __init__(self, tokenizer: AlbertTokenizer, text: str) -> None:
        encoding = tokenizer.encode(text)
        self.text = text
        self.token_ids = np.array(encoding.ids, np.int32)
        self.offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2)
        # Tokens with characters; their starts and their ends never go back.
        self._solid = np.flatnonzero(self.offsets[:, 0] < self.offsets[:, 1])
        self._starts, self._ends = self.offsets[self._solid].T
        is_border = np.ones(len(self._solid) + 1, bool)
        is_border[1:-1] = self._ends[:-1] <= self._starts[1:]
        self.can_start = np.zeros(len(self), bool)
        self.can_end = np.zeros(len(self), bool)
        self.can_start[self._solid] = is_border[:-1]
        self.can_end[self._solid] = is_border[1:]

    def __len__(self) -> int:
        """Returns C, the number of tokens."""
        return len(self.token_ids)

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """Returns the half-open characters from one token to another.

        Args:
            first: int. A token with `can_start`.
            last: int >= first. A token with `can_end`.
        """
        return int(self.offsets[first, 0]), int(self.offsets[last, 1])

    def tokens(self, start: int, end: int) -> tuple[int, int] | None:
        """Returns the fewest tokens that cover characters, both inclusive.

        `characters` of the result is the span itself, or a longer one where
        a token covers more, as "1990s" may be one token.

        Args:
            start, end: half-open characters of `text`.

        Returns:
            (first, last), tokens that an answer may start at and end with;
            None where no token stands for any of the characters.
        """
        first = int(np.searchsorted(self._ends, start, side="right"))
        last = int(np.searchsorted(self._starts, end, side="left")) - 1
        if first > last:
            return None
        while not self.can_start[self._solid[first]]:
            first -= 1
        while not self.can_end[self._solid[last]]:
            last += 1
        return int(self._solid[first]), int(self._solid[last])
