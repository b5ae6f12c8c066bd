"""Classifies text on a device."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence

import numpy as np

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.session import Session
from albert_tf.text import packing

TASK = "classification"
# Reading a book to cut it to 512 tokens is a mistake, not a use.
MAX_TEXT_CHARS = 200_000


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
    """

    label: str
    probability: float
    probabilities: dict[str, float]
    logits: list[float]
    num_tokens: int
    is_truncated: bool


class Classifier:
    """Gives a text, or a pair of texts, one label of a fixed set.

    Args:
        bundle: path of a `.tflite` file that export/to_tflite.py wrote for
            classification, or a Bundle.
        runtime: name of the runtime package, or None for the first found.
        num_threads: int >= 1, or None for a number that suits the machine.
        self_test: bool. Checks the sentences that travel with the model.

    Raises:
        ValueError: the file, the runtime or a self-test fails, or the file
            is of another task.

    Example:
        classifier = Classifier("intents.tflite")
        print(classifier.classify("turn the lamp off").label)
    """

    def __init__(
        self,
        bundle: Bundle | str | os.PathLike[str],
        *,
        runtime: str | None = None,
        num_threads: int | None = None,
        self_test: bool = False,
    ) -> None:
        self.session = Session(
            bundle,
            runtime=runtime,
            num_threads=num_threads,
            self_test=self_test,
        )
        manifest = self.session.bundle.manifest
        if manifest.task != TASK:
            raise ValueError(
                f"{self.session.bundle.path} is a model for {manifest.task}. "
                "Expected one for classification."
            )

    @property
    def labels(self) -> list[str]:
        """Names of the classes, in the order of the logits."""
        return self.session.bundle.manifest.labels

    def classify(self, text: str, pair: str | None = None) -> Classification:
        """Returns the label of one text, or of a pair.

        Args:
            text: str. Not empty; cut at the end if too long.
            pair: str or None. Second text, for models trained on pairs.

        Raises:
            ValueError: a text is empty or longer than 200,000 characters.
        """
        for given in (text, pair):
            if given is not None:
                _check_text(given)
        bundle = self.session.bundle
        max_length = bundle.manifest.max_length
        texts = [text] if pair is None else [text, pair]
        ids = bundle.tokenizer.encode_ids(texts)
        row = packing.pack(
            *ids,
            cls_id=bundle.tokenizer.cls_id,
            sep_id=bundle.tokenizer.sep_id,
            max_length=max_length,
        )
        return self._result(
            self.session.run([row])["logits"][0],
            num_tokens=len(row[0]),
            is_truncated=sum(map(len, ids)) + len(ids) + 1 > max_length,
        )

    def classify_all(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None
    ) -> list[Classification]:
        """Returns the labels of many texts, one run each.

        One text at a time wastes no work on padding, and gives each text the
        answer it gets alone.
        """
        seconds = [None] * len(texts) if pairs is None else pairs
        return [self.classify(a, b) for a, b in zip(texts, seconds)]

    def _result(
        self, logits: np.ndarray, *, num_tokens: int, is_truncated: bool
    ) -> Classification:
        exponentials = np.exp(logits - logits.max())
        probabilities = exponentials / exponentials.sum()
        best = int(logits.argmax())
        return Classification(
            label=self.labels[best],
            probability=float(probabilities[best]),
            probabilities=dict(zip(self.labels, probabilities.tolist())),
            logits=logits.tolist(),
            num_tokens=num_tokens,
            is_truncated=is_truncated,
        )


def _check_text(text: str) -> None:
    if not text.strip():
        raise ValueError(
            "The text is empty. Expected at least one character other than "
            "white space."
        )
    if len(text) > MAX_TEXT_CHARS:
        raise ValueError(
            f"The text has {len(text):,} characters; at most "
            f"{MAX_TEXT_CHARS:,} are taken. Split it, or cut it to the part "
            "that matters."
        )
