"""Runs a module of the project in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_module(
    module: str, *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs `python -m module` from the checkout and waits for it.

    A runtime then meets neither TensorFlow's libraries nor the memory that
    converting took, and a crash of it is a message instead of our own.

    Args:
        module: name of the module.
        *arguments: of its command line.
        stdin: text for its standard input.

    Returns:
        subprocess.CompletedProcess with its output as text.
    """
    inherited = os.environ.get("PYTHONPATH")
    path = [str(ROOT), *([inherited] if inherited else [])]
    return subprocess.run(
        # -P: a module of the user's folder would go before ours.
        [sys.executable, "-P", "-m", module, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
    )
