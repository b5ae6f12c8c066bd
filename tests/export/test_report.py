"""The report's figures are the file's, and its page stands alone."""

import json
import re
import xml.etree.ElementTree as xml

import numpy as np
import pytest

from albert_tf.edge import Bundle
from export import (
    layer_errors,
    operators,
    report,
    report_html,
    report_plots,
    sizes,
)
from export import source_model as models
from export.evaluate import Evaluation
from export.to_tflite import main

pytestmark = pytest.mark.device


def flat_of(path):
    return path.read_bytes()[: Bundle(path).part_bytes["model"]]


@pytest.fixture(scope="module")
def source(classifier_directory):
    return models.load(classifier_directory)


def test_parts_add_up_to_the_file(bundle, source):
    path = bundle()
    parts = sizes.bytes_by_part(path)
    assert sum(parts.values()) == path.stat().st_size
    embeddings = source.model.encoder.embeddings
    tables = [
        int(np.prod(layer.embeddings.shape))
        for layer in (
            embeddings.word_embeddings,
            embeddings.position_embeddings,
            embeddings.segment_embeddings,
        )
    ]
    # A byte a number, but the segments', too few to gain.
    assert parts["embeddings"] == sum(tables[:2]) + 4 * tables[2]
    (layer,) = source.model.encoder.transformer_layers
    matrices = sum(
        int(np.prod(v.shape)) for v in layer.variables if len(v.shape) > 1
    )
    vectors = layer.count_params() - matrices
    assert matrices < parts["layers"] < matrices + 4 * vectors + 512


def test_errors_grow_with_coarser_numbers(bundle, source):
    totals = {}
    for name in ("float32", "dynamic_int8", "int8"):
        flat = flat_of(bundle("cpu", name))
        table = layer_errors.errors_by_depth(flat, source)
        assert [row["depth"] for row in table] == [1, 2, 3]
        assert table[0]["added"] == table[0]["total"]
        totals[name] = table[-1]["total"]
    assert totals["float32"] < 1e-5 < totals["dynamic_int8"]
    assert totals["dynamic_int8"] < totals["int8"] < 0.2


def test_operators_say_what_xnnpack_takes(bundle):
    rows = {r["name"]: r for r in operators.operator_table(flat_of(bundle()))}
    dense = rows["FULLY_CONNECTED"]
    assert dense["in_layer"] == 6
    assert dense["in_xnnpack"] == dense["count"] > 6
    assert rows["GATHER"]["in_xnnpack"] == 0
    assert rows["WHILE"] == {
        "name": "WHILE",
        "version": 1,
        "count": 2,
        "in_layer": 0,
        "in_xnnpack": 0,
    }


def test_page_and_figures(bundle, classifier_directory, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "_LENGTHS", (16, 32))
    monkeypatch.setattr(report, "_THREADS", (1,))
    monkeypatch.setattr(report, "_REPEATS", 1)
    data = tmp_path / "d.tsv"
    data.write_text("text\tlabel\nIt works.\tglad\nNo way\tsad\n")
    files = [bundle(), bundle("cpu", "int8")]
    page = report.write_report(
        tmp_path / "r", classifier_directory, files, Evaluation(str(data))
    )
    facts = json.loads((tmp_path / "r" / "report.json").read_text())
    assert [f["quantization"] for f in facts["files"]] == [
        "dynamic_int8",
        "int8",
    ]
    for file, path in zip(facts["files"], files):
        assert file["file_bytes"] == path.stat().st_size
        assert file["score"]["agreement"] == 1.0
        (measured,) = file["measured"]
        assert [one["length"] for one in measured["latencies"]] == [16, 32]
    text = page.read_text()
    assert not re.search(r"(src|href)=|https?:|<script", text)
    plots = re.findall(r"<svg.*?</svg>", text, re.S)
    assert len(plots) == 6
    for plot in plots:
        xml.fromstring(plot)
    assert "load and peak: without the tokenizer" in text
    assert "2 examples" in text and "FULLY_CONNECTED" in text


