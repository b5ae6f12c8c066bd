"""Trains a SentencePiece model with ALBERT's settings."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence

import sentencepiece

from albert_tf.text.normalize import normalize

USER_SYMBOLS = ("(", ")", '"', "-", ".", "\u2013", "\u00a3", "\u20ac")


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
    model. One thread makes the result the same on every machine.

    Args:
        lines: texts, a sentence or paragraph each.
        vocab_size: int. Number of pieces, special and user symbols included.
        do_lower_case: bool. Folds upper case.
        keep_accents: bool. Keeps combining marks.
        user_symbols: characters that are always pieces of their own.
        character_coverage: float in (0, 1]. Share of the text's characters
            that get a piece; the rest is unknown.
        input_sentence_size: int. At most so many lines are sampled.
        num_threads: int.

    Returns:
        bytes of a `spiece.model`.

    Raises:
        ValueError: there is no text, or too little for `vocab_size` pieces.

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
            sentence_iterator=iter(filter(None, normalized)),
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
            f"{_reason(error)}. Give more text, or a smaller `vocab_size`."
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


def _reason(error: Exception) -> str:
    """Returns SentencePiece's own sentence without its source location."""
    if "sentences_.empty()" in str(error):
        return "there is no text"
    return str(error).strip().rsplit("] ", 1)[-1].rstrip(".")
