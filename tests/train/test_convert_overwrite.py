"""`albert convert --overwrite`: what stays of what was there, what goes."""

import shutil

import pytest

import albert_tf
from albert_tf.train.convert import convert
from albert_tf.train.task_file import write_task

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


@pytest.mark.parametrize("form", ["albert_tf", "google", "keras_hub"])
def test_nothing_beside_an_earlier_model_stays(
    earlier, tiny_config, tmp_path, form
):
    bare = tmp_path / "bare"
    albert_tf.AlbertEncoder(tiny_config).save_pretrained(bare)
    convert(bare, earlier, to=form, overwrite=True)
    assert not BESIDE & names(earlier)


def test_earlier_model_stays_whole_where_the_new_is_refused(
    earlier, tiny_config, tmp_path
):
    bare = tmp_path / "bare"
    model = albert_tf.AlbertEncoder(tiny_config, has_pooler=False)
    model.save_pretrained(bare)
    before = {path: path.read_bytes() for path in earlier.iterdir()}
    with pytest.raises(ValueError, match="no pooler"):
        convert(bare, earlier, to="keras_hub", overwrite=True)
    assert {path: path.read_bytes() for path in earlier.iterdir()} == before


@pytest.mark.parametrize("form", ["albert_tf", "google"])
def test_what_lies_beside_a_model_stays_when_converted_in_place(earlier, form):
    convert(earlier, earlier, to=form, overwrite=True)
    assert names(earlier) >= BESIDE
