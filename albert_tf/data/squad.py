"""Reads the JSON of SQuAD 1.1 and 2.0."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.questions import Gold, Question, problem_of
from albert_tf.data.table import without_surrogates


def read_squad(
    path: str | os.PathLike[str],
    bad_rows: BadRows | None = None,
    *,
    version_2: bool = False,
    has_answers: bool = True,
) -> list[Question]:
    """Reads every question of a SQuAD file.

    Args:
        path: `.json`, or `.json.gz`.
        bad_rows: BadRows, or None to refuse questions that cannot be used.
        version_2: bool. Whether questions may have no answer.
        has_answers: bool. False reads questions to be answered and does not
            look at answers.

    Returns:
        list of Question.

    Raises:
        ValueError: the file cannot be read, is not SQuAD's JSON or holds no
            question; a question or a context is empty, an id is missing or
            used twice, an answer's text is not at its place, or there is
            none in SQuAD 1.1. The message names file and question id.

    Source: Rajpurkar et al. 2016 and 2018; the layout of their files.
    """
    bad = BadRows() if bad_rows is None else bad_rows
    examples: list[Question] = []
    seen: set[str] = set()
    for number, (context, fields) in enumerate(_questions(path), 1):
        question_id = fields.get("id")
        place = f"{os.fspath(path)}, question {question_id or number}"
        try:
            example = _example(context, fields, place, has_answers)
        except (KeyError, TypeError, ValueError) as error:
            bad.add(place, f"not as SQuAD has it: {_reason(error)}.")
            continue
        problem = problem_of(example, may_lack_answer=version_2)
        if example.id in seen:
            problem = "the id is used twice. Give each question its own."
        seen.add(example.id)
        if problem is None:
            examples.append(example)
        else:
            bad.add(place, problem)
    bad.finish()
    if not examples:
        raise ValueError(
            f"{os.fspath(path)} holds no question that can be used."
        )
    return examples


def _questions(path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the context and the fields of each question."""
    try:
        articles = _json(path)["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                for fields in paragraph["qas"]:
                    if not isinstance(fields, dict):
                        raise TypeError("a question is no object")
                    yield paragraph["context"], fields
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{os.fspath(path)} is not laid out as SQuAD: {_reason(error)}. "
            "Expected data > paragraphs > context and qas > id, question and "
            "answers."
        ) from error


def _json(path) -> Any:
    try:
        data = Path(path).read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        # "-sig" drops the byte-order mark that some editors write.
        return json.loads(data.decode("utf-8-sig"))
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(
            f"Cannot read {os.fspath(path)}: {error}. Expected a SQuAD file."
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{os.fspath(path)} is not JSON in UTF-8: {error}. Expected a "
            "SQuAD file; for rows of your own choose --task qa."
        ) from error


def _example(
    context: Any, fields: dict[str, Any], place: str, has_answers: bool
) -> Question:
    texts = {"id": fields["id"], "question": fields["question"]}
    for name, text in {**texts, "context": context}.items():
        if not isinstance(text, str):
            raise TypeError(f"{name} is no text")
    return Question(
        **{name: without_surrogates(text) for name, text in texts.items()},
        context=without_surrogates(context),
        answers=_golds(fields) if has_answers else None,
        place=place,
    )


def _golds(fields: dict[str, Any]) -> tuple[Gold, ...]:
    golds = tuple(
        Gold(answer["text"], answer["answer_start"])
        for answer in fields["answers"]
    )
    for gold in golds:
        if not isinstance(gold.text, str) or type(gold.start) is not int:
            raise TypeError("an answer needs a text and a whole answer_start")
    golds = tuple(Gold(without_surrogates(g.text), g.start) for g in golds)
    if golds and fields.get("is_impossible", False):
        raise ValueError("it has answers and is_impossible is true")
    return golds


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error)
