"""What each prediction of a pretraining batch counts."""

import numpy as np


def mean_one(weights):
    """Returns weights scaled to 1 on average, or as they are if all are 0.

    A plain mean over any split of a batch into equal parts is then the mean
    of the whole.

    Args:
        weights: float32 array, not negative.
    """
    total = weights.sum()
    return weights * np.float32(weights.size / total) if total else weights


def weigh_as_one(batches):
    """Gives each prediction of all batches the same weight, 1 on average.

    A plain mean over the batches, equally large, is then exact, also where
    they hold different numbers of predictions.

    Args:
        batches: list of (inputs, targets, weights); the float32 arrays of the
            last, a dict, are changed in place.
    """
    for name in batches[0][2]:
        weights = [batch[2][name] for batch in batches]
        total = sum(np.count_nonzero(each) for each in weights)
        share = sum(each.size for each in weights) / max(total, 1)
        for each in weights:
            each[...] = np.where(each > 0, share, 0.0)
