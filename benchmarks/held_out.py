"""What a pretrained model knows of text that it has not seen.

    python -m benchmarks.held_out --model MODEL --corpus CORPUS

Scores masked LM and sentence order on a corpus' held-out documents, beside
the most frequent piece. Few documents give few orders to tell, so that the
same text is cut and masked several times, by other seeds. The spread that is
told is over those draws; it leaves out that other documents would differ.
"""

import argparse
import json
import os
import statistics

import numpy as np

from albert_tf import AlbertTokenizer
from albert_tf.data.corpus import Corpus
from albert_tf.train.pretrain_options import PretrainOptions
from benchmarks.runs import write_json


def main():
    options = _parser().parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from albert_tf import AlbertForPreTraining

    model = AlbertForPreTraining.from_pretrained(options.model)
    found = {"model": options.model}
    for length in options.max_length:
        draws = [
            _draw(model, options, length, seed) for seed in range(options.draws)
        ]
        found[str(length)] = _summary(draws)
        print(json.dumps({length: found[str(length)]}), flush=True)
    write_json(options.json, found)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.held_out",
        description="Scores a pretrained model on held-out documents.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--model", required=True, help="of albert pretrain")
    add("--corpus", required=True, help="of albert prepare")
    add(
        "--max-length",
        type=int,
        nargs="+",
        default=[128],
        metavar="N",
        help="longest sequences, in tokens",
    )
    add("--draws", type=int, default=4, help="times the text is cut anew")
    add("--batch-size", type=int, default=32)
    add("--json", metavar="FILE", help="also write the figures there")
    return parser


def _draw(model, options, length, seed):
    """Returns pieces and orders, each int[2, count]: guessed, wanted."""
    from albert_tf.data.pretraining import PretrainingBatches

    settings = PretrainOptions(
        corpus=options.corpus, output="unused", max_length=length
    )
    batches = PretrainingBatches(
        Corpus.open(options.corpus),
        AlbertTokenizer.from_pretrained(options.corpus),
        settings.segments(),
        settings.masking(),
        batch_size=options.batch_size,
        seed=seed,
    )
    pieces, orders = [], []
    for inputs, targets, weights in batches.held_out():
        logits = model.predict_on_batch(inputs)
        for name, kept in (
            ("masked_lm_logits", pieces),
            ("sentence_order_logits", orders),
        ):
            is_asked = np.array(weights[name]) > 0
            wanted = np.array(targets[name])[is_asked]
            guessed = logits[name].argmax(-1)[is_asked]
            kept.append(np.stack([guessed, wanted]))
    return np.concatenate(pieces, 1), np.concatenate(orders, 1)


def _summary(draws):
    pieces = np.concatenate([pieces for pieces, _ in draws], 1)
    per_draw = [float((one[0] == one[1]).mean()) for _, one in draws]
    orders = np.concatenate([orders for _, orders in draws], 1)
    return {
        "masked_lm": round(float((pieces[0] == pieces[1]).mean()), 4),
        "most_frequent_piece": round(
            float(np.bincount(pieces[1]).max() / pieces.shape[1]), 4
        ),
        "sentence_order": round(float((orders[0] == orders[1]).mean()), 4),
        "sentence_order_spread": round(statistics.pstdev(per_draw), 4),
        "orders": orders.shape[1],
    }


if __name__ == "__main__":
    main()
