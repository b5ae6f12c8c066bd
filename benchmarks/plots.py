"""Small pictures of the figures of `python -m benchmarks`, as SVG."""

from pathlib import Path

from albert_tf.files import written_aside
from benchmarks.quantizations import BASE

_OURS, _THEIRS = "#1f6feb", "#8c959f"


def draw(results, folder):
    """Draws what the parts with figures show; returns the files' names."""
    names = []
    for name, draw_part in _PICTURES.items():
        figures = results["parts"].get(name, {}).get("figures")
        if figures:
            figure = draw_part(figures)
            names.append(f"benchmarks_{name}.svg")
            _save(figure, Path(folder) / names[-1])
    return names


def _save(figure, path):
    import matplotlib

    # Letters stay letters, and the same figures give the same file.
    settings = {"svg.fonttype": "none", "svg.hashsalt": path.name}
    with matplotlib.rc_context(settings), written_aside(path) as aside:
        figure.savefig(aside, format="svg", metadata={"Date": None})


def _figure(columns, height=2.2, rows=1):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height * rows), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False).flatten()


def _device(figures):
    names = {"median_ms": "run", "load_ms": "load", "peak_mb": "peak memory"}
    figure, axes = _figure(len(names))
    _ratio_bars(axes, figures, names)
    return figure


def _quantizations(figures):
    names = {"file_mb": "file, MB", "peak_mb": "peak memory, MB"}
    rows = figures["rows"]
    figure, (beside, *axes) = _figure(1 + len(names))
    times = [row["times"] for row in rows.values()]
    _bars(beside, rows, times, f"run, of {BASE}'s")
    for axis, (name, title) in zip(axes, names.items()):
        axis.barh([*rows], [row[name] for row in rows.values()], color=_OURS)
        axis.set_title(title, fontsize="medium")
        axis.invert_yaxis()
        axis.set_yticklabels([])
    return figure


def _training(figures):
    precisions = figures["precisions"]
    figure, axes = _figure(2, rows=len(precisions))
    for number, (precision, found) in enumerate(precisions.items()):
        names = {"step_s": f"{precision}: time", "peak_mb": "peak memory"}
        _ratio_bars(axes[2 * number : 2 * number + 2], found, names)
    return figure


def _ratio_bars(axes, figures, names):
    """Ours as a share of each other's, with the lowest and highest pair."""
    others = [*figures["ratios"]]
    for axis, (name, title) in zip(axes, names.items()):
        ratios = [figures["ratios"][other][name] for other in others]
        _bars(axis, others, ratios, f"{title}, of theirs")
        if axis is not axes[0]:
            axis.set_yticklabels([])


def _bars(axis, names, ratios, title):
    medians = [each["median"] for each in ratios]
    spread = _spread(ratios)
    axis.barh([*names], medians, xerr=spread, color=_OURS, ecolor=_THEIRS)
    axis.axvline(1, color=_THEIRS, linestyle="--")
    axis.set_title(title, fontsize="medium")
    axis.set_xlim(left=0)
    axis.invert_yaxis()


def _spread(values):
    """How far the lowest and the highest are from the medians."""
    return [
        [each["median"] - each["low"] for each in values],
        [each["high"] - each["median"] for each in values],
    ]


def _growth(figures):
    figure, (lengths, counts) = _figure(2, height=3)
    floor = figures["floor"]
    tokens = [int(length) for length in figures["lengths"]]
    for count, rate in floor["multiply_adds_per_s"].items():
        times = [each[count] for each in figures["lengths"].values()]
        line, *_ = lengths.errorbar(
            tokens,
            [time["median"] for time in times],
            yerr=_spread(times),
            fmt="o-",
            label=f"threads: {count}",
        )
        products = [1e3 * n / rate for n in floor["multiply_adds"].values()]
        label = f"floor, threads: {count}"
        color = line.get_color()
        lengths.plot(tokens, products, ":", color=color, label=label)
    lengths.set(xscale="log", yscale="log", xlabel="tokens", ylabel="ms")
    lengths.set_xticks(tokens)
    lengths.set_xticklabels(tokens)
    lengths.minorticks_off()
    for what, label in (("layers", "layers"), ("rows", "rows at once")):
        times = [*figures[what].values()]
        counts.errorbar(
            [*map(int, figures[what])],
            [time["median"] for time in times],
            yerr=_spread(times),
            fmt="o-",
            label=label,
        )
    counts.set(xlabel="layers, or rows", ylabel="ms")
    counts.set_ylim(bottom=0)
    for axis in (lengths, counts):
        axis.legend(fontsize="small")
        axis.grid(alpha=0.3)
    return figure


def _tokenizer(figures):
    figure, (axis,) = _figure(1)
    rows = figures["rows"]
    ratios = [row["ratio"] for row in rows.values()]
    colors = [_THEIRS if name in _NOT_OURS else _OURS for name in rows]
    axis.barh([*rows], ratios, color=colors)
    axis.set_xlabel("speed, of bare SentencePiece")
    axis.invert_yaxis()
    return figure


def _prepare(figures):
    figure, (axis,) = _figure(1, height=2.5)
    rows = figures["rows"]
    workers = [*map(int, rows)]
    speeds = [row["mb_per_s"] for row in rows.values()]
    medians = [each["median"] for each in speeds]
    axis.errorbar(
        workers,
        medians,
        yerr=_spread(speeds),
        fmt="o-",
        color=_OURS,
        label="albert prepare, without its start",
    )
    alone = [count * medians[0] for count in workers]
    label = "as many times one worker"
    axis.plot(workers, alone, ":", color=_THEIRS, label=label)
    axis.set(xlabel="workers", ylabel="MB/s", xticks=workers)
    axis.set_ylim(bottom=0)
    axis.legend(fontsize="small")
    axis.grid(alpha=0.3)
    return figure


_NOT_OURS = ("sentencepiece", "transformers, fast")
_PICTURES = {
    "device": _device,
    "quantizations": _quantizations,
    "growth": _growth,
    "training": _training,
    "tokenizer": _tokenizer,
    "prepare": _prepare,
}
