"""Reads raw text in parts that many workers can read at a time.

Three formats, each plain or gzipped (`.gz`):

- `text`: a sentence or a paragraph a line, a blank line between documents
- `jsonl`: one object a line, one document an object
- `book`: hard-wrapped lines, a blank line between paragraphs; a file is one
  document
"""

from __future__ import annotations

import dataclasses
import glob
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

FORMATS = ("text", "jsonl", "book")
BLOCK_BYTES = 1 << 20
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


@dataclasses.dataclass(frozen=True)
class Source:
    """One input file.

    Attributes:
        path: str.
        format: one of `FORMATS`.
        text_field: str. Name of the text's field in JSON lines.
    """

    path: str
    format: str
    text_field: str = "text"

    @property
    def is_gzipped(self) -> bool:
        """Whether the file must be read from its start."""
        return self.path.endswith(".gz")

    def open(self) -> Any:
        """Opens the file for its bytes, unpacked."""
        opened = gzip.open if self.is_gzipped else open
        return opened(self.path, "rb")


@dataclasses.dataclass(frozen=True)
class Part:
    """A share of one file, for one worker.

    Documents belong to exactly one part of their file. A plain file is cut
    by bytes. A gzipped one cannot be: each worker unpacks all of it, which
    is quick, and takes every `step`-th block of documents.

    Attributes:
        source: Source.
        begin: int. Nominal first byte of a plain file's part; the documents
            that begin in [begin, end) are meant.
        end: int.
        first: int. Number of the first block.
        step: int. Every so many blocks one is taken.
    """

    source: Source
    begin: int = 0
    end: int = 0
    first: int = 0
    step: int = 1

    def documents(self) -> Iterator[list[str]]:
        """Yields documents, each a str with a line break after paragraphs.

        Yields:
            list[str]: documents of about a megabyte together.

        Raises:
            ValueError: the file cannot be read, is not what its format
                says, or is not UTF-8.
        """
        source = self.source
        try:
            for position, block in self._blocks():
                yield _parse(source, block, position)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(
                f"Cannot read {source.path}: "
                f"{getattr(error, 'strerror', None) or error}. Expected a "
                "whole file, plain text or gzipped (.gz)."
            ) from error

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """Yields blocks of whole documents and where each begins."""
        form = self.source.format
        with self.source.open() as file:
            if self.source.is_gzipped:
                position = number = 0
                while block := _block(file, form, None):
                    if number % self.step == self.first:
                        yield position, block
                    number += 1
                    position += len(block)
                return
            end = _boundary(file, form, self.end)
            position = _boundary(file, form, self.begin)
            while position < end:
                file.seek(position)
                block = _block(file, form, end - position)
                yield position, block
                position += len(block)


def find_sources(
    patterns: Sequence[str | os.PathLike[str]],
    *,
    format: str | None = None,
    text_field: str = "text",
) -> list[Source]:
    """Returns the files that paths and globs name, each once, sorted.

    Args:
        patterns: paths, or globs such as `"wiki/**/*.jsonl.gz"`.
        format: one of `FORMATS`, or None to take `jsonl` for files named so
            and `text` for all others.
        text_field: str. Name of the text's field in JSON lines.

    Raises:
        ValueError: a path or glob names no file.
    """
    paths: set[str] = set()
    for pattern in [os.fspath(each) for each in patterns]:
        found = glob.glob(pattern, recursive=True)
        if os.path.exists(pattern):
            found = [pattern]
        files = [path for path in found if os.path.isfile(path)]
        if not files:
            raise ValueError(
                f"No file matches {pattern}. Expected paths or globs of text, "
                'such as "corpus/*.jsonl.gz".'
            )
        paths.update(files)
    return [
        Source(path, format or _guess_format(path), text_field)
        for path in sorted(paths)
    ]


