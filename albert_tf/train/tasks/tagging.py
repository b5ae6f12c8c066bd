"""A tag for every word, such as names of people and places."""

from __future__ import annotations

import collections
import itertools

import numpy as np

from albert_tf.data.conll import read_conll, read_plain, read_plain_file
from albert_tf.data.labels import unknown_label
from albert_tf.data.rows import IGNORED, Rows
from albert_tf.metrics.entities import entity_scores
from albert_tf.text.entities import OUTSIDE, entities
from albert_tf.text.words import pack_words
from albert_tf.train.tasks.formats import as_json_lines
from albert_tf.train.tasks.option import Option
from albert_tf.train.tasks.task import Task

TOKEN_COLUMN = Option("token_column", 0, "index of the words' column", int, "N")
TAG_COLUMN = Option(
    "tag_column", -1, "index of the tags' column, -1 the last", int, "N"
)
PLAIN_TEXT = Option(
    "plain_text", False, "the input is a text a line, not columns", bool
)


class TaggingTask(Task):
    """Finds entities in the words of CoNLL's columns, in BIO or IO tags.

    The first piece of a word carries its tag; the others have none. Long
    sentences are read in overlapping windows, none is cut.
    """

    name = "tagging"
    summary = "names and the like in CoNLL columns"
    model_class = "AlbertForTokenClassification"
    metric = "f1"
    metrics = ("f1", "precision", "recall", "word_accuracy")
    options = (TOKEN_COLUMN, TAG_COLUMN, PLAIN_TEXT)

    def __init__(self):
        self.formats = {"jsonl": as_json_lines, "conll": as_conll}

    def read(self, path, split, settings, bad_rows, *, has_labels=True):
        if settings["plain_text"] and not has_labels:
            return read_plain_file(path, bad_rows)
        return read_conll(
            path,
            bad_rows,
            token_column=settings["token_column"],
            tag_column=settings["tag_column"] if has_labels else None,
        )

    def read_lines(self, lines):
        return read_plain(lines)

    def labels(self, examples):
        tags = {tag for example in examples for tag in example.tags}
        if len(tags) < 2:
            raise ValueError(
                f"All words have the tag {', '.join(tags)}. Expected two or "
                "more. Check --tag-column."
            )
        begun = {tag[2:] for tag in tags if tag.startswith("B-")}
        # An entity of one word in training may have two elsewhere.
        tags |= {f"I-{kind}" for kind in begun} | {OUTSIDE}
        return sorted(tags, key=lambda tag: (tag != OUTSIDE, tag))

    def check(self, examples, labels, bad_rows):
        kept = []
        for example in examples:
            unknown = sorted(set(example.tags) - set(labels))
            if unknown:
                problem = unknown_label(unknown[0], labels)
                bad_rows.add(example.place, problem)
            else:
                kept.append(example)
        bad_rows.finish()
        return kept

    def label_counts(self, examples):
        return collections.Counter(t for e in examples for t in e.tags)

    def describe(self, examples):
        num_words = sum(len(example.words) for example in examples)
        count = sum(len(entities(example.tags)) for example in examples)
        return f"{len(examples)} sentences, {num_words} words, {count} entities"

    def texts(self, examples):
        return [example.text for example in examples]

    def encode(
        self, examples, tokenizer, *, labels, max_length, settings, is_training
    ):
        # All words at once: the tokenizer is fastest so.
        words = [e.text[start:end] for e in examples for start, end in e.words]
        ids = iter(tokenizer.encode_ids(words))
        index_of = {label: i for i, label in enumerate(labels or ())}
        has_tags = all(example.tags is not None for example in examples)
        inputs, targets, details = [], [], []
        for number, example in enumerate(examples):
            pieces = list(itertools.islice(ids, len(example.words)))
            for row in pack_words(
                pieces,
                cls_id=tokenizer.cls_id,
                sep_id=tokenizer.sep_id,
                max_length=max_length,
            ):
                inputs.append((row.token_ids, [0] * len(row.token_ids)))
                details.append((number, row))
                if has_tags:
                    targets.append(_target(row, example.tags, index_of))
        return Rows(inputs, targets if has_tags else None, details)

    def loss(self, class_weights=None, label_smoothing=0.0):
        from albert_tf.train.losses import LabelLoss

        return LabelLoss(class_weights, label_smoothing)

    def predictions(self, examples, rows, outputs, *, labels, settings):
        # A word that no row answers for is no entity.
        tags = [[OUTSIDE] * len(e.words) for e in examples]
        chances = [[1.0] * len(e.words) for e in examples]
        for (number, row), output in zip(rows.details, outputs):
            probabilities = _softmax(np.asarray(output, np.float64))
            for word, place in zip(row.words, row.places):
                best = int(probabilities[place].argmax())
                tags[number][word] = labels[best]
                chances[number][word] = float(probabilities[place, best])
        return [
            _prediction(example, tags[number], chances[number])
            for number, example in enumerate(examples)
        ]

    def scores(self, examples, predictions, *, labels, settings):
        expected = [list(example.tags) for example in examples]
        predicted = [prediction["tags"] for prediction in predictions]
        scores = entity_scores(expected, predicted)
        pairs = [
            pair
            for tags, guesses in zip(expected, predicted)
            for pair in zip(tags, guesses)
        ]
        scores["word_accuracy"] = sum(a == b for a, b in pairs) / len(pairs)
        return scores

    def report(self, scores):
        by_kind = scores["by_kind"]
        width = max(map(len, by_kind), default=0)
        return [
            f"{kind:{width}}  precision {row['precision']:.4f}  recall "
            f"{row['recall']:.4f}  F1 {row['f1']:.4f}  of {row['support']}"
            for kind, row in by_kind.items()
        ]


def as_conll(predictions):
    """Returns a word and its tag a line, a blank line after each sentence."""
    return "".join(
        "".join(f"{w}\t{t}\n" for w, t in zip(row["words"], row["tags"])) + "\n"
        for row in predictions
    )


def _target(row, tags, index_of):
    target = [IGNORED] * len(row.token_ids)
    for word, place in zip(row.words, row.places):
        target[place] = index_of[tags[word]]
    return target


def _prediction(example, tags, chances):
    found = []
    for entity in entities(tags):
        start = example.words[entity.start][0]
        end = example.words[entity.end - 1][1]
        found.append(
            {
                "text": example.text[start:end],
                "kind": entity.kind,
                "start": start,
                "end": end,
                # As sure as of its least sure word.
                "probability": min(chances[entity.start : entity.end]),
            }
        )
    return {
        "text": example.text,
        "entities": found,
        "words": [example.text[start:end] for start, end in example.words],
        "tags": tags,
    }


def _softmax(logits):
    exponentials = np.exp(logits - logits.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)
