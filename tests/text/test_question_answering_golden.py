"""Windows and answers of the file that the Kotlin tests read too."""

import dataclasses
import json
import pathlib

import numpy as np
import pytest

from albert_tf.text.answers import best_answers
from albert_tf.text.context import Context
from albert_tf.text.windows import WindowSettings, pack_question
from tests.golden import make_question_answering as golden

PATH = pathlib.Path(__file__).parents[1] / "golden/question_answering.json"
ROWS = json.loads(PATH.read_text(encoding="utf-8"))


def pack(tokenizer, row):
    names = ("max_length", "doc_stride", "max_query_length")
    settings = WindowSettings(**{name: row[name] for name in names})
    context = Context(tokenizer, row["context"])
    return pack_question(tokenizer, row["question"], context, settings)


def test_file_is_what_the_script_makes():
    assert json.loads(json.dumps(golden.rows())) == ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["question"][:12])
def test_windows(small_tokenizer, row):
    packed = pack(small_tokenizer, row)
    assert packed.num_cut_tokens == row["num_cut_tokens"]
    for name in ("offsets", "can_start", "can_end"):
        found = getattr(packed.context, name)
        np.testing.assert_array_equal(found, row[name])
    assert len(packed.windows) == len(row["windows"])
    for window, expected in zip(packed.windows, row["windows"]):
        for name, value in expected.items():
            np.testing.assert_array_equal(getattr(window, name), value)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["question"][:12])
def test_answers(small_tokenizer, row):
    packed = pack(small_tokenizer, row)
    for case in row["cases"]:
        found = best_answers(
            packed,
            [np.array(line, np.float32) for line in case["start_logits"]],
            [np.array(line, np.float32) for line in case["end_logits"]],
            num_best=case["num_best"],
            max_answer_length=case["max_answer_length"],
            has_null=case["has_null"],
        )
        assert found.null_score == case["null_score"]
        assert found.null_odds == case["null_odds"]
        assert found.null_probability == pytest.approx(
            case["null_probability"], abs=1e-9
        )
        assert len(found.answers) == len(case["answers"]) > 0
        for answer, expected in zip(found.answers, case["answers"]):
            assert dataclasses.asdict(answer) == {
                **expected,
                "probability": pytest.approx(expected["probability"], abs=1e-9),
            }
