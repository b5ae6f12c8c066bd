"""Correlations by hand, and as scipy has them."""

import numpy as np
import pytest

from albert_tf.metrics.correlation import average_ranks, pearson, spearman


def test_by_hand():
    assert average_ranks([30, 10, 20, 10]).tolist() == [4, 1.5, 3, 1.5]
    assert pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1.0)
    assert spearman([1, 2, 3], [1, 10, 5]) == pytest.approx(0.5)


def test_constant_series_correlates_with_nothing():
    assert pearson([1, 2, 3], [4, 4, 4]) == 0.0
    assert spearman([1, 1], [4, 5]) == 0.0


@pytest.mark.parametrize(
    ("series", "message"),
    [(([1, 2], [1, 2, 3]), "one length"), (([1], [1]), "two rows or more")],
)
def test_series_that_cannot_be_compared(series, message):
    with pytest.raises(ValueError, match=message):
        pearson(*series)


@pytest.mark.reference
@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e9])
def test_equal_to_scipy(scale):
    stats = pytest.importorskip("scipy.stats")
    generator = np.random.default_rng(0)
    for decimals in (0, 1, 6):  # many ties, some, none
        expected = np.round(generator.uniform(0, 5, 300), decimals)
        predicted = np.round(expected + generator.normal(size=300), decimals)
        predicted = predicted * scale
        assert pearson(expected, predicted) == pytest.approx(
            stats.pearsonr(expected, predicted)[0], abs=1e-9
        )
        assert spearman(expected, predicted) == pytest.approx(
            stats.spearmanr(expected, predicted)[0], abs=1e-9
        )
