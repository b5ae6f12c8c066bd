"""Answers questions from a text on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner
from albert_tf.text.answers import MAX_ANSWER_LENGTH, Answer, best_answers
from albert_tf.text.context import Context
from albert_tf.text.windows import PackedQuestion, WindowSettings, pack_question

# A window takes a device tenths of a second; this is some thousands of them.
MAX_CONTEXT_CHARS = 2_000_000
NUM_BEST = 5


@dataclasses.dataclass(frozen=True)
class AnswerSettings:
    """What `albert.json` says of question answering.

    Attributes:
        max_length: int. Longest window, in tokens.
        doc_stride: int. Tokens from one window to the next.
        max_query_length: int. Longest question, in tokens.
        max_answer_length: int. Longest answer, in tokens.
        null_threshold: float or None. Largest null odds that still count as
            answered; None for a model that always answers.
    """

    max_length: int
    doc_stride: int
    max_query_length: int
    max_answer_length: int = MAX_ANSWER_LENGTH
    null_threshold: float | None = None

    @classmethod
    def of(
        cls, fields: dict[str, Any] | None, max_length: int
    ) -> AnswerSettings:
        """Returns what a bundle says, or what suits the length of its model.

        Args:
            fields: `question_answering` of `albert.json`, or None.
            max_length: int. Most tokens that the model takes.

        Raises:
            ValueError: a key is unknown or missing, or a value wrong.
        """
        if fields is None:
            length = min(max_length, WindowSettings.max_length)
            return cls(**dataclasses.asdict(WindowSettings.fitting(length)))
        try:
            settings = cls(**fields)
            settings.windows()
            float(settings.null_threshold or 0)
            if settings.max_answer_length < 1:
                raise ValueError("`max_answer_length` must be 1 or more.")
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"`question_answering` of albert.json is broken: {error} "
                "Export the model again."
            ) from error
        return settings

    def windows(self) -> WindowSettings:
        """Returns the lengths of windows."""
        return WindowSettings(
            self.max_length, self.doc_stride, self.max_query_length
        )


@dataclasses.dataclass(frozen=True)
class Reply:
    """The answer to one question.

    Attributes:
        answer: Answer, or None where the model finds none in the text.
        candidates: list of Answer, the likeliest first, whatever `answer`
            is.
        null_probability: float in [0, 1]. Of no answer, for models trained
            to say so; else 0.
        null_odds: float or None. Score of no answer less the best one's;
            None where the text holds nothing to answer with.
        num_windows: int. Runs of the model that it took.
        num_cut_tokens: int. Tokens at the end of the question that the
            model did not see, since it was too long.
    """

    answer: Answer | None
    candidates: list[Answer]
    null_probability: float
    null_odds: float | None
    num_windows: int
    num_cut_tokens: int


class Answerer(Runner):
    """Finds the part of a text that answers a question.

    Args: as of `Runner`, for a bundle of question answering.

    Example:
        answerer = Answerer("answers.tflite")
        reply = answerer.answer("Where is the key?", "The key is outside.")
        print(reply.answer.text, reply.answer.start, reply.answer.end)
    """

    task = tasks.QUESTION_ANSWERING

    @property
    def settings(self) -> AnswerSettings:
        """Lengths and threshold that the bundle was exported with."""
        manifest = self.session.bundle.manifest
        return AnswerSettings.of(
            manifest.question_answering, manifest.max_length
        )

    def answer(
        self,
        question: str,
        context: str,
        *,
        num_best: int = NUM_BEST,
        null_threshold: float | None = None,
        on_window: Callable[[int, int], None] | None = None,
    ) -> Reply:
        """Returns the best answers to a question, with their places.

        Args:
            question: str. Its end is cut off where it is too long, and
                `num_cut_tokens` says so.
            context: str. Read in overlapping windows, whatever its length.
            num_best: int >= 1. Candidates to return.
            null_threshold: float, or None for the bundle's own.
            on_window: called before each window with its number from 1 and
                their total, or None.

        Raises:
            ValueError: a text is empty, or the context longer than 2,000,000
                characters; `num_best` is below 1.
        """
        if num_best < 1:
            raise ValueError(
                f"`num_best` must be 1 or more. Received: num_best={num_best}."
            )
        _check_length(context)
        settings = self.settings
        tokenizer = self.session.bundle.tokenizer
        packed = pack_question(
            tokenizer, question, Context(tokenizer, context), settings.windows()
        )
        starts, ends = self._logits(packed, on_window)
        if null_threshold is None:
            null_threshold = settings.null_threshold
        found = best_answers(
            packed,
            starts,
            ends,
            num_best=num_best,
            max_answer_length=settings.max_answer_length,
            has_null=null_threshold is not None,
        )
        return Reply(
            answer=found.best(null_threshold),
            candidates=found.answers,
            null_probability=found.null_probability,
            null_odds=found.null_odds if found.answers else None,
            num_windows=len(packed.windows),
            num_cut_tokens=packed.num_cut_tokens,
        )

    def _logits(
        self,
        packed: PackedQuestion,
        on_window: Callable[[int, int], None] | None,
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Returns start and end logits, float[S] a window."""
        starts, ends = [], []
        for number, window in enumerate(packed.windows, 1):
            if on_window is not None:
                on_window(number, len(packed.windows))
            # One window at a time: a batch would take its memory times over.
            row = window.token_ids.tolist(), window.segment_ids.tolist()
            outputs = self.session.run([row])
            starts.append(outputs["start_logits"][0])
            ends.append(outputs["end_logits"][0])
        return starts, ends


def _check_length(context: str) -> None:
    if len(context) > MAX_CONTEXT_CHARS:
        raise ValueError(
            f"The context has {len(context):,} characters; at most "
            f"{MAX_CONTEXT_CHARS:,} are taken. Split it, or look for the "
            "part that matters first."
        )
