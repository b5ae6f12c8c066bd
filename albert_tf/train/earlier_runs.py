"""Runs in a folder that a new one replaces, those of several seeds too."""

import re
from pathlib import Path

from albert_tf.text.tokenizer import MODEL_FILE
from albert_tf.text.tokenizer import SETTINGS_FILE as TOKENIZER_SETTINGS_FILE
from albert_tf.train.run_folder import SETTINGS_FILE, RunFolder

SEEDS_FILE = "seeds.json"
AVERAGE_FOLDER = "average"
_SEED_FOLDER = re.compile(r"seed--?\d+")


def check_runs(root, names=(), *, is_overwritten, model=None):
    """Refuses a folder whose runs may not be replaced.

    Args:
        root: path of the folder.
        names: of folders in it that runs are to be written to.
        is_overwritten, model: as of `RunFolder.check_writable`.

    Raises:
        ValueError: as `RunFolder.check_writable`, of the folder or of one in
            it that holds a run or is to.
    """
    allowed = {"is_overwritten": is_overwritten, "model": model}
    RunFolder(root).check_writable(**allowed)
    paths = {*(Path(root) / name for name in names), *_inner_runs(root)}
    for path in sorted(paths):
        RunFolder(path).check_writable(**allowed, is_inner=True)


def remove_other_runs(root, current, *, tokenizer=None):
    """Removes all runs in a folder but the one that has begun.

    Nobody shall take an old model for one of the new run, or resume it. What
    is there besides stays.

    Args:
        root: path of the folder.
        current: path of the run that has begun: the folder, or one in it.
        tokenizer: path or None. Of a tokenizer to be read again, which stays.

    Raises:
        ValueError: something cannot be removed.
    """
    root, current = Path(root), Path(current).resolve()
    try:
        (root / SEEDS_FILE).unlink(missing_ok=True)
        # A folder of seeds has no run of its own: files there are the user's.
        if root.resolve() != current and (root / SETTINGS_FILE).exists():
            RunFolder(root).remove_run()
        for path in _inner_runs(root):
            if path.resolve() != current:
                _remove_inner(path, tokenizer)
    except OSError as error:
        raise ValueError(
            f"Cannot remove the earlier runs in {root}: {error}. Remove "
            "them, or choose another directory."
        ) from error


def _inner_runs(root):
    """Returns the folders in one that hold a seed's run, or the average."""
    paths = sorted(Path(root).glob(f"*/{SETTINGS_FILE}"))
    return [
        path.parent
        for path in paths
        if path.parent.name == AVERAGE_FOLDER
        or _SEED_FOLDER.fullmatch(path.parent.name)
    ]


def _remove_inner(path, tokenizer):
    """Removes a run with its tokenizer, and the folder if that empties it.

    A link to a folder stays, and so does the folder.
    """
    RunFolder(path).remove_run()
    place = None if tokenizer is None else Path(tokenizer).resolve()
    if place is None or not place.is_relative_to(path.resolve()):
        for name in (MODEL_FILE, TOKENIZER_SETTINGS_FILE):
            (path / name).unlink(missing_ok=True)
    if not path.is_symlink() and not any(path.iterdir()):
        path.rmdir()
