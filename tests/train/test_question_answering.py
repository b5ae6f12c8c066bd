"""Question answering from files to answers: training, scores, predictions."""

import dataclasses
import json
import pathlib
import re
import shutil

import numpy as np
import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.questions import Gold, Question
from albert_tf.train.prediction_file import check_output
from albert_tf.train.tasks.registry import all_options, find_task
from albert_tf.train.tasks.squad_files import as_squad_files

ROOT = pathlib.Path(__file__).parents[2]
NAMES = "Ann Ben Cid Dot Eve Flo Gus Hal".split()
PLACES = "hall shed attic yard cellar loft barn porch".split()


def contexts():
    """Yields (person, place, other, its place, text), every pair once."""
    for index, name in enumerate(NAMES):
        other = NAMES[(index + 3) % 8]
        place, far = PLACES[index], PLACES[(index + 5) % 8]
        yield (
            *(name, place, other, far),
            f"{name} is in the {place},  and {other} is in the {far} now.",
        )


def squad_file(path, version_2=False):
    """Writes 32 questions, in version 2 half of them without an answer."""
    paragraphs = []
    for number, (name, place, other, far, text) in enumerate(contexts()):
        questions = [(name, place), (other, far)]
        golds = [
            (f"Where is {who}?", where, text.index(where))
            for who, where in questions
        ] + [
            (f"Who is in the {where}?", who, text.index(who))
            for who, where in questions
        ]
        qas = []
        for index, (question, answer, start) in enumerate(golds):
            is_impossible = version_2 and index % 2 == 1
            if is_impossible:
                question = question.replace(other, "Zoe").replace(far, "sea")
            answers = [{"text": answer, "answer_start": start}]
            qas.append(
                {
                    "id": f"q{number}-{index}",
                    "question": question,
                    "answers": [] if is_impossible else answers,
                    "is_impossible": is_impossible,
                }
            )
        paragraphs.append({"context": text, "qas": qas})
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    return path


def run(*arguments):
    from albert_tf.cli import main

    return main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def untrained(tiny_config, small_tokenizer, tmp_path_factory):
    import keras

    from albert_tf import AlbertForQuestionAnswering

    keras.utils.set_random_seed(3)
    directory = tmp_path_factory.mktemp("models") / "untrained"
    model = AlbertForQuestionAnswering(tiny_config)
    model.save_pretrained(directory, small_tokenizer)
    return directory


@pytest.fixture(scope="module", params=["squad1", "squad2"])
def trained(request, untrained, tmp_path_factory):
    """Returns (task, data, model directory) of a model fit to 32 questions."""
    folder = tmp_path_factory.mktemp(request.param)
    data = squad_file(folder / "data.json", request.param == "squad2")
    arguments = ["--train", data, "--dev", data, "--model", untrained]
    assert 0 == run(
        *("finetune", "--task", request.param, *arguments),
        *("--max-length", 48, "--batch-size", 16, "--train-steps", 250),
        *("--learning-rate", 3e-3, "--steps-per-evaluation", 250),
        *("--output", folder / "model"),
    )
    return request.param, data, folder / "model"


def test_overfits_32_questions(trained, capsys):
    task, data, model = trained
    assert run("evaluate", "--model", model, "--data", data, "--json") == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["num_examples"] == 32
    assert scores["f1"] >= 99
    if task == "squad2":
        assert scores["NoAns_exact"] >= 99 and scores["HasAns_exact"] >= 99
        settings = json.loads((model / "task.json").read_text())["settings"]
        assert settings["null_threshold"] == scores["best_f1_thresh"]


@pytest.mark.parametrize("chosen", [0.0, 2.5])
def test_a_threshold_that_was_chosen_is_kept(untrained, tmp_path, chosen):
    data = squad_file(tmp_path / "data.json", version_2=True)
    assert 0 == run(
        *("finetune", "--task", "squad2", "--train", data, "--dev", data),
        *("--model", untrained, "--max-length", 48, "--train-steps", 1),
        *("--null-threshold", chosen, "--output", tmp_path / "model"),
    )
    fields = json.loads((tmp_path / "model" / "task.json").read_text())
    assert fields["settings"]["null_threshold"] == chosen


def test_writes_the_files_of_squad(trained, tmp_path):
    task, data, model = trained
    out = tmp_path / "predictions"
    arguments = ["predict", "--model", model, "--input", data]
    assert run(*arguments, "--format", "squad", "--output", out) == 0
    answers, nbest, odds = (
        json.loads((out / name).read_text())
        for name in (
            "predictions.json", "nbest_predictions.json", "null_odds.json",
        )
    )  # fmt: skip
    paragraphs = json.loads(data.read_text())["data"][0]["paragraphs"]
    golds = {
        question["id"]: [gold["text"] for gold in question["answers"]]
        for paragraph in paragraphs
        for question in paragraph["qas"]
    }
    texts = {
        question["id"]: paragraph["context"]
        for paragraph in paragraphs
        for question in paragraph["qas"]
    }
    assert answers.keys() == nbest.keys() == odds.keys() == golds.keys()
    for key, gold in golds.items():
        assert answers[key] == (gold[0] if gold else "")
        total = sum(answer["probability"] for answer in nbest[key])
        assert total == pytest.approx(1)
        for answer in nbest[key]:
            if answer["text"]:
                place = texts[key][answer["start"] : answer["end"]]
                assert place == answer["text"]
        assert (nbest[key][0]["text"] == "") <= (task == "squad2")
    assert np.isfinite(list(odds.values())).all()


