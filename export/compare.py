"""What an export cost and won: accuracy, size, speed and memory, in a table.

    python -m export.compare --model DIR --data FILE.tsv A.tflite [B.tflite]

Runs every row of the data in Keras and through each bundle on the runtime
that it was exported for, each in a process of its own.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from albert_tf.command import HelpFormatter, run
from albert_tf.edge import tasks
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.runtime import find_runtime
from albert_tf.files import written_aside
from export import verify
from export.process import run_module
from export.request import check_folder, check_new
from export.samples import Row as TokenRow
from export.targets import FLOAT32, find_target

_LENGTH = 32
_GAINS = {
    "file_mb": "size",
    "load_ms": "load time",
    "median_ms": "run time",
    "peak_mb": "memory",
}


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: str. `"Keras"`, or the file's name.
        runtime: str. Package it ran on.
        accuracy: float in [0, 1], or None where the runtime is missing.
        agreement: float in [0, 1]. Share of rows with Keras' label.
        max_difference: float. Of any logit from Keras'.
        file_mb: float or None. In units of 1,000,000 bytes.
        load_ms: float or None.
        median_ms: float or None. Of one text of 32 tokens.
        peak_mb: float or None. Memory above a process with the runtime
            imported and the tokenizer read.
        note: str. Why figures are missing, or what else must be known.
    """

    name: str
    runtime: str
    accuracy: float | None = None
    agreement: float | None = None
    max_difference: float | None = None
    file_mb: float | None = None
    load_ms: float | None = None
    median_ms: float | None = None
    peak_mb: float | None = None
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    return run(_compare, _parser(), arguments, hide_native_notes=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m export.compare",
        description="Shows what exported files cost in accuracy and won in "
        "size, speed and memory.",
        formatter_class=HelpFormatter,
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE.tflite", help="exported bundles")
    add("--model", required=True, metavar="DIR", help="model they came from")
    add("--data", required=True, metavar="PATH", help="labelled texts")
    add("--task", default="classification", help="or sst2")
    add("--text-column", default="text", metavar="NAME")
    add("--pair-column", metavar="NAME", help="second text")
    add("--label-column", default="label", metavar="NAME")
    add("--threads", type=int, default=2, metavar="N", help="of the runtime")
    add("--json", metavar="FILE", help="also write the table as JSON")
    add("--overwrite", action="store_true", help="replace that file")
    return parser


def _compare(options: argparse.Namespace) -> None:
    bundles = [Bundle(path) for path in options.files]
    for bundle in bundles:
        _check_task(bundle.path, bundle.manifest.task)
    if options.json:
        check_new(Path(options.json), options.overwrite)
        check_folder(Path(options.json))
    # TensorFlow takes seconds to load: not before the files are good.
    from albert_tf.data.examples import Columns
    from albert_tf.data.labels import label_indices
    from albert_tf.data.tasks import read_data
    from export import source_model
    from export.same_model import check_same_model

    columns = Columns(
        options.text_column, options.pair_column, options.label_column
    )
    examples = read_data(options.data, task=options.task, columns=columns)
    source = source_model.load(Path(options.model))
    _check_task(options.model, source.task)
    check_same_model(bundles, source, options.model)
    expected = np.array(label_indices(examples, source.labels))
    print(f"running {len(examples)} rows in Keras", flush=True)
    rows = _rows(source.tokenizer, examples, source.max_length)
    logits = np.stack([outputs["logits"] for outputs in source.run(rows)])
    predicted = np.argmax(logits, axis=-1)
    table = [
        Row("Keras", "keras", float((predicted == expected).mean()), 1.0, 0.0)
    ]
    for bundle in bundles:
        print(f"running them through {bundle.path.name}", flush=True)
        taken = bundle.manifest.max_length
        cut = _rows(bundle.tokenizer, examples, taken)
        if cut == rows:
            own, note = logits, ""
        else:  # What the export costs is told apart from what the cut does.
            own = np.stack([outputs["logits"] for outputs in source.run(cut)])
            note = f"texts cut to {taken} tokens, not {source.max_length}"
        row = _runtime_row(bundle, cut, expected, own, options)
        table.append(dataclasses.replace(row, note=row.note or note))
    _print_table(table)
    for line in _gains(bundles, table[1:]):
        print(line)
    if options.json:
        text = json.dumps([dataclasses.asdict(row) for row in table], indent=1)
        with written_aside(options.json) as aside:
            aside.write_text(text + "\n", encoding="utf-8")


def _check_task(name: str | Path, task: str) -> None:
    if task != tasks.CLASSIFICATION:
        raise ValueError(
            f"{name} is a model for {task}; only classifiers are compared. "
            "Score another with `export/to_tflite.py --evaluate`."
        )


def _rows(tokenizer, examples, max_length) -> list[TokenRow]:
    pairs = None
    if examples[0].pair is not None:
        pairs = [example.pair for example in examples]
    texts = [example.text for example in examples]
    packed = tokenizer.pack(texts, pairs, max_length=max_length)
    return [TokenRow(*row) for row in packed]


def _runtime_row(bundle, rows, expected, logits, options) -> Row:
    path, manifest = bundle.path, bundle.manifest
    runtime = find_target(manifest.target).runtime
    try:
        find_runtime(runtime)
    except ValueError as error:
        return Row(path.name, runtime, note=str(error))
    outputs = verify.run_on_runtime(path, rows, runtime, batched=False)
    got = np.stack([row["logits"] for row in outputs["single"]])
    figures = _measure(bundle, runtime, options.threads)
    peak_bytes = figures["peak_bytes"]
    return Row(
        name=path.name,
        runtime=runtime,
        accuracy=float((got.argmax(-1) == expected).mean()),
        agreement=float((got.argmax(-1) == logits.argmax(-1)).mean()),
        max_difference=float(np.abs(got - logits).max()),
        file_mb=figures["file_bytes"] / 1e6,
        load_ms=figures["load_ms"],
        median_ms=figures["latencies"][0]["median_ms"],
        peak_mb=None if peak_bytes is None else peak_bytes / 1e6,
    )


def _measure(bundle, runtime, num_threads) -> dict:
    length = min(_LENGTH, bundle.manifest.max_length)
    result = run_module(
        "albert_tf.edge",
        "bench",
        str(bundle.path),
        f"--runtime={runtime}",
        f"--threads={num_threads}",
        f"--lengths={length}",
        "--repeats=30",
        "--json",
    )
    if result.returncode:
        raise ValueError(result.stderr.strip())
    return json.loads(result.stdout)


def _print_table(table: Sequence[Row]) -> None:
    width = max(len(row.name) for row in table)
    print(
        f"\n{'':{width}}  {'runtime':14} {'accuracy':>8} {'agreement':>9} "
        f"{'max diff':>8} {'file MB':>8} {'load ms':>8} {'median ms':>9} "
        f"{'peak MB':>8}"
    )
    for row in table:
        print(
            f"{row.name:{width}}  {row.runtime:14} "
            f"{_cell(row.accuracy, '8.1%')} {_cell(row.agreement, '9.1%')} "
            f"{_cell(row.max_difference, '8.2g')} "
            f"{_cell(row.file_mb, '8.2f')} {_cell(row.load_ms, '8.1f')} "
            f"{_cell(row.median_ms, '9.2f')} {_cell(row.peak_mb, '8.1f')}"
            f"  {row.note}".rstrip()
        )
    print(
        "agreement: rows with Keras' label; max diff: of any logit; median "
        f"ms: one text of {_LENGTH}\ntokens; peak MB: above a process with the "
        "runtime imported; it and load ms: without the\ntokenizer"
    )


def _gains(bundles: Sequence[Bundle], rows: Sequence[Row]) -> list[str]:
    """Returns a sentence for each file that has float32 of its kind."""
    from export.float_file import is_float_of

    lines = []
    ran = [(b, r) for b, r in zip(bundles, rows) if r.accuracy is not None]
    for bundle, row in ran:
        if bundle.manifest.quantization == FLOAT32:
            continue
        for other, before in ran:
            if is_float_of(other.manifest, bundle.manifest):
                lines.append(_gain(row, before))
                break
    return lines


def _gain(row: Row, before: Row) -> str:
    shares = [
        f"{getattr(row, name) / getattr(before, name):.2f} of the {title}"
        for name, title in _GAINS.items()
        # A load too short to tell is 0.
        if getattr(row, name) and getattr(before, name)
    ]
    change = (row.accuracy or 0.0) - (before.accuracy or 0.0)
    points = round(100 * change, 1) + 0.0  # No "-0.0".
    return (
        f"{row.name} beside {before.name}: accuracy {points:+.1f} points,\n"
        f"{', '.join(shares)}"
    )


def _cell(value: float | None, form: str) -> str:
    if value is None:
        return "-".rjust(int(form.split(".")[0]))
    return format(value, form)


if __name__ == "__main__":
    sys.exit(main())
