"""Questions as rows of tokens, with first and last token of the answer."""

from __future__ import annotations

import dataclasses
from typing import Any

from albert_tf.data.questions import Gold, Question
from albert_tf.data.rows import Rows
from albert_tf.text.context import Context
from albert_tf.text.windows import PackedQuestion, WindowSettings, pack_question

_SHOWN = 3


@dataclasses.dataclass(frozen=True)
class WindowOf:
    """What a row is.

    Attributes:
        example: int. Index of the question.
        packed: PackedQuestion, with all windows of the question.
        window: int. Index of the row's window.
    """

    example: int
    packed: PackedQuestion
    window: int


@dataclasses.dataclass
class Losses:
    """What is lost on the way from characters to tokens, by kind.

    Attributes:
        places: dict of a kind to the places of its questions.
    """

    places: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    def add(self, kind: str, place: str) -> None:
        """Notes a question."""
        self.places.setdefault(kind, []).append(place)

    def report(self) -> list[str]:
        """Returns a line a kind: how many, and the first few."""
        return [
            f"{len(places)} {kind}: {'; '.join(places[:_SHOWN])}"
            + ("; ..." if len(places) > _SHOWN else "")
            for kind, places in self.places.items()
        ]


CUT_QUESTION = "questions cut to max_query_length"
LONG_QUESTION = "questions longer than max_query_length, left out of training"
NO_TOKEN = "answers that no token stands for, left out of training"
TOO_LONG = "answers longer than a window, left out of training"
INSIDE_TOKEN = "answers that begin or end inside a token, taken whole"


def question_rows(
    examples: list[Question],
    tokenizer: Any,
    settings: WindowSettings,
    *,
    is_training: bool = False,
    long_questions: str = "cut",
    losses: Losses | None = None,
) -> Rows:
    """Packs questions into windows, and marks the answers in them.

    A window's labels are the positions of the first and the last token of
    the first answer; both are 0, the place of `[CLS]`, where the window does
    not hold the whole answer or there is none.

    Args:
        examples: list of Question.
        tokenizer: AlbertTokenizer.
        settings: WindowSettings.
        is_training: bool. Leaves out questions whose answer no window holds:
            they would teach that there is none.
        long_questions: `"cut"` to `max_query_length`; `"skip"`, which leaves
            them out of training and cuts the others; `"refuse"`.
        losses: Losses to add to, or None.

    Raises:
        ValueError: a question or a context has no token, as of invisible
            characters alone, or questions are too long and refused; places
            are named.

    Returns:
        Rows: a row a window; labels a dict of `start_logits` and
        `end_logits`, lists of int, or None where an example has no answers
        to learn from; details a WindowOf a row.
    """
    losses = Losses() if losses is None else losses
    contexts: dict[str, Context] = {}
    has_labels = all(example.answers is not None for example in examples)
    rows = Rows(
        [], {"start_logits": [], "end_logits": []} if has_labels else None
    )
    for index, example in enumerate(examples):
        if example.context not in contexts:
            contexts[example.context] = Context(tokenizer, example.context)
        packed = _pack(tokenizer, example, contexts[example.context], settings)
        if packed.num_cut_tokens:
            is_left_out = is_training and long_questions == "skip"
            kind = LONG_QUESTION if is_left_out else CUT_QUESTION
            losses.add(kind, example.place)
            if is_left_out:
                continue
        positions = [(0, 0)] * len(packed.windows)
        if example.answers:
            positions, kind = answer_positions(packed, example.answers[0])
            if kind is not None:
                losses.add(kind, example.place)
            if is_training and kind in (NO_TOKEN, TOO_LONG):
                continue
        _append(rows, index, packed, positions)
    if long_questions == "refuse" and CUT_QUESTION in losses.places:
        raise ValueError(_too_long(losses.places[CUT_QUESTION], settings))
    return rows


def _too_long(places, settings):
    more = f", as have {len(places) - 1} more" if len(places) > 1 else ""
    return (
        f"{places[0]}: the question has more than "
        f"{settings.max_query_length} tokens{more}. Shorten it, give a longer "
        "--max-query-length, or another --long-questions than refuse."
    )


def _pack(tokenizer, example, context, settings):
    try:
        return pack_question(tokenizer, example.question, context, settings)
    except ValueError as error:
        raise ValueError(f"{example.place}: {error}") from error


def answer_positions(
    packed: PackedQuestion, gold: Gold
) -> tuple[list[tuple[int, int]], str | None]:
    """Returns where an answer's tokens are in each window.

    Args:
        packed: PackedQuestion.
        gold: Gold. White space at its ends does not count.

    Returns:
        (positions, kind): the first and last position in each window, (0, 0)
        in one that does not hold the answer whole; and what was lost, one of
        the kinds above, or None.
    """
    start = gold.start + len(gold.text) - len(gold.text.lstrip())
    end = gold.start + len(gold.text.rstrip())
    nowhere = [(0, 0)] * len(packed.windows)
    tokens = packed.context.tokens(start, end)
    if tokens is None:
        return nowhere, NO_TOKEN
    first, last = tokens
    positions = [
        (
            first - window.begin + window.context_position,
            last - window.begin + window.context_position,
        )
        if window.begin <= first and last < window.end
        else (0, 0)
        for window in packed.windows
    ]
    if positions == nowhere:
        return nowhere, TOO_LONG
    is_exact = packed.context.characters(first, last) == (start, end)
    return positions, None if is_exact else INSIDE_TOKEN


def _append(rows, index, packed, positions):
    for window_index, window in enumerate(packed.windows):
        rows.inputs.append((window.token_ids, window.segment_ids))
        rows.details.append(WindowOf(index, packed, window_index))
    if rows.labels is not None:
        rows.labels["start_logits"] += [start for start, _ in positions]
        rows.labels["end_logits"] += [end for _, end in positions]
