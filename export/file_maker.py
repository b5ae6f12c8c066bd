"""Makes one file of a model for a target, and runs it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from albert_tf.edge import tasks
from albert_tf.text.packing import INPUT_NAMES, pad
from export import bundle, flatbuffer, graph, quantize, verify
from export.describe import describe
from export.mediapipe_metadata import add_metadata
from export.samples import Row, longest_sample, with_padding
from export.saved_model import saved
from export.say import say
from export.source_model import SourceModel
from export.targets import TOLERANCES, Target, output_type_of
from export.unrolled import UnrolledGraph


class FileMaker:
    """Makes one file after another at one place, the last one stays.

    Args:
        source: SourceModel, as the target takes it.
        target: Target, as it is for the model's task.
        rows: list of Row. To calibrate with; empty where nothing is.
        path: of the file.
        output_type: str. Type of the file's outputs.
    """

    def __init__(
        self,
        source: SourceModel,
        target: Target,
        rows: list[Row],
        path: Path,
        output_type: str,
    ) -> None:
        self.source = source
        self.target = target
        self.rows = rows
        self.path = path
        self.output_type = output_type

    def make(self, quantization: str) -> float:
        """Converts, writes and verifies.

        Args:
            quantization: name.

        Returns:
            float. As `verify.compare`.

        Raises:
            ValueError: the model does not convert, the file fails on its
                runtime; `verify.Difference` where it does not answer as
                Keras does.
            OSError: a folder cannot be written to, or is full.
        """
        source, target = self.source, self.target
        say(f"converting to {quantization} for {target.name}")
        output_type = output_type_of(quantization, self.output_type)
        flat = _convert(source, target, quantization, self.rows, output_type)
        flatbuffer.check(flatbuffer.inspect(flat))
        manifest, files = describe(source, target, quantization, flat)
        bundle.write(
            self.path,
            flat,
            files,
            manifest,
            is_compressed=not target.has_metadata,
        )
        say(f"verifying on {target.runtime}")
        return _verify(self.path, source, target, quantization)


def _convert(
    source: SourceModel,
    target: Target,
    quantization: str,
    rows: Sequence[Row],
    output_type: str,
) -> bytes:
    if target.length is not None:
        return _convert_unrolled(
            source, target, quantization, rows, output_type
        )
    # A masked-LM head multiplies with the table, in bytes.
    is_packed = quantization == "int4" and source.task != tasks.MASKED_LM
    bits = 4 if is_packed else 8
    traced = graph.ExportGraph(source.model, source.task, table_bits=bits)
    with saved(traced) as folder:
        flat = quantize.convert(folder, target, quantization)
    return quantize.finish(flat, target, quantization, source.model, rows)


def _convert_unrolled(
    source: SourceModel,
    target: Target,
    quantization: str,
    rows: Sequence[Row],
    output_type: str,
) -> bytes:
    names = target.input_names or {name: name for name in INPUT_NAMES}
    length = source.max_length
    traced = UnrolledGraph(
        source.model,
        source.task,
        length=length,
        names=names,
        is_integer=target.is_integer,
        is_by_head=quantization in target.by_head,
        has_probability=target.has_metadata
        and source.task == tasks.CLASSIFICATION,
    )
    with saved(traced) as folder:
        if target.is_integer:
            feeds = [_padded(row, source) for row in with_padding(rows, length)]
            flat = quantize.convert_to_integers(
                folder, quantization, feeds, output_type=output_type
            )
            left = ", ".join(flatbuffer.float_operators(flat)) or "none"
            say(f"operators of floats that remain: {left}")
        else:
            flat = quantize.convert(folder, target, quantization)
    return add_metadata(flat, source.task) if target.has_metadata else flat


def _padded(row: Row, source: SourceModel) -> dict[str, np.ndarray]:
    return pad(
        [(row.token_ids, row.segment_ids)],
        pad_id=source.tokenizer.pad_id,
        length=source.max_length,
    )


def _verify(
    path: Path, source: SourceModel, target: Target, quantization: str
) -> float:
    longest = longest_sample(source.task, source.max_length)
    rows, expected = source.answers([*source.samples, longest])
    tolerance = TOLERANCES[quantization]
    got = verify.run_on_runtime(
        path,
        rows,
        target.runtime,
        batched=target.length is None,
        stops_early=False,
    )
    error = verify.compare(got, expected, tolerance=tolerance)
    if source.early_exit is not None:
        early = verify.run_on_runtime(path, rows, target.runtime, batched=False)
        verify.compare_exits(
            early["single"],
            source.logits_by_depth(rows),
            patience=source.early_exit["patience"],
            tolerance=tolerance,
        )
    return error
