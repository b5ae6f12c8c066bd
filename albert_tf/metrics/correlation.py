"""Scores of regression: how well predictions follow the truth."""

import numpy as np


def pearson(expected, predicted):
    """Returns the linear correlation of two series, in [-1, 1].

    Args:
        expected: float[rows].
        predicted: float[rows].

    Returns:
        float; 0 where either is constant, since nothing can be followed.

    Raises:
        ValueError: the series differ in length, or have fewer than two rows.
    """
    expected, predicted = _checked(expected, predicted)
    expected = expected - expected.mean()
    predicted = predicted - predicted.mean()
    # Scaled first: the squares of very small numbers vanish.
    spread = np.linalg.norm(expected), np.linalg.norm(predicted)
    if min(spread) == 0:
        return 0.0
    value = (expected / spread[0]) @ (predicted / spread[1])
    return float(np.clip(value, -1.0, 1.0))


def spearman(expected, predicted):
    """Returns the correlation of the ranks of two series, in [-1, 1].

    Args:
        expected: float[rows].
        predicted: float[rows].

    Raises:
        ValueError: as `pearson`.
    """
    expected, predicted = _checked(expected, predicted)
    return pearson(average_ranks(expected), average_ranks(predicted))


def average_ranks(values):
    """Returns the rank of each value from 1, ties sharing their average.

    Args:
        values: float[rows].

    Returns:
        float[rows].
    """
    _, group, counts = np.unique(
        np.asarray(values), return_inverse=True, return_counts=True
    )
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[group]


def _checked(expected, predicted):
    expected = np.asarray(expected, np.float64)
    predicted = np.asarray(predicted, np.float64)
    if expected.shape != predicted.shape or expected.ndim != 1:
        raise ValueError(
            "Expected two series of one length. Received: shapes "
            f"{expected.shape} and {predicted.shape}."
        )
    if len(expected) < 2:
        raise ValueError(
            f"A correlation needs two rows or more. Received: {len(expected)}."
        )
    return expected, predicted
