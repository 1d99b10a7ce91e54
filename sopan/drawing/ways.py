"""The ways a flow could take: few shapes, as people draw them, in the order of their cost without other flows.

All of them are one vertical line apart from the pieces at the two symbols, or have one or two pieces less. Their costs
are known before their points; points are only made, and looked at for symbols in between, when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .grid import Grid, Point, Run, runs
from .matrix import Symbol

BEND = 34
# Leaving below and arriving above is what a reader expects. Only what goes back up may arrive from below.
OUT_COST = {"B": 0, "L": 4, "R": 4, "T": 0}
IN_COST = {"T": 0, "L": 36, "R": 36, "B": 16}
_STEP = {"T": -1, "B": 1, "L": -1, "R": 1}
_AROUND = 5  # lines to both sides that a way may use, besides the margins


@dataclass(frozen=True, slots=True)
class Rulers:
    """Nominal positions of the lines, to measure lengths before the drawing has its final ones."""

    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, slots=True)
class Port:
    """A side of a symbol and the point of the symbol; ``beside`` is the level where a way from it can first turn."""

    side: str
    upright: bool
    x: int
    y: int
    beside: int


@dataclass(frozen=True, slots=True)
class Way:
    """What a way costs alone, its pieces, and the sides where it leaves and arrives."""

    cost: float
    runs: tuple[Run, ...]
    out: str
    into: str


_Raw = tuple[float, int, Port, Port, int]  # cost, corners, ports, the line x on which it goes up or down


class Ways:
    """All free ways from a symbol to another, cheapest first; there is at least one (see ``grid``)."""

    def __init__(self, grid: Grid, rulers: Rulers, source: Symbol, target: Symbol) -> None:
        self._grid = grid
        self._known: list[Way] = []
        found: list[_Raw] = []
        back = source.row >= target.row
        arrivals = target.ins if back or target.ins == "B" else target.ins.replace("B", "")
        for out in _ports(source, source.outs):
            for into in _ports(target, arrivals):
                if source is not target or out != into:
                    cost = OUT_COST[out.side] + IN_COST[into.side]
                    _add(found, out, into, cost, rulers, grid.width)
        found.sort(key=lambda raw: raw[0])
        self._waiting = iter(found)

    def __iter__(self) -> Iterator[Way]:
        yield from self._known
        for cost, corners, out, into, x in self._waiting:
            points = _points(corners, out, into, x)
            if self._grid.is_free(points):
                way = Way(cost, runs(points), out.side, into.side)
                self._known.append(way)
                yield way

    def first(self) -> Way:
        return next(iter(self))


def _ports(symbol: Symbol, sides: str) -> list[Port]:
    y = 2 * symbol.row + 1
    found = []
    for side in sides:
        if side == "L":
            found.append(Port(side, False, 2 * symbol.first + 1, y, y))
        elif side == "R":
            found.append(Port(side, False, 2 * symbol.last + 1, y, y))
        else:
            found += [Port(side, True, 2 * column + 1, y, y + _STEP[side]) for column in symbol.columns]
    return found


def _add(found: list[_Raw], out: Port, into: Port, cost: float, rulers: Rulers, width: int) -> None:
    """Adds the ways between two ports that leave and arrive through the right sides and have no piece of length zero."""
    beside, before = out.beside, into.beside
    xs, y = rulers.x, rulers.y
    cost += abs(y[out.y] - y[beside]) + abs(y[beside] - y[before]) + abs(y[before] - y[into.y])
    corners = 2 + out.upright + into.upright
    direct = _direct(out, into)
    from_x, to_x = xs[out.x], xs[into.x]
    if direct >= 0:
        found.append((cost + abs(from_x - to_x) + BEND * direct, direct, out, into, -1))
    if beside == before:  # all on one level: no line to choose
        return
    if direct == 2:  # it may turn near the source or near the target
        found.append((cost + abs(from_x - to_x) + BEND * direct + 0.1, direct, out, into, -2))
    cost += BEND * corners
    for x in _verticals(out, into, width):
        found.append((cost + abs(from_x - xs[x]) + abs(xs[x] - to_x), corners, out, into, x))


def _direct(out: Port, into: Port) -> int:
    """Corners of the way without a line of its own to go up or down, -1 if there is none."""
    if out.upright and into.upright:
        faces = (into.y - out.y) * _STEP[out.side] > 0 and out.side != into.side
        if out.x == into.x:
            return 0 if faces else -1
        fits = faces or (out.side == into.side and out.beside == into.beside)
        return 2 if fits else -1
    if out.upright:
        fits = (into.y - out.y) * _STEP[out.side] > 0 and (out.x - into.x) * _STEP[into.side] > 0
        return 1 if fits else -1
    if into.upright:
        fits = (into.x - out.x) * _STEP[out.side] > 0 and (out.y - into.y) * _STEP[into.side] > 0
        return 1 if fits else -1
    return 0 if out.y == into.y and (into.x - out.x) * _STEP[out.side] > 0 and out.side != into.side else -1


def _verticals(out: Port, into: Port, width: int) -> list[int]:
    """The lines on which a way may go up or down: those between, a few to both sides, and the margins.

    A way that leaves or arrives at the left or right must do so from that side.
    """
    lo = max(0, min(out.x, into.x) - _AROUND)
    hi = min(width, max(out.x, into.x) + _AROUND)
    least, most = 0, width
    for port in (out, into):
        if port.side == "L":
            most = min(most, port.x - 1)
        elif port.side == "R":
            least = max(least, port.x + 1)
    found = [0] if lo > 0 and least == 0 else []
    found += range(max(lo, least), min(hi, most) + 1)
    if hi < width and most == width:
        found.append(width)
    return [x for x in found if not (out.upright and x == out.x) and not (into.upright and x == into.x)]


def _points(corners: int, out: Port, into: Port, x: int) -> tuple[Point, ...]:
    start, end = (out.x, out.y), (into.x, into.y)
    if x >= 0:
        leaving = ((out.x, out.beside),) if out.upright else ()
        arriving = ((into.x, into.beside),) if into.upright else ()
        return (start, *leaving, (x, out.beside), (x, into.beside), *arriving, end)
    if corners == 0:
        return start, end
    if corners == 2:
        level = out.beside if x == -1 else into.beside
        return start, (out.x, level), (into.x, level), end
    return start, ((out.x, into.y) if out.upright else (into.x, out.y)), end
