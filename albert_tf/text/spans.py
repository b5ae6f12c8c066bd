"""Where pieces stand in the original text."""

from __future__ import annotations

from collections.abc import Sequence

_WORD_START = "\u2581"


def split_span(
    parts: Sequence[str], surface: str, begin: int
) -> list[tuple[int, int]]:
    """Spreads the characters of a piece over the parts it was split into.

    The parts are the characters of the piece in their order, so each takes
    the surface up to its last character. What the model's normalizer dropped
    goes to the part after it. Where the normalizer changed a character and
    none matches, each part keeps the whole.

    Args:
        parts: the pieces that `DigitCommaSplit` returned.
        surface: str. The normalized text that the piece stands for.
        begin: int. Where `surface` begins.

    Returns:
        list of half-open spans, one a part.
    """
    if len(parts) == 1:
        return [(begin, begin + len(surface))]
    spans: list[tuple[int, int]] = []
    start = stop = 0
    for part in parts:
        for character in part.replace(_WORD_START, ""):
            stop = surface.find(character, stop) + 1
            if not stop:
                return [(begin, begin + len(surface))] * len(parts)
        spans.append((begin + start, begin + stop))
        start = stop
    return [*spans[:-1], (spans[-1][0], begin + len(surface))]


def original_spans(
    normalized: str,
    starts: Sequence[int],
    ends: Sequence[int],
    spans: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Maps spans of the normalized text to the original, spaces trimmed.

    Args:
        normalized, starts, ends: as `normalize_with_alignment` returns them.
        spans: half-open, in `normalized`.

    Returns:
        list of half-open spans in the original text; empty for a span of
        white space alone.
    """
    originals = []
    for begin, end in spans:
        while begin < end and normalized[begin] == " ":
            begin += 1
        while begin < end and normalized[end - 1] == " ":
            end -= 1
        if begin < end:
            originals.append((starts[begin], ends[end - 1]))
        else:
            originals.append(_place_between(starts, ends, begin))
    return originals


def _place_between(
    starts: Sequence[int], ends: Sequence[int], index: int
) -> tuple[int, int]:
    """Returns the empty span before a normalized character."""
    end_before = ends[index - 1] if index else 0
    after = starts[index] if index < len(starts) else end_before
    # A space inside what one character was decomposed to: U+FDFA is 4 words.
    if after < end_before:
        return starts[index - 1], end_before
    return after, after
