"""One label for a text or a pair of texts."""

from __future__ import annotations

import collections

import numpy as np

from albert_tf.data.labels import label_indices, label_set, unknown_label
from albert_tf.metrics import classification
from albert_tf.train.tasks.task import split_at
from albert_tf.train.tasks.text_task import TextTask


class ClassificationTask(TextTask):
    """Tells labels apart; the labels are those of the training data.

    Args:
        name, summary, has_pairs: as of `TextTask`.
        metric: str. Score that picks the best model.
    """

    metrics = ("accuracy", "macro_f1", "matthews_correlation")

    def __init__(self, name, summary, *, has_pairs=False, metric="accuracy"):
        super().__init__(name, summary, has_pairs=has_pairs)
        self.metric = metric

    def labels(self, examples):
        return label_set(examples)

    def check(self, examples, labels, bad_rows):
        for example in examples:
            if example.label not in labels:
                problem = unknown_label(example.label, labels)
                bad_rows.add(example.place, problem)
        bad_rows.finish()
        return [e for e in examples if e.label in labels]

    def split(self, examples, seed):
        """Sets a tenth of each label apart, at least a row of two."""
        places = collections.defaultdict(list)
        for index, example in enumerate(examples):
            places[example.label].append(index)
        generator = np.random.default_rng(seed)
        dev = set()
        for label in sorted(places):
            # A lone row is to be learned from.
            least = min(1, len(places[label]) - 1)
            count = max(least, len(places[label]) // 10)
            chosen = generator.choice(places[label], count, replace=False)
            dev.update(chosen.tolist())
        return split_at(examples, dev)

    def label_counts(self, examples):
        return collections.Counter(example.label for example in examples)

    def describe(self, examples):
        counts = self.label_counts(examples)
        listed = ", ".join(f"{k} {v}" for k, v in sorted(counts.items()))
        return f"{len(examples)} rows ({listed})"

    def _targets(self, examples, labels):
        return label_indices(examples, labels)

    def loss(self, class_weights=None, label_smoothing=0.0):
        from albert_tf.train.losses import LabelLoss

        return LabelLoss(class_weights, label_smoothing)

    def predictions(self, examples, rows, outputs, *, labels, settings):
        logits = np.stack(outputs).astype(np.float64)
        exponentials = np.exp(logits - logits.max(-1, keepdims=True))
        probabilities = exponentials / exponentials.sum(-1, keepdims=True)
        return [
            {
                "text": example.text,
                **({} if example.pair is None else {"pair": example.pair}),
                "label": labels[int(row.argmax())],
                "probabilities": dict(zip(labels, row.tolist())),
            }
            for example, row in zip(examples, probabilities)
        ]

    def scores(self, examples, predictions, *, labels, settings):
        index_of = {label: index for index, label in enumerate(labels)}
        confusion = classification.confusion_matrix(
            label_indices(examples, labels),
            [index_of[prediction["label"]] for prediction in predictions],
            len(labels),
        )
        f1 = classification.f1_scores(confusion)
        return {
            "accuracy": classification.accuracy(confusion),
            "macro_f1": float(f1.mean()),
            "matthews_correlation": classification.matthews_correlation(
                confusion
            ),
            "f1": dict(zip(labels, f1.tolist())),
            "confusion": {
                label: dict(zip(labels, row.tolist()))
                for label, row in zip(labels, confusion)
            },
        }

    def report(self, scores):
        width = max(map(len, scores["f1"]))
        lines = []
        for label, score in scores["f1"].items():
            taken = ", ".join(
                f"{other} {count}"
                for other, count in scores["confusion"][label].items()
                if count
            )
            lines.append(f"{label:{width}}  F1 {score:.4f}  taken for {taken}")
        return lines
