"""The folder that a graph passes through on its way to the converter."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError


@contextlib.contextmanager
def saved(graph: Any) -> Iterator[str]:
    """Gives the folder of a graph's SavedModel, gone after the block.

    Args:
        graph: ExportGraph or UnrolledGraph.

    Yields:
        str: the folder, to convert in the block.

    Raises:
        OSError: the folder cannot be written to, which no other quantization
            mends.
        ValueError: TensorFlow's converter refuses the graph.
    """
    with tempfile.TemporaryDirectory() as folder:
        _save(graph, folder)
        try:
            yield folder
        except ConverterError as error:
            raise ValueError(
                "TensorFlow's converter refuses the model: "
                f"{_first_line(error)} Take another --quantize or --target, "
                "or another release of TensorFlow."
            ) from error


def _save(graph: Any, folder: str) -> None:
    try:
        graph.save(folder)
    except tf.errors.OpError as error:
        # It reads "{{node}} PATH; REASON [Op:SaveV2]".
        reason = error.message.rpartition("; ")[2].partition(" [Op:")[0]
        raise OSError(
            f"Cannot write the graph to {os.path.dirname(folder)}: {reason}. "
            "Make room there, or set TMPDIR to a folder that has some."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["it gives no reason."])[0]
