"""Rows of a table -> steps: which rows are steps, which are headings, totals, or the rest of the row above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sopan.exchange.document import Row
from sopan.exchange.draft import DraftStep, Remark, Source, Sure, Time, Told
from sopan.exchange.headings import NUMBER, is_numbering
from sopan.exchange.layout import Layout, Placed, place
from sopan.exchange.symbols import Mark, mark_of
from sopan.exchange.times import read_time
from sopan.exchange.words import plain

_TOTAL = re.compile(r"^(?:jumlah|total|lama|waktu penyelesaian|total waktu|jumlah waktu)\b", re.IGNORECASE)
_NIP = re.compile(r"N\.?I\.?P\b", re.IGNORECASE)
_FIRST_PART = re.compile(r"\(?(?:a[.)]|1\)|a$)")
_END = re.compile(r"\W*(?:mulai|selesai|start|end|finish)\W*", re.IGNORECASE)
_RULE = re.compile(r"^[-=_:. ]*$")


@dataclass(slots=True)
class Body:
    """Steps of one table, with the placed row of each, and what was odd."""

    steps: list[DraftStep] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def warn(self, where: str, what: str) -> None:
        self.warnings.append(Remark(where, what))


def is_rule(cells: Sequence[str]) -> bool:
    """True for a row of dashes, or an empty one."""
    return all(_RULE.match(cell) for cell in cells)


def read_rows(rows: Sequence[Row], layout: Layout, *, title: str) -> Body:
    """The steps of the body ``rows``; ``title`` is the name of the procedure, which some tables repeat in a row."""
    body = Body()
    real = [row for row in _before_signature(rows) if not is_rule(row.cells) and not is_numbering(row.cells)]
    placed = [(row, place(row.cells, layout)) for row in real]
    for at, (row, one) in enumerate(placed):
        following = placed[at + 1][1] if at + 1 < len(placed) else None
        _read_row(body, row, one, following, layout, title)
    return body


def _before_signature(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without those of a signature at the end of the table: from a NIP up to the last row with a number."""
    signed = next((at for at, row in enumerate(rows) if any(_NIP.match(cell) for cell in row.cells)), None)
    if signed is None:
        return rows
    last = next(
        (at for at in range(signed - 1, -1, -1) if len([cell for cell in rows[at].cells if cell]) > 1), signed - 1
    )
    return rows[: last + 1]


def _read_row(body: Body, row: Row, one: Placed, following: Placed | None, layout: Layout, title: str) -> None:
    if one.lost:
        _add(body, row, one, layout)
    elif _TOTAL.match(one.activity) and not one.no:
        body.warn(row.place, f"A row of totals is left out: {_short(row)}.")
    elif _is_title(one, following, title, first=not body.steps):
        body.warn(row.place, f"A row is taken for a heading: {_short(row)}.")
    elif not one.activity:
        _without_activity(body, row, one)
    elif _continues(one, body):
        _append(body, one)
        body.warn(row.place, f"A row without number is taken for the rest of {body.steps[-1].name}: {_short(row)}.")
    else:
        _add(body, row, one, layout)


def _short(row: Row) -> str:
    text = " | ".join(cell for cell in row.cells if cell)
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _bare(one: Placed) -> bool:
    """Nothing stands in the row but its number and its words."""
    return not (one.requirements or one.time or one.output or one.remarks or any(map(_marks, one.marks)))


def _marks(cell: str) -> bool:
    return mark_of(cell) in (Mark.STEP, Mark.DECISION, Mark.WORDS)


def _is_title(one: Placed, following: Placed | None, title: str, *, first: bool) -> bool:
    if not one.activity or not _bare(one):
        return False
    if first and plain(one.activity) == plain(title):
        return True
    if not one.no and _END.fullmatch(one.activity):
        return True  # the words of a capsule before the first step, or behind the last
    if one.no:
        below = following.no if following else ""
        group = (
            below == one.no or below.startswith(f"{one.no.rstrip('.)')}.") and below.rstrip(".)") != one.no.rstrip(".)")
        )
        return group or _begins_parts(following) or bool(re.fullmatch(r"[A-Z][.)]?", one.no))
    return first or one.activity.endswith(":") or one.activity.isupper() or bool(re.match(r"[A-Z][.)] ", one.activity))


def _begins_parts(following: Placed | None) -> bool:
    """True for a whole row that is the first part ("a.", "1)") of the bare one above it."""
    if following is None or _bare(following):
        return False
    return bool(_FIRST_PART.match(following.no or following.activity))


def _continues(one: Placed, body: Body) -> bool:
    """A row split by the end of a page: no number, no time, and its words go on in small letters."""
    if one.no or one.time or not body.steps:
        return False
    return one.activity[:1].islower() or body.steps[-1].activity.value.endswith((",", "-", "/")) or _bare(one)


