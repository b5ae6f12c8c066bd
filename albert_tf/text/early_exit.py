"""When a model with exit heads may stop."""

import numpy as np


def exit_depths(logits, patience):
    """Returns after how many depths each text's answer stands.

    A text is done where `patience` depths in a row have named the label that
    the depth before them named; else the last depth answers.

    Args:
        logits: float[B, L, C]. Of every depth.
        patience: int >= 0. 0 stops after the first depth, L or more never
            stops early.

    Returns:
        int[B], each in [1, L].

    Source: arXiv:2006.04152 section 3.1, patience-based early exit.
    """
    labels = np.asarray(logits).argmax(-1)
    num_texts, num_depths = labels.shape
    depths = np.full(num_texts, num_depths)
    agreed = np.zeros(num_texts, int)
    is_done = agreed >= patience
    depths[is_done] = 1
    for depth in range(1, num_depths):
        same = labels[:, depth] == labels[:, depth - 1]
        agreed = np.where(same, agreed + 1, 0)
        stops = (agreed >= patience) & ~is_done
        depths[stops] = depth + 1
        is_done |= stops
    return depths


def exit_logits(logits, depths):
    """Returns float[B, C]: of each text the logits of the depth it ends at."""
    return np.asarray(logits)[np.arange(len(logits)), np.asarray(depths) - 1]
