"""Reads labelled texts from CSV, TSV and JSON lines."""

import csv
import dataclasses
import json
import os
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Example:
    """One row of a data file.

    Attributes:
        text: str.
        pair: str or None. Second text.
        label: str or None. As the file spells it; None where it has none.
        place: str. File and line, for messages.
    """

    text: str
    pair: str | None
    label: str | None
    place: str


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


def read_examples(path, columns):
    """Reads every row of a data file.

    Args:
        path: `.tsv` (no quoting, as GLUE's files), `.csv` (quoted where
            needed) or `.jsonl` (one object a line), UTF-8; the first line of
            the first two names the columns.
        columns: Columns.

    Returns:
        list of Example.

    Raises:
        ValueError: the file cannot be read, is not UTF-8, lacks a column or
            has no rows; a row has too few or too many fields, or an empty
            text. The message names file and line.
    """
    path = Path(path)
    readers = {".tsv": _read_tsv, ".csv": _read_csv, ".jsonl": _read_jsonl}
    if path.suffix not in readers:
        raise ValueError(
            f"{path} must end in {', '.join(readers)}, which says how to "
            "read it. Rename it, or convert it."
        )
    lines = _read_lines(path)
    examples = [
        _example(fields, columns, f"{path}, line {number}")
        for number, fields in readers[path.suffix](path, lines, columns)
    ]
    if not examples:
        raise ValueError(
            f"{path} has no rows. Expected one example a line, with "
            f"{', '.join(columns.names())}."
        )
    return examples


def _read_lines(path):
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"Cannot read {os.fspath(path)}: {error.strerror}. Expected a "
            "file of labelled texts."
        ) from error
    try:
        # "-sig" drops the byte-order mark that some editors write.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: not UTF-8. Convert the file first, for "
            "example with iconv."
        ) from error
    # Subtle: str.splitlines also splits at characters such as U+2028, which
    # are part of a text.
    return [line.removesuffix("\r") for line in text.split("\n")]


def _read_tsv(path, lines, columns):
    rows = (line.split("\t") for line in lines)
    yield from _with_header(path, enumerate(rows, 1), columns)


def _read_csv(path, lines, columns):
    reader = csv.reader((line + "\n" for line in lines), strict=True)

    def rows():
        while True:
            # Where the row begins: a quoted field may span lines.
            number = reader.line_num + 1
            try:
                fields = next(reader, None)
            except csv.Error as error:
                raise ValueError(
                    f"{path}, line {number}: {error}. Quote fields with "
                    'commas or quotes in them, and double a quote: "".'
                ) from error
            if fields is None:
                return
            yield number, fields

    yield from _with_header(path, rows(), columns)


def _with_header(path, numbered_rows, columns):
    header: list[str] = next(iter(numbered_rows), (1, []))[1]
    missing = [name for name in columns.names() if name not in header]
    if missing:
        raise ValueError(
            f"{path} has no column {', '.join(missing)}. Its first line "
            f"names: {', '.join(header) or 'nothing'}. Name the columns "
            "with --text-column, --pair-column and --label-column."
        )
    for number, fields in numbered_rows:
        if not any(field.strip() for field in fields):
            continue
        if len(fields) != len(header):
            raise ValueError(
                f"{path}, line {number}: {len(fields)} fields, expected "
                f"{len(header)} ({', '.join(header)}). Mend the line."
            )
        yield number, dict(zip(header, fields))


def _read_jsonl(path, lines, columns):
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"{path}, line {number}: not JSON ({error.msg}). Expected "
                "one object a line."
            ) from error
        names = columns.names()
        if not isinstance(fields, dict) or set(names) - set(fields):
            raise ValueError(
                f"{path}, line {number}: expected an object with "
                f"{', '.join(names)}. Name the columns with --text-column, "
                "--pair-column and --label-column."
            )
        # A null is a missing value, not the word "None".
        values = {n: fields[n] for n in names if fields[n] is not None}
        yield number, {name: str(values.get(name, "")) for name in names}


def _example(fields, columns, place):
    text = fields[columns.text]
    pair = None if columns.pair is None else fields[columns.pair]
    label = None if columns.label is None else fields[columns.label].strip()
    if not text.strip() or (pair is not None and not pair.strip()):
        raise ValueError(
            f"{place}: the text is empty. Remove the row or give it a text."
        )
    if label == "":
        raise ValueError(
            f"{place}: the label is empty. Remove the row or label it."
        )
    return Example(text, pair, label, place)
