"""Development scores of every task, with baselines and on the device.

    python -m benchmarks.tasks --data SHARED/data --tokenizer spiece.model
    python -m benchmarks.tasks --data SHARED/data --model PRETRAINED

Fine-tunes from the pretrained directory, or from scratch, exports to int8 and
prints a Markdown table: the task's score in Keras and on the device's
runtime, the commonest answer, and words without their order. The published
sets are read from `glue/SST-2` and so on, `ner/wnut17` and
`cosmosqa/valid.csv.gz` below `--data`; of Cosmos QA, whose training rows are
not there, a fifth of the passages is kept to evaluate on.
"""

import argparse
import gzip
import json
import os
from pathlib import Path

from albert_tf.train.inputs import read_inputs
from albert_tf.train.options import FineTuneOptions
from benchmarks import baselines

# Task, folder below --data, epochs.
_TASKS = {
    "sst2": ("sst2", "glue/SST-2", 1),
    "mrpc": ("mrpc", "glue/MRPC", 5),
    "rte": ("rte", "glue/RTE", 8),
    "cola": ("cola", "glue/CoLA", 8),
    "stsb": ("stsb", "glue/STS-B", 8),
    "wnut17": ("tagging", "ner/wnut17", 15),
    "cosmos": ("choice", "cosmosqa", 4),
}


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    table = {}
    for name in options.tasks:
        print(f"--- {name}", flush=True)
        table[name] = _measure(name, options)
        print(json.dumps(table[name]), flush=True)
    _print(table)
    if options.json:
        Path(options.json).write_text(json.dumps(table, indent=1) + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tasks",
        description="Scores every task, with baselines.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--data", required=True, help="folder with glue, ner, cosmosqa")
    add("--model", help="pretrained directory; else from scratch")
    add("--tokenizer", help="spiece.model, from scratch")
    add("--preset", default="albert_edge_small", help="from scratch")
    add("--tasks", nargs="+", default=list(_TASKS), choices=list(_TASKS))
    add("--output", default="build/tasks", help="folder of the models")
    add("--learning-rate", type=float, help="else the command's default")
    add("--dropout", type=float, help="of hidden states; else the model's")
    add("--ema-share", type=float, default=0.0, help="of the updates")
    add("--train-steps", type=int, help="updates, instead of the epochs")
    add("--batch-size", type=int, default=32)
    add("--max-length", type=int, default=128)
    add("--seed", type=int, default=1)
    add("--baselines-only", action="store_true", help="train nothing")
    add("--no-export", action="store_true", help="leave int8 out")
    add("--json", metavar="FILE", help="also write JSON")
    return parser


def _measure(name, options):
    run = _run_options(name, options)
    inputs = read_inputs(run)
    scored = {"metric": inputs.metric, "rows": len(inputs.dev)}
    guessers = {
        "majority": baselines.majority,
        "bag of words": baselines.bag_of_words,
    }
    for title, guess in guessers.items():
        guessed = guess(inputs.task, inputs.train, inputs.dev)
        scored[title] = _score(inputs, guessed)
    if options.baselines_only:
        return scored
    from albert_tf.train.finetune import finetune

    finetune(run)
    scored["Keras"] = _keras_score(inputs, run)
    if not options.no_export:
        scored["int8"] = _device_score(inputs, run)
    return scored


def _run_options(name, options):
    task, folder, epochs = _TASKS[name]
    data = Path(options.data, folder)
    files = {"data": str(data)}
    if name == "wnut17":
        files = {n: str(data / f"{n}.conll") for n in ("train", "dev")}
    elif name == "cosmos":
        files = _cosmos(data / "valid.csv.gz", Path(options.output))
    fields = {
        "epochs": epochs,
        "batch_size": options.batch_size // (4 if name == "cosmos" else 1),
        "max_length": options.max_length,
        "learning_rate": options.learning_rate,
        "dropout": options.dropout,
        "ema_share": options.ema_share,
        "train_steps": options.train_steps,
        "patience": 100,
        "seed": options.seed,
        "overwrite": True,
    }
    start = {"preset": options.preset, "tokenizer": options.tokenizer}
    if options.model is not None:
        start = {"model": options.model}
    return FineTuneOptions(
        output=str(Path(options.output, name)),
        task=task,
        **files,
        **fields,
        **start,
    )


def _cosmos(path, folder):
    """Splits the rows by passage, so that none is on both sides."""
    import csv
    import zlib

    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, header = list(reader), reader.fieldnames
    files = {n: folder / f"cosmos-{n}.csv" for n in ("train", "dev")}
    for name, target in files.items():
        with open(target, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            for row in rows:
                is_dev = zlib.crc32(row["context"].encode()) % 5 == 0
                if is_dev == (name == "dev"):
                    writer.writerow(row)
    return {name: str(target) for name, target in files.items()}


def _score(inputs, predictions):
    scores = inputs.task.scores(
        inputs.dev,
        predictions,
        labels=inputs.labels,
        settings=inputs.settings,
    )
    return round(scores[inputs.metric], 4)


def _keras_score(inputs, run):
    from albert_tf.train.predictor import Predictor

    predictor = Predictor(
        run.output, inputs.task, inputs.settings, max_length=run.max_length
    )
    return _score(inputs, predictor.predict(inputs.dev))


def _device_score(inputs, run):
    """Runs the exported file row by row, as a device would."""
    from albert_tf.train.device_predictor import DevicePredictor
    from export.pipeline import export_model

    path = Path(run.output).with_suffix(".tflite")
    predictor = DevicePredictor(
        export_model(run.output, path, overwrite=True),
        inputs.task,
        inputs.settings,
        max_length=run.max_length,
    )
    return _score(inputs, predictor.predict(inputs.dev))


def _print(table):
    names = ["Keras", "int8", "majority", "bag of words"]
    print("\n| | score | rows | " + " | ".join(names) + " |")
    print("|---|---|---:|" + "---:|" * len(names))
    for task, row in table.items():
        cells = [
            f"{100 * row[name]:.1f}" if name in row else "" for name in names
        ]
        print(
            f"| {task} | {row['metric']} | {row['rows']} | "
            f"{' | '.join(cells)} |"
        )


if __name__ == "__main__":
    main()
