"""CoNLL's columns, whatever their order, separators and tags."""

import re

import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.conll import read_conll, read_plain


def _write(folder, text):
    path = folder / "a.conll"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Anna\tB-PER\nran\tO\n\nOslo\tB-LOC\n", {}),
        ("Anna B-PER\nran O\n \t \nOslo B-LOC", {}),
        ("\ufeffAnna\tB-PER\r\nran\tO\r\n\r\nOslo\tB-LOC\r\n", {}),
        ("1 B-PER x Anna\n2 O x ran\n\n1 B-LOC x Oslo\n",
         {"token_column": -1, "tag_column": 1}),
        ("-DOCSTART- -X- O O\n\nAnna N I B-PER\nran V I O\n\nOslo N I B-LOC\n",
         {}),
    ],
)  # fmt: skip
def test_layouts_give_the_same(tmp_path, text, columns):
    first, second = read_conll(_write(tmp_path, text), **columns)
    assert (first.text, first.tags) == ("Anna ran", ("B-PER", "O"))
    assert first.words == ((0, 4), (5, 8))
    assert (second.text, second.tags) == ("Oslo", ("B-LOC",))


def test_documents_are_numbered(tmp_path):
    text = "-DOCSTART- O\n\na O\n\nb O\n\n-DOCSTART- O\n\nc O\n"
    found = read_conll(_write(tmp_path, text))
    assert [sentence.document for sentence in found] == [0, 0, 1]


def test_words_alone(tmp_path):
    (sentence,) = read_conll(_write(tmp_path, "Anna\nran\n"), tag_column=None)
    assert sentence.text == "Anna ran"
    assert sentence.tags is None


def test_io_tags_are_no_mistake(tmp_path):
    text = "Anna I-PER\nBell I-PER\nran O\nOslo I-LOC\n"
    assert len(read_conll(_write(tmp_path, text))) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Anna\n", "line 1: 1 columns, expected 2 or more"),
        ("Anna\t\nran\tO\n", "line 1: the word or its tag is empty"),
        (
            "Anna B-PER\n\nBell B-PER\nran O\nOslo I-LOC\n",
            "line 5: the tag I-LOC follows O. An entity begins with B-LOC",
        ),
        ("\n\n", "has no sentences"),
    ],
)
def test_bad_files_are_named(tmp_path, text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        read_conll(_write(tmp_path, text))


def test_bad_sentences_are_skipped_whole(tmp_path):
    text = "a O\nb\nc O\n\nd O\n"
    bad_rows = BadRows(skip=True)
    found = read_conll(_write(tmp_path, text), bad_rows)
    assert [sentence.text for sentence in found] == ["d"]
    assert len(bad_rows.messages) == 1


def test_plain_text_keeps_its_characters():
    text = "  Anna's e-mail: a@b.no, $5!  "
    (sentence,) = read_plain([(text, "line 1")])
    assert sentence.text == text
    words = [text[start:end] for start, end in sentence.words]
    assert words == ["Anna's", "e-mail", ":", "a@b.no", ",", "$", "5", "!"]
