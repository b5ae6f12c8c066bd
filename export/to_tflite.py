"""`python export/to_tflite.py`: a trained model to one `.tflite` file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

# Lets the file run by its path from a checkout, as well as with -m.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from albert_tf.command import HelpFormatter, run
from export import android
from export.targets import TARGETS, TOLERANCES


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    return run(_export, _parser(), arguments, hide_native_notes=True)


def _parser() -> argparse.ArgumentParser:
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
        "--target", choices=list(TARGETS), default="cpu", help="where it runs"
    )
    parser.add_argument(
        "--quantize",
        choices=list(TOLERANCES),
        help="number format; by default the target's own, dynamic_int8",
    )
    parser.add_argument(
        "--android",
        metavar="DIR",
        help="also put the file into the assets of this Android project, in "
        "place of the model of its task that is there; android_demo",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an existing file"
    )
    _add_data(parser)
    parser.add_argument(
        "--report",
        metavar="DIR",
        help="folder for a page with score, sizes, times and operators",
    )
    parser.add_argument(
        "--compare",
        nargs="+",
        default=[],
        metavar="FILE.tflite",
        help="other exports of the model, beside it in the report",
    )
    return parser


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


def _export(options: argparse.Namespace) -> None:
    if options.android is not None:
        android.check_project(options.android)
    _check(options)
    # TensorFlow takes seconds to load: not before the arguments are good.
    from export.pipeline import export_model

    export_model(
        options.model,
        options.output,
        target=options.target,
        quantization=options.quantize,
        calibration=_calibration(options),
        evaluation=_evaluation(options),
        overwrite=options.overwrite,
    )
    if options.report is not None:
        _report(options)
    if options.android is not None:
        print(android.install(options.output, options.android), flush=True)


def _report(options: argparse.Namespace) -> None:
    from export.report import write_report

    print("measuring for the report", flush=True)
    page = write_report(
        options.report,
        options.model,
        [options.output, *options.compare],
        _evaluation(options),
    )
    print(page, flush=True)


def _check(options: argparse.Namespace) -> None:
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
    for path in options.compare:
        if not Path(path).is_file():
            raise ValueError(f"No export at {path} to compare with.")
    if options.report is not None and Path(options.report).is_file():
        raise ValueError(
            f"--report names a folder; {options.report} is a file. Choose "
            "another name."
        )
    if options.max_drop is not None and not 0 <= options.max_drop < 1:
        raise ValueError(
            "--max-drop is a share of the full score: 0.01 is a point. "
            f"Received: {options.max_drop:g}."
        )


def _calibration(options: argparse.Namespace):
    from export.calibration_texts import Calibration

    if options.calibration is None:
        return None
    return Calibration(
        options.calibration,
        options.text_column or "text",
        options.pair_column,
    )


def _evaluation(options: argparse.Namespace):
    from export.evaluate import Evaluation

    if options.evaluate is None:
        return None
    columns = ("text_column", "pair_column", "label_column")
    given = {name: getattr(options, name) for name in columns}
    return Evaluation(
        options.evaluate,
        task=options.task,
        settings={k: v for k, v in given.items() if v is not None},
        max_drop=options.max_drop,
        fallback=options.fallback,
    )


if __name__ == "__main__":
    sys.exit(main())
