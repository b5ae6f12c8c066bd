"""What a pretraining leaves to look at: a table, a picture."""

import csv
import datetime
import math
import time
from pathlib import Path

import keras

from albert_tf.files import written_aside

# A line of a terminal holds no more.
_BAR_WIDTH = 10
_SHORT_NAMES = {
    "loss": "loss",
    "masked_lm_logits_accuracy": "masked LM",
    "sentence_order_logits_accuracy": "order",
}
HISTORY_FILE = "history.csv"
CURVE_FILE = "curve.png"
_NAMES = {
    "loss": "loss",
    "masked_lm_logits_loss": "masked_lm_loss",
    "masked_lm_logits_accuracy": "masked_lm_accuracy",
    "sentence_order_logits_loss": "sentence_order_loss",
    "sentence_order_logits_accuracy": "sentence_order_accuracy",
}


class StopOnNaN(keras.callbacks.Callback):
    """Ends a training whose loss is not a number.

    Args:
        directory: of the run, whose last checkpoint is from before.
        progress: Progress.
    """

    def __init__(self, directory, progress):
        super().__init__()
        self._directory = directory
        self._progress = progress

    def on_train_batch_end(self, batch, logs=None):
        if not math.isfinite(float(logs["loss"])):
            raise ValueError(
                "The loss is not a number at step "
                f"{self._progress.step}. The last good model is in "
                f"{self._directory}. Train on from it with --model and "
                "another --output, a lower --learning-rate or more "
                "--warm-up-steps."
            )


class Report(keras.callbacks.Callback):
    """Says how far the training is: a line at every evaluation.

    Args:
        progress: Progress.
        options: PretrainOptions.
        has_bar: bool. Draws a bar between evaluations, for terminals.
    """

    def __init__(self, progress, options, *, has_bar):
        super().__init__()
        self._progress = progress
        self._options = options
        self._has_bar = has_bar
        self._bar = None
        self._begin = None

    def on_epoch_begin(self, epoch, logs=None):
        options, step = self._options, self._progress.step
        self._begin = (time.monotonic(), step)
        if self._has_bar:
            num_steps = min(options.steps_per_evaluation, options.steps - step)
            self._bar = keras.utils.Progbar(
                num_steps * options.accumulation_steps,
                width=_BAR_WIDTH,
                stateful_metrics=_SHORT_NAMES.values(),
            )

    def on_train_batch_end(self, batch, logs=None):
        if self._bar is not None:
            shown = [(ours, logs[name]) for name, ours in _SHORT_NAMES.items()]
            self._bar.update(batch + 1, shown)

    def on_epoch_end(self, epoch, logs=None):
        step, num_steps = self._progress.step, self._options.steps
        seconds = time.monotonic() - self._begin[0]
        left = (num_steps - step) * seconds / max(step - self._begin[1], 1)
        print(
            f"step {step} of {num_steps}: {_said(logs)}; held-out "
            f"{_said(logs, 'val_')}; {datetime.timedelta(seconds=round(left))} "
            "left",
            flush=True,
        )


def _said(logs, prefix=""):
    return ", ".join(
        f"{ours} {logs[prefix + name]:.4f}"
        for name, ours in _SHORT_NAMES.items()
    )


class History(keras.callbacks.Callback):
    """Appends a row to the run's table after every evaluation.

    Args:
        directory: of the run.
        progress: Progress.
        tokens_per_step: int.
    """

    def __init__(self, directory, progress, tokens_per_step):
        super().__init__()
        self._path = Path(directory) / HISTORY_FILE
        self._progress = progress
        self._tokens_per_step = tokens_per_step
        self._begin = None
        self._seconds = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self._begin = (time.monotonic(), self._progress.step)

    def on_test_begin(self, logs=None):
        self._seconds = time.monotonic() - self._begin[0]

    def on_epoch_end(self, epoch, logs=None):
        num_steps = self._progress.step - self._begin[1]
        row = {"step": self._progress.step, **named(logs)}
        row["learning_rate"] = float(self.model.optimizer.learning_rate)
        row["tokens_per_second"] = round(
            num_steps * self._tokens_per_step / self._seconds
        )
        rows = [*read(self._path), row]
        with written_aside(self._path) as path:
            with open(path, "w", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(row))
                writer.writeheader()
                writer.writerows(rows)
        draw(rows, self._path.with_name(CURVE_FILE))


def named(logs):
    """Returns Keras' logs under the names of the two tasks."""
    return {
        prefix + ours: float(logs[prefix + theirs])
        for prefix in ("", "val_")
        for theirs, ours in _NAMES.items()
        if prefix + theirs in logs
    }


def read(path):
    """Returns the rows of a table, as list of dict of str; [] without one."""
    if not Path(path).exists():
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def cut(directory, step):
    """Drops the rows of steps that will run again."""
    path = Path(directory) / HISTORY_FILE
    rows = read(path)
    kept = [row for row in rows if int(row["step"]) <= step]
    if len(kept) == len(rows):
        return
    with written_aside(path) as aside, open(aside, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)


def draw(rows, path):
    """Draws losses and accuracies over steps, where matplotlib is there."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    steps = [int(row["step"]) for row in rows]
    for axes, kind in ((left, "loss"), (right, "accuracy")):
        for task in ("masked_lm", "sentence_order"):
            for prefix, style in (("", "--"), ("val_", "-")):
                values = [float(row[f"{prefix}{task}_{kind}"]) for row in rows]
                where = "held-out" if prefix else "training"
                label = f"{task.replace('_', ' ')}, {where}"
                axes.plot(steps, values, style, label=label)
        axes.set_xlabel("step")
        axes.set_ylabel(kind)
        axes.legend(fontsize=7)
    with written_aside(path) as aside:
        figure.savefig(aside, dpi=120)
