"""Symbols that have their place: their borders, and whether something touches them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .matrix import Shape, Symbol

XY = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Placed:
    """A symbol with its rectangle; ``joined`` are the middles of further boxes of the same step in its row."""

    symbol: Symbol
    x: float
    y: float
    width: float
    height: float
    joined: tuple[float, ...] = ()

    @property
    def middle(self) -> XY:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def box(self) -> Box:
        return self.x, self.y, self.x + self.width, self.y + self.height

    def joined_boxes(self) -> list[Box]:
        half = min(self.width, 46) / 2
        return [(x - half, self.y, x + half, self.y + self.height) for x in self.joined]

    def bars(self) -> list[Box]:
        """The dashed lines to the further boxes, as rectangles without height."""
        y = self.middle[1]
        found = []
        for left, _, right, _ in self.joined_boxes():
            if left > self.x:
                found.append((self.x + self.width, y, left, y))
            else:
                found.append((right, y, self.x, y))
        return found

    def border(self, side: str, at: float) -> XY:
        """The point of the border where a line at ``at`` (x for top and bottom, y for left and right) meets it."""
        if side in "TB":
            inset = self._inset_above(at)
            return at, (self.y + inset if side == "T" else self.y + self.height - inset)
        inset = self._inset_beside(at)
        return (self.x + inset if side == "L" else self.x + self.width - inset), at

    def _inset_above(self, x: float) -> float:
        away = abs(x - self.middle[0])
        if self.symbol.shape is Shape.DIAMOND:
            return away * self.height / self.width
        if self.symbol.shape is Shape.CAPSULE:
            return _arc(self.height / 2, away - (self.width - self.height) / 2)
        return 0.0

    def _inset_beside(self, y: float) -> float:
        away = abs(y - self.middle[1])
        if self.symbol.shape is Shape.DIAMOND:
            return away * self.width / self.height
        if self.symbol.shape is Shape.CAPSULE:
            return _arc(self.height / 2, away)
        return 0.0

    def touches(self, box: Box) -> bool:
        """True if the inside of ``box`` and the symbol, its further boxes or its bars share a point."""
        if any(_overlap(box, other) for other in (*self.joined_boxes(), *self.bars())):
            return True
        if self.symbol.shape is not Shape.DIAMOND:
            return _overlap(box, self.box)
        x, y = self.middle
        near_x, near_y = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
        return abs(near_x - x) / (self.width / 2) + abs(near_y - y) / (self.height / 2) < 1 - 1e-9


def _arc(radius: float, away: float) -> float:
    """How far a circle of this radius has bent back at ``away`` from the point where it begins to bend."""
    if away <= 0:
        return 0.0
    return radius - sqrt(max(0.0, radius * radius - away * away))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
