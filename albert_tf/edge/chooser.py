"""Chooses between answers on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, softmax


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

    def choose(self, context: str, choices: Sequence[str]) -> Choice:
        """Returns the likeliest choice.

        Args:
            context: str. Cut first where a pair is too long.
            choices: two texts or more.

        Raises:
            ValueError: fewer than two choices; a text is empty or longer
                than 200,000 characters.
        """
        if len(choices) < 2:
            raise ValueError(
                "Expected two choices or more to choose from. Received: "
                f"{len(choices)}."
            )
        packed = [self.pack(context, choice) for choice in choices]
        # One row at a time: padding to the longest would cost more.
        logits = [
            float(self.session.run([row])["logits"][0, 0]) for row, _ in packed
        ]
        return _answer(choices, logits, any(is_cut for _, is_cut in packed))


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
