"""Keeps the state to go on with after an interruption."""

import json
import shutil

import keras
import numpy as np

from albert_tf.files import written_aside
from albert_tf.train.run_folder import STATE_FOLDER

_WEIGHTS_FILE = "model.weights.h5"
_SEEDS_FILE = "seeds.npz"
_STATE_FILE = "state.json"


class SaveState(keras.callbacks.Callback):
    """Writes all that a run needs to go on, at the end of each epoch.

    Args:
        folder: RunFolder.
        keep_best: KeepBest, whose score and patience are part of the state.
    """

    def __init__(self, folder, keep_best):
        super().__init__()
        self.folder = folder.path / STATE_FOLDER
        self.keep_best = keep_best

    def on_epoch_end(self, epoch, logs=None):
        # Each epoch has a folder of its own, renamed when whole: a kill at
        # any moment leaves this epoch's state or the last one's.
        with written_aside(self.folder / f"epoch-{epoch + 1:05d}") as path:
            path.mkdir()
            self.model.save_weights(path / _WEIGHTS_FILE)
            np.savez(path / _SEEDS_FILE, *_seed_values(self.model))
            state = {
                "num_epochs": epoch + 1,
                "best": self.keep_best.best,
                "num_stalled": self.keep_best.num_stalled,
                "is_stopped": self.model.stop_training,
            }
            (path / _STATE_FILE).write_text(json.dumps(state))
        for older in sorted(self.folder.glob("epoch-*"))[:-1]:
            shutil.rmtree(older)


def restore(model, folder, keep_best):
    """Restores the last epoch's state.

    Args:
        model: compiled as it was, its optimizer built. Not again here: one
            that scales the loss would have its scale twice, and load neither.
        folder: RunFolder.
        keep_best: KeepBest to set.

    Returns:
        (int, bool): epochs that are done, and whether training had stopped;
        (0, False) where the run was interrupted in its first epoch.
    """
    saved = sorted((folder.path / STATE_FOLDER).glob("epoch-*"))
    if not saved:
        folder.cut_history(0)
        return 0, False
    state = json.loads((saved[-1] / _STATE_FILE).read_text())
    model.load_weights(saved[-1] / _WEIGHTS_FILE)
    with np.load(saved[-1] / _SEEDS_FILE) as values:
        for variable, name in zip(_seed_variables(model), values.files):
            variable.assign(values[name])
    keep_best.best = state["best"]
    keep_best.num_stalled = state["num_stalled"]
    folder.cut_history(state["num_epochs"])
    return state["num_epochs"], state["is_stopped"]


def _seed_variables(model):
    """Returns the variables that dropout draws from.

    Subtle: Keras saves no seed generator with the weights, so that a
    resumed run would draw other dropout than one that ran through.
    """
    return [
        variable
        for variable in model.non_trainable_variables
        if variable.name == "seed_generator_state"
    ]


def _seed_values(model):
    return [np.asarray(v) for v in _seed_variables(model)]
