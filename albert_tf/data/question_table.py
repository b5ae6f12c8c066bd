"""Reads questions of one's own from CSV, TSV and JSON lines."""

from __future__ import annotations

import dataclasses
import os

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.questions import Gold, Question, problem_of
from albert_tf.data.table import Row, read_table

_HINT = (
    "Name the columns with --question-column, --context-column, "
    "--answer-column and --answer-start-column."
)


@dataclasses.dataclass(frozen=True)
class QuestionColumns:
    """Which column holds what.

    Attributes:
        question: str.
        context: str.
        answer: str or None. Text of the answer, empty for a question that
            has none; None reads questions to be answered.
        answer_start: str. Where it begins in the context, in characters from
            0; may be empty where the text stands in the context only once.
        id: str or None. None numbers the rows from 1.
    """

    question: str = "question"
    context: str = "context"
    answer: str | None = "answer"
    answer_start: str = "answer_start"
    id: str | None = None

    def names(self) -> list[str]:
        """Returns the names that a file must have."""
        gold = [] if self.answer is None else [self.answer, self.answer_start]
        own = [] if self.id is None else [self.id]
        return [self.question, self.context, *gold, *own]


def read_question_table(
    path: str | os.PathLike[str],
    columns: QuestionColumns | None = None,
    bad_rows: BadRows | None = None,
) -> list[Question]:
    """Reads every question of a table.

    Args:
        path: `.tsv`, `.csv` or `.jsonl`; see `read_table`.
        columns: QuestionColumns, or None for its defaults.
        bad_rows: BadRows, or None to refuse rows that cannot be used.

    Raises:
        ValueError: as `read_table`; a question or a context is empty, an id
            is used twice, or an answer's text is not at its place.
    """
    columns = columns or QuestionColumns()
    bad = BadRows() if bad_rows is None else bad_rows
    examples: list[Question] = []
    seen: set[str] = set()
    rows = read_table(path, columns.names(), bad, hint=_HINT)
    for number, row in enumerate(rows, 1):
        example, problem = _example(row, columns, number)
        problem = problem or problem_of(example, may_lack_answer=True)
        if example.id in seen:
            problem = (
                f"the id {example.id!r} is used twice. Give each question "
                "its own."
            )
        seen.add(example.id)
        if problem is None:
            examples.append(example)
        else:
            bad.add(row.place, problem)
    bad.finish()
    if not examples:
        raise ValueError(
            f"{os.fspath(path)} holds no question that can be used."
        )
    return examples


def _example(
    row: Row, columns: QuestionColumns, number: int
) -> tuple[Question, str | None]:
    """Returns a question, and what is wrong with its answer's place."""
    fields = row.fields
    golds, problem = None, None
    if columns.answer is not None:
        golds, problem = _golds(
            fields[columns.answer],
            fields[columns.answer_start].strip(),
            fields[columns.context],
        )
    example = Question(
        id=str(number) if columns.id is None else fields[columns.id],
        question=fields[columns.question],
        context=fields[columns.context],
        answers=golds,
        place=row.place,
    )
    return example, problem


def _golds(
    text: str, start: str, context: str
) -> tuple[tuple[Gold, ...], str | None]:
    if not text.strip():
        return (), None
    if start.isascii() and start.isdigit():
        return (Gold(text, int(start)),), None
    if start:
        return (), (
            f"answer_start is {start!r}. Expected a whole number, or nothing."
        )
    count = context.count(text)
    if count == 1:
        return (Gold(text, context.find(text)),), None
    return (), (
        f"the answer {text!r} stands {count} times in the context, and "
        "answer_start is empty. Say where it begins."
    )
