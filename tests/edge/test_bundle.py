"""Bundles that are damaged, foreign or wrong are refused in one line."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from albert_tf.edge import Bundle, Session
from albert_tf.edge.cli import main
from albert_tf.edge.manifest import Manifest

pytestmark = pytest.mark.device


@pytest.fixture
def bundle_copy(bundle, tmp_path):
    return shutil.copy(bundle(), tmp_path / "copy.tflite")


def _with_manifest(path, **changes):
    """Rewrites a bundle's albert.json, leaving the flatbuffer as it is."""
    with zipfile.ZipFile(path) as archive:
        fields = {**json.loads(archive.read("albert.json")), **changes}
    fields = {k: v for k, v in fields.items() if v is not None}
    return _with_files(path, {"albert.json": json.dumps(fields).encode()})


def _with_files(path, changed):
    bundle = Bundle(path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files = {**files, **changed}
    with open(path, "rb") as file:
        flat = file.read(bundle.part_bytes["model"])
    with open(path, "wb") as file:
        file.write(flat)
    with zipfile.ZipFile(path, "a") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _error(arguments):
    command = [sys.executable, "-m", "albert_tf.edge", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True)
    lines = result.stderr.decode().strip().splitlines()
    assert (result.returncode, len(lines)) == (2, 1), lines
    return lines[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a TFLite file"),
        (b"PK\x03\x04 something else", "not a TFLite file"),
        (b"\x1c\x00\x00\x00TFL3 but no more", "holds no tokenizer"),
    ],
)
def test_foreign_files_are_named(tmp_path, content, message):
    path = tmp_path / "foreign.tflite"
    path.write_bytes(content)
    assert message in _error(["classify", path, "text"])
    assert str(path) in _error(["info", path])


def test_missing_file_is_named(tmp_path):
    assert "Cannot read" in _error(["info", tmp_path / "none.tflite"])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_files_are_refused(bundle_copy, share):
    data = open(bundle_copy, "rb").read()
    with open(bundle_copy, "wb") as file:
        file.write(data[: int(len(data) * share)])
    assert "cut off" in _error(["classify", bundle_copy, "text"])


def test_changed_part_is_found(bundle_copy):
    with open(bundle_copy, "r+b") as file:
        file.seek(20_000)
        file.write(b"\x00\xff" * 8)
    with pytest.raises(ValueError, match="model has another sha256"):
        Bundle(bundle_copy).check_digests()


def test_newer_format_is_refused(bundle_copy):
    _with_manifest(bundle_copy, format_version=99)
    line = _error(["info", bundle_copy])
    assert "bundle format 99" in line and "Upgrade albert_tf" in line


def test_unknown_and_missing_keys_are_named(bundle_copy):
    _with_manifest(bundle_copy, colour="blue", task=None)
    line = _error(["info", bundle_copy])
    assert "Unknown: colour; missing: task" in line


def test_key_of_another_type_is_named(bundle_copy):
    _with_manifest(bundle_copy, max_length="64")
    assert "`max_length` must be of type int" in _error(["info", bundle_copy])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"self_tests": [3]}, "self_tests must be an object"),
        ({"inputs": {"token_ids": 3}}, "must be of type dict[str, str]"),
        ({"fixed_length": 1}, "`fixed_length` must be of type bool"),
        ({"max_length": True}, "`max_length` must be of type int"),
        ({"early_exit": {}}, "must have `patience` and `num_layers`"),
        ({"max_answer_length": "8"}, "`max_answer_length` must be of type int"),
        ({"outputs": {"logits": "nope"}}, "lacks the outputs nope"),
        ({"inputs": {"token_ids": "a"}}, "lacks the inputs a that"),
    ],
)
def test_values_that_cannot_be_are_named(bundle_copy, changes, message):
    _with_manifest(bundle_copy, **changes)
    line = _error(["info", bundle_copy])
    assert message in line and str(bundle_copy) in line


@pytest.mark.parametrize("outputs", [{"logits": ["x"]}, {"scores": [0.5]}])
def test_self_tests_must_hold_numbers_of_outputs(bundle, outputs):
    fields = json.loads(Bundle(bundle()).manifest.to_json())
    fields["self_tests"][0]["outputs"] = outputs
    with pytest.raises(ValueError, match="must have numbers for logits"):
        Manifest.from_json(json.dumps(fields))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("albert.json", b"[]", "albert.json must be an object"),
        ("albert.json", b'"x"', "albert.json must be an object"),
        ("albert.json", b"\xff\xfe", "is damaged: 'utf-8' codec"),
        ("spiece.model", b"garbage", "its spiece.model is damaged"),
    ],
)
def test_parts_that_cannot_be_read_are_named(
    bundle_copy, name, content, message
):
    _with_files(bundle_copy, {name: content})
    line = _error(["info", bundle_copy])
    assert message in line and str(bundle_copy) in line


@pytest.mark.parametrize("part", ["way of packing", "packed bytes"])
def test_damaged_files_are_named(bundle_copy, part):
    data = bytearray(open(bundle_copy, "rb").read())
    start = Bundle(bundle_copy).part_bytes["model"]
    if part == "way of packing":
        data[data.index(b"PK\1\2", start) + 10] = 99
    else:
        begin = start + 30 + len("albert.json")
        data[begin : begin + 40] = b"\xff" * 40
    with open(bundle_copy, "wb") as file:
        file.write(data)
    line = _error(["info", bundle_copy])
    assert "is damaged" in line and str(bundle_copy) in line


def test_labels_that_disagree_are_refused(bundle_copy):
    _with_manifest(bundle_copy, labels=["calm", "sad", "glad"])
    assert "disagree on the labels" in _error(["info", bundle_copy])


def test_failed_self_test_is_refused(bundle_copy):
    tests = json.loads(Bundle(bundle_copy).manifest.to_json())["self_tests"]
    tests[0]["outputs"]["logits"] = [9.0, -9.0, 9.0]
    _with_manifest(bundle_copy, self_tests=tests)
    assert "fails its self-test" in _error(["info", bundle_copy])
    with pytest.raises(ValueError, match="logits of 'It works.' differs by"):
        Session(bundle_copy, self_test=True)


def test_self_test_with_other_ids_is_refused(bundle_copy):
    tests = json.loads(Bundle(bundle_copy).manifest.to_json())["self_tests"]
    tests[0]["token_ids"][1] += 1
    _with_manifest(bundle_copy, self_tests=tests)
    with pytest.raises(ValueError, match="Check the version of sentencepiece"):
        Session(bundle_copy, self_test=True)


def test_model_of_another_task_is_refused(bundle_copy):
    _with_manifest(bundle_copy, task="tagging")
    line = _error(["classify", bundle_copy, "text"])
    assert "is a model for tagging" in line


def test_manifest_survives_a_round_trip(bundle):
    manifest = Bundle(bundle()).manifest
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_bench_of_a_model_of_few_tokens(bundle_copy, capsys):
    _with_manifest(bundle_copy, max_length=8)
    assert main(["bench", str(bundle_copy), "--repeats", "2", "--json"]) == 0
    latencies = json.loads(capsys.readouterr().out)["latencies"]
    assert [row["length"] for row in latencies] == [8]
