"""The report as one page of HTML that loads nothing."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from export import cost_and_gain, report_plots

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em;
  margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; margin: .7em 0; }
th, td { padding: .2em .8em; border-bottom: 1px solid #ddd;
  text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
.note { color: #666; } svg { max-width: 100%; height: auto; }
"""


def page(facts: dict[str, Any]) -> str:
    """Returns the page.

    Args:
        facts: as `export.report` gathers them.
    """
    first = facts["files"][0]
    body = [
        f"<h1>{_text(first['name'])}</h1>",
        f"<p>{_text(facts['task'])} of {_text(facts['model'])}, exported for "
        f"{_text(first['target'])} as {_text(first['quantization'])}.</p>",
        "<h2>Cost and gain</h2>",
        _gain(facts),
        "<h2>All files</h2>",
        _summary(facts),
    ]
    for file in facts["files"]:
        body += _details(file, is_alone=len(facts["files"]) == 1)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{_text(first['name'])}</title><style>{_STYLE}</style>"
        f"</head><body>\n{chr(10).join(body)}\n</body></html>\n"
    )


def _gain(facts: dict[str, Any]) -> str:
    found = facts["cost_and_gain"]
    rows = cost_and_gain.table(found)
    table = _table(cost_and_gain.head(facts), rows) if rows else ""
    notes = ["Score: beside Keras, in float32."] if found["score"] else []
    if found["float32"] is not None:
        notes.append(
            f"The rest: beside {found['float32']}, times and memory with one "
            "thread; x 0.25 is a quarter."
        )
    notes += [found["note"]] if found["note"] else []
    return table + f'<p class="note">{_text(" ".join(notes))}</p>'


def _summary(facts: dict[str, Any]) -> str:
    keras = facts["keras"]
    head = ["", "runtime", "score", "drop", "as Keras", "file MB"]
    head += ["load ms", "ms (tokens)", "peak MB"]
    rows = []
    if keras is not None:
        score = f"{keras['value']:.4f}"
        rows.append(["Keras, float32", "keras", score, *[""] * 6])
    rows += [_summary_row(file) for file in facts["files"]]
    notes = []
    if keras is not None:
        notes.append(
            f"Score: {keras['metric']} on {keras['num_examples']} examples; "
            "drop: below Keras on what the file takes of them; as Keras: "
            "share of equal answers."
        )
    else:
        notes.append("No score: export with --evaluate to have one.")
    notes.append(
        "Times with one thread, median; load and peak: without the "
        "tokenizer, peak above a process with the runtime imported. Measured "
        "on the machine that exported."
    )
    notes += [f"{f['name']}: {f['note']}" for f in facts["files"] if f["note"]]
    lines = "".join(f'<p class="note">{_text(note)}</p>' for note in notes)
    return _table(head, rows) + lines


def _summary_row(file: dict[str, Any]) -> list[str]:
    score, cells = file["score"], ["", "", ""]
    if score is not None:
        same = score["agreement"]
        cells = [f"{score['value']:.4f}", f"{score['drop']:+.4f}"]
        cells.append("" if same is None else f"{same:.1%}")
    times = ["", "", ""]
    if file["measured"]:
        measured = file["measured"][0]
        one = _typical(measured["latencies"])
        peak = measured["peak_bytes"]
        times = [
            f"{measured['load_ms']:.1f}",
            f"{one['median_ms']:.2f} ({one['length']})",
            "" if peak is None else f"{peak / 1e6:.1f}",
        ]
    size = f"{file['file_bytes'] / 1e6:.2f}"
    return [file["name"], file["runtime"], *cells, size, *times]


def _typical(latencies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns the latency of 128 tokens, or of the longest below.

    A file of one length may have none of either.
    """
    short = [one for one in latencies if one["length"] <= 128]
    return (short or latencies[:1])[-1]


def _details(file: dict[str, Any], *, is_alone: bool) -> list[str]:
    title = "" if is_alone else f": {_text(file['name'])}"
    parts = file["bytes_by_part"]
    out = [
        f"<h2>Size{title}</h2>",
        report_plots.bars(
            {name: count / 1e3 for name, count in parts.items()}, "kB"
        ),
    ]
    if file["measured"]:
        out += [f"<h2>Time and memory{title}</h2>", _times(file["measured"])]
        out.append(
            report_plots.lines(
                {
                    f"{m['threads']} thread{'s' * (m['threads'] > 1)}": [
                        (one["length"], one["median_ms"])
                        for one in m["latencies"]
                    ]
                    for m in file["measured"]
                },
                ("tokens", "ms, median"),
            )
        )
    if file["errors_by_depth"]:
        out += [f"<h2>Error by depth{title}</h2>", *_errors(file)]
    return [*out, f"<h2>Operators{title}</h2>", *_operators(file)]


def _times(measured: Sequence[dict[str, Any]]) -> str:
    head = ["threads", "tokens", "median ms", "p95 ms", "load ms", "peak MB"]
    rows = []
    for one in measured:
        peak = one["peak_bytes"]
        rest = [
            f"{one['load_ms']:.1f}",
            "" if peak is None else f"{peak / 1e6:.1f}",
        ]
        for latency in one["latencies"]:
            rows.append(
                [
                    str(one["threads"]),
                    str(latency["length"]),
                    f"{latency['median_ms']:.2f}",
                    f"{latency['p95_ms']:.2f}",
                    *rest,
                ]
            )
            rest = ["", ""]
    return _table(head, rows)


def _errors(file: dict[str, Any]) -> list[str]:
    table = file["errors_by_depth"]
    worst = sorted(table, key=lambda row: -row["added"])[:3]
    listed = ", ".join(f"{row['depth']} ({row['added']:.2%})" for row in worst)
    return [
        '<p class="note">Root mean square of what the hidden states are off '
        "Keras', as a share of Keras' own, on the self-test sentences. Added "
        f"most by depth {listed}.</p>",
        report_plots.lines(
            {
                name: [(row["depth"], 100 * row[name]) for row in table]
                for name in ("added", "total")
            },
            ("depth", "%"),
        ),
    ]


def _operators(file: dict[str, Any]) -> list[str]:
    rows = [
        [
            row["name"],
            *map(str, (row["version"], row["count"])),
            *map(str, (row["in_layer"], row["in_xnnpack"])),
        ]
        for row in file["operators"]
    ]
    needed = file["minimum_runtime"]
    return [
        '<p class="note">In the layer: run at every depth. XNNPACK: how many '
        "it takes, of all, asked one by one in ai-edge-litert."
        + (f" Needs TensorFlow Lite {_text(needed)}." if needed else "")
        + "</p>",
        _table(["", "version", "count", "in the layer", "XNNPACK"], rows),
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{_text(cell)}</th>" for cell in head)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: Any) -> str:
    return html.escape(str(value))
