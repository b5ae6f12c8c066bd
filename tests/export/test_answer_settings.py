"""Lengths and threshold of question answering travel with the model."""

import json

import pytest

from albert_tf.edge import tasks
from albert_tf.edge.answerer import AnswerSettings
from export.answer_settings import read_answer_length, read_answer_settings
from export.samples import Sample, longest_sample, pack

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


def test_length_of_an_answer_to_choose(tmp_path):
    assert read_answer_length(tmp_path) is None
    fields = {"task": "race", "max_length": 48}
    write(tmp_path, {**fields, "settings": {"max_answer_length": 8}})
    assert read_answer_length(tmp_path) == 8
    write(tmp_path, {**fields, "settings": {}})
    with pytest.raises(ValueError, match="max_answer_length is None"):
        read_answer_length(tmp_path)


@pytest.mark.parametrize("max_answer_length", [None, 6])
def test_samples_of_choices_are_cut_as_choices_are(
    small_tokenizer, max_answer_length
):
    lengths = {
        "max_length": 32,
        "task": tasks.MULTIPLE_CHOICE,
        "max_answer_length": max_answer_length,
    }
    sample = Sample("It rained. " * 20, "We took umbrellas. " * 20)
    row = pack(small_tokenizer, sample, **lengths)
    assert sum(row.segment_ids) == 1 + (max_answer_length or 28)
    longest = longest_sample(tasks.MULTIPLE_CHOICE, 32)
    assert len(pack(small_tokenizer, longest, **lengths).token_ids) == 32
