"""Speed of the Kotlin tokenizer beside C++ SentencePiece, one core.

    mvn -q -f android_demo/pom.xml test-compile
    python -m android_demo.tokenizer.benchmark.speed --model spiece.model \\
      --text enwiki-docs.jsonl.gz

Both run over the same lines in turn, several rounds, and each round's speed
is divided by SentencePiece's of that round: quote the ratios, machines drift.
SentencePiece's share leaves out ALBERT's normalization and the digit-comma
rule, ours has both.
"""

import argparse
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import sentencepiece

MODULE = pathlib.Path(__file__).parents[1]
MAIN = "org.alberttf.tokenizer.BenchmarkKt"


def main():
    options = _parser().parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    lines = read_lines(options.text, options.megabytes)
    num_bytes = sum(len(line.encode("utf-8")) for line in lines)
    print(f"{len(lines)} lines, {num_bytes / 1e6:.1f} MB, one core")
    processor = sentencepiece.SentencePieceProcessor(model_file=options.model)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        with Kotlin(options.model, file.name) as kotlin:
            report_load(kotlin, pathlib.Path(options.model).stat().st_size)
            run = {
                "sentencepiece, ids": lambda: seconds_cpp(processor, lines),
                "Kotlin, ids": lambda: kotlin.ask("ids"),
                "Kotlin, with offsets": lambda: kotlin.ask("offsets"),
            }
            seconds = measure(run, options.rounds)
    report_speed(seconds, num_bytes)


def _parser():
    parser = argparse.ArgumentParser(
        description="Measures the Kotlin tokenizer beside SentencePiece.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--model", required=True, help="spiece.model")
    parser.add_argument(
        "--text", required=True, help="JSON lines with a `text`, gzipped"
    )
    parser.add_argument("--megabytes", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=7)
    return parser


def read_lines(path, megabytes):
    """Returns lines that are not empty, up to a size."""
    lines, left = [], megabytes * 1e6
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in file:
            for line in json.loads(row)["text"].splitlines():
                if left > 0 and line.strip():
                    lines.append(line)
                    left -= len(line.encode("utf-8"))
            if left <= 0:
                break
    return lines


def class_path():
    """Returns where Maven left the classes and Kotlin's own."""
    pom = (MODULE.parent / "pom.xml").read_text(encoding="utf-8")
    version = pom.partition("<kotlin.version>")[2].partition("<")[0]
    kotlin = pathlib.Path.home().joinpath(
        ".m2/repository/org/jetbrains/kotlin/kotlin-stdlib",
        version,
        f"kotlin-stdlib-{version}.jar",
    )
    paths = [MODULE / "target/classes", MODULE / "target/test-classes", kotlin]
    return os.pathsep.join(map(str, paths))


class Kotlin:
    """The measuring program on a Java virtual machine.

    Args:
        model: path of a SentencePiece model.
        text: path of a text file.
    """

    def __init__(self, model, text):
        self._process = subprocess.Popen(
            ["java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", class_path(), MAIN]
            + [model, text],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.stdin.close()
        self._process.wait()

    def answer(self):
        """Returns the numbers of the next line that it prints."""
        line = self._process.stdout.readline()
        if not line:
            sys.exit("The program ended. Compile it first, with mvn, as above.")
        return [float(number) for number in line.split()]

    def ask(self, what):
        """Returns how many seconds one pass takes."""
        print(what, file=self._process.stdin, flush=True)
        return self.answer()[0]


def seconds_cpp(processor, lines):
    start = time.perf_counter()
    # Arrays, so that no time goes to making Python numbers.
    processor.encode(lines, num_threads=1, return_type="numpy")
    return time.perf_counter() - start


def measure(run, rounds):
    """Returns the seconds of each round, by name."""
    for each in run.values():
        # The virtual machine compiles what it has seen often enough.
        for _ in range(3):
            each()
    times = [[each() for each in run.values()] for _ in range(rounds)]
    return dict(zip(run, zip(*times)))


def report_load(kotlin, model_bytes):
    first, median, held = kotlin.answer()
    print(f"load: {first:.0f} ms the first time, then {median:.0f} ms")
    print(
        f"memory: {held / 1e6:.2f} MB, {held / model_bytes:.2f} times the model"
    )


def report_speed(seconds, num_bytes):
    base = next(iter(seconds.values()))
    print(f"{'':22} {'MB/s':>7} {'ratio':>7} {'lowest':>7} {'highest':>7}")
    for name, each in seconds.items():
        ratios = [reference / own for reference, own in zip(base, each)]
        speed = num_bytes / statistics.median(each) / 1e6
        row = [speed, statistics.median(ratios), min(ratios), max(ratios)]
        print(f"{name:22} " + " ".join(f"{value:7.2f}" for value in row))


if __name__ == "__main__":
    main()
