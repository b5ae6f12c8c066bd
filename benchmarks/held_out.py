"""What a pretrained model knows of text that it has not seen.

    python -m benchmarks.held_out --model MODEL --corpus CORPUS

Scores masked LM and sentence order on a corpus' held-out documents, beside
the most frequent piece. Few documents give few orders to tell, so that the
same text is cut and masked several times, by other seeds. The spread that is
told is over those draws; it leaves out that other documents would differ.

Besides, of the rarer pieces behind `[MASK]`: how many are guessed where they
stand elsewhere in the sequence, and where they do not. And of the orders: how
many of those sequences that are at least three quarters full, as the end of a
document leaves a short one.
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

# SentencePiece numbers pieces from the most frequent on.
_NUM_FREQUENT = 500


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
        found[str(length)] = summary(draws)
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
    """Returns pieces and orders, each int[3, count]: guessed, wanted, kind.

    Of a piece: 1 where a rarer one is in sight elsewhere, 0 where it is not,
    -1 for any other. Of an order: 1 where the sequence is long, else 0.
    """
    from albert_tf.data.pretraining import PretrainingBatches

    settings = PretrainOptions(
        corpus=options.corpus, output="unused", max_length=length
    )
    tokenizer = AlbertTokenizer.from_pretrained(options.corpus)
    batches = PretrainingBatches(
        Corpus.open(options.corpus),
        tokenizer,
        settings.segments(),
        settings.masking(),
        batch_size=options.batch_size,
        seed=seed,
    )
    pieces, orders = [], []
    for inputs, targets, weights in batches.held_out():
        logits = model.predict_on_batch(inputs)
        guessed = {name: each.argmax(-1) for name, each in logits.items()}
        name = "masked_lm_logits"
        is_asked = np.array(weights[name]) > 0
        wanted = np.array(targets[name])
        sight = in_sight(inputs, wanted, tokenizer.mask_id)
        rows = np.stack([guessed[name], wanted, sight])
        pieces.append(rows[:, is_asked])
        name = "sentence_order_logits"
        is_asked = np.array(weights[name]) > 0
        num_tokens = np.array(inputs["padding_mask"]).sum(1)
        is_long = 4 * num_tokens >= 3 * length
        rows = np.stack([guessed[name], np.array(targets[name]), is_long])
        orders.append(rows[:, is_asked])
    return np.concatenate(pieces, 1), np.concatenate(orders, 1)


def in_sight(inputs, wanted, mask_id):
    """Returns int[B, P], as the third row of the pieces of a draw.

    Args:
        inputs: dict of int[B, S] and int[B, P], as of `PretrainingBatches`.
        wanted: int[B, P]. The pieces that were there.
        mask_id: int.
    """
    token_ids = np.array(inputs["token_ids"])
    places = np.array(inputs["masked_positions"])
    is_seen = np.stack([np.isin(*row) for row in zip(wanted, token_ids)])
    is_rare = wanted >= _NUM_FREQUENT
    is_hidden = np.take_along_axis(token_ids, places, 1) == mask_id
    return np.where(is_rare & is_hidden, is_seen, -1)


def summary(draws):
    """Returns a dict of scores over all draws, shares but for the counts.

    Args:
        draws: list of (pieces, orders), as `_draw` returns them.
    """
    pieces = np.concatenate([pieces for pieces, _ in draws], 1)
    per_draw = [float((one[0] == one[1]).mean()) for _, one in draws]
    orders = np.concatenate([orders for _, orders in draws], 1)
    is_right = pieces[0] == pieces[1]
    is_told = orders[0] == orders[1]
    is_long = orders[2] == 1
    return {
        "masked_lm": round(float(is_right.mean()), 4),
        "rare_in_sight": round(float(is_right[pieces[2] == 1].mean()), 4),
        "rare_out_of_sight": round(float(is_right[pieces[2] == 0].mean()), 4),
        "most_frequent_piece": round(
            float(np.bincount(pieces[1]).max() / pieces.shape[1]), 4
        ),
        "sentence_order": round(float(is_told.mean()), 4),
        "sentence_order_spread": round(statistics.pstdev(per_draw), 4),
        "orders": orders.shape[1],
        "sentence_order_long": round(float(is_told[is_long].mean()), 4),
        "orders_long": int(is_long.sum()),
    }


if __name__ == "__main__":
    main()
