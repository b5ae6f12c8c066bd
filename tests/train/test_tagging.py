"""Tags go to tokens and come back, with the characters they stand for."""

import numpy as np
import pytest

from albert_tf.data.conll import Sentence, read_plain
from albert_tf.data.rows import IGNORED
from albert_tf.train.tasks.registry import find_task

TASK = find_task("tagging")
LABELS = ["O", "B-LOC", "B-PER", "I-LOC", "I-PER"]
SETTINGS = TASK.defaults()
TEXT = "Zoë Ångström met  2,000 visitors (of Saint-Rémy-de-Provence) in Oslo."


def _sentence(repeats):
    (sentence,) = read_plain([(TEXT * repeats, "line 1")])
    generator = np.random.default_rng(repeats)
    tags = tuple(str(t) for t in generator.choice(LABELS, len(sentence.words)))
    return Sentence(sentence.text, sentence.words, tags, 0, "line 1")


@pytest.mark.parametrize("max_length", [8, 20, 512])
def test_gold_tags_come_back_from_windows(small_tokenizer, max_length):
    examples = [_sentence(repeats) for repeats in (1, 2, 5)]
    rows = TASK.encode(
        examples,
        small_tokenizer,
        labels=LABELS,
        max_length=max_length,
        settings=SETTINGS,
        is_training=False,
    )
    assert max(len(ids) for ids, _ in rows.inputs) <= max_length
    num_words = sum(len(example.words) for example in examples)
    labelled = [tag for row in rows.labels for tag in row if tag != IGNORED]
    assert len(labelled) == num_words
    # What a model that never errs would return, padding and other pieces
    # saying something else.
    outputs = [
        np.eye(len(LABELS))[[max(tag, 0) for tag in row] + [1, 2]]
        for row in rows.labels
    ]
    found = TASK.predictions(
        examples, rows, outputs, labels=LABELS, settings=SETTINGS
    )
    assert [tuple(row["tags"]) for row in found] == [e.tags for e in examples]
    scores = TASK.scores(examples, found, labels=LABELS, settings=SETTINGS)
    assert scores["f1"] == scores["word_accuracy"] == 1.0
    for example, row in zip(examples, found):
        for entity in row["entities"]:
            span = slice(entity["start"], entity["end"])
            assert example.text[span] == entity["text"]


def test_conll_columns_out():
    rows = [{"words": ["a", "b"], "tags": ["O", "B-X"]}] * 2
    text = TASK.formats["conll"](rows)
    assert text == "a\tO\nb\tB-X\n\na\tO\nb\tB-X\n\n"


def test_entity_of_one_training_word_may_have_two_elsewhere():
    example = Sentence("a b", ((0, 1), (2, 3)), ("B-X", "O"), 0, "line 1")
    assert TASK.labels([example]) == ["O", "B-X", "I-X"]
    with pytest.raises(ValueError, match="All words have the tag O"):
        TASK.labels([Sentence("a", ((0, 1),), ("O",), 0, "line 1")])
