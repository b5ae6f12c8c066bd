"""GLUE's tasks: their files, their scores, and what its server takes."""

from __future__ import annotations

from albert_tf.data.glue import LAYOUTS, read_glue
from albert_tf.train.tasks.classification import ClassificationTask
from albert_tf.train.tasks.formats import as_json_lines, as_tsv

# Whose submissions say 0 and 1, not the labels' names.
_NUMBERED = ("cola", "sst2", "mrpc", "qqp", "wnli")
_SUMMARIES = {
    "cola": "GLUE: is a sentence grammatical",
    "sst2": "GLUE: does a review praise",
    "mrpc": "GLUE: do two sentences say the same",
    "qqp": "GLUE: do two questions ask the same",
    "mnli": "GLUE: does a text entail, contradict or neither",
    "qnli": "GLUE: does a sentence answer a question",
    "rte": "GLUE: does a text entail a sentence",
    "wnli": "GLUE: does a sentence follow once a pronoun is resolved",
}


class GlueTask(ClassificationTask):
    """A classification of GLUE.

    Args:
        name: str, a key of `LAYOUTS`.
        metric: str. Score that picks the best model.
    """

    options = ()
    takes_folder = True

    def __init__(self, name, metric="accuracy"):
        layout = LAYOUTS[name]
        super().__init__(
            name,
            _SUMMARIES[name],
            has_pairs=layout.pair is not None,
            metric=metric,
        )
        self.splits = splits_of(name)
        self.formats = {
            "jsonl": as_json_lines,
            "tsv": as_tsv,
            "glue": self._submission,
        }
        self.format_labels = {"glue": tuple(layout.label_names.values())}
        if name in ("mrpc", "qqp"):
            self.metrics = (*self.metrics, "positive_f1")

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        return read_glue(
            self.name, path, split, bad_rows, has_labels=has_labels
        )

    def labels(self, examples):
        return list(LAYOUTS[self.name].label_names.values())

    def predictions(self, examples, rows, outputs, **kwargs):
        found = super().predictions(examples, rows, outputs, **kwargs)
        return [
            {"id": example.id, **prediction}
            for example, prediction in zip(examples, found)
        ]

    def scores(self, examples, predictions, *, labels, settings):
        scores = super().scores(
            examples, predictions, labels=labels, settings=settings
        )
        if "positive_f1" in self.metrics:
            # By name: a model may have the labels in another order.
            positive = LAYOUTS[self.name].label_names["1"]
            scores["positive_f1"] = scores["f1"].get(positive, 0.0)
        return scores

    def _submission(self, predictions):
        codes = {n: n for n in LAYOUTS[self.name].label_names.values()}
        if self.name in _NUMBERED:
            codes = {n: c for c, n in LAYOUTS[self.name].label_names.items()}
        return submission(
            (prediction["id"], codes[prediction["label"]])
            for prediction in predictions
        )


def splits_of(name):
    """Returns the names of a task's splits, `dev` always among them."""
    files = LAYOUTS[name].files
    more = () if "dev" in files else ("dev", "test")
    return (*files, *more)


def submission(pairs):
    """Returns the table that GLUE's server takes: index, prediction."""
    lines = [("index", "prediction"), *pairs]
    return "".join(f"{index}\t{value}\n" for index, value in lines)


GLUE_TASKS = (
    GlueTask("cola", metric="matthews_correlation"),
    GlueTask("sst2"),
    GlueTask("mrpc"),
    GlueTask("qqp"),
    GlueTask("mnli"),
    GlueTask("qnli"),
    GlueTask("rte"),
    GlueTask("wnli"),
)
