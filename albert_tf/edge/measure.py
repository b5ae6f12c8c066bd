"""Measures load time, latency and memory of a bundle on this machine."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.runtime import find_runtime, import_interpreter
from albert_tf.edge.self_test import all_layers
from albert_tf.edge.session import Session

_STATUS = Path("/proc/self/status")


@dataclasses.dataclass(frozen=True)
class Latency:
    """Time of one run at one length.

    Attributes:
        length: int. Tokens.
        median_ms: float.
        p95_ms: float. 95th percentile.
    """

    length: int
    median_ms: float
    p95_ms: float


@dataclasses.dataclass(frozen=True)
class Measurement:
    """What running a bundle costs.

    Attributes:
        runtime: str. Name of the runtime package.
        file_bytes: int. Size of the whole bundle.
        load_ms: float. From giving the file to the runtime until the
            interpreter can take its first input of the first length. The
            tokenizer, read before, is not counted.
        peak_bytes: int or None. Most memory the process held, above what it
            held with runtime and tokenizer alone; None where the system does
            not tell (it does on Linux).
        latencies: list of Latency.
    """

    runtime: str
    file_bytes: int
    load_ms: float
    peak_bytes: int | None
    latencies: list[Latency]


def measure(
    path: str | os.PathLike[str],
    *,
    lengths: Sequence[int],
    repeats: int = 20,
    runtime: str | None = None,
    num_threads: int | None = None,
) -> Measurement:
    """Runs a bundle on made-up tokens and says what it cost.

    A model with early exit runs all its layers.

    Use a fresh process for each call: memory that an earlier model freed is
    handed out again without showing.

    Args:
        path: of the bundle.
        lengths: tokens of each input to time.
        repeats: int >= 1. Timed runs a length, after two that are not.
        runtime: name of the runtime package, or None for the first found.
        num_threads: int >= 1, or None for a number that suits the machine.

    Raises:
        ValueError: the bundle or the runtime fails; a length is not between
            3 and what the model takes.
    """
    bundle = Bundle(path)  # Its tokenizer is not the model, either.
    _check_lengths(lengths, bundle)
    runtime = find_runtime(runtime)
    import_interpreter(runtime)  # Its memory is not the model's.
    before = _memory_bytes("VmRSS")
    start = time.perf_counter()
    session = Session(bundle, runtime=runtime, num_threads=num_threads)
    _run(session, [_row(lengths[0], bundle)])
    first = time.perf_counter() - start
    latencies = [
        _latency(session, length, repeats=repeats) for length in lengths
    ]
    peak = _memory_bytes("VmHWM")
    return Measurement(
        runtime=runtime,
        file_bytes=bundle.path.stat().st_size,
        load_ms=max(0.0, first * 1e3 - latencies[0].median_ms),
        peak_bytes=None if before is None or peak is None else peak - before,
        latencies=latencies,
    )


def _run(session: Session, rows: Sequence) -> None:
    """Runs rows of any task, one mask a row where it wants masks.

    All layers: where a text would stop early, made-up tokens do not tell.
    """
    manifest = session.bundle.manifest
    wants_masks = "masked_positions" in manifest.inputs
    session.run(
        rows,
        masked_positions=[[1]] * len(rows) if wants_masks else None,
        patience=all_layers(manifest),
    )


def _check_lengths(lengths: Sequence[int], bundle: Bundle) -> None:
    longest = bundle.manifest.max_length
    wrong = [length for length in lengths if not 3 <= length <= longest]
    if wrong or not lengths:
        raise ValueError(
            f"Lengths must be between 3 and {longest} tokens. Received: "
            f"{', '.join(map(str, wrong)) or 'none'}."
        )


def _row(length: int, bundle: Bundle) -> tuple[list[int], list[int]]:
    generator = np.random.default_rng(0)
    tokenizer = bundle.tokenizer
    middle = generator.integers(5, tokenizer.vocab_size, length - 2).tolist()
    return [tokenizer.cls_id, *middle, tokenizer.sep_id], [0] * length


def _latency(session: Session, length: int, *, repeats: int) -> Latency:
    rows = [_row(length, session.bundle)]
    times = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        _run(session, rows)
        times.append((time.perf_counter() - start) * 1e3)
    return Latency(
        length=length,
        median_ms=float(np.median(times[2:])),
        p95_ms=float(np.percentile(times[2:], 95)),
    )


def _memory_bytes(field: str) -> int | None:
    """Returns a memory figure of this process, in bytes."""
    if not _STATUS.exists():
        return None
    for line in _STATUS.read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return None
