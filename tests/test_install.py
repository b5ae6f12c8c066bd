"""What `pip` would put on a device, and what `make demo` does without."""

import json
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]


def _would_install(extra):
    result = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
        + ["--ignore-installed", "--report", "-", f"{ROOT}[{extra}]"],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    packages = [row["metadata"] for row in json.loads(result.stdout)["install"]]
    return {p["name"].lower().replace("_", "-"): p["version"] for p in packages}


@pytest.mark.slow
def test_device_gets_no_training_framework():
    packages = _would_install("edge")
    assert {"numpy", "sentencepiece", "ai-edge-litert"} <= set(packages)
    heavy = {"tensorflow", "keras", "torch", "jax", "safetensors"}
    assert not heavy & set(packages), packages


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="no wheels for it")
def test_tflite_runtime_gets_numpy_1():
    packages = _would_install("tflite-runtime")
    assert packages["tflite-runtime"] == "2.14.0"
    assert packages["numpy"].startswith("1.")
    assert "tensorflow" not in packages


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
@pytest.mark.parametrize("has_older", [True, False])
def test_demo_exports_for_runtimes_that_are_there(tmp_path, has_older):
    """A stand-in for Python knows tflite-runtime, or does not."""
    (tmp_path / "bin").mkdir()
    for name in ("bin/python", "bin/pip", ".demo-ready"):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {int(not has_older)}\n")
        (tmp_path / name).chmod(0o755)
    result = subprocess.run(
        ["make", "--dry-run", "demo", f"VENV={tmp_path}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    exports = result.stdout.count("export/to_tflite.py --overwrite")
    compared = result.stdout.partition("-m export.compare")[2]
    assert exports == (2 if has_older else 1)
    assert ("intents-2.14.tflite" in compared) == has_older
    assert ("is left out" in result.stdout) != has_older
