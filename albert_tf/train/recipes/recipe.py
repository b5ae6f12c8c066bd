"""What a task was fine-tuned with, and the scores that it gave."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Hyper-parameters of a task.

    Attributes:
        learning_rate: float. Peak.
        batch_size: int.
        train_steps: int, or None where `epochs` says how long.
        warm_up_steps: int. 0 where `train_steps` is None.
        max_length: int.
        epochs: int or None. For data of any size.
        scores: dict of float by published model. What to expect.
    """

    learning_rate: float
    batch_size: int
    train_steps: int | None
    warm_up_steps: int
    max_length: int = 512
    epochs: int | None = None
    scores: dict[str, float] = dataclasses.field(default_factory=dict)

    def options(self) -> dict[str, Any]:
        """Returns the recipe as options of `albert finetune`."""
        return {
            "learning_rate": self.learning_rate,
            "batch_size": self.batch_size,
            "max_length": self.max_length,
            **self._duration(),
        }

    def _duration(self) -> dict[str, Any]:
        if self.train_steps is None:
            return {"epochs": self.epochs, "warm_up_rate": 0.0}
        return {
            "train_steps": self.train_steps,
            "warm_up_rate": self.warm_up_steps / self.train_steps,
        }
