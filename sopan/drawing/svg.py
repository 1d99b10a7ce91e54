"""A drawing as SVG: symbols, arrows and labels. Colours and fonts are the reader's; see the classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from .labels import Label
from .layout import Drawing
from .matrix import Shape
from .shapes import XY, Placed

RADIUS = 3.0  # of a corner; less than half a lane, so that a corner never reaches the next one
HOP = 3.0  # of the small arc where a line passes over another
HEAD = (6.4, 3.2)


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def path(points: Sequence[XY], hops: Iterable[XY] = (), *, head: bool = True) -> str:
    """The path of an arrow: round corners, a small arc over the flows it crosses, short of its head if it has one."""
    x, y = points[0]
    parts = [f"M{number(x)} {number(y)}"]
    for place in range(1, len(points)):
        before, here = points[place - 1], points[place]
        parts += _hops(before, here, hops)
        if place < len(points) - 1:
            parts.append(_corner(before, here, points[place + 1]))
        else:
            sx, sy = _direction(before, here)
            short = 3 if head else 0
            parts.append(f"L{number(here[0] - sx * short)} {number(here[1] - sy * short)}")
    return "".join(parts)


def _direction(a: XY, b: XY) -> tuple[int, int]:
    return (b[0] > a[0]) - (b[0] < a[0]), (b[1] > a[1]) - (b[1] < a[1])


def _corner(before: XY, here: XY, after: XY) -> str:
    (sx, sy), (tx, ty) = _direction(before, here), _direction(here, after)
    length = min(sum(abs(a - b) for a, b in zip(one, here, strict=True)) for one in (before, after))
    r = min(RADIUS, length / 2)
    x, y = here
    start = f"L{number(x - sx * r)} {number(y - sy * r)}"
    return f"{start}Q{number(x)} {number(y)} {number(x + tx * r)} {number(y + ty * r)}"


def _hops(before: XY, here: XY, hops: Iterable[XY]) -> list[str]:
    if before[1] != here[1]:
        return []
    lo, hi = sorted((before[0], here[0]))
    sign = 1 if here[0] > before[0] else -1
    over = sorted(
        (x for x, y in hops if y == here[1] and lo + HOP + RADIUS < x < hi - HOP - RADIUS), key=lambda x: x * sign
    )
    arc = f"a{HOP} {HOP} 0 0 {1 if sign > 0 else 0} {sign * 2 * HOP} 0"
    return [f"L{number(x - sign * HOP)} {number(here[1])}{arc}" for x in over]


def head(points: Sequence[XY]) -> str:
    """The triangle at the end of an arrow."""
    (x, y), (sx, sy) = points[-1], _direction(points[-2], points[-1])
    long, half = HEAD
    back_x, back_y = x - sx * long, y - sy * long
    one = f"{number(back_x - sy * half)} {number(back_y - sx * half)}"
    other = f"{number(back_x + sy * half)} {number(back_y + sx * half)}"
    return f"M{number(x)} {number(y)}L{one}L{other}Z"


def hops_of(drawing: Drawing) -> dict[int, list[XY]]:
    """Number of an arrow -> where it passes over others."""
    found: dict[int, list[XY]] = {}
    for point, across, _ in drawing.crossings:
        found.setdefault(across, []).append(point)
    return found


def shape(placed: Placed, classes: str) -> str:
    """The outline of a symbol with its further boxes."""
    x, y, right, bottom = placed.box
    mx, my = placed.middle
    parts = []
    for left, at, end, _ in placed.bars():
        parts.append(f'<path class="bar" stroke-dasharray="3 2.4" d="M{number(left)} {number(at)}H{number(end)}"/>')
    for a, b, c, d in placed.joined_boxes():
        parts.append(_rect(a, b, c - a, d - b, 1.5, f"{classes} also"))
    kind = placed.symbol.shape
    if kind is Shape.DIAMOND:
        parts.append(_polygon(((mx, y), (right, my), (mx, bottom), (x, my)), classes))
    elif kind is Shape.PENTAGON:
        shoulder = my + 2
        parts.append(_polygon(((x, y), (right, y), (right, shoulder), (mx, bottom), (x, shoulder)), classes))
    else:
        parts.append(
            _rect(x, y, placed.width, placed.height, placed.height / 2 if kind is Shape.CAPSULE else 1.5, classes)
        )
    return "".join(parts)


def _polygon(corners: Sequence[XY], classes: str) -> str:
    return f'<path class="{classes}" d="M{"L".join(f"{number(x)} {number(y)}" for x, y in corners)}Z"/>'


def _rect(x: float, y: float, width: float, height: float, radius: float, classes: str) -> str:
    size = f'width="{number(width)}" height="{number(height)}" rx="{number(radius)}"'
    return f'<rect class="{classes}" x="{number(x)}" y="{number(y)}" {size}/>'


def caption(placed: Placed, size: float, classes: str = "") -> str:
    """The text inside of a symbol."""
    x, y = placed.middle
    drop = size * 0.35 - (2 if placed.symbol.shape is Shape.PENTAGON else 0)
    named = f' class="{classes}"' if classes else ""
    return f'<text{named} x="{number(x)}" y="{number(y + drop)}">{escape(placed.symbol.text)}</text>'


def label_texts(labels: Iterable[Label]) -> list[str]:
    """The labels of flows as text elements."""
    found = []
    for label in labels:
        x, y = label.box[0] + 0.5, label.box[1]
        for place, line in enumerate(label.lines):
            base = y + label.size * (0.85 + 1.15 * place)
            found.append(f'<text x="{number(x)}" y="{number(base)}">{escape(line)}</text>')
    return found


INK = "#1f2937"
# How the parts look on paper. A style sheet may say otherwise: its rules win over these attributes.
_LOOKS = {
    "flows": f'fill="none" stroke="{INK}" stroke-width="1.2"',
    "heads": f'fill="{INK}"',
    "symbols": f'fill="#fff" stroke="{INK}" stroke-width="1.3"',
    "captions": f'fill="{INK}" font-weight="700" text-anchor="middle"',
    "answers": 'fill="#7c2d12" font-weight="700"',
}


def group(part: str, content: Iterable[str], more: str = "") -> str:
    """The elements of one part of the drawing: flows, heads, symbols, captions or answers."""
    return f'<g class="{part}" {_LOOKS[part]}{more}>{"".join(content)}</g>'


def draw(drawing: Drawing, *, captions: bool = True) -> str:
    """All of a drawing. ``captions`` writes the numbers of the steps into their symbols; on paper they are empty."""
    hops = hops_of(drawing)
    size = f' font-size="{number(drawing.style.label)}"'
    named = (Shape.CAPSULE, Shape.PENTAGON)
    return "".join(
        (
            group(
                "flows",
                (f'<path d="{path(one.points, hops.get(place, ()))}"/>' for place, one in enumerate(drawing.arrows)),
            ),
            group("heads", (f'<path d="{head(one.points)}"/>' for one in drawing.arrows)),
            group("symbols", (shape(placed, str(placed.symbol.shape)) for placed in drawing.symbols)),
            group(
                "captions",
                (caption(one, drawing.style.label) for one in drawing.symbols if captions or one.symbol.shape in named),
                size,
            ),
            group("answers", label_texts(drawing.labels), size),
        )
    )
