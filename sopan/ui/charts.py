"""Charts as plain SVG, drawn here: no script, no style of their own (``charts.css`` colours them), readable in print.

Each chart stands beside a table with the same numbers; the picture is hidden from screen readers, the table is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .formats import written

Number = Decimal | float | int


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a table of bars: its words, its value, a picture of it, and whatever else the row shows."""

    label: str
    value: Number
    svg: SafeString
    more: Any = None


def _f(value: Number) -> str:
    """A coordinate: as few digits as are seen."""
    return f"{float(value):.1f}".rstrip("0").rstrip(".")


def bar(value: Number, *, most: Number, tone: str = "") -> SafeString:
    """One horizontal bar over its full length. ``tone``: ok, warn, bad or empty."""
    share = max(0.0, min(1.0, float(value) / float(most))) if most else 0.0
    return format_html(
        '<svg class="barline {}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100" height="10" rx="2"/><rect class="fill" width="{}" height="10" rx="2"/></svg>',
        tone,
        _f(share * 100),
    )


def bars(rows: Iterable[tuple[str, Number, Any]], *, most: Number, tones: Any = None) -> list[Bar]:
    """Rows of a table of bars. ``tones`` gives the tone of a value."""
    return [
        Bar(label, value, bar(value, most=most, tone=tones(value) if tones else ""), more)
        for label, value, more in rows
    ]


def spark(values: Sequence[Number | None]) -> SafeString:
    """A small line of a few values, without axes."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = 100 / max(1, len(values) - 1)
    points = [
        (place * step, 26 - (float(value) - low) / span * 22) for place, value in enumerate(values) if value is not None
    ]
    path = " ".join(f"{_f(x)},{_f(y)}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="-3 0 106 30" aria-hidden="true" focusable="false"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2.5"/></svg>',
        path,
        _f(points[-1][0]),
        _f(points[-1][1]),
    )


def line(points: Sequence[tuple[str, Number | None]], *, low: Number = 0, high: Number = 100) -> SafeString:
    """A line over named points on a fixed scale, with the value written at each; a point without a value is a gap."""
    width, height, left, top = 640, 180, 34, 14
    floor = height - 26
    step = (width - left - 20) / max(1, len(points) - 1)

    def y(value: Number) -> float:
        return floor - (float(value) - float(low)) / (float(high) - float(low)) * (floor - top)

    def anchor(x: float) -> str:
        """Texts at the ends stay inside of the drawing."""
        return "start" if x <= left + 10 else "end" if x >= width - 20 else "middle"

    ticks = [float(low) + (float(high) - float(low)) * part / 3 for part in range(4)]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        ((left, width - 8, _f(y(tick)), _f(y(tick)), left - 6, _f(y(tick) + 3.5), _f(round(tick))) for tick in ticks),
    )
    placed = [(left + 10 + place * step, name, value) for place, (name, value) in enumerate(points)]
    runs: list[list[str]] = [[]]
    for x, _name, value in placed:
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{_f(x)},{_f(y(value))}")
    lines = format_html_join("", '<polyline class="curve" points="{}"/>', ((" ".join(run),) for run in runs if run))
    marks = format_html_join(
        "",
        '<circle class="mark" cx="{}" cy="{}" r="3.5"/><text class="value" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_f(x), _f(y(value)), _f(x), _f(y(value) - 8), anchor(x), written(f"{float(value):.2f}"))
            for x, _name, value in placed
            if value is not None
        ),
    )
    names = format_html_join(
        "",
        '<text class="axis" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_f(x), height - 8, anchor(x), name)
            for x, name, _value in placed
            if len(placed) <= 6 or name == placed[0][1] or x == placed[-1][0]
        ),
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}{}{}</svg>',
        width,
        height,
        grid,
        lines,
        marks,
        names,
    )


def columns(rows: Sequence[tuple[str, Sequence[Number]]], *, tones: Sequence[str]) -> SafeString:
    """Stacked columns: for each name one number a tone, from the bottom up."""
    width, height, left, top = 640, 220, 30, 12
    floor = height - 24
    most = max((float(sum(values)) for _name, values in rows), default=0.0) or 1.0
    step = (width - left - 8) / max(1, len(rows))
    parts: list[tuple[str, str, str, str, str]] = []
    for place, (_name, values) in enumerate(rows):
        base = float(floor)
        for tone, value in zip(tones, values, strict=True):
            size = float(value) / most * (floor - top)
            base -= size
            parts.append((tone, _f(left + place * step + step * 0.16), _f(base), _f(step * 0.68), _f(size)))
    drawn = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>', parts)
    names = format_html_join(
        "",
        '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((_f(left + (place + 0.5) * step), height - 8, name) for place, (name, _values) in enumerate(rows)),
    )
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (left, width - 8, _f(floor - part * (floor - top)), _f(floor - part * (floor - top)), left - 6,
             _f(floor - part * (floor - top) + 3.5), _f(round(most * part)))
            for part in (0, 0.5, 1)
        ),
    )  # fmt: skip
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}{}</svg>',
        width,
        height,
        grid,
        drawn,
        names,
    )


def stack(parts: Sequence[tuple[str, Number]]) -> SafeString:
    """One bar of several parts side by side; each part is (tone, size), a part of nothing is left out."""
    total = float(sum(size for _tone, size in parts)) or 1.0
    x, drawn = 0.0, []
    for tone, size in parts:
        share = float(size) / total * 100
        if share:
            drawn.append((tone, _f(x), _f(max(0.0, share - 0.4))))
        x += share
    rects = format_html_join("", '<rect class="{}" x="{}" width="{}" height="14"/>', drawn)
    return format_html(
        '<svg class="barline tall" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>',
        rects,
    )
