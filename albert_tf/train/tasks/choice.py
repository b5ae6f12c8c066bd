"""Which of several answers is right."""

from __future__ import annotations

import collections

import numpy as np

from albert_tf.data.choices import read_choices, read_race
from albert_tf.data.rows import Rows
from albert_tf.text.choices import (
    MAX_ANSWER_LENGTH,
    fill_question,
    pack_choices,
)
from albert_tf.train.tasks.formats import as_json_lines, as_tsv
from albert_tf.train.tasks.option import (
    CONTEXT_COLUMN,
    LABEL_COLUMN,
    QUESTION_COLUMN,
    Option,
)
from albert_tf.train.tasks.task import Task

CHOICE_COLUMNS = Option(
    "choice_columns",
    "answer0,answer1,answer2,answer3",
    "the answers",
    metavar="NAMES",
)
ANSWER_LENGTH = Option(
    "max_answer_length",
    MAX_ANSWER_LENGTH,
    "most tokens of question and answer",
    int,
    "N",
)


class ChoiceTask(Task):
    """Picks an answer; every row has as many as the others."""

    name = "choice"
    summary = "which answer to a question on a passage, columns"
    model_class = "AlbertForMultipleChoice"
    options = (
        CONTEXT_COLUMN,
        QUESTION_COLUMN,
        CHOICE_COLUMNS,
        LABEL_COLUMN,
        ANSWER_LENGTH,
    )
    formats = {"jsonl": as_json_lines, "tsv": as_tsv}

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        columns = settings["choice_columns"].split(",")
        return read_choices(
            path,
            [name.strip() for name in columns if name.strip()],
            settings["label_column"] if has_labels else None,
            bad_rows,
            context=settings["context_column"] or None,
            question=settings["question_column"] or None,
        )

    def labels(self, examples):
        return None

    def check(self, examples, labels, bad_rows):
        most = collections.Counter(len(e.answers) for e in examples)
        expected = most.most_common(1)[0][0]
        for example in examples:
            if len(example.answers) != expected:
                bad_rows.add(
                    example.place,
                    f"{len(example.answers)} answers, expected {expected} as "
                    "in the other rows.",
                )
        bad_rows.finish()
        return [e for e in examples if len(e.answers) == expected]

    def describe(self, examples):
        counts = collections.Counter(example.label for example in examples)
        listed = ", ".join(f"{k}: {v}" for k, v in sorted(counts.items()))
        return f"{len(examples)} questions (right answers {listed})"

    def texts(self, examples):
        contexts = dict.fromkeys(e.context for e in examples if e.context)
        answers = [a for e in examples for a in e.answers]
        return [*contexts, *(e.question for e in examples), *answers]

    def encode(
        self, examples, tokenizer, *, labels, max_length, settings, is_training
    ):
        contexts = list(dict.fromkeys(e.context for e in examples))
        context_ids = dict(zip(contexts, tokenizer.encode_ids(contexts)))
        inputs = [
            pack_choices(
                context_ids[example.context],
                tokenizer.encode_ids(
                    [
                        fill_question(example.question, a)
                        for a in example.answers
                    ]
                ),
                cls_id=tokenizer.cls_id,
                sep_id=tokenizer.sep_id,
                max_length=max_length,
                max_answer_length=settings["max_answer_length"],
            )
            for example in examples
        ]
        targets = [example.label for example in examples]
        return Rows(inputs, None if None in targets else targets)

    def model_arguments(self, labels):
        return {}

    def loss(self, class_weights=None, label_smoothing=0.0):
        from albert_tf.train.losses import LabelLoss

        return LabelLoss(None, label_smoothing)

    def predictions(self, examples, rows, outputs, *, labels, settings):
        found = []
        for example, output in zip(examples, outputs):
            logits = np.asarray(output, np.float64)
            chances = np.exp(logits - logits.max())
            best = int(chances.argmax())
            found.append(
                {
                    "id": example.id,
                    "label": best,
                    "answer": example.answers[best],
                    "probabilities": (chances / chances.sum()).tolist(),
                }
            )
        return found

    def scores(self, examples, predictions, *, labels, settings):
        right = [
            example.label == prediction["label"]
            for example, prediction in zip(examples, predictions)
        ]
        return {"accuracy": float(np.mean(right))}


class RaceTask(ChoiceTask):
    """RACE in its own layout."""

    name = "race"
    summary = "RACE: which answer to a question on a passage"
    options = (ANSWER_LENGTH,)
    takes_folder = True
    metrics = ("accuracy",)
    splits = tuple(
        name
        for split in ("train", "dev", "test")
        for name in (split, f"{split}/high", f"{split}/middle")
    )

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        return read_race(path, split, bad_rows, has_labels=has_labels)
