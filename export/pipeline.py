"""The steps of an export, from a directory to a verified file."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import albert_tf
from albert_tf import AlbertForSequenceClassification, AlbertTokenizer
from albert_tf.edge.classifier import TASK
from albert_tf.edge.manifest import FORMAT_VERSION, Manifest, SelfTest
from albert_tf.files import written_aside
from albert_tf.text import packing
from export import bundle, flatbuffer, graph, quantize, verify
from export.targets import (
    TOLERANCES,
    Target,
    find_quantization,
    find_target,
)

# Travel with every file: short and long, accents, numbers, odd characters.
SELF_TEST_TEXTS = (
    "It works.",
    "Could you turn the lights down a little? It is 9:30, time for bed.",
    "Zo\u00eb paid \u00a32,000, not 1,500, for the caf\u00e9\u2019s sign!",
    "\U0001f600 A line with an emoji, \u6f22\u5b57 and (brackets) - "
    "nobody's favourite, yet it should not break anything at all.",
)


def export_model(
    model_directory: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    target: str = "cpu",
    quantization: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Exports a classifier to one `.tflite` file and runs it back.

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
    model, tokenizer = load_classifier(Path(model_directory))
    _say(f"converting to {quantization} for {where.name}")
    flat = _convert(model, where, quantization)
    contents = flatbuffer.inspect(flat)
    flatbuffer.check(contents)
    manifest, files = _describe(
        model, tokenizer, where, quantization, contents, flat
    )
    with written_aside(output) as path:
        bundle.write(path, flat, files, manifest)
        _say(f"verifying on {where.runtime}")
        error = _verify(path, model, tokenizer, where, quantization)
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


def load_classifier(directory: Path):
    """Returns (model, tokenizer) of a directory that can be exported.

    Raises:
        ValueError: it holds another task, a tokenizer of another model, or
            values that are not numbers.
    """
    _check_architecture(directory)
    model = AlbertForSequenceClassification.from_pretrained(directory)
    tokenizer = AlbertTokenizer.from_pretrained(directory)
    if model.num_labels < 2:
        raise ValueError(
            f"{directory} has one output. Expected a classifier with two "
            "labels or more."
        )
    vocab_size = model.albert_config.vocab_size
    if tokenizer.vocab_size != vocab_size:
        raise ValueError(
            f"{directory}: spiece.model has {tokenizer.vocab_size} pieces, "
            f"the model {vocab_size}. Take the tokenizer that the model was "
            "trained with."
        )
    broken = [
        variable.path
        for variable in model.variables
        if not np.isfinite(np.asarray(variable)).all()
    ]
    if broken:
        raise ValueError(
            f"{directory}: {', '.join(broken[:3])} holds values that are not "
            "numbers. Training diverged; train again with a lower learning "
            "rate."
        )
    return model, tokenizer


def _check_architecture(directory: Path) -> None:
    """Refuses other tasks before their weights are read."""
    path = directory / "config.json"
    if not path.exists():
        return  # from_pretrained says what is missing.
    try:
        names = json.loads(path.read_text(encoding="utf-8"))["architectures"]
    except (ValueError, KeyError, TypeError):
        return
    expected = AlbertForSequenceClassification.__name__
    if names and names[0] != expected:
        raise ValueError(
            f"{directory} is a {names[0]}; only {expected} can be exported. "
            "Fine-tune it for classification first."
        )


def _convert(model, target: Target, quantization: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        graph.ExportGraph(model).save(folder)
        return quantize.convert(folder, target, quantization)


def _describe(
    model, tokenizer, target, quantization, contents, flat
) -> tuple[Manifest, dict[str, bytes]]:
    labels = model.labels or [f"LABEL_{i}" for i in range(model.num_labels)]
    files = bundle.parts(tokenizer.model_proto, labels)
    max_length = model.albert_config.max_position_embeddings
    rows = tokenizer.pack(SELF_TEST_TEXTS, max_length=max_length)
    logits = keras_logits(model, tokenizer, rows)
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        producer=f"albert_tf {albert_tf.__version__}",
        task=TASK,
        signature=graph.SIGNATURE,
        inputs={name: name for name in packing.INPUT_NAMES},
        outputs={"logits": "logits"},
        max_length=max_length,
        fixed_length=False,
        do_lower_case=tokenizer.do_lower_case,
        keep_accents=tokenizer.keep_accents,
        labels=labels,
        quantization=quantization,
        target=target.name,
        minimum_runtime=contents.minimum_runtime,
        sha256=bundle.digests(flat, files),
        tolerance=TOLERANCES[quantization],
        self_tests=[
            SelfTest(text, row[0], {"logits": [float(x) for x in values]})
            for text, row, values in zip(SELF_TEST_TEXTS, rows, logits)
        ],
    )
    return manifest, files


def keras_logits(
    model, tokenizer, rows: Sequence[verify.Row], *, batch_size: int = 32
) -> np.ndarray:
    """Returns the logits of packed rows in Keras.

    Rows of about one length run together, since in float32 padding changes
    nothing but the time.

    Args:
        model: AlbertForSequenceClassification.
        tokenizer: AlbertTokenizer.
        rows: pairs (token_ids, segment_ids).
        batch_size: int.

    Returns:
        float[rows, labels], in the order of the rows.
    """
    order = np.argsort([len(token_ids) for token_ids, _ in rows])
    logits = np.empty((len(rows), model.num_labels), np.float32)
    for start in range(0, len(rows), batch_size):
        chunk = order[start : start + batch_size]
        batch = packing.pad(
            [rows[index] for index in chunk], pad_id=tokenizer.pad_id
        )
        logits[chunk] = np.asarray(model(batch, training=False))
    return logits


def _verify(path, model, tokenizer, target, quantization) -> float:
    max_length = model.albert_config.max_position_embeddings
    # The longest input that fits shows whether every position arrived.
    longest = " ".join(SELF_TEST_TEXTS * (max_length // 60 + 1))
    rows = tokenizer.pack([*SELF_TEST_TEXTS, longest], max_length=max_length)
    return verify.compare(
        verify.run_on_runtime(path, rows, target.runtime),
        keras_logits(model, tokenizer, rows),
        tolerance=TOLERANCES[quantization],
    )
