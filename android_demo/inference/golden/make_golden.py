"""Writes what Python's runner answers, for the Kotlin tests to equal.

    python -m android_demo.inference.golden.make_golden

`intents.json`, a list of objects, one a text, for the model that the app
ships, `android_demo/assets/model.tflite`: `text`, or `text` and `pair`;
`token_ids`, `label`, `logits` rounded to 1e-6, and `is_truncated`.
"""

import csv
import json
import pathlib

from albert_tf.edge import Classifier

HERE = pathlib.Path(__file__).parent
CHECKOUT = HERE.parents[2]
SHIPPED = CHECKOUT / "android_demo/assets/model.tflite"
TEXTS = CHECKOUT / "examples/home_intents/test.tsv"
# What people type, or paste, and no test file holds.
ODD_TEXTS = [
    "a",
    "?",
    "\U0001f600\U0001f4a1\U0001f600",
    "\u05db\u05d1\u05d4 \u05d0\u05ea \u05d4\u05d0\u05d5\u05e8",
    "\u0634\u063a\u0644 \u0627\u0644\u0645\u0648\u0633\u064a\u0642\u0649",
    "\u202eturn the lamp off\u202c",
    "TURN\tTHE\nLAMP   OFF",
    "Zoe\u0308's caf\u00e9 \ufb01nally opens at 9,30",
    "\u6253\u5f00\u706f",
    "\x00\x07bell",
    "set a timer for ten minutes " * 60,
]
PAIRS = [
    ("turn the lamp off", "and the heating on"),
    ("play some jazz " * 90, "louder"),
    ("it is cold", "is it going to rain " * 90),
]


def intents():
    """Returns the list that `intents.json` holds."""
    classifier = Classifier(SHIPPED)
    with open(TEXTS, encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t")]
    given = [(text, None) for text in [*texts, *ODD_TEXTS]]
    return [intent(classifier, *each) for each in [*given, *PAIRS]]


def intent(classifier, text, pair):
    answer = classifier.classify(text, pair)
    (token_ids, _), is_truncated = classifier.pack(text, pair)
    return {
        "text": text,
        **({} if pair is None else {"pair": pair}),
        "token_ids": token_ids,
        "label": answer.label,
        "logits": [round(logit, 6) for logit in answer.logits],
        "is_truncated": is_truncated,
    }


def write(name, rows):
    path = HERE / name
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{path}: {len(rows)} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    write("intents.json", intents())
