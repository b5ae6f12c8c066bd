"""Token ids to model inputs: special tokens, truncation, padding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# The names of the model's inputs, in the order of its signatures.
INPUT_NAMES = ("token_ids", "segment_ids", "padding_mask")


def pack(
    first: Sequence[int],
    second: Sequence[int] | None = None,
    *,
    cls_id: int,
    sep_id: int,
    max_length: int,
) -> tuple[list[int], list[int]]:
    """Joins one or two texts into one sequence: [CLS] a [SEP] (b [SEP]).

    What does not fit is cut from the end of the longer text, one token at a
    time, so that a short second text survives beside a long first one.

    Args:
        first: int[*]. Ids of the first text.
        second: int[*] or None. Ids of the second text of a pair.
        cls_id: int. Id of `[CLS]`.
        sep_id: int. Id of `[SEP]`.
        max_length: int. Longest sequence, special tokens included.

    Returns:
        (token_ids, segment_ids): two lists of one length, at most
        `max_length`; segment 0 runs to the first `[SEP]` inclusive.

    Raises:
        ValueError: `max_length` leaves no room for a token of each text.

    Source: google-research/albert classifier_utils.py
    `convert_single_example`, `_truncate_seq_pair`.
    """
    num_special = 2 if second is None else 3
    num_texts = num_special - 1
    if max_length < num_special + num_texts:
        raise ValueError(
            f"`max_length` must be at least {num_special + num_texts}: "
            f"{num_special} special tokens and one of each text. "
            f"Received: max_length={max_length}."
        )
    keep_first, keep_second = kept_lengths(
        len(first), len(second or ()), max_length - num_special
    )
    token_ids = [cls_id, *first[:keep_first], sep_id]
    segment_ids = [0] * len(token_ids)
    if second is not None:
        token_ids += [*second[:keep_second], sep_id]
        segment_ids += [1] * (keep_second + 1)
    return token_ids, segment_ids


def pad(
    rows: Sequence[tuple[Sequence[int], Sequence[int]]],
    *,
    pad_id: int,
    length: int | None = None,
) -> dict[str, np.ndarray]:
    """Stacks packed sequences into one batch of model inputs.

    Args:
        rows: pairs (token_ids, segment_ids), as `pack` returns them.
        pad_id: int. Id of `<pad>`.
        length: int or None. Length of the batch; None takes the longest row.

    Returns:
        dict of int32[B, S] arrays: `token_ids`, `segment_ids` and
        `padding_mask` (1 where a token is real).

    Raises:
        ValueError: a row is longer than `length`.
    """
    longest = max((len(token_ids) for token_ids, _ in rows), default=0)
    length = longest if length is None else length
    if longest > length:
        index = [len(token_ids) for token_ids, _ in rows].index(longest)
        raise ValueError(
            f"`length` must hold every row: row {index} has {longest} "
            f"tokens. Received: length={length}. Pack with this max_length."
        )
    shape = (len(rows), length)
    batch = {name: np.zeros(shape, np.int32) for name in INPUT_NAMES}
    batch["token_ids"].fill(pad_id)
    for index, (token_ids, segment_ids) in enumerate(rows):
        batch["token_ids"][index, : len(token_ids)] = token_ids
        batch["segment_ids"][index, : len(segment_ids)] = segment_ids
        batch["padding_mask"][index, : len(token_ids)] = 1
    return batch


def pad_choices(
    rows: Sequence[Sequence[tuple[Sequence[int], Sequence[int]]]],
    *,
    pad_id: int,
    length: int | None = None,
) -> dict[str, np.ndarray]:
    """Stacks packed sequences, C of each row, into one batch.

    Args:
        rows: for each row C pairs (token_ids, segment_ids).
        pad_id: int. Id of `<pad>`.
        length: int or None. Length of the batch; None takes the longest.

    Returns:
        dict of int32[B, C, S] arrays, as of `pad`.

    Raises:
        ValueError: rows differ in their number of choices, or one is longer
            than `length`.
    """
    counts = {len(row) for row in rows}
    if len(counts) != 1:
        raise ValueError(
            "Every row must have as many choices as the others. Received: "
            f"{', '.join(map(str, sorted(counts))) or 'no rows'}."
        )
    flat = pad([c for row in rows for c in row], pad_id=pad_id, length=length)
    (num_choices,) = counts
    return {
        name: array.reshape(len(rows), num_choices, -1)
        for name, array in flat.items()
    }


def kept_lengths(first: int, second: int, budget: int) -> tuple[int, int]:
    """Returns the lengths left of two texts that must share `budget` tokens.

    Args:
        first: int >= 0. Tokens of the first text.
        second: int >= 0. Tokens of the second text.
        budget: int. Most tokens of both together.

    Closed form of the reference's loop, which drops from the first text where
    it is strictly longer and else from the second: what is left is the
    shorter text whole, or, where both are long, an even split with the odd
    token going to the first.
    """
    if first + second <= budget:
        return first, second
    half = budget // 2
    if first <= budget - half:
        return first, budget - first
    if second <= half:
        return budget - second, second
    return budget - half, half
