"""Trains a SentencePiece model with ALBERT's settings."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence

import sentencepiece

from albert_tf.text.normalize import normalize

USER_SYMBOLS = ("(", ")", '"', "-", ".", "\u2013", "\u00a3", "\u20ac")
# The default of the trainer, which drops longer ones without a word.
_MAX_LINE_BYTES = 4192


def train_sentencepiece(
    lines: Iterable[str],
    vocab_size: int,
    *,
    do_lower_case: bool = True,
    keep_accents: bool = False,
    user_symbols: Sequence[str] = USER_SYMBOLS,
    character_coverage: float = 0.99995,
    input_sentence_size: int = 10_000_000,
    num_threads: int = 1,
) -> bytes:
    """Returns a Unigram model trained on lines of text.

    Lines are normalized first, as the tokenizer will do before it uses the
    model, and long ones cut at white space: the trainer takes none of more
    than 4192 bytes. One thread makes the result the same on every machine.

    Args:
        lines: texts, a sentence or paragraph each.
        vocab_size: int. Number of pieces, special and user symbols included.
        do_lower_case: bool. Folds upper case.
        keep_accents: bool. Keeps combining marks.
        user_symbols: characters that are always pieces of their own.
        character_coverage: float in (0, 1]. Share of the text's characters
            that get a piece; the rest is unknown.
        input_sentence_size: int. At most so many lines, or parts of long
            ones, are sampled.
        num_threads: int.

    Returns:
        bytes of a `spiece.model`.

    Raises:
        ValueError: there is no text, or too little for `vocab_size` pieces;
            `vocab_size` is too small for the special pieces and characters.

    Source: google-research/albert README.md, "SentencePiece".
    """
    failures: list[Exception] = []
    normalized = (
        normalize(line, do_lower_case=do_lower_case, keep_accents=keep_accents)
        for line in _until_failure(lines, failures)
    )
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=_short_lines(filter(None, normalized)),
            model_writer=model,
            vocab_size=vocab_size,
            model_type="unigram",
            pad_id=0,
            unk_id=1,
            bos_id=-1,
            eos_id=-1,
            control_symbols=["[CLS]", "[SEP]", "[MASK]"],
            user_defined_symbols=list(user_symbols),
            character_coverage=character_coverage,
            input_sentence_size=input_sentence_size,
            shuffle_input_sentence=True,
            num_threads=num_threads,
            minloglevel=2,
        )
    except RuntimeError as error:
        if failures:
            raise failures[0] from None
        raise ValueError(
            f"Cannot train a vocabulary of {vocab_size} pieces: "
            f"{_problem(error)}"
        ) from error
    if failures:
        raise failures[0]
    return model.getvalue()


def read_lines(
    files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
) -> Iterator[str]:
    """Yields the lines of one or more UTF-8 text files.

    Raises:
        ValueError: a file cannot be read, or is not UTF-8.
    """
    if isinstance(files, (str, os.PathLike)):
        files = [files]
    for path in files:
        try:
            with open(path, encoding="utf-8") as file:
                yield from file
        except OSError as error:
            raise ValueError(
                f"Cannot read {os.fspath(path)}: {error.strerror}. "
                "Expected a text file."
            ) from error
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{os.fspath(path)} is not UTF-8 (byte {error.start}). "
                "Convert it first, for example with iconv."
            ) from error


def _until_failure(
    lines: Iterable[str], failures: list[Exception]
) -> Iterator[str]:
    """Ends where reading fails: the trainer would lose the error's type."""
    try:
        yield from lines
    except ValueError as error:
        failures.append(error)


def _short_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yields lines, those over the trainer's limit in parts.

    Args:
        lines: normalized texts.
    """
    for line in lines:
        # No character has more than 4 bytes.
        if len(line) * 4 <= _MAX_LINE_BYTES:
            yield line
        else:
            yield from _parts(line.encode("utf-8"))


def _parts(line: bytes) -> Iterator[str]:
    """Cuts at the last space within the limit, else between characters."""
    begin = 0
    while len(line) - begin > _MAX_LINE_BYTES:
        end = line.rfind(b" ", begin + 1, begin + _MAX_LINE_BYTES + 1)
        if end < 0:
            end = begin + _MAX_LINE_BYTES
            # A byte 10xxxxxx goes on with the character before.
            while line[end] & 0xC0 == 0x80:
                end -= 1
        yield line[begin:end].decode("utf-8")
        begin = end + (line[end] == ord(" "))
    yield line[begin:].decode("utf-8")


def _problem(error: Exception) -> str:
    """Returns what SentencePiece says is wrong, and how to mend it."""
    text = str(error)
    if "sentences_.empty()" in text:
        return "there is no text. Give more text."
    needed = re.search(r"required_chars\. \d+ vs (\d+)", text)
    if needed is not None:
        return (
            "the special pieces and single characters alone are "
            f"{needed[1]}. Give a larger `vocab_size`."
        )
    if "vocab_size()) > (0)" in text:
        return "expected 1 or more. Give a larger `vocab_size`."
    # Without its source location.
    reason = text.strip().rsplit("] ", 1)[-1].rstrip(".")
    return f"{reason}. Give more text, or a smaller `vocab_size`."
