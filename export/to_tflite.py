"""`python export/to_tflite.py`: a trained model to one `.tflite` file."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

# Lets the file run by its path from a checkout, as well as with -m.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from albert_tf.command import run
from albert_tf.edge.runtime import find_runtime
from export import android, data_arguments
from export import arguments as arguments_of
from export.request import check_request
from export.say import say
from export.targets import Target


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    return run(
        _export, arguments_of.parser(), arguments, hide_native_notes=True
    )


def _export(options: argparse.Namespace) -> None:
    if options.android is not None:
        android.check_project(options.android)
    arguments_of.check(options)
    target = arguments_of.target_of(options)
    check_request(
        options.output,
        target,
        options.quantize,
        is_calibrated=options.calibration is not None,
        output_type=options.inference_output_type,
        overwrite=options.overwrite,
    )
    find_runtime(target.runtime)
    if options.report is not None:
        find_runtime("ai_edge_litert")  # Whose XNNPACK is asked.
    # TensorFlow takes seconds to load: not before the arguments are good.
    from export.pipeline import export_model

    export_model(
        options.model,
        options.output,
        target=target,
        quantization=options.quantize,
        calibration=data_arguments.calibration_of(options),
        evaluation=data_arguments.evaluation_of(options),
        patience=options.patience,
        output_type=options.inference_output_type,
        overwrite=options.overwrite,
        others=options.compare or (),
        is_for_android=options.android is not None,
    )
    if options.android is not None:
        with _after(options.output, "the copy for Android"):
            say(str(android.install(options.output, options.android)))
    if options.report is not None:
        with _after(options.output, "the report"):
            _report(options, target)


@contextlib.contextmanager
def _after(output: str, what: str) -> Iterator[None]:
    """Says, where a step after the export fails, that the file stands."""
    try:
        yield
    except BrokenPipeError:  # Nobody reads on, which is no failure.
        raise
    except (ValueError, OSError) as error:
        raise ValueError(
            f"{output} is kept, but {what} failed: {error}"
        ) from error


def _report(options: argparse.Namespace, target: Target) -> None:
    from export.float_file import float_file
    from export.report import write_report

    files = [options.output, *(options.compare or ())]
    with float_file(
        files, options.model, target=target, patience=options.patience
    ) as unkept:
        say("measuring for the report")
        page = write_report(
            options.report,
            options.model,
            files,
            data_arguments.evaluation_of(options),
            unkept=unkept,
            patience=options.patience,
        )
    say(str(page))


if __name__ == "__main__":
    sys.exit(main())
