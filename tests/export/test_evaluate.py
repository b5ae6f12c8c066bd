"""Exports are scored as training scores, and held to what they may lose."""

import dataclasses
import zipfile

import pytest

from albert_tf.edge import Bundle
from albert_tf.edge.answerer import AnswerSettings
from albert_tf.text.choices import encode_choices
from albert_tf.text.context import Context
from albert_tf.text.windows import pack_question
from albert_tf.train.tasks.registry import find_task
from export import file_maker, pipeline, source_model
from export.evaluate import (
    Evaluation,
    Evaluator,
    Score,
    check_drop,
    first_that_passes,
)
from export.fixed_length import at_fixed_length
from export.targets import find_target
from export.to_tflite import main

DATA = {
    "classification": ("d.tsv", "text\tlabel\nIt works.\tglad\nNo way\tsad\n"),
    "multiple_choice": (
        "d.tsv",
        "context\tquestion\tanswer0\tanswer1\tanswer2\tanswer3\tlabel\n"
        "It rained.\tWhat did we take?\tumbrellas\ta bath\tit\tbread\t0\n"
        "It was dark.\tWhy?\tnight\tday\tfog\tsun\t2\n",
    ),
    "question_answering": (
        "d.tsv",
        "question\tcontext\tanswer\tanswer_start\n"
        "Who paid?\tZo\u00eb paid for it.\tZo\u00eb\t0\n"
        "When?\tThey met at noon.\tat noon\t9\n",
    ),
    "token_classification": (
        "d.conll",
        "Zo\u00eb B-name\nis O\n\nin O\nParis B-place\n",
    ),
    "regression": (
        "d.tsv",
        "text\tlabel\nIt works.\t0.5\nNo way\t-2\nnever\t1\n",
    ),
}


def write(folder, task):
    name, text = DATA[task]
    (folder / name).write_text(text, encoding="utf-8")
    return Evaluation(str(folder / name))


@pytest.mark.device
@pytest.mark.parametrize("task", DATA)
def test_scores_on_the_device_are_those_of_the_task(
    bundle, task_directory, tmp_path, task
):
    from albert_tf.train.apply import evaluate

    directory = task_directory(task)
    source = source_model.load(directory)
    evaluation = write(tmp_path, task)
    evaluator = Evaluator(source, directory, evaluation)
    name = {
        "question_answering": "qa",
        "multiple_choice": "choice",
        "token_classification": "tagging",
    }.get(task, task)
    expected = evaluate(
        str(directory), evaluation.data, task=name, max_length=64
    )
    keras = evaluator.keras
    full = 100 if task == "question_answering" else 1
    assert keras.value == pytest.approx(expected[keras.metric] / full, abs=1e-4)
    score = evaluator.on_device(
        bundle("cpu", "float32", task), "ai_edge_litert"
    )
    assert score.value == pytest.approx(keras.value, abs=1e-4)
    assert score.drop == pytest.approx(0, abs=1e-4)
    assert score.agreement == (None if task == "regression" else 1.0)


def test_questions_are_read_as_the_file_reads_them(trained_directory, tmp_path):
    windows = {"doc_stride": 30, "max_query_length": 30}
    settings = {**windows, "max_answer_tokens": 9, "null_threshold": -1.5}
    directory = trained_directory(
        "question_answering", task="qa", max_length=64, settings=settings
    )
    data = tmp_path / "long.tsv"
    context = "They met at noon. " * 12
    data.write_text(
        "question\tcontext\tanswer\tanswer_start\n"
        f"When did they meet?\t{context}\tat noon\t9\n"
    )
    for length in (64, 32, 24):
        target = dataclasses.replace(find_target("npu"), length=length)
        source = source_model.load(directory)
        source = at_fixed_length(source, target, directory)
        evaluator = Evaluator(source, directory, Evaluation(str(data)))
        chosen = AnswerSettings.of(source.answer_settings, length)
        packed = pack_question(
            source.tokenizer,
            "When did they meet?",
            Context(source.tokenizer, context),
            chosen.windows(),
        )
        wanted = [window.token_ids.tolist() for window in packed.windows]
        assert [row.token_ids for row in evaluator.rows] == wanted
        assert evaluator._settings["null_threshold"] == -1.5


def test_choices_are_read_as_the_file_reads_them(trained_directory, tmp_path):
    settings = {**find_task("choice").defaults(), "max_answer_length": 8}
    directory = trained_directory(
        "multiple_choice", task="choice", max_length=64, settings=settings
    )
    evaluation = write(tmp_path, "multiple_choice")
    source = source_model.load(directory)
    assert source.max_answer_length == 8
    for given in (8, 3, None):
        # A bundle may have been made of other settings than lie beside it.
        source = dataclasses.replace(source, max_answer_length=given)
        rows = Evaluator(source, directory, evaluation).rows
        expected, _ = encode_choices(
            source.tokenizer,
            "It rained.",
            [f"What did we take? {a}" for a in ("umbrellas", "a bath", "it")],
            max_length=64,
            max_answer_length=given,
        )
        found = [(row.token_ids, row.segment_ids) for row in rows[:3]]
        assert found == expected


