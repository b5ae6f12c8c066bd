"""Plots as inline SVG."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

_COLOURS = ("#2563a8", "#c2571a", "#3f8f4f", "#8453a8")
_WIDTH, _HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 34, 44


def bars(values: Mapping[str, float], unit: str) -> str:
    """Returns a horizontal bar for each value.

    Args:
        values: dict of name to float >= 0.
        unit: str, behind every number.
    """
    largest = max([*values.values(), 1e-9])
    rows = []
    for index, (name, value) in enumerate(values.items()):
        y = 24 * index
        width = 340 * value / largest
        rows.append(
            f'<text x="150" y="{y + 16}" text-anchor="end">'
            f"{html.escape(name)}</text>"
            f'<rect x="160" y="{y + 4}" width="{width:.1f}" height="16" '
            f'fill="{_COLOURS[0]}"/>'
            f'<text x="{166 + width:.1f}" y="{y + 16}">{value:,.1f} '
            f"{html.escape(unit)}</text>"
        )
    return _svg("".join(rows), 24 * len(values) + 8)


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    axes: tuple[str, str],
) -> str:
    """Returns lines through points, from zero up.

    Args:
        series: dict of name to (x, y) pairs in order of x.
        axes: names of x and y.
    """
    points = [point for line in series.values() for point in line]
    low = min(x for x, _ in points)
    high = max(x for x, _ in points)
    top = max(y for _, y in points) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - low) / ((high - low) or 1)
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - y / top * (_HEIGHT - _TOP - _BOTTOM),
        )

    drawn = [_frame(place, sorted({x for x, _ in points}), top, axes)]
    for index, (name, line) in enumerate(series.items()):
        drawn.append(_line([place(*p) for p in line], name, index))
    return _svg("".join(drawn), _HEIGHT)


def _frame(place, ticks, top, axes) -> str:
    out = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = place(ticks[0], share * top)
        out.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" '
            f'y2="{y:.1f}" stroke="#ddd"/>'
            f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">'
            f"{share * top:.3g}</text>"
        )
    last = -1e9
    for tick in ticks:
        x, y = place(tick, 0)
        if x - last > 24:  # Close numbers would overlap.
            last = x
            out.append(
                f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">'
                f"{tick:g}</text>"
            )
    across = (_LEFT + _WIDTH - _RIGHT) / 2
    out.append(
        f'<text x="{across}" y="{_HEIGHT - 6}" text-anchor="middle">'
        f"{html.escape(axes[0])}</text>"
        f'<text x="6" y="16">{html.escape(axes[1])}</text>'
    )
    return "".join(out)


def _line(points, name: str, index: int) -> str:
    colour = _COLOURS[index % len(_COLOURS)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        for x, y in points
    )
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="2"/>{dots}<text x="{160 + 130 * index}" y="16" '
        f'fill="{colour}">{html.escape(name)}</text>'
    )


def _svg(content: str, height: int) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img" font-size="12" '
        f'font-family="system-ui, sans-serif" fill="#222">{content}</svg>'
    )
