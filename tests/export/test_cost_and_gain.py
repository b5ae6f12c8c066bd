"""A report holds an export against float32, which is made for it alone."""

import dataclasses
import errno
import json

import pytest

from albert_tf.edge import Bundle
from export import cost_and_gain, float_file, report
from export.file_maker import FileMaker
from export.targets import find_target
from export.to_tflite import main


@pytest.fixture
def quick(monkeypatch):
    """Reports that measure little."""
    monkeypatch.setattr(report, "_LENGTHS", (16, 32))
    monkeypatch.setattr(report, "_THREADS", (1, 2))
    monkeypatch.setattr(report, "_REPEATS", 1)


def forbid(monkeypatch):
    """Lets no more files be made."""

    def fail(self, quantization):
        raise ValueError(f"no {quantization} today.")

    monkeypatch.setattr(FileMaker, "make", fail)


def export(model, folder, *more):
    arguments = ["--model", str(model), "--output", str(folder / "m.tflite")]
    arguments += ["--report", str(folder / "r"), *map(str, more)]
    assert main(arguments) == 0
    page = (folder / "r" / "report.html").read_text()
    return json.loads((folder / "r" / "report.json").read_text()), page


@pytest.mark.device
def test_float32_is_exported_and_not_kept(
    classifier_directory, tmp_path, quick, capsys
):
    data = tmp_path / "d.tsv"
    data.write_text("text\tlabel\nIt works.\tglad\nNo way\tsad\n")
    facts, page = export(classifier_directory, tmp_path, "--evaluate", data)
    first, other = facts["files"]
    assert (first["name"], first["is_kept"]) == ("m.tflite", True)
    assert (other["name"], other["is_kept"]) == ("float32, not kept", False)
    assert other["quantization"] == "float32"
    found = facts["cost_and_gain"]
    assert found["float32"] == other["name"] and found["note"] == ""
    assert found["file_bytes"] == {
        "float32": other["file_bytes"],
        "file": first["file_bytes"],
        "ratio": first["file_bytes"] / other["file_bytes"],
    }
    assert found["score"]["drop"] == first["score"]["drop"]
    assert found["score"]["keras"] == facts["keras"]["value"]
    times = found["median_ms"]
    assert [(t["threads"], t["tokens"]) for t in times] == [
        (threads, tokens) for threads in (1, 2) for tokens in (16, 32)
    ]
    measured = [file["measured"][1] for file in (other, first)]
    assert [times[3]["float32"], times[3]["file"]] == [
        one["latencies"][1]["median_ms"] for one in measured
    ]
    assert [found["load_ms"][1][n] for n in ("float32", "file")] == [
        one["load_ms"] for one in measured
    ]
    said = capsys.readouterr().out
    assert "exporting float32 to compare with\n" in said
    size = f"{other['file_bytes'] / 1e6:.2f}"
    score = "accuracy (before: Keras)"
    for title in (score, "file, MB", "load, ms", "16 tokens, ms"):
        assert f"\n{title}" in said and f"<td>{title}</td>" in page
    assert f"<td>{size}</td>" in page
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"d.tsv", "m.tflite", "r"}


@pytest.mark.device
def test_integers_alone_stand_alone(bundle, task_directory, tmp_path, quick):
    path = bundle("npu", "int8")
    model = task_directory("classification")
    with float_file.float_file(
        [path], model, target=find_target("npu")
    ) as unkept:
        report.write_report(tmp_path, model, [path], unkept=unkept)
    facts = json.loads((tmp_path / "report.json").read_text())
    found = facts["cost_and_gain"]
    assert found == {"score": None, "float32": None, "note": unkept.note}
    assert unkept.note == (
        "There is no float32 to compare with: npu takes int8 and int16x8 alone."
    )
    assert unkept.note in (tmp_path / "report.html").read_text()
    assert cost_and_gain.lines(facts) == [unkept.note]


@pytest.mark.device
def test_float32_of_the_user_is_taken(
    bundle, classifier_directory, tmp_path, quick, monkeypatch
):
    files = [bundle("cpu", "int8"), bundle("cpu", "float32")]
    forbid(monkeypatch)
    with float_file.float_file(
        files, classifier_directory, target=find_target("cpu")
    ) as unkept:
        assert unkept == float_file.FloatFile()
        report.write_report(
            tmp_path, classifier_directory, files, unkept=unkept
        )
    facts = json.loads((tmp_path / "report.json").read_text())
    assert len(facts["files"]) == 2
    assert facts["cost_and_gain"]["float32"] == files[1].name
    assert facts["cost_and_gain"]["file_bytes"]["ratio"] < 1


