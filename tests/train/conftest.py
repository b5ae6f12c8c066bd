"""Data and options that several tests train with."""

import pytest

from albert_tf.train.pretrain_options import PretrainOptions
from tests.corpora import documents, write_corpus

WORDS = {"glad": ["sunny", "lovely"], "sad": ["gloomy", "dreadful"]}


@pytest.fixture
def data(tmp_path):
    """32 rows that a word decides."""
    rows = ["text\tlabel"]
    for label, words in WORDS.items():
        rows += [
            f"{w} day number {i}\t{label}" for i in range(8) for w in words
        ]
    path = tmp_path / "train.tsv"
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def pretraining(small_tokenizer, tmp_path):
    """Options of a pretraining of a few steps."""
    texts = documents(small_tokenizer)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write_corpus(corpus, small_tokenizer, texts[3:], texts[:3], 2)
    return PretrainOptions(
        corpus=str(corpus),
        output=str(tmp_path / "run"),
        preset="albert_edge_tiny",
        batch_size=4,
        max_length=48,
        steps=4,
        steps_per_evaluation=2,
        evaluation_batches=1,
    )
