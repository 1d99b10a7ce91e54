"""Where everything stands: a matrix -> a drawing with coordinates (pixels of 1/96 inch, from the left upper corner)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil

from . import text
from .crossings import crossings
from .labels import Label, Need, place_labels
from .lanes import lay
from .matrix import Flow, Matrix, RowKind, Shape, Symbol
from .routing import route
from .shapes import XY, Placed
from .ways import Rulers
from .wires import Track, Wire, wire


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes of symbols (width, height), distance of lanes, room around symbols, type size of labels."""

    box: tuple[float, float] = (46, 22)
    diamond: tuple[float, float] = (52, 32)
    capsule: tuple[float, float] = (50, 22)
    pentagon: tuple[float, float] = (28, 22)
    pitch: float = 7
    column: float = 70
    row: float = 38
    beside: float = 8  # between a symbol and the nearest line beside it
    above: float = 12  # the same above and below: an arrow head must fit
    label: float = 8.4
    grid: float = 0.1  # widths of columns are multiples of it

    def size(self, shape: Shape) -> tuple[float, float]:
        sizes = {Shape.BOX: self.box, Shape.DIAMOND: self.diamond, Shape.CAPSULE: self.capsule}
        return sizes.get(shape, self.pentagon)


PAPER = Style()
SCREEN = Style(
    box=(30, 20),
    diamond=(34, 24),
    capsule=(40, 20),
    pentagon=(26, 20),
    pitch=6,
    column=44,
    row=44,
    beside=7,
    above=12,
    label=9,
    grid=4,
)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A flow as a polyline; ``net`` is the same for flows that join on their way to one symbol."""

    flow: Flow
    points: tuple[XY, ...]
    net: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The finished drawing. ``tops`` are the upper borders of the rows and the lower one of the last; ``lefts`` likewise."""

    matrix: Matrix
    style: Style
    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    symbols: tuple[Placed, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
    crossings: tuple[tuple[XY, int, int], ...]  # where, and which arrows: the one across, the one down

    @property
    def width(self) -> float:
        return self.lefts[-1]

    @property
    def height(self) -> float:
        return self.tops[-1]


def spans(drawing: Drawing) -> list[tuple[float, float, RowKind, int]]:
    """The rows of the table: (top, bottom, kind, step). Rows of the grid for one step, or for one strip, are one."""
    found: list[tuple[float, float, RowKind, int]] = []
    for place, row in enumerate(drawing.matrix.rows):
        top, bottom = drawing.tops[place], drawing.tops[place + 1]
        kind = RowKind.STEP if row.kind is RowKind.END else row.kind
        if found and found[-1][2:] == (kind, row.step):
            top = found.pop()[0]
        found.append((top, bottom, kind, row.step))
    return found


@dataclass(slots=True)
class _Room:
    """What columns and rows need at least."""

    columns: list[float]
    rows: list[float]
    style: Style
    half_x: dict[int, float] = field(default_factory=dict)


def layout(
    matrix: Matrix,
    *,
    style: Style = PAPER,
    columns: Sequence[float] = (),
    rows: Sequence[float] = (),
) -> Drawing:
    """Lays out a matrix. ``columns`` and ``rows`` are the least widths and heights that their texts need."""
    room = _Room(
        [max(style.column, width) for width in (columns or [0] * matrix.columns)],
        [max(style.row, height) for height in (rows or [0] * len(matrix.rows))],
        style,
    )
    wires, tracks = _wired(matrix, style.pitch)
    sizes = _sizes(matrix, wires, style)
    _widen(room, matrix, wires, sizes)
    for attempt in range(_ATTEMPTS):
        room.columns = [ceil(width / style.grid - 1e-6) * style.grid for width in room.columns]
        drawing, needs = _place(matrix, room, wires, tracks, sizes, strict=attempt < _STRICT)
        if not needs:
            return drawing
        for need in needs:
            room.rows[need.row] += need.height
            room.columns[need.column] = max(room.columns[need.column], need.width)
    raise AssertionError("the labels found no room although it was made for them")


@lru_cache(maxsize=64)
def _wired(matrix: Matrix, pitch: float) -> tuple[Sequence[Wire], Sequence[Track]]:
    """The ways and lanes of a matrix: the same on paper and on the screen, whatever the sizes of its cells.

    Kept for a while, as a table on paper tries several sizes. Nobody changes what is returned.
    """
    nominal = Rulers(_lines([PAPER.column] * matrix.columns), _lines([PAPER.row] * len(matrix.rows)))
    wires, tracks = wire(route(matrix, nominal))
    lay(wires, pitch=pitch, last_x=2 * matrix.columns, last_y=2 * len(matrix.rows))
    return wires, tracks


_ATTEMPTS = 40
_STRICT = 3


def _lines(extents: Sequence[float]) -> list[float]:
    """Positions of the lines of the grid: borders and centres in turn."""
    found, at = [0.0], 0.0
    for extent in extents:
        found += [at + extent / 2, at + extent]
        at += extent
    return found


def _sizes(matrix: Matrix, wires: Sequence[Wire], style: Style) -> dict[str, tuple[float, float]]:
    """Size of each symbol; it grows where many lines end at one of its sides."""
    reach = _reach([wire for wire in wires if any(wire.ports)])
    found = {}
    for symbol in matrix.symbols:
        width, height = style.size(symbol.shape)
        if symbol.shape is Shape.PENTAGON:  # the number of another SOP is longer than a letter
            width = max(width, text.width(symbol.text, style.label, True) * 1.12 + 10)  # some fonts are wider
        slope = 1.6 if symbol.shape is Shape.DIAMOND else 1.0
        y = 2 * symbol.row + 1
        beside = max(reach.get((False, y), {}).get(2 * column + 1, 0.0) for column in symbol.columns)
        above = max(reach.get((True, 2 * column + 1), {}).get(y, 0.0) for column in symbol.columns)
        found[symbol.key] = (max(width, (2 * above + 10) * slope), max(height, (2 * beside + 8) * slope))
    return found


def _reach(wires: Sequence[Wire]) -> dict[tuple[bool, int], dict[int, float]]:
    """How far from the centre lines end at symbols: line -> place of the symbol -> distance."""
    found: dict[tuple[bool, int], dict[int, float]] = {}
    for one in wires:
        at = found.setdefault((one.vertical, one.line), {})
        for is_port, place in zip(one.ports, (one.lo - 1, one.hi + 1), strict=True):
            if is_port:
                at[place] = max(at.get(place, 0.0), abs(one.offset))
    return found


def _widen(room: _Room, matrix: Matrix, wires: Sequence[Wire], sizes: Mapping[str, tuple[float, float]]) -> None:
    """Columns and rows get the room for the lanes in the channels beside their symbols."""
    style = room.style
    low, high = _spread(wires)
    for vertical, extents, clear in ((True, room.columns, style.beside), (False, room.rows, style.above)):
        halves = [
            max(high.get((vertical, 2 * at + 1), 0.0), -low.get((vertical, 2 * at + 1), 0.0))
            for at in range(len(extents))
        ]
        for symbol in matrix.symbols:
            places = [*symbol.columns, *symbol.joined] if vertical else [symbol.row]
            for at in places:
                halves[at] = max(halves[at], sizes[symbol.key][0 if vertical else 1] / 2)
        for at, half in enumerate(halves):
            lanes = max(high.get((vertical, 2 * at), 0.0), -low.get((vertical, 2 * at + 2), 0.0))
            extents[at] = max(extents[at], 2 * (half + clear + lanes))


def _spread(wires: Sequence[Wire]) -> tuple[dict[tuple[bool, int], float], dict[tuple[bool, int], float]]:
    low: dict[tuple[bool, int], float] = {}
    high: dict[tuple[bool, int], float] = {}
    for one in wires:
        key = one.vertical, one.line
        low[key] = min(low.get(key, 0.0), one.offset)
        high[key] = max(high.get(key, 0.0), one.offset)
    return low, high


def _place(
    matrix: Matrix,
    room: _Room,
    wires: Sequence[Wire],
    tracks: Sequence[Track],
    sizes: Mapping[str, tuple[float, float]],
    *,
    strict: bool,
) -> tuple[Drawing, list[Need]]:
    x, y = _lines(room.columns), _lines(room.rows)
    placed = {symbol.key: _placed(symbol, sizes[symbol.key], x, y) for symbol in matrix.symbols}
    arrows = tuple(Arrow(track.flow, _points(track, placed, x, y), track.wires[-1].net) for track in tracks)
    sides = [track.out for track in tracks]
    labels, needs = place_labels(
        [(arrow.flow, arrow.points, side) for arrow, side in zip(arrows, sides, strict=True)],
        list(placed.values()),
        lefts=x[::2],
        tops=y[::2],
        size=room.style.label,
        strict=strict,
    )
    drawing = Drawing(
        matrix,
        room.style,
        tuple(x[::2]),
        tuple(y[::2]),
        tuple(placed.values()),
        arrows,
        tuple(labels),
        tuple(crossings([(arrow.points, arrow.net) for arrow in arrows])),
    )
    return drawing, needs


def _placed(symbol: Symbol, size: tuple[float, float], x: Sequence[float], y: Sequence[float]) -> Placed:
    left, right = x[2 * symbol.first + 1] - size[0] / 2, x[2 * symbol.last + 1] + size[0] / 2
    middle = y[2 * symbol.row + 1]
    return Placed(
        symbol,
        left,
        middle - size[1] / 2,
        right - left,
        size[1],
        tuple(x[2 * column + 1] for column in symbol.joined),
    )


def _points(track: Track, placed: Mapping[str, Placed], x: Sequence[float], y: Sequence[float]) -> tuple[XY, ...]:
    """The corners of a flow from the border of its symbol to the border of its target."""
    at = [(x if wire.vertical else y)[wire.line] + wire.offset for wire in track.wires]
    first, last = track.wires[0], track.wires[-1]
    corners = [placed[track.flow.source].border(track.out, at[0])]
    for place in range(len(at) - 1):
        one, other = at[place], at[place + 1]
        corners.append((one, other) if track.wires[place].vertical else (other, one))
    corners.append(placed[track.flow.target].border(track.into, at[-1]))
    assert first.ports and last.ports
    return tuple(corners)
