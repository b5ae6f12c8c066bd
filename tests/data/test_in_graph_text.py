"""Text inside a TensorFlow graph equals text in Python, id for id."""

import functools
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys

import numpy as np
import pytest
import sentencepiece

from albert_tf.text.tokenizer import AlbertTokenizer
from tests.examples import run_example
from tests.golden.shared import CHECKOUT, shared_path
from tests.text.random_text import RandomText

tf = pytest.importorskip("tensorflow")
pytest.importorskip("tensorflow_text")
pytest.importorskip("keras_nlp")

from albert_tf.data import in_graph_unigram  # noqa: E402
from albert_tf.data.in_graph_text import AlbertTextPreprocessor  # noqa: E402

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
SMALL_MODEL = GOLDEN / "small.spiece.model"


def _model(name):
    if name == "small":
        return SMALL_MODEL
    return shared_path("data/albert/spiece.model")


def _golden_path(name):
    if name == "small":
        return GOLDEN / "tokenization_small.json"
    return shared_path("golden/tokenization.json")


@functools.cache
def _layer(name):
    return AlbertTextPreprocessor(AlbertTokenizer(_model(name)), max_length=16)


@pytest.fixture
def preprocess():
    return _layer("small")


def _without_surrogates(text):
    """A string tensor holds UTF-8, in which there is no lone surrogate."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@pytest.mark.parametrize("name", ["small", "albert"])
def test_golden_lines(name):
    rows = json.loads(_golden_path(name).read_text(encoding="utf-8"))
    texts = [_without_surrogates(row["text"]) for row in rows]
    layer = _layer(name)
    normalized = [text.decode() for text in layer.normalize(texts).numpy()]
    assert normalized == [row["normalized"] for row in rows]
    assert layer.encode_ids(texts).to_list() == [row["ids"] for row in rows]


def _compare_random_text(layer, num_texts):
    tokenizer = layer.tokenizer
    pieces = [tokenizer.id_to_piece(i) for i in range(5, tokenizer.vocab_size)]
    make_text = RandomText(random.Random(num_texts), pieces)
    texts = [_without_surrogates(make_text()) for _ in range(num_texts)]
    normalized = layer.normalize(texts).numpy()
    for text, ours in zip(texts, normalized):
        assert ours.decode() == tokenizer.normalize(text), ascii(text)
    ids = layer.encode_ids(texts).to_list()
    for text, ours, theirs in zip(texts, ids, tokenizer.encode_ids(texts)):
        assert ours == theirs, ascii(text)


@pytest.mark.parametrize("name", ["small", "albert"])
def test_random_text(name):
    _compare_random_text(_layer(name), 500)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["small", "albert"])
@pytest.mark.parametrize(
    "settings",
    [{}, {"keep_accents": True}, {"do_lower_case": False}],
    ids=["default", "keep_accents", "cased"],
)
def test_much_random_text(name, settings):
    tokenizer = AlbertTokenizer(_model(name), **settings)
    _compare_random_text(AlbertTextPreprocessor(tokenizer), 6_000)


@pytest.mark.slow
def test_every_character():
    tokenizer = AlbertTokenizer(SMALL_MODEL)
    layer = AlbertTextPreprocessor(tokenizer)
    for first in range(0, 0x110000, 0x1000):
        codes = range(first, first + 0x1000)
        texts = [
            f"a{chr(c)}Σ{chr(c)}b" for c in codes if not 0xD800 <= c < 0xE000
        ]
        normalized = [x.decode() for x in layer.normalize(texts).numpy()]
        assert normalized == [tokenizer.normalize(text) for text in texts]


def test_ties_are_broken_as_in_the_reference():
    """TensorFlow Text's own op has `ee e`; so would 64-bit sums."""
    layer = _layer("albert")
    (ids,) = layer.encode_ids(["eee"]).to_list()
    assert [layer.tokenizer.id_to_piece(i) for i in ids] == ["▁", "e", "ee"]


def test_sums_that_outgrow_32_bits(preprocess):
    text = "x1," * 6_000
    expected = preprocess.tokenizer.encode_ids([text])
    assert preprocess.encode_ids([text]).to_list() == expected


def test_bytes_that_are_not_utf8(preprocess):
    broken = [b"caf\xe9 ok", b"\xff\xfe", b"a\xed\xa0\x80b", b"cut\xc3"]
    texts = [text.decode("utf-8", "replace") for text in broken]
    expected = preprocess.tokenizer.encode_ids(texts)
    assert preprocess.encode_ids(broken).to_list() == expected


TEXTS = ["A good film, 2012,", "", "It is", "word " * 40, "( £5 )"]
PAIRS = ["", "of the", "word " * 40, "word " * 40, "2,500 x"]


def _assert_same(batch, expected):
    assert set(batch) == set(expected)
    for name, array in expected.items():
        assert batch[name].dtype == tf.int32
        np.testing.assert_array_equal(batch[name], array, err_msg=name)


def test_batch(preprocess, max_length=16):
    tokenizer = preprocess.tokenizer
    layer = preprocess
    if max_length != preprocess.max_length:
        layer = AlbertTextPreprocessor(tokenizer, max_length=max_length)
    _assert_same(layer(TEXTS), tokenizer(TEXTS, max_length=max_length))
    _assert_same(
        layer(TEXTS, PAIRS), tokenizer(TEXTS, PAIRS, max_length=max_length)
    )


