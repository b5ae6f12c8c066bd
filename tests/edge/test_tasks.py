"""The runners of tasks other than classification, and their commands."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from albert_tf.data.choices import Choice
from albert_tf.data.conll import Sentence
from albert_tf.edge import (
    Chooser,
    Classifier,
    MaskFiller,
    Regressor,
    Tagger,
)
from albert_tf.edge.cli import main
from albert_tf.edge.tagger import Tag, join_entities
from albert_tf.text import packing
from albert_tf.text.choices import encode_choices
from albert_tf.text.words import split_words
from albert_tf.train.tasks.registry import find_task

pytestmark = pytest.mark.device


def _run(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "albert_tf.edge", *map(str, arguments)],
        input=stdin,
        capture_output=True,
    )


def _model(task_directory, task):
    from export import source_model

    return source_model.load(task_directory(task))


def test_regressor_gives_keras_score(bundle, task_directory):
    source = _model(task_directory, "regression")
    regressor = Regressor(bundle("cpu", "float32", "regression"))
    batch = source.tokenizer("one text", "another", max_length=64)
    expected = float(source.model(batch)[0, 0])
    assert regressor.score("one text", "another").score == pytest.approx(
        expected, abs=1e-4
    )
    alone = [answer.score for answer in regressor.score_all(["one text", "b"])]
    assert alone[0] == regressor.score("one text").score != expected


def test_tagger_labels_first_pieces(bundle, task_directory):
    source = _model(task_directory, "token_classification")
    tagger = Tagger(bundle("cpu", "float32", "token_classification"))
    text = "Unbelievably, Zo\u00eb's  in (New York)."
    answer = tagger.tag(text)
    words = ["Unbelievably", ",", "Zo\u00eb's", "in", "(", "New", "York"]
    assert [word.text for word in answer.words] == [*words, ")", "."]
    assert all(text[w.start : w.end] == w.text for w in answer.words)
    tokenizer = source.tokenizer
    pieces = tokenizer.encode_ids([word.text for word in answer.words])
    ids = [2, *(i for word in pieces for i in word), 3]
    logits = np.asarray(source.model(np.array([ids])))[0]
    first = np.cumsum([1, *map(len, pieces[:-1])])
    expected = [source.labels[i] for i in logits[first].argmax(-1)]
    assert [word.label for word in answer.words] == expected


def test_tagger_reads_long_texts_in_windows(bundle, task_directory):
    """As the task does that training evaluates with."""
    source = _model(task_directory, "token_classification")
    path = bundle("cpu", "float32", "token_classification")
    text = " ".join(f"word{i} of {i * 7}" for i in range(40))
    answer = Tagger(path).tag(text)
    task = find_task("tagging")
    words = [(word.start, word.end) for word in answer.words]
    assert words == split_words(text)
    example = Sentence(text, tuple(words), None, 0, "here")
    rows = task.encode(
        [example],
        source.tokenizer,
        labels=source.labels,
        max_length=64,
        settings={},
        is_training=False,
    )
    assert len(rows.inputs) > 2
    outputs = [
        np.asarray(source.model(np.array([ids])))[0] for ids, _ in rows.inputs
    ]
    (expected,) = task.predictions(
        [example], rows, outputs, labels=source.labels, settings={}
    )
    assert [word.label for word in answer.words] == expected["tags"]


def test_tagger_answers_as_albert_predict(task_directory, tmp_path):
    """Training took fewer tokens than the model has positions."""
    from albert_tf.train.apply import predict
    from export.pipeline import export_model

    kept = task_directory("token_classification")
    directory = shutil.copytree(kept, tmp_path / "model")
    settings = find_task("tagging").defaults()
    settings["plain_text"] = True
    fields = {"task": "tagging", "max_length": 16, "settings": settings}
    (directory / "task.json").write_text(json.dumps(fields))
    path = export_model(
        directory, tmp_path / "m.tflite", quantization="float32"
    )
    text = " ".join(f"word{i} of {i * 7}" for i in range(40))
    (tmp_path / "lines.txt").write_text(text + "\n")
    (expected,) = predict(str(directory), str(tmp_path / "lines.txt"))
    got = [word.label for word in Tagger(path).tag(text).words]
    assert got == expected["tags"]


def test_entities_are_joined_as_conlleval_does():
    text = "a b c d e f g"
    labels = ["B-X", "I-X", "I-Y", "O", "I-X", "B-X", "I-X"]
    words = [
        Tag(letter, 2 * i, 2 * i + 1, label, 0.5 + i / 20)
        for i, (letter, label) in enumerate(zip("abcdefg", labels))
    ]
    found = [(e.text, e.label) for e in join_entities(text, words)]
    assert found == [("a b", "X"), ("c", "Y"), ("e", "X"), ("f g", "X")]
    assert join_entities(text, words)[0].probability == 0.5


def test_words_without_pieces_are_of_no_entity(bundle, monkeypatch):
    """As `albert predict` has it; training never saw such a word."""
    path = bundle("cpu", "float32", "token_classification")
    tagger = Tagger(path)
    logits = np.tile([0.0, 9.0, 0.0], (1, 9, 1))
    monkeypatch.setattr(tagger.session, "run", lambda _: {"logits": logits})
    monkeypatch.setattr(Tagger, "labels", ["O", "I-X", "B-X"])
    answer = tagger.tag("New \u0001 York")
    assert [word.text for word in answer.words] == ["New", "York"]
    assert [e.text for e in answer.entities] == ["New", "York"]
    assert [e.text for e in tagger.tag("New York").entities] == ["New York"]


def test_chooser_scores_as_keras(bundle, task_directory):
    source = _model(task_directory, "multiple_choice")
    chooser = Chooser(bundle("cpu", "float32", "multiple_choice"))
    choices = ["a tent", "an umbrella, of course", "nothing"]
    answer = chooser.choose("it rained", choices)
    batch = source.tokenizer(["it rained"] * 3, choices, max_length=64)
    expected = source.model({k: v[None] for k, v in batch.items()})[0]
    np.testing.assert_allclose(answer.logits, expected, atol=1e-4)
    assert answer.choice == choices[int(np.argmax(expected))]
    with pytest.raises(ValueError, match="two choices or more"):
        chooser.choose("it rained", ["a tent"])


@pytest.fixture(scope="module")
def cutting_file(task_directory, tmp_path_factory):
    """Of a model trained on 8 tokens of question and answer."""
    from export.pipeline import export_model

    folder = tmp_path_factory.mktemp("cutting")
    kept = task_directory("multiple_choice")
    directory = shutil.copytree(kept, folder / "model")
    settings = {**find_task("choice").defaults(), "max_answer_length": 8}
    fields = {"task": "choice", "max_length": 64, "settings": settings}
    (directory / "task.json").write_text(json.dumps(fields))
    return export_model(directory, folder / "m.tflite", quantization="float32")


@pytest.mark.parametrize("passage", ["It rained. " * 30, "It rained."])
def test_chooser_cuts_as_training_does(cutting_file, task_directory, passage):
    """The end of the passage and the beginning of the question go."""
    source = _model(task_directory, "multiple_choice")
    chooser = Chooser(cutting_file, self_test=True)
    question, choices = "Well, " * 9 + "we took _ out.", ["a tent", "umbrellas"]
    answer = chooser.choose(passage, choices, question=question)
    assert answer.is_truncated
    task = find_task("choice")
    example = Choice(passage, question, tuple(choices), 0, "1", "here")
    rows = task.encode(
        [example],
        source.tokenizer,
        labels=None,
        max_length=64,
        settings={"max_answer_length": 8},
        is_training=False,
    )
    assert all(sum(segments) == 9 for _, segments in rows.inputs[0])
    batch = packing.pad(rows.inputs[0], pad_id=0)
    expected = source.model({k: v[None] for k, v in batch.items()})[0]
    np.testing.assert_allclose(answer.logits, expected, atol=1e-4)
    assert not chooser.choose("It rained.", ["a", "b"]).is_truncated


def test_chooser_takes_a_question_without_a_passage(bundle, task_directory):
    """As data to train on may have it."""
    source = _model(task_directory, "multiple_choice")
    chooser = Chooser(bundle("cpu", "float32", "multiple_choice"))
    answer = chooser.choose("", ["wet", "dry"], question="How is rain?")
    rows, _ = encode_choices(
        source.tokenizer,
        "",
        ["How is rain? wet", "How is rain? dry"],
        max_length=64,
    )
    batch = packing.pad(rows, pad_id=0)
    expected = source.model({k: v[None] for k, v in batch.items()})[0]
    np.testing.assert_allclose(answer.logits, expected, atol=1e-4)
    for context, choices, message in (
        (" ", ["wet", "dry"], "Context and question are empty"),
        ("", ["wet", " "], "Context and question are empty"),
        ("It rained.", ["wet", " "], "The text is empty"),
        ("a" * 200_001, ["wet", "dry"], "200,001 characters"),
        ("It rained.", ["wet", "a" * 200_001], "200,001 characters"),
    ):
        with pytest.raises(ValueError, match=message):
            chooser.choose(context, choices)
    with pytest.raises(ValueError, match="200,003 characters"):
        chooser.choose("", ["a", "b"], question="a" * 200_001)


def test_mask_filler_guesses_as_keras(bundle, task_directory):
    from albert_tf.train.fill import fill

    text = "the [MASK] of France and the [MASK]"
    filler = MaskFiller(bundle("cpu", "float32", "masked_lm"))
    expected = fill(task_directory("masked_lm"), text, top=3)
    for got, wanted in zip(filler.fill(text, top=3), expected, strict=True):
        assert [guess.piece for guess in got] == [g.piece for g in wanted]
        assert got[0].probability == pytest.approx(
            wanted[0].probability, rel=1e-3
        )
    with pytest.raises(ValueError, match=r"has no \[MASK\]"):
        filler.fill("no mask")


def test_text_too_long_to_fill_says_what_helps(bundle):
    path = bundle("cpu", "float32", "masked_lm")
    result = _run("fill", path, "word " * 70 + "[MASK]")
    assert result.returncode == 2
    message = result.stderr.decode()
    assert "the model takes 64. Give a shorter one" in message
    assert "max_length" not in message


def test_other_tasks_are_refused(bundle):
    with pytest.raises(ValueError, match="is a model for regression"):
        Classifier(bundle(task="regression"))


def test_commands_answer(bundle):
    score = _run("classify", bundle(task="regression"), "a", "--pair", "b")
    assert float(score.stdout) != 0
    path = bundle(task="token_classification")
    lines = _run("tag", path, "New York", "--words").stdout.decode()
    assert [line.split("\t")[0] for line in lines.splitlines()] == [
        "0-3",
        "4-8",
    ]
    tags = _run("tag", path, "-", "--json", stdin=b"one\ntwo\n").stdout
    assert [json.loads(t)["text"] for t in tags.splitlines()] == ["one", "two"]
    chosen = _run("choose", bundle(task="multiple_choice"), "a", "b", "c")
    assert chosen.stdout.decode().split("\t")[0] in ("1", "2")
    filled = _run("fill", bundle(task="masked_lm"), "a [MASK]", "--json")
    assert len(json.loads(filled.stdout)) == 5


@pytest.mark.parametrize(
    "labels",
    [["NN", "-LRB-", "-RRB-", "WP$", "O"], ["O", "A-B", "C-D", "E", "F"]],
)
def test_words_are_shown_where_labels_make_up_no_entities(
    bundle, monkeypatch, capsys, labels
):
    monkeypatch.setattr(Tagger, "labels", labels)
    path = str(bundle(task="token_classification"))
    capsys.readouterr()  # What the export said, if this test made it.
    assert main(["tag", path, "New York"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["0-3", "4-8"]
    assert all(line.split("\t")[1] in labels for line in lines)
    assert Tagger(path).tag("New York").entities == []


def test_bench_runs_every_task(bundle):
    for task in ("masked_lm", "question_answering"):
        result = _run(
            "bench", bundle(task=task), "--lengths", 8, "--repeats", 2, "--json"
        )
        assert json.loads(result.stdout)["latencies"][0]["median_ms"] > 0
