"""What an export was asked for, checked before anything slow starts."""

from __future__ import annotations

import os
from pathlib import Path

from export.targets import (
    NEEDS_CALIBRATION,
    Target,
    check_output_type,
    find_quantization,
)


def check_request(
    output: str | os.PathLike[str],
    target: Target,
    quantization: str | None,
    *,
    is_calibrated: bool,
    output_type: str = "float32",
    overwrite: bool = False,
) -> str:
    """Checks what can be told without the model; TensorFlow is not needed.

    Args:
        output: path of the file to write.
        target: Target.
        quantization: name, or None for the target's default.
        is_calibrated: bool. Texts to calibrate with are given.
        output_type: str. Type of the file's outputs.
        overwrite: bool. Replaces a file that exists.

    Returns:
        Name of the quantization.

    Raises:
        ValueError: the target does not take it, texts are missing, or the
            file exists or cannot be written.
    """
    found = find_quantization(target, quantization)
    check_output_type(target, found, output_type)
    if found in NEEDS_CALIBRATION and not is_calibrated:
        other = ", or take --quantize dynamic_int8"
        raise ValueError(
            f"{found} fixes the scales of activations and needs texts to "
            "measure them. Pass --calibration FILE with some dozens, such as "
            "the model will meet"
            + (other if "dynamic_int8" in target.quantizations else "")
            + "."
        )
    _check_output(Path(output), overwrite)
    return found


def _check_output(output: Path, overwrite: bool) -> None:
    if output.suffix != ".tflite":
        raise ValueError(f"The output must end in .tflite. Received: {output}.")
    check_new(output, overwrite)
    check_folder(output)


def check_new(output: Path, overwrite: bool) -> None:
    """Refuses a file that exists, unless it is to be replaced.

    Raises:
        ValueError: it exists, or is a folder.
    """
    if output.is_dir():
        raise ValueError(
            f"{output} is a folder, where a file is to be. Choose another name."
        )
    if output.exists() and not overwrite:
        raise ValueError(
            f"{output} exists. Pass --overwrite to replace it, or choose "
            "another name."
        )


def check_folder(output: Path) -> None:
    """Refuses a file whose folder cannot be written to, nor made.

    Raises:
        ValueError: it cannot.
    """
    folder = next(p for p in output.absolute().parents if p.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ValueError(
            f"Cannot write to {folder}. Choose a folder that you may write to."
        )
