"""SQuAD's scores against the published scripts' rules."""

import random

import numpy as np
import pytest

from albert_tf.metrics.squad import (
    exact_match,
    f1_score,
    normalize_answer,
    squad_1_scores,
    squad_2_scores,
)

WORDS = [
    *"the a an The of cat. Cat cats dog dog, dog! U.S. US 1,000 1000".split(),
    *"caf\u00e9 cafe - , \u2014 \u201cquoted\u201d theatre Anna it's".split(),
    *("\u00a0", "\t", "", "\u0130", "\uff0c", '"the"'),
]


def texts(generator):
    for _ in range(generator.integers(0, 4)):
        yield " ".join(generator.choice(WORDS, generator.integers(0, 5)))


def cases(num_questions, seed):
    """Returns golds, predictions and odds, many ties among them."""
    generator = np.random.default_rng(seed)
    golds, predictions, odds = {}, {}, {}
    for index in range(num_questions):
        key = f"q{index}"
        golds[key] = list(texts(generator))
        pool = [*golds[key], "", " ".join(generator.choice(WORDS, 3))]
        predictions[key] = pool[generator.integers(len(pool))]
        odds[key] = float(generator.integers(-8, 8)) / 2
    return golds, predictions, odds


@pytest.fixture(scope="module")
def reference():
    return pytest.importorskip("transformers.data.metrics.squad_metrics")


def as_examples(golds):
    from transformers.data.processors.squad import SquadExample

    return [
        SquadExample(
            qas_id=key, question_text="", context_text="", answer_text=None,
            start_position_character=None, title="",
            answers=[{"text": text} for text in answers],
        )
        for key, answers in golds.items()
    ]  # fmt: skip


@pytest.mark.reference
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("threshold", [None, -1.0, 0.0, 2.5])
def test_version_2_equals_transformers(reference, seed, threshold):
    golds, predictions, odds = cases(300, seed)
    expected = reference.squad_evaluate(
        as_examples(golds),
        predictions,
        odds,
        np.inf if threshold is None else threshold,
    )
    found = squad_2_scores(golds, predictions, odds, threshold)
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-9, rel=0), name


@pytest.mark.reference
def test_normalized_as_transformers_does(reference):
    generator = np.random.default_rng(9)
    for _ in range(500):
        text = " ".join(generator.choice(WORDS, 4))
        assert normalize_answer(text) == reference.normalize_answer(text)


# By hand from evaluate-v1.1.py: golds, prediction, exact match, F1.
VERSION_1 = [
    (["Denver Broncos", "The Broncos"], "the denver broncos!", 1, 1),
    (["Denver Broncos", "The Broncos"], "Broncos", 1, 1),
    (["in the 1990s"], "1990s", 0, 2 / 3),
    (["a b c d"], "b c x", 0, 2 * (2 / 3) * (2 / 3) / (4 / 3)),
    (["dog dog cat"], "dog", 0, 0.5),
    (["cat"], "dog", 0, 0),
    # No word left: equal texts, but nothing shared, so F1 is 0 in 1.1.
    (["The"], "a", 1, 0),
]


@pytest.mark.parametrize("golds, prediction, exact, f1", VERSION_1)
def test_version_1_by_hand(golds, prediction, exact, f1):
    found = squad_1_scores({"q": golds}, {"q": prediction})
    assert found["exact_match"] == 100 * exact
    assert found["f1"] == pytest.approx(100 * f1, abs=1e-9)


def test_version_1_counts_a_missing_prediction():
    golds = {"a": ["x"], "b": ["y"]}
    expected = {"exact_match": 50.0, "f1": 50.0, "total": 2}
    assert squad_1_scores(golds, {"a": "x"}) == expected


def test_version_2_empty_texts_agree():
    assert f1_score("the", "", version_2=True) == 1
    assert f1_score("", "word", version_2=True) == 0
    assert exact_match("The cat", "cat.") == 1


def test_best_threshold_by_hand():
    golds = {"a": ["x"], "b": [], "c": ["z"], "d": []}
    predictions = {"a": "x", "b": "wrong", "c": "z", "d": "wrong"}
    odds = {"a": -3.0, "c": -1.0, "b": 0.5, "d": 2.0}
    found = squad_2_scores(golds, predictions, odds)
    assert (found["best_exact"], found["best_exact_thresh"]) == (100, -1)
    assert (found["exact"], found["NoAns_exact"]) == (50, 0)
    tuned = squad_2_scores(golds, predictions, odds, threshold=-1.0)
    assert (tuned["exact"], tuned["f1"]) == (100, 100)


def test_threshold_of_never_answering_reaches_its_score():
    golds = {"a": [], "b": [], "c": ["z"]}
    predictions = {"a": "x", "b": "y", "c": "wrong"}
    odds = {"a": -0.5, "b": -3.0, "c": -1.0}
    found = squad_2_scores(golds, predictions, odds)
    threshold = found["best_f1_thresh"]
    assert found["best_f1"] == pytest.approx(200 / 3)
    tuned = squad_2_scores(golds, predictions, odds, threshold)
    assert tuned["f1"] == found["best_f1"]


def test_order_of_questions_does_not_matter():
    golds, predictions, odds = cases(100, 3)
    keys = list(golds)
    random.Random(1).shuffle(keys)
    shuffled = squad_2_scores({k: golds[k] for k in keys}, predictions, odds)
    found = squad_2_scores(golds, predictions, odds)
    assert shuffled["f1"] == pytest.approx(found["f1"], abs=1e-9)


def test_nothing_to_score():
    with pytest.raises(ValueError, match="at least one question"):
        squad_1_scores({}, {})
    with pytest.raises(ValueError, match="1 of 1 questions have no predict"):
        squad_2_scores({"a": []}, {})
