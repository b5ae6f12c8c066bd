"""Files appear whole or not at all; commands end in one line."""

import argparse
import os

import pytest

from albert_tf.command import run
from albert_tf.files import written_aside


def test_failure_keeps_what_stood_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before")
    with pytest.raises(RuntimeError), written_aside(path) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_whole_files_and_folders_replace_older_ones(tmp_path):
    for content in ("one", "two"):
        with written_aside(tmp_path / "deep" / "a.txt") as aside:
            aside.write_text(content)
        with written_aside(tmp_path / "folder") as aside:
            aside.mkdir()
            (aside / content).write_text(content)
    assert (tmp_path / "deep" / "a.txt").read_text() == "two"
    assert [p.name for p in (tmp_path / "folder").iterdir()] == ["two"]
    assert {p.name for p in tmp_path.iterdir()} == {"deep", "folder"}


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ValueError, match="Cannot write to .*file"),
        written_aside(tmp_path / "file" / "a.txt"),
    ):
        pass


def test_a_file_replaces_no_folder(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    with (
        pytest.raises(ValueError, match="folder is a directory"),
        written_aside(tmp_path / "folder") as aside,
    ):
        aside.write_text("")
    assert [p.name for p in tmp_path.rglob("*")] == ["folder", "mine.txt"]


def test_a_file_replaces_no_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with (
        pytest.raises(ValueError, match="pipe is a device or a pipe"),
        written_aside(tmp_path / "pipe"),
    ):
        pass
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (None, ""),
        (ValueError("two\n  lines"), "tool: error: two lines\n"),
        (OSError(28, "No space left on device"), "No space left on device\n"),
        (KeyboardInterrupt(), "tool: interrupted"),
    ],
)
def test_failures_are_one_line_and_status_2(failure, line, capsys):
    def main(_):
        if failure is not None:
            raise failure

    status = run(main, argparse.ArgumentParser(prog="tool"), [])
    assert status == (0 if failure is None else 2)
    assert line in capsys.readouterr().err


def test_errors_can_be_raised_for_a_report(monkeypatch):
    def main(_):
        raise ValueError("seen")

    monkeypatch.setenv("ALBERT_TF_TRACEBACK", "1")
    with pytest.raises(ValueError, match="seen"):
        run(main, argparse.ArgumentParser(), [])
