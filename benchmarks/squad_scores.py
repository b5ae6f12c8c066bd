"""SQuAD scores of a model in Keras and of its exports on their runtime.

    python -m benchmarks.squad_scores --model DIR --data dev-v1.1.json \
        [--questions 1000] [FILE.tflite ...]

Beside them a baseline without learning: the sentence of the context that
shares most words with the question. Takes SQuAD 2.0 with `--version-2`. Each
export runs on the runtime of its target, in a process of its own: kernels of
TensorFlow or of another runtime beside it would change its answers.
"""

import argparse
import collections
import multiprocessing
import re
import time

from albert_tf.data.squad import read_squad
from albert_tf.metrics.squad import (
    normalize_answer,
    squad_1_scores,
    squad_2_scores,
)

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def main():
    options = _parser().parse_args()
    examples = read_squad(options.data, version_2=options.version_2)
    examples = evenly(examples, options.questions)
    print(f"{len(examples)} of {options.data}")
    rows = {"baseline": {e.id: likeliest_sentence(e) for e in examples}}
    rows["Keras"] = in_keras(options.model, examples)
    for path in options.files:
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            arguments = path, examples, options.threads
            rows[path] = alone.apply(on_runtime, arguments)
    print(f"{'':30} {'exact':>7} {'F1':>7} {'as Keras':>9}")
    for name, predictions in rows.items():
        exact, f1 = scores(examples, predictions, options.version_2)
        same = [predictions[key] == rows["Keras"][key] for key in predictions]
        share = sum(same) / len(same)
        print(f"{name[-30:]:30} {exact:7.2f} {f1:7.2f} {share:9.1%}")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.squad_scores",
        description="Scores Keras and exports on SQuAD.",
    )
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE.tflite", help="exports")
    add("--model", required=True, metavar="DIR")
    add("--data", required=True, metavar="FILE", help="SQuAD's JSON")
    add("--version-2", action="store_true")
    add("--questions", type=int, help="evenly chosen; else all")
    add("--threads", type=int, default=2)
    return parser


def evenly(examples, count):
    """Returns `count` examples from all over the file."""
    if count is None or count >= len(examples):
        return examples
    return [examples[i * len(examples) // count] for i in range(count)]


def likeliest_sentence(example):
    """Returns the sentence with most of the question's words."""
    words = set(normalize_answer(example.question).split())
    counts = collections.Counter()
    for sentence in _SENTENCE_END.split(example.context):
        shared = words & set(normalize_answer(sentence).split())
        counts[sentence] = len(shared)
    return counts.most_common(1)[0][0]


def in_keras(directory, examples):
    """Returns the answers of the model by question id."""
    from albert_tf.train.predictor import Predictor
    from albert_tf.train.task_file import read_task
    from albert_tf.train.tasks.registry import find_task

    saved = read_task(directory)
    task = find_task(saved["task"])
    predictor = Predictor(
        directory, task, saved["settings"], max_length=saved["max_length"]
    )
    started = time.perf_counter()
    predictions = predictor.predict(examples)
    print(f"Keras: {time.perf_counter() - started:.0f} s")
    return {p["id"]: p["text"] for p in predictions}


def on_runtime(path, examples, num_threads):
    """Returns the answers of an export by question id."""
    from albert_tf.edge import Answerer, Bundle
    from export.targets import find_target

    bundle = Bundle(path)
    runtime = find_target(bundle.manifest.target).runtime
    answerer = Answerer(bundle, runtime=runtime, num_threads=num_threads)
    started = time.perf_counter()
    found = {}
    for example in examples:
        answer = answerer.answer(example.question, example.context).answer
        found[example.id] = "" if answer is None else answer.text
    seconds = time.perf_counter() - started
    print(f"{path} on {answerer.session.runtime}: {seconds:.0f} s")
    return found


def scores(examples, predictions, version_2):
    """Returns (exact match, F1) in percent."""
    golds = {e.id: [gold.text for gold in e.answers] for e in examples}
    if version_2:
        found = squad_2_scores(golds, predictions)
        return found["exact"], found["f1"]
    found = squad_1_scores(golds, predictions)
    return found["exact_match"], found["f1"]


if __name__ == "__main__":
    main()
