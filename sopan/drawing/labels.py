"""Finds a place for the label of every flow: near where it leaves its symbol, clear of everything else.

Where nothing near is free, the row and the column of the symbol are asked to grow; in the corners between the symbol
and the lanes there is then room that no line crosses.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from . import text
from .matrix import Flow
from .shapes import XY, Box, Placed

GAP = 2.5
LINE = 1.15
WIDEST = 56.0
FAR = 100.0
NEAR = 170.0  # all places that are tried lie within this distance


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a box; ``size`` is the type size."""

    flow: Flow
    lines: tuple[str, ...]
    box: Box
    size: float


@dataclass(frozen=True, slots=True)
class Need:
    """Room that a label asks for: so much more height of a row, so much width of a column."""

    row: int
    column: int
    height: float
    width: float


Leaving = tuple[Flow, Sequence[XY], str]  # a flow, its corners, the side where it leaves


def place_labels(
    arrows: Sequence[Leaving],
    symbols: Sequence[Placed],
    *,
    lefts: Sequence[float],
    tops: Sequence[float],
    size: float,
    strict: bool,
) -> tuple[list[Label], list[Need]]:
    """The labels that found a place, and the room that the others need.

    ``strict`` asks for room also where only places are free that are nearer to another flow of the symbol.
    """
    by_key = {placed.symbol.key: placed for placed in symbols}
    found: list[Label] = []
    needs: list[Need] = []
    pieces = [[_thin(a, b) for a, b in zip(points, points[1:], strict=False)] for _, points, _ in arrows]
    lines = [box for some in pieces for box in some]
    for place, (flow, points, side) in enumerate(arrows):
        if not flow.labels:
            continue
        source = by_key[flow.source]
        words = text.wrap(" / ".join(flow.labels), WIDEST, size, True)
        wide, high = max(text.width(line, size, True) for line in words) + 1, len(words) * size * LINE
        cell = (
            lefts[source.symbol.first],
            tops[source.symbol.row],
            lefts[source.symbol.last + 1],
            tops[source.symbol.row + 1],
        )
        near = _Near(points[0], cell, lines, symbols, found, lefts[-1], tops)
        siblings = [
            pieces[other] for other, arrow in enumerate(arrows) if arrow[0].source == flow.source and other != place
        ]
        spots = _spots(points, side, source, wide, high, tops)
        if not strict:
            spots = chain(spots, _anywhere(cell, wide, high))
        box = _best(filter(near.is_free, spots), pieces[place], siblings, strict)
        if box is not None:
            found.append(Label(flow, words, box, size))
        else:
            needs.append(_need(source, wide, high, lefts, strict))
    return found, needs


def _best(free: Iterator[Box], own: Sequence[Box], siblings: Sequence[Sequence[Box]], strict: bool) -> Box | None:
    """The first place that is nearer to its own flow than to others of the same symbol, or else the first."""
    first = None
    for box in free:
        away = min(_distance(box, piece) for piece in own)
        if all(away < _distance(box, piece) for pieces in siblings for piece in pieces[:3]):
            return box
        first = first or box
    return None if strict else first


def _distance(one: Box, other: Box) -> float:
    across = max(other[0] - one[2], one[0] - other[2], 0.0)
    down = max(other[1] - one[3], one[1] - other[3], 0.0)
    return across + down


class _Near:
    """What stands around a point, to ask of many boxes whether they are free."""

    def __init__(
        self,
        at: XY,
        cell: Box,
        pieces: Sequence[Box],
        symbols: Sequence[Placed],
        labels: Sequence[Label],
        width: float,
        tops: Sequence[float],
    ) -> None:
        window = self.window = (
            min(at[0] - NEAR, cell[0]),
            min(at[1] - NEAR, cell[1]),
            max(at[0] + NEAR, cell[2]),
            max(at[1] + NEAR, cell[3]),
        )
        self.lines = [box for box in pieces if _overlap(box, window)]
        self.lines += [label.box for label in labels if _overlap(label.box, window)]
        self.symbols = [placed for placed in symbols if window[1] < placed.box[3] and placed.y < window[3]]
        self.width, self.tops = width, tops

    def is_free(self, box: Box) -> bool:
        """True for a place inside of one row of the table that nothing else uses."""
        left, top, right, bottom = box
        if left < 1 or right > self.width - 1 or top < 1 or not _inside(box, self.window):
            return False
        row = bisect(self.tops, top)
        if row == len(self.tops) or bottom > self.tops[row] - 0.5:
            return False
        for other in self.lines:
            if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                return False
        return not any(placed.touches(box) for placed in self.symbols)


