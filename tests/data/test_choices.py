"""Multiple choice from RACE's layout and from columns."""

import json
import re

import pytest

from albert_tf.data.bad_rows import BadRows
from albert_tf.data.choices import read_choices, read_race

COLUMNS = ["a", "b"]


def _race(folder, **changes):
    fields = {
        "id": "high1.txt",
        "article": "It  rained.\nAll day.",
        "questions": ["How was it?", "It was _ ."],
        "options": [["wet", "dry"], ["wet", "dry"]],
        "answers": ["A", "B"],
        **changes,
    }
    path = folder / "dev" / "high" / "1.txt"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(fields), encoding="utf-8")


def test_race(tmp_path):
    _race(tmp_path)
    for split in ("dev", "dev/high"):
        first, second = read_race(tmp_path, split)
        assert first.context == "It rained. All day."
        assert (first.answers, first.label) == (("wet", "dry"), 0)
        assert (second.id, second.label) == ("high1.txt-1", 1)
    (first, _) = read_race(tmp_path, "dev", has_labels=False)
    assert first.label is None


def test_race_passages_come_in_the_order_of_their_numbers(tmp_path):
    _race(tmp_path)
    folder = tmp_path / "dev" / "high"
    text = (folder / "1.txt").read_text()
    for number in (10, 2):
        changed = text.replace("high1.txt", f"high{number}.txt")
        (folder / f"{number}.txt").write_text(changed)
    found = read_race(tmp_path, "dev")
    assert [c.id for c in found[::2]] == [f"high{n}.txt-0" for n in (1, 2, 10)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"answers": ["A"]}, "1.txt: no passage of RACE"),
        ({"answers": ["A", "C"]}, "question 2: the label 'C' is none of the 2"),
        ({"options": [["wet", ""], ["a", "b"]]}, "question 1: an answer is"),
        ({"article": 5}, "no passage of RACE"),
        ({"answers": [0, "B"]}, "question 1: not as RACE has it"),
        ({"answers": ["A", None]}, "question 2: not as RACE has it"),
        ({"options": [["a", "b"], [1, 2]]}, "question 2: not as RACE has it"),
        ({"options": [None, ["a", "b"]]}, "question 1: not as RACE has it"),
        ({"options": ["ab", ["a", "b"]]}, "question 1: not as RACE has it"),
        ({"questions": ["How?", None]}, "question 2: not as RACE has it"),
    ],
)
def test_broken_passages_are_named(tmp_path, changes, message):
    _race(tmp_path, **changes)
    with pytest.raises(ValueError, match=re.escape(message)):
        read_race(tmp_path, "dev")


def test_missing_split_of_race(tmp_path):
    with pytest.raises(ValueError, match="holds no passages"):
        read_race(tmp_path, "test")


def _table(folder, *rows):
    path = folder / "a.csv"
    path.write_text("\n".join(["id,q,a,b,label", *rows]) + "\n")
    return path


def test_columns(tmp_path):
    path = _table(tmp_path, "x,How?,wet,dry,1", "y,Why?,wet,dry,A")
    first, second = read_choices(path, COLUMNS, "label", question="q")
    assert (first.context, first.question) == ("", "How?")
    assert (first.answers, first.label, first.id) == (("wet", "dry"), 1, "x")
    assert second.label == 0
    (first, _) = read_choices(path, COLUMNS, None, question="q")
    assert first.label is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,How?,wet,dry,2", "line 2: the label '2' is none of the 2 answers"),
        ("x,How?,wet,dry,wet", "the label 'wet' is none"),
        ("x,How?,,dry,0", "an answer is empty"),
        ("x,,wet,dry,0", "passage and question are empty"),
    ],
)
def test_bad_rows_are_named_or_skipped(tmp_path, row, message):
    path = _table(tmp_path, row, "y,Why?,wet,dry,0")
    with pytest.raises(ValueError, match=re.escape(message)):
        read_choices(path, COLUMNS, "label", question="q")
    bad_rows = BadRows(skip=True)
    kept = read_choices(path, COLUMNS, "label", bad_rows, question="q")
    assert [choice.id for choice in kept] == ["y"]


def test_one_answer_is_no_choice(tmp_path):
    with pytest.raises(ValueError, match="two or more columns of answers"):
        read_choices(tmp_path / "a.csv", ["a"], "label")


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    options = [["wet", "\ud83d"], ["wet", "dry"]]
    _race(tmp_path, article="It rained \ud83d", options=options)
    first, _ = read_race(tmp_path, "dev")
    assert (first.context, first.answers[1]) == ("It rained \ufffd", "\ufffd")


def test_formats_agree_on_ids(tmp_path):
    rows = [("x", "How?", "wet", "dry", 1), (7, "Why?", "wet", "dry", 0)]
    names = ["id", "q", "a", "b", "label"]
    lines = [json.dumps({**dict(zip(names, r)), "more": [1]}) for r in rows]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines))
    table = _table(tmp_path, *(",".join(map(str, row)) for row in rows))
    found = [
        [
            (c.id, c.question, c.label)
            for c in read_choices(each, COLUMNS, "label", question="q")
        ]
        for each in (path, table)
    ]
    assert found[0] == found[1] == [("x", "How?", 1), ("7", "Why?", 0)]


def test_rows_without_an_id_are_numbered(tmp_path):
    row = {"q": "How?", "a": "wet", "b": "dry", "label": 0}
    lines = [json.dumps({**row, "id": name}) for name in (None, "x", None)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines))
    found = read_choices(path, COLUMNS, "label", question="q")
    assert [choice.id for choice in found] == ["0", "x", "2"]
