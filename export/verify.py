"""Runs an exported file on the runtime it is for, and compares with Keras.

A file is trusted only after the very runtime that it was made for has opened
it in a process of its own and given the right answers: runtimes have been
seen to return zeros without a word.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

import numpy as np

from albert_tf.edge.session import Session
from export.process import run_module

Row = tuple[list[int], list[int]]


def run_on_runtime(
    path: str | os.PathLike[str],
    rows: Sequence[Row],
    runtime: str,
    *,
    batched: bool = True,
) -> dict[str, list[np.ndarray]]:
    """Returns the outputs of a bundle, in a process of its own.

    Args:
        path: of the bundle.
        rows: pairs (token_ids, segment_ids).
        runtime: name of the runtime package.
        batched: bool. Whether to run all rows as one padded batch as well.

    Returns:
        dict of `"single"` (one row at a time) and, if asked for, `"batch"`
        to a list of float[labels], one a row.

    Raises:
        ValueError: the runtime refuses the file or fails.
    """
    request = {
        "path": os.fspath(path),
        "rows": rows,
        "runtime": runtime,
        "batched": batched,
    }
    result = run_module("export.verify", stdin=json.dumps(request))
    if result.returncode:
        reason = result.stderr.strip().splitlines() or ["no message"]
        raise ValueError(f"On {runtime} the file fails: {reason[-1]}")
    outputs = json.loads(result.stdout.splitlines()[-1])
    return {
        name: [np.asarray(row, np.float32) for row in rows]
        for name, rows in outputs.items()
    }


def compare(
    got: dict[str, list[np.ndarray]],
    expected: Sequence[np.ndarray] | np.ndarray,
    *,
    tolerance: float,
) -> float:
    """Compares outputs with Keras'.

    Args:
        got: as `run_on_runtime` returns it.
        expected: float[labels] a row, from Keras.
        tolerance: float. Largest difference, in units of the largest
            expected value.

    Returns:
        float: the largest difference found, in the outputs' own unit.

    Raises:
        ValueError: a difference is larger, or an output is not a number;
            every row that fails is named.
    """
    limit = tolerance * max(float(np.abs(row).max()) for row in expected)
    failures = []
    largest = 0.0
    for way, rows in got.items():
        for index, (row, wanted) in enumerate(zip(rows, expected)):
            error = float(np.abs(row - wanted).max())
            largest = max(largest, error)
            if not error <= limit:
                failures.append(f"row {index} ({way}) by {error:.3g}")
    if failures:
        raise ValueError(
            f"The exported model differs from Keras in {', '.join(failures)};"
            f" at most {limit:.3g} is expected. Nothing was written. Take a "
            "gentler --quantize, such as float16."
        )
    return largest


def _answer_request() -> None:
    request = json.load(sys.stdin)
    session = Session(request["path"], runtime=request["runtime"])
    session.check_self_tests()
    rows = request["rows"]
    outputs = {
        "single": [session.run([row])["logits"][0].tolist() for row in rows]
    }
    if request["batched"]:
        outputs["batch"] = session.run(rows)["logits"].tolist()
    print(json.dumps(outputs))


if __name__ == "__main__":
    try:
        _answer_request()
    except ValueError as error:
        sys.exit(" ".join(str(error).split()))
