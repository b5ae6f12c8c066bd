"""Characters to tokens and back, in texts where the two disagree."""

import pytest

from albert_tf.text.context import Context
from albert_tf.text.tokenizer import AlbertTokenizer
from tests.examples import run_example

# Text, answer, how often it stands there.
TEXTS = [
    ("The cat saw the cat and the cat slept.", "cat", 3),
    ("  two   spaces\there \u00a0 end ", "spaces", 1),
    ("Zoe\u0308 met Jose\u0301 at the cafe\u0301.", "Jose\u0301", 1),
    ("\u00c5ngstr\u00f6m and \u00c9mile wrote it.", "\u00c9mile", 1),
    ("It cost 1,000, or 2,500, in 1990,", "2,500", 1),
    ("They \ufb01nd \ufb02our in the o\ufb03ce.", "o\ufb03ce", 1),
    ("A \ufdfa B", "\ufdfa", 1),
    ("\u0130stanbul is \uff12\uff10\uff11\uff10 large.", "\u0130stanbul", 1),
    ("Emoji \U0001f600 then \U0001d400bc.", "\U0001f600", 1),
    ('He said "(no)" twice: "(no)".', "no", 2),
    ("lone \ud800 surrogate here", "here", 1),
]


@pytest.fixture(params=["small", "albert"])
def tokenizer(request):
    return AlbertTokenizer(request.getfixturevalue(f"{request.param}_model"))


def occurrences(text, part):
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


@pytest.mark.parametrize("text, answer, count", TEXTS)
def test_every_occurrence_comes_back(tokenizer, text, answer, count):
    context = Context(tokenizer, text)
    starts = list(occurrences(text, answer))
    assert len(starts) == count
    for start in starts:
        span = start, start + len(answer)
        assert context.characters(*context.tokens(*span)) == span


@pytest.mark.parametrize("text", [text for text, _, _ in TEXTS])
def test_every_pair_of_tokens_is_a_place_of_its_own(tokenizer, text):
    context = Context(tokenizer, text)
    spans = {}
    for first in range(len(context)):
        for last in range(first, len(context)):
            if context.can_start[first] and context.can_end[last]:
                spans[first, last] = context.characters(first, last)
    assert len(set(spans.values())) == len(spans) > 0
    for tokens, (start, end) in spans.items():
        assert context.tokens(start, end) == tokens
        assert text[start:end] == text[start:end].strip() != ""


def test_part_of_a_token_takes_the_whole_token(albert_model):
    context = Context(AlbertTokenizer(albert_model), "In the 1990s it grew.")
    tokens = context.tokens(7, 11)
    assert context.characters(*tokens) in [(7, 12), (7, 11)]
    assert context.characters(*context.tokens(8, 9))[0] == 7


def test_white_space_has_no_token(small_tokenizer):
    context = Context(small_tokenizer, "one     two")
    assert context.tokens(4, 6) is None
    assert Context(small_tokenizer, " \n ").tokens(0, 3) is None
    assert len(Context(small_tokenizer, "")) == 0


def test_example(small_tokenizer):
    run_example(Context, tokenizer=small_tokenizer)
