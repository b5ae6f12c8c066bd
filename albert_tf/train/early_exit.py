"""What stopping early costs, measured on the development rows."""

import dataclasses
import json
from pathlib import Path

import numpy as np

from albert_tf import AlbertForSequenceClassification
from albert_tf.files import written_aside
from albert_tf.text import packing
from albert_tf.text.early_exit import exit_depths, exit_logits

EARLY_EXIT_FILE = "early_exit.json"
# A patience is good enough that loses no more of the score than this.
_TOLERANCE = 0.003
_BATCH_SIZE = 64


def measure_exits(model, inputs, rows, folder):
    """Chooses the patience of a trained model and writes the table of all.

    Taken is the one with the fewest layers whose score is within 0.003 of
    that of all layers.

    Args:
        model: AlbertForSequenceClassification with exit heads.
        inputs: Inputs.
        rows: Rows of the development data.
        folder: path to write `early_exit.json` to.

    Returns:
        dict: `patience`, `num_layers`, and `table`, a list of dicts of
        `patience`, `mean_layers` and the metric's score.
    """
    logits = depth_logits(model, rows.inputs, inputs.tokenizer.pad_id)
    num_layers = logits.shape[1]
    table = []
    for patience in range(num_layers + 1):
        depths = exit_depths(logits, patience)
        table.append(
            {
                "patience": patience,
                "mean_layers": round(float(depths.mean()), 3),
                inputs.metric: _score(inputs, rows, logits, depths),
            }
        )
    enough = table[-1][inputs.metric] - _TOLERANCE
    good = [row for row in table if row[inputs.metric] >= enough]
    best = min(good, key=lambda row: row["mean_layers"])
    found = {
        "patience": best["patience"],
        "num_layers": num_layers,
        "table": table,
    }
    with written_aside(Path(folder) / EARLY_EXIT_FILE) as path:
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(
        f"early exit: patience {best['patience']} uses "
        f"{best['mean_layers']:.2f} of {num_layers} layers, {inputs.metric} "
        f"{best[inputs.metric]:.4f}; all layers "
        f"{table[-1][inputs.metric]:.4f}"
    )
    return found


def measure_run(inputs, tokenizer, options):
    """Measures the model that a run has kept, which training may have passed.

    Args:
        inputs: Inputs.
        tokenizer: AlbertTokenizer of the model.
        options: FineTuneOptions of the run.
    """
    rows = inputs.task.encode(
        inputs.dev,
        tokenizer,
        labels=inputs.labels,
        max_length=options.max_length,
        settings=inputs.settings,
        is_training=False,
    )
    model = AlbertForSequenceClassification.from_pretrained(options.output)
    inputs = dataclasses.replace(inputs, tokenizer=tokenizer)
    measure_exits(model, inputs, rows, options.output)


def depth_logits(model, rows, pad_id):
    """Returns float[N, L, C] of packed rows, those of one length together."""
    order = np.argsort([len(ids) for ids, _ in rows], kind="stable")
    found = [None] * len(rows)
    for start in range(0, len(rows), _BATCH_SIZE):
        chunk = order[start : start + _BATCH_SIZE]
        batch = packing.pad([rows[i] for i in chunk], pad_id=pad_id)
        logits = np.asarray(model.logits_by_depth(batch))
        for index, its_logits in zip(chunk, logits):
            found[index] = its_logits
    return np.stack(found)


def _score(inputs, rows, logits, depths):
    predictions = inputs.task.predictions(
        inputs.dev,
        rows,
        exit_logits(logits, depths),
        labels=inputs.labels,
        settings=inputs.settings,
    )
    scores = inputs.task.scores(
        inputs.dev,
        predictions,
        labels=inputs.labels,
        settings=inputs.settings,
    )
    return round(float(scores[inputs.metric]), 6)
