"""`albert prepare`: from text to shards that TensorFlow reads."""

import gzip
import json

import pytest
import tensorflow as tf

from albert_tf import AlbertTokenizer
from albert_tf.cli import main
from albert_tf.data.corpus import Corpus
from tests.conftest import GOLDEN

pytest.importorskip("apache_beam")
MODEL = str(GOLDEN / "small.spiece.model")
FEATURES = {
    "token_ids": tf.io.RaggedFeature(tf.int64),
    "sentence_lengths": tf.io.RaggedFeature(tf.int64),
}
WORDS = (GOLDEN / "small_corpus.txt").read_text(encoding="utf-8").split()


def _texts(number):
    """Returns documents of one to three paragraphs, all of them different."""
    texts = []
    for i in range(number):
        words = [WORDS[(i * 37 + j * 11) % len(WORDS)] for j in range(5 + i)]
        paragraph = f"Number {i} is here. " + " ".join(words) + "."
        texts.append("\n".join([paragraph] * (1 + i % 3)))
    return texts


def _write_jsonl(path, texts):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        file.write(lines)


def _prepare(*arguments):
    return main(["prepare", "--tokenizer", MODEL, *map(str, arguments)])


def read(corpus, split):
    """Returns (token_ids, sentence_lengths) of a split's documents."""
    dataset = tf.data.TFRecordDataset(corpus.files(split))
    parsed = dataset.map(lambda r: tf.io.parse_single_example(r, FEATURES))
    return [
        (each["token_ids"].tolist(), each["sentence_lengths"].tolist())
        for each in parsed.as_numpy_iterator()
    ]


def test_documents_are_those_of_the_text(tmp_path, small_tokenizer):
    texts = _texts(40)
    _write_jsonl(tmp_path / "a.jsonl.gz", texts)
    status = _prepare(
        tmp_path / "*.gz", "--output", tmp_path / "out", "--held-out", 0.2,
        "--num-shards", 3, "--num-workers", 1, "--splitter", "lines",
    )  # fmt: skip
    assert status == 0
    corpus = Corpus.open(tmp_path / "out")
    found = {split: read(corpus, split) for split in ("train", "heldout")}
    expected = [
        [small_tokenizer.encode(line).ids for line in text.split("\n")]
        for text in texts
    ]
    expected = [(sum(rows, []), [len(r) for r in rows]) for rows in expected]
    assert sorted(found["train"] + found["heldout"]) == sorted(expected)
    assert len(corpus.files("train")) == 3
    for split, documents in found.items():
        assert corpus.num_documents(split) == len(documents) > 0
        tokens = sum(len(ids) for ids, _ in documents)
        assert corpus.splits[split].num_tokens == tokens
    tokenizer = AlbertTokenizer.from_pretrained(tmp_path / "out")
    corpus.check_tokenizer(tokenizer)
