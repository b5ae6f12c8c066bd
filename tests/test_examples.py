"""The examples in docstrings run; other rooms test theirs beside the code."""

import shutil

import keras
import numpy as np
import pytest

import albert_tf
from albert_tf import AlbertConfig
from albert_tf.data.batches import BucketedBatches
from albert_tf.edge import Classifier
from albert_tf.files import written_aside
from tests.examples import run_example


def test_configuration():
    run_example(AlbertConfig)


def test_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_example(written_aside)
    assert (tmp_path / "report.json").read_text() == "{}"


@pytest.mark.parametrize(
    "name", ["AlbertEncoder", "AlbertForSequenceClassification"]
)
def test_models(name):
    run_example(getattr(albert_tf, name), np=np, AlbertConfig=AlbertConfig)


def test_batches(tiny_config, small_tokenizer):
    model = albert_tf.AlbertForSequenceClassification(tiny_config)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=False)
    run_example(
        BucketedBatches,
        tokenizer=small_tokenizer,
        texts=["a good day", "a bad day", "no day at all"],
        labels=[1, 0, 0],
        model=model,
    )


@pytest.mark.device
def test_classifier(bundle, tmp_path, monkeypatch, capsys):
    shutil.copy(bundle(), tmp_path / "intents.tflite")
    monkeypatch.chdir(tmp_path)
    run_example(Classifier)
    assert capsys.readouterr().out.strip().splitlines()[-1] in (
        Classifier("intents.tflite").labels
    )
