"""Sentences that every export is checked with."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from albert_tf import AlbertTokenizer
from albert_tf.edge import tasks
from albert_tf.edge.self_test import pack_sample

# Short and long, accents, numbers, odd characters.
TEXTS = (
    "It works.",
    "Could you turn the lights down a little? It is 9:30, time for bed.",
    "Zo\u00eb paid \u00a32,000, not 1,500, for the caf\u00e9\u2019s sign!",
    "\U0001f600 A line with an emoji, \u6f22\u5b57 and (brackets) - "
    "nobody's favourite, yet it should not break anything at all.",
)
PAIRS = (
    ("Who paid for the sign?", TEXTS[2]),
    (TEXTS[1], "Turn off the light."),
)
CHOICES = (
    ("It rained all day. We took", "an umbrella."),
    ("It rained all day. We took", "a bath in the sun."),
    (TEXTS[2], "The sign cost \u00a32,000."),
)
MASKED = (
    "Paris is the [MASK] of France.",
    "She [MASK] her bed and went to [MASK], though it was only 9:30.",
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One packed input of a model.

    Attributes:
        token_ids: list[int].
        segment_ids: list[int], as many.
        masked_positions: list[int] or None. For masked LM.
    """

    token_ids: list[int]
    segment_ids: list[int]
    masked_positions: list[int] | None = None


@dataclasses.dataclass(frozen=True)
class Sample:
    """A text or pair as a person writes it; `[MASK]` for masked LM."""

    text: str
    pair: str | None = None


def samples_of(task: str) -> list[Sample]:
    """Returns the self-test sentences of a task, pairs where it has them."""
    if task == tasks.MASKED_LM:
        return [Sample(text) for text in MASKED]
    if task == tasks.MULTIPLE_CHOICE:
        return [Sample(*pair) for pair in CHOICES]
    if task == tasks.QUESTION_ANSWERING:
        return [Sample(*pair) for pair in PAIRS]
    single = [Sample(text) for text in TEXTS]
    if task == tasks.TOKEN_CLASSIFICATION:
        return single
    return [*single, Sample(*PAIRS[1])]


def shortest_length(task: str) -> int:
    """Returns the fewest tokens that hold something of every sentence."""
    if task == tasks.QUESTION_ANSWERING:
        return 8  # What `WindowSettings.fitting` asks for.
    has_pairs = any(sample.pair is not None for sample in samples_of(task))
    return 5 if has_pairs else 3


def longest_sample(task: str, max_length: int) -> Sample:
    """Returns a sample that fills every position, or nearly.

    It shows whether every position arrived in the file.
    """
    if task == tasks.MASKED_LM:
        # Never cut, so it must not be too long: a piece a letter at worst.
        return Sample("[MASK]" + " a" * ((max_length - 4) // 2))
    long = " ".join(TEXTS * (max_length // 60 + 1))
    first = samples_of(task)[0]
    if task == tasks.MULTIPLE_CHOICE:
        # The passage alone may be as long as the model takes.
        return Sample(long, first.pair)
    return Sample(long) if first.pair is None else Sample(first.text, long)


def pack(
    tokenizer: AlbertTokenizer,
    sample: Sample,
    *,
    max_length: int,
    task: str,
    max_answer_length: int | None = None,
) -> Row:
    """Returns the row of a sample, as the task's runner packs it.

    Args:
        tokenizer: AlbertTokenizer.
        sample: Sample.
        max_length: int. Most tokens that the model takes.
        task: str, a name in `albert_tf.edge.tasks`.
        max_answer_length: int or None. `max_answer_length` of `albert.json`.
    """
    return Row(
        *pack_sample(
            tokenizer,
            sample.text,
            sample.pair,
            task=task,
            max_length=max_length,
            max_answer_length=max_answer_length,
        )
    )


def with_padding(rows: Sequence[Row], length: int) -> list[Row]:
    """Returns rows to calibrate inputs of one length on, some of them padded.

    What attention adds to the scores of padding is seen nowhere if every row
    fills the inputs, and a range without it would not hide padding.

    Args:
        rows: of at most `length` tokens.
        length: int. Of the inputs.

    Returns:
        the rows; where none is shorter, also each one's first half.
    """
    if any(len(row.token_ids) < length for row in rows):
        return list(rows)
    halves = [
        Row(row.token_ids[: length // 2], row.segment_ids[: length // 2])
        for row in rows
    ]
    return [*rows, *halves]
