"""How every command of the project starts and ends."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence

EXIT_USER_ERROR = 2
# What Keras imports in TensorFlow's stead where KERAS_BACKEND says so.
_OTHER_BACKENDS = ("jax", "torch")


class HelpFormatter(
    argparse.ArgumentDefaultsHelpFormatter,
    argparse.RawDescriptionHelpFormatter,
):
    """Shows defaults, and keeps the line breaks of descriptions."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        # "(default: None)" says nothing.
        if action.default is None or action.default is False:
            return action.help
        return super()._get_help_string(action)


def run(
    main: Callable[[argparse.Namespace], None],
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None = None,
    *,
    hide_native_notes: bool = False,
) -> int:
    """Parses arguments, runs a command and turns failures into one line.

    Args:
        main: does the work; a ValueError or OSError that it raises is the
            user's to mend, and so is an ImportError.
        parser: of the command.
        arguments: list of str, or None for the process's own.
        hide_native_notes: bool. Drops what native libraries write to
            standard error by themselves, such as TFLite's delegate notes.

    Returns:
        int: exit status, 0 or 2. With `ALBERT_TF_TRACEBACK=1` in the
        environment nothing is hidden and the error is raised instead, for a
        bug report.
    """
    options = parser.parse_args(arguments)
    # TensorFlow's start-up notes would drown what a command has to say.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    notes = hidden_notes() if hide_native_notes else contextlib.nullcontext()
    try:
        with notes:
            main(options)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError, ImportError) as error:
        if os.environ.get("ALBERT_TF_TRACEBACK"):
            raise
        message = " ".join(_message(error).split()) or type(error).__name__
        print(f"{parser.prog}: error: {message}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt as error:
        what = str(error) or "no half-written output was left."
        print(
            f"\n{parser.prog}: interrupted; {what}",
            file=sys.stderr,
        )
        return EXIT_USER_ERROR
    return 0


def _message(error: Exception) -> str:
    """Returns an error's words; ours where a package is missing or broken."""
    if not isinstance(error, ImportError):
        return str(error)
    name = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError):
        return (
            f"{name or 'A package'} is installed and cannot be loaded: "
            f"{_import_failure(error)}. Install it again, in a release for "
            "this Python and this machine."
        )
    if name in _OTHER_BACKENDS:
        return (
            f"Keras is to run on {name}, which is not installed. Set "
            "KERAS_BACKEND=tensorflow, or install it."
        )
    return (
        f"{name or error} is not installed. Run `pip install '.[train]'` in "
        "albert_tf's folder, or install that package."
    )


def _import_failure(error: ImportError) -> str:
    """Returns the line that says why; TensorFlow's is the last of many."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    start = "ImportError: "
    native = [line for line in lines if line.startswith(start)]
    return (native[-1:] or lines)[0].removeprefix(start)


@contextlib.contextmanager
def hidden_notes() -> Iterator[None]:
    """Silences file descriptor 2; Python's own standard error still prints."""
    process_stderr = sys.stderr
    if os.environ.get("ALBERT_TF_TRACEBACK") or not _is_descriptor_2():
        yield
        return
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        with os.fdopen(kept, "w", buffering=1, closefd=False) as stream:
            sys.stderr = stream
            yield
    finally:
        sys.stderr = process_stderr
        os.dup2(kept, 2)
        os.close(kept)


def _is_descriptor_2() -> bool:
    """Whether sys.stderr is the process's own, not a test's replacement."""
    try:
        return sys.stderr.fileno() == 2
    except (AttributeError, OSError, ValueError):
        return False
