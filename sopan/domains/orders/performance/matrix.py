"""Where a procedure is jammed: its steps by actor, coloured by punctuality, with the time that each really takes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sopan.core.model import Procedure, StepKind
from sopan.ui import formats
from sopan.ui.source import attribute

from .figures import StepFigures, tone_of

LEFT, TOP, ROW, WIDTH = 150, 28, 34, 1_180
W, H = 46, 22  # of a box


def short(minutes: int | None, per_day: int) -> str:
    """A time that fits into a box: 12 m, 3,1 j, 12 hk."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return f"{minutes} m"
    if minutes < per_day:
        return f"{formats.number(round(minutes / 60, 1))} j"
    return f"{formats.number(round(minutes / per_day, 1))} hk"


def drawn(proc: Procedure, figures: Sequence[StepFigures], *, per_day: int) -> SafeString:
    """The matrix as SVG: a lane an actor, a box a step, a line from each step to the next."""
    lanes = list(dict.fromkeys(one.actor for one in figures))
    step = (WIDTH - LEFT - 20) / max(1, len(figures))
    at = {
        one.id: (LEFT + (place + 0.5) * step, TOP + lanes.index(one.actor) * ROW + ROW / 2)
        for place, one in enumerate(figures)
    }
    height = TOP + ROW * len(lanes) + 8
    bands = format_html_join(
        "",
        '<rect class="lane" x="0" y="{}" width="{}" height="{}"/><text x="8" y="{}"{}>{}</text>',
        (
            (TOP + p * ROW + 2, WIDTH, ROW - 4, TOP + p * ROW + ROW / 2 + 4, attribute(name), name[:24])
            for p, name in enumerate(lanes)
        ),
    )
    numbers = format_html_join(
        "",
        '<text class="axis" x="{}" y="16" text-anchor="middle">{}</text>',
        ((f"{at[one.id][0]:.1f}", one.no) for one in figures),
    )
    lines = format_html_join("", '<path class="flow" d="{}"/>', ((way,) for way in _ways(figures, at)))
    box = min(W, step - 6)
    kinds = {one.id: one.kind for one in proc.steps}
    boxes = format_html_join(
        "",
        '{}<text class="inside" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                _shape(kinds[one.id], *at[one.id], box, tone_of(one.share)),
                f"{at[one.id][0]:.1f}",
                f"{at[one.id][1] + 4:.1f}",
                short(one.middle, per_day),
            )
            for one in figures
        ),
    )
    return format_html(
        '<svg class="chart matrix" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}{}{}</svg>',
        WIDTH,
        f"{height:.0f}",
        bands,
        numbers,
        lines,
        boxes,
    )


def _ways(figures: Sequence[StepFigures], at: dict[str, tuple[float, float]]) -> list[str]:
    ways = []
    for one, following in zip(figures, figures[1:], strict=False):
        (x1, y1), (x2, y2) = at[one.id], at[following.id]
        middle = (x1 + x2) / 2
        ways.append(f"M{x1:.1f} {y1:.1f}H{middle:.1f}V{y2:.1f}H{x2:.1f}")
    return ways


def _shape(kind: StepKind, x: float, y: float, width: float, tone: str) -> SafeString:
    if kind is StepKind.DECISION:
        w, h = width / 2 + 3, H / 2 + 4
        points = f"{x - w:.1f},{y:.1f} {x:.1f},{y - h:.1f} {x + w:.1f},{y:.1f} {x:.1f},{y + h:.1f}"
        return format_html('<polygon class="{}" points="{}"/>', tone, points)
    round_ = H / 2 if kind in (StepKind.START, StepKind.END) else 3
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        tone,
        f"{x - width / 2:.1f}",
        f"{y - H / 2:.1f}",
        f"{width:.1f}",
        H,
        round_,
    )
