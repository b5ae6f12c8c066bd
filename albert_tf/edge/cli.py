"""The command of the on-device runner."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence

from albert_tf.command import HelpFormatter, run
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.classifier import Classification, Classifier
from albert_tf.edge.measure import Measurement, measure
from albert_tf.edge.runtime import PACKAGES
from albert_tf.edge.session import Session


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    return run(
        lambda options: options.run(options),
        _parser(),
        arguments,
        hide_native_notes=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m albert_tf.edge",
        description="Runs a .tflite file that export/to_tflite.py wrote.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_classify(commands)
    _add_bench(commands)
    _add_info(commands)
    return parser


def _add_command(commands, name, function, text):
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


def _add_classify(commands) -> None:
    command = _add_command(
        commands, "classify", _classify, "Give a text its label."
    )
    command.add_argument(
        "text", metavar="TEXT", help="the text, or - for lines of stdin"
    )
    command.add_argument("--pair", metavar="TEXT", help="a second text")


def _add_bench(commands) -> None:
    command = _add_command(
        commands, "bench", _bench, "Measure load time, latency and memory."
    )
    command.add_argument(
        "--lengths",
        type=int,
        nargs="+",
        metavar="N",
        help="tokens; by default 16, 32, 64, ... up to the model's most",
    )
    command.add_argument(
        "--repeats", type=int, default=20, help="timed runs a length"
    )


def _add_info(commands) -> None:
    command = _add_command(
        commands, "info", _info, "Show what a bundle holds, and check it."
    )
    command.add_argument(
        "--no-self-test",
        action="store_true",
        help="only read the file; needs no runtime",
    )


def _classify(options: argparse.Namespace) -> None:
    for argument in (options.text, options.pair or ""):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            raise ValueError(
                "The text is not UTF-8. Convert it first, for example with "
                "iconv."
            )
    classifier = Classifier(
        options.file, runtime=options.runtime, num_threads=options.threads
    )
    if options.text != "-":
        _print_answer(
            classifier.classify(options.text, options.pair), None, options.json
        )
        return
    for number, line in enumerate(_lines(), 1):
        try:
            answer = classifier.classify(line, options.pair)
        except ValueError as error:
            raise ValueError(f"stdin line {number}: {error}") from error
        _print_answer(answer, line, options.json)


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


def _print_answer(
    answer: Classification, text: str | None, as_json: bool
) -> None:
    if answer.is_truncated:
        print(
            f"note: the text was cut to its first {answer.num_tokens} "
            "tokens, the most this model takes",
            file=sys.stderr,
        )
    if as_json:
        fields = dataclasses.asdict(answer)
        if text is not None:
            fields = {"text": text, **fields}
        print(json.dumps(fields, ensure_ascii=False), flush=True)
        return
    tail = "" if text is None else f"\t{text}"
    print(f"{answer.label}\t{answer.probability:.3f}{tail}", flush=True)


def _bench(options: argparse.Namespace) -> None:
    bundle = Bundle(options.file)
    longest = bundle.manifest.max_length
    lengths = options.lengths or (
        [longest]
        if bundle.manifest.fixed_length
        else [n for n in (16, 32, 64, 128, 256, 512) if n <= longest]
    )
    if options.repeats < 1:
        raise ValueError("--repeats must be 1 or more.")
    result = measure(
        options.file,
        lengths=lengths,
        repeats=options.repeats,
        runtime=options.runtime,
        num_threads=options.threads,
    )
    if options.json:
        print(json.dumps(dataclasses.asdict(result)))
    else:
        _print_measurement(result)


def _print_measurement(result: Measurement) -> None:
    print(f"runtime      {result.runtime}")
    print(f"file         {result.file_bytes / 1e6:.2f} MB")
    print(f"load         {result.load_ms:.1f} ms")
    if result.peak_bytes is not None:
        print(f"peak memory  {result.peak_bytes / 1e6:.1f} MB")
    print("tokens  median ms  p95 ms")
    for row in result.latencies:
        print(f"{row.length:6d}  {row.median_ms:9.1f}  {row.p95_ms:6.1f}")


def _info(options: argparse.Namespace) -> None:
    bundle = Bundle(options.file)
    bundle.check_digests()
    fields = dataclasses.asdict(bundle.manifest)
    num_tests = len(fields.pop("self_tests"))
    fields["part_bytes"] = bundle.part_bytes
    if options.no_self_test:
        fields["self_test"] = "not run"
    else:
        session = Session(
            bundle,
            runtime=options.runtime,
            num_threads=options.threads,
            self_test=True,
        )
        fields["self_test"] = f"{num_tests} passed on {session.runtime}"
    if options.json:
        print(json.dumps(fields, ensure_ascii=False))
        return
    for name, value in fields.items():
        if isinstance(value, dict):
            value = ", ".join(f"{k}: {v}" for k, v in value.items())
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        print(f"{name:16} {value}")
