"""Takes along how training read questions and answers."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from albert_tf.edge.answerer import AnswerSettings
from albert_tf.text.windows import WindowSettings
from albert_tf.train.task_file import TASK_FILE, read_task


def read_answer_settings(
    directory: Path, max_positions: int
) -> dict[str, Any] | None:
    """Returns what a model was trained with, as `albert.json` holds it.

    Windows of another length, or another threshold, would give a device
    other answers than training scored.

    Args:
        directory: of the model.
        max_positions: int. Most tokens that the model takes.

    Returns:
        dict of the fields of `AnswerSettings`; None where nothing is known.

    Raises:
        ValueError: `task.json` is broken.
    """
    trained = read_task(directory)
    if trained is None:
        return None
    max_length, settings = trained["max_length"], trained["settings"]
    try:
        lengths = {
            name: settings[name] for name in ("doc_stride", "max_query_length")
        }
        if max_length > max_positions:
            # What was chosen for longer windows need not fit shorter ones.
            lengths = {}
        windows = WindowSettings.fitting(
            min(max_length, max_positions), **lengths
        )
        chosen = AnswerSettings(
            **dataclasses.asdict(windows),
            max_answer_length=settings["max_answer_tokens"],
            null_threshold=settings.get("null_threshold"),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{directory / TASK_FILE} does not say how questions are answered: "
            f"{str(error).removesuffix('.')}. `albert finetune` writes it; "
            "copy it again, or remove it for the published lengths."
        ) from error
    return dataclasses.asdict(chosen)


def read_answer_length(directory: Path) -> int | None:
    """Returns how much of a question with its choice training took.

    A device that took more, or less, would score other rows.

    Args:
        directory: of a model of multiple choice.

    Returns:
        int, in tokens; None where nothing is known.

    Raises:
        ValueError: `task.json` is broken.
    """
    trained = read_task(directory)
    if trained is None:
        return None
    length = trained["settings"].get("max_answer_length")
    if type(length) is not int:
        raise ValueError(
            f"{directory / TASK_FILE} does not say how long answers may be: "
            f"max_answer_length is {length!r}. `albert finetune` writes it; "
            "copy it again, or remove it for the published length."
        )
    return length
