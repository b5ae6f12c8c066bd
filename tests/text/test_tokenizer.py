"""The tokenizer as a user meets it: batches, files, errors."""

import json

import numpy as np
import pytest
import sentencepiece

from albert_tf import AlbertTokenizer
from albert_tf.text import training


def test_call_one_text(small_tokenizer):
    batch = small_tokenizer("a good film")
    ids = small_tokenizer.encode("a good film").ids
    assert batch["token_ids"].tolist() == [[2, *ids, 3]]
    assert batch["token_ids"].dtype == np.int32


def test_call_pairs(small_tokenizer):
    batch = small_tokenizer(["a", "the film"], ["of", "of"], max_length=16)
    assert list(batch) == ["token_ids", "segment_ids", "padding_mask"]
    a, of = small_tokenizer.encode("a").ids, small_tokenizer.encode("of").ids
    assert batch["token_ids"][0, :5].tolist() == [2, *a, 3, *of, 3]
    assert batch["segment_ids"][0, :5].tolist() == [0, 0, 0, 1, 1]
    assert batch["padding_mask"].sum(1).tolist()[0] == 5


def test_call_one_pair(small_tokenizer):
    assert small_tokenizer("a", "of")["token_ids"].shape == (1, 5)


def test_call_cuts(small_tokenizer):
    batch = small_tokenizer("word " * 300, max_length=10)
    assert batch["token_ids"].shape == (1, 10)
    assert batch["token_ids"][0, -1] == small_tokenizer.sep_id


def test_special_ids(small_tokenizer):
    assert small_tokenizer.vocab_size == 1000
    assert [
        small_tokenizer.pad_id,
        small_tokenizer.unk_id,
        small_tokenizer.cls_id,
        small_tokenizer.sep_id,
        small_tokenizer.mask_id,
    ] == [0, 1, 2, 3, 4]


def test_decode(small_tokenizer):
    ids = small_tokenizer("The film, of 2012, was good.")["token_ids"][0]
    padded = [*ids, small_tokenizer.pad_id]
    assert small_tokenizer.decode(padded) == "the film, of 2012, was good."


@pytest.mark.parametrize("token_id", [-1, 1000])
def test_decode_foreign_id(small_tokenizer, token_id):
    with pytest.raises(ValueError, match=f"0 to 999. Received: {token_id}."):
        small_tokenizer.decode([5, token_id])


def test_cased(small_model):
    cased = AlbertTokenizer(small_model, do_lower_case=False)
    assert cased.normalize(" Café  ") == "Cafe"
    assert cased.encode("THE").ids != cased.encode("the").ids


def test_keep_accents(small_model):
    kept = AlbertTokenizer(small_model, keep_accents=True)
    assert kept.normalize(" Café ½") == "café ½"
    # The model's own table composes and expands what is left.
    assert kept.tokenize("e\u0301") == kept.tokenize("é")
    assert kept.tokenize("½") == ["▁1", "⁄", "2"]


def test_model_from_bytes(small_model, small_tokenizer):
    tokenizer = AlbertTokenizer(small_model.read_bytes())
    assert tokenizer.tokenize("the film") == small_tokenizer.tokenize(
        "the film"
    )


def test_pairs_of_another_number(small_tokenizer):
    with pytest.raises(ValueError, match="Received: 2 texts, 1 pairs"):
        small_tokenizer(["a", "b"], ["c"])


@pytest.mark.parametrize("text", [None, b"bytes", float("nan"), 3])
def test_not_a_text(small_tokenizer, text):
    with pytest.raises(ValueError, match="must be a str.* at position 1"):
        small_tokenizer(["fine", text])
    for method in (small_tokenizer.encode, small_tokenizer.tokenize):
        with pytest.raises(ValueError, match="must be a str"):
            method(text)


def test_missing_model(tmp_path):
    with pytest.raises(ValueError, match="Cannot read .*none.model.*train"):
        AlbertTokenizer(tmp_path / "none.model")


@pytest.mark.parametrize("content", [b"", b"no model", b"\x0a\x05abc"])
def test_broken_model(tmp_path, content):
    path = tmp_path / "spiece.model"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="Not a SentencePiece model: .*spiece"):
        AlbertTokenizer(path)


def test_truncated_model(tmp_path, small_model):
    path = tmp_path / "spiece.model"
    path.write_bytes(small_model.read_bytes()[:5000])
    with pytest.raises(ValueError, match="Not a SentencePiece model"):
        AlbertTokenizer(path)


def test_model_of_another_architecture(tmp_path, small_model):
    corpus = small_model.parent / "small_corpus.txt"
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus),
        model_prefix=str(tmp_path / "t5"),
        vocab_size=300,
        minloglevel=2,
    )
    with pytest.raises(ValueError, match=r"lacks <pad>, \[CLS\], \[SEP\]"):
        AlbertTokenizer(tmp_path / "t5.model")


