"""Scores of single-label classification."""

import numpy as np


def confusion_matrix(expected, predicted, num_labels):
    """Counts how often each label was taken for each.

    Args:
        expected: int[rows].
        predicted: int[rows].
        num_labels: int.

    Returns:
        int[num_labels, num_labels]: row is the expected label, column the
        predicted one.
    """
    expected = np.asarray(expected, np.int64)
    predicted = np.asarray(predicted, np.int64)
    pairs = expected * num_labels + predicted
    counts = np.bincount(pairs, minlength=num_labels**2)
    return counts.reshape(num_labels, num_labels)


def accuracy(confusion):
    """Returns the share of rows whose label was right, in [0, 1].

    Args:
        confusion: int[labels, labels], as `confusion_matrix` returns it.
    """
    return float(np.trace(confusion) / confusion.sum())


def f1_scores(confusion):
    """Returns the harmonic mean of precision and recall of each label.

    Args:
        confusion: int[labels, labels], as `confusion_matrix` returns it.

    Returns:
        float[labels] in [0, 1]; 0 for a label neither expected nor predicted.
    """
    right = np.diag(confusion)
    seen = confusion.sum(axis=0) + confusion.sum(axis=1)
    return np.divide(
        2.0 * right, seen, out=np.zeros(len(right)), where=seen > 0
    )


def matthews_correlation(confusion):
    """Returns the correlation of expected and predicted labels, in [-1, 1].

    Args:
        confusion: int[labels, labels], as `confusion_matrix` returns it.

    Source: Gorodkin 2004, "Comparing two K-category assignments".
    """
    total = float(confusion.sum())
    expected = confusion.sum(axis=1).astype(float)
    predicted = confusion.sum(axis=0).astype(float)
    covariance = np.trace(confusion) * total - expected @ predicted
    spread = (total**2 - expected @ expected) * (
        total**2 - predicted @ predicted
    )
    return float(covariance / np.sqrt(spread)) if spread > 0 else 0.0
