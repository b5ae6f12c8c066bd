"""Reads tagged words in CoNLL's columns."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.table import read_lines
from albert_tf.text.entities import impossible_tags
from albert_tf.text.words import split_words

_DOCUMENT_MARK = "-DOCSTART-"


@dataclasses.dataclass(frozen=True)
class Sentence:
    """The words of a sentence, and their tags.

    Attributes:
        text: str. The words with a space between, or the line they are of.
        words: tuple of half-open spans of characters in the text.
        tags: tuple of str, one a word, or None where there are none.
        document: int. Number of the document from 0.
        place: str. File and line, for messages.
    """

    text: str
    words: tuple[tuple[int, int], ...]
    tags: tuple[str, ...] | None
    document: int
    place: str


def read_conll(path, bad_rows=None, *, token_column=0, tag_column=-1):
    """Reads sentences of a word a line.

    Columns are split at tabs where a line has one, else at white space. A
    blank line, or one of white space, ends a sentence; a line that begins
    with `-DOCSTART-` begins a document.

    Args:
        path: of a UTF-8 file.
        bad_rows: BadRows, or None to refuse them. A sentence with a bad line
            is bad as a whole.
        token_column: int. Index of the word's column; negative ones count
            from the end.
        tag_column: int or None. Index of the tag's; None reads no tags.

    Returns:
        list of Sentence.

    Raises:
        ValueError: the file cannot be read or has no sentences; a line has
            too few columns or an empty word or tag; a tag of a BIO file
            cannot follow the one before.
    """
    bad = BadRows() if bad_rows is None else bad_rows
    columns = [token_column] + ([] if tag_column is None else [tag_column])
    blocks = list(_blocks(path))
    found = []
    for document, lines in blocks:
        fields = _fields(path, lines, columns, bad)
        if fields is not None:
            found.append((document, lines[0][0], fields))
    if tag_column is not None:
        found = _possible(path, found, bad)
    bad.finish()
    if not found:
        raise ValueError(
            f"{path} has no sentences. Expected a word and its tag a line, "
            "and a blank line after each sentence."
        )
    return [
        _sentence(
            [row[0] for row in fields],
            None if tag_column is None else tuple(row[1] for row in fields),
            document,
            f"{path}, line {number}",
        )
        for document, number, fields in found
    ]


def read_plain(lines):
    """Makes sentences of plain lines, words split from punctuation.

    Args:
        lines: list of (text, place).

    Returns:
        list of Sentence without tags.
    """
    return [
        Sentence(text, tuple(split_words(text)), None, 0, place)
        for text, place in lines
    ]


def read_plain_file(path, bad_rows=None):
    """Reads a file of plain text, a sentence or paragraph a line.

    Raises:
        ValueError: the file cannot be read or holds no text.
    """
    numbered = enumerate(read_lines(path), 1)
    lines = [(t, f"{path}, line {n}") for t, n in ((b, a) for a, b in numbered)]
    sentences = read_plain([line for line in lines if line[0].strip()])
    if not sentences:
        raise ValueError(f"{Path(path)} has no text. Expected a text a line.")
    return sentences


def _blocks(path):
    """Yields (document, numbered lines) of each sentence."""
    document, lines, is_first = 0, [], True
    for number, line in enumerate([*read_lines(path), ""], 1):
        is_mark = line.startswith(_DOCUMENT_MARK)
        if line.strip() and not is_mark:
            lines.append((number, line))
            continue
        if lines:
            yield document, lines
            lines, is_first = [], False
        if is_mark:
            document += 0 if is_first else 1


def _fields(path, lines, columns, bad):
    """Returns [word, tag] of each line, or None where one is bad."""
    rows = []
    for number, line in lines:
        parts = line.split("\t") if "\t" in line else line.split()
        needed = max(c + 1 if c >= 0 else -c for c in columns)
        # One column cannot be both the first and the last of two.
        needed = max(needed, len(columns))
        if len(parts) < needed:
            bad.add(
                f"{path}, line {number}",
                f"{len(parts)} columns, expected {needed} or more. Mend the "
                "line, or say with --token-column and --tag-column where "
                "word and tag are.",
            )
            return None
        row = [parts[column].strip() for column in columns]
        if not all(row):
            bad.add(
                f"{path}, line {number}",
                "the word or its tag is empty. Mend the line.",
            )
            return None
        rows.append(row)
    return rows


def _possible(path, found, bad):
    """Drops sentences with an order of tags that BIO does not allow.

    In IO, and in the older IOB where B- only parts neighbours, I- begins
    entities as a rule; so only a file where most begin with B- is held to it.
    """
    tags = [[row[1] for row in fields] for _, _, fields in found]
    places = [impossible_tags(row) for row in tags]
    num_begun = sum(tag.startswith("B-") for row in tags for tag in row)
    if num_begun <= sum(map(len, places)):
        return found
    kept = []
    for sentence, row, wrong in zip(found, tags, places):
        for index in wrong:
            before = row[index - 1] if index else "the sentence's start"
            kind = row[index].removeprefix("I-")
            bad.add(
                f"{path}, line {sentence[1] + index}",
                f"the tag {row[index]} follows {before}. An entity begins "
                f"with B-{kind}; mend the tag.",
            )
        if not wrong:
            kept.append(sentence)
    return kept


def _sentence(words, tags, document, place):
    spans, end = [], 0
    for word in words:
        spans.append((end, end + len(word)))
        end += len(word) + 1
    return Sentence(" ".join(words), tuple(spans), tags, document, place)
