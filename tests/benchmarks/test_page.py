"""The page says what its JSON says, failures and losses included."""

import json
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import pytest

from benchmarks import device, machine, page, plots, prepare, training

ROOT = pathlib.Path(__file__).parents[2]


def _runs(*times):
    return [{"load_ms": t, "median_ms": t, "peak_mb": 10 * t} for t in times]


@pytest.fixture
def results():
    """Round figures whose ratios are plain to see."""
    rows = {"albert_tf": _runs(50, 60, 70), "ONNX Runtime": _runs(100, 60, 280)}
    steps = {
        "albert_tf, TensorFlow": [{"step_s": 4.0, "peak_mb": 100}],
        "transformers, PyTorch": [{"step_s": 2.0, "peak_mb": 400}],
    }
    figures = {
        "device": device.summary(rows, {"albert_tf": 1.5}),
        "growth": {
            "lengths": {"64": {"1": 30, "2": 20}, "128": {"1": 60, "2": 40}},
            "floor": {
                "multiply_adds": {"64": 10**9, "128": 2 * 10**9},
                "multiply_adds_per_s": {"1": 10**11, "2": 2 * 10**11},
            },
            "layers": {"6": 20, "12": 40},
            "rows": {"1": 40, "2": 80},
        },
        "training": {
            "batch_size": 8,
            "length": 128,
            "steps": 2,
            "precisions": {"float32": training.summary(steps)},
        },
    }
    found = {name: {"figures": each} for name, each in figures.items()}
    found["prepare"] = {"failed": "did not end in 5 s"}
    facts = {
        "cpu": "Slow 1",
        "cores": 2,
        "memory_gb": 4,
        "instructions": ["avx2"],
        "system": "Linux",
        "python": "3.11",
        "versions": {"torch": "2"},
    }
    # What a page is made from has been a file.
    return json.loads(json.dumps({"machine": facts, "parts": found}))


def test_ratios_are_of_runs_in_turn(results):
    """60/60 and 70/280 are pairs; 50/60 and 60/100 are none."""
    ratio = results["parts"]["device"]["figures"]["ratios"]["ONNX Runtime"]
    assert ratio["median_ms"] == {"median": 0.5, "low": 0.25, "high": 1.0}
    assert "| ONNX Runtime | 0.50 (0.25 to 1.00) |" in page.page(results)


def test_what_loses_is_shown(results):
    text = page.page(results)
    assert "| transformers, PyTorch | 2.00 (2.00 to 2.00) | 0.25" in text
    assert "is not reached here: 0.50 (0.25 to 1.00)" in text


def test_floor(results):
    """2 · 10⁹ multiply-adds at 2 · 10¹¹ a second are 10 ms, a quarter of 40."""
    text = page.page(results)
    assert "| 128 | 60.0 | 20.0 | 3.00 | 40.0 | 10.0 | 4.00 |" in text
    assert "The products alone take 10 of our 40 ms" in text


def test_what_has_no_figures_says_why(results):
    text = page.page(results)
    assert "## Text to a corpus\n\nNo figures: did not end in 5 s" in text
    assert "## Text to ids\n\nNo figures: It was not run." in text


@pytest.mark.parametrize("name", ["avx512_bf16", "amx_bf16"])
def test_bfloat16_is_told_where_it_is_missing(results, name):
    assert "No bfloat16: this CPU" in page.page(results)
    results["machine"]["instructions"].append(name)
    assert "No bfloat16" not in page.page(results)


def test_other_work_is_told(results):
    assert "Other work" not in page.page(results)
    results["parts"]["device"]["other_work"] = 0.25
    assert "Other work took 25% of the cores" in page.page(results)


def test_int8_products(results):
    assert "It has no instructions that multiply" in page.page(results)
    assert machine.has_int8_products(["avx2", "avx512_vnni"])


def test_tables_are_whole(results):
    blocks = re.findall(r"(?:^\|.*\|\n)+", page.page(results), re.M)
    assert len(blocks) == 5
    for block in blocks:
        assert len({line.count(" | ") for line in block.splitlines()}) == 1


def test_pictures(results, tmp_path):
    pytest.importorskip("matplotlib")
    names = plots.draw(results, tmp_path)
    assert names == [
        f"benchmarks_{n}.svg" for n in ("device", "growth", "training")
    ]
    text = page.page(results, names)
    for name in names:
        assert f"](pictures/{name})" in text
        assert ElementTree.parse(tmp_path / name).getroot().tag.endswith("svg")


def test_page_of_the_guide_is_of_its_figures():
    docs = ROOT / "docs"
    results = json.loads((docs / "benchmarks.json").read_text("utf-8"))
    names = [path.name for path in docs.glob("pictures/benchmarks_*.svg")]
    assert (docs / "benchmarks.md").read_text("utf-8") == page.page(
        results, names
    )


def test_start_is_taken_off():
    """4 MB in 3 s, one of them the start: 2 MB/s, a quarter of 8."""
    run = {"wall_s": 2.0, "cpu_s": 3.0, "digest": "a"}
    rounds = [{"start": {"1": 1.0}, "floor": 8.0, "runs": {"1": run}}] * 2
    row = prepare.summary(rounds, 4.0)["rows"]["1"]
    assert row["mb_per_cpu_s"] == 2.0
    assert row["share"] == {"median": 0.25, "low": 0.25, "high": 0.25}
