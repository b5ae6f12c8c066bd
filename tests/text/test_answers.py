"""Logits to answers: against a search pair by pair, and at the edges."""

import dataclasses

import numpy as np
import pytest

from albert_tf.text.answers import best_answers
from albert_tf.text.context import Context
from albert_tf.text.windows import WindowSettings, pack_question
from tests.reference import windows as reference

SETTINGS = WindowSettings(max_length=30, doc_stride=6, max_query_length=6)
TEXT = (
    "Zoe\u0308 paid 1,000, then  2,500 in the o\ufb03ce; Zoe\u0308 paid "
    "again on the 5th\tday. \ufdfa \u0130t was \u201call\u201d."
)


@pytest.fixture
def packed(small_tokenizer):
    context = Context(small_tokenizer, TEXT)
    return pack_question(small_tokenizer, "Who paid?", context, SETTINGS)


def logits_for(packed, generator, levels):
    """Returns random logits, with padding behind that must not count."""
    rows = []
    for window in packed.windows:
        size = len(window.token_ids)
        row = generator.integers(-levels, levels, size).astype(np.float32)
        rows.append(np.append(row / 8, np.full(5, 1e9, np.float32)))
    return rows


@pytest.mark.parametrize("levels", [2, 10, 1000])
@pytest.mark.parametrize("max_answer_length", [1, 4, 30])
def test_equals_a_search_pair_by_pair(packed, levels, max_answer_length):
    generator = np.random.default_rng(levels)
    for _ in range(5):
        start = logits_for(packed, generator, levels)
        end = logits_for(packed, generator, levels)
        expected = reference.best_spans(
            packed, start, end, 20, max_answer_length
        )
        found = best_answers(
            packed, start, end, max_answer_length=max_answer_length
        ).answers
        assert [(a.score, a.start, a.end) for a in found] == expected
        for answer in found:
            assert answer.text == TEXT[answer.start : answer.end]


def favour(packed, start, end, score=5.0):
    """Returns logits that point at characters in every window."""
    first, last = packed.context.tokens(start, end)
    rows = []
    for token in (first, last):
        rows.append([])
        for window in packed.windows:
            row = np.zeros(len(window.token_ids), np.float32)
            if window.begin <= token < window.end:
                row[window.context_position + token - window.begin] = score
            rows[-1].append(row)
    return rows


@pytest.mark.parametrize(
    "text, occurrence",
    [
        ("Zoe\u0308", 0),
        ("Zoe\u0308", 1),
        ("1,000", 0),
        ("2,500", 0),
        ("o\ufb03ce", 0),
        ("on the 5th\tday", 0),
        ("\ufdfa", 0),
        ("\u0130t", 0),
        ("all", 0),
    ],
)
def test_answer_has_its_own_place(packed, text, occurrence):
    start = TEXT.find(text)
    for _ in range(occurrence):
        start = TEXT.find(text, start + 1)
    logits = favour(packed, start, start + len(text))
    answer = best_answers(packed, *logits).answers[0]
    assert (answer.text, answer.start) == (text, start)
    assert answer.end == start + len(text)


def test_probabilities_add_up_and_share_with_null(packed):
    logits = favour(packed, 0, 4)
    found = best_answers(packed, *logits, num_best=5)
    assert len(found.answers) == 5
    total = sum(answer.probability for answer in found.answers)
    assert total == pytest.approx(1)
    assert found.null_probability == 0
    shared = best_answers(packed, *logits, num_best=5, has_null=True)
    scores = np.array([a.score for a in shared.answers] + [shared.null_score])
    expected = np.exp(scores) / np.exp(scores).sum()
    probabilities = [a.probability for a in shared.answers]
    np.testing.assert_allclose(
        [*probabilities, shared.null_probability], expected, rtol=1e-12
    )


def test_null_score_is_the_least_over_windows(packed):
    start, end = favour(packed, 0, 4, score=1.5)
    for index, row in enumerate(start):
        row[0] = 4 - index
    found = best_answers(packed, start, end)
    assert found.null_score == 4 - (len(packed.windows) - 1)
    assert found.null_odds == found.null_score - 3
    assert found.best() == found.answers[0]
    assert found.best(found.null_odds) == found.answers[0]
    assert found.best(found.null_odds - 0.01) is None


def test_best_of_equals_starts_first_and_is_short(packed):
    zeros = [np.zeros(len(w.token_ids)) for w in packed.windows]
    answer = best_answers(packed, zeros, zeros).answers[0]
    assert (answer.start, answer.end) == (0, 1)


def test_start_counts_only_where_it_has_most_context(packed):
    window = packed.windows[0]
    assert not window.is_max_context[-1]
    rows = [np.zeros(len(w.token_ids)) for w in packed.windows]
    rows[0][window.context_position + window.end - 1] = 50
    assert best_answers(packed, rows, rows).answers[0].score <= 50


def test_context_without_a_place_to_answer(packed):
    packed.context.can_start[:] = False
    zeros = [np.zeros(len(w.token_ids)) for w in packed.windows]
    found = best_answers(packed, zeros, zeros, has_null=True)
    assert found.answers == [] and found.best() is None
    assert found.null_probability == 1
    assert best_answers(packed, zeros, zeros).null_odds == np.inf


def test_logits_that_are_no_numbers(packed):
    logits = favour(packed, 0, 4)
    logits[1][0][3] = np.nan
    with pytest.raises(ValueError, match="all of them numbers"):
        best_answers(packed, *logits)


def test_logits_of_another_size(packed):
    start, end = favour(packed, 0, 4)
    with pytest.raises(ValueError, match="start logits of .* windows"):
        best_answers(packed, start[1:], end)
    short = [row[:-1] for row in end]
    with pytest.raises(ValueError, match="Expected .* end logits"):
        best_answers(packed, start, short)
    with pytest.raises(ValueError, match="must be 1 or more"):
        best_answers(packed, start, end, num_best=0)


def test_answer_is_plain_data(packed):
    answer = best_answers(packed, *favour(packed, 0, 4)).answers[0]
    kinds = {k: type(v) for k, v in dataclasses.asdict(answer).items()}
    assert set(kinds.values()) == {str, int, float}
