"""Trains the vocabulary that a corpus is tokenized with: `albert tokenizer`."""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from albert_tf.data.raw_text import Source, cut, find_sources
from albert_tf.text.model_files import MODEL_FILE
from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.text.training import USER_SYMBOLS, train_sentencepiece

_NUM_CHECKED = 1000
# Of the English Wikipedia's words 0.3 % have marks.
_MANY_MARKS = 0.01


@dataclasses.dataclass(frozen=True, kw_only=True)
class VocabularyOptions:
    """What `train_vocabulary` takes; the command's options are the same.

    Attributes:
        inputs: paths and globs of text, as `albert prepare` takes them.
        output: folder of the tokenizer.
        vocab_size: int. Pieces, special ones and user symbols included.
        keep_case: bool. Leaves upper case as it is.
        keep_accents: bool. Leaves combining marks.
        user_symbols: characters that are always pieces of their own.
        character_coverage: float in (0, 1]. Share of the text's characters
            that get a piece; the rest is unknown.
        sampled_lines: int. At most so many lines are trained on.
        num_threads: int. More than one may change the model by a little.
        format: one of `raw_text.FORMATS`, or None to tell by the name.
        text_field: str. Of JSON lines.
        overwrite: bool. Replaces a tokenizer at `output`.
    """

    inputs: Sequence[str]
    output: str
    vocab_size: int = 30000
    keep_case: bool = False
    keep_accents: bool = False
    user_symbols: str = "".join(USER_SYMBOLS)
    character_coverage: float = 0.99995
    sampled_lines: int = 10_000_000
    num_threads: int = 1
    format: str | None = None
    text_field: str = "text"
    overwrite: bool = False


def train_vocabulary(options: VocabularyOptions) -> AlbertTokenizer:
    """Trains a SentencePiece model as ALBERT's was, checks and writes it.

    Args:
        options: VocabularyOptions.

    Returns:
        AlbertTokenizer, as `options.output` has it.

    Raises:
        ValueError: the output is taken, no folder, or cannot be written; a
            file is missing or broken; there is too little text for so many
            pieces.

    Source: google-research/albert README.md, "SentencePiece".
    """
    output = Path(options.output)
    _check_output(output, options.overwrite)
    sources = find_sources(
        options.inputs, format=options.format, text_field=options.text_field
    )
    lines = _Lines(sources)
    proto = train_sentencepiece(
        lines,
        options.vocab_size,
        do_lower_case=not options.keep_case,
        keep_accents=options.keep_accents,
        user_symbols=tuple(options.user_symbols),
        character_coverage=options.character_coverage,
        input_sentence_size=options.sampled_lines,
        num_threads=options.num_threads,
    )
    tokenizer = AlbertTokenizer(
        proto,
        do_lower_case=not options.keep_case,
        keep_accents=options.keep_accents,
    )
    tokenizer.save(output)
    _describe(tokenizer, lines, output)
    return tokenizer


def _check_output(output: Path, is_overwritten: bool) -> None:
    """Refuses before the training what could not be written after it."""
    there = next(path for path in (output, *output.parents) if path.exists())
    if not there.is_dir():
        raise ValueError(
            f"{there} is a file. Expected a folder to write to; choose "
            "another name."
        )
    if (output / MODEL_FILE).exists() and not is_overwritten:
        raise ValueError(
            f"{output} holds a tokenizer already. Pass --overwrite to replace "
            "it, or choose another folder."
        )
    try:
        # Permissions alone do not tell: the disk may be read-only.
        with tempfile.TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        raise ValueError(
            f"Cannot write to {there}: {error.strerror}. Choose a folder that "
            "you may write to."
        ) from error


class _Lines:
    """Iterates over the lines of files, tells of them, keeps a sample."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self.sample: list[str] = []

    def __iter__(self) -> Iterator[str]:
        num_lines = 0
        for source in self._sources:
            for line in _lines_of(source):
                num_lines += 1
                if num_lines <= _NUM_CHECKED:
                    self.sample.append(line)
                yield line
            print(
                f"read {os.path.basename(source.path)}: {num_lines} lines "
                "so far",
                file=sys.stderr,
            )
        print("training, this may take minutes", file=sys.stderr)


def _lines_of(source: Source) -> Iterator[str]:
    for part in cut([source], 1):
        for documents in part.documents():
            for document in documents:
                yield from document.split("\n")


def _describe(tokenizer: AlbertTokenizer, lines: _Lines, output: Path) -> None:
    ids = [i for row in tokenizer.encode_ids(lines.sample) for i in row]
    num_characters = sum(map(len, lines.sample))
    unknown = sum(i == tokenizer.unk_id for i in ids) / max(len(ids), 1)
    print(
        f"{tokenizer.vocab_size} pieces in {output}. On the first "
        f"{len(lines.sample)} lines: "
        f"{num_characters / max(len(ids), 1):.2f} characters a piece, "
        f"{unknown:.3%} unknown"
    )
    marked = share_of_marked_words(lines.sample)
    if not tokenizer.keep_accents and marked > _MANY_MARKS:
        print(
            f"note: {marked:.0%} of the words have accents or other marks, "
            "which are dropped, as ALBERT does in English. --keep-accents "
            "keeps them.",
            file=sys.stderr,
        )


def share_of_marked_words(lines: Sequence[str]) -> float:
    """Returns the share of words with marks that normalization drops."""
    words = [word for line in lines for word in line.split()]
    marked = sum(
        any(map(unicodedata.combining, unicodedata.normalize("NFKD", word)))
        for word in words
        if not word.isascii()
    )
    return marked / max(len(words), 1)
