"""One small configuration and batch for every model."""

import numpy as np
import pytest

from albert_tf import AlbertConfig

CLASSES = (
    "AlbertEncoder",
    "AlbertForMaskedLM",
    "AlbertForMultipleChoice",
    "AlbertForPreTraining",
    "AlbertForQuestionAnswering",
    "AlbertForSequenceClassification",
    "AlbertForTokenClassification",
)


@pytest.fixture(scope="package")
def config():
    """Two groups of two layers: every index of the layout counts."""
    return AlbertConfig(
        vocab_size=99,
        embedding_size=8,
        hidden_size=16,
        num_hidden_layers=4,
        num_hidden_groups=2,
        inner_group_num=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=20,
        initializer_range=0.3,
    )


@pytest.fixture(scope="package")
def batch():
    generator = np.random.default_rng(0)
    mask = np.ones((3, 11), np.int32)
    mask[1, 7:] = 0
    return {
        "token_ids": generator.integers(5, 99, (3, 11)).astype(np.int32),
        "segment_ids": np.tile((np.arange(11) > 5).astype(np.int32), (3, 1)),
        "padding_mask": mask,
    }


def inputs_of(name, batch):
    """Returns the batch in the shape that a model of this name takes."""
    if name == "AlbertForMultipleChoice":
        return {k: np.stack([v, v[::-1]], axis=1) for k, v in batch.items()}
    return dict(batch)


def perturb(model, seed=1):
    """Moves every weight, so that a wrong name or orientation shows."""
    generator = np.random.default_rng(seed)
    for variable in model.weights:
        if "seed" not in variable.path:
            noise = generator.normal(0, 0.1, variable.shape)
            variable.assign(np.asarray(variable) + noise)
    return model


def outputs_of(result):
    """Returns a model's outputs as a list of arrays."""
    values = result.values() if isinstance(result, dict) else [result]
    return [np.asarray(value) for value in values]
