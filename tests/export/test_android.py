"""A user's own model in the Android app."""

import pytest

from export import android, file_maker, report
from export.to_tflite import main

pytestmark = pytest.mark.device


def test_a_model_takes_its_task_s_place(bundle, tmp_path):
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "classification.tflite").write_text("the shipped one")
    (assets / "question_answering.tflite").write_text("another task's")
    path = android.install(bundle(), tmp_path)
    assert path == assets / "classification.tflite"
    assert path.read_bytes() == bundle().read_bytes()
    assert sorted(p.name for p in assets.iterdir()) == [
        "classification.tflite",
        "question_answering.tflite",
    ]


def test_a_task_without_a_screen_is_refused(bundle, tmp_path):
    (tmp_path / "assets").mkdir()
    with pytest.raises(ValueError, match="no screen for masked_lm"):
        android.install(bundle(task="masked_lm"), tmp_path)
    assert list((tmp_path / "assets").iterdir()) == []


def test_a_task_without_a_screen_is_refused_before_the_work(
    task_directory, tmp_path, capsys, monkeypatch
):
    (tmp_path / "assets").mkdir()
    output = tmp_path / "m.tflite"
    monkeypatch.setattr(file_maker, "_convert", None)
    arguments = ["--model", task_directory("masked_lm"), "--output", output]
    assert main([*map(str, arguments), "--android", str(tmp_path)]) == 2
    assert "no screen for masked_lm" in capsys.readouterr().err
    assert not output.exists()


def test_the_command_puts_it_there(classifier_directory, tmp_path, capfd):
    (tmp_path / "assets").mkdir()
    output = tmp_path / "m.tflite"
    arguments = ["--model", classifier_directory, "--output", output]
    assert main([*map(str, arguments), "--android", str(tmp_path)]) == 0
    installed = tmp_path / "assets/classification.tflite"
    assert installed.read_bytes() == output.read_bytes()
    assert str(installed) in capfd.readouterr().out


def test_it_is_put_there_before_a_report_that_fails(
    classifier_directory, tmp_path, capsys, monkeypatch
):
    def fail(*arguments, **options):
        raise OSError("the disk is full.")

    monkeypatch.setattr(report, "write_report", fail)
    (tmp_path / "assets").mkdir()
    output = tmp_path / "m.tflite"
    arguments = ["--model", classifier_directory, "--output", output]
    arguments += ["--quantize", "float32", "--report", tmp_path / "r"]
    assert main([*map(str, arguments), "--android", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert f"{output} is kept, but the report failed: the disk is" in error
    installed = tmp_path / "assets/classification.tflite"
    assert installed.read_bytes() == output.read_bytes()


def test_a_copy_that_fails_is_told(
    classifier_directory, tmp_path, capsys, monkeypatch
):
    def fail(*arguments):
        raise OSError("the disk is full.")

    monkeypatch.setattr(android, "install", fail)
    (tmp_path / "assets").mkdir()
    output = tmp_path / "m.tflite"
    arguments = ["--model", classifier_directory, "--output", output]
    assert main([*map(str, arguments), "--android", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert f"{output} is kept, but the copy for Android failed: the" in error
    assert output.exists()


def test_another_folder_is_refused_before_the_work(
    classifier_directory, tmp_path, capsys
):
    output = tmp_path / "m.tflite"
    arguments = ["--model", classifier_directory, "--output", output]
    assert main([*map(str, arguments), "--android", str(tmp_path)]) == 2
    assert "has no folder `assets`" in capsys.readouterr().err
    assert not output.exists()
