"""Fine-tuning learns, resumes after a kill, and refuses mistakes."""

import csv
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from albert_tf.cli import main
from albert_tf.train.convert import convert

ROOT = pathlib.Path(__file__).parents[2]
SPIECE = ROOT / "tests" / "golden" / "small.spiece.model"


def _arguments(data, output, **changes):
    options = {
        "train": data,
        "dev": data,
        "output": output,
        "tokenizer": SPIECE,
        "preset": "albert_edge_tiny",
        "epochs": 12,
        "patience": 12,
        "batch-size": 8,
        "learning-rate": 0.002,
        **changes,
    }
    pairs = [(f"--{name}", str(value)) for name, value in options.items()]
    return ["finetune", *(part for pair in pairs for part in pair)]


def _history(output):
    with open(output / "history.csv", newline="") as file:
        return list(csv.DictReader(file))


def _error(arguments, capsys):
    assert main([str(a) for a in arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_learns_32_rows_and_labels_new_ones(data, tmp_path, capsys):
    output = tmp_path / "model"
    assert main(_arguments(data, output)) == 0
    capsys.readouterr()
    arguments = ["--model", str(output), "--data", str(data), "--json"]
    assert main(["evaluate", *arguments]) == 0
    scores = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert scores["accuracy"] >= 0.99
    assert not (output / "state").exists()
    assert list((output / "logs").rglob("events.*"))
    predicted = tmp_path / "predicted.jsonl"
    new = tmp_path / "new.csv"
    new.write_text("text\nwhat a lovely evening\nhow dreadful\n")
    arguments = ["--model", str(output), "--input", str(new)]
    assert main(["predict", *arguments, "--output", str(predicted)]) == 0
    rows = [json.loads(line) for line in predicted.read_text().splitlines()]
    assert [row["label"] for row in rows] == ["glad", "sad"]


def test_rows_are_padded_to_no_more_than_the_positions(data, tmp_path, capsys):
    """20 is no end of a bucket, so that the last one would be longer."""
    output = tmp_path / "model"
    new = tmp_path / "new.csv"
    new.write_text(f"text\n{'what a lovely day it was ' * 9}\n")
    text = data.read_text().replace("number", "number and" + " day" * 30)
    changes = {"max-length": 20, "epochs": 1}
    for name, rows in (("short", data.read_text()), ("long", text)):
        data.write_text(rows)
        arguments = [*_arguments(data, output, **changes), "--overwrite"]
        assert main(arguments) == 0, name
        config = json.loads((output / "config.json").read_text())
        assert config["max_position_embeddings"] == 20
        arguments = ["predict", "--model", output, "--input", new]
        capsys.readouterr()
        assert main([str(a) for a in arguments]) == 0, name
        assert len(capsys.readouterr().out.splitlines()) == 1


def test_dropout_holds_for_a_model_with_weights(
    data, tmp_path, classifier_directory
):
    output = tmp_path / "model"
    changes = {"model": classifier_directory, "epochs": 1, "dropout": 0.2}
    arguments = _arguments(data, output, **changes, **{"max-length": 32})
    assert main(arguments) == 0
    saved = json.loads((output / "config.json").read_text())
    assert saved["hidden_dropout_prob"] == 0.2


@pytest.mark.parametrize("source", ["", "model.ckpt-best"])
def test_a_release_of_google_has_its_tokenizer(
    data, tmp_path, classifier_directory, source, capsys
):
    folder = tmp_path / "google"
    convert(classifier_directory, folder, to="google")
    (folder / "tokenizer_config.json").unlink()
    (folder / "spiece.model").rename(folder / "30k-clean.model")
    changes = {"epochs": 1, "max-length": 32}
    arguments = _arguments(data, tmp_path / "model", **changes)
    at = arguments.index("--tokenizer")
    arguments[at : at + 2] = ["--model", str(folder / source)]
    assert main(arguments) == 0
    assert "best development accuracy" in capsys.readouterr().out
    kept = (tmp_path / "model" / "spiece.model").read_bytes()
    assert kept == (folder / "30k-clean.model").read_bytes()


def test_stops_when_patience_is_over(data, tmp_path):
    output = tmp_path / "model"
    changes = {"learning-rate": 1e-9, "patience": 2}
    assert main(_arguments(data, output, **changes)) == 0
    assert len(_history(output)) == 3


@pytest.mark.slow
def test_goes_on_after_a_kill(data, tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    changes = {"epochs": 6, "seed": 7, "dropout": 0.1}
    assert main(_arguments(data, whole, **changes)) == 0
    command = [sys.executable, "-m", "albert_tf.cli"]
    arguments = _arguments(data, killed, **changes)
    run = subprocess.Popen(
        [*command, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _wait_for(killed / "state" / "epoch-00003", run)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    done = int(sorted((killed / "state").glob("epoch-*"))[-1].name[-5:])
    assert 3 <= done < 6
    subprocess.run(
        [*command, *arguments, "--resume"], check=True, cwd=ROOT, timeout=300
    )
    losses = [
        [float(row["val_loss"]) for row in _history(output)]
        for output in (whole, killed)
    ]
    # The same rows in the same order from the same weights and moments, and
    # the same dropout.
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)


def _wait_for(path, process):
    deadline = time.monotonic() + 300
    while not path.exists():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_resume_with_other_settings_names_them(data, tmp_path, capsys):
    output = tmp_path / "model"
    assert main(_arguments(data, output, epochs=1)) == 0
    capsys.readouterr()
    arguments = _arguments(data, output, epochs=2, seed=9)
    line = _error([*arguments, "--resume"], capsys)
    assert "epochs was 1, is 2; seed was 1, is 9" in line


def test_finished_run_is_not_trained_again(data, tmp_path, capsys):
    output = tmp_path / "model"
    arguments = _arguments(data, output, epochs=1)
    assert main(arguments) == 0
    weights = (output / "model.safetensors").read_bytes()
    assert main([*arguments, "--resume"]) == 0
    assert "nothing to resume: the run ended" in capsys.readouterr().out
    assert (output / "model.safetensors").read_bytes() == weights
    assert main([*arguments, "--overwrite"]) == 0
    assert len(_history(output)) == 1


def test_resume_without_a_run_is_refused(data, tmp_path, capsys):
    arguments = [*_arguments(data, tmp_path / "none"), "--resume"]
    assert "no run to resume" in _error(arguments, capsys)


def test_full_output_is_kept(data, tmp_path, capsys):
    output = tmp_path / "model"
    output.mkdir()
    (output / "mine.txt").write_text("mine")
    assert "is not empty" in _error(_arguments(data, output), capsys)
    assert [path.name for path in output.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dev": "none.tsv"}, "Cannot read none.tsv"),
        ({"label-column": "class"}, "has no column class"),
        ({"task": "sst3"}, "No task is named 'sst3'"),
        ({"task": "sst2"}, "--task sst2 needs --data"),
        ({"epochs": 0}, "`epochs` must be 1 or more"),
        ({"learning-rate": -1}, "`learning_rate` must be above 0"),
        ({"warm-up-rate": 1}, "`warm_up_rate` must be at least 0"),
        ({"preset": "albert_huge"}, "No preset is named 'albert_huge'"),
        ({"max-length": 2}, "`max_length` must be at least 3"),
        ({"tokenizer": "none.model"}, "Cannot read the SentencePiece model"),
        ({"model": "none"}, "No model at none"),
    ],
)
def test_mistakes_end_in_one_line(data, tmp_path, capsys, changes, message):
    output = tmp_path / "model"
    line = _error(_arguments(data, output, **changes), capsys)
    assert message in line
    assert not output.exists()


def test_label_seen_only_in_dev_is_named(data, tmp_path, capsys):
    dev = tmp_path / "dev.tsv"
    dev.write_text("text\tlabel\nlovely\tjoyful\n")
    line = _error(_arguments(data, tmp_path / "model", dev=dev), capsys)
    assert "dev.tsv, line 2: the label 'joyful' is not one" in line


def test_without_dev_a_tenth_is_set_apart(data, tmp_path, capsys):
    arguments = _arguments(data, tmp_path / "model", epochs=1)
    place = arguments.index("--dev")
    assert main(arguments[:place] + arguments[place + 2 :]) == 0
    out = capsys.readouterr().out
    assert "2 training rows are kept to evaluate on" in out
    assert "train: 30 rows (glad 15, sad 15)" in out


@pytest.mark.slow
def test_interrupt_leaves_a_state_to_resume(data, tmp_path):
    output = tmp_path / "model"
    run = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "albert_tf.cli",
            *_arguments(data, output, epochs=2000, patience=2000),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_for(output / "state" / "epoch-00001", run)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 2
    last = errors.strip().splitlines()[-1]
    assert last.startswith("albert: interrupted") and "--resume" in last
    assert "Traceback" not in errors
    assert list((output / "state").glob("epoch-*"))
    assert not list(output.rglob(".*"))


def test_help_and_mistyped_commands_answer_without_tensorflow():
    code = (
        "import sys\nfrom albert_tf.cli import main\n"
        "try: main(['finetune', '--help'])\n"
        "finally: assert 'tensorflow' not in sys.modules"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr
    assert "(default: 32)" in result.stdout
