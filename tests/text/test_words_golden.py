"""Words of plain texts, of the file that the Kotlin tests read too."""

import json
import pathlib
import unicodedata

import pytest

from albert_tf.text.words import split_words
from tests.golden import make_words as golden

PATH = pathlib.Path(__file__).parents[1] / "golden/words.json"
ROWS = json.loads(PATH.read_text(encoding="utf-8"))


def test_words_by_hand():
    found = [[r["text"][a:b] for a, b in r["words"]] for r in ROWS[:2]]
    assert found == [
        [
            *("U.S.-based", "Ann-Marie", "(", "of", "St", ".", "Ives", ")"),
            *("paid", "1,000.50", "in", "a_b-c's", "way", ".", ".", "."),
        ],
        ["-", "-", "a--b", "-", "-", "-", "a", "-", "b", "-", "c", "-"],
    ]


def test_marks_belong_to_what_they_follow():
    text = "हिन्दी भाषा। Jose\u0301 a!\u0301b it\u2764\ufe0f \u0301\u0301 x"
    found = [text[a:b] for a, b in split_words(text)]
    assert found == [
        *("हिन्दी", "भाषा", "।", "Jose\u0301", "a!\u0301b"),
        *("it", "\u2764\ufe0f", "\u0301\u0301", "x"),
    ]


@pytest.mark.skipif(
    unicodedata.unidata_version != "14.0.0",
    reason="the file is of Unicode 14.0, Python 3.11's",
)
def test_file_is_what_the_script_makes():
    assert json.loads(json.dumps(golden.rows())) == ROWS