def test_save_and_load(tmp_path, small_model):
    saved = AlbertTokenizer(small_model, do_lower_case=False, keep_accents=True)
    saved.save(tmp_path / "new" / "model")
    loaded = AlbertTokenizer.from_pretrained(tmp_path / "new" / "model")
    assert loaded.model_proto == saved.model_proto
    assert not loaded.do_lower_case
    assert loaded.keep_accents


def test_load_without_settings(tmp_path, small_model):
    (tmp_path / "spiece.model").write_bytes(small_model.read_bytes())
    loaded = AlbertTokenizer.from_pretrained(tmp_path)
    assert loaded.do_lower_case
    assert not loaded.keep_accents


@pytest.mark.parametrize("content", ["{", "[]", '{"a": "\udcff"}'])
def test_broken_settings(tmp_path, small_model, content):
    (tmp_path / "spiece.model").write_bytes(small_model.read_bytes())
    path = tmp_path / "tokenizer_config.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match="Cannot read tokenizer settings"):
        AlbertTokenizer.from_pretrained(tmp_path)


def test_settings_that_would_change_ids(tmp_path, small_model):
    (tmp_path / "spiece.model").write_bytes(small_model.read_bytes())
    path = tmp_path / "tokenizer_config.json"
    path.write_text('{"remove_space": false}')
    with pytest.raises(ValueError, match="has remove_space=false"):
        AlbertTokenizer.from_pretrained(tmp_path)


def test_load_from_nowhere(tmp_path):
    with pytest.raises(ValueError, match="Cannot read .*spiece.model"):
        AlbertTokenizer.from_pretrained(tmp_path / "none")


def test_train(tmp_path, small_model):
    corpus = small_model.parent / "small_corpus.txt"
    tokenizer = AlbertTokenizer.train([corpus], vocab_size=500)
    assert tokenizer.vocab_size == 500
    assert tokenizer.tokenize("(£5)") == ["▁", "(", "£", "5", ")"]
    again = AlbertTokenizer.train(str(corpus), vocab_size=500)
    assert again.model_proto == tokenizer.model_proto
    tokenizer.save(tmp_path)
    settings = json.loads((tmp_path / "tokenizer_config.json").read_text())
    assert settings["do_lower_case"] is True


def test_train_cased(small_model):
    corpus = small_model.parent / "small_corpus.txt"
    tokenizer = AlbertTokenizer.train(
        [corpus], vocab_size=500, do_lower_case=False, keep_accents=True
    )
    assert not tokenizer.do_lower_case
    assert tokenizer.unk_id not in tokenizer.encode("Zoë").ids


def test_train_on_too_little(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("one line only\n")
    with pytest.raises(ValueError, match="Cannot train .* 30000 pieces: .*too"):
        AlbertTokenizer.train([path])


def test_train_on_nothing(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(" \n\n")
    with pytest.raises(ValueError, match="there is no text"):
        AlbertTokenizer.train([path], vocab_size=100)


def test_train_on_a_missing_file(tmp_path):
    with pytest.raises(ValueError, match="Cannot read .*none.txt: No such"):
        AlbertTokenizer.train([tmp_path / "none.txt"])


def test_train_on_other_encodings(tmp_path):
    path = tmp_path / "latin1.txt"
    path.write_bytes("fine\ncaf\xe9\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"not UTF-8 \(byte 8\).*iconv"):
        AlbertTokenizer.train([path])


def test_train_too_few_pieces(small_model):
    corpus = small_model.parent / "small_corpus.txt"
    with pytest.raises(ValueError, match="Cannot train .* 20 pieces"):
        AlbertTokenizer.train([corpus], vocab_size=20)


def test_symbols_are_those_of_the_published_model(albert_model):
    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(albert_model)
    )
    symbols = [processor.id_to_piece(i) for i in range(5, 13)]
    assert tuple(symbols) == training.USER_SYMBOLS


def test_unknown_characters_that_spell_a_special_piece(tmp_path):
    """ALBERT looks ids up by the text of a piece."""
    words = "дом сад лес река мост снег весна зима"
    lines = [" ".join(words.split()[i % 5 :]) for i in range(40)]
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    tokenizer = AlbertTokenizer.train(path, vocab_size=30)
    reference = sentencepiece.SentencePieceProcessor()
    reference.load_from_serialized_proto(tokenizer.model_proto)
    for text in ("дом <pad> сад", "лес <unk>", "abc дом", "мост"):
        pieces = tokenizer.tokenize(text)
        expected = [reference.piece_to_id(piece) for piece in pieces]
        assert tokenizer.encode(text).ids == expected
        assert tokenizer.encode_ids([text, "сад"])[0] == expected
    assert tokenizer.pad_id in tokenizer.encode("дом <pad> сад").ids


def test_a_tokenizer_keeps_its_settings(small_tokenizer, tmp_path):
    cased = AlbertTokenizer(
        small_tokenizer.model_proto, do_lower_case=False, keep_accents=True
    )
    cased.save(tmp_path)
    for path in (tmp_path, tmp_path / "spiece.model"):
        again = AlbertTokenizer.from_pretrained(path)
        assert not again.do_lower_case and again.keep_accents
