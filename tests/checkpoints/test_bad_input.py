"""A load that does not fit says what and why, and runs nothing."""

import json
import logging
import shutil

import numpy as np
import pytest
import safetensors.numpy

import albert_tf
from albert_tf import (
    AlbertForMaskedLM,
    AlbertForPreTraining,
    AlbertForSequenceClassification,
)
from tests.checkpoints.torch_pickle import Storage, tensor, write
from tests.models.common import perturb

WEIGHTS = "model.safetensors"


@pytest.fixture
def saved(config, tmp_path):
    """A pretraining checkpoint, and a way to change its tensors."""
    model = perturb(AlbertForPreTraining(config))
    model.save_pretrained(tmp_path / "model")

    def change(**changes):
        path = tmp_path / "model" / WEIGHTS
        tensors = {**safetensors.numpy.load_file(path), **changes}
        kept = {k: v for k, v in tensors.items() if v is not None}
        safetensors.numpy.save_file(kept, path)
        return tmp_path / "model"

    return change


def test_new_head_is_named_and_the_old_one_left_out(saved, caplog):
    with caplog.at_level(logging.WARNING, "albert_tf"):
        model = AlbertForSequenceClassification.from_pretrained(
            saved(), num_labels=3
        )
    assert model.num_labels == 3
    assert "new, to be trained: classifier.bias" in caplog.text
    assert "predictions.bias" in caplog.text


def test_encoder_of_a_pretraining_checkpoint_loads(saved, config):
    encoder = albert_tf.AlbertEncoder.from_pretrained(saved())
    whole = AlbertForPreTraining.from_pretrained(saved())
    for a, b in zip(encoder.weights, whole.encoder.weights):
        np.testing.assert_array_equal(a, b)


def test_masked_lm_takes_no_head_from_a_classifier(config, tmp_path, caplog):
    model = AlbertForSequenceClassification(config, num_labels=2)
    model.save_pretrained(tmp_path)
    with caplog.at_level(logging.WARNING, "albert_tf"):
        AlbertForMaskedLM.from_pretrained(tmp_path)
    assert "left out of" in caplog.text and "albert.pooler" in caplog.text


def test_missing_and_left_over_names_are_listed(saved):
    name = "albert.encoder.embedding_hidden_mapping_in.bias"
    folder = saved(**{name: None, "albert.more": np.zeros(2, np.float32)})
    message = (
        f"In the model but not in the file: {name}. "
        "In the file but not in the model: albert.more"
    )
    for model in (AlbertForPreTraining, AlbertForSequenceClassification):
        with pytest.raises(ValueError, match=message):
            model.from_pretrained(folder)


def test_missing_head_of_the_same_task_fails(saved):
    folder = saved(**{"sop_classifier.classifier.bias": None})
    with pytest.raises(ValueError, match="sop_classifier.classifier.bias"):
        AlbertForPreTraining.from_pretrained(folder)


def test_nothing_that_matches_fails(saved):
    names = safetensors.numpy.load_file(saved() / WEIGHTS)
    none = dict.fromkeys(names)
    folder = saved(**none, **{"bert.weight": np.zeros(2, np.float32)})
    with pytest.raises(ValueError, match="does not fit this model"):
        AlbertForSequenceClassification.from_pretrained(folder)


def test_other_vocabulary_is_named(saved):
    folder = saved()
    path = folder / "config.json"
    fields = {**json.loads(path.read_text()), "vocab_size": 98}
    path.write_text(json.dumps(fields))
    message = r"weight is \[99, 8\], the model's \[98, 8\].*vocabulary"
    with pytest.raises(ValueError, match=message):
        AlbertForPreTraining.from_pretrained(folder)


def test_other_sizes_are_named(saved):
    folder = saved()
    path = folder / "config.json"
    fields = {**json.loads(path.read_text()), "hidden_size": 32}
    path.write_text(json.dumps(fields))
    with pytest.raises(ValueError, match="are of another model"):
        AlbertForPreTraining.from_pretrained(folder)


