"""Draws the README's picture from the table in `docs/figures.md`.

python docs/generate/picture.py
"""

import pathlib
import re

DOCS = pathlib.Path(__file__).resolve().parents[1]
OUTPUT = DOCS / "pictures" / "one_layer.svg"
_ROW = re.compile(r"^\| (.+?) \| [\d.]+ \| [\d.]+ \| ([\d.]+)", re.MULTILINE)
_OURS, _THEIRS, _INK, _PALE = "#1f6feb", "#8c959f", "#1f2328", "#d0d7de"
_BARS = {
    "peak memory, MB": "memory",
    "load, ms": "load time",
    "median run, ms": "time of a run",
    "file, MB (without tokenizer)": "file",
}
_LEFT, _SCALE = 470, 210


def figures():
    """Returns {row: ratio to KerasHub} of the first table of the page."""
    page = (DOCS / "figures.md").read_text(encoding="utf-8")
    rows = _ROW.findall(page.split("\n## ")[1])
    return {name: float(ratio) for name, ratio in rows}


def picture():
    """Returns the picture as SVG."""
    parts = [
        _text(110, 28, "usual export", 15, _THEIRS, "middle"),
        _text(310, 28, "albert_tf", 15, _OURS, "middle"),
        *_stack(),
        *_loop(),
        *_bars(),
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 340" '
        'width="800" height="340" font-family="Helvetica, Arial, sans-serif">\n'
        '<rect width="800" height="340" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _stack():
    """The layer written out twelve times."""
    for depth in range(12):
        y = 262 - 19 * depth
        yield _box(40, y, 140, 16, _THEIRS)
        yield _text(110, y + 12, f"layer, copy {depth + 1}", 10, "#ffffff")
    yield _text(110, 304, "weights packed 12 times", 13, _INK)


def _loop():
    """The layer once, with an arrow from its output to its input."""
    yield _box(240, 138, 140, 40, _OURS)
    yield _text(310, 163, "one layer", 14, "#ffffff")
    yield (
        '<path d="M310 138 V96 H412 V220 H310 V188" fill="none" '
        f'stroke="{_OURS}" stroke-width="3"/>'
    )
    yield f'<path d="M303 190 L310 178 L317 190 Z" fill="{_OURS}"/>'
    yield _text(360, 88, "12 times", 13, _OURS)
    yield _text(310, 304, "weights packed once", 13, _INK)


def _bars():
    values = figures()
    y = 40
    for row, title in _BARS.items():
        yield _text(_LEFT, y, title, 13, _INK, "start")
        # Ratios of runs in turn: times alone tell how busy the machine was.
        for value, colour in ((values[row], _OURS), (1.0, _THEIRS)):
            y += 8
            width = _SCALE * value
            yield _box(_LEFT, y, width, 14, colour)
            shown = f"{value:g}"
            yield _text(_LEFT + width + 6, y + 12, shown, 12, _INK, "start")
            y += 10
        y += 33
    note = "Ratios; ALBERT-base, int8, 128 tokens, two threads;"
    yield _text(_LEFT, 312, note, 11, _THEIRS, "start")
    note = "grey: KerasHub through TensorFlow's converter"
    yield _text(_LEFT, 328, note, 11, _THEIRS, "start")


def _box(x, y, width, height, colour):
    return (
        f'<rect x="{x}" y="{y}" width="{width:.0f}" height="{height}" '
        f'rx="3" fill="{colour}"/>'
    )


def _text(x, y, text, size, colour, anchor="middle"):
    return (
        f'<text x="{x:.0f}" y="{y}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{text}</text>'
    )


if __name__ == "__main__":
    OUTPUT.write_text(picture(), encoding="utf-8")
