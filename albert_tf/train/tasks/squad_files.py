"""Predictions as the files that SQuAD's scripts and users know."""

from __future__ import annotations

import json
from typing import Any


def as_squad_files(predictions: list[dict[str, Any]]) -> dict[str, str]:
    """Returns the text of each file by its name.

    `predictions.json` has the text for each question's id, empty for no
    answer; `nbest_predictions.json` the best answers with probabilities and
    places; `null_odds.json` how much likelier no answer is, the `--na-prob-
    file` of SQuAD 2.0's script.
    """
    contents: dict[str, dict[str, Any]] = {
        "predictions.json": {p["id"]: p["text"] for p in predictions},
        "nbest_predictions.json": {p["id"]: _nbest(p) for p in predictions},
        "null_odds.json": {p["id"]: p["null_odds"] for p in predictions},
    }
    return {
        name: json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        for name, content in contents.items()
    }


def _nbest(prediction: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the answers, no answer among them where it has a share."""
    answers = list(prediction["nbest"])
    if prediction["null_probability"]:
        none = {"text": "", "probability": prediction["null_probability"]}
        answers.append(none)
        answers.sort(key=lambda answer: -answer["probability"])
    return answers
