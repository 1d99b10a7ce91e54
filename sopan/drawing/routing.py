"""Chooses a way for every flow so that few cross, and joins the flows to one symbol into one net.

Flows to the same symbol may meet and go on together to its one arrow head, as roads join; flows to different symbols
never share a line. Each net is chosen once, and once more with all others in place; then decisions whose flows still
cross choose the sides of all their answers together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from .grid import Grid, Run
from .matrix import Flow, Matrix, Symbol, by_key
from .ways import Rulers, Way, Ways

CROSSING = 85  # for half a crossing: a run that only ends where another passes may still be laid beside it
NEAR = 3
SHARED_CENTRE = 260


@dataclass(eq=False)
class Routed:
    """A flow with the ways it could take and the one it takes; ``own`` are its runs up to where it joins its net."""

    flow: Flow
    order: tuple[int, int]
    ways: Ways
    way: Way
    own: tuple[Run, ...] = ()
    extra: float = 0.0  # what other flows add to the cost
    side: str = ""  # the side it has to leave by, if its decision says so


@dataclass(eq=False)
class Net:
    """The flows that arrive at one symbol. Points of the net as bits: line -> points, for both directions."""

    target: Symbol
    members: list[Routed]
    x_points: dict[int, int] = field(default_factory=dict)
    y_points: dict[int, int] = field(default_factory=dict)

    def runs(self) -> Iterable[Run]:
        return (run for member in self.members for run in member.own)

    def clear(self) -> None:
        self.x_points.clear()
        self.y_points.clear()

    def add(self, own: Iterable[Run]) -> None:
        for run in own:
            same, other = (self.x_points, self.y_points) if run.vertical else (self.y_points, self.x_points)
            same[run.line] = same.get(run.line, 0) | run.mask
            bit = 1 << run.line
            for at in range(run.lo, run.hi + 1):
                other[at] = other.get(at, 0) | bit

    def touch(self, run: Run) -> int | None:
        """The first point of the net that a run meets on its way."""
        points = (self.x_points if run.vertical else self.y_points).get(run.line)
        if not points:
            return None
        points &= run.mask
        if not points:
            return None
        return (points & -points).bit_length() - 1 if run.rising else points.bit_length() - 1


def route(matrix: Matrix, rulers: Rulers) -> list[Net]:
    """A way for every flow of the matrix, in nets from the top row to the bottom one."""
    grid = Grid(matrix)
    nets = _nets(matrix, grid, rulers)
    for net in nets:
        _choose(net, grid)
    for net in nets:
        grid.occupy(net.runs(), -1)
        _choose(net, grid)
    _decide_together(nets, grid)
    return nets


def _nets(matrix: Matrix, grid: Grid, rulers: Rulers) -> list[Net]:
    symbols = by_key(matrix.symbols)
    found: dict[str, Net] = {}
    for flow in matrix.flows:
        source, target = symbols[flow.source], symbols[flow.target]
        down = target.row - source.row
        possible = Ways(grid, rulers, source, target)
        # Near ones first; a loop before all, so that it does not join its net where it has only just left.
        order = (-1 if not down else 0 if down == 1 else 1 if down > 0 else 2, abs(down))
        member = Routed(flow, order, possible, possible.first())
        found.setdefault(flow.target, Net(target, [])).members.append(member)
    for net in found.values():
        net.members.sort(key=lambda member: member.order)
    return sorted(found.values(), key=lambda net: (min(member.order for member in net.members), net.target.row))


def _choose(net: Net, grid: Grid) -> None:
    """Chooses the ways of a net that is not on the grid, and puts it there."""
    net.clear()
    for member in net.members:
        _take_best(member, net, grid)
        net.add(member.own)
    grid.occupy(net.runs())


def _take_best(member: Routed, net: Net, grid: Grid) -> None:
    best, limit = None, float("inf")
    for way in member.ways:
        if way.cost >= limit:
            break
        if member.side and way.out != member.side:
            continue
        own, extra = _join(way, net), 0.0
        for run in own:
            extra += _friction(run, grid)
            if way.cost + extra >= limit:
                break
        else:
            limit, best = way.cost + extra, (way, own, extra)
    if best is None:  # no way on that side
        member.side = ""
        return _take_best(member, net, grid)
    member.way, member.own, member.extra = best
    return None


def _friction(run: Run, grid: Grid) -> float:
    """What it costs to run beside and across the flows that are there."""
    lo, hi = run.lo, run.hi
    crossed = grid.across[run.vertical][run.line]
    along = grid.along[run.vertical][run.line][lo : hi + 1]
    cost = CROSSING * sum(crossed[lo if run.lo_port else lo + 1 : hi + 1 if run.hi_port else hi])
    if run.line % 2:
        return cost + SHARED_CENTRE * max(along, default=0)
    return cost + NEAR * sum(along)


def _join(way: Way, net: Net) -> tuple[Run, ...]:
    """The runs of a way up to the first point where it meets its net."""
    for place, run in enumerate(way.runs):
        at = net.touch(run)
        if at is not None:
            lo, hi = (run.lo, at) if run.rising else (at, run.hi)
            lo_port, hi_port = run.lo_port and run.rising, run.hi_port and not run.rising
            return (*way.runs[:place], Run(run.vertical, run.line, lo, hi, run.rising, lo_port, hi_port))
    return way.runs


def _decide_together(nets: Sequence[Net], grid: Grid) -> None:
    """A symbol with two or three flows that cross others chooses the sides of all of them at once."""
    leaving: dict[str, list[tuple[Net, Routed]]] = {}
    for net in nets:
        for member in net.members:
            leaving.setdefault(member.flow.source, []).append((net, member))
    for some in leaving.values():
        crossed = any(member.extra >= 2 * CROSSING for _, member in some)
        if crossed and len(some) in (2, 3) and len({id(net) for net, _ in some}) == len(some):
            _try_sides(some, grid)


def _try_sides(some: list[tuple[Net, Routed]], grid: Grid) -> None:
    touched = [net for net, _ in some]
    best = _cost(touched), tuple(member.side for _, member in some)
    for sides in permutations("LRB", len(some)):
        cost = _with_sides(some, sides, grid)
        if cost < best[0] - 1e-6:
            best = cost, sides
    _with_sides(some, best[1], grid)


def _with_sides(some: list[tuple[Net, Routed]], sides: Sequence[str], grid: Grid) -> float:
    for net, _ in some:
        grid.occupy(net.runs(), -1)
    for (net, member), side in zip(some, sides, strict=True):
        member.side = side
        _choose(net, grid)
    return _cost([net for net, _ in some])


def _cost(nets: Sequence[Net]) -> float:
    return sum(member.extra + member.way.cost for net in nets for member in net.members)
