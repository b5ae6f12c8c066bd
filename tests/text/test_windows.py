"""Windows equal the reference's, and hold every token."""

import itertools

import numpy as np
import pytest

from albert_tf.text.context import Context
from albert_tf.text.windows import (
    WindowSettings,
    max_context_windows,
    pack_question,
    split,
)
from tests.reference import windows as reference

SHAPES = list(itertools.product((1, 2, 7, 30, 61), (1, 3, 10, 30), (1, 4, 40)))


@pytest.mark.parametrize("num_tokens, room, stride", SHAPES)
def test_split_and_max_context_equal_the_reference(num_tokens, room, stride):
    spans = split(num_tokens, room, stride)
    expected = reference.doc_spans(num_tokens, room, stride)
    assert spans == [(s.start, s.start + s.length) for s in expected]
    owners = max_context_windows(spans)
    for index, (begin, end) in enumerate(spans):
        for token in range(begin, end):
            is_owner = reference.is_max_context(expected, index, token)
            assert (owners[token] == index) == is_owner


def test_published_lengths_equal_the_reference():
    spans = split(1000, 384 - 3 - 11, 128)
    expected = reference.doc_spans(1000, 370, 128)
    owners = max_context_windows(spans)
    for token in range(1000):
        assert reference.is_max_context(expected, owners[token], token)


@pytest.fixture(scope="module")
def context(small_tokenizer):
    text = "The river rose in spring. " * 12 + "Then, at last, it fell."
    return Context(small_tokenizer, text)


def test_windows_hold_question_and_context(small_tokenizer, context):
    settings = WindowSettings(max_length=40, doc_stride=9, max_query_length=12)
    packed = pack_question(small_tokenizer, "When?", context, settings)
    question = small_tokenizer.encode("When?").ids
    owned = np.zeros(len(context), int)
    for window in packed.windows:
        tokens = context.token_ids[window.begin : window.end].tolist()
        cls_id, sep_id = small_tokenizer.cls_id, small_tokenizer.sep_id
        assert window.token_ids.tolist() == [
            *(cls_id, *question, sep_id), *(*tokens, sep_id)
        ]  # fmt: skip
        assert len(window.token_ids) <= 40
        assert window.context_position == len(question) + 2
        assert window.segment_ids.tolist() == [0] * (len(question) + 2) + [
            1
        ] * (len(tokens) + 1)
        owned[window.begin : window.end] += window.is_max_context
    assert len(packed.windows) > 2
    assert (owned == 1).all()
    assert packed.num_cut_tokens == 0


def test_long_question_is_cut_and_counted(small_tokenizer, context):
    settings = WindowSettings(max_length=40, doc_stride=9, max_query_length=5)
    packed = pack_question(
        small_tokenizer, "When did the river fall again?", context, settings
    )
    num_tokens = len(
        small_tokenizer.encode_ids(["When did the river fall again?"])[0]
    )
    assert packed.num_cut_tokens == num_tokens - 5
    assert packed.windows[0].context_position == 7


@pytest.mark.parametrize("question, text", [(" ", "A text."), ("Who?", "\n")])
def test_nothing_to_read(small_tokenizer, question, text):
    context = Context(small_tokenizer, text)
    with pytest.raises(ValueError, match="is empty. Expected at least one"):
        pack_question(small_tokenizer, question, context, WindowSettings())


def test_settings_for_every_model():
    assert WindowSettings.fitting(384) == WindowSettings()
    assert WindowSettings.fitting(512) == WindowSettings(512, 128, 64)
    chosen = WindowSettings.fitting(100, doc_stride=7, max_query_length=9)
    assert chosen == WindowSettings(100, 7, 9)
    for length in range(8, 512):
        settings = WindowSettings.fitting(length)
        assert settings.max_length == length
        room = settings.max_length - 3 - settings.max_query_length
        assert room >= settings.doc_stride
    with pytest.raises(ValueError, match="8 tokens or more. Received"):
        WindowSettings.fitting(7)


@pytest.mark.parametrize(
    "lengths, message",
    [
        ((384, 0, 64), "`doc_stride` must be 1 or more"),
        ((384, 128, 0), "`max_query_length` must be 1 or more"),
        ((67, 128, 64), "`max_length` must hold the question"),
    ],
)
def test_bad_settings(lengths, message):
    with pytest.raises(ValueError, match=message):
        WindowSettings(*lengths)
