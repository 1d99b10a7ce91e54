"""The drawing cut into the rows of a table on the screen: each row has its own SVG.

A row that grows (larger text, details opened, another font) stays whole: lines that leave a row upwards or downwards go
on far beyond its SVG, and the cell, which holds the SVG in its middle, cuts them off. So the drawing needs no script to
follow the table, and it prints over page breaks.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .layout import Drawing, spans
from .shapes import XY, Placed
from .svg import caption, group, head, hops_of, label_texts, number, path, shape

FAR = 1500.0  # how far a line goes on beyond its row


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the drawing in the row of one step (its place in the procedure), as an SVG that tells nothing to
    screen readers."""

    step: int
    svg: str


State = Callable[[str], str]
Piece = tuple[int, list[XY], bool]  # number of the row, points inside of the row, whether the head belongs to it


def plain(_: str) -> str:
    return ""


def slices(drawing: Drawing, *, state: State = plain, marked: int = -1) -> list[Slice]:
    """The rows of a drawing of a whole procedure. ``state`` names the class of a step's symbol by the step's id;
    ``marked`` is the column to stand out."""
    rows = spans(drawing)
    tops = [row[0] for row in rows]
    paths: list[list[str]] = [[] for _ in rows]
    heads: list[list[str]] = [[] for _ in rows]
    hops = hops_of(drawing)
    for place, arrow in enumerate(drawing.arrows):
        for at, points, last in _pieces(arrow.points, rows):
            over = [(x, y - tops[at]) for x, y in hops.get(place, ())]
            paths[at].append(f'<path d="{path(points, over, head=last)}"/>')
            if last:
                heads[at].append(f'<path d="{head(points)}"/>')
    found = []
    for at, (top, bottom, _, step) in enumerate(rows):
        inside = (
            _rules(drawing, marked)
            + group("flows", paths[at])
            + group("heads", heads[at])
            + _symbols(drawing, top, bottom, state)
        )
        found.append(Slice(step, _svg(drawing.width, bottom - top, inside)))
    return found


def _svg(width: float, height: float, inside: str) -> str:
    w, h = number(width), number(height)
    return f'<svg class="matrix" width="{w}" height="{h}" viewBox="0 0 {w} {h}" aria-hidden="true">{inside}</svg>'


def _rules(drawing: Drawing, marked: int) -> str:
    """The borders of the columns, and the column that stands out."""
    lines = "".join(f"M{number(x)} {-FAR:.0f}V{FAR:.0f}" for x in drawing.lefts[1:-1])
    rules = f'<path class="rules" d="{lines}"/>' if lines else ""
    if marked < 0:
        return rules
    left, right = drawing.lefts[marked : marked + 2]
    size = f'x="{number(left)}" y="{-FAR:.0f}" width="{number(right - left)}" height="{2 * FAR:.0f}"'
    return f'<rect class="mine" {size}/>{rules}'


def _symbols(drawing: Drawing, top: float, bottom: float, state: State) -> str:
    placed = [_moved(one, top) for one in drawing.symbols if top <= one.middle[1] < bottom]
    labels = [label for label in drawing.labels if top <= label.box[1] < bottom]
    moved = [replace(one, box=(one.box[0], one.box[1] - top, one.box[2], one.box[3] - top)) for one in labels]
    size = f' font-size="{number(drawing.style.label)}"'
    return (
        group("symbols", [shape(one, f"{one.symbol.shape} {state(one.symbol.key)}".strip()) for one in placed])
        + group("captions", [caption(one, drawing.style.label, state(one.symbol.key)) for one in placed], size)
        + group("answers", label_texts(moved), size)
    )


def _moved(placed: Placed, up: float) -> Placed:
    return replace(placed, y=placed.y - up)


def _pieces(points: Sequence[XY], rows: Sequence[tuple[float, float, object, int]]) -> Iterator[Piece]:
    """A flow cut at the borders of rows; heights are counted from the top of each row."""
    tops = [row[0] for row in rows]
    at = bisect(tops, points[0][1]) - 1
    piece = [(points[0][0], points[0][1] - tops[at])]
    for x, y in points[1:]:
        goal = bisect(tops, y) - 1
        while at != goal:
            down = goal > at
            height = rows[at][1] - rows[at][0]
            yield at, [*piece, (x, height + FAR if down else -FAR)], False
            at += 1 if down else -1
            height = rows[at][1] - rows[at][0]
            piece = [(x, -FAR if down else height + FAR)]
        piece.append((x, y - tops[at]))
    yield at, piece, True