def test_files_of_one_length_are_scored_and_measured(
    bundle, short_file, classifier_directory, tmp_path, monkeypatch
):
    monkeypatch.setattr(report, "_LENGTHS", (16,))
    monkeypatch.setattr(report, "_THREADS", (1,))
    monkeypatch.setattr(report, "_REPEATS", 1)
    data = tmp_path / "d.tsv"
    data.write_text(f"text\tlabel\nIt works.\tglad\n{'No way ' * 20}\tsad\n")
    report.write_report(
        tmp_path / "r",
        classifier_directory,
        [short_file, bundle()],
        Evaluation(str(data)),
    )
    facts = json.loads((tmp_path / "r" / "report.json").read_text())
    assert [f["score"]["agreement"] for f in facts["files"]] == [1.0, 1.0]


def test_time_of_a_file_of_one_length_beyond_128():
    lengths = [{"length": length} for length in (16, 64, 256)]
    assert report_html._typical(lengths) == {"length": 64}
    assert report_html._typical(lengths[2:]) == {"length": 256}


def test_parts_of_a_file_without_a_loop(short_file):
    parts = sizes.bytes_by_part(short_file)
    assert sum(parts.values()) == short_file.stat().st_size
    assert "layers" not in parts and "other weights" not in parts
    assert parts["layers and other weights"] > parts["embeddings"] / 2 > 0


def test_names_are_escaped():
    plot = report_plots.bars({"<b>": 1.0, "none": 0.0}, "&")
    assert [e.text for e in xml.fromstring(plot).iter("text")][0] == "<b>"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--compare", "x.tflite"], "Pass --report DIR"),
        (["--report", "r", "--compare", "no.tflite"], "No export at no.tflite"),
    ],
)
def test_options_of_the_report(tmp_path, capsys, arguments, message):
    output = str(tmp_path / "m.tflite")
    assert main(["--model", "m", "--output", output, *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("name", ["report.html", "report.json"])
def test_earlier_report_is_kept(tmp_path, capsys, name):
    report_file = tmp_path / "r" / name
    report_file.parent.mkdir()
    report_file.write_text("mine")
    arguments = ["--model", str(tmp_path / "no")]
    arguments += ["--output", str(tmp_path / "m.tflite")]
    arguments += ["--report", str(tmp_path / "r")]
    assert main(arguments) == 2
    assert f"{report_file} exists. Pass --overwrite" in capsys.readouterr().err
    assert main([*arguments, "--overwrite"]) == 2
    assert "No model directory" in capsys.readouterr().err
    assert report_file.read_text() == "mine"


@pytest.mark.parametrize("overwrite", [[], ["--overwrite"]])
def test_output_is_not_compared_with_itself(
    tmp_path, capsys, monkeypatch, overwrite
):
    monkeypatch.chdir(tmp_path)
    output = tmp_path / "m.tflite"
    output.write_text("mine")
    arguments = ["--model", "m", "--output", str(output), *overwrite]
    assert main([*arguments, "--report", "r", "--compare", "m.tflite"]) == 2
    error = capsys.readouterr().err
    assert "--compare names m.tflite, which --output would replace" in error
    assert output.read_text() == "mine"


@pytest.mark.parametrize("overwrite", [[], ["--overwrite"]])
def test_folder_in_place_of_the_report(tmp_path, capsys, overwrite):
    folder = tmp_path / "report.html"
    folder.mkdir()
    arguments = ["--model", "m", "--output", str(tmp_path / "m.tflite")]
    assert main([*arguments, "--report", str(tmp_path), *overwrite]) == 2
    assert f"{folder} is a folder, where a file" in capsys.readouterr().err


def test_file_to_compare_with_must_be_a_bundle(tmp_path, capsys):
    other = tmp_path / "other.tflite"
    other.write_bytes(b"\x1c\0\0\0TFL3 but no more")
    arguments = ["--model", "m", "--output", str(tmp_path / "m.tflite")]
    arguments += ["--report", "r", "--compare", str(other)]
    assert main(arguments) == 2
    assert f"{other} holds no tokenizer" in capsys.readouterr().err
