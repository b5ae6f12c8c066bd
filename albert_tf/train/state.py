"""Keeps the best model, and the state to go on with after an interruption."""

import csv
import json
import shutil
from pathlib import Path

import keras

from albert_tf.files import written_aside

STATE_FOLDER = "state"
HISTORY_FILE = "history.csv"
RESULT_FILE = "result.json"
# What a run leaves beside its settings, the model first.
FILES = ("model.safetensors", "config.json", HISTORY_FILE, RESULT_FILE)


class KeepBest(keras.callbacks.Callback):
    """Writes the model whenever it scores better, and stops when it stalls.

    Args:
        directory: where `save_pretrained` writes.
        tokenizer: AlbertTokenizer, written with it.
        patience: int. Epochs without a better score before stopping.
        metric: str. Name in the logs; higher is better.
    """

    def __init__(self, directory, tokenizer, *, patience, metric):
        super().__init__()
        self.directory = Path(directory)
        self.tokenizer = tokenizer
        self.patience = patience
        self.metric = metric
        self.best = None
        self.num_stalled = 0

    def on_epoch_end(self, epoch, logs=None):
        score = float(logs[self.metric])
        if self.best is None or score > self.best:
            self.best, self.num_stalled = score, 0
            self.model.save_pretrained(self.directory, self.tokenizer)
            return
        self.num_stalled += 1
        if self.num_stalled >= self.patience:
            self.model.stop_training = True


class SaveState(keras.callbacks.Callback):
    """Writes all that a run needs to go on, at the end of each epoch.

    Args:
        directory: of the run.
        keep_best: KeepBest, whose score and patience are part of the state.
    """

    def __init__(self, directory, keep_best):
        super().__init__()
        self.folder = Path(directory) / STATE_FOLDER
        self.keep_best = keep_best

    def on_epoch_end(self, epoch, logs=None):
        # Each epoch has a folder of its own, renamed when whole: a kill at
        # any moment leaves this epoch's state or the last one's.
        with written_aside(self.folder / f"epoch-{epoch + 1:05d}") as path:
            path.mkdir()
            self.model.save_weights(path / "model.weights.h5")
            state = {
                "num_epochs": epoch + 1,
                "best": self.keep_best.best,
                "num_stalled": self.keep_best.num_stalled,
                "is_stopped": self.model.stop_training,
            }
            (path / "state.json").write_text(json.dumps(state))
        for older in sorted(self.folder.glob("epoch-*"))[:-1]:
            shutil.rmtree(older)


def restore(model, directory, keep_best):
    """Restores the last epoch's state.

    Args:
        model: compiled and built as it was.
        directory: of the run.
        keep_best: KeepBest to set.

    Returns:
        (int, bool): epochs that are done, and whether training had stopped;
        (0, False) where the run was interrupted in its first epoch.
    """
    saved = sorted((Path(directory) / STATE_FOLDER).glob("epoch-*"))
    if not saved:
        return 0, False
    state = json.loads((saved[-1] / "state.json").read_text())
    model.optimizer.build(model.trainable_variables)
    model.load_weights(saved[-1] / "model.weights.h5")
    keep_best.best = state["best"]
    keep_best.num_stalled = state["num_stalled"]
    _cut_history(Path(directory) / HISTORY_FILE, state["num_epochs"])
    return state["num_epochs"], state["is_stopped"]


def finish(directory, best):
    """Marks a run as over, with its best score, and removes its state."""
    with written_aside(Path(directory) / RESULT_FILE) as path:
        path.write_text(json.dumps({"accuracy": best}) + "\n")
    remove_state(directory)


def result(directory):
    """Returns the score that a run ended with, or None if it has not."""
    path = Path(directory) / RESULT_FILE
    if not path.exists():
        return None
    return json.loads(path.read_text())["accuracy"]


def remove_state(directory):
    """Removes the state of a run that is over."""
    shutil.rmtree(Path(directory) / STATE_FOLDER, ignore_errors=True)


def _cut_history(path, num_epochs):
    """Drops rows of epochs that will run again."""
    if not path.exists():
        return
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [row for row in rows if int(row["epoch"]) < num_epochs]
    with written_aside(path) as aside, open(aside, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(kept)
