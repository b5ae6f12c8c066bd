"""Sequences of documents: whole sentences, one swap, nothing lost."""

import numpy as np
import pytest

from albert_tf.data.segments import (
    NO_ORDER,
    SegmentOptions,
    segment_pairs,
    truncate,
)

# One-sentence documents, one-token sentences, sentences and documents longer
# than any sequence.
SHAPES = [
    [1],
    [5],
    [1, 1],
    [1] * 40,
    [13],
    [14],
    [500],
    [3, 200, 1, 1, 90],
    [12, 1, 12, 1],
    list(range(1, 30)),
]


def _pairs(lengths, seed, **options):
    token_ids = np.arange(sum(lengths), dtype=np.int32)
    return list(
        segment_pairs(
            token_ids,
            lengths,
            SegmentOptions(**options),
            np.random.default_rng(seed),
        )
    )


@pytest.mark.parametrize("lengths", SHAPES)
@pytest.mark.parametrize("seed", range(20))
def test_properties(lengths, seed):
    end = 0
    for pair in _pairs(lengths, seed, max_length=16):
        first, second = pair.first, pair.second
        assert len(first) >= 1 and len(first) + len(second) <= 13
        assert (len(second) == 0) == (pair.order == NO_ORDER)
        if pair.order == 1:
            first, second = second, first
        # Both are runs of the text, the second behind the first, and all
        # behind the last sequence.
        ids = np.concatenate([first, second])
        assert (np.diff(first) == 1).all() and (np.diff(second) == 1).all()
        assert (np.diff(ids) > 0).all() and ids[0] >= end
        end = ids[-1] + 1


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_where_sentences_fit(seed):
    pairs = _pairs([4, 9, 2, 7, 6, 13], seed, max_length=16)
    short = _pairs([500], seed, max_length=16, short_sequence_rate=0.0)
    kept = np.concatenate([p.first for p in short])
    np.testing.assert_array_equal(kept, np.arange(500))
    begins = {0, 4, 13, 15, 22, 28, 41}
    for pair in pairs:
        ids = np.concatenate([pair.first, pair.second])
        if pair.order != NO_ORDER and len(ids) < 13:
            swapped = pair.order == 1
            middle = (pair.first if swapped else pair.second)[0]
            assert middle in begins


def test_cut_at_both_ends_of_the_longer_segment():
    generator = np.random.default_rng(0)
    first, second = np.arange(100), np.arange(100, 105)
    fronts = []
    for _ in range(300):
        kept, other = truncate(first, second, 50, generator)
        assert len(kept) == 45 and len(other) == 5
        fronts.append(kept[0])
    # 55 coins: 27.5 of them cut the front, give or take 3.7.
    assert abs(np.mean(fronts) - 27.5) < 1.0
    assert abs(np.std(fronts) - 3.7) < 0.6


def test_shares():
    pairs = _pairs([8] * 40_000, 3, max_length=64)
    orders = np.array([pair.order for pair in pairs])
    assert abs((orders == 1).sum() / (orders != NO_ORDER).sum() - 0.5) < 0.02
    sizes = np.array([len(p.first) + len(p.second) for p in pairs])
    # A target of 57 to 61 takes eight sentences too, as a full one does.
    short = (sizes < 57).mean()
    assert abs(short - 0.1 * 55 / 60) < 0.01


@pytest.mark.parametrize("lengths", SHAPES)
@pytest.mark.parametrize("seed", range(20))
def test_a_passage_comes_twice(lengths, seed):
    seen = []
    for pair in _pairs(lengths, seed, max_length=16, repeated_rate=1.0):
        text, passage = pair.first, pair.second
        assert len(text) + len(passage) <= 13
        if len(passage) > len(text):
            text, passage = passage, text
        seen.append(text)
        if pair.order != NO_ORDER:
            seen[-1] = np.sort(np.concatenate([text, passage]))
        elif len(passage):
            assert set(passage) <= set(text)
            assert (np.diff(passage) == 1).all()
    # The text itself comes but once; whole, where no pair had to be cut.
    ids = np.concatenate(seen)
    assert (np.diff(ids) > 0).all()
    if max(lengths) <= 6:
        assert len(ids) == sum(lengths)


def test_repeats_have_their_share_in_training_only():
    pairs = _pairs([8] * 40_000, 3, max_length=64, repeated_rate=0.3)
    repeated = [bool(set(p.first) & set(p.second)) for p in pairs]
    assert abs(np.mean(repeated) - 0.3) < 0.02
    options = SegmentOptions(repeated_rate=0.3)
    assert options.of("train") == options
    assert options.of("heldout") == SegmentOptions()


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"max_length": 7}, "at least 8"),
        ({"short_sequence_rate": 1.5}, "between 0 and 1"),
        ({"repeated_rate": -0.1}, "repeated_rate"),
    ],
)
def test_bad_options(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        SegmentOptions(**options)
