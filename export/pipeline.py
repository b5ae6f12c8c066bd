"""The steps of an export, from a directory to a verified file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import keras

from albert_tf.edge.bundle import Bundle
from albert_tf.files import written_aside
from export import source_model
from export.android import check_screen
from export.calibration_texts import Calibration, read_rows
from export.evaluate import Evaluation, Evaluator, check_drop, first_that_passes
from export.file_maker import FileMaker
from export.fixed_length import at_fixed_length
from export.request import check_request
from export.same_model import check_same_model
from export.samples import Row
from export.say import say
from export.source_model import SourceModel
from export.targets import (
    NEEDS_CALIBRATION,
    Target,
    adapt,
    check_case,
    find_target,
    gentler,
)
from export.verify import Difference

# Fewer calibration texts than this leave ranges to chance.
_FEW_TEXTS = 16


def export_model(
    model_directory: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    target: str | Target = "cpu",
    quantization: str | None = None,
    calibration: Calibration | None = None,
    evaluation: Evaluation | None = None,
    patience: int | None = None,
    output_type: str = "float32",
    overwrite: bool = False,
    others: Sequence[str | os.PathLike[str]] = (),
    is_for_android: bool = False,
) -> Path:
    """Exports a task model to one `.tflite` file and runs it back.

    1. Loads the model and its tokenizer.
    2. Traces the graph with the shared layer in a loop, and converts it.
    3. Appends tokenizer, labels and `albert.json` with its self-test.
    4. Runs the file on the runtime of its target, against Keras; on the data
       of `evaluation` as well, if given.
    5. Renames it into place. If any step fails, nothing is left.

    Args:
        model_directory: of `save_pretrained`.
        output: path of the new file.
        target: Target, or a name in `export.targets.TARGETS`.
        quantization: name, or None for the target's default.
        calibration: Calibration. Texts, which `"int8"` needs.
        evaluation: Evaluation. Data to score on, and what may be lost.
        patience: int or None. Of a model with exit heads, where the caller
            of the file gives none; None for the one that training found.
        output_type: str. Type of the file's outputs: `"float32"`, or that of
            the activations of `npu`, `"int8"` or `"int16"`. A fallback to
            another quantization gives its own integers.
        overwrite: bool. Replaces a file that exists.
        others: paths of bundles that the new one is to be compared with, so
            that they must be of the same model.
        is_for_android: bool. Refuses a task that the app has no screen for.

    Returns:
        Path of the file.

    Raises:
        ValueError: the model cannot be exported so, or from this backend;
            or what was exported does not answer as Keras does, or loses too
            much.
        OSError: there is no room for it, or none to work in.
    """
    _check_backend()
    where = find_target(target) if isinstance(target, str) else target
    output = Path(output)
    quantization = check_request(
        output,
        where,
        quantization,
        is_calibrated=calibration is not None,
        output_type=output_type,
        overwrite=overwrite,
    )
    say(f"loading {os.fspath(model_directory)}")
    source = source_model.load(Path(model_directory), patience)
    if is_for_android:
        check_screen(source.task)
    check_same_model([Bundle(p) for p in others], source, model_directory)
    where = adapt(where, source.task)
    check_case(where, do_lower_case=source.tokenizer.do_lower_case)
    source = at_fixed_length(
        source, where, Path(model_directory), patience=patience
    )
    evaluator = None
    if evaluation is not None:
        evaluator = Evaluator(source, model_directory, evaluation)
    rows = _calibration_rows(source, calibration)
    with written_aside(output) as path:
        maker = FileMaker(source, where, rows, path, output_type)
        if evaluator is None:
            error = _make_asked(maker, quantization)
        else:
            error = _make_good(maker, quantization, evaluator)
    say(
        f"{output}: {output.stat().st_size / 1e6:.2f} MB, "
        f"largest difference from Keras {error:.2g} of the largest output"
    )
    return output


def _make_asked(maker: FileMaker, quantization: str) -> float:
    """Makes the file; see `make`."""
    try:
        return maker.make(quantization)
    except Difference as error:
        others = _candidates(maker, quantization)[1:]
        advice = ""
        if others:
            advice = f" Take a gentler --quantize, such as {others[0]}."
        raise ValueError(f"{error} Nothing was written.{advice}") from error


def _candidates(maker: FileMaker, quantization: str) -> list[str]:
    """Returns the quantization, and the gentler ones that can be made."""
    names = [quantization, *gentler(maker.target, quantization)]
    if maker.rows:
        return names
    return [name for name in names if name not in NEEDS_CALIBRATION]


def _make_good(
    maker: FileMaker, quantization: str, evaluator: Evaluator
) -> float:
    """Makes the file that loses no more than it may; see `make`."""
    evaluation = evaluator.evaluation
    for line in evaluator.skipped:
        say(line)
    reference = evaluator.keras
    say(
        f"{reference.metric} in Keras {reference.value:.4f} on "
        f"{reference.num_examples} examples"
    )
    errors = {}

    def attempt(name):
        errors[name] = maker.make(name)
        score = evaluator.on_device(maker.path, maker.target.runtime)
        say(f"{score.metric} of {name} {score.value:.4f}")
        check_drop(score, evaluation)
        return score

    names = _candidates(maker, quantization)
    passed, _ = first_that_passes(names, attempt, fallback=evaluation.fallback)
    return errors[passed]


def _check_backend() -> None:
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise ValueError(
            "A model is exported from Keras on TensorFlow. Received: "
            f"KERAS_BACKEND={backend}. Set it to tensorflow: the weights are "
            "the same."
        )


def _calibration_rows(
    source: SourceModel, calibration: Calibration | None
) -> list[Row]:
    if calibration is None:
        return []
    rows = read_rows(calibration, source)
    if len(rows) < _FEW_TEXTS:
        count = "1 text is" if len(rows) == 1 else f"{len(rows)} texts are"
        say(f"note: {count} few to calibrate with; give some dozens")
    return rows
