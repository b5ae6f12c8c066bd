"""Data that several tests train on."""

import pytest

WORDS = {"glad": ["sunny", "lovely"], "sad": ["gloomy", "dreadful"]}


@pytest.fixture
def data(tmp_path):
    """32 rows that a word decides."""
    rows = ["text\tlabel"]
    for label, words in WORDS.items():
        rows += [
            f"{w} day number {i}\t{label}" for i in range(8) for w in words
        ]
    path = tmp_path / "train.tsv"
    path.write_text("\n".join(rows) + "\n")
    return path
