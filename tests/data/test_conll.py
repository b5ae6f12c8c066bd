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


WORDS = [("Anna", "B-PER"), ("#", "O"), ("#x", "O")]


@pytest.mark.parametrize(
    ("columns", "comments"),
    [
        ("{0} _ _ {1}", "# id 5239d808-f300\tdomain=en\n"),
        ("1\t{0}\t_\t{1}", "# sent_id = 1\n# text = Anna # #x\n#t = b c\n"),
        # As many words as there are columns.
        ("1\t{0}\t_\t{1}", "# a b c\n"),
        ("{0} {1}", "# a comment\n"),
        ("{0}\t{1}", "# newdoc id = 1\n\n# a comment\n"),
    ],
)
def test_comments_are_no_words(tmp_path, columns, comments):
    lines = "".join(columns.format(*word) + "\n" for word in WORDS)
    text = comments + lines + "\n" + comments + lines
    options = {"token_column": 1} if "1" in columns[:1] else {}
    found = read_conll(_write(tmp_path, text), **options)
    assert [s.text for s in found] == ["Anna # #x"] * 2
    assert [s.tags for s in found] == [("B-PER", "O", "O")] * 2
    first = len(comments.splitlines()) + 1
    assert found[0].place.endswith(f"a.conll, line {first}")


@pytest.mark.parametrize(
    ("text", "tag_column", "words"),
    [
        ("#\tO\n", -1, ["#"]),
        ("#a O\n\n# O\n\nb O\n", -1, ["#a", "#", "b"]),
        ("#\n\n#a\n\nb\n", None, ["#", "#a", "b"]),
        ("#\tO\nb O\n", -1, ["# b"]),
    ],
)
def test_number_signs_that_are_words_stay(tmp_path, text, tag_column, words):
    found = read_conll(_write(tmp_path, text), tag_column=tag_column)
    assert [sentence.text for sentence in found] == words


def test_number_sign_without_its_tag_is_refused(tmp_path):
    with pytest.raises(ValueError, match="line 2: 1 columns, expected 2"):
        read_conll(_write(tmp_path, "a O\n#b\n"))


def test_comments_keep_the_numbers_of_lines(tmp_path):
    text = "# a b c\nAnna B-PER\n# d e f\nBell B-PER\nran O\nto I-LOC\n"
    with pytest.raises(ValueError, match="line 6: the tag I-LOC follows O"):
        read_conll(_write(tmp_path, text))


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u3000", "\u2028"])
def test_columns_end_at_spaces_and_tabs_only(tmp_path, space):
    for text in (f"  10{space}000   O \n", f"10{space}000\tO\n"):
        (sentence,) = read_conll(_write(tmp_path, text))
        assert (sentence.text, sentence.tags) == (f"10{space}000", ("O",))


@pytest.mark.parametrize(("last", "only"), ["ES", "LU"])
def test_tags_of_other_schemes_are_read_as_bio(tmp_path, last, only):
    tags = f"B-PER I-PER {last}-PER O {only}-LOC {only}-LOC B-X {last}-X"
    text = "".join(f"a {tag}\n" for tag in tags.split())
    (sentence,) = read_conll(_write(tmp_path, text))
    expected = "B-PER I-PER I-PER O B-LOC B-LOC B-X I-X"
    assert " ".join(sentence.tags) == expected


@pytest.mark.parametrize(
    "tags",
    [
        "B-PER I-PER O B-E-MAIL",
        "I-E I-S O I-L",
        "E-MAIL E-MAIL O PER",
        "S-BAHN S-BAHN O BUS",
        "S-BAHN S- O",
        "U-BOAT O L-TRAIN",
        "B-PER E-PER L-PER O",
    ],
)
def test_other_tags_are_read_as_they_are(tmp_path, tags):
    text = "".join(f"a {tag}\n" for tag in tags.split())
    (sentence,) = read_conll(_write(tmp_path, text))
    assert " ".join(sentence.tags) == tags


def test_messages_name_the_tag_of_the_file(tmp_path):
    text = "a B-PER\nb E-PER\n\nc S-LOC\nd O\ne E-LOC\n"
    message = "line 6: the tag E-LOC follows O. An entity begins with B-LOC"
    with pytest.raises(ValueError, match=message):
        read_conll(_write(tmp_path, text))


@pytest.mark.parametrize("only", "SU")
def test_entities_of_one_word_alone_are_read_as_bio(tmp_path, only):
    text = f"Anna {only}-PER\nran O\n\nOslo {only}-LOC\n"
    tags = [s.tags for s in read_conll(_write(tmp_path, text))]
    assert tags == [("B-PER", "O"), ("B-LOC",)]
