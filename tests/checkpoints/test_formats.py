"""Weights from every origin give the numbers they had there, and go back."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import albert_tf
from albert_tf import AlbertEncoder
from albert_tf.checkpoints import google, hugging_face, keras_hub
from tests.checkpoints.tf_albert import tf_albert, tf_outputs
from tests.models.common import (
    CLASSES,
    inputs_of,
    outputs_of,
    perturb,
    same_weights,
)


def build(name, config):
    return perturb(getattr(albert_tf, name)(config))


# transformers -------------------------------------------------------------


@pytest.mark.reference
@pytest.mark.parametrize("name", CLASSES)
def test_transformers_models_come_in_and_go_back(config, batch, tmp_path, name):
    import safetensors.numpy
    from transformers.modeling_tf_pytorch_utils import (
        load_pytorch_state_dict_in_tf2_model,
    )

    theirs = tf_albert(config, name)
    expected = tf_outputs(theirs, name, batch)
    theirs.save_pretrained(tmp_path / "theirs", safe_serialization=False)
    assert (tmp_path / "theirs" / "tf_model.h5").exists()
    theirs.save_pretrained(tmp_path / "safe", safe_serialization=True)
    assert (tmp_path / "safe" / "model.safetensors").exists()
    ours_class = getattr(albert_tf, name)
    for origin in (theirs, tmp_path / "safe", tmp_path / "theirs"):
        ours = ours_class.from_pretrained(origin)
        for a, b in zip(outputs_of(ours(inputs_of(name, batch))), expected):
            np.testing.assert_allclose(a, b, atol=1e-5)
    ours.save_pretrained(tmp_path / "ours")
    fresh = type(theirs)(theirs.config)
    fresh.build_in_name_scope()
    # Its from_pretrained hands a file object to this and fails; a dict works.
    state = safetensors.numpy.load_file(tmp_path / "ours" / "model.safetensors")
    fresh, report = load_pytorch_state_dict_in_tf2_model(
        fresh, state, False, allow_missing_keys=True, output_loading_info=True
    )
    assert report["missing_keys"] == [] and not report["unexpected_keys"]
    for a, b in zip(tf_outputs(fresh, name, batch), expected):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.reference
@pytest.mark.parametrize("suffix", [".h5", ".weights.h5"])
@pytest.mark.parametrize("name", CLASSES)
def test_weights_that_keras_2_saved_come_in(
    config, batch, tmp_path, name, suffix
):
    theirs = tf_albert(config, name)
    theirs.config.save_pretrained(tmp_path)
    theirs.save_weights(tmp_path / f"mine{suffix}")
    ours = getattr(albert_tf, name).from_pretrained(tmp_path / f"mine{suffix}")
    expected = tf_outputs(theirs, name, batch)
    for a, b in zip(outputs_of(ours(inputs_of(name, batch))), expected):
        np.testing.assert_allclose(a, b, atol=1e-5)


def _run_torch(action, folder):
    python = os.environ.get("ALBERT_TF_TORCH_PYTHON", sys.executable)
    script = pathlib.Path(__file__).with_name("run_torch.py")
    result = subprocess.run(
        [python, str(script), action, str(folder)],
        capture_output=True,
        text=True,
    )
    if "No module named 'torch'" in result.stderr:
        pytest.skip("torch is not here; ALBERT_TF_TORCH_PYTHON names a Python")
    assert result.returncode == 0, result.stderr[-3000:]


@pytest.mark.reference
def test_torch_models_come_in_and_go_back(config, batch, tmp_path):
    for name in CLASSES:
        place = tmp_path / name.replace("Encoder", "Model")
        place.mkdir()
        num_labels = 3 if "Classification" in name else 2
        fields = {**config.to_dict(), "num_labels": num_labels}
        np.savez(place / "fields.npz", **fields)
        np.savez(place / "inputs.npz", **inputs_of(name, batch))
    _run_torch("make", tmp_path)
    for name in CLASSES:
        place = tmp_path / name.replace("Encoder", "Model")
        expected = np.load(place / "outputs.npz")
        for origin in ("safe", "bin"):
            ours = getattr(albert_tf, name).from_pretrained(place / origin)
            got = outputs_of(ours(inputs_of(name, batch)))
            for i, value in enumerate(got):
                np.testing.assert_allclose(value, expected[str(i)], atol=1e-5)
        ours.save_pretrained(place / "ours")
    _run_torch("check", tmp_path)


# KerasHub -----------------------------------------------------------------


@pytest.mark.reference
def test_keras_hub_backbones_come_in_and_go_back(config, batch, tmp_path):
    keras_hub_package = pytest.importorskip("keras_hub")
    backbone = keras_hub_package.models.AlbertBackbone(
        vocabulary_size=99,
        num_layers=4,
        num_heads=2,
        embedding_dim=8,
        hidden_dim=16,
        intermediate_dim=32,
        num_groups=2,
        num_inner_repetitions=2,
        max_sequence_length=20,
    )
    perturb(backbone)
    backbone.save_to_preset(str(tmp_path / "preset"))
    expected = backbone(batch)
    real = batch["padding_mask"][..., None]
    for origin in (backbone, tmp_path / "preset"):
        ours = AlbertEncoder.from_pretrained(origin)
        got = ours(batch)
        for name, weight in (("sequence_output", real), ("pooled_output", 1)):
            difference = np.asarray(got[name]) - np.asarray(expected[name])
            assert np.abs(difference * weight).max() <= 1e-5
    assert same_weights(backbone, keras_hub.to_backbone(ours))


# Our own ------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSES)
def test_every_format_keeps_every_bit(config, name, tmp_path):
    model = build(name, config)
    model.save_pretrained(tmp_path / "ours")
    assert same_weights(
        model, getattr(albert_tf, name).from_pretrained(tmp_path / "ours")
    )
    google.write(model, tmp_path / "google")
    loaded = getattr(albert_tf, name).from_pretrained(tmp_path / "google")
    assert same_weights(model, loaded)
    assert loaded.albert_config == model.albert_config


def test_labels_survive(tiny_config, tmp_path):
    model = albert_tf.AlbertForSequenceClassification(
        tiny_config, labels=["no", "s\u00ed"]
    )
    model.save_pretrained(tmp_path)
    fields = json.loads((tmp_path / hugging_face.CONFIG_FILE).read_text())
    assert fields["id2label"] == {"0": "no", "1": "s\u00ed"}
    again = albert_tf.AlbertForSequenceClassification.from_pretrained(tmp_path)
    assert again.labels == ["no", "s\u00ed"]
