"""The tasks that commands know by name, and where their data is."""

import dataclasses
from pathlib import Path

from albert_tf.data.examples import Columns, read_examples


@dataclasses.dataclass(frozen=True)
class Task:
    """A published classification set in its own layout.

    Attributes:
        name: str.
        columns: Columns of its files.
        train_file: str. In the task's folder.
        dev_file: str. In the task's folder.
        label_names: dict of the files' labels to readable names, in the
            order of the logits.
    """

    name: str
    columns: Columns
    train_file: str
    dev_file: str
    label_names: dict

    def read(self, folder, split):
        """Reads a split.

        Args:
            folder: that holds the task's files.
            split: `"train"` or `"dev"`.

        Returns:
            list of Example, labels replaced by their readable names.

        Raises:
            ValueError: a file is missing or broken, or has another label.
        """
        name = self.train_file if split == "train" else self.dev_file
        examples = read_examples(Path(folder) / name, self.columns)
        return [self._named(example) for example in examples]

    def _named(self, example):
        if example.label not in self.label_names:
            raise ValueError(
                f"{example.place}: the label {example.label!r} is not one of "
                f"{self.name}'s: {', '.join(self.label_names)}."
            )
        name = self.label_names[example.label]
        return dataclasses.replace(example, label=name)


TASKS = {
    task.name: task
    for task in (
        Task(
            name="sst2",
            columns=Columns(text="sentence", label="label"),
            train_file="train.tsv",
            dev_file="dev.tsv",
            label_names={"0": "negative", "1": "positive"},
        ),
    )
}


def read_data(data, *, task="classification", columns=None):
    """Reads the data that a command names.

    Args:
        data: str. Folder of a named task, whose development rows are taken;
            or a file for classification.
        task: str. `"classification"` or a name in `albert_tf.data.tasks`.
        columns: Columns of a file, or None for `text` and `label`.

    Returns:
        list of Example.

    Raises:
        ValueError: the task is unknown, or the data is missing or broken.
    """
    if task in TASKS:
        return TASKS[task].read(data, "dev")
    if task != "classification":
        raise ValueError(
            f"No task is named {task!r}. Expected one of: classification, "
            f"{', '.join(TASKS)}."
        )
    return read_examples(data, columns or Columns())


def label_set(examples):
    """Returns the distinct labels of training data, sorted.

    Raises:
        ValueError: there is only one, so nothing to tell apart.
    """
    labels = sorted({example.label for example in examples})
    if len(labels) < 2:
        raise ValueError(
            f"All {len(examples)} training rows have the label "
            f"{labels[0]!r}. Expected two labels or more. Check the column "
            "named by --label-column."
        )
    return labels


def label_indices(examples, labels):
    """Returns each example's index into `labels`.

    Raises:
        ValueError: an example has a label outside the set; its place and
            the set are named.
    """
    index_of = {label: index for index, label in enumerate(labels)}
    for example in examples:
        if example.label not in index_of:
            raise ValueError(
                f"{example.place}: the label {example.label!r} is not one "
                f"the model knows: {', '.join(labels)}. Mend the row, or "
                "train with that label."
            )
    return [index_of[example.label] for example in examples]
