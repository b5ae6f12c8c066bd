"""Reads named columns from CSV, TSV and JSON lines."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import re
import sys
from pathlib import Path

from albert_tf.data.bad_rows import BadRows

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        fields: dict of str to str, by column.
        place: str. File and line, for messages.
    """

    fields: dict[str, str]
    place: str


def read_table(
    path, names, bad_rows=None, *, hint=None, header=None, file_format=None
):
    """Reads every row of a file that has the named columns.

    Args:
        path: `.tsv` (no quoting, as GLUE's files), `.csv` (quoted where
            needed) or `.jsonl` (one object a line), UTF-8; the first line of
            the first two names the columns. Blank lines are left out;
            rows of empty fields are not.
        names: list of str. Columns to read.
        bad_rows: BadRows, or None to refuse them.
        hint: str or None. How to name other columns, a sentence.
        header: list of str or None. Names of all columns of a `.tsv` whose
            first line names none.
        file_format: `"tsv"`, `"csv"`, `"jsonl"`, or None to go by the name.

    Returns:
        list of Row.

    Raises:
        ValueError: the file cannot be read, is not UTF-8, lacks a column or
            names one twice, or has no rows; a row has too few or too many
            fields. The message names file and line.
    """
    path = Path(path)
    bad = BadRows() if bad_rows is None else bad_rows
    read = _reader(path, file_format)
    hint = hint or "Name the columns as the file does."
    text = read_text(path)
    if header is not None:
        # In place of the line that is missing, so that numbers stay right.
        cells = _first(header, _lines(text))
        numbered = _with_header(path, cells, names, bad, hint)
    else:
        numbered = read(path, text, names, bad, hint)
    rows = [Row(fields, f"{path}, line {n}") for n, fields in numbered]
    if not rows:
        bad.finish()
        raise ValueError(
            f"{path} has no rows. Expected one example a line, with "
            f"{', '.join(names)}."
        )
    return rows


def _reader(path, file_format):
    readers = {"tsv": _read_tsv, "csv": _read_csv, "jsonl": _read_jsonl}
    name = file_format or path.suffix.removeprefix(".")
    if name not in readers:
        raise ValueError(
            f"{path} must end in .{', .'.join(readers)}, which says how to "
            "read it. Rename it, or convert it."
        )
    return readers[name]


def _first(header, lines):
    yield 0, list(header)
    yield from enumerate(map(_cells, lines), 1)


def _cells(line):
    """Returns the fields of a line of a `.tsv`; none where it is blank."""
    fields = line.split("\t")
    return fields if len(fields) > 1 or fields[0].strip() else []


def read_text(path):
    """Returns the text of a UTF-8 file, without a byte-order mark.

    Raises:
        ValueError: the file cannot be read or is not UTF-8.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ValueError(
            f"Cannot read {os.fspath(path)}: {error.strerror}. Check the path."
        ) from error
    try:
        # "-sig" drops the byte-order mark that some editors write.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: not UTF-8. Convert the file first, for "
            "example with iconv."
        ) from error


def read_lines(path):
    """Returns the lines of a UTF-8 file, without their ends.

    Raises:
        ValueError: as `read_text`.
    """
    return _lines(read_text(path))


def _lines(text):
    # Subtle: str.splitlines also splits at characters such as U+2028, which
    # are part of a text.
    return [line.removesuffix("\r") for line in text.split("\n")]


def without_surrogates(text):
    """Returns a text with U+FFFD for halves of a pair of surrogates.

    JSON can escape one alone, but no file in UTF-8 can hold it.
    """
    return _SURROGATE.sub("\ufffd", text)


def _read_tsv(path, text, names, bad, hint):
    rows = enumerate(map(_cells, _lines(text)), 1)
    yield from _with_header(path, rows, names, bad, hint)


def _read_csv(path, text, names, bad, hint):
    # Line ends stay as they are: inside quotes they are characters of a text.
    lines = [f"{line}\n" for line in text.split("\n")]
    reader = csv.reader(lines, strict=True)

    def rows():
        while True:
            # Where the row begins: a quoted field may span lines.
            number = reader.line_num + 1
            # Python's own limit is 128 KiB a field, less than a chapter.
            limit = csv.field_size_limit(sys.maxsize)
            try:
                fields = next(reader, None)
            except csv.Error as error:
                raise ValueError(
                    f"{path}, line {number}: {error}. Quote fields with "
                    'commas or quotes in them, and double a quote: "".'
                ) from error
            finally:
                csv.field_size_limit(limit)
            if fields is None:
                return
            # Subtle: "" in quotes, alone in its line, is a row.
            yield number, fields if lines[number - 1].strip() else []

    yield from _with_header(path, rows(), names, bad, hint)


def _with_header(path, numbered_rows, names, bad, hint):
    header: list[str] = next(iter(numbered_rows), (1, []))[1]
    _check_header(path, header, names, hint)
    for number, fields in numbered_rows:
        if not fields:
            continue
        if len(fields) != len(header):
            bad.add(
                f"{path}, line {number}",
                f"{len(fields)} fields, expected {len(header)} "
                f"({', '.join(header)}). Mend the line.",
            )
            continue
        yield number, dict(zip(header, fields))


def _check_header(path, header, names, hint):
    missing = [name for name in names if name not in header]
    if missing:
        raise ValueError(
            f"{path} has no column {', '.join(missing)}. Its first line "
            f"names: {', '.join(header) or 'nothing'}. {hint}"
        )
    repeated = sorted({n for n in names if header.count(n) > 1})
    if repeated:
        raise ValueError(
            f"{path} names the column {', '.join(repeated)} more than once, "
            "so which one to read is not said. Rename one of them."
        )


def _read_jsonl(path, text, names, bad, hint):
    for number, line in enumerate(_lines(text), 1):
        if not line.strip():
            continue
        fields, problem = _json_fields(line, names, hint)
        if problem is None:
            yield number, fields
        else:
            bad.add(f"{path}, line {number}", problem)


def _json_fields(line, names, hint):
    """Returns the fields of a line as text, or what is wrong.

    Lists and objects, of which none may be named, are left out.
    """
    try:
        values = json.loads(line, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        return None, f"not JSON ({error.msg}). Expected one object a line."
    except _RepeatedKeyError as error:
        return None, f"the key {error} occurs twice. Rename one of them."
    if not isinstance(values, dict) or set(names) - set(values):
        wanted = ", ".join(names)
        return None, f"expected an object with {wanted}. {hint}"
    for name in names:
        if isinstance(values[name], (dict, list)):
            kind = "object" if isinstance(values[name], dict) else "list"
            return None, (
                f"{name} is a JSON {kind}. Expected a text or a number."
            )
    plain = {n: v for n, v in values.items() if not isinstance(v, (dict, list))}
    return {name: _as_text(value) for name, value in plain.items()}, None


class _RepeatedKeyError(Exception):
    """A JSON object has a key twice; Python's reader keeps the last."""


def _without_repeats(pairs):
    fields = dict(pairs)
    if len(fields) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(next(k for k in keys if keys.count(k) > 1))
    return fields


def _as_text(value):
    """Returns a JSON value as the text that stands for it in a table."""
    if isinstance(value, str):
        return without_surrogates(value)
    # A null is a missing value, not the word "None"; true is "true" as in
    # the file, not Python's "True".
    return "" if value is None else json.dumps(value)
