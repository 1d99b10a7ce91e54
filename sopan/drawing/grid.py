"""The grid on which flows run, and what already runs there.

Of n columns and m rows: vertical lines 0 … 2n and horizontal lines 0 … 2m. Even lines are channels (at the borders of
columns and rows, 0 and the last being the margins), odd lines are centres. The symbol of row r in column c stands at
(2c + 1, 2r + 1). Channels are closed only by symbols of several columns; the margins and the channels between rows
never, so that there is a way from every symbol to every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .matrix import Matrix, Symbol

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A straight piece of a way on line ``line`` from ``lo`` to ``hi``, both included; symbols are left out.

    ``lo_port`` and ``hi_port`` tell that a symbol follows there; ``rising`` that the way goes from lo to hi.
    """

    vertical: bool
    line: int
    lo: int
    hi: int
    rising: bool
    lo_port: bool = False
    hi_port: bool = False

    @property
    def mask(self) -> int:
        return (2 << self.hi) - (1 << self.lo)


def runs(points: Sequence[Point]) -> tuple[Run, ...]:
    """The straight pieces of a way that begins and ends in the middle of a symbol."""
    found = []
    last = len(points) - 2
    for place in range(last + 1):
        (x1, y1), (x2, y2) = points[place], points[place + 1]
        vertical = x1 == x2
        line, a, b = (x1, y1, y2) if vertical else (y1, x1, x2)
        rising = a < b
        step = 1 if rising else -1
        starts, ends = place == 0, place == last
        a += step if starts else 0
        b -= step if ends else 0
        lo, hi = (a, b) if rising else (b, a)
        found.append(Run(vertical, line, lo, hi, rising, starts if rising else ends, ends if rising else starts))
    return tuple(found)


class Grid:
    """Which points are closed, and how much runs through each: a middle of a run weighs 2, an end 1."""

    def __init__(self, matrix: Matrix) -> None:
        self.width, self.height = 2 * matrix.columns, 2 * len(matrix.rows)
        self.closed_x = [0] * (self.width + 1)  # line -> bits of the closed points on it
        self.closed_y = [0] * (self.height + 1)
        for symbol in matrix.symbols:
            self._close(symbol)
        across, down = range(self.height + 1), range(self.width + 1)
        # How much runs along a line at its points, and how much crosses a line at its points.
        self.along = ([[0] * (self.width + 1) for _ in across], [[0] * (self.height + 1) for _ in down])
        self.across = ([[0] * (self.width + 1) for _ in across], [[0] * (self.height + 1) for _ in down])

    def _close(self, symbol: Symbol) -> None:
        columns = (symbol.first, symbol.last, *symbol.joined)
        y = 2 * symbol.row + 1
        for x in range(2 * min(columns) + 1, 2 * max(columns) + 2):
            self.closed_x[x] |= 1 << y
            self.closed_y[y] |= 1 << x

    def is_free(self, points: Sequence[Point]) -> bool:
        """True if a way through these points meets no symbol but the ones it begins and ends at."""
        last = len(points) - 2
        for place in range(last + 1):
            (x1, y1), (x2, y2) = points[place], points[place + 1]
            if x1 == x2:
                a, b, closed = y1, y2, self.closed_x[x1]
            else:
                a, b, closed = x1, x2, self.closed_y[y1]
            if not closed:
                continue
            mask = (2 << b) - (1 << a) if a < b else (2 << a) - (1 << b)
            if place == 0:
                mask &= ~(1 << a)
            if place == last:
                mask &= ~(1 << b)
            if closed & mask:
                return False
        return True

    def occupy(self, some: Iterable[Run], sign: int = 1) -> None:
        """Counts runs in, or with ``sign`` -1 out again."""
        for run in some:
            along = self.along[run.vertical][run.line]
            crossed = self.across[not run.vertical]
            lo, hi, line = run.lo, run.hi, run.line
            for at in range(lo, hi + 1):
                along[at] += sign
                crossed[at][line] += 2 * sign
            if not run.lo_port:
                crossed[lo][line] -= sign
            if not run.hi_port:
                crossed[hi][line] -= sign