def cut(sources: Sequence[Source], num_workers: int) -> list[Part]:
    """Returns parts of all files, enough of them for every worker.

    Args:
        sources: files.
        num_workers: int. What the cut does not change is the documents.
    """
    sizes = [os.path.getsize(source.path) for source in sources]
    target = max(BLOCK_BYTES, min(sum(sizes) // (4 * num_workers), 1 << 26))
    parts = []
    for source, size in zip(sources, sizes):
        num_parts = max(1, -(-size // target))
        if source.format == "book":
            num_parts = 1
        if source.is_gzipped:
            num_parts = min(num_parts, num_workers)
            parts += [
                Part(source, 0, size, i, num_parts) for i in range(num_parts)
            ]
            continue
        edges = [size * i // num_parts for i in range(num_parts + 1)]
        parts += [Part(source, a, b) for a, b in zip(edges, edges[1:])]
    return parts


def _guess_format(path: str) -> str:
    name = path.removesuffix(".gz")
    return "jsonl" if name.endswith((".jsonl", ".json")) else "text"


def _block(file: IO[bytes], form: str, num_left: int | None) -> bytes:
    """Reads about a megabyte, and on to the end of a document.

    Args:
        num_left: int. Bytes to the end of the part, where a document ends
            too; None where the file's end is the only one.
    """
    if form == "book" or (num_left is not None and num_left <= BLOCK_BYTES):
        return file.read(-1 if num_left is None else num_left)
    block = file.read(BLOCK_BYTES)
    if block and not block.endswith(b"\n"):
        block += file.readline()
    if form != "text":
        return block
    pieces = [block]
    line = block[block.rfind(b"\n", 0, -1) + 1 :]
    while line.strip():
        line = file.readline()
        pieces.append(line)
    return b"".join(pieces)


def _boundary(file: IO[bytes], form: str, offset: int) -> int:
    """Returns where a document begins at or after an offset.

    Of text it is one behind a blank line that is seen whole: the rest of a
    line tells nothing.
    """
    if offset == 0:
        return 0
    file.seek(offset - 1)
    file.readline()
    while form == "text" and file.readline().strip():
        pass
    return file.tell()


def _parse(source: Source, block: bytes, position: int) -> list[str]:
    try:
        text = block.decode("utf-8-sig" if position == 0 else "utf-8")
    except UnicodeDecodeError as error:
        place = _line_number(source, position + error.start)
        raise ValueError(
            f"{source.path}, line {place}: not UTF-8. Convert the file "
            "first, for example with iconv."
        ) from error
    if source.format == "jsonl":
        return _parse_jsonl(source, text, position)
    # A part may begin amid blank lines; inside they go with those before.
    text = text.replace("\r\n", "\n").lstrip()
    documents = _BLANK_LINE.split(text)
    if source.format == "book":
        documents = ["\n".join(" ".join(p.split()) for p in documents)]
    return [document for document in documents if document.strip()]


def _parse_jsonl(source: Source, text: str, position: int) -> list[str]:
    documents = []
    for index, line in enumerate(text.split("\n")):
        if not line or line.isspace():
            continue
        try:
            fields = json.loads(line)
            problem = "expected an object with a string"
        except json.JSONDecodeError as error:
            fields, problem = None, f"not JSON ({error.msg}); expected a string"
        document = fields.get(source.text_field) if _is_object(fields) else None
        if not isinstance(document, str):
            place = _line_number(source, position) + index
            raise ValueError(
                f"{source.path}, line {place}: {problem} in the field "
                f"{source.text_field!r}. Name another with --text-field, or "
                "mend the line."
            )
        documents.append(document)
    return documents


def _is_object(fields: Any) -> bool:
    return isinstance(fields, dict)


def _line_number(source: Source, offset: int) -> int:
    """Returns the line that a byte is in; only errors need to know."""
    with source.open() as file:
        number = 1
        while offset > 0 and (data := file.read(min(offset, BLOCK_BYTES))):
            number += data.count(b"\n")
            offset -= len(data)
    return number