@pytest.fixture
def lossy(monkeypatch, bundle):
    """A device on which int8 costs five points, and float16 nothing."""

    def convert(source, target, quantization, rows, output_type):
        path = bundle(target.name, quantization)
        return path.read_bytes()[: Bundle(path).part_bytes["model"]]

    def on_device(self, path, runtime):
        lost = 0.05 if "int8" in Bundle(path).manifest.quantization else 0.0
        return Score("accuracy", 0.5 - lost, lost, 1.0, 2)

    monkeypatch.setattr(Evaluator, "on_device", on_device)
    for name in ("dynamic_int8", "float16"):
        bundle("cpu", name)
    monkeypatch.setattr(file_maker, "_convert", convert)


def test_what_loses_too_much_is_not_kept(
    classifier_directory, tmp_path, lossy, capsys
):
    data = write(tmp_path, "classification").data
    output = tmp_path / "out" / "m.tflite"
    arguments = ["--model", str(classifier_directory), "--output", str(output)]
    arguments += ["--evaluate", data, "--max-drop", "0.01"]
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert "dynamic_int8: accuracy drops by 0.0500" in error
    assert "float16 would pass, at 0.5000: take --quantize float16" in error
    assert list(output.parent.iterdir()) == []
    assert main([*arguments, "--fallback"]) == 0
    assert Bundle(output).manifest.quantization == "float16"
    assert zipfile.is_zipfile(output)


def test_no_quantization_passes(capsys):
    def attempt(name):
        raise ValueError(f"{name} is bad.")

    with pytest.raises(ValueError, match="^a: a is bad. No gentler"):
        first_that_passes(["a", "b"], attempt, fallback=True)
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{n} does not pass: {n} is bad." for n in ("a", "b")]


def test_masked_words_have_no_score(task_directory):
    directory = task_directory("masked_lm")
    source = source_model.load(directory)
    with pytest.raises(ValueError, match="no score .* leave --evaluate out"):
        Evaluator(source, directory, Evaluation("d"))


@pytest.mark.parametrize("drop", [0.02, float("nan")])
def test_drop_beyond_the_limit(drop):
    score = Score("f1", 0.4, drop, None, 10)
    check_drop(score, Evaluation("d", max_drop=None))
    check_drop(score, Evaluation("d", max_drop=0.03)) if drop == drop else None
    with pytest.raises(ValueError, match="f1 drops by .* on 10 examples"):
        check_drop(score, Evaluation("d", max_drop=0.01))


@pytest.mark.parametrize("keras, value", [(0.9, 0.88), (0.85, 0.83)])
def test_drop_that_equals_the_limit(keras, value):
    score = Score("accuracy", value, keras - value, 1.0, 100)
    assert score.drop > 0.02
    check_drop(score, Evaluation("d", max_drop=0.02))


@pytest.mark.parametrize(
    "task, name, text, message",
    [
        (None, "d.tsv", "text\tlabel\nx\tangry\n", "angry"),
        ("qa", "d.tsv", "x\ty\n1\t2\n", "scores an AlbertForQuestionAns"),
        (
            "regression",
            "d.tsv",
            "text\tlabel\nx\t1\ny\t0\n",
            "give a text a score; this one is for classification",
        ),
        (None, "d.tsv", "x\ty\n1\t2\n", "column"),
        (None, "", "", "No data to evaluate on"),
    ],
)
def test_data_that_cannot_score(
    classifier_directory, tmp_path, task, name, text, message
):
    path = tmp_path / (name or "missing.tsv")
    if name:
        path.write_text(text)
    with pytest.raises(ValueError, match=message):
        pipeline.export_model(
            classifier_directory,
            tmp_path / "m.tflite",
            evaluation=Evaluation(str(path), task=task),
        )
    assert not (tmp_path / "m.tflite").exists()


@pytest.mark.parametrize(
    "rows, message",
    [
        ("a\t1\nb\tabc\nc\t2\n", "line 3: the score 'abc' is no number"),
        ("a\t1\nb\tnan\nc\t2\n", "line 3: the score 'nan' is no number"),
        ("a\t1\n", "needs two rows or more"),
    ],
)
def test_rows_that_cannot_score(task_directory, tmp_path, rows, message):
    data = tmp_path / "d.tsv"
    data.write_text(f"text\tlabel\n{rows}")
    directory = task_directory("regression")
    source = source_model.load(directory)
    with pytest.raises(ValueError, match=message):
        Evaluator(source, directory, Evaluation(str(data)))


def test_scores_are_not_told_as_labels(task_directory, tmp_path):
    evaluation = write(tmp_path, "classification")
    evaluation = dataclasses.replace(evaluation, task="classification")
    directory = task_directory("regression")
    source = source_model.load(directory)
    with pytest.raises(ValueError, match="labels; this one is for regression"):
        Evaluator(source, directory, evaluation)


@pytest.mark.device
def test_columns_of_calibration_texts_need_not_be_of_the_task(
    task_directory, tmp_path, capsys
):
    write(tmp_path, "token_classification")
    texts = tmp_path / "texts.tsv"
    texts.write_text("sentence\nIt works.\nNo way\n")
    arguments = [
        *("--model", str(task_directory("token_classification"))),
        *("--output", str(tmp_path / "m.tflite")),
        *("--evaluate", str(tmp_path / "d.conll")),
        *("--text-column", "sentence"),
    ]
    assert main(arguments) == 2
    assert "takes no --text-column" in capsys.readouterr().err
    calibrated = ["--quantize", "int8", "--calibration", str(texts)]
    assert main([*arguments, *calibrated]) == 0
