"""Loads what is to be exported, and refuses what cannot be."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import albert_tf
from albert_tf import AlbertTokenizer
from albert_tf.edge import tasks
from albert_tf.text import packing
from albert_tf.train.task_file import read_task
from export.answer_settings import read_answer_length, read_answer_settings
from export.exit_settings import read_exit_settings
from export.keras_outputs import keras_outputs
from export.samples import Row, Sample, pack, samples_of, shortest_length

_TASKS = {
    "AlbertForSequenceClassification": tasks.CLASSIFICATION,
    "AlbertForTokenClassification": tasks.TOKEN_CLASSIFICATION,
    "AlbertForQuestionAnswering": tasks.QUESTION_ANSWERING,
    "AlbertForMultipleChoice": tasks.MULTIPLE_CHOICE,
    "AlbertForMaskedLM": tasks.MASKED_LM,
}
# Tasks that read two texts, always.
OF_TWO_TEXTS = (tasks.QUESTION_ANSWERING, tasks.MULTIPLE_CHOICE)
# Its sentence-order head serves nobody on a device; its other head does.
_STAND_INS = {"AlbertForPreTraining": "AlbertForMaskedLM"}


@dataclasses.dataclass(frozen=True)
class SourceModel:
    """What is exported.

    Attributes:
        model: a task model in float32.
        tokenizer: AlbertTokenizer.
        task: str, a name in `albert_tf.edge.tasks`.
        answer_settings: dict or None. `question_answering` of `albert.json`.
        length: int or None. Most tokens to take, if fewer than the model's
            positions: those that training took, or a target's.
        early_exit: dict or None. `early_exit` of `albert.json`.
        max_answer_length: int or None. `max_answer_length` of `albert.json`.
    """

    model: Any
    tokenizer: AlbertTokenizer
    task: str
    answer_settings: dict[str, Any] | None = None
    length: int | None = None
    early_exit: dict[str, int] | None = None
    max_answer_length: int | None = None

    @property
    def labels(self) -> list[str]:
        """Names of the classes, made up where the model has none."""
        if self.task not in (tasks.CLASSIFICATION, tasks.TOKEN_CLASSIFICATION):
            return []
        count = self.model.num_labels
        return self.model.labels or [f"LABEL_{i}" for i in range(count)]

    @property
    def max_length(self) -> int:
        """Most tokens that the model takes."""
        positions = self.model.albert_config.max_position_embeddings
        return min(self.length or positions, positions)

    @property
    def takes_pairs(self) -> bool:
        """Whether the model tells a second text from the first."""
        return self.model.albert_config.type_vocab_size > 1

    @property
    def samples(self) -> list[Sample]:
        """The self-test sentences that the model takes."""
        return [
            sample
            for sample in samples_of(self.task)
            if self.takes_pairs or sample.pair is None
        ]

    def check_segments(self, rows: Sequence[Row]) -> None:
        """Refuses rows of two texts for a model that takes one.

        Raises:
            ValueError: a row has a second text.
        """
        if not self.takes_pairs and any(1 in row.segment_ids for row in rows):
            raise ValueError(
                "The model takes single texts (type_vocab_size of its "
                "config.json is 1). Received a pair. Leave the second text "
                "out, or train a model whose type_vocab_size is 2."
            )

    def answers(
        self, samples: Sequence[Sample]
    ) -> tuple[list[Row], list[dict[str, np.ndarray]]]:
        """Returns the rows of samples, and what Keras makes of them."""
        rows = [
            pack(
                self.tokenizer,
                sample,
                max_length=self.max_length,
                task=self.task,
                max_answer_length=self.max_answer_length,
            )
            for sample in samples
        ]
        return rows, self.run(rows)

    def run(self, rows: Sequence[Row]) -> list[dict[str, np.ndarray]]:
        """Returns Keras' outputs of rows; see `keras_outputs`.

        Raises:
            ValueError: as `check_segments`.
        """
        self.check_segments(rows)
        return keras_outputs(
            self.model, self.task, rows, pad_id=self.tokenizer.pad_id
        )

    def logits_by_depth(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """Returns float[L, C] of each row, of a model with exit heads."""
        return [
            np.asarray(
                self.model.logits_by_depth(
                    packing.pad(
                        [(row.token_ids, row.segment_ids)],
                        pad_id=self.tokenizer.pad_id,
                    )
                )
            )[0]
            for row in rows
        ]


def load(directory: Path, patience: int | None = None) -> SourceModel:
    """Returns the model of a directory, with its tokenizer.

    Args:
        directory: of the model.
        patience: int or None. As of `read_exit_settings`.

    Raises:
        ValueError: it holds no task's model, a tokenizer of another model,
            values that are not numbers, a broken `task.json`, or a model of
            single texts for a task of two.
    """
    name = _class_name(directory)
    model = getattr(albert_tf, name).from_pretrained(directory)
    tokenizer = AlbertTokenizer.from_pretrained(directory)
    vocab_size = model.albert_config.vocab_size
    if tokenizer.vocab_size != vocab_size:
        raise ValueError(
            f"{directory}: spiece.model has {tokenizer.vocab_size} pieces, "
            f"the model {vocab_size}. Take the tokenizer that the model was "
            "trained with."
        )
    _check_numbers(model, directory)
    task = _TASKS[name]
    if task == tasks.CLASSIFICATION and model.num_labels == 1:
        task = tasks.REGRESSION
    _check_two_texts(model, task, directory)
    answer_settings = None
    if task == tasks.QUESTION_ANSWERING:
        positions = model.albert_config.max_position_embeddings
        answer_settings = read_answer_settings(directory, positions)
    answer_length = None
    if task == tasks.MULTIPLE_CHOICE:
        answer_length = read_answer_length(directory)
    return SourceModel(
        model,
        tokenizer,
        task,
        answer_settings=answer_settings,
        length=_trained_length(directory, task),
        early_exit=read_exit_settings(directory, model, patience),
        max_answer_length=answer_length,
    )


def _trained_length(directory: Path, task: str) -> int | None:
    """Returns the length that `albert predict` cuts texts to, if known.

    A device that took more would answer otherwise.
    """
    trained = None if task == tasks.MASKED_LM else read_task(directory)
    if trained is None:
        return None
    return max(trained["max_length"], shortest_length(task))


def _class_name(directory: Path) -> str:
    """Reads the kind of model, before its weights: a head that is missing
    there would be drawn at random."""
    expected = ", ".join(_TASKS)
    path = directory / "config.json"
    if not directory.is_dir() or not path.exists():
        raise ValueError(
            f"No model directory at {directory}: it has no config.json. "
            "Expected one that `albert finetune`, `albert convert` or "
            "`save_pretrained` wrote."
        )
    try:
        names = json.loads(path.read_text(encoding="utf-8"))["architectures"]
        name = str(names[0])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(
            f"{path} does not name its kind of model under `architectures`. "
            f"Expected one of: {expected}. Save it with `save_pretrained`."
        ) from error
    name = _STAND_INS.get(name.removeprefix("TF"), name.removeprefix("TF"))
    if name not in _TASKS:
        raise ValueError(
            f"{directory} is a {name}, which answers no task. Expected one "
            f"of: {expected}. Fine-tune it first."
        )
    return name


def _check_two_texts(model: Any, task: str, directory: Path) -> None:
    if task in OF_TWO_TEXTS and model.albert_config.type_vocab_size < 2:
        raise ValueError(
            f"{directory} is a model for {task}, which reads two texts, and "
            "its type_vocab_size is 1. Expected 2, to tell them apart; train "
            "it from a model that has 2."
        )


def _check_numbers(model: Any, directory: Path) -> None:
    broken = [
        variable.path
        for variable in model.variables
        if not np.isfinite(np.asarray(variable)).all()
    ]
    if broken:
        raise ValueError(
            f"{directory}: {', '.join(broken[:3])} holds values that are not "
            "numbers. Training diverged; train again with a lower learning "
            "rate."
        )
