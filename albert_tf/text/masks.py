"""Texts in which `[MASK]` stands for a piece to be guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from albert_tf.text.tokenizer import AlbertTokenizer

MASK = "[MASK]"


def encode_masked(
    tokenizer: AlbertTokenizer, text: str
) -> tuple[list[int], list[int]]:
    """Returns the ids of a text with masks, and where the masks are.

    Written out in a text, `[MASK]` would be taken for three letters and two
    brackets: the text is cut there, and the parts encoded one by one.

    Args:
        tokenizer: AlbertTokenizer.
        text: str with at least one `[MASK]`.

    Returns:
        (token_ids, masked_positions): ids with `[CLS]` and `[SEP]` around
        them, and the indices of the masks among them.

    Raises:
        ValueError: the text has no mask.
    """
    if MASK not in text:
        raise ValueError(
            f"The text has no {MASK}. Write one where a piece is missing."
        )
    first, *others = tokenizer.encode_ids(text.split(MASK))
    ids = [tokenizer.cls_id, *first]
    positions = []
    for part in others:
        positions.append(len(ids))
        ids += [tokenizer.mask_id, *part]
    return [*ids, tokenizer.sep_id], positions
