"""A model of another task is refused, where it would answer at random."""

import json
import shutil

import pytest

from albert_tf.cli import main
from albert_tf.train import apply
from tests.train.test_finetune import _error

TEXTS = "text\tlabel\na fine day\tgood\na long night\tbad\n"


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.tsv"
    path.write_text(TEXTS)
    return path


@pytest.mark.parametrize(
    ("kind", "task", "message"),
    [
        ("masked_lm", "classification", "lacks albert.pooler"),
        ("question_answering", "classification", "lacks albert.pooler"),
        ("regression", "classification", "gives a text a score"),
        ("classification", "regression", "gives a text labels"),
    ],
)
def test_of_texts(task_directory, texts, capsys, kind, task, message):
    arguments = ["predict", "--model", task_directory(kind), "--task", task]
    line = _error([*arguments, "--input", texts], capsys)
    assert message in line


def test_of_questions(task_directory, tmp_path, capsys):
    path = tmp_path / "questions.tsv"
    path.write_text("question\tcontext\nWho came?\tAnna came.\n")
    for command, flag in (("predict", "--input"), ("evaluate", "--data")):
        if command == "evaluate":
            path.write_text(
                "question\tcontext\tanswer\tanswer_start\n"
                "Who came?\tAnna came.\tAnna\t0\n"
            )
        arguments = [command, "--task", "qa", flag, path]
        arguments += ["--model", task_directory("classification")]
        assert "is of another task" in _error(arguments, capsys)


def test_of_masks(task_directory, capsys):
    arguments = ["fill", "a [MASK] day", "--model"]
    line = _error([*arguments, task_directory("classification")], capsys)
    assert "is of another task: it lacks" in line


def test_a_lone_label_is_a_score(task_directory):
    task = apply.trained_task(task_directory("regression"))
    assert task.name == "regression"
    task = apply.trained_task(task_directory("classification"))
    assert task.name == "classification"


def test_lines_are_no_pairs(task_directory):
    model = task_directory("classification")
    with pytest.raises(ValueError, match="trained on pairs"):
        apply.predict(model, "-", settings={"pair_column": "other"})


@pytest.mark.parametrize("given", [0, -3])
def test_no_length_is_no_default(task_directory, texts, given):
    model = task_directory("classification")
    with pytest.raises(ValueError, match="`max_length` must be 1 or more"):
        apply.predict(model, texts, max_length=given)


@pytest.mark.parametrize(
    "fields",
    [
        {"task": ["x"], "max_length": 8, "settings": {}},
        {"task": "classification", "max_length": 8, "settings": None},
        {"task": "classification", "max_length": "8", "settings": {}},
        [],
    ],
)
def test_broken_notes_on_a_task_are_named(tmp_path, fields):
    (tmp_path / "task.json").write_text(json.dumps(fields))
    with pytest.raises(ValueError, match=r"task\.json is broken"):
        apply.trained_task(tmp_path)


def test_every_row_skipped(task_directory, tmp_path, capsys):
    path = tmp_path / "unknown.tsv"
    path.write_text("text\tlabel\na\tno such label\n")
    arguments = ["evaluate", "--model", task_directory("classification")]
    arguments += ["--data", path, "--skip-bad-rows"]
    assert main([str(a) for a in arguments]) == 2
    assert "every row is bad" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("saved", "task", "kept"),
    [
        (
            {"null_threshold": -3.5, "doc_stride": 9, "question_column": "q"},
            "squad2",
            {"null_threshold": -3.5, "doc_stride": 9},
        ),
        (
            {"null_threshold": -3.5, "num_best": 3, "question_column": "q"},
            "squad1",
            {"num_best": 3},
        ),
        ({"null_threshold": -3.5, "question_column": "q"}, "choice", {}),
    ],
)
def test_another_task_of_the_model_keeps_settings(tmp_path, saved, task, kept):
    fields = {"task": "qa", "max_length": 40, "settings": saved}
    (tmp_path / "task.json").write_text(json.dumps(fields))
    found, settings, length = apply._task_of(tmp_path, task, {})
    assert (found.name, length) == (task, 40)
    assert settings == {**found.defaults(), **kept}
    given = {"doc_stride": 7} if "doc_stride" in settings else {}
    _, settings, _ = apply._task_of(tmp_path, task, given)
    assert settings == {**found.defaults(), **kept, **given}


def test_columns_are_of_the_task_that_was_trained(tmp_path):
    saved = {"question_column": "q", "null_threshold": 2.0}
    for name, column in (("squad2", "question"), ("qa", "q")):
        fields = {"task": name, "max_length": 40, "settings": saved}
        (tmp_path / "task.json").write_text(json.dumps(fields))
        _, settings, _ = apply._task_of(tmp_path, "qa", {})
        assert settings["question_column"] == column
        assert settings["null_threshold"] == 2.0


def test_numbers_as_labels(task_directory, tmp_path):
    model = shutil.copytree(task_directory("classification"), tmp_path / "m")
    config = json.loads((model / "config.json").read_text())
    config["id2label"] = {"0": 0, "1": 1, "2": 2}
    (model / "config.json").write_text(json.dumps(config))
    path = tmp_path / "texts.tsv"
    path.write_text("text\tlabel\na fine day\t0\na long night\t2\n")
    scores = apply.evaluate(model, path, task="classification")
    assert scores["num_examples"] == 2


def test_labels_of_another_name_are_said_before_predicting(
    task_directory, tmp_path, capsys
):
    arguments = ["predict", "--model", task_directory("classification")]
    arguments += ["--task", "sst2", "--format", "glue", "--input", tmp_path]
    line = _error(arguments, capsys)
    assert "needs the labels negative, positive; the model has calm" in line


def test_a_tokenizer_of_another_model(
    tiny_config, small_tokenizer, texts, tmp_path, capsys
):
    from albert_tf import AlbertForSequenceClassification

    config = tiny_config.replace(vocab_size=990)
    model = AlbertForSequenceClassification(config, labels=["good", "bad"])
    model.save_pretrained(tmp_path)
    small_tokenizer.save(tmp_path)
    arguments = ["predict", "--model", tmp_path, "--input", texts]
    line = _error(arguments, capsys)
    assert "the tokenizer has 1000 pieces, the model 990" in line