def test_one_text(preprocess):
    expected = preprocess.tokenizer("A film", max_length=16)
    _assert_same(preprocess("A film"), {k: v[0] for k, v in expected.items()})


def test_no_text(preprocess):
    assert preprocess(tf.constant([], tf.string))["token_ids"].shape[0] == 0


def test_dataset_batched_and_not(preprocess):
    texts = tf.data.Dataset.from_tensor_slices(TEXTS)
    expected = preprocess.tokenizer(TEXTS, max_length=16)
    (batch,) = texts.batch(len(TEXTS)).map(preprocess)
    _assert_same(batch, expected)
    (batch,) = texts.map(preprocess).padded_batch(len(TEXTS))
    _assert_same(batch, expected)


def test_dataset_with_labels(preprocess):
    rows = tf.data.Dataset.from_tensor_slices((TEXTS, PAIRS, [0, 1, 0, 1, 1]))
    rows = rows.batch(2).map(lambda a, b, label: (preprocess(a, b), label))
    inputs, label = next(iter(rows))
    _assert_same(
        inputs, preprocess.tokenizer(TEXTS[:2], PAIRS[:2], max_length=16)
    )
    assert label.numpy().tolist() == [0, 1]


def test_pad_to_max_length():
    layer = AlbertTextPreprocessor(
        AlbertTokenizer(SMALL_MODEL), max_length=12, pad_to_max_length=True
    )
    texts = tf.data.Dataset.from_tensor_slices(TEXTS).batch(2).map(layer)
    assert texts.element_spec["token_ids"].shape.as_list() == [None, 12]
    assert all(batch["token_ids"].shape[1] == 12 for batch in texts)


def test_example():
    tokenizer = AlbertTokenizer(SMALL_MODEL)
    run_example(AlbertTextPreprocessor, tf=tf, tokenizer=tokenizer)


def test_config_round_trip():
    tokenizer = AlbertTokenizer(SMALL_MODEL, keep_accents=True)
    layer = AlbertTextPreprocessor(tokenizer, max_length=7)
    config = json.loads(json.dumps(layer.get_config()))
    again = AlbertTextPreprocessor.from_config(config)
    assert again.get_config() == layer.get_config()
    assert again.normalize(["Café"]).numpy()[0].decode() == "café"


def test_max_length_too_small():
    with pytest.raises(ValueError, match="at least 5.*max_length=4"):
        AlbertTextPreprocessor(AlbertTokenizer(SMALL_MODEL), max_length=4)


@pytest.mark.parametrize("missing", ["tensorflow_text", "keras_nlp"])
def test_a_missing_package_is_named(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(
        ValueError, match=f"needs {missing}: .*pip install tensorflow-text"
    ):
        AlbertTextPreprocessor(AlbertTokenizer(SMALL_MODEL))


def test_vocabulary_without_a_comma():
    tokenizer = AlbertTokenizer(SMALL_MODEL)
    without = tokenizer.model_proto.replace(b"\n\x01,", b"\n\x01\x7f", 1)
    with pytest.raises(ValueError, match='has no piece ","'):
        AlbertTextPreprocessor(AlbertTokenizer(without))


@pytest.mark.parametrize(
    "options", [{"model_type": "bpe"}, {"byte_fallback": True}]
)
def test_other_segmentations(options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        input=str(GOLDEN / "small_corpus.txt"),
        model_writer=model,
        vocab_size=400,
        pad_id=0,
        unk_id=1,
        bos_id=-1,
        eos_id=-1,
        control_symbols=["[CLS]", "[SEP]", "[MASK]"],
        minloglevel=2,
        **options,
    )
    with pytest.raises(ValueError, match="needs a Unigram model without byte"):
        AlbertTextPreprocessor(AlbertTokenizer(model.getvalue()))


def test_trie_takes_no_control_pieces(preprocess):
    ids = preprocess.encode_ids(["[CLS] <pad> [MASK]"]).to_list()[0]
    assert not set(ids) & {0, 2, 3, 4}
    assert in_graph_unigram.UNKNOWN == 2


@pytest.mark.slow
@pytest.mark.parametrize("max_length", [5, 6, 9, 10])
def test_batch_of_every_length(preprocess, max_length):
    test_batch(preprocess, max_length)


_ON_JAX = """
import numpy as np, tensorflow as tf
from albert_tf import AlbertTokenizer
from albert_tf.data.in_graph_text import AlbertTextPreprocessor
tokenizer = AlbertTokenizer("tests/golden/small.spiece.model")
layer = AlbertTextPreprocessor(tokenizer, max_length=16)
texts = ["A good film, 2012,", "it is"]
rows = tf.data.Dataset.from_tensor_slices(texts).batch(2).map(layer)
for name, array in tokenizer(texts).items():
    np.testing.assert_array_equal(next(iter(rows))[name], array)
    np.testing.assert_array_equal(layer(texts)[name], array)
"""


@pytest.mark.slow
def test_on_the_jax_backend():
    pytest.importorskip("jax")
    done = subprocess.run(
        [sys.executable, "-c", _ON_JAX],
        cwd=CHECKOUT,
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
