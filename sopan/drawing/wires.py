"""The nets as wires: each straight piece once, however many flows go over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .grid import Run
from .matrix import Flow
from .routing import Net, Routed

BAND = 1000  # a line has room for offsets of less than half of this; positions on different lines never mix
PORT = 600  # a port is nearer to its symbol than any lane of the channel beside it


@dataclass(eq=False)
class Wire:
    """A straight piece of a net on one line of the grid, with what turns off from it.

    ``lo`` and ``hi`` are grid points; ``next`` is the wire that leads on to the target; ``ports`` tells which ends are
    at a symbol: (lo, hi). ``branches`` are the wires that meet it with the side they lie on: -1 lower, 1 higher.
    """

    net: int
    vertical: bool
    line: int
    lo: int
    hi: int
    ports: tuple[bool, bool]
    next: Wire | None = None
    branches: list[tuple[Wire, int]] = field(default_factory=list)
    offset: float = 0.0

    def where(self) -> float:
        """A number that orders all positions of one direction."""
        return self.line * BAND + self.offset

    def ends(self) -> tuple[float, float]:
        """Where it begins and ends along its line, in the numbers of ``where``."""
        met = [wire.where() for wire, _ in self.branches]
        if self.ports[0]:
            met.append(self.lo * BAND - PORT)
        if self.ports[1]:
            met.append(self.hi * BAND + PORT)
        return min(met), max(met)


@dataclass(eq=False, slots=True)
class Track:
    """A flow and the wires it takes from its symbol to its target, with the sides where it leaves and arrives."""

    flow: Flow
    wires: list[Wire]
    out: str
    into: str


def wire(nets: Sequence[Net]) -> tuple[list[Wire], list[Track]]:
    """All wires and the tracks of all flows over them."""
    wires: list[Wire] = []
    tracks: list[Track] = []
    for number, net in enumerate(nets):
        own: list[Wire] = []
        for member in net.members:
            tracks.append(_track(member, own, number, tracks))
        wires += own
    _tell_branches(tracks)
    return wires, tracks


def _track(member: Routed, wires: list[Wire], net: int, tracks: Sequence[Track]) -> Track:
    pieces = [_wire(run, net) for run in member.own]
    last = member.own[-1]
    way = member.way
    if len(member.own) == len(way.runs) and last == way.runs[-1]:  # the whole way to the symbol
        _chain(pieces)
        wires += pieces
        return Track(member.flow, pieces, way.out, way.into)
    at = last.hi if last.rising else last.lo
    met = _met(last, at, wires)
    if met.vertical == last.vertical:  # the same line: go on as one wire
        met.lo, met.hi = min(met.lo, last.lo), max(met.hi, last.hi)
        met.ports = (met.ports[0] or last.lo_port, met.ports[1] or last.hi_port)
        pieces[-1] = met
    else:
        pieces.append(met)
    _chain(pieces)
    wires += pieces[:-1]
    into = next(track.into for track in reversed(tracks) if met in track.wires)
    while pieces[-1].next is not None:
        pieces.append(pieces[-1].next)
    return Track(member.flow, pieces, way.out, into)


def _wire(run: Run, net: int) -> Wire:
    return Wire(net, run.vertical, run.line, run.lo, run.hi, (run.lo_port, run.hi_port))


def _chain(pieces: Sequence[Wire]) -> None:
    for one, following in zip(pieces, pieces[1:], strict=False):
        one.next = following


def _met(last: Run, at: int, wires: Sequence[Wire]) -> Wire:
    """The wire of the net at the end of a run, the one on the same line first."""
    x, y = (last.line, at) if last.vertical else (at, last.line)
    found = None
    for wire in wires:
        on, along = (x, y) if wire.vertical else (y, x)
        if wire.line == on and wire.lo <= along <= wire.hi:
            if wire.vertical == last.vertical:
                return wire
            found = wire
    assert found is not None
    return found


def _tell_branches(tracks: Sequence[Track]) -> None:
    seen: set[tuple[int, int]] = set()
    for track in tracks:
        for one, other in zip(track.wires, track.wires[1:], strict=False):
            if (id(one), id(other)) not in seen:
                seen.add((id(one), id(other)))
                _tell(one, other)
                _tell(other, one)


def _tell(wire: Wire, other: Wire) -> None:
    """A wire that passes on both sides (a crossing of roads of one net) branches off to both."""
    if other.lo < wire.line or (other.lo == wire.line and other.ports[0]):
        wire.branches.append((other, -1))
    if other.hi > wire.line or (other.hi == wire.line and other.ports[1]):
        wire.branches.append((other, 1))
    if not (other.lo < wire.line or other.hi > wire.line or any(other.ports)):
        wire.branches.append((other, 0))
