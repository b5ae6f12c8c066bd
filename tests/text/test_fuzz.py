"""Random text: equal to google-research/albert's rules, offsets proven."""

import random
import re
import unicodedata

import pytest
import sentencepiece

from albert_tf.text.tokenizer import AlbertTokenizer
from tests.reference import tokenization as reference
from tests.text.random_text import RandomText
from tests.text.test_offsets import OffsetProof


class Comparison:
    """Holds every way to encode a text against the reference."""

    def __init__(self, model):
        self.model = sentencepiece.SentencePieceProcessor(model_file=str(model))
        self.tokenizer = AlbertTokenizer(model)
        self.proof = OffsetProof(model)

    def __call__(self, text):
        clean = re.sub("[\ud800-\udfff]", "\ufffd", text)
        normalized = reference.preprocess_text(clean, lower=True)
        pieces = reference.encode_pieces(self.model, normalized)
        ids = reference.encode_ids(self.model, pieces)
        encoding = self.tokenizer.encode(text)
        assert self.tokenizer.normalize(text) == normalized, ascii(text)
        assert self.tokenizer.tokenize(text) == pieces, ascii(text)
        assert encoding.pieces == pieces, ascii(text)
        assert encoding.ids == ids, ascii(text)
        assert self.tokenizer.encode_ids([text]) == [ids], ascii(text)
        self.proof(text)

    def vocabulary(self):
        count = self.model.get_piece_size()
        return [self.model.id_to_piece(i) for i in range(5, count)]


@pytest.fixture(scope="module", params=["small", "albert"])
def comparison(request):
    return Comparison(request.getfixturevalue(f"{request.param}_model"))


@pytest.mark.parametrize(
    "num_texts",
    [600, pytest.param(20_000, marks=pytest.mark.slow)],
)
def test_random_text(comparison, num_texts):
    make_text = RandomText(random.Random(num_texts), comparison.vocabulary())
    for _ in range(num_texts):
        comparison(make_text())


def _rows_of_characters(characters, width=32):
    """Yields texts that hold each character in several surroundings."""
    for start in range(0, len(characters), width):
        row = characters[start : start + width]
        yield " ".join(f"{c} a{c}5{c}," for c in row)


def _is_worth_trying(character):
    category = unicodedata.category(character)
    has_rule = bool(unicodedata.decomposition(character))
    return has_rule or category not in ("Cn", "Co", "Cs", "Lo")


def test_every_character(comparison):
    """Up to U+33FF; the slow test takes the rest."""
    for text in _rows_of_characters([chr(code) for code in range(0x3400)]):
        comparison(text)


@pytest.mark.slow
def test_every_character_of_unicode(comparison):
    characters = filter(_is_worth_trying, map(chr, range(0x3400, 0x110000)))
    for text in _rows_of_characters(list(characters)):
        comparison(text)


def test_pairs_of_digits_and_commas(comparison):
    alphabet = "5,\u0663\u00bd -a\u0301\x01"
    for first in alphabet:
        for second in alphabet:
            for third in alphabet:
                comparison(f"{first}{second}{third},")
                comparison(f"1{first}{second},{third}")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "1," * 20_000,
        " ".join("word" * 20_000),
        "\u0301" * 20_000,
    ],
)
def test_huge(comparison, text):
    comparison(text)


def test_lower_casing_keeps_the_length_but_for_one_letter():
    """What `normalize_with_alignment` rests on."""
    changed = [c for c in map(chr, range(0x110000)) if len(c.lower()) != 1]
    assert changed == ["\u0130"]


def test_the_space_alone_is_white_and_printable():
    """What `normalize` rests on where it skips the collapsing."""
    printable = filter(str.isprintable, map(chr, range(0x110000)))
    assert [c for c in printable if c.isspace() or "\ud7ff" < c < "\ue000"] == [
        " "
    ]
