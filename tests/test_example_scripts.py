"""The scripts of `examples` run, and stay short enough to be read at once."""

import os
import pathlib
import runpy
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
SMALLEST = {
    "classification": ["--epochs", "1"],
    "tagging": ["--epochs", "1"],
    "question_answering": ["--epochs", "8"],
    "pretraining": ["--steps", "2"],
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_script_is_short(script):
    assert len(script.read_text(encoding="utf-8").splitlines()) < 60
    assert script.stem in SMALLEST


def run(name, output, monkeypatch):
    """Runs a script in this process, where TensorFlow is loaded."""
    path = ROOT / "examples" / f"{name}.py"
    arguments = [str(path), *SMALLEST[name], "--output", str(output)]
    monkeypatch.setattr(sys, "argv", arguments)
    return runpy.run_path(str(path), run_name="__main__")


@pytest.mark.slow
@pytest.mark.device
def test_classification(tmp_path, monkeypatch, capsys):
    names = run("classification", tmp_path / "model", monkeypatch)
    assert names["file"].stat().st_size > 100_000
    *_, dark, six = capsys.readouterr().out.strip().splitlines()
    assert dark.startswith("it is far too dark in here: ")
    assert six.split(": ")[1].split(" (")[0] in names["labels"]


@pytest.mark.slow
def test_tagging(tmp_path, monkeypatch):
    names = run("tagging", tmp_path / "model", monkeypatch)
    assert len(names["found"]["tags"]) == 6


@pytest.mark.slow
def test_question_answering(tmp_path, monkeypatch):
    names = run("question_answering", tmp_path / "model", monkeypatch)
    losses = names["history"].history["loss"]
    assert losses[-1] < losses[0]
    first = names["answers"][0]
    assert first["question"].startswith("How many people")


@pytest.mark.slow
def test_pretraining(tmp_path):
    script = ROOT / "examples" / "pretraining.py"
    arguments = [*SMALLEST["pretraining"], "--output", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model" / "model.safetensors").exists()
    assert len(done.stdout.strip().splitlines()[-5:]) == 5
