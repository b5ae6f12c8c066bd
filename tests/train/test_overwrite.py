"""`--overwrite` replaces an earlier run, and nothing else is ever lost."""

import shutil

import pytest

from albert_tf.cli import main
from albert_tf.train.run_folder import RunFolder
from tests.train.test_finetune import _arguments, _error


def _files(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def run(classifier_directory, tmp_path):
    """A copy of a finished run."""
    return shutil.copytree(classifier_directory, tmp_path / "run")


def test_a_folder_without_a_run_is_kept(data, tmp_path, capsys):
    output = tmp_path / "project"
    (output / "logs").mkdir(parents=True)
    (output / "logs" / "mine.txt").write_text("mine")
    before = _files(output)
    arguments = [*_arguments(data, output), "--overwrite"]
    assert "holds no model or run" in _error(arguments, capsys)
    assert _files(output) == before


def test_runs_of_several_seeds_may_be_replaced(tmp_path):
    folder = RunFolder(tmp_path / "run")
    RunFolder(tmp_path / "run" / "seed-1").start({})
    folder.check_writable(is_overwritten=True)
    with pytest.raises(ValueError, match="is not empty"):
        folder.check_writable(is_overwritten=False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weight-decay": "nan"}, "`weight_decay` must be"),
        ({"freeze": "legs"}, "legs"),
    ],
)
def test_a_refused_option_keeps_the_earlier_run(
    data, run, capsys, changes, message
):
    before = _files(run)
    arguments = [*_arguments(data, run, **changes), "--overwrite"]
    assert message in _error(arguments, capsys)
    assert _files(run) == before


def test_smoothing_a_score_keeps_the_earlier_run(run, tmp_path, capsys):
    scores = tmp_path / "scores.tsv"
    scores.write_text("text\tlabel\na\t1\nb\t2\nc\t3\n")
    changes = {"task": "regression", "label-smoothing": 0.1}
    before = _files(run)
    arguments = [*_arguments(scores, run, **changes), "--overwrite"]
    assert "no labels to smooth" in _error(arguments, capsys)
    assert _files(run) == before


def test_what_a_run_starts_from_is_kept(data, run, capsys):
    before = _files(run)
    place = str(run / ".." / "run")
    arguments = _arguments(data, run, model=place, tokenizer=run)
    assert "starts from" in _error([*arguments, "--overwrite"], capsys)
    assert _files(run) == before


def test_predictions_never_replace_a_folder(data, run, capsys):
    before = _files(run)
    arguments = ["predict", "--model", run, "--input", data, "--output", run]
    assert "is a directory" in _error([*arguments, "--overwrite"], capsys)
    assert _files(run) == before
    assert main([str(a) for a in arguments]) == 2


@pytest.mark.parametrize("name", ["seed-2", "seed-9", "average"])
def test_what_seeds_start_from_is_kept(data, run, tmp_path, capsys, name):
    runs = tmp_path / "runs"
    for each in ("seed-1", "seed-2", "seed-9", "average"):
        shutil.copytree(run, runs / each)
        RunFolder(runs / each).start({})
        shutil.copytree(run, runs / each, dirs_exist_ok=True)
    before = _files(runs)
    arguments = _arguments(data, runs, model=runs / name, tokenizer=run)
    arguments.append("--overwrite")
    for more in ([], ["--seeds", 2, "--average"]):
        assert "starts from" in _error([*arguments, *more], capsys)
        assert _files(runs) == before


@pytest.fixture
def runs(run, tmp_path):
    """A run, those of three seeds, their average, and files of the user."""
    folder = shutil.copytree(run, tmp_path / "runs")
    for each in (".", "seed-1", "seed-2", "seed-3", "seed-9", "average"):
        RunFolder(folder / each).start({})
        shutil.copytree(run, folder / each, dirs_exist_ok=True)
    (folder / "seeds.json").write_text("{}")
    for name in ("notes.txt", "seed-2/notes.txt", "seed-9/notes.txt"):
        (folder / name).write_text("mine")
    shutil.copytree(run, folder / "seed-best")
    (folder / "seed-best" / "finetune.json").write_text("{}")
    return folder


@pytest.mark.parametrize("seeds", [0, 2])
def test_no_earlier_run_is_left(data, runs, seeds):
    # The tokenizer of each run is one of those that were there.
    changes = {"tokenizer": runs / "seed-3", "epochs": 1}
    kept = _files(runs / "seed-best")
    arguments = [*_arguments(data, runs, **changes), "--overwrite"]
    arguments += ["--seeds", str(seeds)] if seeds else []
    assert main(arguments) == 0
    models = {
        path.parent.relative_to(runs).as_posix()
        for path in runs.rglob("model.safetensors")
    }
    new = {f"seed-{n + 1}" for n in range(seeds)} if seeds else {"."}
    assert models == {"seed-best", *new}
    assert _files(runs / "seed-best") == kept
    assert (runs / "seeds.json").exists() == bool(seeds)
    assert not (runs / "average").exists()
    tokenizer = {"spiece.model", "tokenizer_config.json"}
    assert {path.name for path in (runs / "seed-3").iterdir()} == tokenizer
    assert [path.name for path in (runs / "seed-9").iterdir()] == ["notes.txt"]
    for name in ("notes.txt", "seed-2/notes.txt"):
        assert (runs / name).read_text() == "mine"


def test_a_refused_option_keeps_the_runs_of_seeds(data, runs, capsys):
    before = _files(runs)
    arguments = _arguments(data, runs, freeze="legs")
    arguments += ["--overwrite", "--seeds", "2"]
    assert main(arguments) == 2
    assert "legs" in capsys.readouterr().err
    assert _files(runs) == before
