"""Writes `tokenization_small.json`, which pytest and the Kotlin tests read.

    python -m tests.golden.make_tokenization_small

A list of objects, one a text, under `small.spiece.model`, lower-cased,
accents dropped:

- `text`: may hold a lone surrogate, written as an escape.
- `normalized`, `pieces`, `ids`: from google-research/albert's rules, applied
  with sentencepiece alone (`tests/reference/tokenization.py`). A lone
  surrogate counts as U+FFFD, since it has no UTF-8 form.
- `offsets`: from albert_tf.text, whose offsets `tests/text/test_offsets.py`
  proves. Half-open, in Unicode characters (code points) of `text`: two UTF-16
  units for a character above U+FFFF.
"""

import json
import pathlib
import re

import sentencepiece

from albert_tf.text.tokenizer import AlbertTokenizer
from tests.golden.tokenization_texts import TEXTS
from tests.reference import tokenization as reference

HERE = pathlib.Path(__file__).parent
MODEL_PATH = HERE / "small.spiece.model"
JSON_PATH = HERE / "tokenization_small.json"
CORPUS_PATH = HERE / "small_corpus.txt"


def rows():
    """Returns the list that the file holds."""
    model = sentencepiece.SentencePieceProcessor(model_file=str(MODEL_PATH))
    tokenizer = AlbertTokenizer(MODEL_PATH)
    corpus = CORPUS_PATH.read_text(encoding="utf-8").splitlines()
    return [row(model, tokenizer, text) for text in [*TEXTS, *corpus]]


def row(model, tokenizer, text):
    normalized = reference.preprocess_text(
        re.sub("[\ud800-\udfff]", "\ufffd", text), lower=True
    )
    pieces = reference.encode_pieces(model, normalized)
    return {
        "text": text,
        "normalized": normalized,
        "pieces": pieces,
        "ids": reference.encode_ids(model, pieces),
        "offsets": tokenizer.encode(text).offsets,
    }


def write():
    lines = ",\n".join(json.dumps(each) for each in rows())
    JSON_PATH.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write()
    print(f"{JSON_PATH}: {JSON_PATH.stat().st_size} bytes")
