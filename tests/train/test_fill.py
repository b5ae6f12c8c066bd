"""Filling masks finds what the model was taught."""

import shutil

import keras
import numpy as np
import pytest

from albert_tf import AlbertForMaskedLM
from albert_tf.cli import main
from albert_tf.train.fill import fill
from tests.conftest import GOLDEN

SENTENCES = ["the weather is nice today", "I paid for the book in London"]


@pytest.fixture(scope="module")
def taught(tiny_config, small_tokenizer, tmp_path_factory):
    """A model that knows two sentences by heart, and what was masked."""
    keras.utils.set_random_seed(0)
    config = tiny_config.replace(initializer_range=0.05)
    model = AlbertForMaskedLM(config)
    inputs = small_tokenizer(SENTENCES)
    targets = inputs["token_ids"].copy()
    positions = [2, 3]
    for row, position in enumerate(positions):
        inputs["token_ids"][row, position] = small_tokenizer.mask_id
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss, jit_compile=False)
    model.fit(inputs, targets, epochs=80, verbose=0)
    directory = tmp_path_factory.mktemp("fill")
    model.save_pretrained(directory, small_tokenizer)
    pieces = [small_tokenizer.tokenize(text) for text in SENTENCES]
    masked = [row[p - 1] for row, p in zip(pieces, positions)]
    texts = []
    for row, position in zip(pieces, positions):
        row = [*row[: position - 1], " [MASK]", *row[position:]]
        texts.append("".join(row).replace("\u2581", " ").strip())
    return directory, texts, masked


def test_masks_are_filled_with_what_was_taught(taught, capsys):
    directory, texts, masked = taught
    for text, piece in zip(texts, masked):
        (guesses,) = fill(directory, text, top=3)
        assert guesses[0].piece == piece
        chances = [guess.probability for guess in guesses]
        assert chances == sorted(chances, reverse=True)
        assert np.sum(chances) <= 1 + 1e-6
        assert main(["fill", text, "--model", str(directory)]) == 0
        assert capsys.readouterr().out.splitlines()[0].split("\t")[1] == piece


def test_each_mask_gets_its_guesses(taught):
    assert len(fill(taught[0], "[MASK] weather is [MASK]")) == 2


def test_text_too_long_is_refused(taught, tiny_config):
    text = "the weather " * tiny_config.max_position_embeddings + "[MASK]"
    with pytest.raises(ValueError, match=r"tokens, the model \d+ positions"):
        fill(taught[0], text)


def test_tokenizer_of_another_model_is_refused(config, tmp_path):
    AlbertForMaskedLM(config).save_pretrained(tmp_path)
    shutil.copy(GOLDEN / "small.spiece.model", tmp_path / "spiece.model")
    with pytest.raises(ValueError, match="has 1000 pieces, the model 99"):
        fill(tmp_path, "the [MASK]")


def test_text_without_mask_is_refused(taught):
    with pytest.raises(ValueError, match="has no .MASK."):
        fill(taught[0], "nothing missing")
