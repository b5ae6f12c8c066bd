"""A part that fails or hangs is told; the others and their figures stay."""

import argparse
import json
import time

import pytest

from albert_tf.command import run
from benchmarks import __main__ as bench
from benchmarks import machine, parts

GOOD = "import json, sys; open(sys.argv[-1], 'w').write('{\"x\": 1}')"


class Script(parts.Part):
    """A part whose module is a line of Python."""

    def command(self, options, result):
        python = super().command(options, result)[0]
        return [python, "-c", self.module, str(result)]


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Returns what runs the command on parts of given code."""
    written = []
    monkeypatch.setattr(machine, "facts", lambda python: {"cpu": "a"})
    monkeypatch.setattr(
        bench, "_write_page", lambda results, folder: written.append(results)
    )

    def start(*arguments, **codes):
        found = {
            name: Script(code, "about", (), limit_s=2)
            for name, code in codes.items()
        }
        monkeypatch.setattr(parts, "PARTS", found)
        command = ["--output", str(tmp_path), *arguments]
        status = run(bench.main, bench._parser(), command)
        kept = json.loads((tmp_path / "benchmarks.json").read_text("utf-8"))
        return status, kept["parts"]

    return start


def test_others_go_on_after_a_failure(start, capsys):
    status, found = start(bad="raise SystemExit('no luck')", good=GOOD)
    assert status == 2
    assert "no luck" in found["bad"]["failed"]
    assert found["good"]["figures"] == {"x": 1}
    assert "bad gave no figures; the rest" in capsys.readouterr().err


def test_what_hangs_is_ended(start):
    begin = time.monotonic()
    _, found = start(bad="import time; time.sleep(60)", good=GOOD)
    assert found["bad"]["failed"].startswith("did not end in 2 s")
    assert "figures" in found["good"] and time.monotonic() - begin < 30


def test_what_was_measured_until_the_end_is_kept(start):
    status, found = start(slow=f"{GOOD}\nimport time; time.sleep(60)")
    assert status == 0 and found["slow"]["figures"] == {"x": 1}
    assert found["slow"]["failed"].startswith("did not end in 2 s")


def test_figures_are_kept_until_overwritten(start):
    start(good=GOOD, other=GOOD)
    two = GOOD.replace(": 1}", ": 2}")
    status, found = start(good=two, other=two)
    assert status == 0 and found["good"]["figures"] == {"x": 1}
    _, found = start("--overwrite", "--only", "good", good=two, other=two)
    assert found["good"]["figures"] == {"x": 2}
    assert found["other"]["figures"] == {"x": 1}


def test_figures_of_two_machines_are_not_mixed(start, monkeypatch, capsys):
    start(good=GOOD)
    monkeypatch.setattr(machine, "facts", lambda python: {"cpu": "b"})
    status, _ = start(good=GOOD)
    assert status == 2
    assert "is of another machine" in capsys.readouterr().err
    assert start("--overwrite", good=GOOD)[0] == 0


def test_page_alone_needs_figures(tmp_path, capsys):
    command = ["--page", "--output", str(tmp_path)]
    assert run(bench.main, bench._parser(), command) == 2
    assert "Measure first" in capsys.readouterr().err


def test_every_part_takes_what_it_is_given():
    options = argparse.Namespace(
        peers_python="python", text="a.txt", tokenizer="b.model"
    )
    command = parts.PARTS["tokenizer"].command(options, "c.json")
    assert command[-6:-2] == ["--model", "b.model", "--text", "a.txt"]
    command = parts.PARTS["prepare"].command(options, "c.json")
    assert command[-5:-2] == ["a.txt", "--tokenizer", "b.model"]
    command = parts.PARTS["device"].command(options, "c.json")
    assert command[-4:] == ["--peers-python", "python", "--json", "c.json"]
    total = sum(part.limit_s for part in parts.PARTS.values())
    assert total <= 23 * 60
