"""The command of the on-device runner."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from albert_tf.command import run
from albert_tf.edge.commands import (
    answer,
    bench,
    choose,
    classify,
    fill,
    info,
    tag,
)

_COMMANDS = (classify, answer, tag, choose, fill, bench, info)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    return run(
        lambda options: options.run(options),
        _parser(),
        arguments,
        hide_native_notes=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m albert_tf.edge",
        description="Runs a .tflite file that export/to_tflite.py wrote.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    return parser
