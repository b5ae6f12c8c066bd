"""Finds a TFLite runtime and opens an interpreter with it."""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import Any

import numpy as np

from albert_tf.edge.memory import return_freed_memory
from albert_tf.processors import num_processors

# In the order they are tried; the second is the first one's predecessor.
PACKAGES = {
    "ai_edge_litert": "pip install ai-edge-litert",
    "tflite_runtime": 'pip install tflite-runtime "numpy<2"',
}
# The runtime ends the process where the system cannot start a thread.
_MOST_THREADS = 256


def find_runtime(name: str | None = None) -> str:
    """Returns the runtime package to use.

    Args:
        name: `"ai_edge_litert"`, `"tflite_runtime"`, or None for the first
            that is installed.

    Raises:
        ValueError: it is not installed, unknown, or was built for another
            numpy.
    """
    if name is not None and name not in PACKAGES:
        raise ValueError(
            f"No runtime is named {name!r}. Expected one of: "
            f"{', '.join(PACKAGES)}."
        )
    for package in PACKAGES if name is None else [name]:
        if importlib.util.find_spec(package) is not None:
            _check_numpy(package)
            return package
    wanted = list(PACKAGES) if name is None else [name]
    commands = " or ".join(f"`{PACKAGES[package]}`" for package in wanted)
    raise ValueError(
        f"No TFLite runtime is installed (looked for {', '.join(wanted)}). "
        f"Install one: {commands}."
    )


def open_interpreter(
    path: str | os.PathLike[str],
    *,
    runtime: str | None = None,
    num_threads: int | None = None,
) -> Any:
    """Returns an interpreter of a `.tflite` file.

    Args:
        path: of the file; it is mapped, not read into memory.
        runtime: as `find_runtime`.
        num_threads: int in [1, 256], or None for the machine's processors,
            at most four: more rarely help a batch of one.

    Raises:
        ValueError: no runtime, or a broken one; or the runtime refuses the
            file.
    """
    package = find_runtime(runtime)
    if num_threads is None:
        num_threads = min(4, num_processors())
    if not 1 <= num_threads <= _MOST_THREADS:
        raise ValueError(
            f"The number of threads must be 1 to {_MOST_THREADS}. Received: "
            f"{num_threads}."
        )
    return_freed_memory()
    interpreter_class = import_interpreter(package)
    try:
        return interpreter_class(
            model_path=os.fspath(path), num_threads=num_threads
        )
    except (ValueError, RuntimeError) as error:
        raise ValueError(_refusal(path, package, str(error))) from error


def run_refusal(
    path: str | os.PathLike[str], package: str, target: str, reason: str
) -> str:
    """Returns what to say of a file that a runtime opened and fails to run.

    Args:
        path: of the file.
        package: name of the runtime package.
        target: name of what the file was exported for.
        reason: the runtime's own words.
    """
    said = f"{package} fails on {os.fspath(path)}: {_first_line(reason)}"
    # What a second text is marked with has no row in such a model's table.
    if "gather index out of bounds" in reason:
        return (
            f"{said} A model whose type_vocab_size is 1 takes no second text: "
            "leave it out."
        )
    # It lays out the memory of operators when it first runs.
    if "failed to prepare" not in reason:
        return said
    return (
        f"{said} The file was exported for {target}; take the runtime of "
        "that target, or export it for this one."
    )


def import_interpreter(package: str) -> Any:
    """Returns the `Interpreter` class of an installed runtime package.

    Raises:
        ValueError: the package cannot be loaded.
    """
    try:
        return importlib.import_module(f"{package}.interpreter").Interpreter
    except ImportError as error:
        raise ValueError(
            f"{package} is installed and cannot be loaded: "
            f"{_first_line(str(error))}. Install it again, in a release for "
            f"this Python and this machine: `{PACKAGES[package]}`."
        ) from error


def _check_numpy(package: str) -> None:
    if package == "tflite_runtime" and int(np.__version__.split(".")[0]) >= 2:
        raise ValueError(
            "tflite-runtime 2.14 was built for numpy 1 and crashes with "
            f'numpy {np.__version__}. Run `pip install "numpy<2"`, or take '
            "its successor: `pip install ai-edge-litert`."
        )


def _refusal(path: str | os.PathLike[str], package: str, reason: str) -> str:
    first_line = _first_line(reason)
    if "Didn't find op" in reason:
        return (
            f"{package} is too old for {os.fspath(path)}: {first_line} "
            "Upgrade it, or export with `--target tflite-runtime`."
        )
    return (
        f"{package} cannot open {os.fspath(path)}: {first_line} The file may "
        "have been cut off; copy or export it again."
    )


def _first_line(reason: str) -> str:
    return reason.strip().partition("\n")[0]
