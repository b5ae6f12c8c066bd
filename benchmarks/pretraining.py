"""What pretraining costs: the masks' shares, the data, the step, the memory.

    python -m benchmarks.pretraining --corpus CORPUS

Draws rows until `--rows` are seen and compares rates, n-gram lengths, what
stands at masked places and the balance of sentence order with the formulae;
times the data alone against steps of ALBERT-base on this machine; trains on
batches with and without length buckets; measures the peak memory of a step
with and without gradient checkpointing and accumulation, each in a process of
its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import numpy as np

from albert_tf import AlbertConfig, AlbertTokenizer
from albert_tf.data.corpus import Corpus
from albert_tf.data.masking import Masker, MaskingOptions, Vocabulary
from albert_tf.train.pretrain_options import PretrainOptions

_MEMORY = (
    {},
    {"gradient_checkpointing": True},
    {"accumulation_steps": 4},
)


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if options.memory is not None:
        print(_memory(json.loads(options.memory)))
        return
    found = {
        "shares": _shares(options.corpus, options.rows),
        "speed": _speed(options.corpus),
        "length_buckets": _buckets(options.corpus),
        "peak_mb": _peaks(options.corpus),
    }
    text = json.dumps(found, indent=1)
    print(text)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pretraining",
        description="Measures what pretraining costs.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--corpus", required=True, help="folder of albert prepare")
    add("--rows", type=int, default=100_000, help="rows to draw")
    add("--json", metavar="FILE", help="write the figures there")
    add("--memory", help=argparse.SUPPRESS)
    return parser


def _options(corpus, **changes):
    fields = {"batch_size": 64, "max_length": 128, "steps": 10, "dropout": 0.0}
    return PretrainOptions(corpus=corpus, output="", **{**fields, **changes})


def _batches(corpus, **changes):
    from albert_tf.data.pretraining import PretrainingBatches

    options = _options(corpus, **changes)
    return PretrainingBatches(
        Corpus.open(corpus),
        AlbertTokenizer.from_pretrained(corpus),
        options.segments(),
        options.masking(),
        batch_size=options.batch_size,
        length_buckets=options.length_buckets,
        seed=1,
    )


def _shares(corpus, num_rows):
    """Returns shares of many rows, each with its formula beside it."""
    tokenizer = AlbertTokenizer.from_pretrained(corpus)
    vocabulary = Vocabulary(tokenizer)
    masker = Masker(vocabulary, MaskingOptions(max_predictions=19))
    generator = np.random.default_rng(1)
    counts = dict.fromkeys(("rows", "tokens", "wanted", "masked"), 0)
    sizes, fates, orders, specials = np.zeros(4), np.zeros(3), [], 0
    for inputs, targets, weights in _batches(corpus).training():
        hidden, is_real = inputs["token_ids"].numpy(), inputs["padding_mask"]
        places = inputs["masked_positions"].numpy()
        predicted = weights["masked_lm_logits"].numpy() > 0
        answers = targets["masked_lm_logits"].numpy()[predicted]
        shown = np.take_along_axis(hidden, places, 1)[predicted]
        masks = (shown == vocabulary.mask_id).sum()
        same = (shown == answers).sum()
        fates += [masks, len(shown) - masks - same, same]
        specials += int(vocabulary.is_special[answers].sum())
        lengths = np.sum(is_real, 1)
        counts["rows"] += len(hidden)
        counts["tokens"] += int(lengths.sum())
        counts["wanted"] += sum(max(1, round(0.15 * n)) for n in lengths)
        counts["masked"] += int(predicted.sum())
        has_order = weights["sentence_order_logits"].numpy() > 0
        orders.append(targets["sentence_order_logits"].numpy()[has_order])
        for row, length in zip(hidden[:4], lengths):
            ngrams = masker.ngrams(row[:length], generator)
            sizes += np.bincount([n for *_, n in ngrams], minlength=4)
        if counts["rows"] >= num_rows:
            break
    return {
        **counts,
        "ngrams": (sizes[1:] / sizes.sum()).tolist(),
        "ngrams_formula": MaskingOptions().ngram_probabilities().tolist(),
        "mask_random_same": (fates / fates.sum()).tolist(),
        "swapped": float(np.concatenate(orders).mean()),
        "special_tokens_masked": specials,
    }


def _speed(corpus, seconds=20):
    """Returns tokens a second of the data alone and of ALBERT-base."""
    begin, num_rows = time.perf_counter(), 0
    for inputs, *_ in _batches(corpus, batch_size=16).training():
        num_rows += len(inputs["token_ids"])
        if time.perf_counter() - begin > seconds:
            break
    data = num_rows * 128 / (time.perf_counter() - begin)
    options = _options(corpus, batch_size=16)
    batch = next(iter(_batches(corpus, batch_size=16).training()))
    model = _model(options, AlbertConfig.from_preset("albert_base_v2"), corpus)
    model.train_on_batch(*batch)
    begin = time.perf_counter()
    for _ in range(3):
        model.train_on_batch(*batch)
    step = 3 * 16 * 128 / (time.perf_counter() - begin)
    return {
        "data_tokens_per_second": round(data),
        "base_tokens_per_second": round(step),
        "ratio": round(data / step, 1),
    }


def _buckets(corpus, num_batches=24):
    """Returns what is no padding, and trained a second, in turns."""
    shapes = {"batch_size": 8, "max_length": 512}
    config = AlbertConfig.from_preset("albert_edge_small")
    model = _model(_options(corpus, **shapes), config, corpus)
    batches = {
        name: list(
            _batches(corpus, **shapes, length_buckets=is_grouped)
            .training()
            .take(num_batches)
        )
        for name, is_grouped in (("without", False), ("with", True))
    }
    found = {name: {"tokens_per_second": []} for name in batches}
    # The first round compiles, and is not counted.
    for round_ in range(4):
        for name, examples in batches.items():
            masks = [inputs["padding_mask"].numpy() for inputs, *_ in examples]
            num_tokens = sum(int(mask.sum()) for mask in masks)
            begin = time.perf_counter()
            for example in examples:
                model.train_on_batch(*example)
            rate = num_tokens / (time.perf_counter() - begin)
            share = num_tokens / sum(mask.size for mask in masks)
            found[name]["filled"] = round(share, 3)
            if round_:
                found[name]["tokens_per_second"].append(round(rate))
    return found


def _model(options, config, corpus):
    from albert_tf.train.pretrain_model import compiled_model

    vocab_size = Corpus.open(corpus).vocab_size
    return compiled_model(options, config.replace(vocab_size=vocab_size))


def _peaks(corpus):
    peaks = {}
    for changes in _MEMORY:
        command = [sys.executable, "-m", "benchmarks.pretraining"]
        text = json.dumps({**changes, "corpus": corpus})
        arguments = ["--corpus", corpus, "--memory", text]
        run = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, check=True
        )
        name = ", ".join(changes) or "plain"
        peaks[name] = round(float(run.stdout.split()[-1]))
    return peaks


def _memory(changes):
    """Returns the MB that training adds to a process with its model made."""
    corpus = changes.pop("corpus")
    options = _options(corpus, batch_size=32, **changes)
    config = AlbertConfig.from_preset("albert_edge_small")
    model = _model(options, config.replace(num_hidden_layers=12), corpus)
    size = 32 // options.accumulation_steps
    batch = next(iter(_batches(corpus, batch_size=size).training()))
    before = _peak_mb()
    for _ in range(2 * options.accumulation_steps):
        model.train_on_batch(*batch)
    return _peak_mb() - before


def _peak_mb():
    # Not ru_maxrss, which starts from the parent's.
    with open("/proc/self/status", encoding="utf-8") as file:
        (line,) = [line for line in file if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
