"""Writes `words.json`, which pytest and the Kotlin tests read.

    python -m tests.golden.make_words

A list of objects: `text`, and `words`, the half-open spans of its words in
Unicode code points, as the regular expression of `albert_tf/text/words.py`
finds them. Beside texts that people write, characters from all over Unicode
14.0, every kind of them next to every other.
"""

import json
import pathlib
import random
import sys
import unicodedata

from albert_tf.text.words import split_words
from tests.golden import tokenization_texts

JSON_PATH = pathlib.Path(__file__).parent / "words.json"
OF_OUR_OWN = [
    "U.S.-based Ann-Marie (of St. Ives) paid 1,000.50 in a_b-c's way...",
    "--a--b-- -a-\tb -\n c-",
    "caf\u00e9 cafe\u0301 na\u00efve \u00bd\u00b2\u2163 \U0001d400\U0001d401",
    "\U0001f600\U0001f600 a\U0001f600b \u200bx\u200by \u00a0z\u2003.",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e\u0964",
    "it\u2764\ufe0f 1\ufe0f\u20e3! \u0301a \u0301\u0301 a!\u0301b !\u0301.",
]


def texts():
    """Returns the texts, the random ones the same on every run."""
    by_category = {}
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category not in ("Cs", "Cn"):
            by_category.setdefault(category, []).append(chr(code))
    generator = random.Random(14)
    made = []
    for _ in range(120):
        kinds = generator.choices(sorted(by_category), k=24)
        made.append(
            "".join(
                generator.choice([generator.choice(by_category[kind]), *"a. "])
                for kind in kinds
            )
        )
    return [*OF_OUR_OWN, *tokenization_texts.TEXTS, *made]


def rows():
    """Returns the list that the file holds."""
    return [{"text": text, "words": split_words(text)} for text in texts()]


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(row) for row in rows())
    JSON_PATH.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{JSON_PATH}: {JSON_PATH.stat().st_size} bytes")
