"""Entities in a sequence of tags."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

OUTSIDE = "O"


@dataclasses.dataclass(frozen=True)
class Entity:
    """A run of words that are one name.

    Attributes:
        kind: str, such as `PER`.
        start: int. Index of its first word.
        end: int. Index after its last.
    """

    kind: str
    start: int
    end: int


def entities(tags: Sequence[str]) -> list[Entity]:
    """Returns the entities that tags stand for, in order.

    Tags are `O`, `B-KIND` for an entity's first word and `I-KIND` for a word
    of one. As conlleval reads them, so that BIO, IO and tags that no scheme
    allows all have a meaning: an entity begins at `B-`, and at `I-` after a
    tag of another kind or after `O`; it ends where the kind does. A tag
    without a prefix, other than `O`, counts as `I-`.

    Args:
        tags: of the words of one sentence.

    Source: conlleval.pl of the CoNLL-2000 task; seqeval `get_entities`.
    """
    found: list[Entity] = []
    open_kind, start = None, 0
    for index, tag in enumerate([*tags, OUTSIDE]):
        prefix, kind = _parts(tag)
        goes_on = prefix == "I" and kind == open_kind
        if goes_on:
            continue
        if open_kind is not None:
            found.append(Entity(open_kind, start, index))
        open_kind, start = kind, index
    return found


def impossible_tags(tags: Sequence[str]) -> list[int]:
    """Returns where `I-` follows a tag that it cannot go on from in BIO.

    In IO tagging all of these are the rule.

    Args:
        tags: of the words of one sentence.
    """
    before = None
    places = []
    for index, tag in enumerate(tags):
        prefix, kind = _parts(tag)
        if prefix == "I" and kind != before:
            places.append(index)
        before = kind
    return places


def _parts(tag: str) -> tuple[str, str | None]:
    """Returns (`"B"`, `"I"` or `"O"`, kind or None)."""
    if tag == OUTSIDE:
        return OUTSIDE, None
    prefix, dash, kind = tag.partition("-")
    if dash and prefix in ("B", "I"):
        return prefix, kind
    return "I", tag
