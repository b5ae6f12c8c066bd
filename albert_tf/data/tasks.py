"""Labelled texts as a command names them: a GLUE folder or a file."""

from albert_tf.data.examples import Columns, read_examples
from albert_tf.data.glue import LAYOUTS, read_glue


def read_data(data, *, task="classification", columns=None):
    """Reads the data that a command names.

    Args:
        data: str. Folder of a GLUE task, whose development rows are taken;
            or a file for classification.
        task: str. `"classification"` or a key of `albert_tf.data.glue`.
        columns: Columns of a file, or None for `text` and `label`.

    Returns:
        list of Example.

    Raises:
        ValueError: the task is unknown, or the data is missing or broken.
    """
    if task in LAYOUTS:
        return read_glue(task, data, "dev")
    if task != "classification":
        raise ValueError(
            f"No task is named {task!r}. Expected one of: classification, "
            f"{', '.join(LAYOUTS)}."
        )
    return read_examples(data, columns or Columns())
