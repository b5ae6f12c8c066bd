"""A score for a text or a pair of texts."""

from __future__ import annotations

import math

import numpy as np

from albert_tf.data.glue import read_glue
from albert_tf.metrics.correlation import pearson, spearman
from albert_tf.train.tasks.formats import as_json_lines, as_tsv
from albert_tf.train.tasks.glue import splits_of, submission
from albert_tf.train.tasks.task import split_at
from albert_tf.train.tasks.text_task import TextTask


class RegressionTask(TextTask):
    """Scores texts on a scale; the label's column holds numbers.

    Args:
        name, summary, has_pairs: as of `TextTask`.
    """

    gives_score = True
    metric = "pearson_spearman"
    metrics = ("pearson_spearman", "pearson", "spearman", "negative_mse")

    def labels(self, examples):
        return None

    def check(self, examples, labels, bad_rows):
        kept = []
        for example in examples:
            if _is_number(example.label):
                kept.append(example)
            else:
                bad_rows.add(
                    example.place,
                    f"the score {example.label!r} is no number. Mend the "
                    "row, or use --task classification for names.",
                )
        bad_rows.finish()
        if len(kept) < 2:
            raise ValueError(
                f"--task {self.name} needs two rows or more with a score, in "
                "training and to evaluate on: of fewer there is no "
                f"correlation. Received: {len(kept)}."
            )
        return kept

    def split(self, examples, seed):
        """Sets a tenth apart, and two rows at least."""
        order = np.random.default_rng(seed).permutation(len(examples))
        count = max(2, len(examples) // 10)
        return split_at(examples, set(order[:count].tolist()))

    def describe(self, examples):
        scores = [float(example.label) for example in examples]
        return (
            f"{len(examples)} rows (scores {min(scores):g} to "
            f"{max(scores):g}, mean {np.mean(scores):.3g})"
        )

    def _targets(self, examples, labels):
        return [float(example.label) for example in examples]

    def model_arguments(self, labels):
        return {"num_labels": 1}

    def loss(self, class_weights=None, label_smoothing=0.0):
        if label_smoothing:
            raise ValueError(
                f"--task {self.name} has no labels to smooth: leave "
                "--label-smoothing out."
            )
        from albert_tf.train.losses import ScoreLoss

        return ScoreLoss()

    def predictions(self, examples, rows, outputs, *, labels, settings):
        return [
            {
                "text": example.text,
                **({} if example.pair is None else {"pair": example.pair}),
                "score": float(output[0]),
            }
            for example, output in zip(examples, outputs)
        ]

    def scores(self, examples, predictions, *, labels, settings):
        expected = np.array([float(example.label) for example in examples])
        predicted = np.array([row["score"] for row in predictions])
        straight = pearson(expected, predicted)
        by_rank = spearman(expected, predicted)
        return {
            # GLUE's own: the mean of both.
            "pearson_spearman": (straight + by_rank) / 2,
            "pearson": straight,
            "spearman": by_rank,
            "negative_mse": -float(np.mean((expected - predicted) ** 2)),
        }


class SimilarityTask(RegressionTask):
    """GLUE's STS-B: how alike two sentences are, from 0 to 5."""

    options = ()
    takes_folder = True

    def __init__(self):
        super().__init__(
            "stsb", "GLUE: how alike are two sentences", has_pairs=True
        )
        self.splits = splits_of("stsb")
        self.formats = {
            "jsonl": as_json_lines,
            "tsv": as_tsv,
            "glue": lambda rows: submission(
                (row["id"], f"{min(5.0, max(0.0, row['score'])):.3f}")
                for row in rows
            ),
        }

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        return read_glue("stsb", path, split, bad_rows, has_labels=has_labels)

    def predictions(self, examples, rows, outputs, **kwargs):
        found = super().predictions(examples, rows, outputs, **kwargs)
        return [
            {"id": example.id, **prediction}
            for example, prediction in zip(examples, found)
        ]


def _is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
