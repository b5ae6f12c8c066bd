"""Pictures of a run: its learning curve, and what is taken for what."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from albert_tf.files import written_aside
from albert_tf.train.run_folder import HISTORY_FILE

CURVE_FILE = "learning_curve.png"
CONFUSION_FILE = "confusion.png"


def check_pictures():
    """Refuses to go on where no picture could be drawn at the end.

    Raises:
        ValueError: matplotlib is missing.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise ValueError(
            "--pictures needs matplotlib. Run `pip install matplotlib`, or "
            "leave --pictures out."
        ) from error


def draw_run(directory, result):
    """Draws what a run left in its folder.

    Args:
        directory: of the run.
        result: dict, `scores` and `metric` of the best model.

    Returns:
        list of Path: what was written.
    """
    directory = Path(directory)
    with open(directory / HISTORY_FILE, newline="") as file:
        rows = list(csv.DictReader(file))
    paths = [directory / CURVE_FILE]
    _draw_curve(rows, result["metric"], paths[0])
    confusion = result["scores"].get("confusion")
    if confusion is not None:
        paths.append(directory / CONFUSION_FILE)
        draw_confusion(confusion, paths[1])
    return paths


def draw_confusion(confusion, path):
    """Draws how often each label was taken for each.

    Args:
        confusion: dict of dicts of int, by expected and predicted label.
        path: of a picture, such as `.png` or `.svg`.
    """
    labels = list(confusion)
    counts = np.array([list(row.values()) for row in confusion.values()])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = max(4.0, 0.5 * len(labels) + 2)
    figure, axes = _figure(size, size)
    axes.imshow(shares, vmin=0, vmax=1, cmap="Blues")
    # A label may hold a dollar sign, which would begin a formula.
    plain = {"parse_math": False}
    axes.set_xticks(
        range(len(labels)), labels, rotation=45, ha="right", **plain
    )
    axes.set_yticks(range(len(labels)), labels, **plain)
    axes.set_xlabel("predicted")
    axes.set_ylabel("expected")
    for row, column in np.ndindex(*counts.shape):
        color = "white" if shares[row, column] > 0.5 else "black"
        text = str(counts[row, column])
        axes.text(column, row, text, ha="center", va="center", color=color)
    _save(figure, path)


def _draw_curve(rows, metric, path):
    steps = [int(row["step"]) for row in rows]
    figure, axes = _figure(6, 4)
    for name, label in (("loss", "training"), ("val_loss", "development")):
        if name in rows[0]:
            values = [float(row[name]) for row in rows]
            axes.plot(steps, values, marker="o", label=f"{label} loss")
    scores = axes.twinx()
    values = [float(row[f"val_{metric}"]) for row in rows]
    scores.plot(steps, values, "k--", marker="s", label=f"{metric} (right)")
    axes.set_xlabel("updates")
    axes.set_ylabel("loss")
    scores.set_ylabel(metric)
    lines = axes.get_lines() + scores.get_lines()
    axes.legend(lines, [line.get_label() for line in lines])
    _save(figure, path)


def _figure(width, height):
    # Not pyplot: it would look for a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _save(figure, path):
    with written_aside(path) as aside:
        figure.savefig(aside, dpi=120)
