"""Files appear whole or not at all; commands end in one line."""

import argparse
import importlib.util
import os
import pathlib
import subprocess
import sys

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


def _write_folder(path, content):
    with written_aside(path) as aside:
        aside.mkdir()
        (aside / content).write_text(content)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_to_a_folder_stays(tmp_path, is_there):
    (tmp_path / "disk").mkdir()
    if is_there:
        (tmp_path / "disk" / "folder").mkdir()
        (tmp_path / "disk" / "folder" / "before").write_text("")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "disk" / "folder")
    _write_folder(link, "after")
    assert link.is_symlink()
    assert [p.name for p in link.iterdir()] == ["after"]
    assert [p.name for p in (tmp_path / "disk").iterdir()] == ["folder"]


def test_a_link_to_itself_is_replaced(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "link")
    with written_aside(tmp_path / "link") as aside:
        aside.write_text("after")
    assert (tmp_path / "link").read_text() == "after"


def test_a_link_to_a_file_is_replaced(tmp_path):
    (tmp_path / "file").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with written_aside(tmp_path / "link") as aside:
        aside.write_text("after")
    assert (tmp_path / "file").read_text() == "before"
    assert (tmp_path / "link").read_text() == "after"


def test_a_mount_point_is_refused_at_once(tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    monkeypatch.setattr(os.path, "ismount", (tmp_path / "disk").samefile)
    for name in ("disk", "link"):
        with (
            pytest.raises(ValueError, match="disk is a mount point"),
            written_aside(tmp_path / name),
        ):
            pytest.fail("The work was begun.")


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_folder_is_put_back(tmp_path, monkeypatch, number, failure):
    """Interrupted when the old one is away, or where the new one cannot be."""
    rename = pathlib.Path.replace
    renamed = []
    target = tmp_path / "folder"
    _write_folder(target, "before")

    def failing(path, to):
        renamed.append(to)
        if number == 1 or len(renamed) != number:
            rename(path, to)
        if len(renamed) == number:
            raise failure

    monkeypatch.setattr(pathlib.Path, "replace", failing)
    with pytest.raises(failure):
        _write_folder(target, "after")
    assert [p.name for p in target.iterdir()] == ["before"]
    assert list(tmp_path.iterdir()) == [target]


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


_NATIVE = """Traceback (most recent call last):
  File "x.py", line 1, in <module>
ImportError: libx.so: cannot open shared object file

Failed to load the native TensorFlow runtime.
"""


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (
            ModuleNotFoundError("No module", name="tensorflow.data"),
            "tensorflow is not installed. Run `pip install '.[train]'` in "
            "albert_tf's folder, or install that package.",
        ),
        (
            ModuleNotFoundError("No module", name="torch.utils"),
            "Keras is to run on torch, which is not installed. Set "
            "KERAS_BACKEND=tensorflow, or install it.",
        ),
        (
            ImportError(_NATIVE),
            "A package is installed and cannot be loaded: libx.so: cannot "
            "open shared object file. Install it again, in a release for "
            "this Python and this machine.",
        ),
    ],
)
def test_packages_that_are_missing_or_broken(failure, line, capsys):
    def main(_):
        raise failure

    assert run(main, argparse.ArgumentParser(prog="tool"), []) == 2
    assert capsys.readouterr().err == f"tool: error: {line}\n"


def test_a_backend_that_is_not_installed_is_one_line(tmp_path):
    pytest.importorskip("keras")
    if importlib.util.find_spec("torch"):
        pytest.skip("torch is installed")
    result = subprocess.run(
        [sys.executable, "-m", "albert_tf.cli", "convert", "x", str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "KERAS_BACKEND": "torch"},
    )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "Keras is to run on torch, which is not installed" in line


def test_errors_can_be_raised_for_a_report(monkeypatch):
    def main(_):
        raise ValueError("seen")

    monkeypatch.setenv("ALBERT_TF_TRACEBACK", "1")
    with pytest.raises(ValueError, match="seen"):
        run(main, argparse.ArgumentParser(), [])
