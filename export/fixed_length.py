"""Takes a model to the one length of inputs that some targets have."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from albert_tf.edge import tasks
from export.answer_settings import read_answer_settings
from export.samples import shortest_length
from export.source_model import SourceModel
from export.targets import Target


def at_fixed_length(
    source: SourceModel,
    target: Target,
    directory: Path,
    *,
    patience: int | None = None,
) -> SourceModel:
    """Returns a model as a target takes it, unchanged if of open length.

    Args:
        source: SourceModel.
        target: Target.
        directory: of the model. Windows of question answering are read anew,
            since none may be longer than the inputs.
        patience: int or None. What the user asked for.

    Raises:
        ValueError: a patience was asked for where every depth is written
            out; the length is too short for the task, or longer than the
            model's positions; or what reads the file gives more tokens than
            it has.
    """
    if target.length is None:
        return source
    if patience is not None:
        raise ValueError(
            f"The target {target.name} writes every depth out and cannot "
            "stop early. Leave --patience out, or take --target cpu."
        )
    positions = source.model.albert_config.max_position_embeddings
    if source.task in target.by_task and positions < target.length:
        raise ValueError(
            f"What reads {source.task} for {target.name} gives "
            f"{target.length} tokens; the model has {positions} positions. "
            "Take --target cpu."
        )
    length = target.length
    if target.is_length_chosen:
        _check_length(length, source.task, positions)
    elif source.task not in target.by_task:
        # As `albert predict`, which cuts texts to what training took.
        length = min(length, source.max_length)
    source = dataclasses.replace(source, length=length, early_exit=None)
    if source.task == tasks.QUESTION_ANSWERING:
        windows = read_answer_settings(directory, source.max_length)
        source = dataclasses.replace(source, answer_settings=windows)
    return source


def _check_length(length: int, task: str, positions: int) -> None:
    shortest = shortest_length(task)
    if length < shortest:
        raise ValueError(
            f"--length must be {shortest} or more for {task}: special tokens "
            f"and some of each text. Received: --length {length}."
        )
    if length > positions:
        raise ValueError(
            f"--length must be {positions} or less, the positions of the "
            f"model. Received: --length {length}."
        )
