"""What every drawing promises, looked up in the finished coordinates and in nothing that made them."""

from __future__ import annotations

from itertools import combinations

from sopan.drawing.layout import Arrow, Drawing
from sopan.drawing.matrix import Shape
from sopan.drawing.shapes import XY, Box, Placed

CLOSE = 1.0  # lines nearer than this look like one


def broken(drawing: Drawing) -> list[str]:
    """Every promise that the drawing breaks, in words."""
    found = [
        *_through_symbols(drawing),
        *_on_one_line(drawing),
        *_labels(drawing),
        *_loose(drawing),
        *_outside(drawing),
    ]
    return found + _symbols_apart(drawing)


def _pieces(arrow: Arrow) -> list[tuple[XY, XY]]:
    return list(zip(arrow.points, arrow.points[1:], strict=False))


def _through_symbols(drawing: Drawing) -> list[str]:
    """No line comes into a symbol, not even into the one it belongs to; it ends at the border."""
    found = []
    for arrow in drawing.arrows:
        for a, b in _pieces(arrow):
            box = min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
            found += [f"{arrow.flow} through {placed.symbol.key}" for placed in drawing.symbols if _enters(box, placed)]
    return found


def _enters(line: Box, placed: Placed) -> bool:
    left, top, right, bottom = placed.box
    edge = 0.01
    boxes = [*placed.joined_boxes(), *((a, y - 0.1, b, y + 0.1) for a, y, b, _ in placed.bars())]
    if any(_meet(line, (a + edge, t + edge / 9, b - edge, u - edge / 9)) for a, t, b, u in boxes):
        return True
    if placed.symbol.shape is Shape.DIAMOND:
        x, y = placed.middle
        near_x, near_y = min(max(x, line[0]), line[2]), min(max(y, line[1]), line[3])
        return abs(near_x - x) / (placed.width / 2) + abs(near_y - y) / (placed.height / 2) < 0.999
    if placed.symbol.shape is Shape.CAPSULE:  # its corners are round
        inset = placed.height / 2
        left, right = left + inset, right - inset
    return _meet(line, (left + edge, top + edge, right - edge, bottom - edge))


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _on_one_line(drawing: Drawing) -> list[str]:
    """Flows to different symbols never lie on each other, nor so near that they look like one."""
    found = []
    for one, other in combinations(drawing.arrows, 2):
        if one.flow.target == other.flow.target:
            continue
        for a, b in _pieces(one):
            for c, d in _pieces(other):
                if _overlay(a, b, c, d) or _overlay(_turn(a), _turn(b), _turn(c), _turn(d)):
                    found.append(f"{one.flow} and {other.flow} on one line")
    return found


def _overlay(a: XY, b: XY, c: XY, d: XY) -> bool:
    if a[1] != b[1] or c[1] != d[1] or abs(a[1] - c[1]) >= CLOSE:
        return False
    return min(max(a[0], b[0]), max(c[0], d[0])) - max(min(a[0], b[0]), min(c[0], d[0])) > -0.01


def _turn(point: XY) -> XY:
    return point[1], point[0]


def _labels(drawing: Drawing) -> list[str]:
    """Every flow that has an answer shows it once, clear of other labels, of symbols and of lines."""
    found = []
    named = [arrow.flow for arrow in drawing.arrows if arrow.flow.labels]
    if sorted(named, key=str) != sorted((label.flow for label in drawing.labels), key=str):
        found.append("labels are missing")
    for one, other in combinations(drawing.labels, 2):
        if _over(one.box, other.box):
            found.append(f"labels of {one.flow} and {other.flow} overlap")
    for label in drawing.labels:
        found += [f"label of {label.flow} on {one.symbol.key}" for one in drawing.symbols if one.touches(label.box)]
        for arrow in drawing.arrows:
            for a, b in _pieces(arrow):
                if _over(label.box, (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))):
                    found.append(f"label of {label.flow} on the line of {arrow.flow}")
    return found


def _over(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _loose(drawing: Drawing) -> list[str]:
    """Every flow is drawn, level and upright, from the border of its symbol to the border of its target."""
    by_key = {placed.symbol.key: placed for placed in drawing.symbols}
    found = []
    if [arrow.flow for arrow in drawing.arrows if arrow.flow not in drawing.matrix.flows]:
        found.append("an arrow that no flow asked for")
    if {arrow.flow for arrow in drawing.arrows} != set(drawing.matrix.flows):
        found.append("a flow without an arrow")
    for arrow in drawing.arrows:
        for point, key in ((arrow.points[0], arrow.flow.source), (arrow.points[-1], arrow.flow.target)):
            if not _on_border(point, by_key[key]):
                found.append(f"{arrow.flow} does not reach {key}")
        for a, b in _pieces(arrow):
            if (a[0] == b[0]) == (a[1] == b[1]):
                found.append(f"{arrow.flow} has a slanting piece or one of length zero: {a} {b}")
        (x1, y1), (x2, y2) = arrow.points[-2:]
        if abs(x1 - x2) + abs(y1 - y2) < 6:
            found.append(f"{arrow.flow} leaves no room for its arrow head")
    return found


def _on_border(point: XY, placed: Placed) -> bool:
    left, top, right, bottom = placed.box
    x, y = placed.middle
    inside = left - 0.01 <= point[0] <= right + 0.01 and top - 0.01 <= point[1] <= bottom + 0.01
    if placed.symbol.shape is Shape.DIAMOND:
        share = abs(point[0] - x) / (placed.width / 2) + abs(point[1] - y) / (placed.height / 2)
        return abs(share - 1) < 0.01
    if placed.symbol.shape is Shape.CAPSULE:
        radius = placed.height / 2
        centre = min(max(point[0], left + radius), right - radius)
        away = ((point[0] - centre) ** 2 + (point[1] - y) ** 2) ** 0.5
        return inside and abs(away - radius) < 0.01
    at_edge = min(abs(point[0] - left), abs(point[0] - right), abs(point[1] - top), abs(point[1] - bottom)) < 0.01
    return inside and at_edge


def _outside(drawing: Drawing) -> list[str]:
    points = [point for arrow in drawing.arrows for point in arrow.points]
    points += [corner for label in drawing.labels for corner in (label.box[:2], label.box[2:])]
    points += [corner for placed in drawing.symbols for corner in (placed.box[:2], placed.box[2:])]
    inside = all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)
    return [] if inside else ["something stands outside of the table"]


def _symbols_apart(drawing: Drawing) -> list[str]:
    """No two symbols overlap, and each stands in its own row and columns."""
    found = []
    for one, other in combinations(drawing.symbols, 2):
        if one.symbol.row == other.symbol.row and other.touches(one.box):
            found.append(f"{one.symbol.key} and {other.symbol.key} overlap")
    for placed in drawing.symbols:
        symbol = placed.symbol
        left, top, right, bottom = placed.box
        across = drawing.lefts[symbol.first] <= left and right <= drawing.lefts[symbol.last + 1]
        down = drawing.tops[symbol.row] <= top and bottom <= drawing.tops[symbol.row + 1]
        if not (across and down):
            found.append(f"{symbol.key} leaves its cell")
    return found