def _spots(
    points: Sequence[XY], side: str, source: Placed, wide: float, high: float, tops: Sequence[float]
) -> Iterator[Box]:
    """Places for a label in the order of preference: beside the first piece, in the corners, further on."""
    x, y = points[0]
    if side in "TB":
        up = side == "T"
        for down in (1.0, 5.0, 9.0):
            top = y - down - high if up else y + down
            yield x + GAP, top, x + GAP + wide, top + high
            yield x - GAP - wide, top, x - GAP, top + high
    else:
        right = side == "R"
        for along in (1.0, 6.0, -6.0, 12.0):
            left = x + along if right else x - along - wide
            yield left, y - 1.5 - high, left + wide, y - 1.5
            yield left, y + 1.5, left + wide, y + 1.5 + high
    yield from _beside(points, wide, high, 40)
    yield from _corners(source, side, wide, high, tops)
    yield from _beside(points, wide, high, FAR)


def _corners(source: Placed, side: str, wide: float, high: float, tops: Sequence[float]) -> Iterator[Box]:
    """The four corners around a symbol in its row, those at the side where the flow leaves first."""
    left, top, right, bottom = source.box
    row = source.symbol.row
    middle = source.middle[0]
    outer = [("R", middle + GAP), ("L", middle - GAP - wide), ("R", right - wide), ("L", left)]
    outer.sort(key=lambda spot: spot[0] != side)
    for upper in (side != "B", side == "B"):
        for _, x in outer:
            for step in range(8):
                away = 1.0 + step * 5
                y = top - away - high if upper else bottom + away
                if tops[row] <= y and y + high <= tops[row + 1]:
                    yield x, y, x + wide, y + high


def _beside(points: Sequence[XY], wide: float, high: float, left: float) -> Iterator[Box]:
    """Along the way, as far as ``left`` from where it begins."""
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        length = abs(x1 - x2) + abs(y1 - y2)
        for part in range(1, int(min(length, left) // 12) + 1):
            x, y = x1 + (x2 - x1) * part * 12 / length, y1 + (y2 - y1) * part * 12 / length
            if y1 == y2:
                yield x - wide / 2, y - 1.5 - high, x + wide / 2, y - 1.5
                yield x - wide / 2, y + 1.5, x + wide / 2, y + 1.5 + high
            else:
                yield x + GAP, y - high / 2, x + GAP + wide, y + high / 2
                yield x - GAP - wide, y - high / 2, x - GAP, y + high / 2
        left -= length
        if left < 12:
            return


def _anywhere(cell: Box, wide: float, high: float) -> Iterator[Box]:
    """All over the cell of a symbol: where it has grown, its corners are free of lines."""
    left, top, right, bottom = cell
    for down in range(int((bottom - top - high) / 4) + 1):
        for along in range(int((right - left - wide) / 5) + 1):
            x, y = left + 1 + along * 5, top + 1 + down * 4
            yield x, y, x + wide, y + high


def _need(source: Placed, wide: float, high: float, lefts: Sequence[float], strict: bool) -> Need:
    """A row that is higher by two labels, and in the end a column that is wider than whatever stands in its middle."""
    column = source.symbol.last
    now = lefts[column + 1] - lefts[column]
    most = max(now, 2 * wide + source.width / 2 + 20) if strict else now + 12
    return Need(source.symbol.row, column, 2 * (high + 3), min(now + 12, most))


def _thin(a: XY, b: XY) -> Box:
    return min(a[0], b[0]) - 0.7, min(a[1], b[1]) - 0.7, max(a[0], b[0]) + 0.7, max(a[1], b[1]) + 0.7


def _inside(one: Box, other: Box) -> bool:
    return other[0] <= one[0] and one[2] <= other[2] and other[1] <= one[1] and one[3] <= other[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
