"""`--overwrite` replaces earlier runs, and nothing else is ever lost."""

import shutil

import pytest

from albert_tf.cli import main
from albert_tf.train import seeds
from albert_tf.train.earlier_runs import remove_other_runs
from albert_tf.train.options import FineTuneOptions
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


@pytest.mark.parametrize(
    "name",
    [
        "seed-2",
        "seed-9",
        "average",
        "seed-9/tf_model.h5",
        "seed-9/model.ckpt-best",
    ],
)
def test_what_seeds_start_from_is_kept(data, run, tmp_path, capsys, name):
    runs = tmp_path / "runs"
    for each in ("seed-1", "seed-2", "seed-9", "average"):
        shutil.copytree(run, runs / each)
        RunFolder(runs / each).start({})
        shutil.copytree(run, runs / each, dirs_exist_ok=True)
    for file in ("tf_model.h5", "model.ckpt-best.index"):
        (runs / "seed-9" / file).write_bytes(b"")
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
    shutil.copytree(run, folder / "seed-2" / "average")
    (folder / "seed-2" / "average" / "finetune.json").write_text("{}")
    return folder


@pytest.mark.parametrize("num_seeds", [0, 2])
def test_no_earlier_run_is_left(data, runs, num_seeds):
    # The tokenizer of each run is one of those that were there.
    changes = {"tokenizer": runs / "seed-3", "epochs": 1}
    kept = _files(runs / "seed-best")
    arguments = [*_arguments(data, runs, **changes), "--overwrite"]
    arguments += ["--seeds", str(num_seeds)] if num_seeds else []
    assert main(arguments) == 0
    models = {
        path.parent.relative_to(runs).as_posix()
        for path in runs.rglob("model.safetensors")
    }
    new = {f"seed-{n + 1}" for n in range(num_seeds)} or {"."}
    assert models == {"seed-best", "seed-2/average", *new}
    assert _files(runs / "seed-best") == kept
    assert (runs / "seeds.json").exists() == bool(num_seeds)
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


def test_files_beside_the_runs_of_seeds_are_kept(tmp_path):
    RunFolder(tmp_path / "seed-1").start({})
    (tmp_path / "logs").mkdir()
    for name in ("logs/mine.txt", "config.json"):
        (tmp_path / name).write_text("mine")
    before = _files(tmp_path)
    remove_other_runs(tmp_path, tmp_path / "seed-1")
    assert _files(tmp_path) == before


def test_links_to_runs_stay(tmp_path):
    runs, disk = tmp_path / "runs", tmp_path / "disk"
    for folder in (runs / "seed-1", disk):
        RunFolder(folder).start({})
    (runs / "seed-8").symlink_to("seed-1")
    (runs / "seed-9").symlink_to(disk)
    before = _files(runs / "seed-1")
    remove_other_runs(runs, runs / "seed-1")
    assert _files(runs / "seed-1") == before
    assert (runs / "seed-9").is_symlink()
    assert not list(disk.iterdir())


@pytest.fixture
def begun(monkeypatch):
    """What seeds are asked to run, instead of running them."""
    asked = []

    def finetune(options, *, root=None, is_checked=False):
        asked.append((options.seed, options.resume, root, is_checked))
        return 0.5

    monkeypatch.setattr(seeds, "finetune", finetune)
    return asked


def test_only_a_first_seed_replaces_earlier_runs(tmp_path, begun):
    RunFolder(tmp_path / "seed-1").start({})
    options = FineTuneOptions(output=str(tmp_path), resume=True)
    seeds.finetune_seeds(options, 2)
    assert begun == [(1, True, None, True), (2, False, None, True)]
    begun.clear()
    options = FineTuneOptions(output=str(tmp_path), overwrite=True)
    seeds.finetune_seeds(options, 2)
    assert begun == [(1, False, str(tmp_path), True), (2, False, None, True)]


@pytest.mark.parametrize(
    ("file", "model", "message"),
    [
        ("seed-2/config.json", "some", "seed-2 is not empty"),
        ("seed-2/notes.txt", "seed-2", "starts from"),
        ("average/model.safetensors", "average", "starts from"),
        ("average/logs/mine.txt", "some", "holds no model or run"),
    ],
)
def test_resumed_seeds_replace_nothing_else(
    tmp_path, begun, file, model, message
):
    RunFolder(tmp_path / "seed-1").start({})
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("mine")
    options = FineTuneOptions(
        output=str(tmp_path), model=str(tmp_path / model), resume=True
    )
    with pytest.raises(ValueError, match=message):
        seeds.finetune_seeds(options, 2, is_averaged=True)
    assert not begun


def test_an_average_is_made_again(tmp_path, begun, monkeypatch):
    monkeypatch.setattr(seeds, "average_runs", lambda *given: 0.7)
    for name in ("seed-1", "seed-2", "average"):
        RunFolder(tmp_path / name).start({})
    options = FineTuneOptions(output=str(tmp_path), model="some", resume=True)
    result = seeds.finetune_seeds(options, 2, is_averaged=True)
    assert result["average"] == 0.7 and len(begun) == 2
