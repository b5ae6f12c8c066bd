"""The nine GLUE tasks in the file layouts that GLUE's download gives.

No file is quoted; a quote sign is part of a text. Test files have no labels
and often other columns.

Source: gluebenchmark.com, the download script of nyu-mll/GLUE-baselines;
google-research/albert classifier_utils.py, whose order of labels is kept.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import Example, check_some_left, problem_of
from albert_tf.data.table import Row, read_lines, read_table

# The columns of CoLA's training files, which have no header.
_COLA_COLUMNS = ("source", "label", "mark", "sentence")
_MRPC_TRAIN = "msr_paraphrase_train.txt"
_MRPC_TEST = "msr_paraphrase_test.txt"
_MRPC_DEV_IDS = "dev_ids.tsv"


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where a GLUE task keeps what.

    Attributes:
        text: str. Column of the first text.
        pair: str or None. Column of the second.
        label: str. Column of the label.
        label_names: dict of the files' labels to readable names, in the
            order of the logits; None for scores.
        files: dict of file name by split.
    """

    text: str
    pair: str | None
    label: str
    label_names: dict[str, str] | None
    files: dict[str, str] = dataclasses.field(
        default_factory=lambda: {
            split: f"{split}.tsv" for split in ("train", "dev", "test")
        }
    )


_ENTAILMENT = {n: n for n in ("entailment", "not_entailment")}
_MNLI_LABELS = ("contradiction", "entailment", "neutral")
LAYOUTS = {
    "cola": Layout(
        "sentence", None, "label", {"0": "unacceptable", "1": "acceptable"}
    ),
    "sst2": Layout(
        "sentence", None, "label", {"0": "negative", "1": "positive"}
    ),
    "mrpc": Layout(
        "#1 String",
        "#2 String",
        "Quality",
        {"0": "not_equivalent", "1": "equivalent"},
    ),
    "stsb": Layout("sentence1", "sentence2", "score", None),
    "qqp": Layout(
        "question1",
        "question2",
        "is_duplicate",
        {"0": "not_duplicate", "1": "duplicate"},
    ),
    "mnli": Layout(
        "sentence1",
        "sentence2",
        "gold_label",
        {n: n for n in _MNLI_LABELS},
        {
            "train": "train.tsv",
            **{
                name: f"{name}.tsv"
                for part in ("dev", "test")
                for name in (f"{part}_matched", f"{part}_mismatched")
            },
        },
    ),
    "qnli": Layout("question", "sentence", "label", _ENTAILMENT),
    "rte": Layout("sentence1", "sentence2", "label", _ENTAILMENT),
    "wnli": Layout(
        "sentence1",
        "sentence2",
        "label",
        {"0": "not_entailment", "1": "entailment"},
    ),
}


def read_glue(name, folder, split, bad_rows=None, *, has_labels=True):
    """Reads a split of a GLUE task.

    Args:
        name: str, a key of `LAYOUTS`.
        folder: that holds the task's files.
        split: `"train"`, `"dev"` or `"test"`; of MNLI also `"dev_matched"`,
            `"dev_mismatched"` and so on, `"dev"` being the matched one.
        bad_rows: BadRows, or None to refuse them.
        has_labels: bool. False reads no labels, as of GLUE's test files.

    Returns:
        list of Example, labels replaced by their readable names.

    Raises:
        ValueError: a file is missing or broken, or has another label.
    """
    layout, bad = LAYOUTS[name], BadRows() if bad_rows is None else bad_rows
    path, rows = _rows(name, Path(folder), split, layout, bad, has_labels)
    examples = []
    for number, row in enumerate(rows):
        example = _example(row, layout, number, has_labels)
        problem = problem_of(example)
        label = example.label
        if problem is None and label is not None and layout.label_names:
            if label not in layout.label_names:
                problem = (
                    f"the label {label!r} is not one of {name}'s: "
                    f"{', '.join(layout.label_names)}."
                )
            else:
                label = layout.label_names[label]
        if problem is None:
            examples.append(dataclasses.replace(example, label=label))
        else:
            bad.add(row.place, problem)
    bad.finish()
    check_some_left(path, examples)
    return examples


def _example(row, layout, number, has_labels):
    fields = row.fields
    return Example(
        fields[layout.text],
        None if layout.pair is None else fields[layout.pair],
        fields[layout.label].strip() if has_labels else None,
        row.place,
        fields.get("index", fields.get("id", str(number))),
    )


def _rows(name, folder, split, layout, bad, has_labels):
    """Returns (path, rows) of a split."""
    if split not in layout.files and f"{split}_matched" in layout.files:
        split = f"{split}_matched"
    if split not in layout.files:
        raise ValueError(
            f"{name} has no split named {split!r}. Expected one of: "
            f"{', '.join(layout.files)}."
        )
    path = folder / layout.files[split]
    names = [layout.text, layout.pair, layout.label if has_labels else None]
    names = [column for column in names if column is not None]
    if name == "mrpc" and not path.exists() and (folder / _MRPC_TRAIN).exists():
        return _mrpc_rows(folder, split, names, bad)
    if not path.exists():
        raise ValueError(
            f"{path} is missing. --task {name} needs a folder with "
            f"{', '.join(layout.files.values())}, as GLUE's download makes it."
        )
    if name == "cola" and _has_no_header(path):
        return path, read_table(path, names, bad, header=_COLA_COLUMNS)
    return path, read_table(path, names, bad)


def _has_no_header(path):
    """Whether a CoLA file is one with labels, which have no header."""
    return len(read_lines(path)[0].split("\t")) == len(_COLA_COLUMNS)


def _mrpc_rows(folder, split, names, bad):
    """Reads Microsoft's own files, of which GLUE's dev rows are a part."""
    if split == "test":
        path = folder / _MRPC_TEST
        return path, read_table(path, names, bad, file_format="tsv")
    path = folder / _MRPC_TRAIN
    ids = ["#1 ID", "#2 ID"]
    rows: list[Row] = read_table(path, [*names, *ids], bad, file_format="tsv")
    dev = {
        tuple(line.split("\t"))
        for line in read_lines(folder / _MRPC_DEV_IDS)
        if line.strip()
    }
    is_dev = split == "dev"
    kept = [
        row
        for row in rows
        if (tuple(row.fields[n] for n in ids) in dev) == is_dev
    ]
    return path, kept
