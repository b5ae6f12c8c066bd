"""Checkpoints of a pretraining: what it needs to go on as if never stopped."""

import json
import shutil
from pathlib import Path

import keras
import numpy as np

from albert_tf.files import written_aside

FOLDER = "checkpoints"


def save(directory, model, step, num_batches, *, keep):
    """Writes a checkpoint, then removes older ones.

    Args:
        directory: of the run.
        model: compiled and trained.
        step: int. Batches trained on.
        num_batches: dict of epoch to its batches, as of
            `PretrainingBatches`.
        keep: int. Newest checkpoints to keep.
    """
    folder = Path(directory) / FOLDER
    # Renamed when whole: a kill at any moment leaves only whole ones.
    with written_aside(folder / f"step-{step:09d}") as path:
        path.mkdir()
        arrays = [
            np.asarray(keras.ops.convert_to_numpy(variable))
            for _, variable in _variables(model)
        ]
        np.savez(path / "variables.npz", *arrays)
        state = {
            "step": step,
            "num_batches": {str(k): v for k, v in num_batches.items()},
            "variables": [name for name, _ in _variables(model)],
        }
        (path / "state.json").write_text(json.dumps(state))
    for older in sorted(folder.glob("step-*"))[:-keep]:
        shutil.rmtree(older)


def latest(directory):
    """Returns the newest checkpoint's path, or None."""
    saved = sorted((Path(directory) / FOLDER).glob("step-*"))
    return saved[-1] if saved else None


def restore(directory, model):
    """Sets a compiled model to the newest checkpoint.

    Returns:
        (step, num_batches): as they were saved; (0, {}) without a
        checkpoint.

    Raises:
        ValueError: the checkpoint is of another model.
    """
    path = latest(directory)
    if path is None:
        return 0, {}
    state = json.loads((path / "state.json").read_text())
    model.optimizer.build(model.trainable_variables)
    variables = _variables(model)
    names = [name for name, _ in variables]
    if names != state["variables"]:
        differing = sorted(set(names) ^ set(state["variables"]))
        raise ValueError(
            f"{path} is of another model: {', '.join(differing[:5])} are in "
            "one of the two only. Start anew with --overwrite."
        )
    with np.load(path / "variables.npz") as arrays:
        for index, (_, variable) in enumerate(variables):
            variable.assign(arrays[f"arr_{index}"])
    counts = {int(k): v for k, v in state["num_batches"].items()}
    return state["step"], counts


def _variables(model):
    """Returns (name, variable) of all weights, slots and random states."""
    variables = [
        *model.trainable_variables,
        *model.non_trainable_variables,
        *model.optimizer.variables,
    ]
    return [
        (f"{index} {_stable(variable.path)}", variable)
        for index, variable in enumerate(variables)
    ]


def _stable(path):
    """Returns a path without the counters that Keras adds to names."""
    return path.rsplit("/", 1)[-1]
