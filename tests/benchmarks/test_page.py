"""The page says what its JSON says, failures and losses included."""

import json
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import pytest

from albert_tf import AlbertConfig
from benchmarks import (
    device,
    growth,
    kotlin,
    machine,
    page,
    plots,
    prepare,
    quantizations,
    tokenizer,
    training,
)

ROOT = pathlib.Path(__file__).parents[2]


def _runs(*times):
    return [{"load_ms": t, "median_ms": t, "peak_mb": 10 * t} for t in times]


def _times(time):
    return {"median": time, "low": time - 1, "high": time + 2}


@pytest.fixture
def results():
    """Round figures whose ratios are plain to see."""
    rows = {"albert_tf": _runs(50, 60, 70), "ONNX Runtime": _runs(100, 60, 280)}
    steps = {
        "albert_tf, TensorFlow": [{"step_s": 4.0, "peak_mb": 100}],
        "transformers, PyTorch": [{"step_s": 2.0, "peak_mb": 400}],
    }
    formats = {
        "dynamic_int8": _runs(10, 20, 30),
        "int8": _runs(10, 24, 33),
        "int4": _runs(10, 10, 30),
    }
    speeds = {"sentencepiece": [8, 10, 10], "Kotlin": [10, 10, 15]}
    figures = {
        "device": device.summary(rows, {"albert_tf": 1.5}),
        "quantizations": quantizations.summary(
            formats, dict.fromkeys(formats, 7_600_000)
        ),
        "growth": {
            "rounds": 3,
            "lengths": {
                "64": {"1": _times(30), "2": _times(20)},
                "128": {"1": _times(60), "2": _times(40)},
            },
            "floor": {
                "multiply_adds": {"64": 10**9, "128": 2 * 10**9},
                "multiply_adds_per_s": {"1": 10**11, "2": 2 * 10**11},
            },
            "layers": {"6": _times(20), "12": _times(40)},
            "rows": {"1": _times(40), "2": _times(80)},
        },
        "tokenizer": {
            "text_mb": 0.5,
            "rounds": 3,
            "rows": tokenizer.summary(speeds),
            "missing": {},
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
    row = (
        "60.0 (59.0 to 62.0) | 20.0 | 3.00 | 40.0 (39.0 to 42.0) | 10.0 | 4.00"
    )
    assert f"| 128 | {row} |" in text
    assert "The products alone take 10 of our 40 ms" in text


def test_what_has_no_figures_says_why(results):
    text = page.page(results)
    assert "## Text to a corpus\n\nNo figures: did not end in 5 s" in text
    del results["parts"]["tokenizer"]
    text = page.page(results)
    assert "## Text to ids\n\nNo figures: It was not run." in text


@pytest.mark.parametrize("name", ["avx512_bf16", "amx_bf16"])
def test_bfloat16_is_told_where_it_is_missing(results, name):
    assert "No bfloat16: this CPU" in page.page(results)
    results["machine"]["instructions"].append(name)
    precisions = results["parts"]["training"]["figures"]["precisions"]
    precisions["bfloat16"] = precisions["float32"]
    text = page.page(results)
    assert "No bfloat16" not in text and "**bfloat16**" in text
    assert "In bfloat16 Keras follows" in text


def test_other_work_is_told(results):
    assert "Other work" not in page.page(results)
    results["parts"]["device"]["other_work"] = 0.25
    assert "Other work took 25% of the cores" in page.page(results)


def test_int8_products(results):
    assert "It has no instructions that multiply" in page.page(results)
    assert machine.has_int8_products(["avx2", "avx512_vnni"])


def test_tables_are_whole(results):
    blocks = re.findall(r"(?:^\|.*\|\n)+", page.page(results), re.M)
    assert len(blocks) == 8
    for block in blocks:
        assert len({line.count(" | ") for line in block.splitlines()}) == 1


def test_pictures(results, tmp_path):
    pytest.importorskip("matplotlib")
    names = plots.draw(results, tmp_path)
    drawn = ("device", "quantizations", "growth", "training", "tokenizer")
    assert names == [f"benchmarks_{name}.svg" for name in drawn]
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


def test_number_formats(results):
    """24/20 and 33/30 lose to the format beside them, 10/10 does not."""
    text = page.page(results)
    assert "| int8 | 7.60 | 24.0 | 24.0 | 240 | 1.10 (1.00 to 1.20) |" in text
    assert "time is not kept here: 1.10 (1.00 to 1.20)" in text
    assert "at most 7.5 MB is not kept: 7.6." in text
    rows = results["parts"]["quantizations"]["figures"]["rows"]
    rows["int8"]["times"]["median"], rows["int4"]["file_mb"] = 1.05, 7.5
    assert "not kept" not in page.page(results)


def test_growth_holds_the_fastest_and_the_slowest():
    """A floor of 4 · 128 · 4 · 8 multiply-adds in the fastest 2 ms."""
    config = AlbertConfig(
        vocab_size=10,
        embedding_size=4,
        hidden_size=4,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=8,
    )
    rounds = [
        {
            "lengths": {"16": {"1": time}},
            "product": {"1": time / 2},
            "layers": {"3": time},
            "rows": {"1": time},
        }
        for time in (4.0, 9.0, 5.0)
    ]
    found = growth.summary(rounds, config)
    assert found["lengths"]["16"]["1"] == {"median": 5, "low": 4, "high": 9}
    assert found["layers"]["3"] == found["rows"]["1"]
    assert found["floor"]["multiply_adds_per_s"] == {"1": 16384 / 0.002}


def test_kotlin_is_left_out_by_name(results, monkeypatch, tmp_path):
    assert "| Kotlin | 10.00 | 1.25 (1.00 to 1.50) |" in page.page(results)
    assert "Left out" not in page.page(results)
    monkeypatch.setenv("PATH", str(tmp_path))
    figures = results["parts"]["tokenizer"]["figures"]
    del figures["rows"]["Kotlin"]
    figures["missing"]["Kotlin"] = kotlin.why_missing(limit_s=1)
    text = page.page(results)
    assert "Left out: Kotlin, " in text
    assert "JDK 17: here `mvn`, `javac`, `java` are missing." in text
    assert "| Kotlin |" not in text


@pytest.mark.parametrize(
    "mvn, javac, why",
    [
        ("exit 0", "echo javac 11.0.2 >&2", "`javac` is 11"),
        ("exit 1", "echo javac 21", "`mvn` failed with status 1"),
        ("sleep 30", "echo javac 17.0.15", "`mvn` did not end in 1 s"),
        ("exit 0", "echo javac 17.0.15", None),
    ],
)
def test_why_kotlin_cannot_run(monkeypatch, tmp_path, mvn, javac, why):
    for name, script in (("mvn", mvn), ("javac", javac), ("java", "")):
        (tmp_path / name).write_text(
            f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n"
        )
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert kotlin.why_missing(limit_s=1) == why


def test_start_is_taken_off(results):
    """4 MB in 3 s, one of them the start: 2 MB/s, a quarter of 8."""
    start = {"wall_s": 1.0, "cpu_s": 1.0}
    run = {"wall_s": 5.0, "cpu_s": 3.0, "digest": "a"}
    two = {"wall_s": 3.0, "cpu_s": 3.0, "digest": "a"}
    rounds = [
        {
            "start": {"1": start, "2": start},
            "floor": 8.0,
            "runs": {"1": run, "2": two},
        }
    ] * 2
    found = prepare.summary(rounds, 4.0)
    row = found["rows"]["1"]
    assert row["mb_per_cpu_s"] == 2.0
    assert row["share"] == {"median": 0.25, "low": 0.25, "high": 0.25}
    # Four seconds of one worker beside two of two.
    assert found["rows"]["2"]["times_one"]["median"] == 2.0
    assert found["rows"]["2"]["mb_per_s"]["median"] == 2.0
    figures = {"copies": 3, **found}
    results["parts"]["prepare"] = {"figures": figures}
    text = page.page(results)
    assert "With more workers: [text to a corpus](#text-to-a-corpus)." in text
    assert "4.0 MB, the text 3 times over in as many files, 2 rounds." in text
    shares = "2.00 (2.00 to 2.00) | 2.00 | 0.25 (0.25 to 0.25)"
    assert f"| 2 | 3.0 | 1.0 | 2.00 | {shares} |" in text
    assert "The shards are the same bytes." in text
    figures["copies"] = 1
    assert "times over" not in page.page(results)


@pytest.mark.parametrize(
    "cores, counts",
    [(1, [1]), (2, [1, 2]), (6, [1, 2, 4, 6]), (8, [1, 2, 4, 8])],
)
def test_workers(cores, counts):
    assert prepare.counts_of_workers(cores) == counts
