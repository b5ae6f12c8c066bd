"""The original characters at a piece's span, normalized, are that piece."""

import pytest
import sentencepiece

from albert_tf.text.tokenizer import AlbertTokenizer


class OffsetProof:
    """Holds the offsets of a tokenizer against the text they point to."""

    def __init__(self, model):
        self.tokenizer = AlbertTokenizer(model)
        self.processor = sentencepiece.SentencePieceProcessor(
            model_file=str(model)
        )

    def __call__(self, text):
        encoding = self.tokenizer.encode(text)
        spans = encoding.offsets
        assert all(0 <= begin <= end <= len(text) for begin, end in spans)
        for (begin, end), (next_begin, next_end) in zip(spans, spans[1:]):
            assert begin <= next_begin and end <= next_end, ascii(text)
        for pieces, (begin, end) in joined(encoding.pieces, spans):
            assert self.surface(text[begin:end]) == _folded(pieces), (
                f"{ascii(text)} {ascii(pieces)} at {begin}:{end}"
            )

    def surface(self, original):
        normalized = self.tokenizer.normalize(original)
        return _folded(self.processor.normalize(normalized))


def joined(pieces, spans):
    """Joins pieces that share a character, such as the 1 ⁄ 2 of one ½."""
    groups = []
    for piece, (begin, end) in zip(pieces, spans):
        if groups and begin < groups[-1][1][1]:
            before, (first, last) = groups.pop()
            groups.append((before + piece, (first, max(last, end))))
        else:
            groups.append((piece, (begin, end)))
    return groups


def _folded(text):
    # Whether a sigma is final depends on more than the piece.
    return text.replace("\u2581", "").replace("ς", "σ")


@pytest.fixture(scope="module")
def small_proof(small_model):
    return OffsetProof(small_model)


def test_every_golden_line(golden):
    proof = OffsetProof(golden[0])
    for row in golden[1]:
        proof(row["text"])


def test_offsets_are_of_the_original(small_tokenizer):
    text = "  The  CAFÉ\tis (ﬁne)"
    encoding = small_tokenizer.encode(text)
    words = [text[begin:end] for begin, end in encoding.offsets]
    assert "".join(words) == "TheCAFÉis(ﬁﬁne)"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a 5, b", [(0, 1), (2, 3), (3, 4), (5, 6)]),
        # The model's table drops the control character: it goes to the part
        # that follows, or to the last.
        ("2\x01,", [(0, 1), (1, 3)]),
        ("2,\x01", [(0, 1), (1, 3)]),
        ("\u00bd", [(0, 1), (0, 1), (0, 1)]),
        # A dropped mark is counted to the character it stood on.
        ("a\u0301 a", [(0, 2), (3, 4)]),
        ("\u0301a", [(1, 2)]),
        ("\U0001f600 a", [(0, 0), (0, 1), (2, 3)]),
    ],
)
def test_cases(small_tokenizer, small_proof, text, expected):
    assert small_tokenizer.encode(text).offsets == expected
    small_proof(text)


def test_white_space_alone_has_an_empty_span(small_tokenizer):
    encoding = small_tokenizer.encode("a  (")
    assert encoding.pieces == ["\u2581a", "\u2581", "("]
    assert encoding.offsets == [(0, 1), (3, 3), (3, 4)]


def test_spaces_inside_one_character(small_tokenizer, small_proof):
    encoding = small_tokenizer.encode("\ufdfa")
    assert encoding.pieces.count("\u2581") == 4
    assert encoding.offsets == [(0, 0)] + [(0, 1)] * 7
    small_proof("\ufdfa")


def test_keep_accents_keeps_offsets(small_model):
    tokenizer = AlbertTokenizer(small_model, keep_accents=True)
    for text in ("CAFÉ \u0130\u0130 x", "e\u0301, 12,", "\uff11\uff0c"):
        for pieces, (begin, end) in joined(
            tokenizer.encode(text).pieces, tokenizer.encode(text).offsets
        ):
            surface = tokenizer.normalize(text[begin:end])
            surface = tokenizer._processor.normalize(surface)
            assert _folded(surface) == _folded(pieces)
