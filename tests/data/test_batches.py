"""Bucketing loses no row, changes no token, and wastes little."""

import itertools

import numpy as np
import pytest

from albert_tf.data.batches import BOUNDARIES, BucketedBatches


@pytest.fixture(scope="module")
def rows():
    generator = np.random.default_rng(0)
    lengths = generator.integers(3, 60, 203)
    return [(generator.integers(5, 900, n).tolist(), [0] * n) for n in lengths]


def _epoch(batches, **kwargs):
    dataset = batches.shuffled(**kwargs)
    return [
        (jobs["token_ids"].numpy(), jobs["padding_mask"].numpy(), y.numpy())
        for jobs, y in itertools.islice(dataset, batches.steps_per_epoch)
    ]


def _batches(rows, **kwargs):
    options = {"batch_size": 16, "pad_id": 0, **kwargs}
    return BucketedBatches(rows, range(len(rows)), **options)


def test_every_row_comes_once_with_its_tokens(rows):
    seen = []
    for token_ids, mask, labels in _epoch(_batches(rows), seed=1):
        for ids, real, label in zip(token_ids, mask, labels):
            assert ids[real == 1].tolist() == rows[label][0]
            assert not ids[real == 0].any()
            seen.append(int(label))
    assert sorted(seen) == list(range(len(rows)))


def test_rows_of_a_batch_share_a_bucket(rows):
    for token_ids, mask, _ in _epoch(_batches(rows), seed=1):
        assert token_ids.shape[1] in BOUNDARIES
        lengths = mask.sum(axis=1)
        narrower = [end for end in BOUNDARIES if end < token_ids.shape[1]]
        assert lengths.min() > max(narrower, default=0)


def test_epochs_differ_and_a_seed_repeats_them(rows):
    batches = _batches(rows)
    steps = batches.steps_per_epoch

    def labels(seed, start):
        dataset = batches.shuffled(seed=seed, start_step=start)
        return [y.numpy().tolist() for _, y in itertools.islice(dataset, 5)]

    assert labels(1, 0) == labels(1, 0)
    assert labels(1, 0) != labels(2, 0)
    assert labels(1, 0) != labels(1, steps)


def test_start_step_goes_on_where_an_epoch_stopped(rows):
    batches = _batches(rows)
    steps = batches.steps_per_epoch
    whole = itertools.islice(batches.shuffled(seed=4), steps + 3)
    whole = [y.numpy().tolist() for _, y in whole]
    rest = itertools.islice(batches.shuffled(seed=4, start_step=steps - 2), 5)
    assert [y.numpy().tolist() for _, y in rest] == whole[steps - 2 :]


def test_rows_in_order_say_which_they_are(rows):
    batches = BucketedBatches(rows, batch_size=16, pad_id=0)
    dataset, order = batches.in_order()
    assert dataset.cardinality() == batches.steps_per_epoch
    lengths = np.concatenate(
        [x["padding_mask"].numpy().sum(axis=1) for x in dataset]
    )
    assert lengths.tolist() == [len(rows[index][0]) for index in order]
    assert sorted(order) == list(range(len(rows)))


def test_mismatched_labels_are_refused(rows):
    with pytest.raises(ValueError, match="203 rows, 2 labels"):
        BucketedBatches(rows, [0, 1], batch_size=4, pad_id=0)


def test_texts_become_batches(small_tokenizer):
    batches = BucketedBatches.from_texts(
        small_tokenizer, ["a day", "a night"], labels=[0, 1], batch_size=2
    )
    ((_, inputs, labels),) = batches.arrays_in_order()
    expected = small_tokenizer(["a day", "a night"])
    for name, array in expected.items():
        width = array.shape[1]
        assert (inputs[name][:, :width] == array).all()
    assert labels.tolist() == [0, 1]
    with pytest.raises(ValueError, match="2 texts, 1 pairs"):
        BucketedBatches.from_texts(small_tokenizer, ["a", "b"], ["c"])


class _Series(list):
    """Rows of a table that were sorted or chosen: none has the name 0."""

    def __getitem__(self, name):
        raise KeyError(name)


@pytest.mark.parametrize("labels", [[3, 4], [0.5, 1.0], [[1, 2, 3]] * 2])
def test_labels_may_be_a_column_of_a_table(labels):
    rows = [([2, 7, 3], [0] * 3)] * 2
    options = {"batch_size": 2, "pad_id": 0, "max_length": 3}
    ((_, _, got),) = BucketedBatches(
        rows, _Series(labels), **options
    ).arrays_in_order()
    np.testing.assert_array_equal(got, labels)
    assert got.dtype == (np.float32 if 0.5 in labels else np.int32)
    if got.ndim == 1:
        column = {"name": _Series(labels)}
        batches = BucketedBatches(rows, column, **options)
        ((_, _, got),) = batches.arrays_in_order()
        np.testing.assert_array_equal(got["name"], labels)


def test_labels_of_tokens_are_padded_with_the_ignored_one():
    rows = [([2, 7, 8, 3], [0] * 4), ([2, 7, 3], [0] * 3)]
    labels = [[-1, 1, 2, -1], [-1, 0, -1]]
    batches = BucketedBatches(rows, labels, batch_size=2, pad_id=0)
    ((_, inputs, padded),) = batches.arrays_in_order()
    assert padded.shape == inputs["token_ids"].shape == (2, 8)
    assert padded[1].tolist() == [-1, 0] + [-1] * 6


def test_choices_and_labels_by_output():
    choice = [([2, 7, 3], [0] * 3), ([2, 7, 8, 3], [0] * 4)]
    labels = {"start_logits": [1, 2], "end_logits": [2, 3]}
    batches = BucketedBatches([choice, choice], labels, batch_size=2, pad_id=0)
    inputs, by_output = next(iter(batches.shuffled(seed=1)))
    assert inputs["token_ids"].shape == (2, 2, 8)
    assert inputs["padding_mask"].numpy().sum() == 14
    assert sorted(by_output["end_logits"].numpy()) == [2, 3]


def test_no_batch_is_longer_than_the_longest_row_may_be():
    lengths = [3, 17, 20, 15, 20]
    rows = [(list(range(5, 5 + n)), [0] * n) for n in lengths]
    batches = _batches(rows, max_length=20)
    widths = {
        int(label): token_ids.shape[1]
        for token_ids, _, labels in _epoch(batches, seed=1)
        for label in labels
    }
    assert widths == {0: 8, 1: 20, 2: 20, 3: 16, 4: 20}
    with pytest.raises(ValueError, match="Row 1 has 17 tokens.*max_length=16"):
        _batches(rows, max_length=16)


def test_a_longest_row_at_a_bucket_end_changes_no_batch(rows):
    free, bounded = _batches(rows), _batches(rows, max_length=64)
    epochs = _epoch(free, seed=1), _epoch(bounded, seed=1)
    for one, other in zip(*epochs, strict=True):
        for array, same in zip(one, other, strict=True):
            assert np.array_equal(array, same)
