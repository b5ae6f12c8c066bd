"""What a task is to `albert finetune`, `evaluate` and `predict`.

A task is one object in the registry (`albert_tf.train.tasks`). To add one,
write a file with a subclass of `Task` beside this one, and name its instances
in `registry.py`; nothing else changes: the commands take their options, their
data, model, loss, scores and file formats from it. How its methods are called:

    read       twice, for training and development data, before TensorFlow is
               loaded: whatever is wrong with a file is said at once
    labels     on all training data; `check` on both sets, with these labels
    split      where no development data is given
    encode     for each set, into rows of tokens with a label each
    model_arguments, loss
               the model `albert_tf.<model_class>` is made, or loaded with
               these arguments, and trained on bucketed batches of the rows
    predictions, scores
               at every evaluation, on the model's outputs for the
               development rows; the best `metric` (a key of the scores,
               higher is better) is kept
    tuned      settings that the development data fixed, such as a threshold;
               they are saved with the model and given to `predictions`

`settings` is a dict of the task's options by name. A module of a task must
not import Keras or TensorFlow at its head; `loss` may import Keras.
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import Any

import numpy as np

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.rows import Rows
from albert_tf.train.tasks.option import Option


class Task(abc.ABC):
    """A kind of data with the model, the loss and the scores for it. Abstract.

    Attributes:
        name: str. What `--task` calls it.
        summary: str. A line for the help.
        model_class: str. Name of the model in `albert_tf`.
        metric: str. Score that picks the best model.
        metrics: tuple of str. Scores that `--metric` may name instead.
        options: tuple of Option.
        gives_score: bool. Whether the model gives a number, not labels.
        takes_folder: bool. Whether the data is a folder with all splits,
            given by `--data`, rather than files given by `--train`, `--dev`.
        splits: dict of str to str. Names of the splits of a folder by what
            `--split` may say; `"train"` and `"dev"` are there.
        formats: dict of str to a function of a list of predictions that
            returns the text of a file, or a dict of the texts of several
            by name; the first is the default.
        folder_formats: tuple of str. Those of `formats` that are several
            files.
        format_labels: dict of tuple of str by format. The only labels that
            those of `formats` can hold which are not for any.
    """

    name: str
    summary: str
    model_class: str = "AlbertForSequenceClassification"
    metric: str = "accuracy"
    metrics: tuple[str, ...] = ("accuracy",)
    options: tuple[Option, ...] = ()
    gives_score: bool = False
    takes_folder: bool = False
    splits: tuple[str, ...] = ("train", "dev", "test")
    formats: dict[str, Callable[[list[dict]], str | dict[str, str]]]
    folder_formats: tuple[str, ...] = ()
    format_labels: dict[str, tuple[str, ...]] = {}

    @abc.abstractmethod
    def read(
        self,
        path: str,
        split: str,
        settings: dict[str, Any],
        bad_rows: BadRows,
        *,
        has_labels: bool = True,
    ) -> list[Any]:
        """Reads and checks data. Loads no TensorFlow.

        Args:
            path: file, or folder where `takes_folder`.
            split: one of `splits`; without meaning for a file.
            settings: dict of the task's options.
            bad_rows: BadRows. Takes what is wrong with single rows; the
                reader calls its `finish` at the end of a file.
            has_labels: bool. False reads data to be labelled.

        Returns:
            list of examples: frozen dataclasses of plain values (they are
            compared when a run is resumed), with `place`, file and line.

        Raises:
            ValueError: the data is missing or broken.
        """

    def read_lines(self, lines: list[tuple[str, str]]) -> list[Any]:
        """Makes examples of lines of standard input.

        Args:
            lines: list of (line, place).

        Raises:
            ValueError: the task's examples are more than a line of text.
        """
        raise ValueError(
            f"--task {self.name} does not read single lines. Give a file to "
            "--input."
        )

    @abc.abstractmethod
    def labels(self, examples: list[Any]) -> list[str] | None:
        """Returns the names of the labels in all training data, in order.

        None where the task has no labels of its own, as a regression.

        Raises:
            ValueError: there is nothing to tell apart.
        """

    def check(
        self,
        examples: list[Any],
        labels: list[str] | None,
        bad_rows: BadRows,
    ) -> list[Any]:
        """Returns the examples whose labels the model knows.

        Raises:
            ValueError: some are unknown, and are not to be skipped.
        """
        return examples

    def split(
        self, examples: list[Any], seed: int
    ) -> tuple[list[Any], list[Any]]:
        """Sets a tenth apart to evaluate on; returns (train, dev).

        Raises:
            ValueError: there are too few examples.
        """
        order = np.random.default_rng(seed).permutation(len(examples))
        count = max(1, len(examples) // 10)
        dev = set(order[:count].tolist())
        return split_at(examples, dev)

    def label_counts(self, examples: list[Any]) -> dict[str, int]:
        """Returns how often each label occurs.

        Raises:
            ValueError: the task has no labels to weigh.
        """
        raise ValueError(
            f"--task {self.name} has no labels to weigh: leave "
            "--class-weights out."
        )

    def describe(self, examples: list[Any]) -> str:
        """Returns what a line of the log says of data."""
        return f"{len(examples)} examples"

    @abc.abstractmethod
    def texts(self, examples: list[Any]) -> list[str]:
        """Returns the texts to train a tokenizer on."""

    @abc.abstractmethod
    def encode(
        self,
        examples: list[Any],
        tokenizer: Any,
        *,
        labels: list[str] | None,
        max_length: int,
        settings: dict[str, Any],
        is_training: bool,
    ) -> Rows:
        """Makes rows of tokens.

        Args:
            examples: as `read` returns them.
            tokenizer: AlbertTokenizer.
            labels: as `labels` returns them.
            max_length: int. Longest row.
            settings: dict of the task's options.
            is_training: bool. True for the rows that the model learns from.

        Returns:
            Rows, with labels where every example has one.
        """

    def model_arguments(self, labels: list[str] | None) -> dict[str, Any]:
        """Returns keyword arguments of the model's class."""
        return {"labels": labels}

    @abc.abstractmethod
    def loss(self, **options: Any) -> Any:
        """Returns the `keras.losses.Loss`, or a dict of them by output.

        Args:
            **options: what a loss may vary by: `class_weights`, a list of
                float by label or None, and `label_smoothing`, float; a task
                that has no such thing refuses them.
        """

    @abc.abstractmethod
    def predictions(
        self,
        examples: list[Any],
        rows: Rows,
        outputs: list[Any],
        *,
        labels: list[str] | None,
        settings: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Reads the model's outputs.

        Args:
            examples: as `read` returns them.
            rows: Rows, what `encode` made of them.
            outputs: one for each row: array as the model returns it for one
                row, padding included; or a dict of arrays by output.
            labels: names of the labels.
            settings: dict of the task's options.

        Returns:
            list of dict, one for each example, of values that JSON holds.
        """

    @abc.abstractmethod
    def scores(
        self,
        examples: list[Any],
        predictions: list[dict[str, Any]],
        *,
        labels: list[str] | None,
        settings: dict[str, Any],
    ) -> dict[str, Any]:
        """Compares predictions with the examples' labels.

        Returns:
            dict of float by name, `metric` among them; a value may be a dict
            of details, which is printed and not followed while training.
        """

    def tuned(self, scores: dict[str, Any]) -> dict[str, Any]:
        """Returns settings that the development data fixed."""
        return {}

    def report(self, scores: dict[str, Any]) -> list[str]:
        """Returns lines that show what is in the scores beside numbers."""
        return []

    def defaults(self) -> dict[str, Any]:
        """Returns the task's options at their defaults."""
        return {option.name: option.default for option in self.options}


def split_at(examples: list[Any], dev: set[int]) -> tuple[list[Any], list[Any]]:
    """Parts examples by the indices of those to evaluate on.

    Raises:
        ValueError: none are left to train or to evaluate on.
    """
    train = [e for index, e in enumerate(examples) if index not in dev]
    if not train or not dev:
        raise ValueError(
            f"{len(examples)} rows are too few to train and evaluate. Give "
            "more rows, or a --dev file."
        )
    return train, [examples[index] for index in sorted(dev)]
