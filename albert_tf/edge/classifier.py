"""Classifies text on a device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, of_each, softmax


@dataclasses.dataclass(frozen=True)
class Classification:
    """The answer for one text.

    Attributes:
        label: str. Name of the likeliest class.
        probability: float in [0, 1]. Of that class.
        probabilities: dict of label to float; they add up to 1.
        logits: list of float, in the order of the bundle's labels.
        num_tokens: int. Length of the input in tokens.
        is_truncated: bool. Whether the text was longer than the model takes.
        layers_used: int or None. Layers that ran, where the model may stop
            early.
    """

    label: str
    probability: float
    probabilities: dict[str, float]
    logits: list[float]
    num_tokens: int
    is_truncated: bool
    layers_used: int | None = None


class Classifier(Runner):
    """Gives a text, or a pair of texts, one label of a fixed set.

    Args: as of `Runner`, for a bundle of classification.

    Example:
        classifier = Classifier("intents.tflite")
        print(classifier.classify("turn the lamp off").label)
    """

    task = tasks.CLASSIFICATION

    def classify(self, text: str, pair: str | None = None) -> Classification:
        """Returns the label of one text, or of a pair.

        Args:
            text: str. Not empty; cut at the end if too long.
            pair: str or None. Second text, for models trained on pairs.

        Raises:
            ValueError: a text is empty or longer than 200,000 characters.
        """
        row, is_truncated = self.pack(text, pair)
        outputs = self.session.run([row])
        layers = outputs.get("layers_used")
        return self._result(
            outputs["logits"][0],
            num_tokens=len(row[0]),
            is_truncated=is_truncated,
            layers_used=None if layers is None else int(layers[0]),
        )

    def classify_all(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None
    ) -> list[Classification]:
        """Returns the labels of many texts, one run each.

        Args:
            texts: strings, each as of `classify`.
            pairs: as many second texts, or None.

        Raises:
            ValueError: as `classify`; `pairs` has more or fewer texts, or
                either is one string.
        """
        return of_each(self.classify, texts, pairs)

    def _result(self, logits: np.ndarray, **facts) -> Classification:
        probabilities = softmax(logits)
        best = int(logits.argmax())
        return Classification(
            label=self.labels[best],
            probability=float(probabilities[best]),
            probabilities=dict(zip(self.labels, probabilities.tolist())),
            logits=logits.tolist(),
            **facts,
        )
