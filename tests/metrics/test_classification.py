"""Scores against tables worked out by hand, and scikit-learn if present."""

import numpy as np
import pytest

from albert_tf.metrics import classification

# Two labels: 3 true negatives, 1 false positive, 2 false negatives, 4 true
# positives. Accuracy 7/10; F1 of the positive label 8/11, of the negative 6/9.
EXPECTED = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
PREDICTED = [0, 0, 0, 1, 0, 0, 1, 1, 1, 1]


def test_scores_by_hand():
    confusion = classification.confusion_matrix(EXPECTED, PREDICTED, 2)
    assert confusion.tolist() == [[3, 1], [2, 4]]
    assert classification.accuracy(confusion) == pytest.approx(0.7)
    assert classification.f1_scores(confusion) == pytest.approx([6 / 9, 8 / 11])
    assert classification.matthews_correlation(confusion) == pytest.approx(
        (4 * 3 - 1 * 2) / np.sqrt(5 * 6 * 4 * 5)
    )


def test_label_that_never_occurs_scores_zero():
    confusion = classification.confusion_matrix([0, 1], [1, 0], 3)
    assert classification.f1_scores(confusion).tolist() == [0, 0, 0]


def test_one_predicted_label_has_no_correlation():
    confusion = classification.confusion_matrix([0, 1, 1], [1, 1, 1], 2)
    assert classification.matthews_correlation(confusion) == 0.0


@pytest.mark.reference
def test_scores_equal_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    generator = np.random.default_rng(0)
    for num_labels in (2, 3, 7):
        expected = generator.integers(num_labels, size=400)
        wrong = generator.integers(num_labels, size=400)
        predicted = np.where(generator.random(400) < 0.6, expected, wrong)
        confusion = classification.confusion_matrix(
            expected, predicted, num_labels
        )
        got = [
            classification.accuracy(confusion),
            classification.matthews_correlation(confusion),
            *classification.f1_scores(confusion),
        ]
        wanted = [
            metrics.accuracy_score(expected, predicted),
            metrics.matthews_corrcoef(expected, predicted),
            *metrics.f1_score(expected, predicted, average=None),
        ]
        np.testing.assert_allclose(got, wanted, atol=1e-9)
