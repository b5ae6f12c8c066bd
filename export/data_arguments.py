"""The arguments of `export/to_tflite.py` on the user's own data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from albert_tf.train.task_file import read_task
from albert_tf.train.tasks.registry import all_options

# TensorFlow takes seconds to load: not before the arguments are good.
if TYPE_CHECKING:
    from export.calibration_texts import Calibration
    from export.evaluate import Evaluation

# How options of tasks end that say where in a file what is. What the others
# say of rows, such as the length of windows, the exported file fixes.
_COLUMNS = ("_column", "_columns")
# Those that texts to calibrate with have, too.
_OF_TEXTS = ("text_column", "pair_column")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments to a parser."""
    add = parser.add_argument
    add(
        "--calibration",
        metavar="FILE",
        help="texts that the model will meet, which int8 needs: .txt with a "
        "text a line, or .tsv, .csv, .jsonl with columns",
    )
    add(
        "--evaluate",
        metavar="PATH",
        help="labelled data, as `albert evaluate` takes, to score the file "
        "on; without --max-drop no score fails the export",
    )
    add("--task", metavar="NAME", help="of that data; else the model's")
    add(
        "--max-drop",
        type=float,
        metavar="X",
        help="loss that fails the export; 0.01 is a point. None by default",
    )
    add(
        "--fallback",
        action="store_true",
        help="then take the next gentler number format",
    )
    add(
        "--skip-bad-rows",
        action="store_true",
        help="leave out rows of the data that cannot be used, and count them",
    )
    _add_columns(parser)


def _add_columns(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "columns of the data, by default those of training",
        "The text and the second text are also those of a table to calibrate "
        "with.",
    )
    for option in all_options().values():
        if option.name.endswith(_COLUMNS):
            group.add_argument(
                option.flag,
                type=option.kind,
                metavar=option.metavar,
                help=option.help,
            )


def check_data(options: argparse.Namespace) -> None:
    """Refuses options on data that is not given.

    Raises:
        ValueError: one has no data to be of.
    """
    if options.evaluate is not None:
        return
    if options.max_drop is not None or options.fallback:
        raise ValueError(
            "--max-drop and --fallback need data to score on. Pass "
            "--evaluate PATH."
        )
    flags = [all_options()[name].flag for name in _alone(options)]
    flags += ["--task"] if options.task is not None else []
    if options.skip_bad_rows and options.calibration is None:
        flags.append("--skip-bad-rows")
    if flags:
        raise ValueError(
            f"{flags[0]} needs data to score on. Pass --evaluate PATH."
        )


def _alone(options: argparse.Namespace) -> list[str]:
    """Returns columns that texts to calibrate with, if any, lack."""
    is_calibrated = options.calibration is not None
    return [
        name
        for name in _columns_given(options)
        if not (is_calibrated and name in _OF_TEXTS)
    ]


def calibration_of(options: argparse.Namespace) -> Calibration | None:
    """Returns the texts to calibrate with, if given.

    Columns are those of training where the user names none.

    Raises:
        ValueError: the model's `task.json` is broken.
    """
    from export.calibration_texts import Calibration

    if options.calibration is None:
        return None
    trained = read_task(options.model)
    columns = trained["settings"] if trained else {}
    # Lines have no columns: they are those of the data to score on, then.
    is_plain = Path(options.calibration).suffix == ".txt"
    is_others = is_plain and options.evaluate is not None
    pair_column = None if is_others else options.pair_column
    return Calibration(
        options.calibration,
        options.text_column or columns.get("text_column") or "text",
        pair_column or columns.get("pair_column"),
        options.skip_bad_rows,
    )


def evaluation_of(options: argparse.Namespace) -> Evaluation | None:
    """Returns the data to score on, if given."""
    from export.evaluate import Evaluation

    if options.evaluate is None:
        return None
    columns = _columns_given(options)
    shared = {}
    if options.calibration is not None:
        shared = {n: columns.pop(n) for n in _OF_TEXTS if n in columns}
    return Evaluation(
        options.evaluate,
        task=options.task,
        settings=columns,
        shared_settings=shared,
        max_drop=options.max_drop,
        fallback=options.fallback,
        skip_bad_rows=options.skip_bad_rows,
    )


def _columns_given(options: argparse.Namespace) -> dict[str, Any]:
    names = [name for name in all_options() if name.endswith(_COLUMNS)]
    values = {name: getattr(options, name) for name in names}
    return {name: v for name, v in values.items() if v is not None}
