"""The table compares exports of one classifier, each as it takes texts."""

import dataclasses
import json
import shutil

import pytest

from albert_tf import AlbertTokenizer
from albert_tf.edge import Bundle
from export import source_model
from export.compare import Row, _gain, main
from export.pipeline import export_model
from export.same_model import check_same_model
from tests.conftest import GOLDEN

pytestmark = pytest.mark.device
LONG = "The library opens at nine, and nobody ever comes. " * 2


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "d.tsv"
    path.write_text(f"text\tlabel\nIt works.\tglad\n{LONG}\tsad\n")
    return path


def _fails(arguments, capsys):
    assert main([str(argument) for argument in arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


def test_files_of_one_length_get_the_texts_cut(
    short_file, bundle, classifier_directory, data, tmp_path
):
    table = tmp_path / "new" / "table.json"
    arguments = ["--model", classifier_directory, "--data", data]
    arguments += [bundle(), short_file, "--json", table]
    assert main(list(map(str, arguments))) == 0
    rows = json.loads(table.read_text())
    notes = [row["note"] for row in rows]
    assert notes == ["", "", "texts cut to 16 tokens, not 64"]
    # Beside Keras on the same tokens.
    assert rows[2]["max_difference"] < 0.1


def test_a_file_of_more_tokens_than_training_reads_them_all(
    short_file, trained_directory, data, tmp_path
):
    model = trained_directory(
        "classification", task="classification", max_length=8, settings={}
    )
    table = tmp_path / "table.json"
    arguments = ["--model", model, "--data", data, short_file, "--json", table]
    assert main(list(map(str, arguments))) == 0
    rows = json.loads(table.read_text())
    notes = [row["note"] for row in rows]
    assert notes == ["", "texts cut to 16 tokens, not 8"]
    assert rows[1]["max_difference"] < 0.1


def test_labels_in_another_order_are_refused(
    bundle, classifier_directory, data, tmp_path, capsys
):
    model = shutil.copytree(classifier_directory, tmp_path / "model")
    config = json.loads((model / "config.json").read_text())
    config["id2label"] = {"0": "sad", "1": "glad", "2": "calm"}
    config.pop("label2id", None)
    (model / "config.json").write_text(json.dumps(config))
    line = _fails(["--model", model, "--data", data, bundle()], capsys)
    assert f"{bundle()} has other labels than {model}; compare" in line


def test_only_classifiers_are_compared(bundle, data, capsys):
    path = bundle(task="regression")
    line = _fails(["--model", "m", "--data", data, path], capsys)
    assert f"{path} is a model for regression; only classifiers" in line


def test_table_that_cannot_be_written_is_found_first(
    bundle, data, tmp_path, capsys
):
    arguments = ["--model", "m", "--data", data, bundle(), "--json"]
    assert "Cannot write to" in _fails([*arguments, data / "x.json"], capsys)
    assert "is a folder" in _fails([*arguments, tmp_path], capsys)


def test_earlier_table_is_kept(bundle, data, tmp_path, capsys):
    table = tmp_path / "table.json"
    table.write_text("mine")
    arguments = ["--model", "m", "--data", data, bundle(), "--json", table]
    line = _fails(arguments, capsys)
    assert f"{table} exists. Pass --overwrite to replace it" in line
    assert "No model" in _fails([*arguments, "--overwrite"], capsys)
    assert table.read_text() == "mine"


def test_other_models_are_told_apart(bundle, classifier_directory):
    source = source_model.load(classifier_directory)
    bundles = [Bundle(bundle()), Bundle(bundle("cpu", "int8"))]
    check_same_model(bundles, source, "m")
    cased = AlbertTokenizer(GOLDEN / "small.spiece.model", do_lower_case=False)
    with pytest.raises(ValueError, match="another tokenizer than m; compare"):
        other = dataclasses.replace(source, tokenizer=cased)
        check_same_model(bundles, other, "m")
    source.model.classifier.bias.assign([0.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="has other weights than m; compare"):
        check_same_model(bundles, source, "m")


def test_model_of_another_task_is_found_before_the_export(
    bundle, classifier_directory, tmp_path
):
    other = bundle(task="regression")
    output = tmp_path / "m.tflite"
    with pytest.raises(ValueError, match="another task than .*; compare"):
        export_model(classifier_directory, output, others=[other])
    assert not output.exists()


def test_cost_and_gain_against_float32(
    bundle, classifier_directory, data, tmp_path, capsys
):
    files = [tmp_path / f"{name}.tflite" for name in ("small", "float")]
    for path, name in zip(files, ("dynamic_int8", "float32")):
        shutil.copy(bundle("cpu", name), path)
    arguments = ["--model", classifier_directory, "--data", data, *files]
    assert main(list(map(str, arguments))) == 0
    *_, line, rest = capsys.readouterr().out.splitlines()
    share = files[0].stat().st_size / files[1].stat().st_size
    assert line == "small.tflite beside float.tflite: accuracy +0.0 points,"
    assert rest.startswith(f"{share:.2f} of the size, ")


def test_gain_of_a_load_too_short_to_tell():
    row = Row("a", "r", accuracy=0.79999, file_mb=1.0, load_ms=0.0)
    before = Row("b", "r", accuracy=0.8, file_mb=4.0, load_ms=3.0)
    said = "accuracy +0.0 points,\n0.25 of the size"
    assert _gain(row, before) == f"a beside b: {said}"
    assert "load time" not in _gain(before, row)
