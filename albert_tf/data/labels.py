"""The labels of a task, their names and order."""

from __future__ import annotations

from albert_tf.data.table import read_lines


def label_set(examples):
    """Returns the distinct labels of training data, sorted.

    Raises:
        ValueError: there is only one, so nothing to tell apart; one holds a
            line break, while files of labels have one a line.
    """
    for example in examples:
        if "\n" in example.label or "\r" in example.label:
            raise ValueError(
                f"{example.place}: the label {example.label!r} holds a line "
                "break. Expected a label on one line; mend the row."
            )
    labels = sorted({example.label for example in examples})
    if len(labels) < 2:
        raise ValueError(
            f"All {len(examples)} training rows have the label "
            f"{labels[0]!r}. Expected two labels or more. Check the column "
            "named by --label-column."
        )
    return labels


def read_labels(path):
    """Returns the labels that a file fixes, one a line, in its order.

    Raises:
        ValueError: the file cannot be read, or does not hold at least two
            distinct labels.
    """
    labels = [line.strip() for line in read_lines(path)]
    labels = [label for label in labels if label]
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    if repeated:
        raise ValueError(
            f"{path} names the label {', '.join(repeated)} more than once. "
            "Expected each label on one line."
        )
    if len(labels) < 2:
        raise ValueError(
            f"{path} holds {len(labels)} labels. Expected two or more, one a "
            "line, in the order of the model's outputs."
        )
    return labels


def unknown_label(label, labels):
    """Returns what to say of a label outside the set."""
    return (
        f"the label {label!r} is not one the model knows: "
        f"{', '.join(labels)}. Mend the row, or train with that label."
    )


def label_indices(examples, labels):
    """Returns each example's index into `labels`.

    Raises:
        ValueError: an example has a label outside the set; its place and
            the set are named.
    """
    index_of = {label: index for index, label in enumerate(labels)}
    for example in examples:
        if example.label not in index_of:
            problem = unknown_label(example.label, labels)
            raise ValueError(f"{example.place}: {problem}")
    return [index_of[example.label] for example in examples]
