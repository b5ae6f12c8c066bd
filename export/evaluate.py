"""Scores an export on the user's own data, beside Keras.

The data, the scores and how outputs are read are those of `albert finetune`
(`albert_tf.train.tasks`); only what runs the model differs.
"""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import check_some_left
from albert_tf.edge import tasks
from albert_tf.text.choices import MAX_ANSWER_LENGTH
from albert_tf.train.device_predictor import (
    PLAINEST_TASKS,
    answer_options,
    outputs_of,
    single_rows,
)
from albert_tf.train.inputs import task_settings
from albert_tf.train.task_file import read_task
from albert_tf.train.tasks.registry import find_task
from export import verify
from export.samples import Row
from export.say import say
from export.source_model import SourceModel

Outputs = dict[str, np.ndarray]
# SQuAD counts in percent.
_FULL_SCORES = {tasks.QUESTION_ANSWERING: 100.0}
# More than any rounding, less than any example: 0.9 - 0.88 > 0.02.
_ROUNDING = 1e-9


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """Data to score an export with, and what it may lose.

    Attributes:
        data: path of a file, or folder of a task that has one.
        task: name as of `albert finetune --task`; None takes what the model
            was trained for.
        settings: dict of the task's options that are not as in training.
        shared_settings: dict of more of them, which other data is read by
            too; a task that has no such option goes without.
        max_drop: float. Largest loss against Keras, as a share of the full
            score: 0.01 is a point. None allows any.
        fallback: bool. Whether the next gentler quantization is taken where
            one loses more.
        skip_bad_rows: bool. Leaves out rows that cannot be used, and counts
            them, instead of refusing the data.
    """

    data: str
    task: str | None = None
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    shared_settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    max_drop: float | None = None
    fallback: bool = False
    skip_bad_rows: bool = False


@dataclasses.dataclass(frozen=True)
class Score:
    """How well a model did.

    Attributes:
        metric: str.
        value: float, as a share of the full score.
        drop: float. What it is below Keras.
        agreement: float or None. Share of examples with Keras' answer; None
            where answers are numbers.
        num_examples: int.
    """

    metric: str
    value: float
    drop: float
    agreement: float | None
    num_examples: int


class Evaluator:
    """Reads and encodes the data once, then scores what it is given.

    Args:
        source: SourceModel.
        directory: of the model.
        evaluation: Evaluation.

    Attributes:
        evaluation: Evaluation.
        rows: list of Row. What the model is run on.
        skipped: list of str. Lines for the user on rows that were left out.

    Raises:
        ValueError: the data cannot be read, is of another task, or has
            labels that the model does not know.
    """

    def __init__(
        self,
        source: SourceModel,
        directory: str | os.PathLike[str],
        evaluation: Evaluation,
    ) -> None:
        saved = read_task(directory)
        self.evaluation = evaluation
        self._source = source
        self._task = _task(source, saved, evaluation)
        is_trained = saved is not None and saved["task"] == self._task.name
        settings = saved["settings"] if saved and is_trained else {}
        # The device's own, which a fixed length may have changed.
        max_length, options = _device_options(source)
        settings = {**settings, **_taken(self._task, options)}
        shared = _taken(self._task, evaluation.shared_settings)
        given = {**shared, **evaluation.settings}
        self._settings = task_settings(self._task, given, settings)
        self._labels = source.labels or None
        bad_rows = BadRows(evaluation.skip_bad_rows)
        self._examples = self._read(evaluation.data, bad_rows)
        self.skipped = bad_rows.report()
        self._encoded = self._task.encode(
            self._examples,
            source.tokenizer,
            labels=self._labels,
            max_length=max_length,
            settings=self._settings,
            is_training=False,
        )
        self.rows = [
            Row(np.asarray(ids).tolist(), np.asarray(segments).tolist())
            for ids, segments in single_rows(self._encoded.inputs)
        ]

    @functools.cached_property
    def keras(self) -> Score:
        """Score of the model in Keras."""
        value = self._value(self._keras_predictions)
        return self._score(value, 0.0, 1.0)

    def on_device(self, path: str | os.PathLike[str], runtime: str) -> Score:
        """Returns the score of a bundle on its runtime, in its process."""
        outputs = verify.run_on_runtime(path, self.rows, runtime, batched=False)
        predictions = self._predictions(outputs["single"])
        value = self._value(predictions)
        same = _agreement(predictions, self._keras_predictions)
        return self._score(value, self.keras.value - value, same)

    @functools.cached_property
    def _keras_predictions(self) -> list[dict]:
        return self._predictions(self._source.run(self.rows))

    def _read(self, data: str, bad_rows: BadRows) -> list[Any]:
        if not Path(data).exists():
            raise ValueError(
                f"No data to evaluate on at {data}. Expected a file of "
                f"--task {self._task.name}, as `albert evaluate` reads."
            )
        examples = self._task.read(data, "dev", self._settings, bad_rows)
        examples = self._task.check(examples, self._labels, bad_rows)
        check_some_left(data, examples)
        return examples

    def _predictions(self, outputs: Sequence[Outputs]) -> list[dict]:
        return self._task.predictions(
            self._examples,
            self._encoded,
            outputs_of(self._encoded.inputs, outputs),
            labels=self._labels,
            settings=self._settings,
        )

    def _value(self, predictions: list[dict]) -> float:
        scores = self._task.scores(
            self._examples,
            predictions,
            labels=self._labels,
            settings=self._settings,
        )
        full = _FULL_SCORES.get(self._source.task, 1.0)
        return float(scores[self._task.metric]) / full

    def _score(self, value, drop, agreement) -> Score:
        count = len(self._examples)
        return Score(self._task.metric, value, drop, agreement, count)


