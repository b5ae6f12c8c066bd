"""`bench`: load time, latency and memory of a bundle here."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from albert_tf.edge.bundle import Bundle
from albert_tf.edge.commands import common
from albert_tf.edge.measure import Measurement, measure


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands, "bench", _run, "Measure load time, latency and memory."
    )
    command.add_argument(
        "--lengths",
        type=int,
        nargs="+",
        metavar="N",
        help="tokens; by default 16, 32, 64, ... up to the model's most",
    )
    command.add_argument(
        "--repeats", type=int, default=20, help="timed runs a length"
    )


def _run(options: argparse.Namespace) -> None:
    bundle = Bundle(options.file)
    if options.repeats < 1:
        raise ValueError("--repeats must be 1 or more.")
    result = measure(
        options.file,
        lengths=options.lengths or _lengths(bundle),
        repeats=options.repeats,
        runtime=options.runtime,
        num_threads=options.threads,
    )
    if options.json:
        print(json.dumps(dataclasses.asdict(result)))
    else:
        _print_measurement(result)


def _lengths(bundle: Bundle) -> list[int]:
    longest = bundle.manifest.max_length
    if bundle.manifest.fixed_length:
        return [longest]
    return [n for n in (16, 32, 64, 128, 256, 512) if n <= longest] or [longest]


def _print_measurement(result: Measurement) -> None:
    print(f"runtime      {result.runtime}")
    print(f"file         {result.file_bytes / 1e6:.2f} MB")
    print(f"load         {result.load_ms:.1f} ms")
    if result.peak_bytes is not None:
        print(f"peak memory  {result.peak_bytes / 1e6:.1f} MB")
    print("tokens  median ms  p95 ms")
    for row in result.latencies:
        print(f"{row.length:6d}  {row.median_ms:9.1f}  {row.p95_ms:6.1f}")
