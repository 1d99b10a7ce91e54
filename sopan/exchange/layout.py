"""Where the columns of a table stand in its body, which often is not where the head says.

A cell with a time is the anchor: what stands before it are the requirements, behind it the output. The place of most
times counts for rows that have none; a row whose time stands elsewhere has lost or won cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sopan.core.model import Unit
from sopan.exchange.headings import NUMBER, Heading, Role
from sopan.exchange.symbols import Mark, mark_of
from sopan.exchange.times import read_time

_NUMBERED = re.compile(r"\d{1,2}[.)]\s")
_FIGURE = re.compile(r"[\d¼½¾]|^[lIO] ")
_WITHOUT_AMOUNT = frozenset({"unbounded", "conditional"})
_NO_TIME = (
    "tidak dapat ditentukan", "tidak ditentukan", "tidak terbatas", "insident", "tentati", "fleksibel", "menyesuaikan", "kondisi",
    "situasi", "sesuai", "tergantung", "setiap", "selama", "sepanjang", "secepatnya", "segera", "saat itu", "pada hari", "rutin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of the columns in the body. ``offsets`` count from the time; the actors end before ``actors_end``."""

    no_at: int | None
    activity_at: int
    time_at: int | None
    offsets: tuple[tuple[Role, int], ...]
    unit: Unit | None
    width: int
    actors_at: tuple[int, ...] = ()  # where each actor's columns begin; empty if head and body do not match
    left_out: tuple[int, ...] = ()  # places that hold no marks; empty if head and body do not match
    by_width: tuple[tuple[int, int], ...] = ()  # rows of this many cells have their time there

    @property
    def before_time(self) -> int:
        """How many columns of the quality standard stand before the time."""
        return max((-offset for _, offset in self.offsets if offset < 0), default=0)

    def usual_time_at(self, cells: Sequence[str]) -> int | None:
        return dict(self.by_width).get(len(cells), self.time_at)


def has_time(cell: str, unit: Unit | None) -> bool:
    """True if the cell holds an amount of time in figures: words alone ("dua minggu") stand in remarks too."""
    return (
        bool(cell)
        and len(cell) <= 60
        and (cell[0].isdigit() or len(cell) <= 40)
        and bool(_FIGURE.search(cell))
        and read_time(cell, header_unit=unit).has_amount
    )


def layout_of(rows: Sequence[Sequence[str]], heading: Heading | None) -> Layout:
    """The layout of the body ``rows`` (without the head) under ``heading``."""
    no_at, activity_at = _first_columns(rows, heading)
    unit = heading.unit if heading else None
    places = {id(row): _times(row, activity_at, unit) for row in rows}
    votes = Counter(places[id(row)][-1] for row in rows if places[id(row)])
    headed = _time_in_head(heading)
    time_at = max(votes, key=lambda at: (votes[at], at == headed)) if votes else headed
    by_width = {
        width: Counter(places[id(row)][-1] for row in rows if len(row) == width and places[id(row)]).most_common(1)
        for width in {len(row) for row in rows}
    }
    actors_at = _actors_at(heading, time_at, activity_at)
    return Layout(
        no_at=no_at,
        activity_at=activity_at,
        time_at=time_at,
        offsets=_offsets(rows, heading, time_at),
        unit=unit,
        actors_at=actors_at,
        left_out=tuple(at for at, _ in heading.left_out) if heading and actors_at else (),
        width=max(
            _usual_width(rows, [row for row in rows if time_at in places[id(row)]]),
            max(at for _, at in heading.standard) + 1 if heading and time_at == headed else 0,
        ),
        by_width=tuple((width, found[0][0]) for width, found in by_width.items() if found and found[0][1] > 1),
    )


def _usual_width(rows: Sequence[Sequence[str]], timed: Sequence[Sequence[str]]) -> int:
    """How many cells most rows have; those whose time stands where it should count alone, if there are any."""
    widths = Counter(len(row) for row in timed or rows)
    return widths.most_common(1)[0][0] if widths else 0


def _actors_at(heading: Heading | None, time_at: int | None, activity_at: int) -> tuple[int, ...]:
    """The places of the head count for the body only if the times stand under their heading."""
    if heading is None or not heading.actors_at or time_at is None or time_at != _time_in_head(heading):
        return ()
    return heading.actors_at if activity_at < heading.actors_at[0] and heading.actors_at[-1] < time_at else ()


