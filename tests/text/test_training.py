"""Training a vocabulary on lines of any length."""

import random

import sentencepiece

from albert_tf.text.training import train_sentencepiece
from tests.conftest import GOLDEN

TEXT = (GOLDEN / "small_corpus.txt").read_text(encoding="utf-8")
LIMIT = 4192


def _handed_over(monkeypatch, lines):
    """Returns the lines that the trainer is given."""
    found = []
    with monkeypatch.context() as patch:
        patch.setattr(
            sentencepiece.SentencePieceTrainer,
            "train",
            lambda sentence_iterator, **_: found.extend(sentence_iterator),
        )
        train_sentencepiece(lines, 100)
    return found


def _line(generator):
    """Returns words with characters of one to four bytes."""
    lengths = generator.choices([1, 5, 50, 3000], [30, 30, 5, 1], k=400)
    characters = "a\u0436\u6f22\U0001f600"
    return " ".join(
        "".join(generator.choices(characters, k=n)) for n in lengths
    )


def test_long_lines_are_cut_and_nothing_is_lost(monkeypatch):
    generator = random.Random(0)
    for _ in range(30):
        line = _line(generator)
        parts = _handed_over(monkeypatch, [line])
        assert all(0 < len(part.encode()) <= LIMIT for part in parts)
        assert "".join(parts).replace(" ", "") == line.replace(" ", "")
        # Only a word that is longer than a part is cut.
        short = {w for w in line.split() if len(w.encode()) < LIMIT}
        assert short <= set(" ".join(parts).split())


def test_lines_within_the_limit_stay(monkeypatch):
    lines = ["a" * LIMIT, "\u0436" * (LIMIT // 2), "a b", "a " * 2000 + "b"]
    assert _handed_over(monkeypatch, lines) == lines


def test_texts_of_one_long_line_make_a_vocabulary():
    whole = " ".join(TEXT.split())
    assert len(whole) > LIMIT
    model = train_sentencepiece([whole, "a" * 9000, "\u0436 " * 9000], 120)
    for piece in ("\u2581the", "\u2581\u0436"):
        assert piece.encode() in model
