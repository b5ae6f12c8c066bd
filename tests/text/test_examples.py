"""Every example in the docstrings of albert_tf.text runs."""

import shutil

from albert_tf.text import normalize
from albert_tf.text.tokenizer import AlbertTokenizer
from tests.examples import run_example


def test_normalize():
    run_example(normalize.normalize)


def test_tokenizer(small_model, tmp_path, monkeypatch):
    shutil.copy(small_model, tmp_path / "spiece.model")
    monkeypatch.chdir(tmp_path)
    run_example(AlbertTokenizer)
