"""The code of the guide's migration pages runs as printed."""

import csv
import pathlib
import re
import shutil

import pytest

from albert_tf import AlbertEncoder
from albert_tf.checkpoints import google

ROOT = pathlib.Path(__file__).parents[1]
DOCS = ROOT / "docs"
GOLDEN = pathlib.Path(__file__).parent / "golden"

pytestmark = pytest.mark.slow


def run_code(page):
    """Runs a page's Python; returns the names it leaves."""
    text = (DOCS / page).read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    names = {}
    exec(compile(code, page, "exec"), names)
    return names


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_google(folder, tiny_config, capsys):
    google.write(AlbertEncoder(tiny_config), folder / "albert_base")
    model = folder / "albert_base" / "30k-clean.model"
    shutil.copy(GOLDEN / "small.spiece.model", model)
    run_code("from_google.md")
    assert "(1, 2)" in capsys.readouterr().out


@pytest.mark.reference
def test_from_transformers(folder, tiny_config, small_tokenizer):
    transformers = pytest.importorskip("transformers")
    config = transformers.AlbertConfig(**tiny_config.to_dict(), num_labels=3)
    theirs = transformers.TFAlbertForSequenceClassification(config)
    theirs.build_in_name_scope()
    theirs.save_pretrained(folder / "my_tf_albert", safe_serialization=False)
    small_tokenizer.save(folder / "my_tf_albert")
    assert run_code("from_transformers.md")["logits"].shape == (2, 3)
    assert (folder / "my_model" / "model.safetensors").exists()


@pytest.mark.reference
def test_from_keras_hub():
    pytest.importorskip("keras_hub")
    assert run_code("from_keras_hub.md")["model"].num_labels == 3


def test_from_model_maker(folder):
    tab = ROOT / "examples" / "home_intents" / "train.tsv"
    _, *rows = csv.reader(tab.open(encoding="utf-8"), delimiter="\t")
    with open(folder / "reviews.csv", "w", encoding="utf-8") as file:
        csv.writer(file).writerows([["review", "stars"], *rows])
    run_code("from_model_maker.md")
    assert (folder / "my_model" / "model.safetensors").exists()
