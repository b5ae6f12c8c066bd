"""What a file cost and won against float32, in figures and in words."""

from __future__ import annotations

from typing import Any


def cost_and_gain(
    file: dict[str, Any], other: dict[str, Any] | None
) -> dict[str, Any]:
    """Returns what a file cost in score, and won in size, speed and memory.

    Args:
        file: facts of the file, as `export.report` gathers them.
        other: those of the same in float32, or None.

    Returns:
        dict of `score`, beside Keras, None where there is none; and, where
        `other` is given and measured, of `file_bytes`, `load_ms`,
        `peak_bytes` and `median_ms`, the last a list by threads and tokens.
        Each of them has `float32`, `file` and `ratio`, the second by the
        first.
    """
    found: dict[str, Any] = {
        "score": _score(file),
        "float32": None if other is None else other["name"],
    }
    if other is None:
        return found
    found["file_bytes"] = _ratio(other["file_bytes"], file["file_bytes"])
    runs = list(zip(other["measured"], file["measured"]))
    for name in ("load_ms", "peak_bytes"):
        found[name] = [
            {"threads": b["threads"], **_ratio(a[name], b[name])}
            for a, b in runs
            if a[name] is not None and b[name] is not None
        ]
    found["median_ms"] = [
        {
            "threads": b["threads"],
            "tokens": two["length"],
            **_ratio(one["median_ms"], two["median_ms"]),
        }
        for a, b in runs
        for one, two in zip(a["latencies"], b["latencies"])
    ]
    return found


def _score(file: dict[str, Any]) -> dict[str, Any] | None:
    score = file["score"]
    if score is None:
        return None
    return {
        "metric": score["metric"],
        "num_examples": score["num_examples"],
        "keras": score["value"] + score["drop"],
        "file": score["value"],
        "drop": score["drop"],
    }


def _ratio(before: float, after: float) -> dict[str, float | None]:
    # A load too short to tell is 0.
    ratio = after / before if before and after else None
    return {"float32": before, "file": after, "ratio": ratio}


def table(found: dict[str, Any]) -> list[list[str]]:
    """Returns rows of name, before, the file, and one beside the other.

    Before is float32, of the score Keras, as its row says. Times and memory
    are those with the fewest threads.

    Args:
        found: as `cost_and_gain` returns it.
    """
    rows = []
    score = found["score"]
    if score is not None:
        values = [f"{score[name]:.4f}" for name in ("keras", "file")]
        change = round(-score["drop"], 4) + 0.0  # No "-0.0000".
        title = f"{score['metric']} (before: Keras)"
        rows.append([title, *values, f"{change:+.4f}"])
    if found["float32"] is None:
        return rows
    rows.append(_row("file, MB", found["file_bytes"], 1e6, 2))
    for name, title, unit in (
        ("load_ms", "load, ms", 1),
        ("peak_bytes", "peak memory, MB", 1e6),
    ):
        rows += [_row(title, one, unit, 1) for one in found[name][:1]]
    times = found["median_ms"]
    rows += [
        _row(f"{one['tokens']} tokens, ms", one, 1, 2)
        for one in times
        if one["threads"] == times[0]["threads"]
    ]
    return rows


def _row(
    title: str, one: dict[str, Any], unit: float, digits: int
) -> list[str]:
    values = [f"{one[n] / unit:.{digits}f}" for n in ("float32", "file")]
    ratio = one["ratio"]
    return [title, *values, "" if ratio is None else f"x {ratio:.2f}"]


def head(facts: dict[str, Any]) -> list[str]:
    """Returns what stands over the columns of `table`.

    Args:
        facts: as `export.report` gathers them.
    """
    return ["", "before", facts["files"][0]["name"], "change"]


def lines(facts: dict[str, Any]) -> list[str]:
    """Returns the table as text, and the note, if any.

    Args:
        facts: as `export.report` gathers them.
    """
    found = facts["cost_and_gain"]
    rows = table(found)
    out = []
    if rows:
        rows = [head(facts), *rows]
        widths = [max(map(len, column)) for column in zip(*rows)]
        out = [
            "  ".join(
                [
                    row[0].ljust(widths[0]),
                    *(c.rjust(n) for c, n in zip(row[1:], widths[1:])),
                ]
            )
            for row in rows
        ]
    return [*out, found["note"]] if found["note"] else out
