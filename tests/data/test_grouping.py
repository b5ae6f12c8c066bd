"""Batches of about one length hold every sequence, and as many tokens each."""

import collections

import numpy as np
import pytest

from albert_tf.data.grouping import bucketed, shuffled, unbucketed
from albert_tf.data.pretraining import Row


def _rows(lengths):
    return [
        Row(np.arange(length), 1, 0, (0, index))
        for index, length in enumerate(lengths)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_every_row_once_but_for_less_than_a_batch(seed):
    generator = np.random.default_rng(seed)
    longest = int(generator.integers(8, 600))
    batch_size = int(generator.integers(1, 40))
    count = int(generator.integers(0, 2000))
    # Mostly long, as documents give them, or any mixture.
    lengths = longest * generator.random(count) ** generator.uniform(0.1, 4)
    rows = _rows(np.ceil(lengths).astype(int).clip(3, longest))
    seen = collections.Counter()
    for batch, length in bucketed(rows, batch_size, longest):
        halvings = next(n for n in range(4) if longest >> n == length)
        assert len(batch) == batch_size * 2**halvings
        assert max(len(row.token_ids) for row in batch) <= length
        seen.update(row.key for row in batch)
    assert set(seen.values()) <= {1}
    assert 0 <= count - len(seen) < batch_size


def test_each_batch_takes_the_shortest_room():
    lengths = [64, 33, 32, 17, 16, 9, 8, 3] * 16
    batches = list(bucketed(_rows(lengths), 2, 64))
    whole = [length for batch, length in batches if len(batch) < 16]
    assert collections.Counter(whole) == {64: 16, 32: 8, 16: 4}
    assert [len(batch) for batch, length in batches if length == 8] == [16] * 2
    for batch, length in batches:
        shortest = min(len(row.token_ids) for row in batch)
        assert shortest > length // 2 or length == 8


def test_leftovers_fill_longer_batches():
    rows = _rows([8] * 7 + [16] * 3 + [64] * 5)
    first, second = bucketed(rows, 4, 64)
    assert first == (rows[-5:-1], 64)
    # Of 16 there would have to be 16, of 32 there are enough.
    assert second == (rows[:8], 32)


def test_as_they_come():
    rows = _rows([5, 6, 7, 8, 9])
    assert list(unbucketed(rows, 2, 16)) == [
        (rows[:2], 16),
        (rows[2:4], 16),
        (rows[4:], 16),
    ]


@pytest.mark.parametrize("num_held", [1, 10, 200])
def test_shuffled_holds_every_row(num_held):
    found = list(shuffled(range(100), num_held, np.random.default_rng(3)))
    assert sorted(found) == list(range(100))
    assert (found == list(range(100))) == (num_held == 1)
