"""The page that says what an export cost and won.

`report.html` is for people and needs nothing beside it; `report.json` holds
the same figures for machines.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from albert_tf.edge.bundle import MODEL_PART, Bundle
from albert_tf.edge.runtime import find_runtime
from albert_tf.files import written_aside
from export import flatbuffer, report_html, source_model
from export.cost_and_gain import cost_and_gain, lines
from export.evaluate import Evaluation, Evaluator
from export.float_file import FloatFile, is_float_of
from export.layer_errors import errors_by_depth
from export.operators import operator_table
from export.process import run_module
from export.same_model import check_same_model
from export.say import say
from export.sizes import bytes_by_part
from export.source_model import SourceModel
from export.targets import find_target

_LENGTHS = (16, 32, 64, 128, 256, 512)
_THREADS = (1, 2)
_REPEATS = 10
_NO_FLOAT = FloatFile()


def write_report(
    directory: str | os.PathLike[str],
    model_directory: str | os.PathLike[str],
    files: Sequence[str | os.PathLike[str]],
    evaluation: Evaluation | None = None,
    *,
    unkept: FloatFile = _NO_FLOAT,
    patience: int | None = None,
) -> Path:
    """Measures exported files, writes what was found and prints the sum.

    Args:
        directory: of the report; made if missing.
        model_directory: of the model that the files came from.
        files: paths of bundles; the first is the one the report is on, the
            others stand beside it.
        evaluation: Evaluation. Data to score on; without it there is no
            score.
        unkept: FloatFile. Float32, to hold the first file against where none
            of the others is that.
        patience: int or None. As the first was asked for.

    Returns:
        Path of `report.html`.

    Raises:
        ValueError: a file, the model or the data cannot be read, or a file
            is of another model.
    """
    bundles = [Bundle(path) for path in [*files, *_paths(unkept)]]
    source = source_model.load(Path(model_directory), patience)
    check_same_model(bundles, source, model_directory)
    evaluators = _evaluators(bundles, source, model_directory, evaluation)
    first = evaluators[0]
    measured = [
        _facts(bundle, source, evaluator)
        for bundle, evaluator in zip(bundles, evaluators)
    ]
    if unkept.path is not None:
        measured[-1] |= {"name": "float32, not kept", "is_kept": False}
    facts = {
        "model": os.fspath(model_directory),
        "task": source.task,
        "keras": dataclasses.asdict(first.keras) if first else None,
        "cost_and_gain": {
            **cost_and_gain(measured[0], _float_of(bundles, measured)),
            "note": unkept.note,
        },
        "files": measured,
    }
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "report.json", json.dumps(facts, indent=1) + "\n")
    _write(folder / "report.html", report_html.page(facts))
    for line in lines(facts):
        say(line)
    return folder / "report.html"


def _paths(unkept: FloatFile) -> list[Path]:
    return [] if unkept.path is None else [unkept.path]


def _float_of(
    bundles: Sequence[Bundle], measured: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """Returns the facts of what the first file would be in float32, if any."""
    first = bundles[0].manifest
    for bundle, facts in zip(bundles[1:], measured[1:]):
        if is_float_of(bundle.manifest, first):
            return facts
    return None


def _write(path: Path, text: str) -> None:
    with written_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def _evaluators(
    bundles: Sequence[Bundle],
    source: SourceModel,
    directory: str | os.PathLike[str],
    evaluation: Evaluation | None,
) -> list[Evaluator | None]:
    """Returns for each bundle what cuts texts as it does, if any."""
    if evaluation is None:
        return [None] * len(bundles)
    made: dict[str, Evaluator] = {}
    found: list[Evaluator | None] = []
    for bundle in bundles:
        manifest = bundle.manifest
        lengths: dict[str, Any] = {
            "length": manifest.max_length,
            "answer_settings": manifest.question_answering,
            "max_answer_length": manifest.max_answer_length,
        }
        key = json.dumps(lengths, sort_keys=True)
        if key not in made:
            cut = dataclasses.replace(source, **lengths)
            made[key] = Evaluator(cut, directory, evaluation)
        found.append(made[key])
    return found


def _facts(bundle: Bundle, source, evaluator) -> dict[str, Any]:
    manifest = bundle.manifest
    runtime = find_target(manifest.target).runtime
    size = bundle.part_bytes[MODEL_PART]
    flat = bundle.path.read_bytes()[:size]
    facts = {
        "name": bundle.path.name,
        "is_kept": True,
        "target": manifest.target,
        "quantization": manifest.quantization,
        "runtime": runtime,
        "minimum_runtime": manifest.minimum_runtime,
        "file_bytes": bundle.path.stat().st_size,
        "bytes_by_part": bytes_by_part(bundle.path),
        "weight_bytes": flatbuffer.inspect(flat).weight_bytes,
        "operators": operator_table(flat),
        "errors_by_depth": errors_by_depth(flat, source),
        "note": "",
        "score": None,
        "measured": [],
    }
    try:
        find_runtime(runtime)
    except ValueError as error:
        return {**facts, "note": str(error)}
    if evaluator is not None:
        score = evaluator.on_device(bundle.path, runtime)
        facts["score"] = dataclasses.asdict(score)
    facts["measured"] = [_measure(bundle, runtime, n) for n in _THREADS]
    return facts


def _measure(bundle: Bundle, runtime: str, num_threads: int) -> dict[str, Any]:
    longest = bundle.manifest.max_length
    lengths = [length for length in _LENGTHS if length <= longest]
    if bundle.manifest.fixed_length:
        lengths = [longest]
    result = run_module(
        "albert_tf.edge",
        "bench",
        str(bundle.path),
        f"--runtime={runtime}",
        f"--threads={num_threads}",
        "--lengths",
        *map(str, lengths or [longest]),
        f"--repeats={_REPEATS}",
        "--json",
    )
    if result.returncode:
        raise ValueError(result.stderr.strip())
    return {"threads": num_threads, **json.loads(result.stdout)}
