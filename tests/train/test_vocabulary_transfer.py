"""A pretrained model goes on with another vocabulary."""

import dataclasses

import keras
import numpy as np
import pytest

from albert_tf import AlbertForPreTraining, AlbertTokenizer
from albert_tf.text.spiece_proto import read_pieces
from albert_tf.train.corpus_start import frequency_bias
from albert_tf.train.pretrain import pretrain
from albert_tf.train.pretrain_options import PretrainOptions
from albert_tf.train.vocabulary_transfer import (
    parts_of_pieces,
    transfer_vocabulary,
)
from tests.conftest import GOLDEN
from tests.corpora import documents, write_corpus


@pytest.fixture(scope="module")
def other_tokenizer():
    """Fewer and other pieces, of the same text."""
    corpus = GOLDEN / "small_corpus.txt"
    return AlbertTokenizer.train([corpus], vocab_size=300)


def test_parts_spell_the_piece(small_tokenizer, other_tokenizer):
    for old, new in (
        (small_tokenizer, other_tokenizer),
        (other_tokenizer, small_tokenizer),
    ):
        old_pieces = read_pieces(old.model_proto)
        parts = parts_of_pieces(old, new)
        lengths = set()
        for piece, ids in zip(read_pieces(new.model_proto), parts, strict=True):
            spelled = "".join(old_pieces[i].text for i in ids)
            assert spelled == piece.text or old.unk_id in ids
            lengths.add(len(ids))
        assert max(lengths) > 1
        assert parts[:5] == [[0], [1], [2], [3], [4]]


def test_parts_of_words_are_what_the_tokenizer_gives(
    small_tokenizer, other_tokenizer
):
    """The reference: SentencePiece's own segmentation of whole words."""
    parts = parts_of_pieces(other_tokenizer, small_tokenizer)
    words = 0
    for piece, ids in zip(
        read_pieces(small_tokenizer.model_proto), parts, strict=True
    ):
        word = piece.text.removeprefix("\u2581")
        if word == piece.text or not word.isalpha():
            continue
        assert ids == other_tokenizer.encode(word).ids, word
        words += 1
    assert words > 100


def test_weights_come_along(tiny_config, small_tokenizer, other_tokenizer):
    keras.utils.set_random_seed(5)
    model = AlbertForPreTraining(tiny_config)
    counts = np.arange(other_tokenizer.vocab_size)
    new = transfer_vocabulary(model, small_tokenizer, other_tokenizer, counts)
    assert new.albert_config == tiny_config.replace(vocab_size=300)
    old_table, table = (
        np.array(m.encoder.embeddings.word_embeddings.embeddings)
        for m in (model, new)
    )
    for ids, vector in zip(
        parts_of_pieces(small_tokenizer, other_tokenizer), table, strict=True
    ):
        np.testing.assert_allclose(vector, old_table[ids].mean(0), atol=1e-6)
    np.testing.assert_allclose(
        new.masked_lm.bias, frequency_bias(counts), atol=1e-5
    )
    old = {w.path: w for w in model.weights}
    for weight in new.weights:
        if 300 not in weight.shape:
            np.testing.assert_array_equal(weight, old[weight.path])


def test_pretraining_goes_on_with_it(
    tiny_config, small_tokenizer, other_tokenizer, tmp_path
):
    AlbertForPreTraining(tiny_config).save_pretrained(
        tmp_path / "old", small_tokenizer
    )
    texts = documents(other_tokenizer)
    corpus = write_corpus(tmp_path, other_tokenizer, texts[3:], texts[:3], 2)
    options = PretrainOptions(
        corpus=str(corpus),
        output=str(tmp_path / "run"),
        model=str(tmp_path / "old"),
        max_length=32,
        batch_size=4,
        steps=2,
        steps_per_evaluation=2,
        evaluation_batches=1,
        learning_rate=1e-3,
    )
    with pytest.raises(
        ValueError, match="with another vocabulary than .* give"
    ):
        pretrain(options)
    pretrain(dataclasses.replace(options, transfer_vocabulary=True))
    saved = AlbertForPreTraining.from_pretrained(tmp_path / "run")
    assert saved.albert_config.vocab_size == 300
    with pytest.raises(ValueError, match="for a model that is trained on"):
        dataclasses.replace(options, model=None, transfer_vocabulary=True)
