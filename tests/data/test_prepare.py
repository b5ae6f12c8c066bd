"""`albert prepare`: from text to shards that TensorFlow reads."""

import gzip
import json
import os
import resource
import subprocess
import sys
import time

import pytest
import tensorflow as tf

from albert_tf import AlbertTokenizer
from albert_tf.cli import main
from albert_tf.data.corpus import Corpus
from albert_tf.data.sentences import find_splitter, split_english
from tests.conftest import GOLDEN

pytest.importorskip("apache_beam")
MODEL = str(GOLDEN / "small.spiece.model")
FEATURES = {
    "token_ids": tf.io.RaggedFeature(tf.int64),
    "sentence_lengths": tf.io.RaggedFeature(tf.int64),
}
WORDS = (GOLDEN / "small_corpus.txt").read_text(encoding="utf-8").split()


def _texts(number):
    """Returns documents of one to three paragraphs, all of them different."""
    texts = []
    for i in range(number):
        words = [WORDS[(i * 37 + j * 11) % len(WORDS)] for j in range(5 + i)]
        paragraph = f"Number {i} is here. " + " ".join(words) + "."
        texts.append("\n".join([paragraph] * (1 + i % 3)))
    return texts


def _write_jsonl(path, texts):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        file.write(lines)


def _prepare(*arguments):
    return main(["prepare", "--tokenizer", MODEL, *map(str, arguments)])


def read(corpus, split):
    """Returns (token_ids, sentence_lengths) of a split's documents."""
    dataset = tf.data.TFRecordDataset(corpus.files(split))
    parsed = dataset.map(lambda r: tf.io.parse_single_example(r, FEATURES))
    return [
        (each["token_ids"].tolist(), each["sentence_lengths"].tolist())
        for each in parsed.as_numpy_iterator()
    ]


def test_documents_are_those_of_the_text(tmp_path, small_tokenizer):
    texts = _texts(40)
    _write_jsonl(tmp_path / "a.jsonl.gz", texts)
    status = _prepare(
        tmp_path / "*.gz", "--output", tmp_path / "out", "--held-out", 0.2,
        "--num-shards", 3, "--num-workers", 1, "--splitter", "lines",
    )  # fmt: skip
    assert status == 0
    corpus = Corpus.open(tmp_path / "out")
    found = {split: read(corpus, split) for split in ("train", "heldout")}
    expected = [
        [small_tokenizer.encode(line).ids for line in text.split("\n")]
        for text in texts
    ]
    expected = [(sum(rows, []), [len(r) for r in rows]) for rows in expected]
    assert sorted(found["train"] + found["heldout"]) == sorted(expected)
    assert len(corpus.files("train")) == 3
    for split, documents in found.items():
        assert corpus.num_documents(split) == len(documents) > 0
        tokens = sum(len(ids) for ids, _ in documents)
        assert corpus.splits[split].num_tokens == tokens
    tokenizer = AlbertTokenizer.from_pretrained(tmp_path / "out")
    corpus.check_tokenizer(tokenizer)


def test_sentences_end_as_their_language_ends_them():
    for text in (
        "\u092f\u0939 \u0918\u0930\u0964 \u0935\u0939 \u0928\u0926\u0940\u0964",
        "\u0643\u064a\u0641\u061f \u0647\u0646\u0627",
    ):
        assert len(split_english(text)) == 2, text


@pytest.fixture
def own_module(tmp_path, monkeypatch):
    """A module in the current folder, from where the command is given."""
    source = "def halves(text):\n    return text.split(' and ')\nTABLE = {}\n"
    (tmp_path / "own_splitter.py").write_text(source)
    (tmp_path / "broken_splitter.py").write_text("def halves(text) return 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    sys.modules.pop("own_splitter", None)


def test_splitter_of_the_current_folder(tmp_path, own_module):
    """Workers find it too."""
    assert str(tmp_path) not in sys.path
    _write_jsonl(tmp_path / "a.jsonl", ["one and two and three"] * 9)
    status = _prepare(
        "a.jsonl", "--output", "out", "--splitter", "own_splitter:halves",
        "--num-workers", 2,
    )  # fmt: skip
    assert status == 0
    corpus = Corpus.open(tmp_path / "out")
    documents = read(corpus, "train") + read(corpus, "heldout")
    assert [len(lengths) for _, lengths in documents] == [3] * 9


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("own_splitter:TABLE", "own_splitter has no such function"),
        ("own_splitter:none", "own_splitter has no such function"),
        ("own_splitter", "own_splitter has no such function"),
        ("broken_splitter:halves", "expected .:."),
        ("no_such_module:split", "No module named 'no_such_module'"),
        (".own_splitter:halves", "relative import"),
        ("", "Empty module name"),
    ],
)
def test_no_splitter(own_module, name, reason):
    with pytest.raises(ValueError, match=reason) as error:
        find_splitter(name)
    assert "Expected english, lines, or module:function" in str(error.value)


