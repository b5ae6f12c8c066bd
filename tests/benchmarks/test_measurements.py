"""The measurements of exported files run whole, on a small model."""

import json
import sys

import pytest

from benchmarks.runs import run_command


@pytest.mark.parametrize("name", ["device", "growth", "quantizations"])
def test_writes_its_figures(name, tmp_path):
    path = tmp_path / "figures.json"
    sizes = ["--preset", "albert_edge_small", "--rounds", 1, "--repeats", 1]
    run_command(
        [sys.executable, "-m", f"benchmarks.{name}", *sizes, "--json", path]
    )
    assert json.loads(path.read_text("utf-8"))["rounds"] == 1
