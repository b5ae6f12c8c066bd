"""Answers as parts of a text: SQuAD 1.1 and 2.0, and questions of one's own."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np

from albert_tf.data.question_rows import Losses, question_rows
from albert_tf.data.question_table import QuestionColumns, read_question_table
from albert_tf.data.questions import Question
from albert_tf.data.squad import read_squad
from albert_tf.metrics.squad import squad_1_scores, squad_2_scores
from albert_tf.text.answers import MAX_ANSWER_LENGTH, NUM_BEST, best_answers
from albert_tf.text.windows import WindowSettings
from albert_tf.train.tasks.formats import as_json_lines
from albert_tf.train.tasks.option import (
    CONTEXT_COLUMN,
    QUESTION_COLUMN,
    Option,
)
from albert_tf.train.tasks.squad_files import as_squad_files
from albert_tf.train.tasks.task import Task, split_at

_WINDOW_OPTIONS = (
    Option(
        "doc_stride",
        None,
        "tokens from one window to the next; else 128, or a quarter of "
        "windows shorter than 384",
        int,
        "N",
    ),
    Option(
        "max_query_length",
        None,
        "longest question in tokens; else 64, or a third of short windows",
        int,
        "N",
    ),
    Option(
        "long_questions",
        "cut",
        "what to do with those beyond that; skip: in training, else cut",
        choices=("cut", "skip", "refuse"),
    ),
    Option("max_answer_tokens", MAX_ANSWER_LENGTH, "in tokens", int, "N"),
    Option("num_best", NUM_BEST, "answers kept for a question", int, "N"),
)
_NULL_THRESHOLD = Option(
    "null_threshold",
    None,
    "odds above which there is no answer; tuned in training unless given",
    float,
    "X",
)
_MOST_ODDS = 1e9


class QuestionAnsweringTask(Task):
    """Finds the part of a context that answers a question. Abstract.

    Args:
        name: str.
        summary: str.
    """

    model_class = "AlbertForQuestionAnswering"
    formats = {"jsonl": as_json_lines, "squad": as_squad_files}
    folder_formats = ("squad",)

    def __init__(self, name, summary):
        self.name = name
        self.summary = summary

    def labels(self, examples):
        return None

    def model_arguments(self, labels):
        return {}

    def split(self, examples, seed):
        """Sets about a tenth apart, all questions on one context together.

        Contexts are taken in shuffled order, without those whose questions
        are too many for what is left of the tenth. Of these the one with the
        fewest is taken, too, where that comes nearer to a tenth, or where
        all have too many.
        """
        contexts = sorted({example.context for example in examples})
        np.random.default_rng(seed).shuffle(contexts)
        places: dict[str, list[int]] = {}
        for index, example in enumerate(examples):
            places.setdefault(example.context, []).append(index)
        wanted = len(examples) // 10
        dev: set[int] = set()
        left = []
        for context in contexts:
            if len(dev) + len(places[context]) <= wanted:
                dev.update(places[context])
            else:
                left.append(places[context])
        least = min(left, key=len, default=[])
        if not dev or len(dev) + len(least) - wanted < wanted - len(dev):
            dev.update(least)
        return split_at(examples, dev)

    def describe(self, examples):
        contexts = len({example.context for example in examples})
        none = sum(example.answers == () for example in examples)
        without = f", {none} without answer" if none else ""
        return f"{len(examples)} questions on {contexts} contexts{without}"

    def texts(self, examples):
        contexts = dict.fromkeys(example.context for example in examples)
        return [*contexts, *(example.question for example in examples)]

    def encode(
        self, examples, tokenizer, *, labels, max_length, settings, is_training
    ):
        losses = Losses()
        rows = question_rows(
            examples,
            tokenizer,
            WindowSettings.fitting(
                max_length,
                doc_stride=settings["doc_stride"],
                max_query_length=settings["max_query_length"],
            ),
            is_training=is_training,
            long_questions=settings["long_questions"],
            losses=losses,
        )
        # Standard output may be the predictions.
        for line in losses.report():
            print(f"note: {line}", file=sys.stderr)
        return rows

    def loss(self, class_weights=None, label_smoothing=0.0):
        if class_weights is not None or label_smoothing:
            raise ValueError(
                f"--task {self.name} has no labels to weigh or to smooth: "
                "leave --class-weights and --label-smoothing out."
            )
        from albert_tf.train.position_loss import PositionLoss

        return {"start_logits": PositionLoss(), "end_logits": PositionLoss()}

    def predictions(self, examples, rows, outputs, *, labels, settings):
        places: dict[int, list[int]] = {}
        for index, detail in enumerate(rows.details):
            places.setdefault(detail.example, []).append(index)
        found = []
        for index, example in enumerate(examples):
            chosen = [outputs[place] for place in places[index]]
            answers = best_answers(
                rows.details[places[index][0]].packed,
                [output["start_logits"] for output in chosen],
                [output["end_logits"] for output in chosen],
                num_best=settings["num_best"],
                max_answer_length=settings["max_answer_tokens"],
                has_null=self._has_null(settings),
            )
            found.append(_prediction(example, answers, settings))
        return found

    def _has_null(self, settings: dict[str, Any]) -> bool:
        """Whether no answer is an answer, too."""
        return settings.get("null_threshold") is not None


class Squad1Task(QuestionAnsweringTask):
    """SQuAD 1.1: every question has an answer."""

    metric = "f1"
    metrics = ("f1", "exact_match")
    options = _WINDOW_OPTIONS

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        return read_squad(path, bad_rows, has_answers=has_labels)

    def scores(self, examples, predictions, *, labels, settings):
        scores = squad_1_scores(
            _golds(examples), {p["id"]: p["text"] for p in predictions}
        )
        return {name: scores[name] for name in ("exact_match", "f1")}


class Squad2Task(QuestionAnsweringTask):
    """SQuAD 2.0: some questions have no answer."""

    metric = "best_f1"
    metrics = ("best_f1", "best_exact", "f1", "exact")
    options = (*_WINDOW_OPTIONS, _NULL_THRESHOLD)

    def defaults(self):
        return {**super().defaults(), "null_threshold": 0.0}

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        return read_squad(
            path, bad_rows, version_2=True, has_answers=has_labels
        )

    def scores(self, examples, predictions, *, labels, settings):
        scores = squad_2_scores(
            _golds(examples),
            {p["id"]: _best_text(p) for p in predictions},
            {p["id"]: p["null_odds"] for p in predictions},
            settings["null_threshold"],
        )
        return {n: score for n, score in scores.items() if n != "total"}

    def tuned(self, scores):
        """Returns the threshold that gives the best F1."""
        if "NoAns_f1" not in scores:
            return {}
        return {"null_threshold": scores["best_f1_thresh"]}


class OwnQuestionsTask(Squad2Task):
    """Questions in a table; they may have no answer."""

    options = (
        QUESTION_COLUMN,
        CONTEXT_COLUMN,
        Option("answer_column", "answer", "text of the answer, or empty"),
        Option("answer_start_column", "answer_start", "its first character"),
        Option("id_column", None, "name of a question; else numbered"),
        *Squad2Task.options,
    )

    def defaults(self):
        """Returns options that answer always, unless training tunes them."""
        return {**super().defaults(), "null_threshold": None}

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        columns = QuestionColumns(
            question=settings["question_column"],
            context=settings["context_column"],
            answer=settings["answer_column"] if has_labels else None,
            answer_start=settings["answer_start_column"],
            id=settings["id_column"],
        )
        return read_question_table(path, columns, bad_rows)


def _prediction(example: Question, answers, settings) -> dict[str, Any]:
    threshold = settings.get("null_threshold")
    best = answers.best(threshold)
    return {
        "id": example.id,
        "question": example.question,
        "text": "" if best is None else best.text,
        "start": None if best is None else best.start,
        "end": None if best is None else best.end,
        "probability": (
            answers.null_probability if best is None else best.probability
        ),
        # JSON has no infinity.
        "null_odds": min(answers.null_odds, _MOST_ODDS),
        "null_probability": answers.null_probability,
        "nbest": [dataclasses.asdict(answer) for answer in answers.answers],
    }


def _golds(examples: list[Question]) -> dict[str, list[str]]:
    return {
        example.id: [gold.text for gold in example.answers or ()]
        for example in examples
    }


def _best_text(prediction: dict[str, Any]) -> str:
    """Returns the best answer's text, whatever the odds of none are."""
    return prediction["nbest"][0]["text"] if prediction["nbest"] else ""


QUESTION_TASKS = (
    Squad1Task("squad1", "SQuAD 1.1: the part of a text that answers"),
    Squad2Task("squad2", "SQuAD 2.0: the same, where there is an answer"),
    OwnQuestionsTask("qa", "questions on texts of your own, in a table"),
)
