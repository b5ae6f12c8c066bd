"""The steps of an export, from a directory to a verified file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

import albert_tf
from albert_tf.edge.manifest import FORMAT_VERSION, Manifest, SelfTest
from albert_tf.files import written_aside
from export import bundle, flatbuffer, graph, quantize, source_model, verify
from export.heads import HEADS
from export.samples import longest_sample, samples_of
from export.source_model import SourceModel
from export.targets import (
    TOLERANCES,
    Target,
    find_quantization,
    find_target,
)


def export_model(
    model_directory: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    target: str = "cpu",
    quantization: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Exports a task model to one `.tflite` file and runs it back.

    1. Loads the model and its tokenizer.
    2. Traces the graph with the shared layer in a loop, and converts it.
    3. Appends tokenizer, labels and `albert.json` with its self-test.
    4. Runs the file on the runtime of its target, against Keras.
    5. Renames it into place. If any step fails, nothing is left.

    Args:
        model_directory: of `save_pretrained`.
        output: path of the new file.
        target: name in `export.targets.TARGETS`.
        quantization: name, or None for the target's default.
        overwrite: bool. Replaces a file that exists.

    Returns:
        Path of the file.

    Raises:
        ValueError: the model cannot be exported so, or what was exported
            does not answer as Keras does.
    """
    where = find_target(target)
    quantization = find_quantization(where, quantization)
    output = Path(output)
    _check_output(output, overwrite)
    _say(f"loading {os.fspath(model_directory)}")
    source = source_model.load(Path(model_directory))
    _say(f"converting to {quantization} for {where.name}")
    flat = _convert(source.model, source.task, where, quantization)
    contents = flatbuffer.inspect(flat)
    flatbuffer.check(contents)
    manifest, files = _describe(source, where, quantization, contents, flat)
    with written_aside(output) as path:
        bundle.write(path, flat, files, manifest)
        _say(f"verifying on {where.runtime}")
        error = _verify(path, source, where, quantization)
    _say(
        f"{output}: {output.stat().st_size / 1e6:.2f} MB, "
        f"largest difference from Keras {error:.2g}"
    )
    return output


def _say(text: str) -> None:
    print(text, flush=True)


def _check_output(output: Path, overwrite: bool) -> None:
    if output.suffix != ".tflite":
        raise ValueError(f"The output must end in .tflite. Received: {output}.")
    if output.is_dir() or (output.exists() and not overwrite):
        raise ValueError(
            f"{output} exists. Pass --overwrite to replace it, or choose "
            "another name."
        )
    folder = next(p for p in output.absolute().parents if p.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ValueError(
            f"Cannot write to {folder}. Choose a folder that you may write to."
        )


def _convert(model, task: str, target: Target, quantization: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        graph.ExportGraph(model, task).save(folder)
        return quantize.convert(folder, target, quantization)


def _describe(
    source: SourceModel, target, quantization, contents, flat
) -> tuple[Manifest, dict[str, bytes]]:
    tokenizer = source.tokenizer
    labels = source.labels
    files = bundle.parts(tokenizer.model_proto, labels)
    head = HEADS[source.task]
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        producer=f"albert_tf {albert_tf.__version__}",
        task=source.task,
        signature=graph.SIGNATURE,
        inputs={name: name for name in head.inputs},
        outputs={name: name for name in head.outputs},
        max_length=source.max_length,
        fixed_length=False,
        do_lower_case=tokenizer.do_lower_case,
        keep_accents=tokenizer.keep_accents,
        labels=labels,
        quantization=quantization,
        target=target.name,
        minimum_runtime=contents.minimum_runtime,
        sha256=bundle.digests(flat, files),
        tolerance=TOLERANCES[quantization],
        self_tests=_self_tests(source),
        question_answering=source.answer_settings,
    )
    return manifest, files


def _self_tests(source: SourceModel) -> list[SelfTest]:
    tests = []
    samples = samples_of(source.task)
    rows, expected = source.answers(samples)
    for sample, row, outputs in zip(samples, rows, expected):
        indices = _telling_indices(outputs) if row.masked_positions else None
        tests.append(
            SelfTest(
                text=sample.text,
                token_ids=row.token_ids,
                outputs={
                    name: np.round(
                        values if indices is None else values[..., indices], 6
                    ).tolist()
                    for name, values in outputs.items()
                },
                pair=sample.pair,
                masked_positions=row.masked_positions,
                indices=indices,
            )
        )
    return tests


def _telling_indices(outputs) -> list[int]:
    """Returns the likeliest pieces and some others: all would fill pages."""
    logits = outputs["logits"]
    likeliest = np.argsort(-logits, axis=-1, kind="stable")[:, :4]
    others = np.linspace(0, logits.shape[-1] - 1, 16).astype(int)
    return sorted({*likeliest.ravel().tolist(), *others.tolist()})


def _verify(path, source: SourceModel, target, quantization) -> float:
    samples = samples_of(source.task)
    samples.append(longest_sample(source.task, source.max_length))
    rows, expected = source.answers(samples)
    return verify.compare(
        verify.run_on_runtime(path, rows, target.runtime),
        expected,
        tolerance=TOLERANCES[quantization],
    )
