"""Scores text on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, of_each


@dataclasses.dataclass(frozen=True)
class Score:
    """The answer for one text.

    Attributes:
        score: float, on the scale of the training data.
        num_tokens: int. Length of the input in tokens.
        is_truncated: bool. Whether the text was longer than the model takes.
    """

    score: float
    num_tokens: int
    is_truncated: bool


class Regressor(Runner):
    """Gives a text, or a pair of texts, one number.

    Args: as of `Runner`, for a bundle of regression.

    Example:
        regressor = Regressor("similarity.tflite")
        print(regressor.score("a cat sleeps", "a cat is asleep").score)
    """

    task = tasks.REGRESSION

    def score(self, text: str, pair: str | None = None) -> Score:
        """Returns the number of one text, or of a pair.

        Raises:
            ValueError: a text is empty or longer than 200,000 characters.
        """
        row, is_truncated = self.pack(text, pair)
        logits = self.session.run([row])["logits"]
        return Score(float(logits[0, 0]), len(row[0]), is_truncated)

    def score_all(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None
    ) -> list[Score]:
        """Returns the numbers of many texts, one run each.

        Args:
            texts: strings, each as of `score`.
            pairs: as many second texts, or None.

        Raises:
            ValueError: as `score`; `pairs` has more or fewer texts, or either
                is one string.
        """
        return of_each(self.score, texts, pairs)
