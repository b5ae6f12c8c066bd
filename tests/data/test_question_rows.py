"""Answers to positions in windows and back."""

import numpy as np
import pytest

from albert_tf.data.question_rows import (
    CUT_QUESTION,
    INSIDE_TOKEN,
    LONG_QUESTION,
    NO_TOKEN,
    TOO_LONG,
    Losses,
    answer_positions,
    question_rows,
)
from albert_tf.data.questions import Gold, Question
from albert_tf.data.squad import read_squad
from albert_tf.text.context import Context
from albert_tf.text.tokenizer import AlbertTokenizer
from albert_tf.text.windows import WindowSettings, pack_question
from benchmarks.squad_round_trip import round_trip
from tests.golden.shared import shared_path

SHORT = WindowSettings(max_length=20, doc_stride=5, max_query_length=6)
TEXT = "The river rose in spring, and the river  fell by the 15th."


def example(*golds, question="When?", text=TEXT):
    answers = tuple(Gold(*gold) for gold in golds)
    return Question("q1", question, text, answers, "f.json, question q1")


def test_labels_are_positions_of_the_answer(small_tokenizer):
    rows = question_rows(
        [example(("river  fell", 34)), example()], small_tokenizer, SHORT
    )
    context = Context(small_tokenizer, TEXT)
    tokens = context.token_ids[slice(*np.add(context.tokens(34, 45), (0, 1)))]
    holding = 0
    for (token_ids, segment_ids), start, end, detail in zip(
        rows.inputs,
        rows.labels["start_logits"],
        rows.labels["end_logits"],
        rows.details,
        strict=True,
    ):
        assert len(token_ids) == len(segment_ids) <= 20
        if start == 0:
            assert end == 0
            continue
        holding += 1
        assert detail.example == 0
        np.testing.assert_array_equal(token_ids[start : end + 1], tokens)
        assert segment_ids[start] == 1
    assert holding >= 1
    assert {detail.example for detail in rows.details} == {0, 1}


def test_no_labels_to_learn(small_tokenizer):
    unlabelled = Question("q", "When?", TEXT, None, "place")
    rows = question_rows([unlabelled], small_tokenizer, SHORT)
    assert rows.labels is None and rows.inputs


@pytest.mark.parametrize(
    "answer, question, kind, is_left_out",
    [
        ((TEXT, 0), "When?", TOO_LONG, True),
        ((" ", 5), "When?", NO_TOKEN, True),
        (("iv", 5), "When?", INSIDE_TOKEN, False),
        (
            ("river", 4),
            "When did it rise and when did it?",
            CUT_QUESTION,
            False,
        ),
    ],
)
def test_losses_are_counted(
    small_tokenizer, answer, question, kind, is_left_out
):
    losses = Losses()
    given = example(answer, question=question)
    rows = question_rows(
        [given], small_tokenizer, SHORT, is_training=True, losses=losses
    )
    assert losses.places == {kind: ["f.json, question q1"]}
    assert losses.report() == [f"1 {kind}: f.json, question q1"]
    assert (rows.inputs == []) == is_left_out
    assert question_rows([given], small_tokenizer, SHORT).inputs


def test_long_questions_are_skipped_or_refused(small_tokenizer):
    long = example(("river", 4), question="When did it rise and when did it?")
    losses = Losses()
    rows = question_rows(
        [long, example(("river", 4))],
        small_tokenizer,
        SHORT,
        is_training=True,
        long_questions="skip",
        losses=losses,
    )
    assert {detail.example for detail in rows.details} == {1}
    assert losses.places == {LONG_QUESTION: ["f.json, question q1"]}
    # A score is of all questions.
    kept = question_rows([long], small_tokenizer, SHORT, long_questions="skip")
    assert kept.inputs
    with pytest.raises(ValueError, match="more than 6 tokens, as have 1"):
        question_rows(
            [long] * 2, small_tokenizer, SHORT, long_questions="refuse"
        )


def test_white_space_around_an_answer_does_not_count(small_tokenizer):
    context = Context(small_tokenizer, TEXT)
    packed = pack_question(small_tokenizer, "When?", context, SHORT)
    spaced = answer_positions(packed, Gold("  fell ", 39))
    assert spaced == answer_positions(packed, Gold("fell", 41))
    assert spaced[1] is None


@pytest.mark.parametrize("max_length, num_questions", [(384, 150), (64, 50)])
def test_squad_answers_come_back(max_length, num_questions):
    """A slice of what `benchmarks/squad_round_trip.py` does with the whole."""
    path = shared_path("data/squad/dev-v1.1.json.gz")
    tokenizer = AlbertTokenizer(shared_path("data/albert/spiece.model"))
    examples = read_squad(path)[8000 : 8000 + num_questions]
    settings = WindowSettings.fitting(max_length)
    counts = round_trip(examples, tokenizer, settings, 30).counts
    assert counts["questions"] == num_questions
    assert counts["tokens with one window of most context"] == counts["tokens"]
    # The rest are longer than 30 tokens, or marked inside one.
    assert counts["answers exact, text and place"] > 0.99 * counts["answers"]
    assert counts["lost: unexplained"] == 0
