"""Every kind of task learns 32 examples, scores them, and labels new ones."""

import csv
import json

import pytest

from albert_tf.cli import main
from tests.train.test_finetune import SPIECE

GLAD = ["sunny", "lovely", "merry", "bright"]
SAD = ["gloomy", "dreadful", "bitter", "bleak"]


def _table(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _regression(folder):
    """More glad words, a higher score."""
    rows = [
        (" ".join([GLAD[i % 4]] * glad + [SAD[i % 4]] * (3 - glad)), glad)
        for i in range(8)
        for glad in range(4)
    ]
    return _table(folder / "train.csv", ["text", "label"], rows)


def _pair(folder):
    """Whether two texts have one mood."""
    rows = [
        (f"a {a} day", f"a {b} night", "same" if same else "other")
        for same, words in (
            (True, zip(GLAD * 2 + SAD * 2, GLAD[::-1] * 2 + SAD[::-1] * 2)),
            (False, zip(GLAD * 2 + SAD * 2, SAD * 2 + GLAD * 2)),
        )
        for a, b in words
    ]
    return _table(folder / "train.csv", ["text", "pair", "label"], rows)


def _tagging(folder):
    """Names of two words are persons; long sentences need windows."""
    blocks = []
    for number in range(32):
        words = ["the", "day", GLAD[number % 4]] * (1 + number % 9)
        rows = [f"{word}\tO" for word in words]
        rows.insert(number % len(rows), "Anna\tB-PER\nBell\tI-PER")
        blocks.append("\n".join(rows) + "\n")
    path = folder / "train.conll"
    path.write_text("-DOCSTART-\tO\n\n" + " \n".join(blocks))
    return path


def _choice(folder):
    """The answer that has the passage's word."""
    rows = [
        (f"it was a {word} day", "how was it ?", *_turned(word, number))
        for number, word in enumerate((GLAD + SAD) * 4)
    ]
    header = ["context", "question", "a", "b", "c", "label"]
    return _table(folder / "train.csv", header, rows)


def _turned(word, number):
    others = [w for w in (SAD if word in GLAD else GLAD) if w != word][:2]
    place = number % 3
    return *others[:place], word, *others[place:], place


CASES = {
    # Equal scores have no rank among them, so that Spearman stays below 1.
    "regression": (_regression, {"metric": "pearson"}, "pearson"),
    "pair": (_pair, {"train-steps": 240}, "accuracy"),
    "tagging": (_tagging, {"max-length": 16}, "f1"),
    "choice": (
        _choice,
        {"choice-columns": "a,b,c", "train-steps": 480},
        "accuracy",
    ),
}


def _finetune(task, train, output, **changes):
    options = {
        "task": task,
        "train": train,
        "dev": train,
        "output": output,
        "tokenizer": SPIECE,
        "preset": "albert_edge_tiny",
        "train-steps": 120,
        "steps-per-evaluation": 60,
        "batch-size": 8,
        "learning-rate": 0.002,
        "max-length": 32,
        **changes,
    }
    pairs = [(f"--{name}", str(value)) for name, value in options.items()]
    return main(["finetune", *(part for pair in pairs for part in pair)])


@pytest.mark.slow
@pytest.mark.parametrize("task", CASES)
def test_learns_32_examples(task, tmp_path, capsys):
    make, changes, metric = CASES[task]
    train, output = make(tmp_path), tmp_path / "model"
    assert _finetune(task, train, output, **changes) == 0
    capsys.readouterr()
    arguments = ["--model", str(output), "--data", str(train), "--json"]
    assert main(["evaluate", *arguments]) == 0
    scores = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert scores["num_examples"] == 32
    assert scores[metric] >= 0.99
    arguments = ["--model", str(output), "--input", str(train)]
    assert main(["predict", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len([json.loads(line) for line in lines]) == 32
