"""The file, or folder, that `albert predict` writes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from albert_tf.files import written_aside


def check_output(path, file_format, task, *, is_overwritten, labels=None):
    """Returns the format to write a file of predictions in.

    All that can be told before predicting is, so that none are lost.

    Args:
        path: str, or `"-"`.
        file_format: str or None. What the user asked for; None goes by the
            end of the path, and else takes the task's first.
        task: Task.
        is_overwritten: bool. Whether a file there may be replaced.
        labels: list of str or None. The model's, where they are known.

    Raises:
        ValueError: the task has no such format, or it has no code for a
            label; it is of several files and for standard output; the file
            exists, is a directory where a file is to be or the reverse, or
            cannot be written.
    """
    if file_format is not None and file_format not in task.formats:
        raise ValueError(
            f"--task {task.name} has no format {file_format!r}. Expected one "
            f"of: {', '.join(task.formats)}."
        )
    suffix = Path(path).suffix.removeprefix(".")
    by_name = suffix if suffix in task.formats else next(iter(task.formats))
    chosen = file_format or by_name
    _check_labels(task, chosen, labels or [])
    _check_place(
        path,
        chosen,
        is_folder=chosen in task.folder_formats,
        is_overwritten=is_overwritten,
    )
    return chosen


def write_predictions(predictions, path, task, file_format):
    """Writes predictions to a file, or to standard output for `"-"`.

    A format of several files puts them into a folder, each at once; what
    else is there stays.

    Raises:
        ValueError: the format has no code for a label; they cannot be
            written.
    """
    if file_format in task.format_labels:
        # A model that is not on this machine has told its labels only now.
        found = dict.fromkeys(row["label"] for row in predictions)
        _check_labels(task, file_format, found)
    text = task.formats[file_format](predictions)
    if path == "-":
        sys.stdout.write(text)
        return
    files = {path: text}
    if isinstance(text, dict):
        files = {Path(path) / name: part for name, part in text.items()}
    for name, part in files.items():
        with written_aside(name) as aside:
            aside.write_text(part, encoding="utf-8")


def _check_labels(task, file_format, labels):
    """Refuses labels that a format cannot hold."""
    known = task.format_labels.get(file_format)
    if known is not None and not set(labels) <= set(known):
        raise ValueError(
            f"--format {file_format} of --task {task.name} needs the labels "
            f"{', '.join(known)}; the model has {', '.join(labels)}. Choose "
            "another --format, or rename them in the model's config.json."
        )


def _check_place(path, file_format, *, is_folder, is_overwritten):
    """Refuses a path at which the files of a format cannot be written."""
    if path == "-":
        if is_folder:
            raise ValueError(
                f"--format {file_format} writes several files. Name a folder "
                "for them with --output."
            )
        return
    if os.path.exists(path) and not is_overwritten:
        raise ValueError(
            f"{path} exists. Pass --overwrite to replace it, or choose "
            "another name."
        )
    _check_kind(path, file_format, is_folder)
    place = Path(path).absolute()
    folders = [place, *place.parents] if is_folder else place.parents
    folder = next(p for p in folders if os.path.exists(p))
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise ValueError(
            f"Cannot write to {folder}. Choose a folder that you may write to."
        )


def _check_kind(path, file_format, is_folder):
    """Refuses what is at a path and is no file, or no folder."""
    if os.path.isdir(path) and not is_folder:
        raise ValueError(
            f"{path} is a directory. Expected the name of a file to write."
        )
    if os.path.isfile(path) and is_folder:
        raise ValueError(
            f"{path} is a file, and --format {file_format} writes several. "
            "Name a folder for them with --output."
        )
    if os.path.exists(path) and not (is_folder or os.path.isfile(path)):
        raise ValueError(
            f"{path} is a device or a pipe, which a file would replace. "
            "Choose another name, or - for standard output."
        )
