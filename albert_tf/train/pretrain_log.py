"""What a pretraining leaves to look at: a table, a picture."""

import csv
import datetime
import math
import shutil
import time
from pathlib import Path

import keras

from albert_tf.files import written_aside
from albert_tf.train.pretrain_state import latest

_SHORT_NAMES = {
    "loss": "loss",
    "masked_lm_logits_accuracy": "masked LM",
    "sentence_order_logits_accuracy": "order",
}
_SECONDS_SHOWN = 0.2
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
        self._check(float(logs["loss"]))

    def on_epoch_end(self, epoch, logs=None):
        # The last update may have broken what the next loss would show.
        self._check(float(logs["val_loss"]))

    def _check(self, loss):
        if math.isfinite(loss):
            return
        advice = "No model was kept. Train again with"
        if latest(self._directory) is not None:
            advice = (
                f"The last good model is in {self._directory}. Train on from "
                "it with --model and another --output,"
            )
        raise ValueError(
            f"The loss is not a number at step {self._progress.step}. {advice} "
            "a lower --learning-rate or more --warm-up-steps."
        )


class Report(keras.callbacks.Callback):
    """Says how far the training is: a line at every evaluation.

    Args:
        progress: Progress.
        num_steps: int. Updates in all.
        is_terminal: bool. Shows a line between evaluations, too, each in
            place of the one before.
    """

    def __init__(self, progress, num_steps, *, is_terminal):
        super().__init__()
        self._progress = progress
        self._num_steps = num_steps
        self._is_terminal = is_terminal
        self._begin = None
        self._shown = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self._begin = (time.monotonic(), self._progress.step)

    def on_train_batch_end(self, batch, logs=None):
        now = time.monotonic()
        if self._is_terminal and now - self._shown > _SECONDS_SHOWN:
            self._shown = now
            self._overwrite(f"{self._place()}: {_said(logs)}; {self._left()}")

    def on_epoch_end(self, epoch, logs=None):
        if self._is_terminal:
            self._overwrite("")
        print(
            f"{self._place()}: {_said(logs)}; held-out {_said(logs, 'val_')}; "
            f"{self._left()}",
            flush=True,
        )

    def _place(self):
        return f"step {self._progress.step} of {self._num_steps}"

    def _left(self):
        begin, first_step = self._begin
        done = max(self._progress.step - first_step, 1)
        steps = max(self._num_steps - self._progress.step, 0)
        seconds = round(steps * (time.monotonic() - begin) / done)
        return f"{datetime.timedelta(seconds=seconds)} left"

    def _overwrite(self, line):
        # A line that wraps cannot be written over.
        width = shutil.get_terminal_size().columns - 1
        end = "" if line else "\r"
        print(f"\r{line[:width]:{width}}", end=end, flush=True)


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
