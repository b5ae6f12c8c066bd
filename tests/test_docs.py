"""The Python of the documents runs as printed, and their options exist."""

import pathlib
import re

import pytest

from albert_tf.cli import main
from albert_tf.train.recipes.pretraining import RECIPES
from albert_tf.train.task_file import read_task
from albert_tf.train.tasks.registry import TASKS
from export import arguments
from export.targets import TARGETS

ROOT = pathlib.Path(__file__).parents[1]
TASKS_PAGE = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_script_for_keras(tmp_path, monkeypatch):
    (code,) = re.findall(r"^```python\n(.*?)^```$", TASKS_PAGE, re.M | re.S)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(code, "docs/tasks.md", "exec"), names)
    assert names["history"].history["val_macro_f1"][-1] >= 0
    folder = tmp_path / "build" / "intents_in_keras"
    assert (folder / "model.safetensors").exists()
    assert read_task(folder)["max_length"] == 32


def options_of(commands, capsys):
    """Returns the options that the help of commands lists, `--help` too."""
    taken = set()
    for command in commands:
        with pytest.raises(SystemExit):
            main([command, "--help"])
        text = capsys.readouterr().out
        # Not those that prose speaks of, which may be another command's.
        taken.update(re.findall(r"^  (?:-h, )?(--[a-z][a-z-]+)", text, re.M))
    return taken


def options_named(page):
    """Returns what a page writes as an option."""
    return set(re.findall(r"--[a-z][a-z-]+", page))


def test_every_option_named_is_one(capsys):
    taken = options_of(("finetune", "evaluate", "predict"), capsys)
    assert {"--help", "--max-answer-length"} <= taken
    assert options_named(TASKS_PAGE) - taken == set()


def test_every_option_of_pretraining_is_one(capsys):
    commands = ("tokenizer", "prepare", "pretrain", "finetune")
    taken = options_of(commands, capsys)
    page = (ROOT / "docs" / "pretraining.md").read_text(encoding="utf-8")
    assert options_named(page) - taken == set()
    for recipe in RECIPES:
        assert f"`{recipe}`" in page


def test_every_task_is_named():
    for name in TASKS:
        assert f"`{name}`" in TASKS_PAGE


def test_export_page():
    """Its commands are taken as printed, and it names every choice."""
    page = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python export/to_tflite.py (.*)$", page, re.M)
    assert len(commands) == 4
    parser = arguments.parser()
    for command in commands:
        options = parser.parse_args(command.split())
        for data in (options.calibration, options.evaluate):
            assert data is None or (ROOT / data).exists()
    for target in TARGETS.values():
        for name in (target.name, *target.quantizations):
            assert f"`{name}`" in page
