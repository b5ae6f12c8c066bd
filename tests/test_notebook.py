"""The notebook runs from its first cell to its last."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[1]
NOTEBOOK = ROOT / "examples" / "albert_overview.ipynb"


@pytest.mark.slow
@pytest.mark.device
def test_notebook(monkeypatch):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    notebook = nbformat.read(NOTEBOOK, 4)
    nbclient.NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "examples")}},
    ).execute()
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(pictures) == 4
    (summary,) = [
        output["data"]["text/markdown"]
        for output in outputs
        if "measured here" in output.get("data", {}).get("text/markdown", "")
    ]
    assert "11.1 M against 108.5 M" in summary


def test_notebook_is_small():
    assert NOTEBOOK.stat().st_size < 200_000
