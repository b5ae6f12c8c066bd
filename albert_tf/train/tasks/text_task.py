"""What tasks on a text, or on a pair of texts, share."""

from __future__ import annotations

from albert_tf.data.examples import Columns, Example, read_examples
from albert_tf.data.rows import Rows
from albert_tf.train.tasks.formats import as_json_lines, as_tsv
from albert_tf.train.tasks.option import (
    LABEL_COLUMN,
    PAIR_COLUMN,
    TEXT_COLUMN,
)
from albert_tf.train.tasks.task import Task


class TextTask(Task):
    """Reads texts from named columns and packs them. Abstract.

    Args:
        name: str.
        summary: str.
        has_pairs: bool. Whether a second text is required.
    """

    options = (TEXT_COLUMN, PAIR_COLUMN, LABEL_COLUMN)
    formats = {"jsonl": as_json_lines, "tsv": as_tsv}

    def __init__(self, name, summary, *, has_pairs=False):
        self.name = name
        self.summary = summary
        self.has_pairs = has_pairs

    def defaults(self):
        fields = super().defaults()
        if self.has_pairs and "pair_column" in fields:
            fields["pair_column"] = "pair"
        return fields

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        columns = Columns(
            settings["text_column"],
            settings["pair_column"],
            settings["label_column"] if has_labels else None,
        )
        return read_examples(path, columns, bad_rows)

    def read_lines(self, lines):
        if self.has_pairs:
            return super().read_lines(lines)
        return [Example(text, None, None, place) for text, place in lines]

    def texts(self, examples):
        return [
            text
            for example in examples
            for text in (example.text, example.pair)
            if text is not None
        ]

    def encode(
        self, examples, tokenizer, *, labels, max_length, settings, is_training
    ):
        pairs = None
        if examples[0].pair is not None:
            pairs = [example.pair for example in examples]
        inputs = tokenizer.pack(
            [example.text for example in examples],
            pairs,
            max_length=max_length,
        )
        has_labels = all(example.label is not None for example in examples)
        targets = self._targets(examples, labels) if has_labels else None
        return Rows(inputs, targets)

    def _targets(self, examples, labels):
        """Returns a label for each example, as the loss wants it."""
        raise NotImplementedError
