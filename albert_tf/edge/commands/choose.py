"""`choose`: which of several texts goes with a first one."""

from __future__ import annotations

import argparse
from typing import Any

from albert_tf.edge.chooser import Choice, Chooser
from albert_tf.edge.commands import common


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands, "choose", _run, "Choose the text that goes with a context."
    )
    command.add_argument("context", metavar="CONTEXT")
    command.add_argument("choices", metavar="CHOICE", nargs="+")
    command.add_argument(
        "--question",
        default="",
        help="what the choices answer; _ in it is where they go",
    )


def _run(options: argparse.Namespace) -> None:
    common.check_utf8(options.context, options.question, *options.choices)
    chooser = common.open_runner(Chooser, options)
    answer = chooser.choose(options.context, options.choices, options.question)
    common.print_answer(answer, None, options.json, _show)


def _show(answer: Choice, text: str | None) -> str:
    return f"{answer.index + 1}\t{answer.probability:.3f}\t{answer.choice}"
