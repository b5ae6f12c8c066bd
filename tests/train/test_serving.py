"""A SavedModel answers raw strings as the model does, without us."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from albert_tf import AlbertForSequenceClassification, AlbertTokenizer
from tests.examples import run_example

pytest.importorskip("tensorflow_text")
pytest.importorskip("keras_nlp")

from albert_tf.data.in_graph_text import AlbertTextPreprocessor
from albert_tf.train.serving import TextClassifier, export_saved_model

TEXTS = ["A good film, 2012,", "", "Café – £5?", "word " * 90]
PAIRS = ["it is", "of the", "", "word " * 90]
LABELS = ["calm", "glad", "sad"]

# Runs where there is neither Keras nor this project.
_CLIENT = """
import json, sys
import tensorflow as tf, tensorflow_text
served = tf.saved_model.load(sys.argv[1]).signatures
texts, pairs = json.loads(sys.argv[2]), json.loads(sys.argv[3])
def plain(answer):
    return {
        name: [x.decode() if isinstance(x, bytes) else x.tolist() for x in
               tensor.numpy()]
        for name, tensor in answer.items()
    }
print(json.dumps({
    "text": plain(served["serving_default"](text=tf.constant(texts))),
    "pair": plain(served["pair"](text=tf.constant(texts),
                                 pair=tf.constant(pairs))),
}))
assert "albert_tf" not in sys.modules and "keras_nlp" not in sys.modules
"""


def _ask(directory, texts=TEXTS, pairs=PAIRS):
    done = subprocess.run(
        [sys.executable, "-c", _CLIENT, str(directory)]
        + [json.dumps(texts), json.dumps(pairs)],
        cwd="/",
        env={"PATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _model(config, **arguments):
    keras.utils.set_random_seed(5)
    return AlbertForSequenceClassification(config, **arguments)


def _softmax(logits):
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def test_classifier(tiny_config, small_tokenizer, tmp_path):
    model = _model(tiny_config, labels=LABELS)
    export_saved_model(model, small_tokenizer, tmp_path / "served" / "1")
    answers = _ask(tmp_path / "served" / "1")
    for name, pairs in (("text", None), ("pair", PAIRS)):
        inputs = small_tokenizer(TEXTS, pairs, max_length=64)
        expected = _softmax(model.predict(inputs, verbose=0))
        probabilities = np.array(answers[name]["probabilities"])
        assert np.abs(probabilities - expected).max() < 1e-5
        best = [LABELS[index] for index in expected.argmax(-1)]
        assert answers[name]["label"] == best


@pytest.mark.slow
def test_example(tiny_config, small_tokenizer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_example(
        export_saved_model,
        tf=tf,
        model=_model(tiny_config),
        tokenizer=small_tokenizer,
    )


def test_regression(tiny_config, small_tokenizer):
    model = _model(tiny_config, num_labels=1)
    cased = AlbertTokenizer(small_tokenizer.model_proto, do_lower_case=False)
    preprocess = AlbertTextPreprocessor(cased, max_length=9)
    answer = TextClassifier(model, preprocess).classify(tf.constant(TEXTS))
    expected = model.predict(cased(TEXTS, max_length=9), verbose=0)[:, 0]
    assert list(answer) == ["score"]
    assert np.abs(answer["score"] - expected).max() < 1e-5


def test_another_model(tiny_config, small_tokenizer, tmp_path):
    encoder = _model(tiny_config).encoder
    with pytest.raises(ValueError, match="Received: AlbertEncoder"):
        export_saved_model(encoder, small_tokenizer, tmp_path / "1")


def test_another_vocabulary(tiny_config, small_tokenizer, tmp_path):
    model = _model(tiny_config.replace(vocab_size=999))
    with pytest.raises(ValueError, match="has 999 pieces, the tokenizer 1000"):
        export_saved_model(model, small_tokenizer, tmp_path / "1")


def test_directory_in_use(tiny_config, small_tokenizer, tmp_path):
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(ValueError, match="exists and holds no SavedModel"):
        export_saved_model(_model(tiny_config), small_tokenizer, tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "keep me"


def test_without_tensorflow_text(
    monkeypatch, tiny_config, small_tokenizer, tmp_path
):
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    with pytest.raises(ValueError, match="pip install tensorflow-text"):
        export_saved_model(_model(tiny_config), small_tokenizer, tmp_path / "1")
    assert not list(tmp_path.iterdir())


def test_on_another_backend(
    monkeypatch, tiny_config, small_tokenizer, tmp_path
):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="Received: backend 'jax'"):
        export_saved_model(None, small_tokenizer, tmp_path / "1")
