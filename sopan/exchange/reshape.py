"""Tables in odd shapes put into the usual one: two beside each other, and times that are spread over columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sopan.exchange.document import Row, Table
from sopan.exchange.headings import Heading, Role, find_heading, role_of
from sopan.exchange.times import read_time, unit_of_heading
from sopan.exchange.words import clean, plain

_UNITS = frozenset(
    {"menit", "mnt", "jam", "hari", "hari kerja", "hk", "hr", "minggu", "bulan", "bln", "tahun", "minute", "minutes"}
    | {"hour", "hours", "day", "days"}
)
_LOOKED_AT = 40  # rows in which the head of a table stands


def side_by_side(table: Table) -> Iterator[Table]:
    """The table; or two, one after the other, where its head has two columns of numbers and two of times."""
    cells = [tuple(clean(cell) for cell in row.cells) for row in table.rows[:_LOOKED_AT]]
    heading = find_heading(cells)
    border = _second_begins(cells[heading.first : heading.behind]) if heading else None
    if border is None:
        yield table
        return
    yield Table(tuple(Row(row.cells[:border], row.place) for row in table.rows))
    yield Table(tuple(Row(row.cells[border:], row.place) for row in table.rows))


def _second_begins(head: Sequence[Sequence[str]]) -> int | None:
    """The place of the second column of numbers, if a column of times stands before it and another behind it."""
    places = {
        role: sorted({at for row in head for at, cell in enumerate(row) if role_of(cell) is role})
        for role in (Role.NO, Role.TIME)
    }
    numbers, times = places[Role.NO], places[Role.TIME]
    apart = len(numbers) == 2 and len(times) == 2 and numbers[0] < times[0] < numbers[1] < times[1]
    return numbers[1] if apart else None


def with_whole_times(rows: list[tuple[str, ...]], heading: Heading, end: int) -> list[tuple[str, ...]]:
    """The rows from the first of the head up to ``end`` with each time in one cell, where head or body spreads it.

    Told are "5" and "menit" in two columns, and a number under one of "Menit | Jam | Hari".
    """
    head, body = rows[heading.first : heading.behind], rows[heading.behind : end]
    time_at = next((place for role, place in heading.standard if role is Role.TIME), None)
    if time_at is None:
        return [*head, *body]
    units = _units_below(body[0], time_at) if body else []
    if len(units) > 1:
        return [*(_without(row, time_at + 1, len(units) - 1) for row in head), *_under_units(body, time_at, units)]
    unit_at = _units_beside(body)
    if unit_at is None:
        return [*head, *body]
    headed = any(_heads_something(row, unit_at) for row in head)
    return [
        *(head if headed else (_without(row, unit_at, 1) for row in head)),
        *(_joined(row, unit_at) for row in body),
    ]


def with_actor_behind(rows: list[tuple[str, ...]], heading: Heading, end: int) -> list[tuple[str, ...]]:
    """The rows from the first of the head up to ``end``; one column of names before the activities is put behind them."""
    part = rows[heading.first : end]
    head = rows[heading.first : heading.behind]
    actors = {at for row in head for at, cell in enumerate(row) if role_of(cell) is Role.ACTORS}
    names_at, to = min(actors, default=None), heading.activity_at
    if len(actors) != 1 or names_at is None or to is None or names_at >= to:
        return part
    width = max(map(len, part))
    padded = ((*row, *[""] * (width - len(row))) for row in part)
    return [(*row[:names_at], *row[names_at + 1 : to + 1], row[names_at], *row[to + 1 :]) for row in padded]


def _is_unit(cell: str) -> bool:
    return plain(cell) in _UNITS


def _without(row: Sequence[str], at: int, count: int) -> tuple[str, ...]:
    return (*row[:at], *row[at + count :])


def _units_below(row: Sequence[str], time_at: int) -> list[str]:
    """The units in a row of their own under the heading of the times."""
    told = [(at, cell) for at, cell in enumerate(row) if cell]
    fits = [at for at, _ in told] == list(range(time_at, time_at + len(told)))
    return [cell for _, cell in told] if fits and all(_is_unit(cell) for _, cell in told) else []


def _under_units(body: Sequence[tuple[str, ...]], time_at: int, units: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The rows below that of the units, which itself becomes empty."""
    end = time_at + len(units)
    yield ("",) * (len(body[0]) - len(units) + 1)
    for row in body[1:]:
        times = [
            f"{cell} {unit}" if _is_number(cell) else cell
            for cell, unit in zip(row[time_at:end], units, strict=False)
            if cell.strip("- ")
        ]
        yield (*row[:time_at], " ".join(times), *row[end:])


def _is_number(cell: str) -> bool:
    """True for an amount without its unit: "5", "1/2", "5 - 10"."""
    return bool(cell) and unit_of_heading(cell) is None and read_time(f"{cell} menit").has_amount


def _units_beside(body: Sequence[tuple[str, ...]]) -> int | None:
    """The column that holds units and nothing else, each behind a cell with a number."""
    for at in range(1, max(map(len, body), default=0)):
        pairs = [(row[at - 1], row[at]) for row in body if len(row) > at and row[at]]
        if len(pairs) > 1 and all(_is_unit(unit) and _is_number(number) for number, unit in pairs):
            return at
    return None


def _heads_something(row: Sequence[str], at: int) -> bool:
    """True if the head has a column of its own in the place where the body has the units: the head is narrower."""
    return at < len(row) and role_of(row[at]) not in (None, Role.OTHER, Role.TIME)


def _joined(row: tuple[str, ...], unit_at: int) -> tuple[str, ...]:
    if len(row) <= unit_at:
        return row
    return (*row[: unit_at - 1], f"{row[unit_at - 1]} {row[unit_at]}".strip(), *row[unit_at + 1 :])
