"""How much length buckets save: `fit` on SST-2 against padding to 128.

    python -m benchmarks.buckets --data SST-2 --tokenizer spiece.model

Trains the same new model on the same rows in the same order twice, once with
batches as long as their rows and once padded to 128 as fine-tuning scripts
do, and prints the examples a second of each and the accuracy on the
development rows after as many updates. The first updates, in which TensorFlow
compiles, are not counted.
"""

import argparse
import json
import os
import time
from pathlib import Path

_LENGTH = 128


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from albert_tf.data.glue import read_glue

    rows = {s: read_glue("sst2", options.data, s) for s in ("train", "dev")}
    result = {}
    for name, is_padded in (("buckets", False), ("padded", True)):
        result[name] = _measure(rows, is_padded, options)
        print(f"{name:8} {json.dumps(result[name])}", flush=True)
    speed = [result[n]["examples_per_second"] for n in ("buckets", "padded")]
    print(f"buckets train {speed[0] / speed[1]:.1f} times as fast")
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1) + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.buckets",
        description="Measures what length buckets save.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--data", required=True, help="folder of SST-2")
    parser.add_argument("--tokenizer", required=True, help="spiece.model")
    parser.add_argument("--preset", default="albert_edge_small")
    parser.add_argument("--steps", type=int, default=120, help="updates")
    parser.add_argument(
        "--uncounted", type=int, default=20, help="first updates"
    )
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-4)
    parser.add_argument("--json", metavar="FILE", help="also write JSON")
    return parser


def _measure(rows, is_padded, options):
    import keras

    from albert_tf import (
        AlbertConfig,
        AlbertForSequenceClassification,
        AlbertTokenizer,
    )
    from albert_tf.optim.fine_tuning import fine_tuning_optimizer

    keras.utils.set_random_seed(1)
    tokenizer = AlbertTokenizer(options.tokenizer)
    batches = {n: _batches(r, tokenizer, options) for n, r in rows.items()}
    config = AlbertConfig.from_preset(options.preset).replace(
        vocab_size=tokenizer.vocab_size
    )
    model = AlbertForSequenceClassification(config, num_labels=2)
    model.compile(
        fine_tuning_optimizer(options.learning_rate, options.steps),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    model.optimizer.build(model.trainable_variables)
    clock = _Clock(options)
    dataset = batches["train"].shuffled(seed=1)
    if is_padded:
        dataset = dataset.map(_padded)
    model.fit(
        dataset,
        steps_per_epoch=options.steps,
        callbacks=[clock.callback()],
        verbose=0,
    )
    dev, _ = batches["dev"].in_order()
    _, accuracy = model.evaluate(dev, verbose=0)
    return {
        "examples_per_second": round(clock.rate(), 1),
        "accuracy": round(accuracy, 4),
        "updates": options.steps,
    }


def _batches(rows, tokenizer, options):
    from albert_tf.data.batches import BucketedBatches

    return BucketedBatches.from_texts(
        tokenizer,
        [row.text for row in rows],
        labels=[int(row.label == "positive") for row in rows],
        max_length=_LENGTH,
        batch_size=options.batch_size,
    )


def _padded(inputs, labels):
    import tensorflow as tf

    width = _LENGTH - tf.shape(inputs["token_ids"])[1]
    # The published vocabulary's <pad> is 0, as the other inputs' padding.
    return {
        name: tf.pad(tensor, [[0, 0], [0, width]])
        for name, tensor in inputs.items()
    }, labels


class _Clock:
    """Counts updates a second, after those that compile."""

    def __init__(self, options):
        self._batch_size = options.batch_size
        self._uncounted = options.uncounted
        self._times = []

    def callback(self):
        import keras

        return keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs: self._times.append(
                time.perf_counter()
            )
        )

    def rate(self):
        times = self._times[self._uncounted :]
        return (len(times) - 1) * self._batch_size / (times[-1] - times[0])


if __name__ == "__main__":
    main()
