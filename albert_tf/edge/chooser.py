"""Chooses between answers on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, check_text, softmax
from albert_tf.text.choices import fill_question, pack_choices


@dataclasses.dataclass(frozen=True)
class Choice:
    """The answer for one context.

    Attributes:
        index: int. Of the likeliest choice.
        choice: str. Its text.
        probability: float in [0, 1].
        probabilities: list of float, one a choice; they add up to 1.
        logits: list of float, one a choice.
        is_truncated: bool. Whether a pair was longer than the model takes.
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
            context: str. Cut at its end where a pair is too long.
            choices: two texts or more.
            question: str. The choices answer it; where it holds `_` they
                stand in its place. Cut at its beginning where it alone is
                too long.

        Raises:
            ValueError: fewer than two choices; a text is empty or longer
                than 200,000 characters.
        """
        if len(choices) < 2:
            raise ValueError(
                "Expected two choices or more to choose from. Received: "
                f"{len(choices)}."
            )
        answers = [fill_question(question, choice) for choice in choices]
        for text in (context, *choices, *answers):
            check_text(text)
        tokenizer = self.session.bundle.tokenizer
        max_length = self.session.bundle.manifest.max_length
        passage, *ids = tokenizer.encode_ids([context, *answers])
        rows = pack_choices(
            passage,
            ids,
            cls_id=tokenizer.cls_id,
            sep_id=tokenizer.sep_id,
            max_length=max_length,
            max_answer_length=max_length,
        )
        # One row at a time: padding to the longest would cost more.
        logits = [
            float(self.session.run([row])["logits"][0, 0]) for row in rows
        ]
        longest = len(passage) + max(map(len, ids)) + 3
        return _answer(choices, logits, longest > max_length)


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