def test_systems_that_tell_no_affinity(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    (tmp_path / "a.txt").write_text("A text.")
    assert _prepare(tmp_path / "a.txt", "--output", tmp_path / "out") == 0


def _shards(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.tfrecord")}


def test_workers_do_not_show(tmp_path):
    _write_jsonl(tmp_path / "a.jsonl.gz", _texts(60))
    (tmp_path / "b.txt").write_text("\n\n".join(_texts(90)))
    found = []
    for number in (1, 2):
        output = tmp_path / str(number)
        status = _prepare(
            tmp_path / "*.gz", tmp_path / "b.txt", "--output", output,
            "--num-shards", 2, "--num-workers", number,
        )  # fmt: skip
        assert status == 0
        found.append(_shards(output))
        names = {path.name for path in output.iterdir()} - set(found[-1])
        expected = {"corpus.json", "spiece.model", "tokenizer_config.json"}
        assert names == expected
    assert found[0] == found[1] and len(found[0]) == 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b'{"text": "a"}\nnot json\n', "line 2: not JSON"),
        ("a.jsonl", b'{"body": "a"}\n', "--text-field"),
        ("a.txt", b"good\nna\xefve\n", "line 2: not UTF-8"),
        ("a.txt", b"", "No document holds any text"),
        ("a.txt", b" \n\n\t\n", "No document holds any text"),
        ("a.jsonl.gz", b"plain", "Cannot read"),
    ],
)
def test_bad_input(tmp_path, capfd, name, content, message):
    (tmp_path / name).write_bytes(content)
    output = tmp_path / "out"
    status = _prepare(tmp_path / name, "--output", output, "--num-workers", 1)
    (line,) = capfd.readouterr().err.splitlines()
    assert status == 2 and message in line
    assert not output.exists()


def _command(*arguments):
    command = [sys.executable, "-m", "albert_tf.cli", "prepare"]
    return [*command, "--tokenizer", MODEL, *map(str, arguments)]


@pytest.mark.parametrize("num_workers", [1, 2])
def test_full_disk(tmp_path, num_workers):
    """A limit on the size of a file stands for a disk's."""
    _write_jsonl(tmp_path / "a.jsonl", _texts(400))
    output = tmp_path / "folder" / "out"
    found = subprocess.run(
        _command(
            tmp_path / "a.jsonl", "--output", output,
            "--num-workers", num_workers,
        ),
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (100_000, 100_000)
        ),
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert found.returncode == 2, found.stderr
    (line,) = found.stderr.splitlines()
    assert "Cannot write the corpus: File too large. Free some space" in line
    assert list(output.parent.iterdir()) == []


def test_killed(tmp_path):
    """What a kill leaves does not look like a corpus."""
    _write_jsonl(tmp_path / "a.jsonl", _texts(800))
    output = tmp_path / "folder" / "out"
    process = subprocess.Popen(
        _command(tmp_path / "a.jsonl", "--output", output),
        stderr=subprocess.DEVNULL,
    )
    while not list(output.parent.glob(".out.*/out/*.run")):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not output.exists()


def test_no_sentence_end_in_a_megabyte(tmp_path, small_tokenizer):
    (tmp_path / "a.txt").write_text("word " * 200_000)
    output = tmp_path / "out"
    assert _prepare(tmp_path / "a.txt", "--output", output) == 0
    corpus = Corpus.open(output)
    assert corpus.num_documents("train") + corpus.num_documents("heldout") == 1
    counts = [split.num_tokens for split in corpus.splits.values()]
    assert sum(counts) == 200_000 * len(small_tokenizer.encode("word").ids)


@pytest.mark.parametrize("is_file", [False, True])
def test_only_a_corpus_is_replaced(tmp_path, capfd, is_file):
    output = tmp_path / "texts"
    mine = output if is_file else output / "mine.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    (tmp_path / "a.txt").write_text("A text.")
    arguments = [tmp_path / "a.txt", "--output", output, "--overwrite"]
    for options in (arguments, arguments[:-1]):
        assert _prepare(*options) == 2
        (line,) = capfd.readouterr().err.splitlines()
        expected = "is a file" if is_file else "mine.txt and no corpus.json"
        assert expected in line and "Pass --overwrite" not in line
    assert mine.read_text() == "mine"


def test_corpus_or_empty_folder_is_replaced(tmp_path):
    (tmp_path / "a.txt").write_text("A text.")
    output = tmp_path / "out"
    output.mkdir()
    for _ in range(2):
        assert not _prepare(
            tmp_path / "a.txt", "--output", output, "--overwrite",
            "--num-workers", 1,
        )  # fmt: skip
        assert (output / "corpus.json").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num-workers", -1),
        ("num-workers", 0),
        ("num-shards", -1),
        ("seed", 99999999999999999999),
        ("seed", -(1 << 63) - 1),
    ],
)
def test_options_out_of_range(tmp_path, capfd, name, value):
    (tmp_path / "a.txt").write_text("A text.")
    output = tmp_path / "out"
    option = f"--{name}={value}"
    assert _prepare(tmp_path / "a.txt", "--output", output, option) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert f"{name.replace('-', '_')}={value}" in line
    assert not output.exists()
