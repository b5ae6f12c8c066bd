"""What the runners of all tasks share."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.session import Session
from albert_tf.text import packing

# Reading a book to cut it to 512 tokens is a mistake, not a use.
MAX_TEXT_CHARS = 200_000


class Runner:
    """Opens a bundle of one task. Abstract.

    Args:
        bundle: path of a `.tflite` file that export/to_tflite.py wrote for
            the task, or a Bundle.
        runtime: name of the runtime package, or None for the first found.
        num_threads: int >= 1, or None for a number that suits the machine.
        self_test: bool. Checks the sentences that travel with the model.
        patience: int or None. As of `Session`.

    Raises:
        ValueError: the file, the runtime or a self-test fails, or the file
            is of another task.
    """

    task = ""

    def __init__(
        self,
        bundle: Bundle | str | os.PathLike[str],
        *,
        runtime: str | None = None,
        num_threads: int | None = None,
        self_test: bool = False,
        patience: int | None = None,
    ) -> None:
        bundle = bundle if isinstance(bundle, Bundle) else Bundle(bundle)
        if bundle.manifest.task != self.task:
            raise ValueError(
                f"{bundle.path} is a model for {bundle.manifest.task}. "
                f"Expected one for {self.task}."
            )
        self.session = Session(
            bundle,
            runtime=runtime,
            num_threads=num_threads,
            self_test=self_test,
            patience=patience,
        )

    @property
    def labels(self) -> list[str]:
        """Names of the classes, in the order of the logits."""
        return self.session.bundle.manifest.labels

    def pack(
        self, text: str, pair: str | None = None
    ) -> tuple[tuple[list[int], list[int]], bool]:
        """Returns the row of a text or pair, and whether it was cut.

        Raises:
            ValueError: a text is empty or longer than 200,000 characters.
        """
        for given in (text, pair):
            if given is not None:
                check_text(given)
        bundle = self.session.bundle
        texts = [text] if pair is None else [text, pair]
        ids = bundle.tokenizer.encode_ids(texts)
        max_length = bundle.manifest.max_length
        row = packing.pack(
            *ids,
            cls_id=bundle.tokenizer.cls_id,
            sep_id=bundle.tokenizer.sep_id,
            max_length=max_length,
        )
        return row, sum(map(len, ids)) + len(ids) + 1 > max_length


def check_text(text: str) -> None:
    """Refuses what is no input.

    Raises:
        ValueError: the text is empty or longer than 200,000 characters.
    """
    if not text.strip():
        raise ValueError(
            "The text is empty. Expected at least one character other than "
            "white space."
        )
    check_length(text)


def check_length(text: str) -> None:
    """Refuses what is too long to be meant.

    Raises:
        ValueError: the text is longer than 200,000 characters.
    """
    if len(text) > MAX_TEXT_CHARS:
        raise ValueError(
            f"The text has {len(text):,} characters; at most "
            f"{MAX_TEXT_CHARS:,} are taken. Split it, or cut it to the part "
            "that matters."
        )


def softmax(logits: np.ndarray) -> np.ndarray:
    """Returns probabilities along the last axis, float of the same shape."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def of_each(
    function, texts: Sequence[str], pairs: Sequence[str] | None
) -> list:
    """Returns `function(text, pair)` of many texts, one run each.

    One text at a time wastes no work on padding, and gives each text the
    answer it gets alone.

    Raises:
        ValueError: `texts` or `pairs` is one string; there are more of one
            than of the other; or as `function`.
    """
    if isinstance(texts, str) or isinstance(pairs, str):
        raise ValueError(
            "`texts` and `pairs` must be lists of texts. Received one string. "
            "Put it into a list."
        )
    seconds = [None] * len(texts) if pairs is None else pairs
    if len(texts) != len(seconds):
        raise ValueError(
            "`pairs` must have a second text for each of `texts`. Received: "
            f"{len(texts)} texts, {len(seconds)} pairs. Leave `pairs` out for "
            "single texts."
        )
    return [function(a, b) for a, b in zip(texts, seconds)]
