"""What the benchmarks of exported files share: options, runs, ratios."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ("load_ms", "median_ms", "peak_mb")


def parser(prog, description, rounds=5):
    """Returns a parser with what a run of an exported ALBERT needs."""
    result = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{prog}",
        description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = result.add_argument
    add("--preset", default="albert_base_v2")
    add("--length", type=int, default=128, help="tokens")
    add("--threads", type=int, default=2)
    add("--rounds", type=int, default=rounds, help="runs of each, in turn")
    add("--repeats", type=int, default=15, help="runs of the model a round")
    add("--json", metavar="FILE", help="also write JSON")
    return result


def write(path, data):
    """Writes a file as a bundle is written; returns its path."""
    from export.bundle import write_in_pieces

    write_in_pieces(path, data)
    return path


def write_json(path, result):
    """Writes figures aside and renames them when whole; no path, nothing."""
    if not path:
        return
    aside = Path(f"{path}.part")
    aside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    os.replace(aside, path)


def run_json(command):
    """Runs a command; returns the JSON in the last line that it prints.

    Raises:
        RuntimeError: it failed; its last lines are told.
    """
    return json.loads(run_command(command).splitlines()[-1])


def run_command(command):
    """Runs a command; returns what it prints. Raises as `run_json`."""
    command = [*map(str, command)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if result.returncode:
        last = "\n".join(result.stderr.strip().splitlines()[-5:])
        raise RuntimeError(f"{' '.join(command)} failed:\n{last}")
    return result.stdout


def measure(path, options, **changes):
    """Runs a `.tflite` file in a process of its own; returns its figures.

    Args:
        path: file.
        options: of `parser`.
        **changes: what differs from them, such as `length`.
    """
    values = {"rows": 1, **vars(options), **changes}
    numbers = [values[n] for n in ("length", "threads", "repeats", "rows")]
    module = "benchmarks.run_tflite"
    return run_json([sys.executable, "-m", module, path, *numbers])


def medians(rounds, figures=FIGURES):
    """Returns the median of each figure over rounds."""
    return {
        figure: statistics.median(each[figure] for each in rounds)
        for figure in figures
    }


def ratio(ours, theirs, figure):
    """Returns the median, lowest and highest ratio of runs in turn."""
    return over(a[figure] / b[figure] for a, b in zip(ours, theirs))


def over(rounds):
    """Returns the median, lowest and highest of numbers, one a round."""
    numbers = [*rounds]
    return {
        "median": statistics.median(numbers),
        "low": min(numbers),
        "high": max(numbers),
    }
