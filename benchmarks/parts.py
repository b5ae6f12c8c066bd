"""The parts of `make bench`: what each runs, and how long it may."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.runs import ROOT


@dataclass(frozen=True)
class Part:
    """One benchmark, in a process of its own.

    Attributes:
        module: str. It takes `--json FILE`.
        about: str. What it measures, for the line of progress.
        arguments: tuple of str.
        limit_s: int. Seconds after which it is ended.
        has_peers: bool. Whether it takes `--peers-python`.
    """

    module: str
    about: str
    arguments: tuple
    limit_s: int
    has_peers: bool = False

    def command(self, options, result):
        """Returns the command that writes the figures to `result`."""
        command = [sys.executable, "-m", self.module, *self.arguments]
        if self.has_peers and options.peers_python:
            command += ["--peers-python", options.peers_python]
        if self.module == "benchmarks.tokenizer":
            command += ["--model", options.tokenizer] * bool(options.tokenizer)
            command += ["--text", options.text] * bool(options.text)
        if self.module == "benchmarks.prepare":
            inputs = [options.text] * bool(options.text)
            command += inputs
            tokenizer = ["--tokenizer", options.tokenizer]
            command += tokenizer * bool(options.tokenizer)
        return [*command, "--json", str(result)]


# All limits together, and the installation, are under half an hour.
PARTS = {
    "device": Part(
        "benchmarks.device",
        "the device's runtime beside the peers'",
        ("--rounds", "5", "--repeats", "9"),
        limit_s=180,
        has_peers=True,
    ),
    "quantizations": Part(
        "benchmarks.quantizations",
        "number formats",
        ("--rounds", "9", "--repeats", "9"),
        limit_s=180,
    ),
    "growth": Part(
        "benchmarks.growth",
        "how time grows, and its floor",
        ("--rounds", "3", "--repeats", "5"),
        limit_s=210,
    ),
    "training": Part(
        "benchmarks.training",
        "a training step beside the peers'",
        ("--batch-size", "8", "--steps", "2", "--rounds", "2"),
        limit_s=420,
        has_peers=True,
    ),
    "tokenizer": Part(
        "benchmarks.tokenizer",
        "text to ids",
        ("--in-graph", "--kotlin", "--megabytes", "0.5", "--rounds", "5"),
        limit_s=210,
    ),
    "prepare": Part(
        "benchmarks.prepare",
        "text to a corpus, by workers",
        ("--megabytes", "48", "--floor-mb", "4", "--rounds", "3"),
        limit_s=180,
    ),
}


def run(part, options, result, log):
    """Runs one part to its end; its messages go to a file.

    Args:
        part: Part.
        options: of the command, with `peers_python`, `text`, `tokenizer`.
        result: path of the JSON that it shall write.
        log: path.

    Raises:
        RuntimeError: it failed or took too long; the message says which.
    """
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(
            part.command(options, result),
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            # A group of its own: what it started ends with it.
            start_new_session=True,
        )
        _wait(process, part, log)


def _wait(process, part, log):
    begin = time.monotonic()
    try:
        status = process.wait(part.limit_s)
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"did not end in {part.limit_s} s; see {log}"
        ) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if status:
        seconds = time.monotonic() - begin
        last = (log.read_text(encoding="utf-8").strip() or "?").splitlines()[-1]
        raise RuntimeError(f"failed after {seconds:.0f} s: {last}; see {log}")
