"""Texts to calibrate with: read, and refused where they cannot serve."""

import types

import numpy as np
import pytest

from albert_tf import AlbertForSequenceClassification, AlbertTokenizer
from albert_tf.edge import Bundle, Session
from export import (
    arguments,
    calibrate,
    data_arguments,
    quantize,
    rewrite,
    source_model,
)
from export.calibration_texts import MAX_TEXTS, Calibration, read_rows
from export.pipeline import export_model
from export.samples import samples_of
from export.to_tflite import main
from tests.conftest import GOLDEN


@pytest.fixture
def source(small_tokenizer):
    return types.SimpleNamespace(
        tokenizer=small_tokenizer,
        task="classification",
        max_length=32,
        check_segments=lambda rows: None,
    )


def test_texts_of_all_the_file_are_taken(source, tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(f"line {i}" for i in range(1000)) + "\n\n")
    rows = read_rows(Calibration(str(path)), source)
    assert len(rows) == MAX_TEXTS
    last = source.tokenizer.decode(rows[-1].token_ids)
    assert "995" in last


def test_pairs_come_from_columns(source, tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("a\tb\nWho is it?\tIt is the baker.\n")
    (row,) = read_rows(Calibration(str(path), "a", "b"), source)
    assert set(row.segment_ids) == {0, 1}


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("a.txt", "\n \n", "has no text to calibrate with"),
        ("a.txt", "\u4f60\u597d\u4e16\u754c\n" * 3, "pieces are unknown"),
        ("a.tsv", "x\ty\n1\t2\n", "text"),
        ("a.pdf", "x", "must end in .tsv"),
    ],
)
def test_file_that_cannot_serve(source, tmp_path, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_rows(Calibration(str(tmp_path / name)), source)


def test_bad_rows_of_a_table_are_told(source, tmp_path, capsys):
    path = tmp_path / "a.tsv"
    path.write_text("text\tn\nIt works.\t1\nragged\n \t2\nNo way\t3\n")
    told = "line 3: .* 1 more bad row in this file; --skip-bad-rows"
    with pytest.raises(ValueError, match=told):
        read_rows(Calibration(str(path)), source)
    assert (
        len(read_rows(Calibration(str(path), skip_bad_rows=True), source)) == 2
    )
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "skipped 2 bad rows:"
    assert "line 4: the text is empty." in said[2]
    path.write_text("text\tn\n\t2\n")
    with pytest.raises(ValueError, match="has no text to calibrate with"):
        read_rows(Calibration(str(path), skip_bad_rows=True), source)
    with pytest.raises(
        ValueError, match="with --text-column and --pair-column"
    ):
        read_rows(Calibration(str(path), "other"), source)


def test_missing_file_is_named(source, tmp_path):
    with pytest.raises(ValueError, match="Cannot read calibration texts"):
        read_rows(Calibration(str(tmp_path / "no.txt")), source)


@pytest.mark.parametrize(
    "name, columns, message",
    [
        ("a.tsv", (), "takes two texts"),
        ("a.txt", (), "one text a line"),
        ("a.txt", ("a", "b"), "one text a line"),
    ],
)
def test_answering_needs_pairs(source, tmp_path, name, columns, message):
    source.task = "question_answering"
    (tmp_path / name).write_text("a\tb\nWho?\tIt is.\n")
    with pytest.raises(ValueError, match=message):
        read_rows(Calibration(str(tmp_path / name), *columns), source)


def test_int8_without_texts_says_what_to_do(tmp_path, capsys):
    status = main(
        ["--model", str(tmp_path), "--output", str(tmp_path / "m.tflite")]
        + ["--quantize", "int8"]
    )
    assert status == 2
    error = capsys.readouterr().err
    assert "--calibration FILE" in error and "dynamic_int8" in error


def _flat(path):
    return path.read_bytes()[: Bundle(path).part_bytes["model"]]


def test_ranges_are_those_of_every_depth(classifier_directory, bundle):
    """Against the layer in NumPy's stead: Keras' own dense layers."""
    parsed = rewrite.parse(_flat(bundle("cpu", "dynamic_int8")))
    (body,) = rewrite.loops(parsed)
    source = source_model.load(classifier_directory)
    rows, _ = source.answers(samples_of(source.task))
    state = quantize.embedded(source.model, rows[1])
    dense = rewrite.dense_operators(parsed, body)
    tensor = int(dense[0].inputs[0])
    ranges, (last,) = calibrate.measure_ranges(
        parsed, body, [tensor], [(*state, 3)]
    )
    layer = source.model.encoder.transformer_layers[0]
    hidden, bias = state
    inputs = []
    for _ in range(3):
        inputs.append(np.asarray(hidden))
        hidden = layer(hidden, bias)
    low, high = ranges[tensor]
    assert low == pytest.approx(np.min(inputs), rel=0.05)
    assert high == pytest.approx(np.max(inputs), rel=0.05)
    np.testing.assert_allclose(last, np.asarray(hidden), atol=0.1)


@pytest.mark.parametrize("target", ["cpu", "tflite-runtime"])
def test_a_unit_of_nothing_but_a_bias_keeps_it(
    classifier_directory, bundle, tmp_path, target
):
    """In steps of its weights' scale the bias would not fit 32 bits."""
    model = AlbertForSequenceClassification.from_pretrained(
        classifier_directory
    )
    (layer,) = model.encoder.transformer_layers
    dense = layer.intermediate
    kernel, bias = (np.array(w) for w in (dense.kernel, dense.bias))
    kernel[:, 3], bias[3] = 0.0, 2.0
    dense.kernel.assign(kernel)
    dense.bias.assign(bias)
    tokenizer = AlbertTokenizer.from_pretrained(classifier_directory)
    model.save_pretrained(tmp_path / "model", tokenizer)
    path = export_model(
        tmp_path / "model",
        tmp_path / "m.tflite",
        target=target,
        quantization="int8",
        calibration=Calibration(str(GOLDEN / "small_corpus.txt")),
    )
    rows = tokenizer.pack(["The library opens at nine."], max_length=64)
    got = Session(path).run(rows)["logits"]
    # The weights as they were are not in the file besides.
    sizes = [p.stat().st_size for p in (path, bundle(target, "int8"))]
    assert sizes[0] < sizes[1] + 1000
    expected = np.asarray(model(np.array([rows[0][0]])))
    assert np.abs(got - expected).max() < 0.05 * np.abs(expected).max()


@pytest.mark.parametrize("evaluate", [[], ["--evaluate", "dev.tsv"]])
def test_lines_beside_pairs_to_score_on(source, tmp_path, evaluate):
    """The column is of the data to score on, if there is one."""
    path = tmp_path / "a.txt"
    path.write_text("It works.\n")
    options = arguments.parser().parse_args(
        ["--model", "m", "--output", "m.tflite", "--calibration", str(path)]
        + ["--pair-column", "b", *evaluate]
    )
    calibration = data_arguments.calibration_of(options)
    if evaluate:
        assert len(read_rows(calibration, source)) == 1
    else:
        with pytest.raises(ValueError, match="one text a line"):
            read_rows(calibration, source)


def _calibration_of(model, path, *more):
    given = ["--model", str(model), "--output", "m.tflite"]
    options = arguments.parser().parse_args(
        [*given, "--calibration", str(path), *more]
    )
    return data_arguments.calibration_of(options)


@pytest.mark.parametrize(
    "more, columns",
    [
        ([], ("first", "second")),
        (["--text-column", "a"], ("a", "second")),
        (["--text-column", "a", "--pair-column", "b"], ("a", "b")),
    ],
)
def test_columns_are_those_of_training(trained_directory, more, columns):
    settings = {"text_column": "first", "pair_column": "second"}
    model = trained_directory(
        "classification", task="pair", max_length=16, settings=settings
    )
    found = _calibration_of(model, "a.tsv", *more)
    assert (found.text_column, found.pair_column) == columns
    assert not found.skip_bad_rows
    assert _calibration_of(model, "a.tsv", "--skip-bad-rows").skip_bad_rows


@pytest.mark.parametrize("evaluate", [[], ["--evaluate", "dev.tsv"]])
def test_lines_are_refused_for_a_model_of_pairs(
    trained_directory, source, tmp_path, evaluate
):
    settings = {"text_column": "text", "pair_column": "pair"}
    model = trained_directory(
        "classification", task="pair", max_length=16, settings=settings
    )
    calibration = _calibration_of(model, tmp_path / "a.txt", *evaluate)
    with pytest.raises(ValueError, match="one text a line"):
        read_rows(calibration, source)


def test_ranges_are_measured_by_the_runtime_that_is_there(bundle, monkeypatch):
    """With tflite-runtime alone a file for it is exported."""
    asked = []

    def absent(package):
        asked.append(package)
        raise ModuleNotFoundError(package)

    monkeypatch.setattr(calibrate, "find_runtime", lambda: "tflite_runtime")
    monkeypatch.setattr(calibrate, "import_interpreter", absent)
    parsed = rewrite.parse(_flat(bundle("cpu", "dynamic_int8")))
    (body,) = rewrite.loops(parsed)
    with pytest.raises(ModuleNotFoundError):
        calibrate.measure_ranges(parsed, body, [], [])
    assert asked == ["tflite_runtime"]
