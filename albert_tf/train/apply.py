"""Applies a trained model: `albert evaluate` and `albert predict`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import check_some_left
from albert_tf.train.device_predictor import (
    DevicePredictor,
    exported_labels,
    exported_task,
    is_exported,
)
from albert_tf.train.inputs import task_settings
from albert_tf.train.task_file import read_task
from albert_tf.train.tasks.registry import TASKS, find_task

_CONFIG_FILE = "config.json"
# How options end that say where in a file what is.
_COLUMNS = ("_column", "_columns")


def evaluate(
    model,
    data,
    *,
    task=None,
    split="dev",
    settings=None,
    max_length=None,
    skip_bad_rows=False,
):
    """Scores a saved model on labelled data.

    Args:
        model: directory of the model, or an exported file, which is run on
            the device's runtime.
        data: file, or folder of a task that has one.
        task: str or None. Name; None takes what the model was trained for.
        split: str. Which part of a folder.
        settings: dict of the task's options, or None for those that the
            model was trained with.
        max_length: int or None for the length of training.
        skip_bad_rows: bool. Leaves out rows that cannot be used.

    Returns:
        dict: `num_examples` and the task's scores.

    Raises:
        ValueError: the data or the model is missing, broken or of another
            task.
    """
    task, settings, length = _task_of(model, task, settings)
    bad_rows = BadRows(skip_bad_rows)
    examples = _read(task, data, split, settings, bad_rows, has_labels=True)
    labels = named_labels(model)
    if labels is not None:
        examples = task.check(examples, labels, bad_rows)
        check_some_left(data, examples)
    _report(bad_rows)
    predictor = _predictor(model, task, settings, _length(max_length, length))
    examples = task.check(examples, predictor.labels, bad_rows)
    check_some_left(data, examples)
    return {
        "num_examples": len(examples),
        **task.scores(
            examples,
            predictor.predict(examples),
            labels=predictor.labels,
            settings=settings,
        ),
    }


def predict(
    model,
    data,
    *,
    task=None,
    split="test",
    settings=None,
    max_length=None,
    skip_bad_rows=False,
):
    """Applies a saved model to data without labels.

    Args:
        model: as for `evaluate`.
        data: file, folder of a task that has one, or `"-"` for the lines of
            standard input.
        task, split, settings, max_length, skip_bad_rows: as for `evaluate`.

    Returns:
        list of dict, as of `Task.predictions`.

    Raises:
        ValueError: as `evaluate`.
    """
    task, settings, length = _task_of(model, task, settings)
    bad_rows = BadRows(skip_bad_rows)
    if data == "-":
        _check_single(settings)
        examples = task.read_lines(read_standard_input(bad_rows))
    else:
        examples = _read(
            task, data, split, settings, bad_rows, has_labels=False
        )
    _report(bad_rows)
    predictor = _predictor(model, task, settings, _length(max_length, length))
    return predictor.predict(examples)


def trained_task(model, name=None):
    """Returns the task that a model is for.

    Args:
        model: directory, or an exported file.
        name: str or None. What the user says it is.

    Raises:
        ValueError: nobody says.
    """
    return _task_of(model, name, None)[0]


def named_labels(model):
    """Returns the labels that a model's files name, or None.

    So data can be checked against them before TensorFlow loads.
    """
    if is_exported(model):
        return exported_labels(model)
    try:
        text = (Path(model) / _CONFIG_FILE).read_text(encoding="utf-8")
        names = json.loads(text)["id2label"]
        return [str(names[str(index)]) for index in range(len(names))]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_standard_input(bad_rows):
    """Returns the lines of standard input, each with its place.

    Args:
        bad_rows: BadRows. Takes the lines without a text.

    Raises:
        ValueError: there is none, or a line is empty or not UTF-8.
    """
    lines = []
    for number, line in enumerate(sys.stdin.buffer, 1):
        place = f"stdin, line {number}"
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{place}: not UTF-8. Convert it first, for example with iconv."
            ) from error
        if text.strip():
            lines.append((text.rstrip("\r\n"), place))
        else:
            bad_rows.add(place, "the text is empty.")
    bad_rows.finish()
    if not lines:
        raise ValueError("Standard input is empty. Expected a text a line.")
    return lines


def _check_single(settings):
    if settings.get("pair_column") is not None:
        raise ValueError(
            "The model was trained on pairs, and a line of standard input is "
            "one text. Give a file with both columns to --input."
        )


def _length(given, trained):
    """Returns the longest input, or None for all that the model has."""
    if given is not None and given < 1:
        raise ValueError(
            f"`max_length` must be 1 or more. Received: max_length={given}."
        )
    return trained if given is None else given


def _task_of(model, name, settings):
    """Returns (task, settings, max_length or None)."""
    saved = None
    if is_exported(model):
        task, fixed = exported_task(model, name)
        return task, task_settings(task, settings or {}, fixed), None
    if "://" not in str(model):
        _check_directory(model)
        saved = read_task(model)
    if saved is None:
        task = find_task(name or _task_by_model(model))
        return task, task_settings(task, settings or {}), None
    task = find_task(name or saved["task"])
    kept = _kept_settings(task, saved)
    settings = task_settings(task, settings or {}, kept)
    return task, settings, saved["max_length"]


def _kept_settings(task, saved):
    """Returns what a task keeps of the settings that a model has.

    Another task with the same model reads other files, but answers alike: a
    threshold holds for both, the columns do not. Tasks with other models
    have no options in common but columns.
    """
    known = task.defaults()
    kept = {n: v for n, v in saved["settings"].items() if n in known}
    if task.name == saved["task"]:
        return kept
    return {n: v for n, v in kept.items() if not n.endswith(_COLUMNS)}


def _check_directory(model):
    if not Path(model).exists():
        raise ValueError(
            f"No model at {model}. Expected a folder that `albert finetune` "
            "wrote, or a .tflite file that export/to_tflite.py wrote."
        )


def _task_by_model(model):
    """Returns the first task that is for the class of a model.

    A text classifier of a single label is one that gives scores.
    """
    try:
        text = (Path(model) / _CONFIG_FILE).read_text(encoding="utf-8")
        fields = json.loads(text)
        names = fields.get("architectures") or [None]
        has_score = len(fields.get("id2label") or ()) == 1
    except (OSError, ValueError, AttributeError, TypeError):
        names, has_score = [None], False
    for task in TASKS.values():
        if task.model_class == names[0] and task.gives_score == has_score:
            return task.name
    raise ValueError(
        f"{model} does not say what task it was trained for. Name it with "
        f"--task: {', '.join(TASKS)}."
    )


def _read(task, data, split, settings, bad_rows, *, has_labels):
    if task.takes_folder and split not in task.splits:
        raise ValueError(
            f"--task {task.name} has no split {split!r}. Expected one of: "
            f"{', '.join(task.splits)}."
        )
    return task.read(data, split, settings, bad_rows, has_labels=has_labels)


def _report(bad_rows):
    # Standard output may be the predictions.
    for line in bad_rows.report():
        print(line, file=sys.stderr)


def _predictor(model, task, settings, max_length):
    if is_exported(model):
        return DevicePredictor(model, task, settings, max_length=max_length)
    from albert_tf.train.predictor import Predictor

    return Predictor(model, task, settings, max_length=max_length)
