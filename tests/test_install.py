"""What `pip` would put on a device."""

import json
import pathlib
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
