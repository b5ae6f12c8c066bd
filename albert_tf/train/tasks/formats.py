"""Predictions as the text of a file."""

from __future__ import annotations

import json
from typing import Any


def as_json_lines(predictions: list[dict[str, Any]]) -> str:
    """Returns each prediction as a line of JSON."""
    return "".join(
        json.dumps(prediction, ensure_ascii=False) + "\n"
        for prediction in predictions
    )


def as_tsv(predictions: list[dict[str, Any]]) -> str:
    """Returns a table with a header: plain values, one column each.

    Values that are objects, as the probabilities of labels, are spread over
    columns; lists are left out. White space inside a value becomes a space,
    since the format has no quoting.
    """
    rows = [_flat(prediction) for prediction in predictions]
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(
        "\t".join(" ".join(str(value).split()) for value in line) + "\n"
        for line in lines
    )


def _flat(prediction):
    row = {}
    for name, value in prediction.items():
        if isinstance(value, dict):
            row.update({f"{name}.{k}": v for k, v in value.items()})
        elif not isinstance(value, list):
            row[name] = "" if value is None else value
    return row
