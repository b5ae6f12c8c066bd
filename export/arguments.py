"""The arguments of `export/to_tflite.py`."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from albert_tf.command import HelpFormatter
from albert_tf.edge.bundle import Bundle
from albert_tf.train.task_file import read_task
from export.request import check_folder, check_new
from export.targets import OUTPUT_TYPES, TARGETS, TOLERANCES, Target

# TensorFlow takes seconds to load: not before the arguments are good.
if TYPE_CHECKING:
    from export.calibration_texts import Calibration
    from export.evaluate import Evaluation


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
    _add_data(parser)
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


def _add_data(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--calibration",
        metavar="FILE",
        help="texts that the model will meet, which int8 needs: .txt with a "
        "text a line, or .tsv, .csv, .jsonl with columns",
    )
    add(
        "--evaluate",
        metavar="PATH",
        help="labelled data, as `albert evaluate` takes, to score the file on",
    )
    add("--task", metavar="NAME", help="of that data; else the model's")
    add(
        "--max-drop",
        type=float,
        metavar="X",
        help="loss that fails the export; 0.01 is a point",
    )
    add(
        "--fallback",
        action="store_true",
        help="then take the next gentler number format",
    )
    add("--text-column", metavar="NAME", help="first text of either file")
    add("--pair-column", metavar="NAME", help="second text")
    add("--label-column", metavar="NAME", help="label")


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        metavar="DIR",
        help="folder for a page with score, sizes, times and operators",
    )
    parser.add_argument(
        "--compare",
        nargs="+",
        metavar="FILE.tflite",
        help="other exports of the model, beside it in the report",
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
            compare with is missing, or no bundle; the report's folder cannot
            be written to, or holds a report that is not to be replaced.
    """
    if options.evaluate is None and (
        options.max_drop is not None or options.fallback
    ):
        raise ValueError(
            "--max-drop and --fallback need data to score on. Pass "
            "--evaluate PATH."
        )
    if options.fallback and options.max_drop is None:
        raise ValueError(
            "--fallback needs a limit to fall back at. Pass --max-drop X; "
            "0.01 is a point."
        )
    if options.compare and options.report is None:
        raise ValueError(
            "--compare names files for the report. Pass --report DIR."
        )
    for path in options.compare or ():
        if not Path(path).is_file():
            raise ValueError(f"No export at {path} to compare with.")
        Bundle(path)
    if options.report is not None:
        if Path(options.report).is_file():
            raise ValueError(
                f"--report names a folder; {options.report} is a file. Choose "
                "another name."
            )
        for name in ("report.html", "report.json"):
            path = Path(options.report, name)
            check_new(path, options.overwrite)
            check_folder(path)
    if options.max_drop is not None and not 0 <= options.max_drop < 1:
        raise ValueError(
            "--max-drop is a share of the full score: 0.01 is a point. "
            f"Received: {options.max_drop:g}."
        )


def calibration_of(options: argparse.Namespace) -> Calibration | None:
    """Returns the texts to calibrate with, if given.

    Columns are those of training where the user names none.

    Raises:
        ValueError: the model's `task.json` is broken.
    """
    from export.calibration_texts import Calibration

    if options.calibration is None:
        return None
    trained = read_task(options.model)
    columns = trained["settings"] if trained else {}
    # Lines have no columns: they are those of the data to score on, then.
    is_plain = Path(options.calibration).suffix == ".txt"
    is_others = is_plain and options.evaluate is not None
    pair_column = None if is_others else options.pair_column
    return Calibration(
        options.calibration,
        options.text_column or columns.get("text_column") or "text",
        pair_column or columns.get("pair_column"),
    )


def evaluation_of(options: argparse.Namespace) -> Evaluation | None:
    """Returns the data to score on, if given."""
    from export.evaluate import Evaluation

    if options.evaluate is None:
        return None
    texts = _given(options, "text_column", "pair_column")
    labels = _given(options, "label_column")
    is_shared = options.calibration is not None
    return Evaluation(
        options.evaluate,
        task=options.task,
        settings=labels if is_shared else {**texts, **labels},
        shared_settings=texts if is_shared else {},
        max_drop=options.max_drop,
        fallback=options.fallback,
    )


def _given(options: argparse.Namespace, *names: str) -> dict[str, str]:
    values = {name: getattr(options, name) for name in names}
    return {name: v for name, v in values.items() if v is not None}
