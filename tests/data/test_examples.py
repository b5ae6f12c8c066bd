"""Readers take what users have, and name file and line where they cannot."""

import re

import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.examples import Columns, read_examples
from albert_tf.data.glue import read_glue
from albert_tf.data.labels import label_indices, label_set, read_labels
from albert_tf.data.tasks import read_data


def _write(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", 'label\ttext\nx\ta "b\ny\tc, d\n'),
        ("a.csv", 'label,text\nx,"a ""b"\ny,"c, d"\n'),
        (
            "a.jsonl",
            '{"label": "x", "text": "a \\"b"}\n'
            '{"label": "y", "text": "c, d", "more": 1}\n',
        ),
        ("bom.tsv", '\ufefflabel\ttext\r\nx\ta "b\r\ny\tc, d\r\n'),
        ("blank.tsv", 'label\ttext\n\nx\ta "b\n\ny\tc, d\n\n'),
        ("blank.csv", 'label,text\n \nx,"a ""b"\n\ny,"c, d"\n\n\n'),
        ("ends.csv", 'label,text\r\n\r\nx,"a ""b"\r\ny,"c, d"'),
    ],
)
def test_formats_give_the_same_rows(tmp_path, name, text):
    rows = read_examples(_write(tmp_path, name, text), Columns())
    assert [(r.text, r.label) for r in rows] == [('a "b', "x"), ("c, d", "y")]


def test_line_separator_inside_a_text_stays(tmp_path):
    path = _write(tmp_path, "a.tsv", "text\tlabel\none\u2028two\tx\n")
    assert read_examples(path, Columns())[0].text == "one\u2028two"


def test_csv_field_may_span_lines(tmp_path):
    path = _write(tmp_path, "a.csv", 'text,label\n"one\ntwo",x\nthree,y\n')
    rows = read_examples(path, Columns())
    assert [row.text for row in rows] == ["one\ntwo", "three"]


def test_json_values_are_spelled_as_in_the_file(tmp_path):
    lines = ['{"text": 5, "label": true}', '{"text": "b", "label": 1}']
    path = _write(tmp_path, "a.jsonl", "\n".join(lines))
    rows = read_examples(path, Columns())
    assert [(r.text, r.label) for r in rows] == [("5", "true"), ("b", "1")]


def test_csv_field_may_be_longer_than_pythons_limit(tmp_path):
    long = "word " * 100_000
    path = _write(tmp_path, "a.csv", f'text,label\n"{long}",x\n')
    assert read_examples(path, Columns())[0].text == long


def test_bad_rows_are_counted_or_skipped(tmp_path):
    path = _write(tmp_path, "a.tsv", "text\tlabel\na\tx\nb\n \ty\nc\ty\n")
    with pytest.raises(ValueError, match="line 3.*1 more bad row in this"):
        read_examples(path, Columns())
    bad_rows = BadRows(skip=True)
    rows = read_examples(path, Columns(), bad_rows)
    assert [row.text for row in rows] == ["a", "c"]
    assert bad_rows.report()[0] == "skipped 2 bad rows:"
    assert "line 4: the text is empty" in bad_rows.report()[2]


