"""What the commands of the runner share."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from albert_tf.command import HelpFormatter
from albert_tf.edge.runtime import PACKAGES


def add_command(
    commands: Any, name: str, function: Callable, text: str
) -> argparse.ArgumentParser:
    """Adds a command with the arguments that all of them have.

    Args:
        commands: what `add_subparsers` returned.
        name: of the command.
        function: takes the parsed options and does the work.
        text: what `--help` says.

    Returns:
        its parser, for arguments of its own.
    """
    command = commands.add_parser(
        name, help=text, description=text, formatter_class=HelpFormatter
    )
    command.set_defaults(run=function)
    command.add_argument("file", metavar="FILE.tflite", help="the bundle")
    command.add_argument(
        "--runtime",
        choices=list(PACKAGES),
        help="runtime package; by default the first that is installed",
    )
    command.add_argument(
        "--threads",
        type=int,
        metavar="N",
        help="threads; by default one a processor, at most 4",
    )
    command.add_argument(
        "--json", action="store_true", help="print JSON, one object a line"
    )
    return command


def open_runner(
    kind: Callable, options: argparse.Namespace, **arguments: Any
) -> Any:
    """Returns the runner of a command's options, and of arguments beside."""
    return kind(
        options.file,
        runtime=options.runtime,
        num_threads=options.threads,
        **arguments,
    )


def answer_texts(
    options: argparse.Namespace,
    answer: Callable[[str], Any],
    show: Callable[[Any, str | None], str],
) -> None:
    """Prints the answer to the text given, or to each line of stdin.

    Args:
        options: with `text`, `-` for lines of standard input, and `json`.
        answer: of one text; a dataclass.
        show: makes of an answer, and of its line of standard input or
            None, what a person reads.

    Raises:
        ValueError: a text is not UTF-8 or is refused; its line is named.
    """
    if options.text != "-":
        print_answer(answer(options.text), None, options.json, show)
        return
    for number, line in enumerate(_lines(), 1):
        try:
            result = answer(line)
        except ValueError as error:
            raise ValueError(f"stdin line {number}: {error}") from error
        print_answer(result, line, options.json, show)


def print_answer(
    answer: Any,
    text: str | None,
    as_json: bool,
    show: Callable[[Any, str | None], str],
) -> None:
    """Prints one answer, as JSON with all its fields or as `show` says."""
    if getattr(answer, "is_truncated", False):
        print(
            "note: the text was cut to the tokens that this model takes",
            file=sys.stderr,
        )
    if as_json:
        fields = dataclasses.asdict(answer)
        if text is not None:
            fields = {"text": text, **fields}
        print(json.dumps(fields, ensure_ascii=False), flush=True)
        return
    print(show(answer, text), flush=True)


def with_tail(answer: str, text: str | None) -> str:
    """Returns an answer of one line with the line it is for behind."""
    return answer if text is None else f"{answer}\t{text}"


def check_utf8(*arguments: str | None) -> None:
    """Refuses command-line texts in another encoding.

    Raises:
        ValueError: a text is not UTF-8.
    """
    for argument in arguments:
        if any("\ud800" <= letter <= "\udfff" for letter in argument or ""):
            raise ValueError(
                "The text is not UTF-8. Convert it first, for example with "
                "iconv."
            )


def _lines() -> Iterator[str]:
    """Yields the lines of standard input."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"stdin line {number} is not UTF-8 (byte {error.start}). "
                "Convert it first, for example with iconv."
            ) from error
