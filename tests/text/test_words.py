"""Words in windows: each is answered for once, where it has most context."""

import random

import pytest

from albert_tf.text.choices import (
    encode_choices,
    fill_question,
    pack_choices,
)
from albert_tf.text.words import pack_words

IDS = {"cls_id": 2, "sep_id": 3}


def test_short_sentences_are_one_row():
    (row,) = pack_words([[10, 11], [12], [13]], **IDS, max_length=8)
    assert row.token_ids == [2, 10, 11, 12, 13, 3]
    assert row.words == [0, 1, 2]
    assert row.places == [1, 3, 4]


def test_every_word_is_answered_for_once():
    generator = random.Random(0)
    for _ in range(300):
        pieces = [
            [100 * word + n for n in range(generator.randint(0, 4))]
            for word in range(generator.randint(1, 60))
        ]
        max_length = generator.randint(3, 40)
        rows = pack_words(pieces, **IDS, max_length=max_length)
        answered = [word for row in rows for word in row.words]
        assert sorted(answered) == [i for i, ids in enumerate(pieces) if ids]
        for row in rows:
            assert len(row.token_ids) <= max_length
            firsts = [row.token_ids[place] for place in row.places]
            assert firsts == [pieces[word][0] for word in row.words]


def test_words_at_a_seam_have_context_on_both_sides():
    pieces = [[word] for word in range(100, 140)]
    for row in pack_words(pieces, **IDS, max_length=22):
        last = len(row.token_ids) - 2
        for word, place in zip(row.words, row.places):
            assert place - 1 >= 5 or word < 5
            assert last - place >= 4 or word >= 36


def test_word_without_pieces_and_word_too_long():
    assert pack_words([[]], **IDS, max_length=8) == []
    (row,) = pack_words([[], [10, 11, 12, 13]], **IDS, max_length=4)
    assert row.token_ids == [2, 10, 11, 3]
    assert row.words == [1]


def test_length_without_room():
    with pytest.raises(ValueError, match="at least 3"):
        pack_words([[10]], **IDS, max_length=2)


def test_gap_takes_the_answer():
    assert fill_question("It was _ .", "wet") == "It was wet ."
    assert fill_question("How?", "wet") == "How? wet"
    assert fill_question("It was ____ .", r"\1 wet") == r"It was \1 wet ."
    assert fill_question("_ and __", "wet") == "wet and wet"


def test_passage_is_cut_and_the_answer_kept():
    rows = pack_choices(
        [10] * 9, [[20], [21] * 5], **IDS, max_length=9, max_answer_length=3
    )
    assert rows[0] == ([2, *[10] * 5, 3, 20, 3], [0] * 7 + [1] * 2)
    assert rows[1] == ([2, *[10] * 3, 3, 21, 21, 21, 3], [0] * 5 + [1] * 4)
    assert all(len(ids) <= 9 for ids, _ in rows)


def test_rows_of_choices_say_whether_one_was_cut(small_tokenizer):
    passage, answers = "It rained all day.", ["We took a tent.", "No."]
    ids = small_tokenizer.encode_ids([passage, *answers])
    whole = len(ids[0]) + len(ids[1]) + 3
    for max_length, max_answer_length, is_cut in (
        (whole, None, False),
        (whole - 1, None, True),
        (whole, len(ids[1]), False),
        (whole, len(ids[1]) - 1, True),
    ):
        rows, found = encode_choices(
            small_tokenizer,
            passage,
            answers,
            max_length=max_length,
            max_answer_length=max_answer_length,
        )
        assert found is is_cut
        assert (len(rows[0][0]) < whole) is is_cut
        assert len(rows[1][0]) == len(ids[0]) + len(ids[2]) + 3
