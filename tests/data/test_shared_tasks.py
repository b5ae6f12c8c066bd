"""Published data is read whole: the row counts are the publishers'."""

import gzip

import pytest

from albert_tf.data.choices import read_choices
from albert_tf.data.conll import read_conll
from albert_tf.data.glue import read_glue
from albert_tf.text.entities import entities
from tests.golden.shared import shared_path


@pytest.mark.parametrize(
    ("name", "folder", "split", "count"),
    [
        ("cola", "CoLA", "train", 8551),
        ("cola", "CoLA", "dev", 1043),
        ("sst2", "SST-2", "train", 67349),
        ("sst2", "SST-2", "dev", 872),
        ("sst2", "SST-2", "test", 1821),
        ("mrpc", "MRPC", "train", 3668),
        ("mrpc", "MRPC", "dev", 408),
        ("mrpc", "MRPC", "test", 1725),
        ("stsb", "STS-B", "train", 5749),
        ("stsb", "STS-B", "dev", 1500),
        ("qnli", "QNLI", "dev", 5463),
        ("rte", "RTE", "train", 2490),
        ("rte", "RTE", "dev", 277),
    ],
)
def test_glue(name, folder, split, count):
    path = shared_path(f"data/glue/{folder}/{split}.tsv")
    has_labels = split != "test"
    examples = read_glue(name, path.parent, split, has_labels=has_labels)
    assert len(examples) == count


@pytest.mark.parametrize(
    ("name", "sentences", "documents"),
    [
        ("wnut17/train.conll", 3394, 1),
        ("wnut17/dev.conll", 1009, 1),
        ("wnut17/test.conll", 1287, 1),
        ("wikigold/wikigold.conll.txt", 1696, 145),
    ],
)
def test_conll(name, sentences, documents):
    found = read_conll(shared_path(f"data/ner/{name}"))
    assert len(found) == sentences
    assert found[-1].document == documents - 1
    for sentence in found:
        for entity in entities(sentence.tags):
            start = sentence.words[entity.start][0]
            end = sentence.words[entity.end - 1][1]
            words = sentence.text[start:end].split(" ")
            assert len(words) == entity.end - entity.start


def test_cosmos(tmp_path):
    path = tmp_path / "valid.csv"
    packed = shared_path("data/cosmosqa/valid.csv.gz").read_bytes()
    path.write_bytes(gzip.decompress(packed))
    columns = [f"answer{i}" for i in range(4)]
    names = {"context": "context", "question": "question"}
    choices = read_choices(path, columns, "label", **names)
    assert len(choices) == 2985
    assert {choice.label for choice in choices} == {0, 1, 2, 3}
