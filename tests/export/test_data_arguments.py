"""The user's own data is scored and calibrated by its own columns."""

import json
import pathlib
import re

import pytest

from albert_tf.train.tasks.registry import find_task
from export import arguments, data_arguments, source_model
from export.evaluate import Evaluation, Evaluator
from export.to_tflite import main

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "export.md"


def parsed(*more):
    given = ["--model", "m", "--output", "m.tflite", *more]
    return arguments.parser().parse_args(given)


def test_columns_of_every_task():
    options = parsed("--evaluate", "d", "--tag-column", "3")
    evaluation = data_arguments.evaluation_of(options)
    assert evaluation.settings == {"tag_column": 3}
    assert not evaluation.skip_bad_rows
    more = ["--question-column", "q", "--text-column", "t"]
    options = parsed("--evaluate", "d", "--calibration", "c.tsv", *more)
    evaluation = data_arguments.evaluation_of(options)
    assert evaluation.settings == {"question_column": "q"}
    assert evaluation.shared_settings == {"text_column": "t"}


@pytest.mark.parametrize("flag", ["--doc-stride", "--max-answer-length"])
def test_what_the_file_fixes_is_no_option(flag, capsys):
    with pytest.raises(SystemExit):
        parsed(flag, "8")
    assert f"unrecognized arguments: {flag} 8" in capsys.readouterr().err


def test_examples_of_the_page_are_options_of_their_tasks():
    page = PAGE.read_text(encoding="utf-8")
    commands = re.findall(
        r"^    python export/to_tflite.py (.*)$", page, re.MULTILINE
    )
    assert len(commands) == 4
    found = []
    for command in commands:
        options = arguments.parser().parse_args(command.split())
        arguments.check(options)
        evaluation = data_arguments.evaluation_of(options)
        found.append(evaluation.settings if evaluation else None)
    assert found == [None, {}, {"context_column": "passage"}, {"tag_column": 3}]
    for name, settings in (("qa", found[2]), ("tagging", found[3])):
        names = {option.name for option in find_task(name).options}
        assert set(settings) <= names


@pytest.mark.device
def test_keys_of_the_report_are_those_of_the_page(
    classifier_directory, tmp_path, monkeypatch
):
    from export import report

    monkeypatch.setattr(report, "_LENGTHS", (16,))
    monkeypatch.setattr(report, "_THREADS", (1,))
    monkeypatch.setattr(report, "_REPEATS", 1)
    data = tmp_path / "d.tsv"
    data.write_text("text\tlabel\nIt works.\tglad\nNo way\tsad\n")
    arguments = ["--model", str(classifier_directory), "--evaluate", str(data)]
    arguments += ["--output", str(tmp_path / "m.tflite")]
    assert main([*arguments, "--report", str(tmp_path / "r")]) == 0
    page = PAGE.read_text(encoding="utf-8")
    table = page.partition("| key of `report.json` |")[2].partition("\n\n")[0]
    facts = json.loads((tmp_path / "r" / "report.json").read_text())
    assert keys_of(facts) == set(re.findall(r"`(\w+)`", table))


def keys_of(value):
    """Returns the keys of dicts, but for names of parts of a file."""
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if not isinstance(value, dict):
        return set()
    inner = [keys_of(v) for k, v in value.items() if k != "bytes_by_part"]
    return set(value).union(*inner)


def test_bad_rows_are_left_out_and_told(classifier_directory, tmp_path):
    data = tmp_path / "d.tsv"
    data.write_text("text\tlabel\nIt works.\tglad\n\tsad\n\tglad\n")
    source = source_model.load(classifier_directory)
    told = "1 more bad row in this file; --skip-bad-rows"
    with pytest.raises(ValueError, match=told):
        Evaluator(source, classifier_directory, Evaluation(str(data)))
    evaluator = Evaluator(
        source,
        classifier_directory,
        Evaluation(str(data), skip_bad_rows=True),
    )
    assert len(evaluator.rows) == 1
    assert evaluator.skipped[0] == "skipped 2 bad rows:"
    data.write_text("text\tlabel\nNo way\tangry\n")
    with pytest.raises(ValueError, match="every row is bad"):
        Evaluator(
            source,
            classifier_directory,
            Evaluation(str(data), skip_bad_rows=True),
        )


@pytest.mark.device
def test_columns_of_questions_at_the_gate(task_directory, tmp_path, capsys):
    data = tmp_path / "d.tsv"
    data.write_text(
        "ask\tcontext\tanswer\tanswer_start\n"
        "Who paid?\tZo\u00eb paid for it.\tZo\u00eb\t0\n\t\t\t\n"
    )
    arguments = [
        *("--model", str(task_directory("question_answering"))),
        *("--output", str(tmp_path / "m.tflite"), "--task", "qa"),
        *("--evaluate", str(data), "--max-drop", "0.5"),
    ]
    assert main(arguments) == 2
    assert "question" in capsys.readouterr().err
    arguments += ["--question-column", "ask", "--skip-bad-rows"]
    assert main(arguments) == 0
    assert "skipped 1 bad row:\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--max-drop", "0.01"], "need data to score on"),
        (["--task", "pair"], "--task needs data to score on. Pass --eval"),
        (["--skip-bad-rows"], "--skip-bad-rows needs data to score on"),
        (["--text-column", "t"], "--text-column needs data to score on"),
        (["--pair-column", "t"], "--pair-column needs data to score on"),
        (["--label-column", "t"], "--label-column needs data to score on"),
        (
            ["--calibration", "c.tsv", "--tag-column", "3"],
            "--tag-column needs data to score on",
        ),
        (
            ["--calibration", "c.tsv", "--task", "pair"],
            "--task needs data to score on",
        ),
        (
            ["--calibration", "c.tsv", "--skip-bad-rows", "--text-column", "t"],
            "No model directory",
        ),
        (["--evaluate", "d", "--fallback"], "needs a limit"),
        (["--evaluate", "d", "--max-drop", "5"], "share of the full score"),
    ],
)
def test_options_that_belong_together(tmp_path, capsys, arguments, message):
    output = str(tmp_path / "m.tflite")
    status = main(["--model", "m", "--output", output, *arguments])
    assert status == 2
    assert message in capsys.readouterr().err
