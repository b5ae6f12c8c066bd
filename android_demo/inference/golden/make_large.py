"""Writes what Python's runner answers to real data, for models of one's own.

    python -m android_demo.inference.golden.make_large \\
        [--sst2 DEV.tsv FILE.tflite ...] [--stsb DEV.tsv FILE.tflite ...] \\
        [--squad DEV.json FILE.tflite ...]
    mvn -q -f android_demo/pom.xml test -Dtest=LargeTest \\
        -Dsurefire.failIfNoSpecifiedTests=false

Every row of the development sets of SST-2 and STS-B; 200 questions from all
over SQuAD's. The bundles and `*.json`, rows as those of `make_golden`, go to
`android_demo/inference/target/large`.
"""

import argparse
import csv
import pathlib
import shutil

from albert_tf.data.squad import read_squad
from albert_tf.edge import Answerer, Classifier, Regressor
from android_demo.inference.golden.make_golden import (
    HERE,
    classification,
    reply,
    score,
    write,
)

TARGET = HERE.parent / "target/large"
NUM_QUESTIONS = 200


def main():
    options = _parser().parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    if options.sst2:
        texts = sst2_texts(options.sst2[0])
        for path in options.sst2[1:]:
            runner = Classifier(path)
            save(path, [classification(runner, text) for text in texts])
    if options.stsb:
        pairs = stsb_pairs(options.stsb[0])
        for path in options.stsb[1:]:
            runner = Regressor(path)
            save(path, [score(runner, *pair) for pair in pairs])
    if options.squad:
        questions = squad_questions(options.squad[0])
        for path in options.squad[1:]:
            runner = Answerer(path)
            save(path, [reply(runner, *each) for each in questions])


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m android_demo.inference.golden.make_large",
        description="Writes Python's answers for the Kotlin tests to equal.",
    )
    add = parser.add_argument
    add("--sst2", nargs="+", metavar="FILE", help="dev.tsv, then bundles")
    add("--stsb", nargs="+", metavar="FILE", help="dev.tsv, then bundles")
    add("--squad", nargs="+", metavar="FILE", help="JSON, then bundles")
    return parser


def glue_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return list(rows)


def sst2_texts(path):
    return [row["sentence"] for row in glue_rows(path)]


def stsb_pairs(path):
    return [(row["sentence1"], row["sentence2"]) for row in glue_rows(path)]


def squad_questions(path):
    examples = read_squad(path)
    step = len(examples) / NUM_QUESTIONS
    chosen = [examples[int(i * step)] for i in range(NUM_QUESTIONS)]
    return [(example.question, example.context) for example in chosen]


def save(path, rows):
    name = pathlib.Path(path).stem
    shutil.copyfile(path, TARGET / f"{name}.tflite")
    write(TARGET / f"{name}.json", rows)


if __name__ == "__main__":
    main()