def test_labels_that_differ_make_a_new_head(config, tmp_path):
    model = perturb(AlbertForSequenceClassification(config, labels=["a", "b"]))
    model.save_pretrained(tmp_path)
    load = AlbertForSequenceClassification.from_pretrained
    kernel = np.asarray(model.classifier.kernel)
    same = load(tmp_path, labels=["a", "b"])
    np.testing.assert_array_equal(same.classifier.kernel, kernel)
    assert load(tmp_path).labels == ["a", "b"]
    other = load(tmp_path, labels=["x", "y"])
    assert np.abs(np.asarray(other.classifier.kernel) - kernel).max() > 0.01
    assert load(tmp_path, num_labels=5).num_labels == 5


@pytest.mark.parametrize("keep", [0, 4, 200, 2000])
def test_truncated_weights_are_named(saved, keep):
    path = saved() / WEIGHTS
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="broken or no safetensors file"):
        AlbertForPreTraining.from_pretrained(path.parent)


def test_missing_weights_and_folders_are_named(saved, tmp_path):
    folder = saved()
    (folder / WEIGHTS).unlink()
    with pytest.raises(ValueError, match="holds config.json but no weights"):
        AlbertForPreTraining.from_pretrained(folder)
    with pytest.raises(ValueError, match="No model directory at"):
        AlbertForPreTraining.from_pretrained(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="Cannot read a configuration"):
        AlbertForPreTraining.from_pretrained(tmp_path / "empty")


def test_tied_copies_must_agree(saved):
    changed = {"predictions.decoder.bias": np.ones(99, np.float32)}
    with pytest.raises(ValueError, match="differs from predictions.bias"):
        AlbertForPreTraining.from_pretrained(saved(**changed))


def test_tokenizer_of_another_model_is_refused(
    config, small_tokenizer, tmp_path
):
    model = AlbertForSequenceClassification(config)
    with pytest.raises(ValueError, match="has 1000 pieces, the model 99"):
        model.save_pretrained(tmp_path / "model", small_tokenizer)
    assert not (tmp_path / "model").exists()


def test_formats_that_disagree_are_named(saved, config, tmp_path):
    folder = saved()
    other = perturb(AlbertForPreTraining(config), seed=9)
    other.save_pretrained(tmp_path / "other")
    tensors = safetensors.numpy.load_file(tmp_path / "other" / WEIGHTS)
    state = {
        name: tensor(
            Storage(name, array.size),
            0,
            array.shape,
            tuple(s // array.itemsize for s in array.strides),
        )
        for name, array in tensors.items()
    }
    write(folder / "pytorch_model.bin", state, tensors)
    with pytest.raises(ValueError, match="disagree on albert.emb.*out of date"):
        AlbertForPreTraining.from_pretrained(folder)


def test_truncated_google_checkpoint_is_named(config, tmp_path):
    from albert_tf.checkpoints import google

    model = perturb(AlbertForPreTraining(config))
    google.write(model, tmp_path / "ckpt")
    data = next((tmp_path / "ckpt").glob("*.data-*"))
    data.write_bytes(data.read_bytes()[:100])
    with pytest.raises(ValueError, match="is broken or incomplete"):
        AlbertForPreTraining.from_pretrained(tmp_path / "ckpt")
    shutil.rmtree(tmp_path / "ckpt")


def test_conditional_squad_head_is_refused(config, tmp_path):
    import tensorflow.compat.v1 as tf

    from albert_tf.checkpoints import google

    google.write(albert_tf.AlbertEncoder(config), tmp_path)
    graph = tf.Graph()
    with graph.as_default(), tf.Session(graph=graph) as session:
        zeros = np.zeros((4, 1), np.float32)
        tf.get_variable("start_logits/dense/kernel", initializer=zeros)
        session.run(tf.global_variables_initializer())
        saver = tf.train.Saver()
        path = str(tmp_path / "model.ckpt-best")
        saver.save(session, path, write_meta_graph=False)
    with pytest.raises(ValueError, match="SQuAD 2.0's conditional head"):
        albert_tf.AlbertForQuestionAnswering.from_pretrained(tmp_path)


def test_hub_name_offline_says_what_to_do(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ValueError, match="Cannot download none/none"):
        albert_tf.AlbertEncoder.from_pretrained("hf://none/none")
