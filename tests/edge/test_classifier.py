"""The on-device runner: answers, options, and mistakes in one line."""

import json
import subprocess
import sys

import pytest

from albert_tf.edge import Classifier, Regressor, Session, runtime
from albert_tf.edge.measure import measure

pytestmark = pytest.mark.device


def _run(arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "albert_tf.edge", *map(str, arguments)],
        input=stdin,
        capture_output=True,
    )


def _error(arguments, stdin=b""):
    result = _run(arguments, stdin)
    lines = result.stderr.decode().strip().splitlines()
    assert (result.returncode, len(lines)) == (2, 1), lines
    return lines[0]


def test_answer_has_label_probabilities_and_length(bundle):
    answer = Classifier(bundle(), self_test=True).classify("hello, world")
    assert answer.label == max(
        answer.probabilities, key=answer.probabilities.get
    )
    assert sum(answer.probabilities.values()) == pytest.approx(1, abs=1e-6)
    assert answer.probability == max(answer.probabilities.values())
    assert not answer.is_truncated


def test_long_text_is_cut_and_says_so(bundle):
    answer = Classifier(bundle()).classify("many words " * 200)
    assert answer.is_truncated
    assert answer.num_tokens == 64


def test_many_texts_get_the_answers_they_get_alone(bundle):
    classifier = Classifier(bundle())
    texts = ["one", "two and some more", "three"]
    alone = [classifier.classify(text) for text in texts]
    assert classifier.classify_all(texts) == alone


@pytest.mark.parametrize(
    ("texts", "pairs", "message"),
    [
        (["a", "b"], ["c"], "Received: 2 texts, 1 pairs"),
        (["a"], ["b", "c"], "Received: 1 texts, 2 pairs"),
        ("ab", None, "must be lists of texts. Received one string"),
        (["a", "b"], "cd", "must be lists of texts. Received one string"),
    ],
)
def test_texts_and_pairs_are_as_many(bundle, texts, pairs, message):
    regressor = Regressor(bundle(task="regression"))
    for function in (Classifier(bundle()).classify_all, regressor.score_all):
        with pytest.raises(ValueError, match=message):
            function(texts, pairs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n", "The text is empty"),
        ("a" * 1_000_000, "1,000,000 characters; at most 200,000"),
    ],
)
def test_texts_that_are_no_input_are_refused(bundle, text, message):
    with pytest.raises(ValueError, match=message):
        Classifier(bundle()).classify(text)


def test_command_prints_label_and_probability(bundle):
    result = _run(["classify", bundle(), "a line"])
    label, probability = result.stdout.decode().strip().split("\t")
    answer = Classifier(bundle()).classify("a line")
    assert label == answer.label
    assert float(probability) == pytest.approx(answer.probability, abs=1e-3)
    assert result.stderr == b""


def test_command_reads_lines_and_prints_json(bundle):
    lines = "first one\nzwei \u00fcber\n".encode()
    result = _run(["classify", bundle(), "-", "--json"], lines)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [a["text"] for a in answers] == ["first one", "zwei \u00fcber"]
    assert all(set(a["probabilities"]) for a in answers)


def test_command_names_the_line_that_is_not_utf8(bundle):
    line = _error(["classify", bundle(), "-"], b"fine\n\xff\xfe\n")
    assert "line 2 is not UTF-8" in line


def test_command_refuses_a_text_that_is_not_utf8(bundle):
    result = subprocess.run(
        [sys.executable, "-m", "albert_tf.edge", "classify"]
        + [str(bundle()), b"caf\xe9"],
        capture_output=True,
    )
    assert result.returncode == 2
    assert b"The text is not UTF-8" in result.stderr


def test_sequence_longer_than_positions_is_refused(bundle):
    session = Session(bundle())
    with pytest.raises(ValueError, match="has 65 tokens; the model takes 64"):
        session.run([([2] * 65, [0] * 65)])


def test_info_checks_and_describes(bundle):
    result = _run(["info", bundle(), "--json"])
    fields = json.loads(result.stdout)
    assert fields["self_test"] == "5 passed on ai_edge_litert"
    assert fields["quantization"] == "dynamic_int8"


def test_bench_measures_each_length(bundle):
    result = _run(
        ["bench", bundle(), "--lengths", 8, 64, "--repeats", 3, "--json"]
    )
    fields = json.loads(result.stdout)
    assert [row["length"] for row in fields["latencies"]] == [8, 64]
    assert all(0 < r["median_ms"] <= r["p95_ms"] for r in fields["latencies"])
    assert fields["file_bytes"] == bundle().stat().st_size


def test_bench_refuses_lengths_that_the_model_lacks(bundle):
    with pytest.raises(ValueError, match="between 3 and 64 tokens"):
        measure(bundle(), lengths=[16, 65])


def test_missing_runtime_is_named_with_its_command(monkeypatch):
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ValueError, match="pip install ai-edge-litert"):
        runtime.find_runtime()
    with pytest.raises(ValueError, match='tflite-runtime "numpy<2"'):
        runtime.find_runtime("tflite_runtime")


def test_runtime_that_does_not_load_is_named(bundle, monkeypatch):
    def import_module(name):
        raise ImportError("libx.so: cannot open shared object file\nat x")

    monkeypatch.setattr(runtime.importlib, "import_module", import_module)
    message = (
        "^ai_edge_litert is installed and cannot be loaded: libx.so: cannot "
        "open shared object file. Install it again, .*: `pip install ai-edge"
    )
    with pytest.raises(ValueError, match=message):
        Session(bundle(), runtime="ai_edge_litert")


def test_numpy_2_with_tflite_runtime_is_explained(monkeypatch):
    monkeypatch.setattr(runtime.np, "__version__", "2.1.0")
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda _: True)
    with pytest.raises(ValueError, match="built for numpy 1"):
        runtime.find_runtime("tflite_runtime")


def test_runtime_that_cannot_run_the_file_is_explained(bundle):
    """It opens, and refuses when memory is laid out for the first input."""
    pytest.importorskip("tflite_runtime")
    path = bundle("npu", "int16x8")
    line = _error(["info", path, "--runtime", "tflite_runtime"])
    assert f"tflite_runtime fails on {path}: " in line
    assert "was exported for npu; take the runtime of that target" in line
    reason = "out of memory\nat node 3"
    said = runtime.run_refusal("m.tflite", "ai_edge_litert", "cpu", reason)
    assert said == "ai_edge_litert fails on m.tflite: out of memory"


def test_runtime_older_than_the_file_is_explained(bundle):
    pytest.importorskip("tflite_runtime")
    line = _error(["info", bundle("cpu"), "--runtime", "tflite_runtime"])
    assert "too old" in line and "--target tflite-runtime" in line


@pytest.mark.parametrize("number", [0, 100_000])
def test_threads_are_few(bundle, number):
    line = _error(["classify", bundle(), "text", "--threads", number])
    assert f"must be 1 to 256. Received: {number}." in line
