"""Reads tagged words in CoNLL's columns."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.table import read_lines
from albert_tf.text.entities import OUTSIDE, impossible_tags
from albert_tf.text.words import split_words

_DOCUMENT_MARK = "-DOCSTART-"
# What marks an entity's last word, and its only one, beside B- and I-.
_SCHEMES = (("E-", "S-"), ("L-", "U-"))


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

    Columns are split at tabs where a line has one, else at spaces. A blank
    line, or one of white space, ends a sentence; a line that begins with
    `-DOCSTART-` begins a document. A line that begins with `#` is a comment,
    as of CoNLL-U, where it has another number of columns than the sentence's
    words; a word `#` with its tag has the same.

    BIOES and BILOU are read as BIO: E- and L- become I-, S- and U- become B-.
    A file has such tags where all but `O` have a prefix of one of the two
    schemes, B- or I- being among them, or where all have the one of an
    entity's only word. So other tags that look alike, such as a kind `E-MAIL`
    without prefix, stay as they are.

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
    for document, lines in _without_comments(blocks):
        fields = _fields(path, lines, columns, bad)
        if fields is not None:
            found.append((document, [number for number, _ in lines], fields))
    if tag_column is not None:
        _to_bio(found)
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
            f"{path}, line {numbers[0]}",
        )
        for document, numbers, fields in found
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


def _without_comments(blocks):
    """Yields (document, numbered lines of words) of each sentence."""
    of_file = _layout([line for _, lines in blocks for _, line in lines])
    for document, lines in blocks:
        is_tabbed, widths = _layout([line for _, line in lines])
        if not widths:
            # All begin with #: other sentences say what a word looks like.
            is_tabbed, widths = of_file
        kept = [
            (number, line)
            for number, line in lines
            if not _is_comment(line, is_tabbed, widths)
        ]
        if kept:
            yield document, kept


def _layout(lines):
    """Returns (whether all have tabs, numbers of columns), # lines aside."""
    words = [line for line in lines if not line.startswith("#")]
    is_tabbed = all("\t" in line for line in words)
    return is_tabbed, {len(_columns(line)) for line in words}


def _is_comment(line, is_tabbed, widths):
    # A lone # or #word may be a word without its tag, which is refused.
    if not line.startswith("#") or len(line.split()) == 1:
        return False
    # Subtle: a sentence in a comment may have as many words as a line has
    # columns; among lines with tabs it is told by having none.
    columns = line.split("\t") if is_tabbed else _columns(line)
    return bool(widths) and len(columns) not in widths


def _columns(line):
    # Subtle: str.split also splits at characters such as U+00A0, which are
    # part of a word.
    if "\t" in line:
        return line.split("\t")
    return re.split(" +", line.strip(" "))


def _fields(path, lines, columns, bad):
    """Returns [word, tag] of each line, or None where one is bad."""
    rows = []
    for number, line in lines:
        parts = _columns(line)
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


def _to_bio(found):
    """Puts BIO's tags in place of those of BIOES or BILOU, if they are.

    The tag that the file has stays at the row's end, for messages.
    """
    rows = [row for _, _, fields in found for row in fields]
    tags = {row[1] for row in rows} - {OUTSIDE}
    prefixes = {tag[: tag.find("-") + 1] for tag in tags}
    for last, only in _SCHEMES:
        begun, own = {"B-", "I-"}, {last: "I-", only: "B-"}
        is_used = prefixes & begun and prefixes & own.keys()
        has_only_single = prefixes == {only} and only not in tags
        if has_only_single or (is_used and prefixes <= begun | own.keys()):
            for row in rows:
                prefix, tag = row[1][:2], row[1]
                row[1:] = [own.get(prefix, prefix) + tag[2:], tag]


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
        _, numbers, fields = sentence
        for index in wrong:
            before = fields[index - 1][-1] if index else "the sentence's start"
            kind = row[index].removeprefix("I-")
            bad.add(
                f"{path}, line {numbers[index]}",
                f"the tag {fields[index][-1]} follows {before}. An entity "
                f"begins with B-{kind}; mend the tag.",
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
