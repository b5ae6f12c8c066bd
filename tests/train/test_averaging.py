"""`albert finetune --seeds N --average`."""

import json

import numpy as np
import pytest

from albert_tf import AlbertForSequenceClassification
from albert_tf.cli import main
from albert_tf.train.apply import evaluate


def _finetune(model, data, output, *arguments):
    return main(
        [
            "finetune",
            *("--model", str(model), "--train", str(data)),
            *("--output", str(output), "--seeds", "2", "--average"),
            *("--epochs", "1", "--batch-size", "8", "--learning-rate", "1e-3"),
            *arguments,
        ]
    )


def _weights(path):
    return AlbertForSequenceClassification.from_pretrained(path).get_weights()


def test_weights_are_the_mean_of_the_runs(
    classifier_directory, data, tmp_path, capsys
):
    output = tmp_path / "runs"
    arguments = ("--dev", str(data), "--exit-heads", "--max-length", "32")
    assert _finetune(classifier_directory, data, output, *arguments) == 0
    runs = [_weights(output / f"seed-{seed}") for seed in (1, 2)]
    averaged = _weights(output / "average")
    moved = 0.0
    for first, second, mean in zip(*runs, averaged, strict=True):
        np.testing.assert_allclose(mean, (first + second) / 2, atol=1e-6)
        moved += float(np.abs(first - second).sum())
    assert moved > 0
    found = json.loads((output / "seeds.json").read_text())
    score = evaluate(output / "average", data)["accuracy"]
    assert found["average"] == pytest.approx(score)
    assert f"accuracy {score:.4f}" in capsys.readouterr().out
    best = json.loads((output / found["best"] / "result.json").read_text())
    assert best["score"] == max(found["average"], *found["scores"].values())
    table = json.loads((output / "average" / "early_exit.json").read_text())
    assert table["table"][-1]["accuracy"] == pytest.approx(score, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dev", "DATA", "--seeds", "1"], "is of several runs"),
        ([], "no run is trained on"),
    ],
)
def test_runs_without_an_average(
    classifier_directory, data, tmp_path, capsys, arguments, message
):
    given = [str(data) if part == "DATA" else part for part in arguments]
    output = tmp_path / "runs"
    assert _finetune(classifier_directory, data, output, *given) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()


def test_runs_from_scratch_have_no_average(data, tmp_path, capsys):
    rows = ["--train", str(data), "--dev", str(data)]
    output = ["--output", str(tmp_path / "runs")]
    assert main(["finetune", *rows, *output, "--seeds", "2", "--average"]) == 2
    assert "start at the same weights" in capsys.readouterr().err
    assert main(["finetune", *rows, *output, "--average"]) == 2
    assert "is of several runs" in capsys.readouterr().err
