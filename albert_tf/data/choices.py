"""Reads questions with several answers, of which one is right."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import check_some_left
from albert_tf.data.table import read_table, read_text, without_surrogates

_HINT = (
    "Name the columns with --context-column, --question-column, "
    "--choice-columns and --label-column."
)
_LETTERS = "ABCDEFGHIJ"


@dataclasses.dataclass(frozen=True)
class Choice:
    """A question on a passage, with its answers.

    Attributes:
        context: str. May be empty.
        question: str. May be empty where there is a passage.
        answers: tuple of str.
        label: int or None. Index of the right one.
        id: str.
        place: str. File and line, for messages.
    """

    context: str
    question: str
    answers: tuple[str, ...]
    label: int | None
    id: str
    place: str


def read_choices(
    path, columns, label_column, bad_rows=None, *, context=None, question=None
):
    """Reads a table with a column for each answer.

    A column `id`, if any, names the rows; one without has its number, from 0.

    Args:
        path: `.csv`, `.tsv` or `.jsonl`; see `read_table`.
        columns: list of str. The answers' columns, two or more.
        label_column: str or None. Holds the right one's index from 0, or its
            letter from A; None reads no labels.
        bad_rows: BadRows, or None to refuse them.
        context: str or None. Column of the passage.
        question: str or None. Column of the question.

    Returns:
        list of Choice.

    Raises:
        ValueError: as `read_table`; an answer is empty, a label no index.
    """
    if len(columns) < 2:
        raise ValueError(
            "Expected two or more columns of answers. Received: "
            f"{', '.join(columns) or 'none'}. Write --choice-columns a,b."
        )
    bad = BadRows() if bad_rows is None else bad_rows
    names = [n for n in (context, question, *columns, label_column) if n]
    found = []
    rows = read_table(path, names, bad, hint=_HINT)
    for number, row in enumerate(rows):
        fields = row.fields
        label = fields[label_column].strip() if label_column else None
        choice = Choice(
            fields[context] if context else "",
            fields[question] if question else "",
            tuple(fields[column] for column in columns),
            None if label is None else _index(label),
            fields.get("id") or str(number),
            row.place,
        )
        problem = _problem(choice, label)
        if problem is None:
            found.append(choice)
        else:
            bad.add(row.place, problem)
    bad.finish()
    check_some_left(path, found)
    return found


def read_race(folder, split, bad_rows=None, *, has_labels=True):
    """Reads RACE: a JSON file for each passage, in `high` and `middle`.

    Args:
        folder: with a folder for each split.
        split: `"train"`, `"dev"` or `"test"`, or with a level, as
            `"dev/high"`.
        bad_rows: BadRows, or None to refuse them.
        has_labels: bool. False reads no answers.

    Returns:
        list of Choice, passages in the order of level and number.

    Raises:
        ValueError: there are no such files, or one is broken.
    """
    bad = BadRows() if bad_rows is None else bad_rows
    base = Path(folder) / split
    paths = sorted(base.rglob("*.txt"), key=_by_number)
    if not paths:
        raise ValueError(
            f"{base} holds no passages. Expected RACE's layout: "
            f"{split}/high/1.txt and so on."
        )
    found = [
        choice
        for path in paths
        for choice in _race_choices(path, bad, has_labels)
    ]
    bad.finish()
    check_some_left(base, found)
    return found


def _race_choices(path, bad, has_labels):
    try:
        fields = json.loads(read_text(path))
        questions, options = fields["questions"], fields["options"]
        letters = fields["answers"] if has_labels else [None] * len(questions)
        parts = list(zip(questions, options, letters, strict=True))
        context = " ".join(without_surrogates(fields["article"]).split())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        bad.add(
            str(path),
            f"no passage of RACE ({error}). Expected an object with article, "
            "questions, options and answers.",
        )
        return
    for number, (question, answers, letter) in enumerate(parts):
        place = f"{path}, question {number + 1}"
        if not _are_texts(question, answers, letter, has_labels):
            bad.add(
                place,
                "not as RACE has it. Expected a text as question, a list of "
                "texts as options and a letter as answer.",
            )
            continue
        choice = Choice(
            context,
            without_surrogates(question),
            tuple(map(without_surrogates, answers)),
            _index(letter) if has_labels else None,
            without_surrogates(f"{fields.get('id', path.name)}-{number}"),
            place,
        )
        problem = _problem(choice, letter)
        if problem is None:
            yield choice
        else:
            bad.add(choice.place, problem)


def _are_texts(question, answers, letter, has_labels):
    """Whether JSON has texts where a question of RACE must have them."""
    if not isinstance(answers, list):
        return False
    letters = [letter] if has_labels else []
    return all(isinstance(t, str) for t in (question, *answers, *letters))


def _index(label):
    if len(label) == 1 and label.upper() in _LETTERS:
        return _LETTERS.index(label.upper())
    return int(label) if label.isdecimal() else None


def _problem(choice, label):
    """Returns what is wrong with a row, or None."""
    if not all(answer.strip() for answer in choice.answers):
        return "an answer is empty. Remove the row or complete it."
    if not choice.context.strip() and not choice.question.strip():
        return "passage and question are empty. Remove the row."
    if label is None:
        return None
    if choice.label is None or choice.label >= len(choice.answers):
        return (
            f"the label {label!r} is none of the {len(choice.answers)} "
            "answers. Expected an index from 0, or a letter from A."
        )
    return None


def _by_number(path):
    name = path.stem
    return (path.parent, int(name) if name.isdecimal() else 0, name)
