"""A control chart as plain SVG: points in their order between the lines of mean, ±2 s and ±3 s.

What a point is, is told by its shape, so that the print of a black-and-white printer says it too. As with ``charts``, the
picture is hidden from screen readers, and a table with the same numbers stands beneath it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 320, 96, 60, 16, 34
LEVELS = ((3, "action"), (2, "warning"), (0, "middle"), (-2, "warning"), (-3, "action"))
NAMES = {3: "+3 s", 2: "+2 s", 0: "x̄", -2: "−2 s", -3: "−3 s"}
REACH = 3.6  # standard deviations that are always seen


@dataclass(frozen=True, slots=True)
class Level:
    """Centre and standard deviation, and the label of each line by its z."""

    mean: float
    s: float
    labels: dict[int, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: its value, its label under the axis, the limits by which it is judged and what it is.

    ``kind``: "good", "warn", "bad", or "gone" for one that was withdrawn. ``title``: a remark, shown where it is pointed at,
    and a ring around the point says that there is one.
    """

    value: float
    label: str
    level: Level | None
    kind: str = "good"
    title: str = ""


def draw(marks: Sequence[Mark], *, newest: Level | None) -> SafeString:
    """The chart; nothing for no points. ``newest`` gives the labels of the lines."""
    if not marks:
        return SafeString("")
    low, high = _span(marks, newest)
    step = (WIDTH - LEFT - RIGHT) / len(marks)
    xs = [LEFT + (place + 0.5) * step for place in range(len(marks))]

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        _lines(marks, xs, step, y),
        _labels(newest, y) if newest else SafeString(""),
        _curve(marks, xs, y),
        format_html_join("", "{}", ((_shape(mark, x, y(mark.value)),) for mark, x in zip(marks, xs, strict=True))),
        _names(marks, xs),
    ]
    return format_html(
        '<svg class="chart control" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        WIDTH, HEIGHT, mark_safe("".join(parts)),  # noqa: S308 - each part is built by format_html
    )  # fmt: skip


def _span(marks: Sequence[Mark], newest: Level | None) -> tuple[float, float]:
    """Lowest and highest value that is seen; a point far away is drawn at the edge, not allowed to flatten all others."""
    values = [mark.value for mark in marks if mark.kind != "gone"] or [mark.value for mark in marks]
    ends = [level.mean + z * level.s for level in _levels(marks, newest) for z in (-REACH, REACH)]
    if newest is not None:
        values = [min(max(value, newest.mean - 6 * newest.s), newest.mean + 6 * newest.s) for value in values]
    low, high = min([*values, *ends]), max([*values, *ends])
    if low == high:
        slack = abs(low) * 1e-6 or 1.0
        return low - slack, high + slack
    return low, high


def _levels(marks: Sequence[Mark], newest: Level | None) -> list[Level]:
    found = [mark.level for mark in marks if mark.level is not None]
    return list({id(one): one for one in [*found, *([newest] if newest else [])]}.values())


def _f(value: float) -> str:
    return f"{value:.1f}"


def _runs(marks: Sequence[Mark]) -> Iterator[tuple[Level, int, int]]:
    """Neighbouring points with the same limits."""
    start = 0
    for place in range(1, len(marks) + 1):
        if place == len(marks) or marks[place].level is not marks[start].level:
            if (level := marks[start].level) is not None:
                yield level, start, place - 1
            start = place


def _lines(marks: Sequence[Mark], xs: Sequence[float], step: float, y) -> SafeString:  # type: ignore[no-untyped-def]
    rows = [
        (kind, _f(xs[first] - step / 2), _f(xs[last] + step / 2), _f(y(level.mean + z * level.s)))
        for level, first, last in _runs(marks)
        for z, kind in LEVELS
    ]
    return format_html_join(
        "", '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', ((k, a, b, h, h) for k, a, b, h in rows)
    )


def _labels(level: Level, y) -> SafeString:  # type: ignore[no-untyped-def]
    rows = [(z, y(level.mean + z * level.s)) for z, _kind in LEVELS]
    return format_html_join(
        "",
        '<text class="axis" x="{}" y="{}" text-anchor="end">{}</text><text class="axis" x="{}" y="{}">{}</text>',
        ((LEFT - 6, _f(h + 4), level.labels[z], WIDTH - RIGHT + 6, _f(h + 4), NAMES[z]) for z, h in rows),
    )


def _held(height: float) -> float:
    """Inside of the picture, at its edge where the value lies beyond."""
    return min(max(height, TOP), HEIGHT - BOTTOM)


def _curve(marks: Sequence[Mark], xs: Sequence[float], y) -> SafeString:  # type: ignore[no-untyped-def]
    counted = [(x, _held(y(mark.value))) for mark, x in zip(marks, xs, strict=True) if mark.kind != "gone"]
    return format_html('<polyline class="curve" points="{}"/>', " ".join(f"{_f(x)},{_f(h)}" for x, h in counted))


def _shape(mark: Mark, x: float, height: float) -> SafeString:
    """A disc, a triangle for a warning, a square for a broken rule, a cross for what was withdrawn; a ring where there is a remark."""
    h = _held(height)
    if mark.title:
        ring = format_html('<circle class="late" cx="{}" cy="{}" r="8"/>', _f(x), _f(h))
        return format_html("<g><title>{}</title>{}{}</g>", mark.title, ring, _shape(replace(mark, title=""), x, height))
    if mark.kind == "warn":
        return format_html('<path class="warn" d="M{} {}l6 11h-12z"/>', _f(x), _f(h - 7))
    if mark.kind == "bad":
        return format_html('<rect class="bad" x="{}" y="{}" width="10" height="10"/>', _f(x - 5), _f(h - 5))
    if mark.kind == "gone":
        return format_html('<path class="gone" d="M{} {}l9 9m0 -9l-9 9"/>', _f(x - 4.5), _f(h - 4.5))
    return format_html('<circle class="mark" cx="{}" cy="{}" r="3.8"/>', _f(x), _f(h))


def _names(marks: Sequence[Mark], xs: Sequence[float]) -> SafeString:
    """As many labels as have room, the last one always."""
    every = max(1, -(-len(marks) // 12))
    shown = [place for place in range(len(marks)) if (len(marks) - 1 - place) % every == 0]
    return format_html_join(
        "",
        '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((_f(xs[place]), HEIGHT - 12, marks[place].label) for place in shown),
    )
