"""Questions of one's own in tables."""

import json

import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.question_table import QuestionColumns, read_question_table
from albert_tf.data.questions import Gold

CONTEXT = "The key hangs by the door, and the spare key lies in the shed."
HEADER = "question,context,answer,answer_start\n"


def read(tmp_path, *rows, bad_rows=None):
    path = tmp_path / "own.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return read_question_table(path, bad_rows=bad_rows)


def test_reads_csv(tmp_path):
    rows = read(
        tmp_path,
        f'Where is it?,"{CONTEXT}",key,41',
        f'What is in the shed?,"{CONTEXT}",the spare key,',
        f'Who has it?,"{CONTEXT}",,',
    )
    assert [row.answers for row in rows] == [
        (Gold("key", 41),),
        (Gold("the spare key", 31),),
        (),
    ]
    assert [row.id for row in rows] == ["1", "2", "3"]
    assert rows[1].place.endswith("own.csv, line 3")


def test_reads_json_lines_with_columns_of_other_names(tmp_path):
    path = tmp_path / "own.jsonl"
    row = {"q": "Where?", "text": CONTEXT, "a": "door", "at": 21, "key": "k9"}
    path.write_text(json.dumps(row) + "\n")
    columns = QuestionColumns("q", "text", "a", "at", "key")
    (example,) = read_question_table(path, columns)
    assert example.answers == (Gold("door", 21),)
    assert (example.id, example.question) == ("k9", "Where?")


def test_questions_to_be_answered(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({"question": "Who?", "context": "I."}) + "\n")
    columns = QuestionColumns(answer=None)
    assert read_question_table(path, columns)[0].answers is None


BAD = [
    (f'Where?,"{CONTEXT}",key,5', "'key' is not at character 5"),
    (f'Where?,"{CONTEXT}",key,five', "answer_start is 'five'"),
    (f'Where?,"{CONTEXT}",key,', "'key' stands 2 times in the context"),
    (f'Where?,"{CONTEXT}",cat,', "'cat' stands 0 times in the context"),
    (f' ,"{CONTEXT}",door,21', "the question is empty"),
    ("Where?, ,door,21", "the context is empty"),
    (f'\u200b,"{CONTEXT}",door,21', "the question is empty"),
    ("Where?,\u0301\xa8\ufffd\u2581\x07,,", "the context is empty"),
    ("Where?,a door,door", "3 fields, expected 4"),
]


@pytest.mark.parametrize("row, message", BAD)
def test_bad_row_is_refused_or_skipped(tmp_path, row, message):
    good = f'Where?,"{CONTEXT}",door,21'
    with pytest.raises(ValueError, match=f"own.csv, line 3: .*{message}"):
        read(tmp_path, good, row)
    bad_rows = BadRows(skip=True)
    assert len(read(tmp_path, good, row, bad_rows=bad_rows)) == 1
    assert len(bad_rows.messages) == 1


def test_missing_column(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("question,context\nWho?,I.\n")
    with pytest.raises(
        ValueError, match="no column answer, answer_start.*--an"
    ):
        read_question_table(path)


@pytest.mark.parametrize("has_answers", [True, False])
def test_repeated_id_is_refused_or_skipped(tmp_path, has_answers):
    path = tmp_path / "own.csv"
    row = f'Where?,"{CONTEXT}",door,21,k9\n'
    path.write_text(HEADER.replace("start\n", "start,key\n") + row * 3)
    answer = "answer" if has_answers else None
    columns = QuestionColumns(answer=answer, id="key")
    with pytest.raises(ValueError, match="line 3: the id 'k9' is used twice"):
        read_question_table(path, columns)
    bad_rows = BadRows(skip=True)
    assert len(read_question_table(path, columns, bad_rows)) == 1
    assert len(bad_rows.messages) == 2
