"""Mistakes in an export end in one line, and leave nothing behind."""

import json
import shutil
import subprocess
import sys
import tempfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from albert_tf import AlbertForSequenceClassification
from albert_tf.edge import runtime
from export import quantize, verify
from export.pipeline import export_model
from export.targets import find_quantization, find_target
from export.to_tflite import main


@pytest.fixture
def model_copy(classifier_directory, tmp_path):
    return shutil.copytree(classifier_directory, tmp_path / "model")


def _fails(arguments, capsys):
    assert main([str(argument) for argument in arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_missing_model_is_named(tmp_path, capsys):
    line = _fails(
        ["--model", tmp_path / "no", "--output", tmp_path / "m.tflite"],
        capsys,
    )
    assert "No model directory" in line
    assert list(tmp_path.iterdir()) == []


def test_existing_output_is_kept(model_copy, tmp_path, capsys):
    output = tmp_path / "m.tflite"
    output.write_text("mine")
    line = _fails(["--model", model_copy, "--output", output], capsys)
    assert "--overwrite" in line
    assert output.read_text() == "mine"


def test_output_must_be_named_tflite(model_copy, tmp_path):
    with pytest.raises(ValueError, match="must end in .tflite"):
        export_model(model_copy, tmp_path / "m.bin")


@pytest.mark.parametrize("overwrite", [False, True])
def test_output_must_be_no_folder(model_copy, tmp_path, overwrite):
    (tmp_path / "m.tflite").mkdir()
    with pytest.raises(ValueError, match="m.tflite is a folder, where a file"):
        export_model(model_copy, tmp_path / "m.tflite", overwrite=overwrite)


def test_output_folder_must_be_a_folder(model_copy, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="Cannot write to"):
        export_model(model_copy, tmp_path / "file" / "m.tflite")


def test_other_task_is_refused(model_copy, tmp_path):
    config = json.loads((model_copy / "config.json").read_text())
    config["architectures"] = ["AlbertModel"]
    (model_copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(
        ValueError, match="is a AlbertModel, which answers no task"
    ):
        export_model(model_copy, tmp_path / "m.tflite")


def test_head_of_several_labels_a_text_is_refused(model_copy, tmp_path, capsys):
    config = json.loads((model_copy / "config.json").read_text())
    config["problem_type"] = "multi_label_classification"
    (model_copy / "config.json").write_text(json.dumps(config))
    output = tmp_path / "m.tflite"
    line = _fails(["--model", model_copy, "--output", output], capsys)
    assert "problem_type='multi_label_classification', num_labels=3" in line
    assert not output.exists()


def test_label_of_two_lines_is_refused(model_copy, tmp_path):
    """A file of labels has one a line."""
    config = json.loads((model_copy / "config.json").read_text())
    config["id2label"] = {"0": "calm", "1": "so\nglad", "2": "sad"}
    (model_copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=r"Received: 'so\\nglad'. Mend .*id2"):
        export_model(model_copy, tmp_path / "m.tflite")


def test_missing_tokenizer_is_named(model_copy, tmp_path):
    (model_copy / "spiece.model").unlink()
    with pytest.raises(ValueError, match="spiece.model"):
        export_model(model_copy, tmp_path / "m.tflite")


def test_broken_task_file_is_named(model_copy, tmp_path):
    (model_copy / "task.json").write_text('{"max_length": null}')
    with pytest.raises(ValueError, match=r"task\.json is broken"):
        export_model(model_copy, tmp_path / "m.tflite")


def test_weights_that_are_not_numbers_are_refused(
    tiny_config, small_tokenizer, tmp_path
):
    model = AlbertForSequenceClassification(tiny_config)
    model.classifier.bias.assign([np.nan, 0.0])
    model.save_pretrained(tmp_path / "model", small_tokenizer)
    with pytest.raises(ValueError, match="not numbers"):
        export_model(tmp_path / "model", tmp_path / "m.tflite")


def test_quantization_that_the_target_lacks_is_refused():
    with pytest.raises(ValueError, match="takes no 'int2'"):
        find_quantization(find_target("cpu"), "int2")
    with pytest.raises(ValueError, match="No target is named 'gpu'"):
        find_target("gpu")


@pytest.mark.parametrize("wrong", [0.0, np.nan, 50.0])
def test_wrong_answers_fail_verification(wrong):
    """A runtime that returns zeros, as has been seen, must not pass."""
    expected = [{"logits": np.array([x, -2.0])} for x in (1.5, -0.4)]
    zeros = [{"logits": np.full(2, wrong)}] * 2
    with pytest.raises(ValueError, match="logits of row 0 .single. by"):
        verify.compare({"single": zeros}, expected, tolerance=0.25)


def test_difference_is_told_in_units_of_the_largest_output():
    expected = [{"logits": np.array([x, -2.0])} for x in (1.5, -0.4)]
    got = [{"logits": row["logits"] + 0.1} for row in expected]
    assert verify.compare(
        {"single": got}, expected, tolerance=0.25
    ) == pytest.approx(0.05)


def test_file_that_fails_verification_is_not_left(
    model_copy, tmp_path, monkeypatch
):
    def zeros(path, rows, runtime, **options):
        assert path.exists()
        return {"single": [{"logits": np.zeros(3)} for _ in rows]}

    monkeypatch.setattr(verify, "run_on_runtime", zeros)
    output = tmp_path / "out" / "m.tflite"
    with pytest.raises(
        ValueError, match="expected\\). Nothing was .*float16.$"
    ):
        export_model(model_copy, output)
    with pytest.raises(ValueError, match="Nothing was written.$"):
        export_model(model_copy, output, quantization="float32")
    assert list(output.parent.iterdir()) == []


def test_interrupted_export_leaves_nothing(
    model_copy, tmp_path, monkeypatch, capsys
):
    def interrupt(path, rows, runtime, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(verify, "run_on_runtime", interrupt)
    output = tmp_path / "out" / "m.tflite"
    line = _fails(["--model", model_copy, "--output", output], capsys)
    assert "interrupted" in line
    assert list(output.parent.iterdir()) == []


@pytest.mark.parametrize("target", ["cpu", "mediapipe"])
def test_disk_that_is_full_is_told(
    model_copy, tmp_path, monkeypatch, capsys, target
):
    def fail(*arguments, **options):
        said = "{{node}} /tmp/x/part-0; No space left on device [Op:SaveV2]"
        raise tf.errors.ResourceExhaustedError(None, None, said)

    monkeypatch.setattr(tf.saved_model, "save", fail)
    data = tmp_path / "d.tsv"
    data.write_text("text\tlabel\nIt works.\tglad\nNo way\tsad\n")
    output = tmp_path / "out" / "m.tflite"
    arguments = ["--model", model_copy, "--output", output]
    # No gentler quantization would find more room.
    arguments += ["--evaluate", data, "--max-drop", "0.1", "--fallback"]
    line = _fails([*arguments, "--target", target], capsys)
    place = tempfile.gettempdir()
    assert f"Cannot write the graph to {place}: No space left on dev" in line
    assert "gentler" not in line
    assert list(output.parent.iterdir()) == []


def test_model_that_does_not_convert_is_told(
    model_copy, tmp_path, monkeypatch, capsys
):
    def fail(*arguments):
        raise ConverterError("no operator of the kind.\nat a\nat b")

    monkeypatch.setattr(quantize, "convert", fail)
    arguments = ["--model", model_copy, "--output", tmp_path / "m.tflite"]
    line = _fails(arguments, capsys)
    assert "converter refuses the model: no operator of the kind. Take" in line


def test_missing_runtime_is_told_before_the_work(tmp_path, capsys, monkeypatch):
    def find_spec(name):
        return None if name == "tflite_runtime" else object()

    monkeypatch.setattr(runtime.importlib.util, "find_spec", find_spec)
    output = tmp_path / "m.tflite"
    arguments = ["--model", tmp_path / "none", "--output", output]
    line = _fails([*arguments, "--target", "tflite-runtime"], capsys)
    assert "pip install tflite-runtime" in line


def test_what_a_report_needs_is_told_before_the_work(
    tmp_path, capsys, monkeypatch
):
    def find_spec(name):
        return None if name == "ai_edge_litert" else object()

    monkeypatch.setattr(runtime.importlib.util, "find_spec", find_spec)
    monkeypatch.setattr(runtime, "_check_numpy", lambda package: None)
    arguments = ["--model", tmp_path, "--output", tmp_path / "m.tflite"]
    arguments += ["--target", "tflite-runtime", "--report"]
    line = _fails([*arguments, tmp_path / "report"], capsys)
    assert "pip install ai-edge-litert" in line
    (tmp_path / "file").write_text("")
    line = _fails([*arguments, tmp_path / "file" / "report"], capsys)
    assert "Cannot write to" in line


def test_other_backends_are_refused(model_copy, tmp_path, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="KERAS_BACKEND=jax. Set it to tens"):
        export_model(model_copy, tmp_path / "m.tflite")


def _without_tensorflow(*arguments):
    code = (
        f"import sys; sys.argv = ['to_tflite.py', *{arguments}];"
        "from export.to_tflite import main\n"
        "try: sys.exit(main())\n"
        "finally: assert 'tensorflow' not in sys.modules"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )


def test_help_shows_defaults_without_tensorflow():
    result = _without_tensorflow("--help")
    assert result.returncode == 0, result.stderr
    assert "(default: cpu)" in result.stdout


@pytest.mark.parametrize(
    "given, said",
    [
        ((), "--overwrite"),
        (("--overwrite", "--quantize", "int8"), "Pass --calibration"),
        (("--overwrite", "--inference-output-type", "int8"), "--target npu"),
    ],
)
def test_request_is_refused_without_tensorflow(given, said, tmp_path):
    output = tmp_path / "m.tflite"
    output.write_text("mine")
    files = ("--model", str(tmp_path), "--output", str(output))
    result = _without_tensorflow(*files, *given)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert output.read_text() == "mine"
