"""Parts of a batch hold its rows, and weigh as its labels do."""

import numpy as np
import pytest

from albert_tf.data.batches import BucketedBatches
from albert_tf.data.parts import in_parts
from albert_tf.data.rows import IGNORED

CLASS_WEIGHTS = [1.0, 4.0, 0.25]


def _batches(count, labels):
    rows = [([2, 10 + index, 3], [0, 0, 0]) for index in range(count)]
    batches = BucketedBatches(rows, labels, batch_size=8, pad_id=0)
    return batches.in_order()[0]


def _labels(kind, count):
    generator = np.random.default_rng(1)
    tags = generator.integers(IGNORED, 3, (count, 3))
    places = generator.integers(0, 3, count)
    return {
        "label": places,
        "score": places.astype(np.float32),
        "tags": tags.tolist(),
        "places": {"start_logits": places, "end_logits": places},
    }[kind]


def _weights(labels):
    """Returns what each row's labels weigh."""
    if isinstance(labels, dict) or labels.dtype == np.float32:
        return np.ones(8)
    weights = np.array([*CLASS_WEIGHTS, 0.0])[labels]
    return weights.reshape(8, -1).sum(-1)


@pytest.mark.parametrize("kind", ["label", "score", "tags", "places"])
def test_a_part_weighs_its_share_of_the_labels(kind):
    dataset = _batches(8, _labels(kind, 8))
    ((inputs, labels),) = dataset.as_numpy_iterator()
    parts = list(in_parts(dataset, 3, CLASS_WEIGHTS).as_numpy_iterator())
    assert [len(weights) for *_, weights in parts] == [2, 3, 3]
    ids = np.concatenate([part["token_ids"] for part, *_ in parts])
    np.testing.assert_array_equal(ids, inputs["token_ids"])
    by_row = _weights(labels)
    for (*_, weights), begin, end in zip(parts, (0, 2, 5), (2, 5, 8)):
        share = by_row[begin:end].sum() / by_row.sum()
        np.testing.assert_allclose(weights, 3 * share, rtol=1e-6)


def test_fewer_rows_than_parts_leave_some_without_weight():
    dataset = in_parts(_batches(10, _labels("label", 10)), 4)
    weights = [weights for *_, weights in dataset.as_numpy_iterator()]
    assert [len(part) for part in weights] == [2, 2, 2, 2, 1, 1, 1, 1]
    np.testing.assert_allclose(np.concatenate(weights[:4]), 1.0)
    np.testing.assert_allclose(np.concatenate(weights[4:]), [0, 2, 0, 2])


def test_one_part_is_the_batch():
    dataset = _batches(8, _labels("label", 8))
    assert in_parts(dataset, 1) is dataset
