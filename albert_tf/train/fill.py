"""Guesses the pieces behind masks: `albert fill`."""

import dataclasses

import numpy as np

from albert_tf import AlbertForMaskedLM, AlbertTokenizer

MASK = "[MASK]"


@dataclasses.dataclass(frozen=True)
class Guess:
    """A piece that may stand behind a mask.

    Attributes:
        piece: str; one that begins a word begins with U+2581.
        probability: float in [0, 1].
    """

    piece: str
    probability: float


def fill(directory, text, *, top=5):
    """Returns the likeliest pieces for every `[MASK]` of a text.

    Args:
        directory: of a pretrained model with its tokenizer.
        text: str with at least one `[MASK]`.
        top: int >= 1. Guesses for each mask.

    Returns:
        list, one a mask, of lists of Guess, likeliest first.

    Raises:
        ValueError: the text has no mask or is too long; the model has no
            masked-LM head or no tokenizer.
    """
    if MASK not in text:
        raise ValueError(
            f"The text has no {MASK}. Write one where a piece is missing."
        )
    if top < 1:
        raise ValueError(f"`top` must be 1 or more. Received: top={top}.")
    tokenizer = AlbertTokenizer.from_pretrained(directory)
    model = AlbertForMaskedLM.from_pretrained(directory)
    ids = _encode(tokenizer, text)
    positions = [i for i, token in enumerate(ids) if token == tokenizer.mask_id]
    logits = model(
        {
            "token_ids": np.array([ids], np.int32),
            "masked_positions": np.array([positions], np.int32),
        }
    )
    return [_guesses(row, tokenizer, top) for row in np.asarray(logits)[0]]


def _encode(tokenizer, text):
    """Returns the ids of a text in which masks stand for themselves."""
    parts = tokenizer.encode_ids(text.split(MASK))
    ids = [tokenizer.cls_id, *parts[0]]
    for part in parts[1:]:
        ids += [tokenizer.mask_id, *part]
    return [*ids, tokenizer.sep_id]


def _guesses(logits, tokenizer, top):
    powers = np.exp(logits - logits.max())
    probabilities = powers / powers.sum()
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [
        Guess(tokenizer.id_to_piece(int(i)), float(probabilities[i]))
        for i in best
    ]
