"""Scores of tagging, by whole entities."""

import collections

from albert_tf.text.entities import entities


def entity_scores(expected, predicted):
    """Compares the entities of tag sequences, strictly.

    An entity is right when its kind, its first and its last word are.

    Args:
        expected: list of lists of str, the tags of each sentence.
        predicted: the same for predicted tags.

    Returns:
        dict: `precision`, `recall` and `f1` over all entities; `by_kind`, a
        dict of kind to a dict of the same three and `support`, the number of
        expected entities. 0 where nothing was expected or predicted.

    Raises:
        ValueError: a sentence has another number of tags.

    Source: conlleval.pl of the CoNLL-2000 task; seqeval.
    """
    right, wanted, found = (collections.Counter() for _ in range(3))
    for number, (tags, guesses) in enumerate(zip(expected, predicted)):
        if len(tags) != len(guesses):
            raise ValueError(
                f"Sentence {number} has {len(tags)} words and "
                f"{len(guesses)} predicted tags. Expected one for each."
            )
        gold, guessed = set(entities(tags)), set(entities(guesses))
        wanted.update(entity.kind for entity in gold)
        found.update(entity.kind for entity in guessed)
        right.update(entity.kind for entity in gold & guessed)
    if len(expected) != len(predicted):
        raise ValueError(
            f"Expected tags for each of {len(expected)} sentences. "
            f"Received: {len(predicted)}."
        )
    return {
        **_scores(right.total(), found.total(), wanted.total()),
        "by_kind": {
            kind: {
                **_scores(right[kind], found[kind], wanted[kind]),
                "support": wanted[kind],
            }
            for kind in sorted(wanted | found)
        },
    }


def _scores(right, found, wanted):
    return {
        "precision": right / found if found else 0.0,
        "recall": right / wanted if wanted else 0.0,
        "f1": 2 * right / (found + wanted) if found + wanted else 0.0,
    }
