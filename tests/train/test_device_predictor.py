"""`albert evaluate` and `predict` on an exported file, without TensorFlow."""

import json
import subprocess
import sys

import pytest

from albert_tf.cli import main
from albert_tf.train import apply, device_predictor

pytestmark = pytest.mark.device

_PLACES = "He lives in Oslo today. She moved to Rome. Nobody went to Bern."
# Name of --task, rows with labels, and a score's name.
TASKS = {
    "classification": (
        "classification",
        [{"text": f"a day {n}", "label": "glad"} for n in range(3)],
        "accuracy",
    ),
    "regression": (
        "regression",
        [{"text": f"a day {n}", "label": n / 2} for n in range(4)],
        "pearson",
    ),
    "multiple_choice": (
        "choice",
        [
            {
                "context": _PLACES,
                "question": f"Where, of {n}?",
                "answer0": "In Oslo.",
                "answer1": "Rome",
                "answer2": "in Bern, perhaps",
                "answer3": "nowhere",
                "label": n,
            }
            for n in range(3)
        ],
        "accuracy",
    ),
    "question_answering": (
        "qa",
        [
            {
                "id": str(n),
                "question": f"Where is number {n}?",
                "context": _PLACES * 4,
                "answer": "Rome",
                "answer_start": 37,
            }
            for n in range(3)
        ],
        "f1",
    ),
}


@pytest.fixture
def data(tmp_path):
    """Returns a file of a task's rows, as JSON lines."""

    def write(rows):
        path = tmp_path / "rows.jsonl"
        lines = [json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


@pytest.mark.parametrize("kind", TASKS)
def test_answers_and_scores_are_those_of_keras(
    bundle, task_directory, data, kind
):
    task, rows, score = TASKS[kind]
    path = data(rows)
    models = (task_directory(kind), bundle("cpu", "float32", kind))
    found, scores = zip(
        *[
            (
                apply.predict(model, path, task=task),
                apply.evaluate(model, path, task=task),
            )
            for model in models
        ]
    )
    assert json.loads(json.dumps(found[1])) == _nearly(found[0])
    assert scores[1][score] == pytest.approx(scores[0][score], abs=1e-3)
    assert scores[1]["num_examples"] == len(rows)


def test_tags_are_those_of_keras(bundle, task_directory, tmp_path):
    path = tmp_path / "words.conll"
    words = _PLACES.replace(".", " .").split() * 20
    path.write_text("\n".join(f"{word} O" for word in words) + "\n")
    kind = "token_classification"
    models = (task_directory(kind), bundle("cpu", "float32", kind))
    keras, device = [apply.predict(m, path, task="tagging") for m in models]
    assert [p["tags"] for p in device] == [p["tags"] for p in keras]
    assert len(device[0]["tags"]) == len(words)


def _nearly(values):
    """Returns values that equal others to 1e-3."""
    if isinstance(values, dict):
        return {name: _nearly(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [_nearly(value) for value in values]
    return pytest.approx(values, abs=1e-3) if type(values) is float else values


def test_needs_no_tensorflow(bundle, data):
    blocked = "tensorflow keras scipy safetensors h5py".split()
    code = f"import sys; sys.modules.update(dict.fromkeys({blocked})); "
    code += "from albert_tf.cli import main; sys.exit(main(sys.argv[1:]))"
    path = data(TASKS["classification"][1])
    arguments = ["evaluate", "--json", "--data", path, "--model", bundle()]
    result = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["num_examples"] == 3


def test_length_is_at_most_the_files(bundle, data):
    path = data([{"text": "many words " * 60, "label": "glad"}])
    assert apply.evaluate(bundle(), path, max_length=8)["num_examples"] == 1
    with pytest.raises(ValueError, match="more than the 64 tokens that"):
        apply.evaluate(bundle(), path, max_length=65)


@pytest.mark.parametrize("task", ["squad1", "qa"])
def test_options_of_the_file_go_to_tasks_that_have_them(
    bundle, task, monkeypatch
):
    """SQuAD 1.1 has no threshold, below which there is no answer."""
    path = bundle(task="question_answering")
    fixed = {"null_threshold": -3.5, "doc_stride": 9}
    monkeypatch.setattr(device_predictor, "_fixed_options", lambda _: fixed)
    _, settings, _ = apply._task_of(path, task, {})
    assert settings["doc_stride"] == 9
    assert settings.get("null_threshold") == (-3.5 if task == "qa" else None)


def test_shorter_windows_of_a_file(bundle, task_directory, data):
    kind = "question_answering"
    path = data(TASKS[kind][1])
    keras, device = [
        apply.predict(model, path, task="qa", max_length=28)
        for model in (task_directory(kind), bundle("cpu", "float32", kind))
    ]
    assert [p["text"] for p in device] == [p["text"] for p in keras]


@pytest.mark.parametrize(
    "kind, task, message",
    [
        ("regression", "sst2", "a model for regression, which is not what"),
        ("classification", "tagging", "not what --task tagging is for"),
        ("masked_lm", None, "a model for masked_lm, which has no score"),
    ],
)
def test_other_tasks_are_refused(bundle, capsys, kind, task, message):
    path = bundle(task=kind)
    arguments = ["predict", "--model", str(path), "--input", "-"]
    assert main(arguments + (["--task", task] if task else [])) == 2
    assert message in capsys.readouterr().err


def test_missing_file(tmp_path, capsys):
    model = str(tmp_path / "none.tflite")
    assert main(["evaluate", "--model", model, "--data", "x.tsv"]) == 2
    assert "or a .tflite file that export" in capsys.readouterr().err
