"""Lengths and threshold of question answering travel with the model."""

import json

import pytest

from albert_tf.edge.answerer import AnswerSettings
from export.answer_settings import read_answer_settings

SETTINGS = {
    "doc_stride": None,
    "max_query_length": 12,
    "max_answer_tokens": 9,
    "num_best": 20,
    "null_threshold": -1.5,
}


def write(directory, fields):
    (directory / "task.json").write_text(json.dumps(fields))


def test_what_training_wrote(tmp_path):
    fields = {"task": "squad2", "max_length": 48, "settings": SETTINGS}
    write(tmp_path, fields)
    found = read_answer_settings(tmp_path, 64)
    assert found == {
        "max_length": 48,
        "doc_stride": 12,
        "max_query_length": 12,
        "max_answer_length": 9,
        "null_threshold": -1.5,
    }
    assert AnswerSettings.of(found, 64).null_threshold == -1.5
    fields["settings"] = {**SETTINGS, "doc_stride": 40}
    write(tmp_path, fields)
    assert read_answer_settings(tmp_path, 48)["doc_stride"] == 40
    shorter = read_answer_settings(tmp_path, 32)
    assert shorter["max_length"] == 32
    assert shorter["doc_stride"] == 8


def test_nothing_known(tmp_path):
    assert read_answer_settings(tmp_path, 64) is None


@pytest.mark.parametrize(
    "fields, message",
    [
        ([], "is broken"),
        ({"max_length": 48}, "is broken"),
        ({"max_length": "48", "settings": SETTINGS}, "is broken"),
        ({"max_length": 48, "settings": {}}, "does not say how questions"),
        ({"max_length": 4, "settings": SETTINGS}, "does not say how questions"),
    ],
)
def test_broken_file(tmp_path, fields, message):
    if fields:
        fields = {"task": "squad2", **fields}
    write(tmp_path, fields)
    with pytest.raises(
        ValueError, match=rf"task\.json {message}.*[^.]\. `albert"
    ):
        read_answer_settings(tmp_path, 64)
