"""Writes files so that a reader never sees half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def written_aside(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Gives a path beside `path` to write to, and renames it when whole.

    The file may be a directory too. If the block fails, nothing is left and
    what stood at `path` before is untouched.

    Args:
        path: where the file shall be. Its folder is made if missing. A link
            to a directory, or to nothing yet, stays and is followed; one to
            a file is replaced.

    Yields:
        Path: in a temporary folder on the same file system.

    Raises:
        ValueError: the folder cannot be made or written to; a file would
            replace a directory, or anything a device, a pipe or a mount.

    Example:
        with written_aside("report.json") as aside:
            aside.write_text("{}")
    """
    target = _target(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(
            tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent)
        )
    except OSError as error:
        raise ValueError(
            f"Cannot write to {target.parent}: {error.strerror}. "
            "Choose a folder that you may write to."
        ) from error
    old = folder / f"{target.name}.old"
    try:
        aside = folder / target.name
        yield aside
        if target.is_dir():
            _check_directory(aside, target)
            _exchange(aside, target, old)
        else:
            aside.replace(target)
    finally:
        # Nothing takes away the only copy, should it be left there.
        if target.exists() or not old.exists():
            shutil.rmtree(folder, ignore_errors=True)


def _target(path: str | os.PathLike[str]) -> Path:
    """Returns what is to be renamed to, where that can be replaced."""
    target = Path(path)
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise ValueError(
            f"{target} is a device or a pipe, which a file would replace. "
            "Choose another name."
        )
    # A directory takes no link's place, and may be on another disk.
    if target.is_dir() or (target.is_symlink() and not target.exists()):
        target = Path(os.path.realpath(target))
    # Subtle: files of a container's image look like mounts and are none.
    if target.is_dir() and os.path.ismount(target):
        raise ValueError(
            f"{target} is a mount point, which cannot be replaced. Choose a "
            "folder in it."
        )
    return target


def _check_directory(aside: Path, target: Path) -> None:
    if not aside.is_dir():
        raise ValueError(
            f"{target} is a directory, which a file would replace. Choose "
            "another name."
        )


def _exchange(new: Path, target: Path, old: Path) -> None:
    """Puts a directory in another's place, and back what fails half-way."""
    try:
        target.replace(old)
        new.replace(target)
    except BaseException:
        if old.exists() and not target.exists():
            _put_back(old, target)
        raise


def _put_back(old: Path, target: Path) -> None:
    try:
        old.replace(target)
    except OSError as error:
        raise ValueError(
            f"{target} cannot be put back: {error.strerror}. It is in {old}: "
            "rename it."
        ) from error
