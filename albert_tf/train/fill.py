"""Guesses the pieces behind masks: `albert fill`."""

import dataclasses

import numpy as np

from albert_tf import AlbertForMaskedLM, AlbertTokenizer
from albert_tf.checkpoints.pretrained import check_vocabulary, load_trained
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
            masked-LM head, no tokenizer, or that of another model.
    """
    if top < 1:
        raise ValueError(f"`top` must be 1 or more. Received: top={top}.")
    tokenizer = AlbertTokenizer.from_pretrained(directory)
    ids, positions = encode_masked(tokenizer, text)
    model = load_trained(AlbertForMaskedLM, directory)
    check_vocabulary(tokenizer, model.albert_config, directory)
    _check_length(len(ids), model.albert_config)
    logits = model(
        {
            "token_ids": np.array([ids], np.int32),
            "masked_positions": np.array([positions], np.int32),
        }
    )
    return [_guesses(row, tokenizer, top) for row in np.asarray(logits)[0]]


def _check_length(num_tokens, config):
    if num_tokens > config.max_position_embeddings:
        raise ValueError(
            f"The text has {num_tokens} tokens, the model "
            f"{config.max_position_embeddings} positions. Give a shorter one."
        )


def _guesses(logits, tokenizer, top):
    powers = np.exp(logits - logits.max())
    probabilities = powers / powers.sum()
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [
        Guess(tokenizer.id_to_piece(int(i)), float(probabilities[i]))
        for i in best
    ]