@pytest.mark.device
def test_why_there_is_no_float32(bundle, classifier_directory, monkeypatch):
    coarse, fine = bundle(), bundle("cpu", "float32")
    forbid(monkeypatch)
    arguments = {"target": find_target("cpu")}
    with float_file.float_file(
        [fine], classifier_directory, **arguments
    ) as unkept:
        assert unkept.note == "The file is float32 itself."
    with float_file.float_file(
        [coarse], classifier_directory, **arguments
    ) as unkept:
        assert unkept.path is None
        assert unkept.note.endswith("compare with: no float32 today.")


def fail_at_float32(monkeypatch, error):
    make = FileMaker.make

    def fail(self, quantization):
        if quantization == "float32":
            raise error
        return make(self, quantization)

    monkeypatch.setattr(FileMaker, "make", fail)


@pytest.mark.device
def test_disk_too_full_for_float32(
    classifier_directory, tmp_path, quick, monkeypatch
):
    full = OSError(errno.ENOSPC, "No space left on device")
    fail_at_float32(monkeypatch, full)
    facts, page = export(classifier_directory, tmp_path)
    note = facts["cost_and_gain"]["note"]
    assert note.endswith("compare with: [Errno 28] No space left on device")
    assert note in page
    assert {p.name for p in tmp_path.iterdir()} == {"m.tflite", "r"}


@pytest.mark.device
def test_no_room_for_the_folder_of_float32(
    bundle, classifier_directory, monkeypatch
):
    def fail(**options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(float_file.tempfile, "TemporaryDirectory", fail)
    for name, said in (("cpu", "Permission denied"), ("npu", "alone.")):
        with float_file.float_file(
            [bundle()], classifier_directory, target=find_target(name)
        ) as unkept:
            assert unkept.path is None and unkept.note.endswith(said)


@pytest.mark.device
def test_interrupted_float32_leaves_the_export(
    classifier_directory, tmp_path, monkeypatch, capsys
):
    fail_at_float32(monkeypatch, KeyboardInterrupt())
    arguments = ["--model", classifier_directory, "--report", tmp_path / "r"]
    arguments += ["--output", tmp_path / "m.tflite"]
    assert main(list(map(str, arguments))) == 2
    assert "interrupted" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["m.tflite"]
    Bundle(tmp_path / "m.tflite")


@pytest.mark.device
@pytest.mark.parametrize(
    "changes",
    [
        {"quantization": "float16"},
        {"target": "mediapipe"},
        {"max_length": 16},
        {"early_exit": {"patience": 2}},
    ],
)
def test_what_is_no_float32_of_a_file(bundle, changes):
    first = Bundle(bundle()).manifest
    other = dataclasses.replace(first, quantization="float32")
    assert float_file.is_float_of(other, first)
    changed = dataclasses.replace(other, **changes)
    assert not float_file.is_float_of(changed, first)


def facts_of(size, load_ms, peak_bytes, median_ms):
    latency = {"length": 16, "median_ms": median_ms}
    measured = {"threads": 1, "load_ms": load_ms, "peak_bytes": peak_bytes}
    return {
        "name": "a",
        "file_bytes": size,
        "score": {"metric": "f1", "value": 0.9, "drop": 0.0, "num_examples": 9},
        "measured": [{**measured, "latencies": [latency]}],
    }


def test_table_without_what_the_system_does_not_tell():
    file, other = facts_of(25, 3.0, None, 2.0), facts_of(100, 0.0, None, 8.0)
    found = cost_and_gain.cost_and_gain(file, other)
    assert cost_and_gain.table(found) == [
        ["f1 (before: Keras)", "0.9000", "0.9000", "+0.0000"],
        ["file, MB", "0.00", "0.00", "x 0.25"],
        ["load, ms", "0.0", "3.0", ""],
        ["16 tokens, ms", "8.00", "2.00", "x 0.25"],
    ]
    found = cost_and_gain.cost_and_gain(other, file)
    assert found["load_ms"][0]["ratio"] is None
    assert cost_and_gain.table(found)[2] == ["load, ms", "3.0", "0.0", ""]
    file["measured"] = []  # Its runtime is missing.
    found = cost_and_gain.cost_and_gain(file, other)
    titles = [row[0] for row in cost_and_gain.table(found)]
    assert titles == ["f1 (before: Keras)", "file, MB"]
