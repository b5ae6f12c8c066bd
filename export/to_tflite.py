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
    return parser


def _export(options: argparse.Namespace) -> None:
    if options.android is not None:
        android.check_project(options.android)
    # TensorFlow takes seconds to load: not before the arguments are good.
    from export.pipeline import export_model

    export_model(
        options.model,
        options.output,
        target=options.target,
        quantization=options.quantize,
        overwrite=options.overwrite,
    )
    if options.android is not None:
        print(android.install(options.output, options.android), flush=True)


if __name__ == "__main__":
    sys.exit(main())
