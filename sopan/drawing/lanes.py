"""Lays the wires of one line beside each other, in the order in which fewest cross."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

from .wires import Wire

PASSES = 2


def lay(wires: Sequence[Wire], *, pitch: float, last_x: int, last_y: int) -> None:
    """Gives every wire its offset from its line; wires of different nets that overlap get different ones.

    A single wire in a channel stands half a lane beside the border of the cells, so that it never covers it; in the
    margins it stands inside of the table.
    """
    lines: dict[tuple[bool, int], list[Wire]] = {}
    for wire in wires:
        lines.setdefault((wire.vertical, wire.line), []).append(wire)
    groups = [(key, _groups(some)) for key, some in sorted(lines.items(), key=lambda item: item[0])]
    for _ in range(PASSES):
        for (vertical, line), parts in groups:
            side = 1 if line == 0 else -1 if line == (last_x if vertical else last_y) else 0
            for part in parts:
                _place(part, line, side, pitch)


def _groups(some: Sequence[Wire]) -> list[list[Wire]]:
    """Wires of one line that overlap, directly or through others."""
    found: list[list[Wire]] = []
    reach = -1
    for wire in sorted(some, key=lambda wire: (wire.lo, wire.hi, wire.net)):
        if wire.lo > reach:
            found.append([])
        found[-1].append(wire)
        reach = max(reach, wire.hi)
    return found


def _place(part: list[Wire], line: int, side: int, pitch: float) -> None:
    lanes = _lanes(_ordered(part)) if len(part) > 1 else [0]
    count = max(lanes) + 1
    for wire, lane in zip(part, lanes, strict=True):
        if line % 2:
            wire.offset = (lane - (count - 1) / 2) * pitch
        elif side:
            wire.offset = (lane + 0.5) * pitch if side > 0 else (lane - count + 0.5) * pitch
        else:
            wire.offset = (lane - count // 2 + 0.5) * pitch


def _ordered(part: list[Wire]) -> list[Wire]:
    """Sorts ``part`` in place so that few of its wires cross, and returns it."""
    if len(part) <= 1:
        return part
    ends = [wire.ends() for wire in part]
    turns = [[(other.where(), side) for other, side in wire.branches] for wire in part]
    count = len(part)
    cost = [[_crossings(turns[a], ends[b], turns[b], ends[a]) for b in range(count)] for a in range(count)]
    if count <= 4:
        orders: list[tuple[int, ...]] = list(permutations(range(count)))
        cheapest = min(orders, key=lambda order: _total(order, cost))
        best = list(cheapest)
    else:
        best = _improved(range(count), cost)
    part[:] = [part[place] for place in best]
    return part


Turns = Sequence[tuple[float, int]]


def _crossings(left: Turns, right_ends: tuple[float, float], right: Turns, left_ends: tuple[float, float]) -> float:
    """How often two wires cross if ``left`` lies before ``right``."""
    lo, hi = right_ends
    found = sum(1 for at, side in left if side > 0 and lo < at < hi)
    lo, hi = left_ends
    return found + sum(1 for at, side in right if side < 0 and lo < at < hi)


def _total(order: Sequence[int], cost: Sequence[Sequence[float]]) -> float:
    return sum(cost[a][b] for place, a in enumerate(order) for b in order[place + 1 :])


def _improved(order: Iterable[int], cost: Sequence[Sequence[float]]) -> list[int]:
    """Each wire in turn goes to its best place among the others, until none moves."""
    best = list(order)
    for _ in range(3):
        moved = False
        for one in list(best):
            rest = [other for other in best if other != one]
            spots = [[*rest[:at], one, *rest[at:]] for at in range(len(rest) + 1)]
            better = min(spots, key=lambda spot: _total(spot, cost))
            if _total(better, cost) < _total(best, cost):
                best, moved = better, True
        if not moved:
            break
    return best


def _lanes(part: Sequence[Wire]) -> list[int]:
    """The number of the lane of each wire: after all before it that it overlaps; wires of one net may share one."""
    lanes: list[int] = []
    for place, wire in enumerate(part):
        before = [
            lanes[other] + (part[other].net != wire.net)
            for other in range(place)
            if part[other].lo <= wire.hi and wire.lo <= part[other].hi
        ]
        lanes.append(max(before, default=0))
    return lanes
