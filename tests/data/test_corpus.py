"""Reading `corpus.json`: what is strict, and what it says then."""

import json

import pytest

from albert_tf import AlbertTokenizer
from albert_tf.data.corpus import Corpus
from albert_tf.data.corpus_summary import summary
from tests.conftest import GOLDEN
from tests.examples import run_example

FIELDS = {
    "format_version": 1,
    "tokenizer_sha256": "af" * 32,
    "do_lower_case": True,
    "keep_accents": False,
    "vocab_size": 1000,
    "seed": 1,
    "held_out": 0.5,
    "splitter": "english",
    "splits": {
        "train": {
            "shards": [
                {
                    "file": "train-00000-of-00001.tfrecord",
                    "num_documents": 2,
                    "num_tokens": 9,
                    "num_bytes": 4,
                }
            ],
            "num_documents": 2,
            "num_sentences": 3,
            "num_tokens": 9,
            "num_unknown": 0,
        },
        "heldout": {
            "shards": [],
            "num_documents": 0,
            "num_sentences": 0,
            "num_tokens": 0,
            "num_unknown": 0,
        },
    },
    "document_lengths": {"4": 2},
    "sentence_lengths": {"2": 3},
}


def _write(folder, **changes):
    (folder / "train-00000-of-00001.tfrecord").write_bytes(b"four")
    fields = {**json.loads(json.dumps(FIELDS)), **changes}
    (folder / "corpus.json").write_text(json.dumps(fields))


def test_open(tmp_path):
    _write(tmp_path)
    corpus = Corpus.open(tmp_path)
    shard = str(tmp_path / "train-00000-of-00001.tfrecord")
    assert corpus.files("train") == [shard]
    assert corpus.files("heldout") == []
    assert corpus.num_documents("train") == 2
    assert corpus.document_lengths == {4: 2}
    before = (tmp_path / "corpus.json").read_text()
    corpus.write()
    after = (tmp_path / "corpus.json").read_text()
    assert json.loads(before) == json.loads(after) == FIELDS


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"format_version": 2}, "has format 2; .* up to 1. Update"),
        ({"format_version": "1"}, "must have `format_version` 1"),
        ({"colour": 1}, "unknown keys colour"),
        ({"seed": "1"}, "`seed` must be int, not '1'"),
        ({"splits": {"train": {}}}, "must hold train and heldout"),
        ({"document_lengths": {"4": -2}}, "must be a count, not -2"),
        ({"splits": None}, "no description of a corpus"),
    ],
)
def test_open_refuses(tmp_path, changes, message):
    _write(tmp_path, **changes)
    with pytest.raises(ValueError, match=message):
        Corpus.open(tmp_path)


def test_open_refuses_a_missing_key(tmp_path):
    _write(tmp_path)
    fields = {k: v for k, v in FIELDS.items() if k != "vocab_size"}
    (tmp_path / "corpus.json").write_text(json.dumps(fields))
    with pytest.raises(ValueError, match="lacks vocab_size"):
        Corpus.open(tmp_path)


def test_open_refuses_what_is_no_corpus(tmp_path):
    with pytest.raises(ValueError, match="corpus.json is missing.*prepare"):
        Corpus.open(tmp_path)
    (tmp_path / "corpus.json").write_text("{")
    with pytest.raises(ValueError, match="Cannot read .*corpus.json"):
        Corpus.open(tmp_path)


def test_open_refuses_damaged_shards(tmp_path):
    _write(tmp_path)
    path = tmp_path / "train-00000-of-00001.tfrecord"
    path.write_bytes(b"fo")
    with pytest.raises(ValueError, match="has 2 bytes, expected 4"):
        Corpus.open(tmp_path)
    path.unlink()
    with pytest.raises(ValueError, match="train-0.* is missing"):
        Corpus.open(tmp_path)


def test_check_tokenizer(tmp_path, small_tokenizer):
    import hashlib

    sha = hashlib.sha256(small_tokenizer.model_proto).hexdigest()
    _write(tmp_path, tokenizer_sha256=sha)
    corpus = Corpus.open(tmp_path)
    corpus.check_tokenizer(small_tokenizer)
    cased = AlbertTokenizer(GOLDEN / "small.spiece.model", do_lower_case=False)
    with pytest.raises(ValueError, match="do_lower_case=True. Received: do"):
        corpus.check_tokenizer(cased)
    _write(tmp_path)
    both = f"sha256 {'af' * 32}. Received: sha256 {sha}"
    with pytest.raises(ValueError, match=both):
        Corpus.open(tmp_path).check_tokenizer(small_tokenizer)


def test_example(tmp_path, small_tokenizer):
    import hashlib

    sha = hashlib.sha256(small_tokenizer.model_proto).hexdigest()
    _write(tmp_path, tokenizer_sha256=sha)
    small_tokenizer.save(tmp_path)
    names = {"directory": tmp_path, "AlbertTokenizer": AlbertTokenizer}
    run_example(Corpus, **names)


def test_summary_tells_of_sentences_that_are_hardly_cut(tmp_path):
    _write(tmp_path)
    assert "note" not in summary(Corpus.open(tmp_path))
    train = {**FIELDS["splits"]["train"], "num_sentences": 2}
    train["num_tokens"] = 140
    train["shards"] = [{**train["shards"][0], "num_tokens": 140}]
    _write(tmp_path, splits={**FIELDS["splits"], "train": train})
    text = summary(Corpus.open(tmp_path))
    assert "note: a sentence has 70 tokens on average" in text
    splits = {**FIELDS["splits"], "train": train}
    _write(tmp_path, splits=splits, splitter="lines")
    assert "note" not in summary(Corpus.open(tmp_path))
