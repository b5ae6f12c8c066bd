"""`albert convert --overwrite`: what stays of what was there, what goes."""

import shutil

import numpy as np
import pytest
import safetensors.numpy

import albert_tf
from albert_tf.train.convert import convert
from albert_tf.train.task_file import write_task
from tests.checkpoints.torch_pickle import write_state
from tests.models.common import same_weights

BESIDE = {
    "task.json",
    "early_exit.json",
    "spiece.model",
    "tokenizer_config.json",
}


@pytest.fixture
def earlier(classifier_directory, tmp_path):
    """A model with all that may lie beside it."""
    folder = shutil.copytree(classifier_directory, tmp_path / "earlier")
    write_task(folder, task="classification", max_length=16, settings={})
    (folder / "early_exit.json").write_text("{}")
    assert names(folder) >= BESIDE
    return folder


def names(folder):
    return {path.name for path in folder.rglob("*")}


@pytest.fixture
def bare(tiny_config, tmp_path):
    """A model with nothing beside it."""
    albert_tf.AlbertEncoder(tiny_config).save_pretrained(tmp_path / "bare")
    return tmp_path / "bare"


@pytest.mark.parametrize("form", ["albert_tf", "google", "keras_hub"])
def test_nothing_beside_an_earlier_model_stays(earlier, bare, tmp_path, form):
    output = tmp_path / "output"
    convert(earlier, output, to=form)
    (output / "early_exit.json").write_text("{}")
    beside = BESIDE | {"vocabulary.spm", "tokenizer.json"}
    assert len(beside & names(output)) >= 3
    convert(bare, output, to=form, overwrite=True)
    assert not beside & names(output)
    again, new = map(albert_tf.AlbertEncoder.from_pretrained, (output, bare))
    assert same_weights(again, new)


@pytest.mark.parametrize(
    "form, other", [("albert_tf", "google"), ("google", "keras_hub")]
)
def test_model_of_another_format_is_kept(earlier, bare, tmp_path, form, other):
    """Both in one folder would disagree."""
    output = tmp_path / "output"
    convert(earlier, output, to=form)
    before = {p: p.read_bytes() for p in output.rglob("*") if p.is_file()}
    with pytest.raises(ValueError, match=f"which {other} does not replace"):
        convert(bare, output, to=other, overwrite=True)
    after = {p: p.read_bytes() for p in output.rglob("*") if p.is_file()}
    assert after == before


def test_tokenizer_without_a_model_stays(classifier_directory, bare, tmp_path):
    output = tmp_path / "output"
    output.mkdir()
    shutil.copy(classifier_directory / "spiece.model", output)
    convert(bare, output, overwrite=True)
    assert (output / "spiece.model").exists()


def test_earlier_model_stays_whole_where_the_new_is_refused(earlier, bare):
    (bare / "spiece.model").write_bytes(b"no tokenizer")
    before = {path: path.read_bytes() for path in earlier.iterdir()}
    with pytest.raises(ValueError, match="Not a SentencePiece model"):
        convert(bare, earlier, overwrite=True)
    assert {path: path.read_bytes() for path in earlier.iterdir()} == before


@pytest.mark.parametrize("form", ["albert_tf", "google"])
def test_what_lies_beside_a_model_stays_when_converted_in_place(earlier, form):
    before = {name: (earlier / name).read_bytes() for name in BESIDE}
    convert(earlier, earlier, to=form, overwrite=True)
    assert {name: (earlier / name).read_bytes() for name in BESIDE} == before


OLDER = ("pytorch_model.bin", "tf_model.h5")


@pytest.fixture
def downloaded(earlier):
    """A model whose weights are in a file as of PyTorch alone."""
    tensors = safetensors.numpy.load_file(earlier / "model.safetensors")
    write_state(earlier / "pytorch_model.bin", tensors)
    (earlier / "model.safetensors").unlink()
    return earlier


def test_weights_of_an_earlier_model_go_whatever_their_file(bare, tmp_path):
    output = tmp_path / "output"
    output.mkdir()
    for name in OLDER:
        (output / name).write_text("of another model")
    convert(bare, output, overwrite=True)
    assert not names(output) & set(OLDER)
    again, new = map(albert_tf.AlbertEncoder.from_pretrained, (output, bare))
    assert same_weights(again, new)


def test_a_download_is_halved_in_place(downloaded):
    kind = albert_tf.AlbertForSequenceClassification
    model = kind.from_pretrained(downloaded)
    convert(downloaded, downloaded, overwrite=True, weights_format="float16")
    assert "pytorch_model.bin" not in names(downloaded)
    halved = kind.from_pretrained(downloaded)
    for ours, theirs in zip(halved.weights, model.weights, strict=True):
        rounded = np.asarray(theirs).astype(np.float16).astype(np.float32)
        np.testing.assert_array_equal(ours, rounded)


def test_a_download_stays_where_the_new_file_fails(downloaded):
    kind = albert_tf.AlbertForSequenceClassification
    model = kind.from_pretrained(downloaded)
    model.classifier.bias.assign([1e5, 0.0, 0.0])
    model.save_pretrained(downloaded.parent / "large")
    tensors = safetensors.numpy.load_file(
        downloaded.parent / "large" / "model.safetensors"
    )
    write_state(downloaded / "pytorch_model.bin", tensors)
    before = {path: path.read_bytes() for path in downloaded.iterdir()}
    with pytest.raises(ValueError, match="float16 ends at"):
        convert(
            downloaded, downloaded, overwrite=True, weights_format="float16"
        )
    assert {p: p.read_bytes() for p in downloaded.iterdir()} == before


def test_a_model_is_saved_over_the_download_it_came_from(downloaded):
    kind = albert_tf.AlbertForSequenceClassification
    model = kind.from_pretrained(downloaded)
    model.classifier.bias.assign([1.0, 2.0, 3.0])
    model.save_pretrained(downloaded)
    assert same_weights(kind.from_pretrained(downloaded), model)
