"""A pretrained model goes on with longer sequences."""

import dataclasses

import keras
import numpy as np
import pytest

from albert_tf import AlbertForPreTraining
from albert_tf.train.longer_positions import extend_positions
from albert_tf.train.pretrain import pretrain
from albert_tf.train.pretrain_options import PretrainOptions
from tests.corpora import documents, write_corpus


@pytest.fixture
def model(tiny_config):
    keras.utils.set_random_seed(5)
    return AlbertForPreTraining(tiny_config.replace(max_position_embeddings=16))


def test_short_sequences_are_read_as_before(model):
    longer = extend_positions(model, 40)
    assert longer.albert_config.max_position_embeddings == 40
    ids = np.random.default_rng(2).integers(5, 100, (2, 16))
    inputs = {
        "token_ids": ids,
        "segment_ids": np.zeros_like(ids),
        "padding_mask": np.ones_like(ids),
        "masked_positions": np.array([[1, 15], [3, 4]]),
    }
    for name, expected in model(inputs).items():
        np.testing.assert_array_equal(longer(inputs)[name], expected)


def test_new_positions_repeat_all_but_the_first(model):
    table, longer = (
        np.array(m.encoder.embeddings.position_embeddings.embeddings)
        for m in (model, extend_positions(model, 40))
    )
    expected = [*table, *table[1:], *table[1:10]]
    np.testing.assert_array_equal(longer, expected)


def test_pretraining_goes_on_with_them(model, small_tokenizer, tmp_path):
    model.save_pretrained(tmp_path / "short", small_tokenizer)
    texts = documents(small_tokenizer)
    corpus = write_corpus(tmp_path, small_tokenizer, texts[3:], texts[:3], 2)
    options = PretrainOptions(
        corpus=str(corpus),
        output=str(tmp_path / "run"),
        model=str(tmp_path / "short"),
        max_length=32,
        batch_size=4,
        steps=2,
        steps_per_evaluation=2,
        evaluation_batches=1,
        learning_rate=1e-3,
    )
    with pytest.raises(ValueError, match="is 32; .*short has 16 positions"):
        pretrain(options)
    again = dataclasses.replace(options, overwrite=True, extend_positions=True)
    pretrain(again)
    saved = AlbertForPreTraining.from_pretrained(tmp_path / "run")
    assert saved.albert_config.max_position_embeddings == 32
    with pytest.raises(ValueError, match="leave --extend-positions out"):
        dataclasses.replace(again, model=None)
