"""What a load keeps of a checkpoint, what starts anew, and what is refused."""

import logging
import shutil

import numpy as np
import pytest
import safetensors.numpy

import albert_tf
from albert_tf import (
    AlbertEncoder,
    AlbertForMaskedLM,
    AlbertForPreTraining,
    AlbertForQuestionAnswering,
    AlbertForSequenceClassification,
    AlbertForTokenClassification,
)
from albert_tf.checkpoints import google
from albert_tf.checkpoints.names import named_variables
from tests.models.common import perturb

WEIGHTS = "model.safetensors"
POOLER = ("albert.pooler.bias", "albert.pooler.weight")


def tensors_of(model):
    return {named.hugging_face: named.to_array() for named in (
        named_variables(model))}  # fmt: skip


@pytest.fixture(scope="module")
def pretrained(config, tmp_path_factory):
    """A pretraining model's tensors and its directory."""
    model = perturb(AlbertForPreTraining(config))
    folder = tmp_path_factory.mktemp("pretrained")
    model.save_pretrained(folder)
    return tensors_of(model), folder


def changed(folder, tmp_path, changes):
    """Copies a directory with some of its tensors replaced, or removed."""
    shutil.copytree(folder, tmp_path / "changed")
    path = tmp_path / "changed" / WEIGHTS
    tensors = {**safetensors.numpy.load_file(path), **changes}
    kept = {k: v for k, v in tensors.items() if v is not None}
    safetensors.numpy.save_file(kept, path)
    return tmp_path / "changed"


@pytest.mark.parametrize(
    ("name", "kept", "new", "left_out"),
    [
        ("AlbertEncoder", "albert.", "", "predictions sop_classifier"),
        ("AlbertForMaskedLM", "predictions.", "", "pooler sop_classifier"),
        ("AlbertForMultipleChoice", "albert.", "classifier", "predictions"),
        (
            "AlbertForQuestionAnswering",
            "albert.",
            "qa_outputs",
            "predictions pooler",
        ),
        (
            "AlbertForSequenceClassification",
            "albert.pooler.",
            "classifier",
            "predictions sop_classifier",
        ),
        ("AlbertForTokenClassification", "albert.", "classifier", "pooler"),
    ],
)
def test_every_task_starts_from_pretraining(
    pretrained, caplog, name, kept, new, left_out
):
    expected, folder = pretrained
    with caplog.at_level(logging.WARNING, "albert_tf"):
        model = getattr(albert_tf, name).from_pretrained(folder)
    got = {k: v for k, v in tensors_of(model).items() if k.startswith(kept)}
    assert got
    for tensor, value in got.items():
        np.testing.assert_array_equal(value, expected[tensor])
    lines = [record.getMessage() for record in caplog.records]
    assert all(f"{part}." in lines[-1] for part in left_out.split())
    assert lines[-1].startswith("left out of ")
    assert [line for line in lines if line.startswith("new, to be")] == [
        f"new, to be trained: {new}.bias, {new}.weight"
    ] * bool(new)


def test_dropout_may_differ_from_the_source(pretrained):
    _, folder = pretrained
    name = "AlbertForSequenceClassification"
    model = getattr(albert_tf, name).from_pretrained(
        folder, hidden_dropout_prob=0.3
    )
    assert model.albert_config.hidden_dropout_prob == 0.3
    assert model.encoder.embeddings.dropout.rate == 0.3
    inputs = {"token_ids": np.array([[2, 7, 9, 3]])}
    first, second = (
        np.array(model.encoder(inputs, training=True)["sequence_output"])
        for _ in range(2)
    )
    assert np.abs(first - second).max() > 1e-3


def test_pretraining_goes_on_from_a_masked_lm(config, tmp_path, caplog):
    masked = perturb(AlbertForMaskedLM(config))
    masked.save_pretrained(tmp_path)
    with caplog.at_level(logging.WARNING, "albert_tf"):
        model = AlbertForPreTraining.from_pretrained(tmp_path)
    got = tensors_of(model)
    for name, value in tensors_of(masked).items():
        np.testing.assert_array_equal(got[name], value)
    assert "new, to be trained: albert.pooler.bias" in caplog.text
    assert "sop_classifier.classifier.weight" in caplog.text


@pytest.mark.parametrize(
    "name",
    [
        "AlbertForMaskedLM",
        "AlbertForQuestionAnswering",
        "AlbertForTokenClassification",
    ],
)
def test_pooler_that_the_task_lacks_is_left_out(config, tmp_path, name, caplog):
    # Published albert-base-v2 is a masked LM with a pooler.
    perturb(getattr(albert_tf, name)(config)).save_pretrained(tmp_path)
    pooler = [np.zeros(16, np.float32), np.zeros((16, 16), np.float32)]
    folder = changed(tmp_path, tmp_path, dict(zip(POOLER, pooler)))
    with caplog.at_level(logging.WARNING, "albert_tf"):
        getattr(albert_tf, name).from_pretrained(folder)
    assert [record.getMessage() for record in caplog.records] == [
        f"left out of {folder / WEIGHTS}: {', '.join(POOLER)}"
    ]


