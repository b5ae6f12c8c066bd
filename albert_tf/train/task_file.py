"""`task.json`: what a trained model is for, kept beside it."""

import json
from pathlib import Path

from albert_tf.files import written_aside

TASK_FILE = "task.json"
_KINDS = {"task": str, "max_length": int, "settings": dict}


def write_task(directory, *, task, max_length, settings):
    """Writes what evaluating and predicting need to know.

    Args:
        directory: of the model.
        task: str. Name of the task.
        max_length: int. Longest input it was trained with.
        settings: dict of the task's options, those that were tuned included.
    """
    fields = {"task": task, "max_length": max_length, "settings": settings}
    with written_aside(Path(directory) / TASK_FILE) as path:
        text = json.dumps(fields, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def save_trained(model, directory, tokenizer, **task):
    """Saves a model with all that evaluating, predicting and exporting need.

    Args:
        model: one of our task models.
        directory: where `save_pretrained` writes.
        tokenizer: AlbertTokenizer.
        **task: as of `write_task`.

    Raises:
        ValueError: the tokenizer is of another model.
    """
    # The model first: one that is refused leaves an earlier one's task alone.
    model.save_pretrained(directory, tokenizer)
    write_task(directory, **task)


def read_task(directory):
    """Returns the dict that `write_task` wrote, or None where there is none.

    Raises:
        ValueError: the file is broken.
    """
    path = Path(directory) / TASK_FILE
    if not path.exists():
        return None
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        for name, kind in _KINDS.items():
            if not isinstance(fields[name], kind):
                raise TypeError(f"{name} is {fields[name]!r}")
        return {name: fields[name] for name in _KINDS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is broken: {error}. `albert finetune` writes it; copy "
            "it again, or remove it and say the task and its length yourself."
        ) from error
