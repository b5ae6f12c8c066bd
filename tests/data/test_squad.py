"""SQuAD's JSON: what is read, and what is said of a broken file."""

import gzip
import json

import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.questions import Gold
from albert_tf.data.squad import read_squad
from tests.golden.shared import shared_path

CONTEXT = "Ada was born in London. She left London in 1835."


def write(path, questions, context=CONTEXT):
    paragraphs = [{"context": context, "qas": questions}]
    squad = {"version": "x", "data": [{"title": "", "paragraphs": paragraphs}]}
    path.write_text(json.dumps(squad), encoding="utf-8")
    return path


def question(number=1, answers=(("London", 33),), **fields):
    golds = [{"text": t, "answer_start": start} for t, start in answers]
    base = {"id": f"q{number}", "question": "What?", "answers": golds}
    return {**base, **fields}


def test_reads_answers_and_places(tmp_path):
    rows = [question(), question(2, [("Ada", 0), ("Ada was", 0)])]
    first, second = read_squad(write(tmp_path / "dev.json", rows))
    assert (first.id, first.question, first.context) == ("q1", "What?", CONTEXT)
    assert first.answers == (Gold("London", 33),)
    assert second.answers == (Gold("Ada", 0), Gold("Ada was", 0))
    assert first.place == f"{tmp_path}/dev.json, question q1"


def test_reads_gzip_and_byte_order_mark(tmp_path):
    path = write(tmp_path / "dev.json", [question()])
    packed = tmp_path / "dev.json.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + path.read_bytes()))
    assert read_squad(packed)[0].context == CONTEXT


def test_version_2_has_questions_without_answer(tmp_path):
    rows = [question(1, (), is_impossible=True), question(2)]
    path = write(tmp_path / "dev.json", rows)
    assert [q.answers for q in read_squad(path, version_2=True)] == [
        (),
        (Gold("London", 33),),
    ]
    with pytest.raises(ValueError, match="q1: the question has no answer"):
        read_squad(path)


def test_questions_to_be_answered(tmp_path):
    rows = [{"id": "q1", "question": "What?"}]
    path = write(tmp_path / "dev.json", rows)
    assert read_squad(path, has_answers=False)[0].answers is None
    with pytest.raises(ValueError, match="not as SQuAD has it: answers is mis"):
        read_squad(path)


BAD = [
    (question(1, [("London", 16 + 1)]), "not at character 17, where 'ondon.'"),
    (question(1, [("Paris", 16)]), "the context lacks it"),
    (question(1, [("London", -5)]), "not at character -5"),
    (question(1, [("London", 1000)]), "it is at 16"),
    (question(1, [(" ", 3)]), "an answer's text is empty"),
    (question(1, question=" "), "the question is empty"),
    (question(1, [("London", "33")]), "a whole answer_start"),
    (question(1, [("London", True)]), "a whole answer_start"),
    (question(1, is_impossible=True), "is_impossible is true"),
    ({"question": "What?", "answers": []}, "id is missing"),
    (question(1, id=7), "id is no text"),
]


@pytest.mark.parametrize("row, message", BAD)
def test_bad_question_is_refused_or_skipped(tmp_path, row, message):
    path = write(tmp_path / "dev.json", [row, question(2)])
    with pytest.raises(ValueError, match=f"dev.json, question .*{message}"):
        read_squad(path)
    bad_rows = BadRows(skip=True)
    assert [q.id for q in read_squad(path, bad_rows)] == ["q2"]
    assert len(bad_rows.messages) == 1


def test_id_used_twice(tmp_path):
    path = write(tmp_path / "dev.json", [question(), question()])
    with pytest.raises(ValueError, match="q1: the id is used twice"):
        read_squad(path)


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    row = question(1, [("\ud83d", 0)], question="Why \ud83d?", id="q\udc00")
    path = write(tmp_path / "dev.json", [row], context="\ud83d of rain")
    (read,) = read_squad(path)
    assert (read.id, read.question) == ("q\ufffd", "Why \ufffd?")
    assert read.context == "\ufffd of rain"
    assert read.answers == (Gold("\ufffd", 0),)


def test_empty_context(tmp_path):
    path = write(tmp_path / "dev.json", [question(1, ())], context=" \n")
    with pytest.raises(ValueError, match="q1: the context is empty"):
        read_squad(path, version_2=True)


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "is not JSON in UTF-8"),
        ('{"questions": []}', "not laid out as SQuAD: data is missing"),
        ("[]", "not laid out as SQuAD"),
        ('{"data": [{"paragraphs": [{"qas": [{}]}]}]}', "context is missing"),
        ('{"data": [{"paragraphs": [{"context": "", "qas": [1]}]}]}', "no obj"),
        ('{"data": []}', "holds no question"),
    ],
)
def test_another_file(tmp_path, text, message):
    path = tmp_path / "dev.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_squad(path)


def test_missing_and_cut_file(tmp_path):
    with pytest.raises(ValueError, match="Cannot read"):
        read_squad(tmp_path / "none.json")
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(b"{}" * 1000)[:-9])
    with pytest.raises(ValueError, match="Cannot read"):
        read_squad(cut)
    data = bytearray(gzip.compress(b"{}"))
    # The first byte after the header: a kind of block that there is not.
    data[10] = 0b111
    cut.write_bytes(data)
    with pytest.raises(ValueError, match="Cannot read.*invalid block type"):
        read_squad(cut)


@pytest.mark.parametrize(
    "name, version_2, num_questions, num_impossible",
    [
        ("dev-v1.1", False, 10570, 0),
        ("dev-v2.0-half", True, 6078, 3168),
        ("train-v1.1-sample", False, 8099, 0),
    ],
)
def test_published_files(name, version_2, num_questions, num_impossible):
    path = shared_path(f"data/squad/{name}.json.gz")
    examples = read_squad(path, version_2=version_2)
    assert len(examples) == num_questions
    assert sum(not q.answers for q in examples) == num_impossible