def _times(row: Sequence[str], activity_at: int, unit: Unit | None) -> list[int]:
    return [at for at in range(activity_at + 1, len(row)) if has_time(row[at], unit)]


def _time_in_head(heading: Heading | None) -> int | None:
    return next((place for role, place in heading.standard if role is Role.TIME), None) if heading else None


def _first_columns(rows: Sequence[Sequence[str]], heading: Heading | None) -> tuple[int | None, int]:
    """Where the numbers and the activities stand: where most of them are, else where the head says."""
    counts = Counter(
        at
        for row in rows
        for at in range(min(3, len(row)))
        if row[at][:3].strip("(")[:1].isdigit() and NUMBER.fullmatch(row[at])
    )
    no_at = counts.most_common(1)[0][0] if counts and counts.most_common(1)[0][1] * 3 >= len(rows) else None
    if no_at is None and heading and heading.no_at is not None:
        no_at = heading.no_at
    told = heading.activity_at if heading and heading.activity_at is not None else None
    if told is not None and not counts and _number_activities(rows, told):
        return None, told
    if told is not None and (no_at is None or told > no_at):
        return no_at, told
    return no_at, 0 if no_at is None else no_at + 1


def _number_activities(rows: Sequence[Sequence[str]], activity_at: int) -> bool:
    """True where the numbers stand before the words of the activities, and their own column is empty."""
    texts = [row[activity_at] for row in rows if activity_at < len(row) and row[activity_at]]
    return bool(texts) and sum(bool(_NUMBERED.match(text)) for text in texts) * 2 > len(texts)


def _offsets(
    rows: Sequence[Sequence[str]], heading: Heading | None, time_at: int | None
) -> tuple[tuple[Role, int], ...]:
    """Order of the columns of the quality standard, as distances from the time."""
    if heading is None or not any(role is Role.TIME for role, _ in heading.standard):
        return (Role.REQUIREMENTS, -1), (Role.OUTPUT, 1), (Role.REMARKS, 2)
    roles = [role for role, _ in heading.standard]
    here = roles.index(Role.TIME)
    by_order = tuple((role, at - here) for at, role in enumerate(roles) if at != here)
    if Role.OUTPUT not in roles and Role.REQUIREMENTS in roles and roles[here + 1 :] in ([], [Role.REMARKS]):
        by_order = (*((role, offset) for role, offset in by_order if offset < 0), (Role.OUTPUT, 1), (Role.REMARKS, 2))
    at_time = heading.standard[here][1]
    by_place = tuple((role, place - at_time) for role, place in heading.standard if role is not Role.TIME)
    if time_at is None or by_place == by_order:
        return by_order
    return max((by_order, by_place), key=lambda offsets: _filled(rows, time_at, offsets))


