"""Cuts running text into sentences."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Callable

Splitter = Callable[[str], list[str]]

# Marks that end a sentence, the last three in Arabic, Urdu and Hindi.
_END = r"[.!?\u2026\u061f\u06d4\u0964]"
# Marks that may end a sentence, what may close after them, white space, and
# what may open the next one. Subtle: `re` seeks a class of characters twice as
# fast as a repeated one.
_BOUNDARY = re.compile(
    rf"""({_END}{_END}*)([\"'\u201d\u2019)\]\u00bb]*)\s+"""
    r"""(?=[\"'\u201c\u2018(\[\u00ab\u2014-]*(?![a-z])[\w$\u00a3\u20ac])"""
)
_OPENERS = "\"'\u201c\u2018([\u00ab\u2014-"
# Take a full stop and are seldom the last word of a sentence.
_ABBREVIATIONS = frozenset(
    """adm al appt art ave brig bros c ca capt cf ch cmdr co col comdr cpl cpt
    cr d dept dist dr ed eds e.g esp est etc fig figs fl fr ft ga gen gov
    hon i.e inc insp jan feb mar apr jun jul aug sept sep oct nov dec jr lit
    lt ltd maj messrs mme mlle mr mrs ms mt nat no nos nov op orig p pl pop pp
    pres prof rep reps rev sen sens sgt sr st ste supt trans univ v viz vol
    vols vs""".split()
)


def split_english(text: str) -> list[str]:
    """Returns the sentences of one paragraph, white space at ends left out.

    Example:
        text = "Dr. Who met J. R. Ewing in 3.5 s. He left! \\"Why?\\" I asked."
        assert split_english(text) == [
            "Dr. Who met J. R. Ewing in 3.5 s.",
            "He left!",
            '"Why?" I asked.',
        ]
    """
    sentences, start = [], 0
    for found in _BOUNDARY.finditer(text):
        if found[1] == "." and not found[2]:
            space = text.rfind(" ", start, found.start())
            word = text[max(space + 1, start) : found.start()]
            if _keeps_stop(word.lstrip(_OPENERS)):
                continue
        sentences.append(text[start : found.end()].strip())
        start = found.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _keeps_stop(word: str) -> bool:
    """Whether a full stop after this word seldom ends a sentence."""
    if len(word) == 1:
        return word.isalpha() and word != "I"
    return word.lower() in _ABBREVIATIONS or _is_initials(word)


def _is_initials(word: str) -> bool:
    return "." in word and all(len(p) == 1 for p in word.split("."))


def split_lines(text: str) -> list[str]:
    """Returns a paragraph as its own only sentence."""
    text = text.strip()
    return [text] if text else []


SPLITTERS: dict[str, Splitter] = {
    "english": split_english,
    "lines": split_lines,
}


def find_splitter(name: str) -> Splitter:
    """Returns a splitter by its name, or by `module:function`.

    The module is installed, or a file in the current folder.

    Raises:
        ValueError: there is none, or it is no function.
    """
    if name in SPLITTERS:
        return SPLITTERS[name]
    module, _, function = name.partition(":")
    # A command that pip installed has its own folder on the path instead.
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        found = getattr(importlib.import_module(module), function, None)
    except Exception as error:  # Whatever the module raises.
        raise ValueError(_no_splitter(name, error)) from error
    if not callable(found):
        raise ValueError(_no_splitter(name, f"{module} has no such function"))
    return found


def _no_splitter(name: str, reason: Exception | str) -> str:
    return (
        f"No sentence splitter is named {name!r} ({reason}). Expected "
        f"{', '.join(SPLITTERS)}, or module:function of one that takes a "
        "paragraph and returns a list of sentences."
    )
