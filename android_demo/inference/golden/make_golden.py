"""Writes what Python's runner answers, for the Kotlin tests to equal.

    python -m android_demo.inference.golden.make_golden

Lists of objects, one a text. Characters are Unicode code points: two UTF-16
units above U+FFFF.

- `intents.json`, of the model that the app ships, and `classes.json`, of
  `classifier.tflite`: `text`, or `text` and `pair`; `num_tokens`, `label`,
  `logits` rounded to 1e-6, `is_truncated`.
- `scores.json`, of `regressor.tflite`: as `classes.json`, with `score` in
  place of label and logits.
- `choices.json`, of `chooser.tflite`: `context`, `question`, `choices`,
  `index`, `probabilities`, `logits`, `is_truncated`.
- `tags.json`, of `tagger.tflite`: `text`, `num_tokens`, `words` and
  `entities`, each a list of start, end, label, probability.
- `answers.json`, of `answerer.tflite`: `question`, `context`, `answer` (start
  and end, or null), `candidates` (start, end, score, probability),
  `null_probability`, `null_odds`, `num_windows`, `num_cut_tokens`.
"""

import csv
import json
import pathlib

from albert_tf.edge import Answerer, Chooser, Classifier, Regressor, Tagger

HERE = pathlib.Path(__file__).parent
CHECKOUT = HERE.parents[2]
SHIPPED = CHECKOUT / "android_demo/assets/classification.tflite"
INTENTS = CHECKOUT / "examples/home_intents/test.tsv"
# What people type, or paste, and no test file holds.
ODD_TEXTS = [
    "a",
    "?",
    "\U0001f600\U0001f4a1\U0001f600",
    "\u05db\u05d1\u05d4 \u05d0\u05ea \u05d4\u05d0\u05d5\u05e8",
    "\u0634\u063a\u0644 \u0627\u0644\u0645\u0648\u0633\u064a\u0642\u0649",
    "\u202eturn the lamp off\u202c",
    "TURN\tTHE\nLAMP   OFF",
    "Zoe\u0308's caf\u00e9 \ufb01nally opens at 9,30 (or 10), doesn't it?",
    "\u6253\u5f00\u706f. U.S.-based\u2026 \u00bd\u00b2 na\u00efve_name \u00aa",
    "\x00\x07bell \u200b\u0301 \U0001d400\U0001d401 Ann-Marie of St. Ives.",
    "Anna paid Bob 1,000 in Paris, Texas. " * 20,
]
PAIRS = [
    ("turn the lamp off", "and the heating on"),
    ("play some jazz " * 90, "louder"),
    ("it is cold", "is it going to rain " * 90),
]
QUESTIONS = [
    "When does the ferry leave?",
    "Who?",
    "What did Zoe\u0308 pay for the \ufb01rst \ufb02at, and why, and to whom, "
    "and was it too much?",
    "\U0001f600",
]
CONTEXTS = [
    "The ferry leaves the north pier at nine. On Sundays the ferry leaves "
    "at ten, and it comes back at nine in the evening.",
    "Ann.",
    "  Zoe\u0308 paid  1,000, then\u00a02,500 in the o\ufb03ce; "
    "Zo\u00eb paid again\ton the 5th. \u0130t was \u201call\u201d\u2026",
    "\U0001f600 \U0001d400bc \ufdfa 2\u00bd \uff12\uff10 (no), (no). "
    "\u65e5\u672c e\u0301t\u00e9 \u200bnil\u200b \U0001f600",
    "\u05db\u05d1\u05d4 \u05d0\u05ea \u05d4\u05d0\u05d5\u05e8 lamp off",
    "The key is outside. " * 30,
]
# Gaps, none, one of several, none of either text; what is cut, and where.
CHOICES = [
    ("It rained all day. We took", "", ["a tent", "umbrellas", "\U0001f600"]),
    (CONTEXTS[0], "When does the ferry leave?", ["at nine", "at ten", "never"]),
    (CONTEXTS[0], "On _ the ferry leaves at ___.", ["Sundays", "9,30 (or 10)"]),
    (CONTEXTS[1], "__ was _late", ["\\1 $0 ${x} Ann", "Bob"]),
    ("", "Zoe\u0308 is a _", ["caf\u00e9", "\ufb02at", "2\u00bd"]),
    (" \u0085\t", "Who?", ["Ann", "Bob"]),
    (
        CONTEXTS[5],
        "Where is the key?",
        ["outside", "\u0301", "in the o\ufb03ce"],
    ),
    (CONTEXTS[2], QUESTIONS[2], ["1,000", "2,500", "all of it, and more " * 9]),
    ("Ann. " * 40, "", ["\u05db\u05d1\u05d4 \u05d0\u05ea", "lamp " * 90]),
    (CONTEXTS[3], "\U0001f600 _ \U0001d400", ["\ufdfa", "\u65e5\u672c", "_"]),
]


