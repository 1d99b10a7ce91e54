"""What there is to draw: a procedure as symbols in the cells of a grid, and flows between them.

Rows are steps from top to bottom, columns are actors from left to right. A row of the grid that is not a step carries
the connectors of a page break, or the end of a step that has no room for it in its own row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sopan.core.model import Exit, Outcome, Procedure, Step, StepKind


class Shape(StrEnum):
    """The symbols of the form; a connector (pentagon) leads to another page."""

    CAPSULE = "capsule"
    BOX = "box"
    DIAMOND = "diamond"
    PENTAGON = "pentagon"


class RowKind(StrEnum):
    """What a row of the grid holds: a step, the end of the step above it, or connectors."""

    STEP = "step"
    END = "end"
    FROM_BEFORE = "from_before"
    TO_NEXT = "to_next"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the grid; ``step`` is the place of the step it belongs to, counted from 0 in the procedure."""

    kind: RowKind
    step: int = -1


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol in one row; it reaches from column ``first`` to ``last``, and ``joined`` columns hold a further box."""

    key: str
    row: int
    first: int
    last: int
    shape: Shape
    text: str = ""
    joined: tuple[int, ...] = ()
    outs: str = "BLR"  # sides where flows may leave: bottom, left, right; connectors also top
    ins: str = "TLRB"  # sides where flows may arrive

    @property
    def columns(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow from a symbol to a symbol; ``labels`` are the answers that lead this way."""

    source: str
    target: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """A drawing before it has coordinates."""

    columns: int
    rows: tuple[Row, ...]
    symbols: tuple[Symbol, ...]
    flows: tuple[Flow, ...]


_SHAPES = {
    StepKind.START: Shape.CAPSULE,
    StepKind.END: Shape.CAPSULE,
    StepKind.ACTIVITY: Shape.BOX,
    StepKind.DECISION: Shape.DIAMOND,
}
_PLAIN = {"ya": "Ya", "tidak": "Tidak"}
START, END = "Mulai", "Selesai"


def end_key(step_id: str) -> str:
    """Key of the capsule where an exit of this step ends the case; no step has such an id."""
    return f"{step_id}\n"


Words = Callable[[str], str]


def answer(way: Exit, words: Words = str) -> str:
    """What stands at an arrow: "Ya" or "Tidak" as on the form, otherwise the label up to its first comma."""
    plain = _PLAIN.get(way.answer)
    return words(plain) if plain else words(way.label).split(",")[0].strip() or way.answer.capitalize()


def flows(step: Step, words: Words = str) -> list[Flow]:
    """The arrows that leave a step. Answers that lead to the same step share one; all ends of a step are one capsule."""
    found: dict[str, list[str]] = {}
    named = len(step.exits) > 1
    for way in step.exits:
        ends = way.end is not None and step.kind is not StepKind.END
        for target in (*way.to, *((end_key(step.id),) if ends else ())):
            labels = found.setdefault(target, [])
            if named and answer(way, words) not in labels:
                labels.append(answer(way, words))
    return [Flow(step.id, target, tuple(labels)) for target, labels in found.items()]


def handover_key(step_id: str, place: int) -> str:
    """Key of the pentagon through which a finished case goes on to another SOP."""
    return f"{step_id}\nto{place}"


def matrix(procedure: Procedure, *, words: Words = str, handovers: Sequence[str] = ()) -> Matrix:
    """The whole procedure as one drawing; ``words`` translates answers and the words in capsules.

    ``handovers`` are the numbers of the SOPs to which a finished case goes on: a pentagon each at every such end.
    """
    return part(procedure, range(len(procedure.steps)), words=words, handovers=handovers)


def part(procedure: Procedure, places: Sequence[int], *, words: Words = str, handovers: Sequence[str] = ()) -> Matrix:
    """The steps at ``places`` with the flows among them; flows to other steps are left out."""
    column = {actor.id: place for place, actor in enumerate(procedure.actors)}
    rows: list[Row] = []
    symbols: list[Symbol] = []
    arrows: list[Flow] = []
    for place in places:
        step = procedure.steps[place]
        own = _symbol(step, len(rows), [column[actor] for actor in step.actors], words)
        rows.append(Row(RowKind.STEP, place))
        symbols.append(own)
        leaving = flows(step, words)
        arrows += leaving
        if any(flow.target == end_key(step.id) for flow in leaving):
            symbols.append(_end(own, len(procedure.actors), rows, place, words(END)))
        if handovers and any(way.end is Outcome.FINISHED for way in step.exits):
            pentagons, onward = _handovers(step, symbols[-1], rows, len(procedure.actors), handovers)
            symbols += pentagons
            arrows += onward
    known = {symbol.key for symbol in symbols}
    inside = tuple(flow for flow in arrows if flow.target in known)
    return Matrix(len(procedure.actors), tuple(rows), tuple(symbols), inside)


def _symbol(step: Step, row: int, columns: Sequence[int], words: Words) -> Symbol:
    """Neighbouring actors share one wide symbol, others get a further box; a diamond stays in one column."""
    shape = _SHAPES[step.kind]
    named = {StepKind.START: START, StepKind.END: END}
    text = words(named[step.kind]) if step.kind in named else step.no
    every = sorted(set(columns))
    if len(every) > 1 and every[-1] - every[0] == len(every) - 1 and shape is not Shape.DIAMOND:
        return Symbol(step.id, row, every[0], every[-1], shape, text)
    return Symbol(step.id, row, columns[0], columns[0], shape, text, tuple(c for c in every if c != columns[0]))


def _end(own: Symbol, columns: int, rows: list[Row], place: int, text: str) -> Symbol:
    """The capsule that ends the case beside the step, or in a row of its own below where the row is full."""
    taken = {*range(min((own.first, *own.joined)), max((own.last, *own.joined)) + 1)}
    free = [column for column in range(columns) if column not in taken]
    near = min(free, key=lambda column: (_distance(column, own), -column), default=None)
    if near is None:
        rows.append(Row(RowKind.END, place))
        return Symbol(end_key(own.key), len(rows) - 1, own.first, own.first, Shape.CAPSULE, text)
    return Symbol(end_key(own.key), own.row, near, near, Shape.CAPSULE, text)


def _handovers(
    step: Step, source: Symbol, rows: list[Row], columns: int, numbers: Sequence[str]
) -> tuple[list[Symbol], list[Flow]]:
    """A pentagon for each SOP that follows, in rows of their own below the end of the case, the first straight below."""
    order = sorted(range(columns), key=lambda column: (abs(column - source.first), column))
    owner = rows[-1].step
    symbols: list[Symbol] = []
    for place, told in enumerate(numbers):
        if place % columns == 0:
            rows.append(Row(RowKind.END, owner))
        text = told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
        at = order[place % columns]
        key = handover_key(step.id, place)
        symbols.append(Symbol(key, len(rows) - 1, at, at, Shape.PENTAGON, text, outs="", ins="TLR"))
    return symbols, [Flow(source.key, symbol.key) for symbol in symbols]


LONGEST = 16  # letters of a number in a pentagon


def _distance(column: int, own: Symbol) -> int:
    return min(abs(column - other) for other in own.columns)


def by_key(symbols: Iterable[Symbol]) -> dict[str, Symbol]:
    return {symbol.key: symbol for symbol in symbols}
