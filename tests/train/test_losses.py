"""Losses of labels against PyTorch's definition, worked out in numpy."""

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
