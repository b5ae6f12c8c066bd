"""Cross-validation of a GLUE task: a small development set tells little.

    python -m benchmarks.folds --task mrpc --data MRPC --model PRETRAINED

Joins the labelled rows of a task's `train.tsv` and `dev.tsv`, deals them into
folds, trains on all but one of them and takes the best evaluation on that one,
in turn.
"""

import argparse
import json
import os
import random
from pathlib import Path

from albert_tf.train.finetune import finetune
from albert_tf.train.options import FineTuneOptions


def main():
    parser = _parser()
    options = parser.parse_args()
    if options.task == "cola":
        parser.error("the files of CoLA have no header to part from the rows")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    scores = []
    for fold, data in enumerate(_folds(options)):
        run = FineTuneOptions(
            output=str(Path(options.output, f"run-{fold}")),
            task=options.task,
            data=str(data),
            model=options.model,
            preset=options.preset,
            tokenizer=options.tokenizer,
            epochs=options.epochs,
            learning_rate=options.learning_rate,
            dropout=options.dropout,
            ema_share=options.ema_share,
            patience=options.epochs,
            overwrite=True,
        )
        scores.append(round(finetune(run), 4))
    mean = round(sum(scores) / len(scores), 4)
    print(json.dumps({"folds": scores, "mean": mean}))


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.folds",
        description="Cross-validates a model on a GLUE task.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--task", required=True, help="of GLUE, with one development file")
    add("--data", required=True, help="folder with train.tsv and dev.tsv")
    add("--model", help="weights to start from; else from scratch")
    add("--tokenizer", help="spiece.model, from scratch")
    add("--preset", default="albert_edge_small", help="from scratch")
    add("--output", default="build/folds", help="folder of the models")
    add("--folds", type=int, default=5)
    add("--epochs", type=int, default=4)
    add("--learning-rate", type=float, help="else the command's default")
    add("--dropout", type=float, default=0.1, help="of hidden states")
    add("--ema-share", type=float, default=0.0, help="of the updates")
    return parser


def _folds(options):
    """Writes the folds; yields the folder of each."""
    lines = []
    for name in ("train", "dev"):
        path = Path(options.data, f"{name}.tsv")
        text = path.read_text(encoding="utf-8-sig")
        header, *rows = text.rstrip("\n").split("\n")
        lines += rows
    random.Random(0).shuffle(lines)
    for fold in range(options.folds):
        folder = Path(options.output, f"fold-{fold}")
        folder.mkdir(parents=True, exist_ok=True)
        dev = lines[fold :: options.folds]
        train = [
            line
            for number, line in enumerate(lines)
            if number % options.folds != fold
        ]
        for name, rows in (("train", train), ("dev", dev)):
            text = "\n".join([header, *rows]) + "\n"
            (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
        yield folder


if __name__ == "__main__":
    main()
