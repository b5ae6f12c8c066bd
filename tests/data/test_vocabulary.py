"""`albert tokenizer`: from text to a vocabulary that is checked."""

import gzip
import json
import os

import pytest

from albert_tf import AlbertTokenizer
from albert_tf.cli import main
from tests.conftest import GOLDEN

TEXT = (GOLDEN / "small_corpus.txt").read_text(encoding="utf-8")


@pytest.fixture
def command(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as file:
        for paragraph in TEXT.split("\n\n"):
            file.write(json.dumps({"body": paragraph}) + "\n")
    output = str(tmp_path / "out")
    return ["tokenizer", str(tmp_path / "a.txt"), "--output", output]


def test_trains_and_writes(command, tmp_path, capsys):
    assert main([*command, "--vocab-size", "300"]) == 0
    tokenizer = AlbertTokenizer.from_pretrained(tmp_path / "out")
    assert tokenizer.vocab_size == 300
    pieces = [tokenizer.id_to_piece(i) for i in range(5)]
    assert pieces == ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    assert tokenizer.tokenize("(The)")[-1] == ")"
    assert "characters a piece" in capsys.readouterr().out
    assert main(command) == 2
    assert "--overwrite" in capsys.readouterr().err


def test_reads_what_prepare_reads(command, tmp_path):
    inputs = [str(tmp_path / "*.jsonl.gz"), "--text-field", "body"]
    options = ["--vocab-size", "300", "--keep-case", "--user-symbols", "%"]
    assert main(["tokenizer", *inputs, *command[2:], *options]) == 0
    tokenizer = AlbertTokenizer.from_pretrained(tmp_path / "out")
    assert not tokenizer.do_lower_case
    pieces = {tokenizer.id_to_piece(i) for i in range(300)}
    assert "%" in pieces
    assert any(piece.strip("\u2581").istitle() for piece in pieces)


def test_tells_of_accents_that_it_drops(command, tmp_path, capsys):
    text = TEXT.replace("o", "\u00f6")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    command += ["--vocab-size", "300", "--overwrite"]
    assert main(command) == 0
    assert "of the words have accents" in capsys.readouterr().err
    assert main([*command, "--keep-accents"]) == 0
    assert "accents" not in capsys.readouterr().err


def test_bad_input(command, tmp_path, capsys):
    (tmp_path / "latin.txt").write_bytes("d\u00e9j\u00e0 vu".encode("latin-1"))
    for arguments, sentence in (
        ([*command, "--vocab-size", "90000"], "Give more text"),
        ([*command, "--vocab-size", "10"], "alone are 5"),
        ([*command, "--vocab-size", "10"], "Give a larger `vocab_size`"),
        ([*command, "--vocab-size", "0"], "Give a larger `vocab_size`"),
        (["tokenizer", "nowhere*.txt", *command[2:]], "No file matches"),
        (
            ["tokenizer", str(tmp_path / "latin.txt"), *command[2:]],
            "line 1: not UTF-8",
        ),
    ):
        assert main(arguments) == 2
        error = capsys.readouterr().err
        assert sentence in error and "Traceback" not in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["out", "out/below"])
def test_output_that_is_a_file_is_refused_at_once(
    command, tmp_path, capsys, name
):
    (tmp_path / "out").write_text("mine")
    command[3] = str(tmp_path / name)
    assert main([*command, "--overwrite"]) == 2
    error = capsys.readouterr().err
    assert "out is a file. Expected a folder" in error
    assert "training" not in error
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="no /proc here")
@pytest.mark.parametrize("name", ["tok", "folder/tok"])
def test_output_that_cannot_be_written_is_refused_at_once(
    command, capsys, name
):
    command[3] = f"/proc/{name}"
    assert main([*command, "--vocab-size", "300"]) == 2
    error = capsys.readouterr().err
    assert "Cannot write to /proc: " in error
    assert "training" not in error
