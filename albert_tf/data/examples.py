"""Reads texts and pairs of texts, with or without labels."""

from __future__ import annotations

import dataclasses

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.table import read_table

_HINT = (
    "Name the columns with --text-column, --pair-column and --label-column; "
    "in Python with text_column=... and the like, or Columns(text=...)."
)


@dataclasses.dataclass(frozen=True)
class Example:
    """One row of a data file.

    Attributes:
        text: str.
        pair: str or None. Second text.
        label: str or None. As the file spells it; None where it has none.
        place: str. File and line, for messages.
        id: str or None. What the file calls the row.
    """

    text: str
    pair: str | None
    label: str | None
    place: str
    id: str | None = None


@dataclasses.dataclass(frozen=True)
class Columns:
    """Which column holds what.

    Attributes:
        text: str. Name of the text's column.
        pair: str or None. Name of the second text's.
        label: str or None. Name of the label's; None reads no labels.
    """

    text: str = "text"
    pair: str | None = None
    label: str | None = "label"

    def names(self):
        """Returns the names that a file must have."""
        return [n for n in (self.text, self.pair, self.label) if n is not None]


def read_examples(path, columns, bad_rows=None):
    """Reads every row of a data file.

    Args:
        path: `.tsv`, `.csv` or `.jsonl`; see `read_table`.
        columns: Columns.
        bad_rows: BadRows, or None to refuse them.

    Returns:
        list of Example.

    Raises:
        ValueError: as `read_table`; a text or a label is empty.
    """
    bad = BadRows() if bad_rows is None else bad_rows
    rows = read_table(path, columns.names(), bad, hint=_HINT)
    examples = []
    for row in rows:
        example = _example(row, columns)
        problem = problem_of(example)
        if problem is None:
            examples.append(example)
        else:
            bad.add(example.place, problem)
    bad.finish()
    check_some_left(path, examples)
    return examples


def check_some_left(path, examples):
    """Refuses a file of which every row was skipped.

    Raises:
        ValueError: there are no examples.
    """
    if not examples:
        raise ValueError(
            f"{path}: every row is bad. Check that the columns are the "
            "right ones."
        )


def problem_of(example):
    """Returns what is wrong with an example, or None."""
    texts = (example.text, example.pair)
    if any(text is not None and not text.strip() for text in texts):
        return "the text is empty. Remove the row or give it a text."
    if example.label == "":
        return "the label is empty. Remove the row or label it."
    return None


def _example(row, columns):
    fields = row.fields
    return Example(
        fields[columns.text],
        None if columns.pair is None else fields[columns.pair],
        None if columns.label is None else fields[columns.label].strip(),
        row.place,
    )
