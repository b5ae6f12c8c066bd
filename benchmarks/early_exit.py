"""What stopping early wins on the device: accuracy, layers and time.

    python -m benchmarks.early_exit BUNDLE.tflite --data glue/SST-2/dev.tsv

Classifies every row with every patience in turn, one row at a time on one
runtime, and prints a Markdown table. The times of a row are taken one after
the other for all patiences, so that a busy machine slows all alike.
"""

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np

from albert_tf.edge import Classifier


def main():
    options = _parser().parse_args()
    classifier = Classifier(options.bundle, num_threads=options.threads)
    exits = classifier.session.bundle.manifest.early_exit
    if exits is None:
        raise SystemExit(f"{options.bundle} has no early exit.")
    rows = _read(options.data, options.label_of)
    table = _measure(classifier, rows, exits["num_layers"])
    _print(table, exits["patience"])
    if options.json:
        Path(options.json).write_text(json.dumps(table, indent=1) + "\n")
    if options.plot:
        _draw(table, options.plot)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.early_exit",
        description="Measures early exit on the device's runtime.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("bundle", help="of a classifier with exit heads")
    add("--data", required=True, help="TSV with `sentence` and `label`")
    add(
        "--label-of",
        nargs="+",
        default=["0=negative", "1=positive"],
        metavar="VALUE=LABEL",
        help="what values of the column `label` are called by the model",
    )
    add("--threads", type=int, help="else as the runner chooses")
    add("--json", metavar="FILE", help="also write JSON")
    add("--plot", metavar="FILE", help="also draw a picture")
    return parser


def _read(path, names):
    label_of = dict(name.split("=", 1) for name in names)
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            (row["sentence"], label_of.get(row["label"], row["label"]))
            for row in reader
        ]


def _measure(classifier, rows, num_layers):
    session = classifier.session
    patiences = range(num_layers + 1)
    right = np.zeros((len(rows), len(patiences)), bool)
    layers = np.zeros(right.shape, int)
    seconds = np.zeros(right.shape)
    for index, (text, label) in enumerate(rows):
        packed, _ = classifier.pack(text)
        session.run([packed])  # Memory for a new length is not its time.
        for place, patience in enumerate(patiences):
            begin = time.perf_counter()
            outputs = session.run([packed], patience=patience)
            seconds[index, place] = time.perf_counter() - begin
            layers[index, place] = outputs["layers_used"][0]
            answer = classifier.labels[int(outputs["logits"][0].argmax())]
            right[index, place] = answer == label
    return [
        {
            "patience": patience,
            "accuracy": round(float(right[:, place].mean()), 4),
            "mean_layers": round(float(layers[:, place].mean()), 3),
            "mean_ms": round(1000 * float(seconds[:, place].mean()), 3),
            "median_ms": round(1000 * float(np.median(seconds[:, place])), 3),
        }
        for place, patience in enumerate(patiences)
    ]


def _print(table, chosen):
    print("| patience | accuracy | layers | ms, mean | of all layers' |")
    print("|---:|---:|---:|---:|---:|")
    for row in table:
        mark = " (default)" if row["patience"] == chosen else ""
        share = row["mean_ms"] / table[-1]["mean_ms"]
        print(
            f"| {row['patience']}{mark} | {100 * row['accuracy']:.1f} % | "
            f"{row['mean_layers']:.2f} | {row['mean_ms']:.2f} | {share:.2f} |"
        )


def _draw(table, path):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    names = {"mean_layers": "layers, mean", "mean_ms": "ms, mean"}
    for axis, (key, name) in zip(axes, names.items()):
        values = [row[key] for row in table]
        accuracy = [100 * row["accuracy"] for row in table]
        axis.plot(values, accuracy, "o-")
        for row, x, y in zip(table, values, accuracy):
            axis.annotate(
                str(row["patience"]),
                (x, y),
                xytext=(4, 4),
                textcoords="offset points",
            )
        axis.set_xlabel(name)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("accuracy, %")
    figure.suptitle("Numbers at the points: patience")
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
