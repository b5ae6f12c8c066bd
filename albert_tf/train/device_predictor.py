"""An exported file as `Predictor`: it answers on the device's runtime.

Loads no TensorFlow: a board scores its own file with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from albert_tf.command import hidden_notes
from albert_tf.edge import tasks
from albert_tf.edge.answerer import AnswerSettings
from albert_tf.edge.bundle import Bundle
from albert_tf.edge.session import Session
from albert_tf.train.tasks.registry import find_task

# The plainest task that each kind of file can be scored by.
PLAINEST_TASKS = {
    tasks.CLASSIFICATION: "classification",
    tasks.REGRESSION: "regression",
    tasks.TOKEN_CLASSIFICATION: "tagging",
    tasks.MULTIPLE_CHOICE: "choice",
    tasks.QUESTION_ANSWERING: "qa",
}


def is_exported(model):
    """Whether a path is a file: models are folders."""
    return Path(model).is_file()


def exported_task(path, name=None):
    """Returns what an exported file is for.

    Args:
        path: of the file.
        name: str or None. Task that the user names.

    Returns:
        Task, and a dict of those of its options that the file fixes.

    Raises:
        ValueError: the file cannot be read, or is of another task.
    """
    manifest = Bundle(path).manifest
    if manifest.task not in PLAINEST_TASKS:
        raise ValueError(
            f"{path} is a model for {manifest.task}, which has no score. "
            "Expected one that `albert finetune` trained."
        )
    plainest = find_task(PLAINEST_TASKS[manifest.task])
    task = find_task(name or plainest.name)
    same_model = task.model_class == plainest.model_class
    if not same_model or task.gives_score != plainest.gives_score:
        raise ValueError(
            f"{path} is a model for {manifest.task}, which is not what --task "
            f"{task.name} is for. Leave --task out, or name the one that it "
            "was trained for."
        )
    # Another task of the same model need not have all of them.
    fixed = _fixed_options(manifest).items()
    known = task.defaults()
    return task, {name: value for name, value in fixed if name in known}


def exported_labels(path):
    """Returns the labels of an exported file, or None where it has none."""
    return Bundle(path).manifest.labels or None


def _fixed_options(manifest):
    if manifest.task == tasks.QUESTION_ANSWERING:
        fields, length = manifest.question_answering, manifest.max_length
        return answer_options(fields, length)[1]
    if manifest.max_answer_length is not None:
        return {"max_answer_length": manifest.max_answer_length}
    return {}


def answer_options(fields, max_length):
    """Returns how a device reads a context, in the words of the tasks.

    Args:
        fields: dict, `question_answering` of `albert.json`, or None.
        max_length: int. Most tokens that the model takes.

    Returns:
        length of a window in tokens, and a dict of the options of question
        answering; the threshold is among them where `fields` are known.
    """
    chosen = AnswerSettings.of(fields, max_length)
    options = {
        "doc_stride": chosen.doc_stride,
        "max_query_length": chosen.max_query_length,
        "max_answer_tokens": chosen.max_answer_length,
    }
    if fields is not None:
        options["null_threshold"] = chosen.null_threshold
    return chosen.max_length, options


def single_rows(inputs):
    """Returns rows of a task one by one, those of all choices among them.

    Args:
        inputs: as of `Rows`.
    """
    return [
        row
        for entry in inputs
        for row in (entry if isinstance(entry, list) else [entry])
    ]


def outputs_of(inputs, values):
    """Returns outputs as the tasks read them.

    Args:
        inputs: as of `Rows`.
        values: list of dict of arrays by output, one for each of
            `single_rows`, without the batch's axis.

    Returns:
        list, one for each entry of `inputs`: array, or a dict of arrays.
    """
    # Other outputs say how an answer came about, such as its layers.
    left = iter([value.get("logits", value) for value in values])
    return [
        np.array([next(left)[0] for _ in entry])
        if isinstance(entry, list)
        else next(left)
        for entry in inputs
    ]


class DevicePredictor:
    """Applies an exported file to examples of its task, a row at a time.

    Args:
        path: of the file.
        task: Task, as `exported_task` returns it.
        settings: dict of the task's options.
        max_length: int or None for that of the file.

    Attributes:
        labels: list of str or None.

    Raises:
        ValueError: the file or its runtime fails, or the length is more than
            the file takes.
    """

    def __init__(self, path, task, settings, *, max_length=None):
        self.task = task
        self.settings = settings
        with hidden_notes():
            self._session = Session(path)
        manifest = self._session.bundle.manifest
        self.labels = manifest.labels or None
        longest = manifest.max_length
        if task.model_class == "AlbertForQuestionAnswering":
            fields = manifest.question_answering
            longest = answer_options(fields, longest)[0]
        self.max_length = max_length or longest
        if self.max_length > manifest.max_length:
            raise ValueError(
                f"--max-length {max_length} is more than the "
                f"{manifest.max_length} tokens that {path} takes. Leave it "
                "out, or train with a larger --max-length (of targets with a "
                "--length, export with a larger one)."
            )
        if self.max_length < longest:
            self.settings = _without_windows(settings, manifest)

    def predict(self, examples):
        """Returns a dict for each example, as of `Task.predictions`."""
        rows = self.task.encode(
            examples,
            self._session.bundle.tokenizer,
            labels=self.labels,
            max_length=self.max_length,
            settings=self.settings,
            is_training=False,
        )
        with hidden_notes():
            values = self._run(single_rows(rows.inputs))
        return self.task.predictions(
            examples,
            rows,
            outputs_of(rows.inputs, values),
            labels=self.labels,
            settings=self.settings,
        )

    def _run(self, rows):
        values = []
        for row in rows:
            outputs = self._session.run([row])
            values.append({name: array[0] for name, array in outputs.items()})
            _show(len(values), len(rows))
        return values


def _without_windows(settings, manifest):
    """Lets windows of another length choose anew what the file's fix."""
    if manifest.task != tasks.QUESTION_ANSWERING:
        return settings
    fixed = _fixed_options(manifest)
    chosen = {
        name: None
        for name in ("doc_stride", "max_query_length")
        if settings[name] == fixed[name]
    }
    return {**settings, **chosen}


def _show(done, total):
    """Counts the rows on a terminal; a board takes minutes for thousands."""
    if sys.stderr.isatty() and (done % 10 == 0 or done == total):
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} rows", end=end, file=sys.stderr, flush=True)
