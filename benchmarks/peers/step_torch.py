"""Times training steps of transformers' ALBERT-base on PyTorch.

    python -m benchmarks.peers.step_torch float32|bfloat16 BATCH LENGTH STEPS

In an environment with torch and transformers; `benchmarks.training` runs it.
"""

import sys

import torch
from transformers import AlbertConfig, AlbertForSequenceClassification

from benchmarks.meter import measured_step


def main():
    precision = sys.argv[1]
    batch_size, length, steps = map(int, sys.argv[2:])
    measured_step(lambda: _make_step(precision, (batch_size, length)), steps)


def _make_step(precision, shape):
    torch.manual_seed(0)
    config = AlbertConfig(
        hidden_size=768,
        num_attention_heads=12,
        intermediate_size=3072,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = AlbertForSequenceClassification(config).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    inputs = {
        "input_ids": torch.randint(5, 30000, shape),
        "token_type_ids": torch.zeros(shape, dtype=torch.long),
        "attention_mask": torch.ones(shape, dtype=torch.long),
        "labels": torch.randint(0, 2, shape[:1]),
    }
    is_half = precision == "bfloat16"

    def step():
        with torch.autocast("cpu", torch.bfloat16, enabled=is_half):
            loss = model(**inputs).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return float(loss.detach())

    return step


if __name__ == "__main__":
    main()
