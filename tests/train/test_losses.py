"""Losses of labels against PyTorch's definition, worked out in numpy."""

import keras
import numpy as np
import pytest

from albert_tf.train.losses import LabelLoss, ScoreLoss


def _expected(labels, logits, weights, smoothing):
    total, weight = 0.0, 0.0
    for label, row in zip(labels.ravel(), logits.reshape(-1, logits.shape[-1])):
        if label < 0:
            continue
        chances = row - np.log(np.exp(row).sum())
        target = np.full(len(row), smoothing / len(row))
        target[label] += 1 - smoothing
        share = 1.0 if weights is None else weights[label]
        total -= share * (target @ chances)
        weight += share
    return total / weight


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 0.5]])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("shape", [(6,), (2, 5)])
def test_mean_over_the_real_labels(shape, weights, smoothing):
    generator = np.random.default_rng(0)
    labels = generator.integers(-1, 3, shape).astype(np.int32)
    logits = generator.normal(size=(*shape, 3)).astype(np.float32)
    loss = float(LabelLoss(weights, smoothing)(labels, logits))
    wanted = _expected(labels, logits.astype(float), weights, smoothing)
    assert loss == pytest.approx(wanted, abs=1e-6)


def test_batch_without_labels_has_no_loss():
    logits = np.ones((2, 3), np.float32)
    assert float(LabelLoss()(np.full(2, -1, np.int32), logits)) == 0.0


def test_smoothing_is_checked():
    with pytest.raises(ValueError, match="`label_smoothing` must be at least"):
        LabelLoss(label_smoothing=1.0)


def test_scores_are_compared_row_by_row():
    loss = ScoreLoss()(np.float32([1, 2]), np.float32([[1], [4]]))
    assert float(loss) == 2.0


@pytest.mark.parametrize("shape", [(4,), (4, 5), (4, 4)])
def test_rows_may_weigh(shape):
    """A row's weight multiplies its part of the average."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, shape).astype(np.int32)
    labels[0] = -1
    labels[1] = np.where(np.arange(labels[1].size) < 2, labels[1], -1)
    logits = generator.normal(size=(*shape, 3)).astype(np.float32)
    by_label = LabelLoss([1.0, 2.0, 0.5], 0.1, reduction=None)(labels, logits)
    assert by_label.shape == shape
    weights = np.float32([3, 0, 1, 0.5])
    by_row = np.asarray(by_label).reshape(4, -1).sum(-1) / labels.size
    loss = LabelLoss([1.0, 2.0, 0.5], 0.1)
    for given in (weights, np.broadcast_to(weights, shape[::-1]).T):
        got = float(loss(labels, logits, given))
        assert got == pytest.approx(weights @ by_row, abs=1e-6)
    assert float(loss(labels, logits)) == pytest.approx(by_row.sum(), abs=1e-6)


def test_rows_of_scores_may_weigh():
    y_true, y_pred = np.float32([1, 2]), np.float32([[1], [4]])
    assert float(ScoreLoss()(y_true, y_pred, np.float32([9, 0.5]))) == 1.0
    by_row = ScoreLoss(reduction=None)(y_true, y_pred)
    np.testing.assert_array_equal(by_row, [0, 4])


@pytest.mark.parametrize("name", ["sample_weight", "class_weight"])
def test_fit_weighs_rows(name):
    """With a weight of 0 for one of two labels, nothing teaches it."""
    labels = np.array([0, 1, 0, 1], np.int32)
    weights = {0: 0.0, 1: 2.0}
    if name == "sample_weight":
        weights = np.float32([weights[label] for label in labels])
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model.compile("sgd", LabelLoss())
    inputs = np.eye(2, dtype=np.float32)[labels]
    before = model.get_weights()
    history = model.fit(inputs, labels, verbose=0, **{name: weights}).history
    logits = inputs @ before[0] + before[1]
    chances = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = -chances[labels == 1, 1].mean()
    assert history["loss"][0] == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(model.get_weights()[0][0], before[0][0])
