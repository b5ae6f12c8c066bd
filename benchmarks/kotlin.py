"""The Kotlin tokenizer of android_demo, for `benchmarks.tokenizer`.

Compiles it with Maven where that and a JDK are there, and runs it on a Java
virtual machine, which measures itself: the pipe to it is not in its times.
"""

import contextlib
import re
import shutil
import subprocess
import tempfile

from android_demo.tokenizer.benchmark.speed import Kotlin
from benchmarks.runs import ROOT

NAME = "Kotlin"
_PASSES = {NAME: "ids", f"{NAME} with offsets": "offsets"}
_OLDEST_JDK = 17
# The virtual machine compiles what it has seen often enough.
_WARM_UP_PASSES = 5


def why_missing(limit_s):
    """Compiles the tokenizer; returns why it cannot run, or None.

    Args:
        limit_s: int. Seconds that Maven may take, which fetches the compiler
            the first time.
    """
    missing = [
        name for name in ("mvn", "javac", "java") if not shutil.which(name)
    ]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        return f"{names} {'is' if len(missing) == 1 else 'are'} missing"
    told = subprocess.run(["javac", "-version"], capture_output=True, text=True)
    version = re.search(r"\d+", told.stdout + told.stderr)
    if not version or int(version[0]) < _OLDEST_JDK:
        return f"`javac` is {version[0] if version else 'of no version'}"
    return _compile(limit_s)


def _compile(limit_s):
    command = ["mvn", "-q", "--batch-mode", "-f", "android_demo/pom.xml"]
    command += ["-pl", "tokenizer", "test-compile"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s
        )
    except subprocess.TimeoutExpired:
        return f"`mvn` did not end in {limit_s} s"
    if done.returncode:
        print(done.stdout + done.stderr)
        return f"`mvn` failed with status {done.returncode}"
    return None


@contextlib.contextmanager
def passes(model, lines):
    """Gives what runs one pass over lines and returns its seconds, by name.

    Args:
        model: path of a SentencePiece model.
        lines: list of str, none with a line break in it.

    Raises:
        SystemExit: the virtual machine ended before it measured anything.
    """
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        with Kotlin(model, file.name) as program:
            program.answer()  # How long the model took to load.
            for what in _PASSES.values():
                for _ in range(_WARM_UP_PASSES):
                    program.ask(what)
            yield {
                name: lambda what=what: program.ask(what)
                for name, what in _PASSES.items()
            }
