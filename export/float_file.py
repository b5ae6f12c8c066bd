"""The float32 file that a report holds an export against."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.manifest import Manifest
from albert_tf.edge.runtime import find_runtime
from export import source_model
from export.file_maker import FileMaker
from export.fixed_length import at_fixed_length
from export.say import say
from export.targets import FLOAT32, Target, adapt


@dataclasses.dataclass(frozen=True)
class FloatFile:
    """What stands for float32 in a report.

    Attributes:
        path: Path or None. Of a file that is gone after the report; None
            where there is none, or one of the user's own stands for it.
        note: str. Why there is none, or empty.
    """

    path: Path | None = None
    note: str = ""


@contextlib.contextmanager
def float_file(
    files: Sequence[str | os.PathLike[str]],
    model_directory: str | os.PathLike[str],
    *,
    target: Target,
    patience: int | None = None,
) -> Iterator[FloatFile]:
    """Exports float32 beside a file, as long as the block runs.

    Args:
        files: paths of the bundles of a report; the first is the one that
            the report is on.
        model_directory: of the model.
        target: Target, as the first was asked for.
        patience: int or None, as the first was asked for.

    Yields:
        FloatFile. No failure to make one raises: it is told in the note.
    """
    first, *others = (Bundle(path).manifest for path in files)
    if first.quantization == FLOAT32:
        yield FloatFile(note="The file is float32 itself.")
        return
    if any(is_float_of(other, first) for other in others):
        yield FloatFile()
        return
    with contextlib.ExitStack() as stack:
        place = Path(files[0]).parent
        yield _made(stack, place, Path(model_directory), target, patience)


def is_float_of(other: Manifest, first: Manifest) -> bool:
    """Whether a file is what another would be in float32."""
    return other.quantization == FLOAT32 and all(
        getattr(other, name) == getattr(first, name)
        for name in ("target", "max_length", "early_exit")
    )


def _made(
    stack: contextlib.ExitStack,
    place: Path,
    directory: Path,
    target: Target,
    patience: int | None,
) -> FloatFile:
    """Makes it in a folder at `place`, which goes with the stack."""
    if FLOAT32 not in target.quantizations:
        return FloatFile(
            note=f"There is no float32 to compare with: {target.name} takes "
            f"{' and '.join(target.quantizations)} alone."
        )
    say("exporting float32 to compare with")
    try:
        # Beside the file: memory of mapped files depends on their file system.
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix=f".{FLOAT32}.", dir=place)
        )
        path = Path(folder, f"{FLOAT32}.tflite")
        find_runtime(target.runtime)
        source = source_model.load(directory, patience)
        target = adapt(target, source.task)
        source = at_fixed_length(source, target, directory, patience=patience)
        FileMaker(source, target, [], path, FLOAT32).make(FLOAT32)
    except (ValueError, OSError) as error:
        return FloatFile(note=f"There is no float32 to compare with: {error}")
    return FloatFile(path)