def questions(count):
    return [
        Question(
            f"q{index}", "Who?", f"Text {index // 4}.", (Gold("Text", 0),), "p"
        )
        for index in range(count)
    ]


def test_split_keeps_contexts_together():
    examples = questions(80)
    train, dev = find_task("qa").split(examples, seed=1)
    assert len(train) + len(dev) == 80 and 8 <= len(dev) <= 11
    assert not {e.context for e in train} & {e.context for e in dev}
    with pytest.raises(ValueError, match="too few to train and evaluate"):
        find_task("qa").split(questions(4), seed=1)


def _on(*counts):
    return [
        dataclasses.replace(questions(1)[0], context=f"Text {number}.")
        for number, count in enumerate(counts)
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((90, 5, 5), 10),
        ((5, 88, 7), 12),
        ((1, 79, 20), 1),
        ((50, 30, 20), 20),
        ((1, *[11] * 9), 12),
    ],
)
def test_about_a_tenth_of_the_questions_is_set_apart(counts, expected):
    sizes = set()
    for seed in range(12):
        train, dev = find_task("squad1").split(_on(*counts), seed=seed)
        assert len(train) + len(dev) == sum(counts)
        sizes.add(len(dev))
    assert sizes == {expected}


def test_own_questions_are_answered_always_unless_tuned(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "question,context,answer,answer_start\n"
        'Where?,"In the shed, Ann.",the shed,3\nWho?,Nobody is.,,\n'
    )
    task = find_task("qa")
    settings = task.defaults()
    assert settings["null_threshold"] is None
    first, second = task.read(path, "train", settings, BadRows())
    assert (first.answers, second.answers) == ((Gold("the shed", 3),), ())
    odds = {"NoAns_f1": 1.0, "best_f1_thresh": -2.5}
    assert task.tuned(odds) == {"null_threshold": -2.5}
    assert task.tuned({"best_f1_thresh": -2.5}) == {}
    assert find_task("squad2").defaults()["null_threshold"] == 0


def test_no_answer_stands_among_the_best_by_probability():
    answers = [
        {"text": "a", "probability": 0.5, "start": 0, "end": 1},
        {"text": "b", "probability": 0.1, "start": 2, "end": 3},
    ]
    prediction = {
        "id": "q", "text": "a", "null_odds": -1.0, "null_probability": 0.4,
        "nbest": answers,
    }  # fmt: skip
    files = as_squad_files([prediction])
    nbest = json.loads(files["nbest_predictions.json"])["q"]
    assert [answer["text"] for answer in nbest] == ["a", "", "b"]
    assert json.loads(files["predictions.json"]) == {"q": "a"}
    assert json.loads(files["null_odds.json"]) == {"q": -1.0}


def test_loss_is_the_mean_of_start_and_end():
    import keras

    logits = {
        "start_logits": np.array([[1.0, 2.0, 0.5], [0.0, 0.0, 3.0]]),
        "end_logits": np.array([[0.1, 0.2, 0.3], [2.0, 0.0, 1.0]]),
    }
    labels = {"start_logits": [1, 0], "end_logits": [2, 0]}
    total = 0.0
    for name, loss in find_task("squad1").loss().items():
        shown = loss(np.array(labels[name]), logits[name])
        total += float(keras.ops.convert_to_numpy(shown))
        clone = type(loss).from_config(loss.get_config())
        assert clone.weight == loss.weight
    log_softmax = {
        name: rows - np.log(np.exp(rows).sum(-1, keepdims=True))
        for name, rows in logits.items()
    }
    expected = -np.mean([log_softmax[n][range(2), labels[n]] for n in logits])
    assert total == pytest.approx(expected, rel=1e-6)


def test_several_files_need_a_folder(tmp_path):
    task = find_task("squad1")
    with pytest.raises(ValueError, match="writes several files. Name a folder"):
        check_output("-", "squad", task, is_overwritten=False)
    assert check_output("-", None, task, is_overwritten=False) == "jsonl"
    folder = tmp_path / "out"
    assert "squad" == check_output(folder, "squad", task, is_overwritten=False)
    folder.write_text("mine")
    with pytest.raises(ValueError, match="is a file, and --format squad"):
        check_output(folder, "squad", task, is_overwritten=True)
    for file_format in ("squad", "jsonl"):
        with pytest.raises(ValueError, match="Cannot write to .*out. Choose"):
            check_output(
                folder / "in it", file_format, task, is_overwritten=False
            )


def test_options_of_all_tasks_agree():
    assert all_options()["context_column"].default == "context"


def test_there_are_no_labels_to_smooth():
    with pytest.raises(ValueError, match="no labels to weigh or to smooth"):
        find_task("squad1").loss(label_smoothing=0.1)


def test_script_of_the_docs_runs(tmp_path, monkeypatch):
    text = (ROOT / "docs" / "question_answering.md").read_text()
    (script,) = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    squad_file(tmp_path / "train-v1.1.json")
    golden = ROOT / "tests" / "golden"
    shutil.copy(golden / "small.spiece.model", tmp_path / "spiece.model")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(script, names)
    losses = names["model"].history.history["loss"]
    assert losses[-1] < losses[0]
    assert (tmp_path / "my_squad" / "model.safetensors").exists()