def _filled(rows: Sequence[Sequence[str]], time_at: int, offsets: tuple[tuple[Role, int], ...]) -> tuple[int, int]:
    """How many rows have something in the column of the output, and in that of the requirements."""
    columns = dict(offsets)
    output, needs = (
        sum(1 for row in rows if at is not None and 0 <= time_at + at < len(row) and row[time_at + at])
        for at in (columns.get(Role.OUTPUT), columns.get(Role.REQUIREMENTS))
    )
    return output, needs


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its cells in their columns. ``shift``: how far its time stands from where the others have it."""

    no: str
    activity: str
    marks: tuple[str, ...]  # cells of the actor columns
    requirements: str
    strayed: bool  # the requirements stood in an actor column
    time: str
    output: str
    remarks: str
    shift: int
    between: bool = False  # a cell between the columns of the actors holds something
    lost: bool = False  # the row has other cells than the rest, and nothing tells which is which of some


def place(cells: Sequence[str], layout: Layout) -> Placed:
    """The cells of a row in the columns of the layout."""
    time_at = _time_of(cells, layout)
    usual = layout.usual_time_at(cells)
    shift = 0 if time_at is None or layout.time_at is None else time_at - layout.time_at
    if _is_lost(cells, layout, time_at):
        return Placed(_number(cells, layout), _activity(cells, layout), (), "", False, "", "", "", 0, lost=True)
    end = len(cells) if time_at is None else max(layout.activity_at + 1, time_at - layout.before_time)
    marks, between = _marks(cells, layout, end, shifted=bool(shift))
    told = {role: _joined(cells, layout, time_at, role, end) for role in (Role.REQUIREMENTS, Role.OUTPUT, Role.REMARKS)}
    won = len(cells) > layout.width and not shift and not told[Role.OUTPUT] and bool(told[Role.REMARKS])
    requirements, strayed = told[Role.REQUIREMENTS], False
    if layout.before_time and not requirements and marks and mark_of(marks[-1]) in (Mark.TEXT, Mark.WORDS):
        requirements, strayed = marks[-1], True
        marks[-1] = ""
    return Placed(
        no=_number(cells, layout),
        activity=_activity(cells, layout),
        marks=tuple(marks),
        requirements=requirements,
        strayed=strayed,
        time=cells[time_at] if time_at is not None and time_at < len(cells) else "",
        output=told[Role.OUTPUT],
        remarks="" if won else told[Role.REMARKS],
        shift=shift if usual != time_at or shift else 0,
        between=between,
        lost=won,
    )


def _is_lost(cells: Sequence[str], layout: Layout, time_at: int | None) -> bool:
    """True for a numbered row of another width where no time stands: other words stand where the time belongs."""
    if time_at is None or time_at >= len(cells) or len(cells) == layout.width or not _number(cells, layout):
        return False
    return bool(cells[time_at]) and not has_time(cells[time_at], layout.unit) and not is_no_amount(cells[time_at])


def _marks(cells: Sequence[str], layout: Layout, end: int, *, shifted: bool) -> tuple[list[str], bool]:
    """What stands in the columns of the actors, one text for each; and whether something stands between them.

    Where every actor is as wide as several columns, all of these are his; else only the one under his name is.
    """
    if shifted or not layout.actors_at:
        return list(cells[layout.activity_at + 1 : end]), False
    borders = [*layout.actors_at, max(end, layout.actors_at[-1] + 1)]
    cells = ["" if at in layout.left_out else cell for at, cell in enumerate(cells)]
    spans = [cells[begin:behind] for begin, behind in zip(borders, borders[1:], strict=False)]
    if len({behind - begin for begin, behind in zip(borders, borders[1:], strict=False)}) == 1:
        return [" ".join(cell for cell in span if cell) for span in spans], False
    return ["".join(span[:1]) for span in spans], any(cell for span in spans for cell in span[1:])


def _time_of(cells: Sequence[str], layout: Layout) -> int | None:
    """Where the time of this row stands: an amount nearest to the usual place, else words for none, else the place."""
    usual = layout.usual_time_at(cells)
    if usual is None:
        return None
    found = _times(cells, layout.activity_at, layout.unit)
    if not found:
        found = [at for at in range(layout.activity_at + 1, len(cells)) if is_no_amount(cells[at])]
    if usual in found or not found:
        return usual
    return min(found, key=lambda at: abs(at - usual))


def is_no_amount(cell: str) -> bool:
    """True for words in the column of times that tell no amount: "sesuai kebutuhan", "∞"."""
    if not cell or len(cell) > 40:
        return False
    short = cell[0].isdigit() and len(cell) <= 8 and not NUMBER.fullmatch(cell)  # "1 T.A"
    return short or cell == "-" or read_time(cell).kind in _WITHOUT_AMOUNT or cell.casefold().startswith(_NO_TIME)


def _joined(cells: Sequence[str], layout: Layout, time_at: int | None, role: Role, end: int) -> str:
    if time_at is None:
        return ""
    places = [time_at + offset for one, offset in layout.offsets if one is role]
    if role is Role.REMARKS and places:
        others = {time_at + offset for one, offset in layout.offsets if one is Role.OTHER}
        places = [at for at in range(places[0], len(cells)) if at not in others]
    return " ".join(cells[at] for at in places if max(end, layout.activity_at + 1) <= at < len(cells) and cells[at])


def _number(cells: Sequence[str], layout: Layout) -> str:
    if layout.no_at is None or layout.no_at >= len(cells):
        return ""
    return cells[layout.no_at] if NUMBER.fullmatch(cells[layout.no_at]) else ""


def _activity(cells: Sequence[str], layout: Layout) -> str:
    """The cell of the activity; words that stand in the column of the numbers are activity too."""
    activity = cells[layout.activity_at] if layout.activity_at < len(cells) else ""
    if layout.no_at is not None and layout.no_at < len(cells) and not NUMBER.fullmatch(cells[layout.no_at]):
        return " ".join(filter(None, (cells[layout.no_at], activity)))
    return activity
