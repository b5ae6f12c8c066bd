"""Writes texts that nobody chose, and what the reference makes of them.

    python -m android_demo.tokenizer.fuzz.make_fuzz --model spiece.model \\
      --text enwiki-docs.jsonl.gz

`FuzzTest` of the Kotlin tokenizer reads the file and holds itself against it:
JSON lines, the first of which names the model. Normalized text, pieces and
ids are those of google-research/albert's rules under the real sentencepiece;
the offsets, in characters, and the decoded ids those of `albert_tf.text`.

A fifth of the texts is encoded cased, with accents kept, or both: of keeping
accents the reference knows nothing, and it means that the decomposition and
the removal of marks are left out.

Unicode grows, and each Python knows the version of its year. The Kotlin code
has the tables of Python 3.11, so only that one may write the expected values.
"""

import argparse
import gzip
import itertools
import json
import random
import re
import sys
import unicodedata
from pathlib import Path

import sentencepiece

from albert_tf.text.tokenizer import AlbertTokenizer
from android_demo.tokenizer.unicode.make_unicode_data import UNICODE_VERSION
from tests.reference import tokenization as reference
from tests.text.random_text import RandomText

CHECKOUT = Path(__file__).parents[3]
SMALL_MODEL = CHECKOUT / "tests/golden/small.spiece.model"
OUTPUT = CHECKOUT / "android_demo/tokenizer/target/fuzz.jsonl.gz"
SURROGATE = re.compile("[\ud800-\udfff]")
EMOJI = [
    *"\U0001f600\U0001f44d\U0001f1e9\U0001f1ea\u2764\u263a",
    "\U0001f44d\U0001f3fd",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2764\ufe0f",
    "1\ufe0f\u20e3",
    "#\u20e3",
    " ",
]
SYMBOLS = ["(", ")", '"', "-", ".", "\u2013", "\u00a3", "\u20ac", "a", " ", "1"]
NUMBERS = ["1", "23", "1999", "0", "\u0663", "\u00bd", "\uff15", "\u1369", "a"]
COMMAS = [
    ",",
    ",",
    ",",
    ", ",
    ",,",
    "\uff0c",
    "\u060c",
    " ,",
    "\x01,",
    "\u0301,",
]


def main():
    options = _parser().parse_args()
    if unicodedata.unidata_version != UNICODE_VERSION:
        sys.exit(
            f"The Kotlin tables are those of Unicode {UNICODE_VERSION}. This "
            f"Python has {unicodedata.unidata_version}. Use Python 3.11."
        )
    options.output.parent.mkdir(parents=True, exist_ok=True)
    expected = Expected(options.model)
    rng = random.Random(options.seed)
    texts = itertools.chain(
        random_texts(rng, expected.vocabulary(), options.random),
        every_character(rng),
        lines(options.text, options.lines),
        long_texts(rng),
    )
    # Quick to write, and a tenth of the size.
    with gzip.open(options.output, "wt", compresslevel=1) as file:
        print(json.dumps({"model": str(options.model.resolve())}), file=file)
        count = 0
        for text in texts:
            count += 1
            row = expected(joined_surrogates(text), *options_for(rng))
            print(json.dumps(row), file=file)
    print(f"{options.output}: {count} texts")


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m android_demo.tokenizer.fuzz.make_fuzz",
        description="Writes random texts and their expected tokens.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--model", type=Path, default=SMALL_MODEL)
    parser.add_argument(
        "--text", type=Path, help="JSON lines with a `text`, gzipped"
    )
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--random", type=int, default=80_000)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser


class Expected:
    """What the tokenizer must make of a text.

    Args:
        model: path of a SentencePiece model.
    """

    def __init__(self, model):
        self._model = sentencepiece.SentencePieceProcessor(
            model_file=str(model)
        )
        self._tokenizers = {
            key: AlbertTokenizer(model, *key)
            for key in itertools.product((True, False), repeat=2)
        }

    def __call__(self, text, do_lower_case, keep_accents):
        tokenizer = self._tokenizers[do_lower_case, keep_accents]
        clean = SURROGATE.sub("\ufffd", text)
        if keep_accents:
            normalized = " ".join(clean.split())
            normalized = normalized.lower() if do_lower_case else normalized
        else:
            normalized = reference.preprocess_text(clean, lower=do_lower_case)
        pieces = reference.encode_pieces(self._model, normalized)
        ids = reference.encode_ids(self._model, pieces)
        return {
            "text": text,
            "do_lower_case": do_lower_case,
            "keep_accents": keep_accents,
            "normalized": normalized,
            "pieces": pieces,
            "ids": ids,
            "offsets": tokenizer.encode(text).offsets,
            "decoded": tokenizer.decode(ids),
        }

    def vocabulary(self):
        """Returns the pieces that are no special ones."""
        count = self._model.get_piece_size()
        return [self._model.id_to_piece(i) for i in range(5, count)]


def options_for(rng):
    """Returns (do_lower_case, keep_accents), mostly as published models."""
    if rng.random() < 0.8:
        return True, False
    return rng.choice([(True, True), (False, False), (False, True)])


def random_texts(rng, vocabulary, count):
    """Yields random texts of many kinds."""
    make_text = RandomText(rng, vocabulary)
    for _ in range(count):
        text = make_text()
        kind = rng.randrange(8)
        if kind < 3:
            parts = (EMOJI, SYMBOLS, NUMBERS)[kind]
            text += "".join(rng.choices(parts, k=rng.randint(1, 9)))
        if kind in (2, 3):
            pairs = rng.randint(1, 6)
            text += "".join(
                rng.choice(NUMBERS) + rng.choice(COMMAS) for _ in range(pairs)
            )
        yield text


def every_character(rng, width=32):
    """Yields texts that hold all characters in several surroundings.

    Of private, unassigned and ideographic ones, of which one is as good as
    another, every twentieth.
    """
    characters = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.decomposition(character)
        or unicodedata.category(character) not in ("Cn", "Co", "Cs", "Lo")
        or rng.random() < 0.05
    ]
    for start in range(0, len(characters), width):
        row = characters[start : start + width]
        yield " ".join(f"{c} a{c}5{c}," for c in row)
        yield "".join(row)


def lines(path, count):
    """Yields lines of real text."""
    if path is None:
        return
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found = (
            line for row in file for line in json.loads(row)["text"].split("\n")
        )
        yield from itertools.islice(found, count)


def long_texts(rng):
    """Yields texts whose sum of scores outgrows 32 bits."""
    yield "a" * 100_000
    yield "1," * 40_000
    yield "\u00bd " * 20_000
    yield "\U0001f600" * 20_000
    yield "".join(rng.choices("abc dez,.1(", k=100_000))
    yield "".join(chr(rng.randrange(0x3000)) for _ in range(50_000))


def joined_surrogates(text):
    """Makes a character of two halves, as writing and reading JSON would."""
    return text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "surrogatepass"
    )


if __name__ == "__main__":
    main()