def check_drop(score: Score, evaluation: Evaluation) -> None:
    """Refuses a loss beyond the limit.

    Raises:
        ValueError: the drop is larger than `max_drop`, or not a number.
    """
    limit = evaluation.max_drop
    if limit is not None and not score.drop <= limit + _ROUNDING:
        raise ValueError(
            f"{score.metric} drops by {score.drop:.4f}, to {score.value:.4f} "
            f"on {score.num_examples} examples; --max-drop allows {limit:g}."
        )


def first_that_passes(
    names: Sequence[str], attempt: Callable[[str], Score], *, fallback: bool
) -> tuple[str, Score]:
    """Tries quantizations, gentler and gentler, until one passes.

    Says why where one does not.

    Args:
        names: of quantizations; the first is what the user asked for.
        attempt: function of a name that exports and scores, or raises
            ValueError where that fails.
        fallback: bool. Whether another than the first may be returned.

    Returns:
        the name that passed, and its score.

    Raises:
        ValueError: the first does not pass; the message names one that does.
    """
    failure = None
    for name in names:
        try:
            score = attempt(name)
        except ValueError as error:
            say(f"{name} does not pass: {error}")
            failure = failure or f"{name}: {error}"
            continue
        if failure is None or fallback:
            return name, score
        raise ValueError(
            f"{failure} Nothing was written. {name} would pass, at "
            f"{score.value:.4f}: take --quantize {name}, or --fallback."
        )
    raise ValueError(f"{failure} No gentler quantization passes either.")


def _task(source: SourceModel, saved: dict | None, evaluation: Evaluation):
    name = evaluation.task or (saved["task"] if saved else None)
    name = name or PLAINEST_TASKS.get(source.task)
    if name is None:
        raise ValueError(
            f"There is no score for a model of {source.task}: leave "
            "--evaluate out."
        )
    task = find_task(name)
    model_class = type(source.model).__name__
    if task.model_class != model_class:
        raise ValueError(
            f"--task {name} scores an {task.model_class}; the model is an "
            f"{model_class}. Name the task that it was trained for."
        )
    if task.gives_score != (source.task == tasks.REGRESSION):
        wanted = "a score" if task.gives_score else "labels"
        raise ValueError(
            f"--task {name} is for models that give a text {wanted}; this one "
            f"is for {source.task}. Name the task that it was trained for."
        )
    return task


def _device_options(source: SourceModel) -> tuple[int, dict[str, Any]]:
    """Returns the longest row, and what else a bundle says of rows."""
    if source.task == tasks.QUESTION_ANSWERING:
        return answer_options(source.answer_settings, source.max_length)
    if source.task != tasks.MULTIPLE_CHOICE:
        return source.max_length, {}
    answer_length = source.max_answer_length
    if answer_length is None:
        answer_length = MAX_ANSWER_LENGTH
    return source.max_length, {"max_answer_length": answer_length}


def _taken(task: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Returns those settings that a task has an option for."""
    names = {option.name for option in task.options}
    return {name: value for name, value in settings.items() if name in names}


def _agreement(got: list[dict], expected: list[dict]) -> float | None:
    """Returns the share of equal answers, None where they are numbers."""
    if "score" in expected[0]:
        return None
    name = next(n for n in ("tags", "label", "text") if n in expected[0])
    pairs = zip(got, expected)
    return float(np.mean([one[name] == other[name] for one, other in pairs]))
