"""Reads the user's own texts to calibrate with."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.table import read_table
from albert_tf.edge import tasks
from export.samples import Row, Sample, pack
from export.say import say
from export.source_model import OF_TWO_TEXTS, SourceModel

# More change the ranges little; a text takes a pass through the model.
MAX_TEXTS = 200
_LARGEST_UNKNOWN_SHARE = 0.2
_HINT = "Name the columns with --text-column and --pair-column."
_EMPTY = "the text is empty. Remove the row or give it a text."


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Texts to measure the ranges of activations on.

    Attributes:
        path: `.txt` of a text a line, or `.tsv`, `.csv` or `.jsonl` with
            columns.
        text_column: str.
        pair_column: str or None. Of second texts, for tasks that have them.
        skip_bad_rows: bool. Leaves out rows that cannot be used, and says
            how many, instead of refusing the file.
    """

    path: str
    text_column: str = "text"
    pair_column: str | None = None
    skip_bad_rows: bool = False


def read_rows(calibration: Calibration, source: SourceModel) -> list[Row]:
    """Returns packed rows of calibration texts, an even choice of them.

    Args:
        calibration: Calibration.
        source: whose tokenizer they are for.

    Raises:
        ValueError: the file cannot be read or is empty, or has rows that
            cannot be used and are not to be skipped; its texts are of
            another language than the tokenizer; or pairs are missing, or
            given to a model of single texts.
    """
    _check_pairs(calibration, source.task)
    samples = _read(calibration)
    step = max(1, -(-len(samples) // MAX_TEXTS))
    rows = [
        # Masks or not: their dense layers see about the same.
        pack(
            source.tokenizer,
            sample,
            max_length=source.max_length,
            task=tasks.CLASSIFICATION,
        )
        for sample in samples[::step]
    ]
    source.check_segments(rows)
    ids = np.concatenate([row.token_ids for row in rows])
    unknown = float((ids == source.tokenizer.unk_id).mean())
    if unknown > _LARGEST_UNKNOWN_SHARE:
        raise ValueError(
            f"{calibration.path}: {unknown:.0%} of its pieces are unknown to "
            "the model's tokenizer, as if it were of another language. "
            "Calibrate with texts such as the model will meet."
        )
    return rows


def _check_pairs(calibration: Calibration, task: str) -> None:
    is_plain = Path(calibration.path).suffix == ".txt"
    has_pairs = calibration.pair_column is not None
    if is_plain and (task in OF_TWO_TEXTS or has_pairs):
        raise ValueError(
            f"{calibration.path} has one text a line, and two are wanted. "
            "Give a .tsv, .csv or .jsonl with a column for each, named with "
            "--text-column and --pair-column."
        )
    if task in OF_TWO_TEXTS and not has_pairs:
        raise ValueError(
            f"A model of {task} takes two texts. Name the columns of "
            f"{calibration.path} that hold them with --text-column and "
            "--pair-column."
        )


def _read(calibration: Calibration) -> list[Sample]:
    path = Path(calibration.path)
    if path.suffix == ".txt":
        samples = [Sample(line) for line in _lines(path) if line.strip()]
    else:
        samples = _read_columns(path, calibration)
    if not samples:
        raise ValueError(
            f"{path} has no text to calibrate with. Give some dozens, such "
            "as the model will meet."
        )
    return samples


def _read_columns(path: Path, calibration: Calibration) -> list[Sample]:
    names = [calibration.text_column]
    if calibration.pair_column is not None:
        names.append(calibration.pair_column)
    bad = BadRows(calibration.skip_bad_rows)
    samples = []
    for row in read_table(path, names, bad, hint=_HINT):
        texts = [row.fields[name] for name in names]
        if all(text.strip() for text in texts):
            samples.append(Sample(*texts))
        else:
            bad.add(row.place, _EMPTY)
    bad.finish()
    for line in bad.report():
        say(line)
    return samples


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"Cannot read calibration texts from {path}: {error}. "
            "Expected UTF-8, a text a line."
        ) from error
