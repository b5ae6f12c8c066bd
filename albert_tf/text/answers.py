"""Start and end logits of windows to answers with their places."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from albert_tf.text.windows import PackedQuestion, Window

NUM_BEST = 20
# In tokens. Few answers in SQuAD are longer.
MAX_ANSWER_LENGTH = 30


@dataclasses.dataclass(frozen=True)
class Answer:
    """A part of the context.

    Attributes:
        text: str. As the context spells it.
        start, end: int. Half-open, in characters of the context.
        probability: float in [0, 1]. Among the answers returned with it.
        score: float. Start logit plus end logit.
    """

    text: str
    start: int
    end: int
    probability: float
    score: float


@dataclasses.dataclass(frozen=True)
class Answers:
    """What a model thinks of one question.

    Attributes:
        answers: list of Answer, the likeliest first; no two have the same
            place. Empty only where the context has no token to answer with.
        null_score: float. Of "there is no answer".
        null_odds: float. `null_score` less the best answer's score: the
            higher, the likelier is no answer.
        null_probability: float in [0, 1]. With those of `answers` adds up to
            1; 0 where the model was not asked for it.
    """

    answers: list[Answer]
    null_score: float
    null_odds: float
    null_probability: float

    def best(self, null_threshold: float | None = None) -> Answer | None:
        """Returns the best answer, or None for no answer.

        Args:
            null_threshold: float or None. Largest `null_odds` that still
                counts as answered; None always answers.
        """
        if not self.answers:
            return None
        if null_threshold is not None and self.null_odds > null_threshold:
            return None
        return self.answers[0]


def best_answers(
    packed: PackedQuestion,
    start_logits: Sequence[np.ndarray],
    end_logits: Sequence[np.ndarray],
    *,
    num_best: int = NUM_BEST,
    max_answer_length: int = MAX_ANSWER_LENGTH,
    has_null: bool = False,
) -> Answers:
    """Finds the best answers over all windows of a question.

    An answer starts at a token in the window that shows most of its
    surroundings, ends in the same window at that token or up to
    `max_answer_length - 1` later, and starts and ends only where `Context`
    allows. Its score is the sum of both logits. Of equal scores the one that
    starts first, then the shorter one, is better. The score of no answer is
    the smallest sum of the logits at `[CLS]` over the windows, since a window
    without the answer says nothing about the others.

    Args:
        packed: PackedQuestion.
        start_logits: one float[>= S] a window; padding is not looked at.
        end_logits: likewise.
        num_best: int >= 1.
        max_answer_length: int >= 1, in tokens.
        has_null: bool. Whether no answer shares in the probabilities.

    Raises:
        ValueError: another number of windows, logits shorter than a window,
            or a logit that is no number.

    Source: google-research/albert squad_utils.py `write_predictions`.
    Differs: tries every pair of start and end instead of the 20 best of
    each; equal texts in two places stay two answers.
    """
    _check(packed, start_logits, end_logits)
    if num_best < 1 or max_answer_length < 1:
        raise ValueError(
            "`num_best` and `max_answer_length` must be 1 or more. Received: "
            f"num_best={num_best}, max_answer_length={max_answer_length}."
        )
    candidates = np.concatenate(
        [
            _window_best(
                packed, window, start, end, num_best, max_answer_length
            )
            for window, start, end in zip(
                packed.windows, start_logits, end_logits
            )
        ]
    )
    candidates = _in_order(candidates)[:num_best]
    null_score = min(
        float(start[0]) + float(end[0])
        for start, end in zip(start_logits, end_logits)
    )
    return _answers(packed, candidates, null_score, has_null)


def _check(packed, start_logits, end_logits):
    for name, logits in (("start", start_logits), ("end", end_logits)):
        if len(logits) != len(packed.windows):
            raise ValueError(
                f"Expected {name} logits of {len(packed.windows)} windows. "
                f"Received: {len(logits)}."
            )
        for window, row in zip(packed.windows, logits):
            size = len(window.token_ids)
            if len(row) < size or not np.isfinite(row[:size]).all():
                raise ValueError(
                    f"Expected {size} {name} logits, all of them numbers. "
                    f"Received {len(row)}, {np.isnan(row).sum()} of them NaN. "
                    "Check the model."
                )


def _window_best(
    packed: PackedQuestion,
    window: Window,
    start_logits: np.ndarray,
    end_logits: np.ndarray,
    num_best: int,
    max_answer_length: int,
) -> np.ndarray:
    """Returns rows (score, first token, last token) of a window's best.

    Sums are 64-bit: two 32-bit floats add up without rounding, bar extremes,
    so that no order depends on the arithmetic.
    """
    begin, end = window.begin, window.end
    part = slice(window.context_position, window.context_position + end - begin)
    starts = np.asarray(start_logits[part], np.float64)
    ends = np.asarray(end_logits[part], np.float64)
    starts = np.where(
        window.is_max_context & packed.context.can_start[begin:end],
        starts,
        -np.inf,
    )
    ends = np.where(packed.context.can_end[begin:end], ends, -np.inf)
    # Row i, column j: from token i to token i + j.
    reach = min(max_answer_length, end - begin)
    padded = np.append(ends, np.full(reach - 1, -np.inf))
    sums = starts[:, None] + np.lib.stride_tricks.sliding_window_view(
        padded, reach
    )
    flat = sums.ravel()
    if flat.size > num_best:
        # All that equal the last one in stay, for `_in_order` to choose.
        least = np.partition(flat, -num_best)[-num_best]
        chosen = np.flatnonzero((flat >= least) & (flat > -np.inf))
    else:
        chosen = np.flatnonzero(flat > -np.inf)
    first, length = np.divmod(chosen, reach)
    first = first + begin
    return np.stack([flat[chosen], first, first + length], axis=1)


def _in_order(candidates: np.ndarray) -> np.ndarray:
    """Sorts rows (score, first, last): best, then first, then shortest."""
    score, first, last = candidates.T
    return candidates[np.lexsort((last, first, -score))]


def _answers(
    packed: PackedQuestion,
    candidates: np.ndarray,
    null_score: float,
    has_null: bool,
) -> Answers:
    context = packed.context
    scores = candidates[:, 0]
    shared = np.append(scores, null_score) if has_null else scores
    exponentials = np.exp(shared - shared.max()) if len(shared) else shared
    probabilities = exponentials / exponentials.sum()
    answers = []
    for (score, first, last), probability in zip(candidates, probabilities):
        start, end = context.characters(int(first), int(last))
        answers.append(
            Answer(
                text=context.text[start:end],
                start=start,
                end=end,
                probability=float(probability),
                score=float(score),
            )
        )
    best = float(scores[0]) if len(scores) else -np.inf
    return Answers(
        answers=answers,
        null_score=null_score,
        null_odds=null_score - best,
        null_probability=float(probabilities[-1]) if has_null else 0.0,
    )
