"""Which task has a recipe."""

from __future__ import annotations

from albert_tf.train.recipes import google
from albert_tf.train.recipes.recipe import Recipe
from albert_tf.train.recipes.tagging import TAGGING

RECIPES = {**google.RECIPES, "tagging": TAGGING}


def find_recipe(task: str) -> Recipe:
    """Returns the recipe of a task.

    Raises:
        ValueError: none was published.
    """
    if task not in RECIPES:
        raise ValueError(
            f"There is no recipe for --task {task}. Expected one of: "
            f"{', '.join(RECIPES)}. Leave --recipe out."
        )
    return RECIPES[task]
