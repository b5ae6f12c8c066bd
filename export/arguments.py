"""The arguments of `export/to_tflite.py`."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from albert_tf.command import HelpFormatter
from albert_tf.edge.bundle import Bundle
from export.data_arguments import add_data, check_data
from export.request import check_folder, check_new
from export.targets import OUTPUT_TYPES, TARGETS, TOLERANCES, Target


def parser() -> argparse.ArgumentParser:
    """Returns the parser of the command."""
    targets = "\n".join(
        f"  {target.name:15} {target.purpose}" for target in TARGETS.values()
    )
    parser = argparse.ArgumentParser(
        prog="to_tflite.py",
        description="Exports a trained model to one .tflite file with its "
        "tokenizer, labels and self-test inside, and runs it back on the "
        f"runtime it is for.\n\ntargets:\n{targets}",
        formatter_class=HelpFormatter,
    )
    _add_files(parser)
    _add_form(parser)
    add_data(parser)
    _add_report(parser)
    return parser


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        required=True,
        metavar="DIR",
        help="directory that `albert finetune` or `save_pretrained` wrote",
    )
    parser.add_argument(
        "--output", required=True, metavar="FILE.tflite", help="file to write"
    )
    parser.add_argument(
        "--android",
        metavar="DIR",
        help="also put the file into the assets of this Android project, in "
        "place of the model of its task that is there; android_demo",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace an existing file, and an existing report",
    )


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--target", choices=list(TARGETS), default="cpu", help="where it runs"
    )
    parser.add_argument(
        "--length",
        type=int,
        metavar="N",
        help="tokens of every input, for mediapipe and npu (default: 128, "
        "or what training took if that is less; a question answerer for "
        "mediapipe always takes 384)",
    )
    parser.add_argument(
        "--quantize",
        choices=list(TOLERANCES),
        help="number format; by default the target's own, dynamic_int8",
    )
    parser.add_argument(
        "--inference-output-type",
        choices=OUTPUT_TYPES,
        default="float32",
        help="type of the outputs; npu also gives the integers it computes in",
    )
    parser.add_argument(
        "--batch-matmul",
        action="store_true",
        help="int8 for npu: attention in BATCH_MATMUL of all heads, for "
        "accelerators whose dense layers take constant weights alone; slow on "
        "CPUs",
    )
    parser.add_argument(
        "--patience",
        type=int,
        metavar="N",
        help="of a model with exit heads: how many depths in a row must agree "
        "before it stops; by default what training found",
    )


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        metavar="DIR",
        help="folder for a page with score, sizes, times and operators, beside "
        "float32, which is exported for it and not kept",
    )
    parser.add_argument(
        "--compare",
        nargs="+",
        metavar="FILE.tflite",
        help="other exports of the model, beside it in the report; one in "
        "float32, of the same target, length and patience, stands for the one "
        "that is not kept",
    )


def target_of(options: argparse.Namespace) -> Target:
    """Returns the target, of the length and the attention asked for.

    Raises:
        ValueError: it leaves the length open, or the length is too short; or
            its attention is of one kind.
    """
    target = TARGETS[options.target]
    if options.batch_matmul:
        if not target.by_head:
            raise ValueError(
                f"The target {target.name} always takes all heads at once. "
                "Leave --batch-matmul out."
            )
        target = dataclasses.replace(target, by_head=())
    if options.length is None:
        return target
    if target.length is None:
        raise ValueError(
            f"The target {target.name} takes any length. Leave --length out."
        )
    if options.length < 3:
        raise ValueError(
            "--length must be 3 or more: two tokens are special ones. "
            f"Received: {options.length}."
        )
    return dataclasses.replace(
        target, length=options.length, is_length_chosen=True
    )


def check(options: argparse.Namespace) -> None:
    """Refuses options that do not go together.

    Raises:
        ValueError: one needs another, or is out of its range; a file to
            compare with is missing, no bundle, or the one to write; the
            report's folder cannot be written to, or holds a report that is
            not to be replaced.
    """
    check_data(options)
    if options.fallback and options.max_drop is None:
        raise ValueError(
            "--fallback needs a limit to fall back at. Pass --max-drop X; "
            "0.01 is a point."
        )
    if options.max_drop is not None and not 0 <= options.max_drop < 1:
        raise ValueError(
            "--max-drop is a share of the full score: 0.01 is a point. "
            f"Received: {options.max_drop:g}."
        )
    _check_compared(options)
    if options.report is not None:
        _check_report(Path(options.report), options.overwrite)


def _check_compared(options: argparse.Namespace) -> None:
    if options.compare and options.report is None:
        raise ValueError(
            "--compare names files for the report. Pass --report DIR."
        )
    for path in options.compare or ():
        if not Path(path).is_file():
            raise ValueError(f"No export at {path} to compare with.")
        if Path(path).resolve() == Path(options.output).resolve():
            raise ValueError(
                f"--compare names {path}, which --output would replace. "
                "Choose another --output."
            )
        Bundle(path)


def _check_report(folder: Path, overwrite: bool) -> None:
    if folder.is_file():
        raise ValueError(
            f"--report names a folder; {folder} is a file. Choose another name."
        )
    for name in ("report.html", "report.json"):
        check_new(folder / name, overwrite)
        check_folder(folder / name)
