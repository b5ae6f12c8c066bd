"""`albert finetune --exit-heads`."""

import json

from albert_tf import AlbertForSequenceClassification
from albert_tf.cli import main
from tests.conftest import GOLDEN


def _finetune(data, output, *arguments):
    return main(
        [
            "finetune",
            *("--train", str(data), "--dev", str(data)),
            *("--output", str(output), "--preset", "albert_edge_tiny"),
            *("--tokenizer", str(GOLDEN / "small.spiece.model")),
            *("--batch-size", "8", "--learning-rate", "0.002"),
            *arguments,
        ]
    )


def test_measures_what_stopping_costs(data, tmp_path):
    output = tmp_path / "model"
    arguments = ("--exit-heads", "--epochs", "12", "--patience", "12")
    assert _finetune(data, output, *arguments) == 0
    found = json.loads((output / "early_exit.json").read_text())
    table = found["table"]
    assert found["num_layers"] == 3
    assert [row["patience"] for row in table] == [0, 1, 2, 3]
    layers = [row["mean_layers"] for row in table]
    assert layers == sorted(layers)
    assert (layers[0], layers[-1]) == (1.0, 3.0)
    result = json.loads((output / "result.json").read_text())
    assert abs(table[-1]["accuracy"] - result["score"]) < 1e-6
    chosen = table[found["patience"]]
    assert chosen["accuracy"] >= table[-1]["accuracy"] - 0.003
    model = AlbertForSequenceClassification.from_pretrained(output)
    assert model.exit_heads is not None


def test_other_tasks_are_refused(data, tmp_path, capsys):
    sentences = tmp_path / "words.conll"
    sentences.write_text("Zoe B-PER\nran O\n\nBob B-PER\nsat O\n" * 8)
    arguments = ("--exit-heads", "--task", "tagging", "--epochs", "1")
    assert _finetune(sentences, tmp_path / "m", *arguments) == 2
    assert "--exit-heads is for tasks" in capsys.readouterr().err


def test_heads_that_nobody_asks_for_are_left_out(
    data, tmp_path, tiny_config, small_tokenizer
):
    source = AlbertForSequenceClassification(
        tiny_config, labels=["glad", "sad"], exit_heads=True
    )
    source.save_pretrained(tmp_path / "source", small_tokenizer)
    arguments = ("--model", str(tmp_path / "source"), "--epochs", "1")
    arguments += ("--max-length", "32")
    assert _finetune(data, tmp_path / "model", *arguments) == 0
    model = AlbertForSequenceClassification.from_pretrained(tmp_path / "model")
    assert model.exit_heads is None
