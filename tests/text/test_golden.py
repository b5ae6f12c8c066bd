"""Ids, pieces and normalized text equal those of google-research/albert."""

import json

import pytest

from albert_tf.text.flat_ids import FlatEncoder
from albert_tf.text.tokenizer import AlbertTokenizer
from tests.golden import make_tokenization_small


@pytest.fixture
def tokenizer(golden):
    return AlbertTokenizer(golden[0])


def test_golden_has_all_lines(albert_rows):
    assert len(albert_rows) == 567


def test_small_golden_comes_from_the_reference(small_rows):
    made = json.loads(json.dumps(make_tokenization_small.rows()))
    assert made == small_rows, make_tokenization_small.__doc__


def test_normalized(tokenizer, golden):
    for row in golden[1]:
        assert tokenizer.normalize(row["text"]) == row["normalized"]


def test_tokenize(tokenizer, golden):
    for row in golden[1]:
        assert tokenizer.tokenize(row["text"]) == row["pieces"], row["text"]


def test_encode(tokenizer, golden):
    for row in golden[1]:
        encoding = tokenizer.encode(row["text"])
        assert encoding.ids == row["ids"], row["text"]
        assert encoding.pieces == row["pieces"]
        assert len(encoding.offsets) == len(row["ids"])
        if "offsets" in row:
            assert [list(o) for o in encoding.offsets] == row["offsets"]


def test_batch(tokenizer, golden):
    texts = [row["text"] for row in golden[1]]
    expected = [row["ids"] for row in golden[1]]
    assert tokenizer.encode_ids(texts) == expected


def test_batch_where_the_comma_is_no_piece(tokenizer, golden):
    tokenizer._resplit.works_on_ids = False
    texts = [row["text"] for row in golden[1][:80]]
    expected = [row["ids"] for row in golden[1][:80]]
    assert tokenizer.encode_ids(texts) == expected


@pytest.mark.parametrize("works_on_ids", [True, False])
def test_one_array(tokenizer, golden, works_on_ids):
    encoder = FlatEncoder(tokenizer)
    encoder._works_on_ids &= works_on_ids
    rows = golden[1] if works_on_ids else golden[1][:80]
    ids, lengths = encoder.encode([row["text"] for row in rows])
    assert lengths.tolist() == [len(row["ids"]) for row in rows]
    assert ids.tolist() == [each for row in rows for each in row["ids"]]


def test_no_text_in_one_array(tokenizer):
    ids, lengths = FlatEncoder(tokenizer).encode([])
    assert ids.shape == lengths.shape == (0,)
