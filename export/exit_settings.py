"""Takes the patience of early exit along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from export.heads import has_exits

# `albert finetune` writes it beside the model.
_FILE = "early_exit.json"
_PATIENCE = 2


def read_exit_settings(
    directory: Path, model: Any, patience: int | None
) -> dict[str, int] | None:
    """Returns `early_exit` as `albert.json` holds it.

    Args:
        directory: of the model.
        model: of a task.
        patience: int or None for the one that training found best, or 2.

    Returns:
        dict of `patience` and `num_layers`; None where the model has no exit
        heads.

    Raises:
        ValueError: a patience for a model without exit heads, below 0, or a
            broken file.
    """
    if not has_exits(model):
        if patience is not None:
            raise ValueError(
                f"{directory} has no exit heads, so that --patience means "
                "nothing. Leave it out, or train with --exit-heads."
            )
        return None
    if patience is None:
        patience = _trained_patience(directory / _FILE)
    if patience < 0:
        raise ValueError(f"--patience must be 0 or more. Received: {patience}.")
    num_layers = model.albert_config.num_hidden_layers
    return {"patience": min(patience, num_layers), "num_layers": num_layers}


def _trained_patience(path: Path) -> int:
    if not path.exists():
        return _PATIENCE
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["patience"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} does not name a patience: {error}. `albert finetune "
            "--exit-heads` writes it; copy it again, or pass --patience."
        ) from error
