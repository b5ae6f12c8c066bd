"""Every place that weights may be at is found, or refused by name."""

import pathlib
import shutil
import types

import numpy as np
import pytest
import safetensors.numpy

from albert_tf import AlbertConfig, AlbertEncoder, AlbertForPreTraining
from albert_tf.checkpoints import google, keras_hub, source
from tests.checkpoints.torch_pickle import write_state
from tests.models.common import perturb, same_weights

WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def model(config):
    return perturb(AlbertForPreTraining(config))


@pytest.fixture
def saved(model, tmp_path):
    model.save_pretrained(tmp_path / "saved")
    return tmp_path / "saved"


def test_formats_that_agree_are_one(saved, model):
    tensors = safetensors.numpy.load_file(saved / WEIGHTS)
    write_state(saved / "pytorch_model.bin", tensors)
    google.write(model, saved)
    assert same_weights(model, AlbertForPreTraining.from_pretrained(saved))


@pytest.mark.parametrize("other_format", ["pytorch_model.bin", "model.ckpt"])
def test_formats_that_disagree_are_named(saved, config, other_format):
    other = perturb(AlbertForPreTraining(config), seed=9)
    if other_format == "model.ckpt":
        google.write(other, saved)
    else:
        other.save_pretrained(saved / "other")
        tensors = safetensors.numpy.load_file(saved / "other" / WEIGHTS)
        write_state(saved / "pytorch_model.bin", tensors)
    message = (
        f"{WEIGHTS} and .*{other_format}.* disagree on albert.*out of date"
    )
    with pytest.raises(ValueError, match=message):
        AlbertForPreTraining.from_pretrained(saved)


def _early_names(tensors):
    """Early transformers: a parallel wrapper, a buffer, tied copies."""
    words = tensors["albert.embeddings.word_embeddings.weight"]
    early = {f"module.{name}": array for name, array in tensors.items()}
    early["module.albert.embeddings.position_ids"] = np.arange(20)[None]
    early["module.predictions.decoder.weight"] = words
    return early


def _bare_names(tensors):
    """TensorFlow's words for norms, as its converted files carry them."""
    return {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): array
        for name, array in tensors.items()
    }


@pytest.mark.parametrize("rename", [_early_names, _bare_names])
def test_names_of_older_files_are_known(saved, model, rename):
    tensors = rename(safetensors.numpy.load_file(saved / WEIGHTS))
    safetensors.numpy.save_file(tensors, saved / WEIGHTS)
    assert same_weights(model, AlbertForPreTraining.from_pretrained(saved))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_files_are_read(saved, model, dtype):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    kind = np.dtype(getattr(ml_dtypes, dtype, dtype))
    tensors = safetensors.numpy.load_file(saved / WEIGHTS)
    halves = {name: array.astype(kind) for name, array in tensors.items()}
    safetensors.numpy.save_file(halves, saved / WEIGHTS)
    loaded = AlbertForPreTraining.from_pretrained(saved)
    for got, expected in zip(loaded.weights, model.weights):
        rounded = np.asarray(expected).astype(kind).astype(np.float32)
        np.testing.assert_array_equal(got, rounded)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_models_keep_every_bit(config, tmp_path, dtype):
    half = perturb(AlbertEncoder(config, dtype=dtype))
    half.save_pretrained(tmp_path)
    tensors = safetensors.numpy.load_file(tmp_path / WEIGHTS)
    assert {array.dtype for array in tensors.values()} == {np.dtype("float32")}
    again = AlbertEncoder.from_pretrained(tmp_path, dtype=dtype)
    assert again.weights[0].dtype == dtype
    assert same_weights(half, again)


def _live(**attributes):
    return types.SimpleNamespace(**attributes)


class AlbertBackbone:
    """Has the name by which KerasHub's is known."""


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "Cannot read weights from a value of type NoneType. Expected"),
        (7, "of type int. Expected a folder"),
        (_live(backbone=AlbertBackbone()), "Give its `.backbone`"),
        ("", "is no|Expected|Cannot read"),
    ],
)
def test_what_holds_no_weights_is_refused(
    value, message, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        AlbertEncoder.from_pretrained(value)


def test_file_of_weights_alone_is_refused(saved):
    with pytest.raises(ValueError, match="is a file. Give the directory"):
        AlbertForPreTraining.from_pretrained(saved / WEIGHTS)


def test_missing_directory_is_named(tmp_path):
    with pytest.raises(ValueError, match="No model directory at .*none. Exp"):
        AlbertEncoder.from_pretrained(tmp_path / "none")


def test_full_configuration_of_transformers_is_read():
    transformers = pytest.importorskip("transformers")
    theirs = transformers.AlbertConfig(hidden_size=64, num_attention_heads=2)
    ours = AlbertConfig.from_dict(theirs.to_dict())
    assert (ours.hidden_size, ours.intermediate_size) == (64, 16384)
    pruned = {**theirs.to_dict(), "pruned_heads": {"0": [1]}}
    with pytest.raises(ValueError, match="`pruned_heads` must be {}"):
        AlbertConfig.from_dict(pruned)


# Online ---------------------------------------------------------------------


@pytest.fixture
def hub(saved, tmp_path, monkeypatch):
    """A hub with one model; what it holds is up to the test."""
    huggingface_hub = pytest.importorskip("huggingface_hub")
    asked = []

    def snapshot_download(name, allow_patterns):
        target = tmp_path / "cache"
        target.mkdir(exist_ok=True)
        asked.append(allow_patterns)
        for pattern in allow_patterns:
            for path in saved.glob(pattern):
                shutil.copy(path, target)
        return str(target)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return asked


def test_hub_gives_safetensors_where_it_has_them(hub, model):
    loaded = AlbertForPreTraining.from_pretrained("hf://somebody/model")
    assert same_weights(model, loaded)
    assert len(hub) == 1


def test_hub_gives_another_format_where_it_has_none(hub, saved, model):
    tensors = safetensors.numpy.load_file(saved / WEIGHTS)
    (saved / WEIGHTS).unlink()
    write_state(saved / "pytorch_model.bin", tensors)
    loaded = AlbertForPreTraining.from_pretrained("hf://somebody/model")
    assert same_weights(model, loaded)
    assert len(hub) == 2


def test_hub_offline_says_what_to_do(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ValueError, match="Cannot download none/none.*online"):
        AlbertEncoder.from_pretrained("hf://none/none")


@pytest.mark.parametrize(
    "name", ["keras_hub://albert_base_en_uncased", "albert_base_en_uncased"]
)
def test_presets_of_keras_hub_go_by_name(name, tmp_path, monkeypatch):
    pytest.importorskip("keras_hub")
    read = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras_hub, "read", read.append)
    source.read(name)
    assert read == ["albert_base_en_uncased"]
    pathlib.Path("albert_base_en_uncased").mkdir()
    if "//" not in name:
        with pytest.raises(ValueError, match="Cannot read a configuration"):
            source.read(name)