def test_squad_checkpoint_of_google_has_a_pooler(config, tmp_path, monkeypatch):
    model = perturb(AlbertForQuestionAnswering(config))
    pooled = perturb(AlbertEncoder(config))
    with monkeypatch.context() as patch:
        both = [*named_variables(model), *named_variables(pooled)[-2:]]
        assert both[-1].google == "bert/pooler/dense/bias"
        patch.setattr(google, "named_variables", lambda _: both)
        google.write(model, tmp_path)
    loaded = AlbertForQuestionAnswering.from_pretrained(tmp_path)
    expected = tensors_of(model)
    for name, value in tensors_of(loaded).items():
        np.testing.assert_array_equal(value, expected[name])
    as_encoder = AlbertEncoder.from_pretrained(tmp_path)
    np.testing.assert_array_equal(
        as_encoder.pooler.kernel, pooled.pooler.kernel
    )


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (AlbertForMaskedLM, "predictions.LayerNorm.weight"),
        (AlbertForSequenceClassification, "albert.pooler.bias"),
        (AlbertForPreTraining, "sop_classifier.classifier.bias"),
    ],
)
def test_half_of_a_part_is_refused(pretrained, tmp_path, model, name):
    folder = changed(pretrained[1], tmp_path, {name: None})
    message = f"In the model but not in the file: {name}. In the file but"
    with pytest.raises(ValueError, match=message):
        model.from_pretrained(folder)


def test_encoder_without_pooler_comes_back_so(config, tmp_path):
    model = perturb(AlbertEncoder(config, has_pooler=False))
    model.save_pretrained(tmp_path)
    again = AlbertEncoder.from_pretrained(tmp_path)
    assert again.pooler is None
    expected = tensors_of(model)
    for name, value in tensors_of(again).items():
        np.testing.assert_array_equal(value, expected[name])


@pytest.fixture(scope="module")
def labelled(config, tmp_path_factory):
    model = perturb(AlbertForSequenceClassification(config, labels=["a", "b"]))
    folder = tmp_path_factory.mktemp("labelled")
    model.save_pretrained(folder)
    return np.asarray(model.classifier.kernel), folder


@pytest.mark.parametrize(
    ("arguments", "labels", "is_kept"),
    [
        ({}, ["a", "b"], True),
        ({"labels": None, "num_labels": None}, ["a", "b"], True),
        ({"labels": ["a", "b"]}, ["a", "b"], True),
        ({"num_labels": 2}, ["a", "b"], True),
        ({"labels": ["b", "a"]}, ["b", "a"], False),
        ({"labels": ["x", "y"]}, ["x", "y"], False),
        ({"num_labels": 5}, None, False),
    ],
)
def test_head_is_kept_where_labels_are_the_same(
    labelled, arguments, labels, is_kept
):
    kernel, folder = labelled
    model = AlbertForSequenceClassification.from_pretrained(folder, **arguments)
    assert model.labels == labels
    got = np.asarray(model.classifier.kernel)
    assert got.shape[1] == (arguments.get("num_labels") or 2)
    assert np.array_equal(got, kernel) == is_kept


def test_tagger_takes_no_labels_of_a_classifier(labelled):
    model = AlbertForTokenClassification.from_pretrained(labelled[1])
    assert model.labels is None
    assert not np.array_equal(model.classifier.kernel, labelled[0])


def test_classes_derived_from_ours_load_and_save(labelled, tmp_path):
    class Mine(AlbertForSequenceClassification):
        pass

    model = Mine.from_pretrained(labelled[1])
    model.save_pretrained(tmp_path)
    again = AlbertForSequenceClassification.from_pretrained(tmp_path)
    assert again.labels == ["a", "b"]
    np.testing.assert_array_equal(again.classifier.kernel, labelled[0])


def test_a_derived_constructor_hands_labels_on(config, tmp_path):
    class Named(AlbertForSequenceClassification):
        def __init__(self, config, **kwargs):
            super().__init__(config, **kwargs)

    class Renamed(Named):
        pass

    class Fixed(AlbertForSequenceClassification):
        def __init__(self, config):
            super().__init__(config, num_labels=3, exit_heads=True)

    saved = perturb(
        AlbertForSequenceClassification(
            config, labels=["a", "b", "c"], exit_heads=True
        )
    )
    saved.save_pretrained(tmp_path)
    expected = tensors_of(saved)
    for kind, labels in ((Renamed, ["a", "b", "c"]), (Fixed, None)):
        model = kind.from_pretrained(tmp_path)
        assert model.labels == labels
        for name, value in tensors_of(model).items():
            np.testing.assert_array_equal(value, expected[name])
        assert tensors_of(model).keys() == expected.keys()
