"""Cuts a procedure into pages: where it breaks, and the connectors (pentagons) through which flows go on.

A flow to another page ends in a pentagon with a letter at the edge of the page and goes on from a pentagon with the same
letter there. Flows from one page to one step share a letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sopan.core.model import Procedure

from .layout import PAPER, Drawing, Style, layout
from .matrix import Flow, Matrix, Row, RowKind, Shape, Symbol, flows, part

STRIP = 38.0
CUT = 60.0  # what a connector costs, against a pixel by which pages differ in length
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Connector:
    """A letter: flows leave page ``source`` for ``step`` (its place in the procedure) on page ``target``."""

    letter: str
    source: int
    target: int
    step: int


@dataclass(frozen=True, slots=True)
class Page:
    """The steps of a page, the connectors on it, and its drawing."""

    places: range
    connectors: tuple[Connector, ...]
    drawing: Drawing


def paginate(
    procedure: Procedure,
    *,
    room: float,
    style: Style = PAPER,
    columns: Sequence[float] = (),
    rows: Sequence[float] = (),
    handovers: Sequence[str] = (),
) -> list[Page]:
    """The pages of a procedure, each at most ``room`` high unless a single step needs more.

    ``columns`` and ``rows`` are the least widths of actors and heights of steps. All pages have the same columns.
    """
    everything = part(procedure, range(len(procedure.steps)), handovers=handovers)
    whole = layout(everything, style=style, columns=columns, rows=_row_heights(everything, rows))
    heights = _step_heights(whole, len(procedure.steps))
    if whole.height <= room:
        return [Page(range(len(procedure.steps)), (), whole)]
    budget = room
    for _ in range(_TRIES):
        pages = _pages(procedure, _breaks(procedure, heights, budget), style, columns, rows, handovers)
        if all(page.drawing.height <= room or len(page.places) == 1 for page in pages):
            break
        budget *= 0.94
    return pages


def _row_heights(matrix: Matrix, rows: Sequence[float]) -> list[float]:
    """The height that a step needs goes to its row; where its end has a row of its own they share it."""
    ends = {row.step for row in matrix.rows if row.kind is RowKind.END}
    found = []
    for row in matrix.rows:
        needed = rows[row.step] if rows and row.step >= 0 else 0.0
        found.append(needed / 2 if row.step in ends else needed)
    return found


def _step_heights(drawing: Drawing, count: int) -> list[float]:
    heights = [0.0] * count
    for place, row in enumerate(drawing.matrix.rows):
        heights[row.step] += drawing.tops[place + 1] - drawing.tops[place]
    return heights


def _breaks(procedure: Procedure, heights: Sequence[float], room: float) -> list[range]:
    """The steps of each page: as few pages as possible, then few connectors, then pages of like length."""
    count = len(heights)
    cuts = [_cut(procedure, place) for place in range(count + 1)]
    target = sum(heights) / max(1, -(-sum(heights) // max(1.0, room - 2 * STRIP)))
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # pages, cost, where the last page begins
    for end in range(1, count + 1):
        options = []
        for begin in range(end - 1, -1, -1):
            height = sum(heights[begin:end])
            if height > room - STRIP * (begin > 0) - STRIP * (end < count) and begin < end - 1:
                break
            pages, cost, _ = best[begin]
            options.append((pages + 1, cost + CUT * cuts[end] + abs(height - target) / 2, begin))
        best.append(min(options))
    found: list[range] = []
    end = count
    while end:
        begin = best[end][2]
        found.insert(0, range(begin, end))
        end = begin
    return found


def _cut(procedure: Procedure, place: int) -> int:
    """How many connectors a break before the step at ``place`` needs."""
    steps = procedure.steps
    at = {step.id: number for number, step in enumerate(steps)}
    pairs = (
        (number, at[flow.target]) for number, step in enumerate(steps) for flow in flows(step) if flow.target in at
    )
    return len({(target, source < place) for source, target in pairs if (source < place) != (target < place)})


def _pages(
    procedure: Procedure,
    breaks: Sequence[range],
    style: Style,
    columns: Sequence[float],
    rows: Sequence[float],
    handovers: Sequence[str],
) -> list[Page]:
    connectors = _connectors(procedure, breaks)
    matrices = [_with_strips(procedure, page, places, connectors, handovers) for page, places in enumerate(breaks)]
    drawings = [layout(matrix, style=style, columns=columns, rows=_row_heights(matrix, rows)) for matrix in matrices]
    for _ in range(_TRIES):  # wider columns change nothing but the columns, except where labels find other places
        widest = [max(_widths(drawing)[column] for drawing in drawings) for column in range(len(procedure.actors))]
        if all(_widths(drawing) == widest for drawing in drawings):
            break
        drawings = [layout(matrix, style=style, columns=widest, rows=_row_heights(matrix, rows)) for matrix in matrices]
    return [
        Page(places, tuple(one for one in connectors.values() if page in (one.source, one.target)), drawing)
        for page, (places, drawing) in enumerate(zip(breaks, drawings, strict=True))
    ]


def _widths(drawing: Drawing) -> list[float]:
    return [round(b - a, 3) for a, b in zip(drawing.lefts, drawing.lefts[1:], strict=False)]


def _connectors(procedure: Procedure, breaks: Sequence[range]) -> dict[tuple[int, int], Connector]:
    """(page of the source, place of the target step) -> its connector."""
    page_of = {place: page for page, places in enumerate(breaks) for place in places}
    at = {step.id: place for place, step in enumerate(procedure.steps)}
    found: dict[tuple[int, int], Connector] = {}
    for place, step in enumerate(procedure.steps):
        for flow in flows(step):
            target = at.get(flow.target)
            if target is not None and page_of[target] != page_of[place]:
                key = page_of[place], target
                found.setdefault(key, Connector(letter(len(found)), page_of[place], page_of[target], target))
    return found


def letter(number: int) -> str:
    """A … Z, AA, AB …"""
    head, tail = divmod(number, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + tail)


def _with_strips(
    procedure: Procedure,
    page: int,
    places: range,
    connectors: Mapping[tuple[int, int], Connector],
    handovers: Sequence[str],
) -> Matrix:
    """The matrix of a page with its connectors in strips of their own above and below."""
    base = part(procedure, places, handovers=handovers)
    column = {actor.id: place for place, actor in enumerate(procedure.actors)}
    above: list[Symbol] = []
    below: list[Symbol] = []
    arrows = list(base.flows)
    for one in connectors.values():
        if page not in (one.source, one.target):
            continue
        leaves = one.source == page
        upper = (one.target if leaves else one.source) < page
        side = "B" if upper else "T"
        wanted = column[procedure.steps[one.step].actors[0]]
        key = f"{one.letter}\n{page}"
        pentagon = Symbol(
            key, 0, wanted, wanted, Shape.PENTAGON, one.letter, (), "" if leaves else side, side if leaves else ""
        )
        (above if upper else below).append(pentagon)
        target = procedure.steps[one.step].id
        if leaves:
            arrows += [
                Flow(a.source, key, a.labels)
                for place in places
                for a in flows(procedure.steps[place])
                if a.target == target
            ]
        else:
            arrows.append(Flow(key, target))
    top, bottom = _strip(above, base.columns), _strip(below, base.columns)
    first, last = len(top), len(top) + len(base.rows)
    return Matrix(
        base.columns,
        (*[Row(RowKind.FROM_BEFORE)] * len(top), *base.rows, *[Row(RowKind.TO_NEXT)] * len(bottom)),
        (
            *(replace(symbol, row=len(top) - 1 - row) for row, some in enumerate(top) for symbol in some),
            *(replace(symbol, row=symbol.row + first) for symbol in base.symbols),
            *(replace(symbol, row=last + row) for row, some in enumerate(bottom) for symbol in some),
        ),
        tuple(arrows),
    )


def _strip(pentagons: Sequence[Symbol], columns: int) -> list[list[Symbol]]:
    """Rows of connectors, the nearest to the steps first: each in its column or the nearest free one."""
    rows: list[list[Symbol]] = []
    for pentagon in pentagons:
        if not rows or len(rows[-1]) == columns:
            rows.append([])
        taken = {symbol.first for symbol in rows[-1]}
        free = [column for column in range(columns) if column not in taken]
        near = min(free, key=lambda column: (abs(column - pentagon.first), column))
        rows[-1].append(replace(pentagon, first=near, last=near))
    return rows
