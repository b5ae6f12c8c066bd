"""Chooses between answers on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, check_length, check_text, softmax
from albert_tf.text.choices import encode_choices, fill_question


@dataclasses.dataclass(frozen=True)
class Choice:
    """The answer for one context.

    Attributes:
        index: int. Of the likeliest choice.
        choice: str. Its text.
        probability: float in [0, 1].
        probabilities: list of float, one a choice; they add up to 1.
        logits: list of float, one a choice.
        is_truncated: bool. Whether a text was longer than the model takes.
    """

    index: int
    choice: str
    probability: float
    probabilities: list[float]
    logits: list[float]
    is_truncated: bool


class Chooser(Runner):
    """Tells which of several texts goes best with a first one.

    Args: as of `Runner`, for a bundle of multiple choice.

    Example:
        chooser = Chooser("race.tflite")
        print(chooser.choose("It rained. We took", ["a tent", "umbrellas"]))
    """

    task = tasks.MULTIPLE_CHOICE

    def choose(
        self, context: str, choices: Sequence[str], question: str = ""
    ) -> Choice:
        """Returns the likeliest choice.

        Args:
            context: str. Cut at its end where a pair is too long. May be
                empty where there is a question.
            choices: two texts or more.
            question: str. The choices answer it; where it holds `_` they
                stand in its place. It is cut at its beginning where it takes
                more tokens, with its choice, than in training.

        Raises:
            ValueError: fewer than two choices; a choice is empty, or context
                and question are; a text is longer than 200,000 characters.
        """
        if len(choices) < 2:
            raise ValueError(
                "Expected two choices or more to choose from. Received: "
                f"{len(choices)}."
            )
        answers = [fill_question(question, choice) for choice in choices]
        _check_texts(context, question, choices, answers)
        manifest = self.session.bundle.manifest
        rows, is_truncated = encode_choices(
            self.session.bundle.tokenizer,
            context,
            answers,
            max_length=manifest.max_length,
            max_answer_length=manifest.max_answer_length,
        )
        # One row at a time: padding to the longest would cost more.
        logits = [
            float(self.session.run([row])["logits"][0, 0]) for row in rows
        ]
        return _answer(choices, logits, is_truncated)


def _check_texts(
    context: str, question: str, choices: Sequence[str], answers: Sequence[str]
) -> None:
    """Refuses what training refuses, and texts that nobody means."""
    if not context.strip() and not question.strip():
        raise ValueError(
            "Context and question are empty. Expected one of them, for the "
            "choices to go with."
        )
    for choice in choices:
        check_text(choice)
    for text in (context, *answers):
        check_length(text)


def _answer(
    choices: Sequence[str], logits: list[float], is_truncated: bool
) -> Choice:
    probabilities = softmax(np.asarray(logits)).tolist()
    best = int(np.argmax(logits))
    return Choice(
        index=best,
        choice=choices[best],
        probability=probabilities[best],
        probabilities=probabilities,
        logits=logits,
        is_truncated=is_truncated,
    )
