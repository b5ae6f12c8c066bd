"""How much each label weighs in the loss."""

from __future__ import annotations

BALANCED = "balanced"


def class_weights(wanted, labels, counts):
    """Returns a weight for each label.

    Args:
        wanted: `"balanced"`, for weights that let every label pull alike,
            rows / (labels * rows of the label), as scikit-learn has it; or
            `"label=2,other=0.5"`, where labels not named weigh 1; or None.
        labels: list of str, in the model's order.
        counts: dict of int, rows of each label in training.

    Returns:
        list of float, or None where nothing is wanted.

    Raises:
        ValueError: a part names no label or no number above 0.
    """
    if wanted is None:
        return None
    if wanted == BALANCED:
        present = [label for label in labels if counts.get(label)]
        total = sum(counts[label] for label in present)
        return [
            # A label without a row is never looked at.
            total / (len(present) * counts[n]) if counts.get(n) else 1.0
            for n in labels
        ]
    weights = dict.fromkeys(labels, 1.0)
    for part in wanted.split(","):
        label, _, number = part.rpartition("=")
        weight = _number(number)
        if label.strip() not in weights or weight is None:
            raise ValueError(
                f"--class-weights holds {part!r}. Expected "
                f"{BALANCED!r}, or LABEL=NUMBER above 0, with commas "
                f"between, of the labels {', '.join(labels)}."
            )
        weights[label.strip()] = weight
    return list(weights.values())


def _number(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None
