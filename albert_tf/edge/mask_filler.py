"""Guesses the pieces behind masks on a device."""

from __future__ import annotations

import dataclasses

import numpy as np

from albert_tf.edge import tasks
from albert_tf.edge.runner import Runner, check_text, softmax
from albert_tf.text.masks import encode_masked


@dataclasses.dataclass(frozen=True)
class Guess:
    """A piece that may stand behind a mask.

    Attributes:
        piece: str; one that begins a word begins with U+2581.
        probability: float in [0, 1].
    """

    piece: str
    probability: float


class MaskFiller(Runner):
    """Guesses what stands behind every `[MASK]` of a text.

    Args: as of `Runner`, for a bundle of masked LM.

    Example:
        filler = MaskFiller("masked_lm.tflite")
        print(filler.fill("Paris is the [MASK] of France.")[0][0].piece)
    """

    task = tasks.MASKED_LM

    def fill(self, text: str, *, top: int = 5) -> list[list[Guess]]:
        """Returns the likeliest pieces for every mask.

        Args:
            text: str with at least one `[MASK]`.
            top: int >= 1. Guesses for each mask.

        Returns:
            list, one a mask, of lists of Guess, likeliest first.

        Raises:
            ValueError: the text has no mask, is empty or is too long.
        """
        check_text(text)
        if top < 1:
            raise ValueError(f"`top` must be 1 or more. Received: top={top}.")
        bundle = self.session.bundle
        ids, positions = encode_masked(bundle.tokenizer, text)
        _check_length(len(ids), bundle.manifest.max_length)
        logits = self.session.run(
            [(ids, [0] * len(ids))], masked_positions=[positions]
        )["logits"][0]
        return [self._guesses(row, top) for row in softmax(logits)]

    def _guesses(self, probabilities: np.ndarray, top: int) -> list[Guess]:
        tokenizer = self.session.bundle.tokenizer
        best = np.argsort(-probabilities, kind="stable")[:top]
        return [
            Guess(tokenizer.id_to_piece(int(i)), float(probabilities[i]))
            for i in best
        ]


def _check_length(num_tokens: int, longest: int) -> None:
    if num_tokens > longest:
        raise ValueError(
            f"The text has {num_tokens} tokens; the model takes {longest}. "
            "Give a shorter one: the sentences around the mask."
        )
