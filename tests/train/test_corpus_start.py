"""The first weights that counts of a corpus give."""

import keras
import numpy as np
import pytest
from keras import ops

from albert_tf import AlbertConfig, AlbertForPreTraining
from albert_tf.train.corpus_start import (
    looks,
    num_word_dimensions,
    start_from_corpus,
)

VOCAB = 400


def _model(**sizes):
    keras.utils.set_random_seed(1)
    config = AlbertConfig(
        **{
            "vocab_size": VOCAB,
            "embedding_size": 128,
            "hidden_size": 192,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "intermediate_size": 384,
            "max_position_embeddings": 96,
            **sizes,
        }
    )
    model = AlbertForPreTraining(config)
    generator = np.random.default_rng(2)
    vectors = generator.normal(size=(VOCAB, num_word_dimensions(config)))
    vectors /= np.sqrt(np.mean(vectors**2, 1, keepdims=True))
    counts = generator.integers(0, 1000, VOCAB)
    start_from_corpus(model, vectors, counts, seed=1)
    return model, vectors, counts


def _attention(model):
    """Returns float[heads, S, S] of the first depth, on random words."""
    length = model.albert_config.max_position_embeddings
    ids = np.random.default_rng(3).integers(5, VOCAB, (1, length))
    hidden = model.encoder.hidden_states({"token_ids": ids})[0]
    attention = model.encoder.transformer_layers[0].attention
    query = attention._split_heads(attention.query(hidden))
    key = attention._split_heads(attention.key(hidden))
    scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2)))
    return np.array(ops.softmax(scores / query.shape[-1] ** 0.5))[0]


@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"hidden_size": 768, "num_attention_heads": 12},
        {"embedding_size": 64, "hidden_size": 128},
    ],
    ids=["mini", "as wide as base", "narrow"],
)
def test_heads_look_at_neighbours(sizes):
    model, _, _ = _model(**sizes)
    attention = _attention(model)
    heads = looks(model.albert_config.num_attention_heads)
    middle = np.arange(30, 60)
    for weights, look in zip(attention, heads):
        near = weights[middle[:, None], middle[:, None] + range(-8, 9)]
        if look:
            assert near.mean(0).argmax() == 8 + look
            assert near.mean(0)[8 + look] > 0.4
        else:
            assert near.mean(0).max() < 0.2
            assert near.mean(0).sum() > 0.6


def test_where_heads_look():
    assert looks(12) == [-1, 1, -2, 2, -3, 3, 0, 0, 0]
    assert looks(4) == [-1, 1, 0]
    assert looks(1) == []


def test_embeddings_hold_the_vectors():
    model, vectors, _ = _model()
    words = np.array(model.encoder.embeddings.word_embeddings.embeddings)
    angles = words @ words.T / np.sum(words**2, 1)[:, None]
    expected = vectors @ vectors.T / vectors.shape[1]
    np.testing.assert_allclose(angles, expected, atol=1e-4)


def test_all_depths_have_the_size_of_one():
    model, _, _ = _model()
    ids = np.random.default_rng(3).integers(5, VOCAB, (1, 64))
    for hidden in model.encoder.hidden_states({"token_ids": ids}):
        assert 0.9 < np.std(hidden) < 1.1


def test_the_masked_lm_begins_with_the_frequencies():
    model, _, counts = _model()
    bias = np.array(model.masked_lm.bias)
    expected = np.log(counts + 1)
    np.testing.assert_allclose(
        bias - bias[0], expected - expected[0], atol=1e-4
    )
