"""An option that a task adds to the commands."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Option:
    """One setting of a task, on the command line and in `task.json`.

    Tasks may share an option; then all declare the same object.

    Attributes:
        name: str, as in Python: `text_column` is `--text-column`.
        default: value where the user gives none.
        help: str.
        kind: type: str, int, float, or bool for a switch without a value.
        metavar: str. What the help calls the value.
        choices: tuple of values that it may have, or None for any.
    """

    name: str
    default: Any
    help: str
    kind: type = str
    metavar: str = "NAME"
    choices: tuple[Any, ...] | None = None

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return "--" + self.name.replace("_", "-")


TEXT_COLUMN = Option("text_column", "text", "the text")
PAIR_COLUMN = Option("pair_column", None, "second text")
LABEL_COLUMN = Option("label_column", "label", "label or score")
CONTEXT_COLUMN = Option("context_column", "context", "the passage")
QUESTION_COLUMN = Option("question_column", "question", "the question")