def test_file_of_bad_rows_only_is_refused(tmp_path):
    path = _write(tmp_path, "a.tsv", "text\tlabel\n \tx\n")
    with pytest.raises(ValueError, match="every row is bad"):
        read_examples(path, Columns(), BadRows(skip=True))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("glad\nsad\nglad\n", "names the label glad more than once"),
        ("glad\n", "holds 1 labels"),
    ],
)
def test_label_files_are_checked(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_labels(_write(tmp_path, "labels.txt", text))


def test_pair_column_gives_a_second_text(tmp_path):
    path = _write(tmp_path, "a.tsv", "q\ta\tlabel\none\ttwo\tx\n")
    row = read_examples(path, Columns(text="q", pair="a"))[0]
    assert (row.text, row.pair) == ("one", "two")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "text", "a.txt must end in .tsv, .csv, .jsonl"),
        ("a.tsv", "", "has no column text, label. Its first line names"),
        ("a.tsv", "text\tclass\n", "no column label. Its first line names: t"),
        ("a.tsv", "a\tb\n", "with --text-column, --pair-column and --label-c"),
        ("a.tsv", "a\tb\n", "in Python with text_column=... and the like, or"),
        ("a.tsv", "text\tlabel\n", "has no rows"),
        ("a.tsv", "text\tlabel\na\tx\nb\n", "line 3: 1 fields, expected 2"),
        ("a.tsv", "text\tlabel\na\tx\ty\n", "line 2: 3 fields, expected 2"),
        ("a.tsv", "text\tlabel\n  \tx\n", "line 2: the text is empty"),
        ("a.tsv", "text\tlabel\na\tx\n\t\n", "line 3: the text is empty"),
        ("a.csv", "text,label\n\na,x\n,\n", "line 4: the text is empty"),
        ("a.csv", 'text,label\n"",""\n', "line 2: the text is empty"),
        ("a.tsv", "text\tlabel\na\t \n", "line 2: the label is empty"),
        ("a.tsv", b"text\tlabel\na\tx\n\xff\tx\n", "line 3: not UTF-8"),
        ("a.csv", 'text,label\n"a,x\n', "line 2: unexpected end of data"),
        ("a.jsonl", '{"text": "a"}\n', "line 1: expected an object with"),
        ("a.jsonl", "{'text'}\n", "line 1: not JSON"),
        ("a.jsonl", '{"text": "a", "label": null}\n', "the label is empty"),
        ("a.jsonl", '{"text": ["a"], "label": 1}\n', "text is a JSON list"),
        ("a.jsonl", '{"text": "a", "label": {}}\n', "label is a JSON object"),
        (
            "a.jsonl",
            '{"text": "a", "text": "b", "label": 1}\n',
            "line 1: the key text occurs twice",
        ),
        ("a.tsv", "text\tlabel\ttext\na\tx\tb\n", "column text more than"),
    ],
)
def test_bad_files_are_named(tmp_path, name, text, message):
    path = _write(tmp_path, name, text)
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        read_examples(path, Columns())
    assert str(path) in str(error.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match="Cannot read .*none.tsv"):
        read_examples(tmp_path / "none.tsv", Columns())


def test_empty_text_alone_in_its_row_is_no_blank_line(tmp_path):
    path = _write(tmp_path, "a.csv", 'text\nhello\n\n""\nworld\n')
    with pytest.raises(ValueError, match="line 4: the text is empty"):
        read_examples(path, Columns(label=None))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_in_quotes_stay(tmp_path, end, inner):
    lines = ["text,label", f'"one{inner}two",x', "three,y", ""]
    path = _write(tmp_path, "a.csv", end.join(lines))
    rows = read_examples(path, Columns())
    expected = [(f"one{inner}two", "x"), ("three", "y")]
    assert [(row.text, row.label) for row in rows] == expected
    assert rows[1].place.endswith(f"line {3 + inner.count(chr(10))}")


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    text = '{"text": "a\\ud83d b \\ud83d\\ude00", "label": "\\ude00"}'
    (row,) = read_examples(_write(tmp_path, "a.jsonl", text), Columns())
    assert (row.text, row.label) == ("a\ufffd b \U0001f600", "\ufffd")


@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r"])
def test_label_of_several_lines_is_refused(tmp_path, inner):
    text = f'text,label\na,x\nb,"y{inner}z"\n'
    rows = read_examples(_write(tmp_path, "a.csv", text), Columns())
    with pytest.raises(ValueError, match="line 3: the label .* a line break"):
        label_set(rows)


def test_one_class_only_is_refused(tmp_path):
    path = _write(tmp_path, "a.tsv", "text\tlabel\na\tx\nb\tx\n")
    with pytest.raises(ValueError, match="All 2 training rows have the label"):
        label_set(read_examples(path, Columns()))


def test_unknown_label_names_its_line(tmp_path):
    path = _write(tmp_path, "a.tsv", "text\tlabel\na\tx\nb\tz\n")
    with pytest.raises(ValueError, match="line 3: the label 'z' is not one"):
        label_indices(read_examples(path, Columns()), ["x", "y"])


def test_sst2_is_read_in_its_own_layout(tmp_path):
    _write(tmp_path, "dev.tsv", 'sentence\tlabel\na "good" one\t1\nbad\t0\n')
    rows = read_data(tmp_path, task="sst2")
    assert [row.label for row in rows] == ["positive", "negative"]
    assert rows[0].text == 'a "good" one'


def test_sst2_label_outside_the_set_is_named(tmp_path):
    _write(tmp_path, "train.tsv", "sentence\tlabel\ngood\t2\n")
    with pytest.raises(ValueError, match="line 2: the label '2' is not one"):
        read_glue("sst2", tmp_path, "train")


def test_unknown_task_is_named(tmp_path):
    with pytest.raises(ValueError, match="No task is named 'sst3'"):
        read_data(tmp_path, task="sst3")
