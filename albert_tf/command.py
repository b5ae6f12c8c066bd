"""How every command of the project starts and ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

EXIT_USER_ERROR = 2


class HelpFormatter(
    argparse.ArgumentDefaultsHelpFormatter,
    argparse.RawDescriptionHelpFormatter,
):
    """Shows defaults, and keeps the line breaks of descriptions."""


def run(
    main: Callable[[argparse.Namespace], None],
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None = None,
) -> int:
    """Parses arguments, runs a command and turns failures into one line.

    Args:
        main: does the work; a ValueError or OSError that it raises is the
            user's to mend.
        parser: of the command.
        arguments: list of str, or None for the process's own.

    Returns:
        int: exit status, 0 or 2. With `ALBERT_TF_TRACEBACK=1` in the
        environment the error is raised instead, for a bug report.
    """
    options = parser.parse_args(arguments)
    try:
        main(options)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError) as error:
        if os.environ.get("ALBERT_TF_TRACEBACK"):
            raise
        message = " ".join(str(error).split()) or type(error).__name__
        print(f"{parser.prog}: error: {message}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print(
            f"\n{parser.prog}: interrupted; no half-written output was left.",
            file=sys.stderr,
        )
        return EXIT_USER_ERROR
    return 0
