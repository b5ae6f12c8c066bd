"""`answer`: the part of a text that answers a question."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from albert_tf.edge.answerer import NUM_BEST, Answerer, Reply
from albert_tf.edge.commands import common

# From here on the command says how far it has to go.
_MANY_WINDOWS = 20


def add(commands: Any) -> None:
    """Adds the command."""
    command = common.add_command(
        commands, "answer", _run, "Find the answer to a question in a text."
    )
    argument = command.add_argument
    argument("--question", required=True, metavar="TEXT", help="what to ask")
    context = command.add_mutually_exclusive_group(required=True)
    context.add_argument(
        "--context-file", metavar="FILE", help="text to read, or - for stdin"
    )
    context.add_argument("--context", metavar="TEXT", help="the text itself")
    argument(
        "--num-best",
        type=int,
        default=NUM_BEST,
        metavar="N",
        help="candidates to show",
    )
    argument(
        "--null-threshold",
        type=float,
        metavar="X",
        help="odds above which there is no answer; by default the bundle's",
    )


def _run(options: argparse.Namespace) -> None:
    common.check_utf8(options.question, options.context)
    context = options.context
    if context is None:
        context = _read(options.context_file)
    answerer: Answerer = common.open_runner(Answerer, options)
    reply = answerer.answer(
        options.question,
        context,
        num_best=options.num_best,
        null_threshold=options.null_threshold,
        on_window=_progress,
    )
    if reply.num_cut_tokens:
        print(
            f"note: the question was cut by {reply.num_cut_tokens} tokens, "
            f"to its first {answerer.settings.max_query_length}",
            file=sys.stderr,
        )
    if options.json:
        print(json.dumps(dataclasses.asdict(reply), ensure_ascii=False))
    else:
        _print(reply)


def _read(name: str) -> str:
    """Returns a file's text as it is: places count its line ends, too."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read()
        else:
            data = Path(name).read_bytes()
    except OSError as error:
        raise ValueError(
            f"Cannot read {name}: {error.strerror}. Expected a text in UTF-8."
        ) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{name}, line {line}: not UTF-8. Convert it first, for example "
            "with iconv."
        ) from error


def _progress(number: int, total: int) -> None:
    if total < _MANY_WINDOWS:
        return
    if number == 1:
        print(
            f"note: the context is long: {total} windows to read",
            file=sys.stderr,
        )
    if sys.stderr.isatty():
        end = "\n" if number == total else ""
        print(f"\rwindow {number} of {total}", file=sys.stderr, end=end)


def _print(reply: Reply) -> None:
    if reply.answer is None:
        print(f"-\t{reply.null_probability:.3f}\tno answer")
    for answer in reply.candidates:
        # On one line, as the rest of the output.
        text = " ".join(answer.text.split())
        print(f"{answer.start}-{answer.end}\t{answer.probability:.3f}\t{text}")