def _without_activity(body: Body, row: Row, one: Placed) -> None:
    if not (one.requirements or one.output or one.time or one.remarks):
        return  # arrows and end capsules between the rows
    if one.time and not one.output and not one.requirements:
        body.warn(row.place, f"A row with a time alone is taken for a total and left out: {one.time!r}.")
    elif body.steps:
        _append(body, one)
        body.warn(row.place, f"A row without activity is taken for the rest of {body.steps[-1].name}: {_short(row)}.")
    else:
        body.warn(row.place, f"A row without activity before the first step is left out: {_short(row)}.")


def _append(body: Body, one: Placed) -> None:
    """Join the words of a row to those of the step above, column by column."""
    step, above = body.steps[-1], body.placed[-1]
    step.activity = _longer(step.activity, one.activity) or step.activity
    step.requirements = _longer(step.requirements, one.requirements)
    step.output = _longer(step.output, one.output)
    step.remarks = _longer(step.remarks, one.remarks)
    if one.time and step.time.text is None:
        step.time = read_step_time(one.time, body, step.name, None)
    marks = tuple(upper or lower for upper, lower in zip(above.marks, one.marks, strict=False))
    body.placed[-1] = replace(above, marks=marks + above.marks[len(marks) :])


def _longer(told: Told[str] | None, more: str) -> Told[str] | None:
    if not more:
        return told
    return (
        Told(f"{told.value} {more}", Source.POSITION, Sure.LIKELY) if told else Told(more, Source.POSITION, Sure.LIKELY)
    )


def _add(body: Body, row: Row, one: Placed, layout: Layout) -> None:
    no, activity = one.no, one.activity
    if not no and layout.no_at is None and (found := re.match(r"(\d{1,2}[.)])\s+(?=\S)", activity)):
        no, activity = found[1], activity[found.end() :]
    step = DraftStep(
        seq=len(body.steps) + 1,
        no=Told(no) if no else None,
        activity=Told(activity),
        requirements=_requirements(one),
        time=Time(None, None, "missing"),
        output=Told(one.output) if one.output else None,
        remarks=Told(one.remarks) if one.remarks else None,
        place=row.place,
    )
    step.time = read_step_time(one.time, body, f"{step.name} ({row.place})", layout)
    body.steps.append(step)
    body.placed.append(one)
    _odd_places(body, step, row, one)


def _odd_places(body: Body, step: DraftStep, row: Row, one: Placed) -> None:
    where = f"{step.name} ({step.place})"
    if step.no is None:
        body.warn(where, "The row has no number.")
    if one.strayed:
        body.warn(where, "The requirements stand in a column of an actor.")
    if one.lost:
        body.warn(where, f"The row has other cells than the rest; which is which is not told of all: {_short(row)}.")
    if one.shift:
        body.warn(where, "The row has fewer or more cells than the others; it is read by the place of its time.")


def _requirements(one: Placed) -> Told[str] | None:
    if not one.requirements:
        return None
    uncertain = one.strayed or one.shift
    return Told(one.requirements, Source.POSITION, Sure.LIKELY) if uncertain else Told(one.requirements)


def read_step_time(printed: str, body: Body, where: str, layout: Layout | None) -> Time:
    """The time of a step, with a warning where it was misread or cannot be."""
    if not printed:
        return Time(None, None, "missing")
    reading = read_time(printed, header_unit=layout.unit if layout else None)
    if reading.read_as:
        body.warn(where, f"The time {printed!r} is taken for {reading.read_as!r}.")
    if reading.suspicious:
        body.warn(where, f"The time {printed!r} cannot be right: {reading.suspicious}.")
    from_heading = bool(re.fullmatch(r"[\d.,/ -]+", printed))
    source = Source.DEFAULT if from_heading else Source.CELL
    sure = Sure.LIKELY if reading.read_as else Sure.CERTAIN
    minutes = None if reading.minutes is None else Told(reading.minutes, source, sure)
    return Time(Told(printed), minutes, reading.kind)


def number_warnings(steps: Sequence[DraftStep]) -> list[Remark]:
    """Numbers that repeat or skip; they stay as they are printed."""
    warnings, seen, before = [], set[str](), 0
    for step in steps:
        text = step.no.value.strip("(). ,") if step.no else ""
        if text and text in seen:
            warnings.append(Remark(f"{step.name} ({step.place})", f"The number {text} is printed more than once."))
        seen.add(text)
        digits = re.match(r"\d+", text)
        number = int(digits[0]) if digits and NUMBER.fullmatch(text) else before
        if number > before + 1 and before:
            warnings.append(Remark(f"{step.name} ({step.place})", f"The number before is {before}: one is missing."))
        elif number > 1 and not before:
            warnings.append(Remark(f"{step.name} ({step.place})", f"The table begins with number {number}."))
        before = max(before, number)
    return warnings
