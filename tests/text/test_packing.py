"""Packing equals the reference's loop; padding and its errors."""

import numpy as np
import pytest

from albert_tf.text import packing
from tests.reference.tokenization import truncate_seq_pair


def test_kept_lengths_equal_the_loop():
    for budget in range(2, 14):
        for first in range(16):
            for second in range(16):
                tokens_a, tokens_b = [0] * first, [0] * second
                truncate_seq_pair(tokens_a, tokens_b, budget)
                kept = packing.kept_lengths(first, second, budget)
                assert kept == (len(tokens_a), len(tokens_b))


def test_one_text():
    packed = packing.pack([7, 8, 9], cls_id=2, sep_id=3, max_length=4)
    assert packed == ([2, 7, 8, 3], [0, 0, 0, 0])


def test_two_texts():
    token_ids, segment_ids = packing.pack(
        [7, 8, 9], [10, 11], cls_id=2, sep_id=3, max_length=7
    )
    assert token_ids == [2, 7, 8, 3, 10, 11, 3]
    assert segment_ids == [0, 0, 0, 0, 1, 1, 1]


def test_empty_texts():
    options = {"cls_id": 2, "sep_id": 3, "max_length": 8}
    assert packing.pack([], **options) == ([2, 3], [0, 0])
    assert packing.pack([], [], **options) == ([2, 3, 3], [0, 0, 1])


@pytest.mark.parametrize("second, least", [(None, 3), ([1], 5)])
def test_no_room(second, least):
    with pytest.raises(ValueError, match=f"must be at least {least}: .*=2"):
        packing.pack([1], second, cls_id=2, sep_id=3, max_length=2)
    packing.pack([1], second, cls_id=2, sep_id=3, max_length=least)


def test_pad():
    batch = packing.pad([([2, 3], [0, 0]), ([2, 9, 3], [0, 0, 1])], pad_id=7)
    assert tuple(batch) == packing.INPUT_NAMES
    assert all(array.dtype == np.int32 for array in batch.values())
    assert batch["token_ids"].tolist() == [[2, 3, 7], [2, 9, 3]]
    assert batch["segment_ids"].tolist() == [[0, 0, 0], [0, 0, 1]]
    assert batch["padding_mask"].tolist() == [[1, 1, 0], [1, 1, 1]]


def test_pad_to_length():
    batch = packing.pad([([2, 3], [0, 0])], pad_id=0, length=4)
    assert batch["padding_mask"].tolist() == [[1, 1, 0, 0]]


def test_pad_nothing():
    batch = packing.pad([], pad_id=0)
    assert batch["token_ids"].shape == (0, 0)


def test_pad_names_a_row_that_is_too_long():
    rows = [([2, 3], [0, 0]), ([2, 9, 9, 3], [0] * 4)]
    with pytest.raises(ValueError, match="row 1 has 4 tokens.*length=3"):
        packing.pad(rows, pad_id=0, length=3)
