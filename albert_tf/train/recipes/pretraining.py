"""Pretraining schedules: the paper's, and small ones of our own.

    albert pretrain --corpus CORPUS --recipe cpu --output OUT

`paper_v1`, `paper_v2`: arXiv:1909.11942 section 4.1, for `--preset
    albert_base_v1` to `albert_xxlarge_v2`. Google trained on 64 to 512 TPU v3
    cores, about 16 GB of text; v2 leaves dropout out and runs longer (3M
    steps; base 10M). Expect the scores of the published models: base v2 has
    92.9 on SST-2 and 82.1/79.3 on SQuAD 2.0. Not run here.
`one_gpu`: the same at a batch of 256 for one card of 16 GB or more and bf16.
    Not run here: days for base, and no score is known.
`cpu`: small sizes on two CPU cores, from counts of the corpus. Measured on two
    cores without AVX-512, embeddings 128, one layer of width 192 applied 4
    times, 8,000 pieces, 11.7 million tokens of Wikipedia and books: 49 minutes,
    6,000 tokens a second, 24.5 % of held-out masked pieces (the most frequent
    one: 4.6 %) and 61.6 % of sentence orders. From random weights, 3,400 steps
    gave 14.0 % of the pieces.
"""

from __future__ import annotations

from typing import Any

_PAPER = {
    "max_length": 512,
    "max_predictions": 20,
    "batch_size": 4096,
    "steps": 125_000,
    "warm_up_steps": 3_125,
    "optimizer": "lamb",
    "learning_rate": 0.00176,
}

RECIPES: dict[str, dict[str, Any]] = {
    "paper_v1": _PAPER,
    "paper_v2": {**_PAPER, "dropout": 0.0, "steps": 3_000_000},
    "one_gpu": {
        "max_length": 512,
        "max_predictions": 77,
        "batch_size": 256,
        "accumulation_steps": 8,
        "steps": 250_000,
        "warm_up_steps": 6_250,
        "optimizer": "lamb",
        "dropout": 0.0,
        "precision": "mixed_bfloat16",
    },
    "cpu": {
        "max_length": 128,
        "batch_size": 32,
        "steps": 4_000,
        "warm_up_steps": 150,
        "optimizer": "adamw",
        "learning_rate": 1e-3,
        "initial_weights": "corpus",
        "steps_per_evaluation": 200,
        "evaluation_batches": 30,
    },
}
