"""Answers on the runtime equal those of Keras, and what is refused."""

import dataclasses
import json

import numpy as np
import pytest

from albert_tf.edge.answerer import Answerer, AnswerSettings
from albert_tf.edge.cli import main
from albert_tf.text.answers import best_answers
from albert_tf.text.context import Context
from albert_tf.text.windows import WindowSettings, pack_question

CONTEXT = (
    "Zoe\u0308 paid 1,000 for the sign.\r\nLater  Zoe\u0308 paid 2,500 in the "
    "o\ufb03ce, and the sign was hung over the door of the shop. It is green. "
) * 3
QUESTION = "What did Zoe\u0308 pay?"


@pytest.fixture(scope="module")
def model_directory(tiny_config, small_tokenizer, tmp_path_factory):
    import keras

    from albert_tf import AlbertForQuestionAnswering

    keras.utils.set_random_seed(4)
    directory = tmp_path_factory.mktemp("models") / "answers"
    model = AlbertForQuestionAnswering(tiny_config)
    model.save_pretrained(directory, small_tokenizer)
    settings = {
        "doc_stride": 11,
        "max_query_length": None,
        "max_answer_tokens": 12,
    }
    fields = {"task": "squad1", "max_length": 50, "settings": settings}
    (directory / "task.json").write_text(json.dumps(fields))
    return directory


@pytest.fixture(scope="module")
def bundle_path(model_directory):
    from export.pipeline import export_model

    return export_model(
        model_directory,
        model_directory.parent / "answers.tflite",
        quantization="float32",
    )


@pytest.fixture(scope="module")
def answerer(bundle_path):
    return Answerer(bundle_path, num_threads=1)


@pytest.mark.device
def test_equals_keras(answerer, model_directory, small_tokenizer):
    from albert_tf import AlbertForQuestionAnswering

    model = AlbertForQuestionAnswering.from_pretrained(model_directory)
    packed = pack_question(
        small_tokenizer,
        QUESTION,
        Context(small_tokenizer, CONTEXT),
        WindowSettings.fitting(50, doc_stride=11),
    )
    logits = [
        model(
            {
                "token_ids": window.token_ids[None],
                "segment_ids": window.segment_ids[None],
            }
        )
        for window in packed.windows
    ]
    expected = best_answers(
        packed,
        [np.asarray(row["start_logits"][0]) for row in logits],
        [np.asarray(row["end_logits"][0]) for row in logits],
        num_best=3,
        max_answer_length=12,
    )
    reply = answerer.answer(QUESTION, CONTEXT, num_best=3)
    assert reply.num_windows == len(packed.windows) > 3
    assert reply.answer == reply.candidates[0]
    for found, wanted in zip(reply.candidates, expected.answers, strict=True):
        assert (found.text, found.start) == (wanted.text, wanted.start)
        assert found.score == pytest.approx(wanted.score, abs=1e-3)
        assert CONTEXT[found.start : found.end] == found.text


@pytest.mark.device
def test_threshold_decides_on_no_answer(answerer):
    reply = answerer.answer(QUESTION, CONTEXT)
    assert reply.null_probability == 0
    shy = answerer.answer(
        QUESTION, CONTEXT, null_threshold=reply.null_odds - 0.1
    )
    assert shy.answer is None and shy.candidates
    assert 0 < shy.null_probability < 1
    bold = answerer.answer(
        QUESTION, CONTEXT, null_threshold=reply.null_odds + 0.1
    )
    assert bold.answer == bold.candidates[0]


@pytest.mark.device
def test_cut_question_is_said(answerer, bundle_path, capfd):
    question = "What did she pay for the sign? " * 9
    assert answerer.answer(question, CONTEXT).num_cut_tokens > 0
    main(
        ["answer", str(bundle_path), "--question", question]
        + ["--context", CONTEXT]
    )
    assert "note: the question was cut by" in capfd.readouterr().err


@pytest.mark.device
def test_long_context_is_said(answerer, bundle_path, tmp_path, capfd):
    seen = []
    reply = answerer.answer(
        QUESTION, CONTEXT * 3, on_window=lambda *args: seen.append(args)
    )
    total = reply.num_windows
    assert seen == [(n + 1, total) for n in range(total)]
    path = tmp_path / "context.txt"
    path.write_bytes((CONTEXT * 3).encode())
    arguments = ["answer", str(bundle_path), "--question", QUESTION]
    assert main([*arguments, "--context-file", str(path), "--json"]) == 0
    out, err = capfd.readouterr()
    assert f"note: the context is long: {total} windows" in err
    assert json.loads(out) == dataclasses.asdict(reply)


@pytest.mark.device
def test_command_prints_places(bundle_path, capsys):
    arguments = ["answer", str(bundle_path), "--question", QUESTION]
    assert main([*arguments, "--context", CONTEXT, "--num-best", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    place, probability, text = lines[0].split("\t")
    start, end = map(int, place.split("-"))
    assert " ".join(CONTEXT[start:end].split()) == text
    assert 0 < float(probability) < 1


@pytest.mark.device
@pytest.mark.parametrize(
    "question, context, message",
    [
        (" ", CONTEXT, "The question is empty"),
        (QUESTION, "\n\t", "The context is empty"),
        (QUESTION, "a" * 2_000_001, "at most 2,000,000 are taken"),
    ],
)
def test_texts_that_are_none(answerer, question, context, message):
    with pytest.raises(ValueError, match=message):
        answerer.answer(question, context)
    with pytest.raises(ValueError, match="`num_best` must be 1 or more"):
        answerer.answer(QUESTION, CONTEXT, num_best=0)


@pytest.mark.device
@pytest.mark.parametrize(
    "content, message",
    [(None, "Cannot read"), (b"fine\n\xff", "line 2: not UTF-8")],
)
def test_bad_context_file(bundle_path, tmp_path, capsys, content, message):
    path = tmp_path / "context.txt"
    if content is not None:
        path.write_bytes(content)
    arguments = ["answer", str(bundle_path), "--question", QUESTION]
    assert main([*arguments, "--context-file", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_settings_of_a_bundle():
    fields = {"max_length": 40, "doc_stride": 9, "max_query_length": 12}
    settings = AnswerSettings.of(fields, 64)
    assert settings.windows() == WindowSettings(40, 9, 12)
    assert AnswerSettings.of(None, 64).windows() == WindowSettings.fitting(64)
    for broken in (
        {},
        {**fields, "x": 1},
        {**fields, "doc_stride": 0},
        {**fields, "max_answer_length": 0},
        {**fields, "max_answer_length": "9"},
        {**fields, "null_threshold": "low"},
    ):
        with pytest.raises(ValueError, match="albert.json is broken"):
            AnswerSettings.of(broken, 64)
