"""Entity scores by hand, and as seqeval has them."""

import random

import pytest

from albert_tf.metrics.entities import entity_scores
from albert_tf.text.entities import Entity, entities, impossible_tags


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("B-PER I-PER O", [Entity("PER", 0, 2)]),
        ("I-PER I-PER O I-LOC", [Entity("PER", 0, 2), Entity("LOC", 3, 4)]),
        ("B-PER B-PER", [Entity("PER", 0, 1), Entity("PER", 1, 2)]),
        ("B-PER I-LOC I-LOC", [Entity("PER", 0, 1), Entity("LOC", 1, 3)]),
        ("O I-a-b I-a-b", [Entity("a-b", 1, 3)]),
        ("O O", []),
        ("", []),
    ],
)
def test_entities_of_tags(tags, found):
    assert entities(tags.split()) == found


def test_impossible_tags():
    assert impossible_tags("B-PER I-PER O I-PER I-LOC".split()) == [3, 4]


def test_scores_by_hand():
    expected = ["B-PER I-PER O B-LOC".split(), "B-LOC O".split()]
    predicted = ["B-PER I-PER O B-PER".split(), "O O".split()]
    scores = entity_scores(expected, predicted)
    assert scores["precision"] == 1 / 2
    assert scores["recall"] == 1 / 3
    assert scores["f1"] == pytest.approx(0.4)
    assert scores["by_kind"]["LOC"] == {
        "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 2,
    }  # fmt: skip


def test_other_number_of_tags_is_refused():
    with pytest.raises(ValueError, match="Sentence 0 has 2 words and 1"):
        entity_scores([["O", "O"]], [["O"]])
    with pytest.raises(ValueError, match="each of 2 sentences. Received: 1"):
        entity_scores([["O"], ["O"]], [["O"]])


def test_nothing_to_find_scores_zero():
    assert entity_scores([["O"]], [["O"]])["f1"] == 0.0


@pytest.mark.reference
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("prefixes", ["BI", "I"])
def test_equal_to_seqeval(prefixes):
    metrics = pytest.importorskip("seqeval.metrics")
    generator = random.Random(prefixes)
    kinds = ["PER", "LOC", "creative-work"]
    tags = ["O", "O", *(f"{p}-{k}" for p in prefixes for k in kinds)]
    expected = [
        generator.choices(tags, k=generator.randint(1, 12)) for _ in range(300)
    ]
    predicted = [
        [t if generator.random() < 0.7 else generator.choice(tags) for t in row]
        for row in expected
    ]
    scores = entity_scores(expected, predicted)
    for name in ("precision", "recall", "f1"):
        wanted = getattr(metrics, f"{name}_score")(expected, predicted)
        assert scores[name] == pytest.approx(wanted, abs=1e-9)
    report = metrics.classification_report(
        expected, predicted, output_dict=True
    )
    for kind in kinds:
        got = scores["by_kind"][kind]
        assert got["f1"] == pytest.approx(report[kind]["f1-score"], abs=1e-9)
        assert got["support"] == report[kind]["support"]