def classification(classifier, text, pair=None):
    answer = classifier.classify(text, pair)
    return {
        "text": text,
        **({} if pair is None else {"pair": pair}),
        "num_tokens": answer.num_tokens,
        "label": answer.label,
        "logits": [round(logit, 6) for logit in answer.logits],
        "is_truncated": answer.is_truncated,
    }


def score(regressor, text, pair=None):
    answer = regressor.score(text, pair)
    return {
        "text": text,
        **({} if pair is None else {"pair": pair}),
        "num_tokens": answer.num_tokens,
        "score": round(answer.score, 6),
        "is_truncated": answer.is_truncated,
    }


def choice(chooser, context, question, choices):
    answer = chooser.choose(context, choices, question)
    return {
        "context": context,
        "question": question,
        "choices": choices,
        "index": answer.index,
        "probabilities": [round(each, 6) for each in answer.probabilities],
        "logits": [round(each, 6) for each in answer.logits],
        "is_truncated": answer.is_truncated,
    }


def tagging(tagger, text):
    answer = tagger.tag(text)
    return {
        "text": text,
        "num_tokens": answer.num_tokens,
        "words": [as_list(tag) for tag in answer.words],
        "entities": [as_list(tag) for tag in answer.entities],
    }


def as_list(tag):
    return [tag.start, tag.end, tag.label, round(tag.probability, 6)]


def reply(answerer, question, context):
    answer = answerer.answer(question, context)
    best = answer.answer
    return {
        "question": question,
        "context": context,
        "answer": None if best is None else [best.start, best.end],
        "candidates": [
            [c.start, c.end, round(c.score, 6), round(c.probability, 6)]
            for c in answer.candidates
        ],
        "null_probability": round(answer.null_probability, 6),
        "null_odds": answer.null_odds and round(answer.null_odds, 6),
        "num_windows": answer.num_windows,
        "num_cut_tokens": answer.num_cut_tokens,
    }


def intent_texts():
    with open(INTENTS, encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter="\t")]


def with_pairs(answer, runner, texts):
    """Returns `answer(runner, text)` of texts, and that of pairs of texts."""
    singles = [answer(runner, text) for text in texts]
    return singles + [answer(runner, *pair) for pair in PAIRS]


def write(path, rows):
    """Writes a list of objects, one a line."""
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{path}: {len(rows)} rows, {path.stat().st_size} bytes")


def main():
    intents = intent_texts()
    shipped = Classifier(SHIPPED, self_test=True)
    classifier = Classifier(HERE / "classifier.tflite", self_test=True)
    regressor = Regressor(HERE / "regressor.tflite", self_test=True)
    tagger = Tagger(HERE / "tagger.tflite", self_test=True)
    answerer = Answerer(HERE / "answerer.tflite", self_test=True)
    chooser = Chooser(HERE / "chooser.tflite", self_test=True)
    texts = [*intents[:40], *ODD_TEXTS]
    write(
        HERE / "intents.json",
        with_pairs(classification, shipped, [*intents, *ODD_TEXTS]),
    )
    write(HERE / "classes.json", with_pairs(classification, classifier, texts))
    write(HERE / "scores.json", with_pairs(score, regressor, texts))
    write(HERE / "choices.json", [choice(chooser, *each) for each in CHOICES])
    write(HERE / "tags.json", [tagging(tagger, text) for text in texts])
    write(
        HERE / "answers.json",
        [reply(answerer, q, c) for q in QUESTIONS for c in CONTEXTS],
    )


if __name__ == "__main__":
    main()
