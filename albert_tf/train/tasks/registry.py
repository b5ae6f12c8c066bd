"""The tasks by name: the one list that a new task is added to."""

from __future__ import annotations

from albert_tf.train.tasks.choice import ChoiceTask, RaceTask
from albert_tf.train.tasks.classification import ClassificationTask
from albert_tf.train.tasks.glue import GLUE_TASKS
from albert_tf.train.tasks.option import Option
from albert_tf.train.tasks.question_answering import QUESTION_TASKS
from albert_tf.train.tasks.regression import RegressionTask, SimilarityTask
from albert_tf.train.tasks.tagging import TaggingTask
from albert_tf.train.tasks.task import Task

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        ClassificationTask("classification", "a label for a text, or a pair"),
        ClassificationTask("pair", "a label for two texts", has_pairs=True),
        RegressionTask("regression", "a score for a text, or a pair"),
        TaggingTask(),
        ChoiceTask(),
        *GLUE_TASKS,
        SimilarityTask(),
        RaceTask(),
        *QUESTION_TASKS,
    )
}


def find_task(name: str) -> Task:
    """Returns a task.

    Raises:
        ValueError: none has this name; all names are listed.
    """
    if name not in TASKS:
        raise ValueError(
            f"No task is named {name!r}. Expected one of: {', '.join(TASKS)}."
        )
    return TASKS[name]


def all_options() -> dict[str, Option]:
    """Returns the options of all tasks by name.

    Raises:
        ValueError: two tasks declare one name differently.
    """
    found: dict[str, Option] = {}
    for task in TASKS.values():
        for option in task.options:
            if found.setdefault(option.name, option) != option:
                raise ValueError(
                    f"Task {task.name} declares the option {option.name} "
                    "unlike another. Share one `Option`."
                )
    return found
