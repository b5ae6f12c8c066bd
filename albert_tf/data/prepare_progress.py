"""What workers have done so far, shown by the process that started them.

Workers may be other processes, or machines that share a disk: each tells what
it has read by the size of a file of its own in the job's folder.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_SUFFIX = ".progress"
_SECONDS = 0.5
_SECONDS_OF_LOGS = 30.0


def tell_progress(folder: str, texts: Sequence[str]) -> None:
    """Notes that texts were read: a byte for every thousand characters."""
    thousands = sum(map(len, texts)) // 1000
    with contextlib.suppress(OSError):
        with open(Path(folder, f"{os.getpid()}{_SUFFIX}"), "ab") as file:
            file.write(b"." * thousands)


@contextlib.contextmanager
def shown_progress(folder: Path) -> Iterator[None]:
    """Shows on standard error how much text has been read meanwhile.

    One line that changes on a terminal; elsewhere a line now and then.
    """
    stream, ended = sys.stderr, threading.Event()
    begin, is_terminal = time.monotonic(), sys.stderr.isatty()

    def show() -> None:
        megabytes = _num_thousands(folder) / 1000
        seconds = time.monotonic() - begin
        line = f"{megabytes:,.1f} million characters read, {seconds:.0f} s"
        print(
            f"\r{line}" if is_terminal else line,
            end="" if is_terminal else "\n",
            file=stream,
            flush=True,
        )

    def keep_showing() -> None:
        while not ended.wait(_SECONDS if is_terminal else _SECONDS_OF_LOGS):
            show()

    thread = threading.Thread(target=keep_showing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        if is_terminal:
            show()
            print(file=stream)
        for path in folder.glob(f"*{_SUFFIX}"):
            path.unlink()


def _num_thousands(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(f"*{_SUFFIX}"))
