"""When something falls due that is done again and again: each working day, week, month, quarter, half year or year.

Each period has one occurrence. Its day is the nominal one, or the next working day after a closed one. The key of a
period ("2026-11-23", "2026-W48", "2026-11", "2026-Q4", "2026-S2", "2026") is the same however the day has moved, which
is what keeps it from being begun twice.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .workcalendar import MINUTE, WorkingCalendar

LONGEST_CLOSING = 60  # days that an office may be closed at a stretch; beyond it the nominal day is kept


class Every(StrEnum):
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.SEMESTER: 6, Every.YEAR: 12}


def misfit(every: Every, *, day: int | None, month: int | None) -> str:
    """Which of the two ("day", "month") does not fit a period; empty if both do. A working day has neither, a month belongs
    to a year alone."""
    most = {Every.WORKING_DAY: 0, Every.WEEK: 7}.get(every, 31)
    if day is not None and not 1 <= day <= most:
        return "day"
    if month is not None and not (every is Every.YEAR and 1 <= month <= 12):
        return "month"
    return ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One period: its key, the day on which it is due, and the moment, when the office opens on that day."""

    key: str
    day: date
    at: datetime


def occurrences(
    every: Every,
    calendar: WorkingCalendar,
    first: date,
    last: date,
    *,
    day: int | None = None,
    month: int | None = None,
) -> list[Occurrence]:
    """Those whose day lies between ``first`` and ``last``, both included, in order.

    ``day`` is the day of the week (Monday 1) or of the month in which the period begins (of the last day if the month is
    shorter); ``month`` that of a year. Both are the first unless told.
    """
    begin = first - timedelta(days=LONGEST_CLOSING + 31)
    found = (_occurrence(key, nominal, calendar) for key, nominal in _periods(every, calendar, begin, last, day, month))
    return sorted((one for one in found if first <= one.day <= last), key=lambda one: (one.at, one.key))


def following(
    every: Every, calendar: WorkingCalendar, after: datetime, *, day: int | None = None, month: int | None = None
) -> Occurrence:
    """The first that is due later than ``after``."""
    today = calendar.local(after).date()
    for ahead in (40, 800):  # a year, and the days it may be put off
        found = occurrences(every, calendar, today, today + timedelta(days=ahead), day=day, month=month)
        later = [one for one in found if one.at > after]
        if later:
            return later[0]
    raise AssertionError("every period of a year comes within two years")


def _occurrence(key: str, nominal: date, calendar: WorkingCalendar) -> Occurrence:
    days = (nominal + timedelta(days=put_off) for put_off in range(LONGEST_CLOSING))
    day = next((one for one in days if calendar.is_working(one)), nominal)
    hours = calendar.hours(day)
    return Occurrence(key, day, calendar.instant(day, microseconds=(hours[0][0] if hours else 0) * MINUTE))


def _periods(
    every: Every, calendar: WorkingCalendar, first: date, last: date, day: int | None, month: int | None
) -> Iterator[tuple[str, date]]:
    """Keys and nominal days of the periods that begin between two dates."""
    if every is Every.WORKING_DAY:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        yield from ((one.isoformat(), one) for one in days if calendar.is_working(one))
    elif every is Every.WEEK:
        monday = first - timedelta(days=first.weekday())
        while monday <= last:
            year, week, _ = monday.isocalendar()
            yield f"{year}-W{week:02}", monday + timedelta(days=min(max(day or 1, 1), 7) - 1)
            monday += timedelta(days=7)
    else:
        yield from _of_months(every, first, last, day, month)


def _of_months(every: Every, first: date, last: date, day: int | None, month: int | None) -> Iterator[tuple[str, date]]:
    length = MONTHS[every]
    begin = (month or 1) if every is Every.YEAR else 1
    for year in range(first.year - 1, last.year + 1):
        for place, of in enumerate(range(begin, 13, length), 1):
            nominal = date(year, of, min(day or 1, monthrange(year, of)[1]))
            if first <= nominal <= last:
                yield _key(every, year, of, place), nominal


def _key(every: Every, year: int, month: int, place: int) -> str:
    return {
        Every.MONTH: f"{year}-{month:02}",
        Every.QUARTER: f"{year}-Q{place}",
        Every.SEMESTER: f"{year}-S{place}",
    }.get(every, str(year))
