"""What a bundle says of itself: `albert.json` and the files beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

import albert_tf
from albert_tf.edge.manifest import FORMAT_VERSION, Manifest, SelfTest
from export import bundle, flatbuffer, graph
from export.heads import HEADS, with_exits
from export.source_model import SourceModel
from export.targets import TOLERANCES, Target


def describe(
    source: SourceModel, target: Target, quantization: str, flat: bytes
) -> tuple[Manifest, dict[str, bytes]]:
    """Returns the manifest of an exported flatbuffer, and its files.

    Args:
        source: SourceModel.
        target: Target.
        quantization: str.
        flat: the flatbuffer.
    """
    tokenizer = source.tokenizer
    labels = source.labels
    files = bundle.parts(tokenizer.model_proto, labels)
    head = HEADS[source.task]
    if source.early_exit is not None:
        head = with_exits(head)
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        producer=f"albert_tf {albert_tf.__version__}",
        task=source.task,
        signature=graph.SIGNATURE,
        inputs=dict(
            target.input_names
            or {name: name for name in (*head.inputs, *head.settings)}
        ),
        outputs={name: name for name in head.outputs},
        max_length=source.max_length,
        fixed_length=target.length is not None,
        do_lower_case=tokenizer.do_lower_case,
        keep_accents=tokenizer.keep_accents,
        labels=labels,
        quantization=quantization,
        target=target.name,
        minimum_runtime=flatbuffer.inspect(flat).minimum_runtime,
        sha256=bundle.digests(flat, files),
        tolerance=TOLERANCES[quantization],
        self_tests=_self_tests(source),
        question_answering=source.answer_settings,
        early_exit=source.early_exit,
        max_answer_length=source.max_answer_length,
    )
    return manifest, files


def _self_tests(source: SourceModel) -> list[SelfTest]:
    tests = []
    samples = source.samples
    rows, expected = source.answers(samples)
    for sample, row, outputs in zip(samples, rows, expected):
        indices = _telling_indices(outputs) if row.masked_positions else None
        tests.append(
            SelfTest(
                text=sample.text,
                token_ids=row.token_ids,
                outputs={
                    name: _rounded(
                        values if indices is None else values[..., indices]
                    )
                    for name, values in outputs.items()
                },
                pair=sample.pair,
                masked_positions=row.masked_positions,
                indices=indices,
            )
        )
    return tests


def _rounded(values: np.ndarray) -> list[Any]:
    """Returns float32[...] as lists, of the digits that tell it apart.

    Decimals of a fixed number would leave little of a small output.
    """
    exact = [float(f"{value:.9g}") for value in values.ravel()]
    return np.array(exact).reshape(values.shape).tolist()


def _telling_indices(outputs) -> list[int]:
    """Returns the likeliest pieces and some others: all would fill pages."""
    logits = outputs["logits"]
    likeliest = np.argsort(-logits, axis=-1, kind="stable")[:, :4]
    others = np.linspace(0, logits.shape[-1] - 1, 16).astype(int)
    return sorted({*likeliest.ravel().tolist(), *others.tolist()})
