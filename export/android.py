"""Puts a bundle where the Android app looks for one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from albert_tf.edge import tasks
from albert_tf.edge.bundle import Bundle
from albert_tf.files import written_aside

# Tasks that the app has a screen for.
TASKS = (
    tasks.CLASSIFICATION,
    tasks.REGRESSION,
    tasks.QUESTION_ANSWERING,
    tasks.TOKEN_CLASSIFICATION,
    tasks.MULTIPLE_CHOICE,
)


def check_project(project: str | os.PathLike[str]) -> Path:
    """Returns the folder of assets of an Android project.

    Args:
        project: `android_demo` of the checkout, or a copy of it.

    Raises:
        ValueError: it has no such folder.
    """
    assets = Path(project) / "assets"
    if not assets.is_dir():
        raise ValueError(
            f"{os.fspath(project)} has no folder `assets`. Expected "
            "android_demo of the checkout, or a copy of it."
        )
    return assets


def check_screen(task: str) -> None:
    """Refuses a task that the app has no screen for.

    Raises:
        ValueError: it has none.
    """
    if task not in TASKS:
        raise ValueError(
            f"The Android app has no screen for {task}. Expected a model for "
            f"one of: {', '.join(TASKS)}."
        )


def install(
    bundle: str | os.PathLike[str], project: str | os.PathLike[str]
) -> Path:
    """Copies a bundle into a project's assets, named after its task.

    So a user's own model takes the place of the shipped one of its task, and
    the app's other tasks keep theirs.

    Returns:
        Path of the copy.

    Raises:
        ValueError: no such project, or the app has no screen for the task.
    """
    assets = check_project(project)
    task = Bundle(bundle).manifest.task
    check_screen(task)
    path = assets / f"{task}.tflite"
    with written_aside(path) as aside:
        shutil.copyfile(bundle, aside)
    return path
