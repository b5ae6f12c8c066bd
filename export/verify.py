"""Runs an exported file on the runtime it is for, and compares with Keras.

A file is trusted only after the very runtime that it was made for has opened
it in a process of its own and given the right answers: runtimes have been
seen to return zeros without a word.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from albert_tf.edge.self_test import all_layers
from albert_tf.edge.session import Session
from albert_tf.text.early_exit import exit_depths
from export.process import run_module
from export.samples import Row

Outputs = dict[str, np.ndarray]


class Difference(ValueError):
    """What was exported does not answer as Keras does."""


def run_on_runtime(
    path: str | os.PathLike[str],
    rows: Sequence[Row],
    runtime: str,
    *,
    batched: bool = True,
    stops_early: bool = True,
) -> dict[str, list[Outputs]]:
    """Returns the outputs of a bundle, in a process of its own.

    Args:
        path: of the bundle.
        rows: list of Row.
        runtime: name of the runtime package.
        batched: bool. Whether to run all rows as one padded batch as well.
        stops_early: bool. Whether a model with exit heads may leave layers
            out, by the bundle's own patience.

    Returns:
        dict of `"single"` (one row at a time) and, if asked for, `"batch"`
        to a list, one a row, of dicts of output name to float[...].

    Raises:
        ValueError: the runtime refuses the file or fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.npz"
        request = {
            "path": os.fspath(path),
            "rows": [dataclasses.asdict(row) for row in rows],
            "runtime": runtime,
            "batched": batched,
            "stops_early": stops_early,
            "answers": str(answers),
        }
        result = run_module("export.verify", stdin=json.dumps(request))
        if result.returncode:
            raise ValueError(f"On {runtime} the file fails: {_reason(result)}")
        return _read(answers, len(rows))


def compare(
    got: dict[str, list[Outputs]],
    expected: Sequence[Outputs],
    *,
    tolerance: float,
) -> float:
    """Compares outputs with Keras'.

    Args:
        got: as `run_on_runtime` returns it.
        expected: outputs a row, from Keras; what `got` has beyond their
            length is padding.
        tolerance: float. Largest difference, in units of the largest
            expected value of an output.

    Returns:
        float: the largest difference found, in the same units.

    Raises:
        Difference: one is larger, or an output is not a number;
            every row that fails is named.
    """
    failures = []
    largest = 0.0
    for name in expected[0]:
        unit = max(float(np.abs(row[name]).max()) for row in expected)
        limit = tolerance * unit
        for way, rows in got.items():
            for index, (row, wanted) in enumerate(zip(rows, expected)):
                values = row[name][: len(wanted[name])]
                error = float(np.abs(values - wanted[name]).max())
                largest = max(largest, error / unit if unit else error)
                if not error <= limit:
                    failures.append(
                        f"{name} of row {index} ({way}) by {error:.3g} (at "
                        f"most {limit:.3g} is expected)"
                    )
    if failures:
        raise Difference(
            f"The exported model differs from Keras in {', '.join(failures)}."
        )
    return largest


def compare_exits(
    got: Sequence[Outputs],
    expected: Sequence[np.ndarray],
    *,
    patience: int,
    tolerance: float,
) -> None:
    """Compares outputs of early exit with Keras' at the depth they stem from.

    Where a row stops may turn on a rounding: it is compared only where at
    every depth the likeliest label is ahead by more than roundings may move.

    Args:
        got: outputs a row, with `layers_used`.
        expected: float[L, C] a row.
        patience: int. What the rows ran with.
        tolerance: as of `compare`.

    Raises:
        Difference: one is larger, or a row stopped elsewhere.
    """
    at_depth = []
    limit = tolerance * max(float(np.abs(each).max()) for each in expected)
    for row, by_depth in zip(got, expected):
        depth = int(row["layers_used"])
        if not 1 <= depth <= len(by_depth):
            raise Difference(
                f"The exported model used {depth} layers; it has "
                f"{len(by_depth)}."
            )
        second, first = np.sort(by_depth, axis=-1)[:, -2:].T
        due = int(exit_depths(by_depth[None], patience)[0])
        if depth != due and (first - second).min() > 2 * limit:
            raise Difference(
                f"The exported model stopped after {depth} layers, expected "
                f"after {due}."
            )
        at_depth.append({"logits": by_depth[depth - 1]})
    compare({"early": list(got)}, at_depth, tolerance=tolerance)


def _reason(result: Any) -> str:
    """Returns why the process failed, a crash by its signal."""
    if result.returncode < 0:
        return f"the runtime crashed (signal {-result.returncode})."
    return (result.stderr.strip().splitlines() or ["no message"])[-1]


def _read(path: Path, num_rows: int) -> dict[str, list[Outputs]]:
    results: dict[str, list[Outputs]] = {}
    with np.load(path) as arrays:
        for key in arrays.files:
            way, name, index = key.split("/")
            rows = results.setdefault(way, [{} for _ in range(num_rows)])
            rows[int(index)][name] = arrays[key]
    return results


def _answer_request() -> None:
    request = json.load(sys.stdin)
    session = Session(request["path"], runtime=request["runtime"])
    session.check_self_tests()
    patience = None
    if not request["stops_early"]:
        patience = all_layers(session.bundle.manifest)
    rows = [Row(**fields) for fields in request["rows"]]
    arrays = {}
    for index, row in enumerate(rows):
        for name, values in _run(session, [row], patience).items():
            arrays[f"single/{name}/{index}"] = values[0]
    if request["batched"]:
        for name, values in _run(session, rows, patience).items():
            for index, row_values in enumerate(values):
                arrays[f"batch/{name}/{index}"] = row_values
    np.savez(request["answers"], **arrays)


def _run(
    session: Session, rows: Sequence[Row], patience: int | None
) -> Outputs:
    masked = [row.masked_positions for row in rows if row.masked_positions]
    return session.run(
        [(row.token_ids, row.segment_ids) for row in rows],
        masked_positions=masked or None,
        patience=patience,
    )


if __name__ == "__main__":
    try:
        _answer_request()
    except (ValueError, RuntimeError) as error:
        sys.exit(" ".join(str(error).split()))
