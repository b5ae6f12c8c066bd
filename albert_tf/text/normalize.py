"""ALBERT's text normalization, with an alignment to the original text.

google-research/albert cleans text before SentencePiece sees it: white space
is collapsed, the text decomposed (NFKD), combining marks dropped, and upper
case folded. SentencePiece's own normalizer then runs on the result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import filterfalse

_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = "".join(filter(unicodedata.combining, map(chr, range(0x10000))))
_MARK = re.compile(f"[{_MARKS}]")
_ABOVE_FFFF = re.compile("[\U00010000-\U0010ffff]")


def normalize(
    text: str, *, do_lower_case: bool = True, keep_accents: bool = False
) -> str:
    """Returns the text as ALBERT's tokenizer hands it to SentencePiece.

    Args:
        text: any string. A lone surrogate becomes U+FFFD, since it has no
            UTF-8 form.
        do_lower_case: bool. Folds upper case, as the published English
            vocabularies expect.
        keep_accents: bool. Leaves out the decomposition and the removal of
            combining marks, for languages in which an accent tells words
            apart.

    Returns:
        str: normalized text, white space collapsed to single spaces.

    Example:
        assert normalize("  Caf\\u00e9\\tNOIR ") == "cafe noir"

    Source: google-research/albert tokenization.py `preprocess_text`.
    Differs: `keep_accents`, which Hugging Face added.
    """
    if not _is_collapsed(text):
        text = _SURROGATE.sub("\ufffd", " ".join(text.split()))
    if not keep_accents and not text.isascii():
        text = _strip_marks(text)
    return text.lower() if do_lower_case else text


def normalize_with_alignment(
    text: str, *, do_lower_case: bool = True, keep_accents: bool = False
) -> tuple[str, Sequence[int], Sequence[int]]:
    """Returns the normalized text and where each character came from.

    The alignment may go character by character: canonical reordering moves
    only characters of non-zero combining class, and those are dropped, so
    decomposing one character at a time gives the same string as decomposing
    the whole. Lower-casing changes the length of U+0130 alone; the one
    context it looks at (final sigma) keeps the length.

    Args: as `normalize`.

    Returns:
        (normalized, starts, ends): a str of n characters and two sequences
        of n indices, so that character i stands for
        `text[starts[i]:ends[i]]`. A dropped mark is counted to the character
        it stood on.
    """
    if text.isascii() and _is_collapsed(text):
        normalized = text.lower() if do_lower_case else text
        return normalized, range(len(text)), range(1, len(text) + 1)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for word in re.finditer(r"\S+", _SURROGATE.sub("\ufffd", text)):
        if characters:
            characters.append(" ")
            starts.append(ends[-1])
            ends.append(word.start())
        if word[0].isascii():
            characters.append(word[0])
            starts.extend(range(word.start(), word.end()))
            ends.extend(range(word.start() + 1, word.end() + 1))
            continue
        for index, character in enumerate(word[0], word.start()):
            expanded = character if keep_accents else _strip_marks(character)
            if do_lower_case and expanded == "\u0130":
                expanded = expanded.lower()
            if not expanded and ends:
                ends[-1] = index + 1
            for part in expanded:
                characters.append(part)
                starts.append(index)
                ends.append(index + 1)
    normalized = "".join(characters)
    return (normalized.lower() if do_lower_case else normalized), starts, ends


def _is_collapsed(text: str) -> bool:
    """Whether white space is collapsed already, and no surrogate is there.

    Subtle: the space is the one printable character that is white space, and
    a surrogate is not printable. False says nothing.
    """
    return (
        text.isprintable()
        and "  " not in text
        and " " not in (text[:1], text[-1:])
    )


def _strip_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    if decomposed.isascii():
        return decomposed
    if _ABOVE_FFFF.search(decomposed):
        return "".join(filterfalse(unicodedata.combining, decomposed))
    # The same, but fast only for characters up to U+FFFF.
    return _MARK.sub("", decomposed)
