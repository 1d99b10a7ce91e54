"""Due dates: when a time of a procedure is over, counted in the working calendar of the body.

The door to the time kernel; ``workcalendar`` counts, ``pauses`` stops the clock, ``explanation`` finds the words.

- Minutes and hours are working minutes.
- Working days end when the office closes on the n-th working day after the day of the start.
- Days and weeks follow ``day_kind`` of the body, unless the document itself says "hari kalender".
- Calendar days, months and years end when the office closes on the day reached, or on the next working day.
- Parts of days count as whole days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Literal

from sopan.core.durations import in_calendar_days
from sopan.core.explanation import Tell, day_words, explain, moment_words
from sopan.core.model import Duration, Unit
from sopan.core.pauses import Pause, elapsed, merged
from sopan.core.workcalendar import (
    OFFICE_WEEK,
    RAMADAN_WEEK,
    ZONES,
    Closing,
    Count,
    DayHours,
    Opening,
    Season,
    Week,
    WorkingCalendar,
    add_minutes,
    add_span,
    add_working_days,
    minutes_between,
    override,
    ramadan,
    span_between,
    working_day_from,
    working_days_between,
    zone_label,
)

__all__ = [
    "OFFICE_WEEK",
    "RAMADAN_WEEK",
    "ZONES",
    "Closing",
    "DayHours",
    "DayKind",
    "Due",
    "Opening",
    "Pause",
    "Season",
    "Week",
    "WorkingCalendar",
    "add_minutes",
    "add_working_days",
    "day_words",
    "due",
    "due_with_pauses",
    "elapsed",
    "minutes_between",
    "moment_words",
    "override",
    "ramadan",
    "working_days_between",
    "zone_label",
]

DayKind = Literal["working", "calendar"]


@dataclass(frozen=True, slots=True)
class Due:
    """A due date (``at``, UTC). How it came about is worked out only when asked."""

    at: datetime
    calendar: WorkingCalendar = field(repr=False, compare=False)
    start: datetime
    base: datetime  # what it were without pauses
    count: Count
    pauses: tuple[Pause, ...] = ()

    def explain(self, *, tell: Tell = str) -> tuple[str, ...]:
        """Lines, the last one tells the due date; Indonesian, or in the language of ``tell``."""
        return explain(
            self.calendar,
            start=self.start,
            base=self.base,
            at=self.at,
            count=self.count,
            pauses=self.pauses,
            tell=tell,
        )


def due(calendar: WorkingCalendar, start: datetime, duration: Duration, *, day_kind: DayKind = "working") -> Due | None:
    """When this time is over. None if the document bounds it not, or only beyond the years that can be counted."""
    return due_with_pauses(calendar, start, duration, (), day_kind=day_kind)


def due_with_pauses(
    calendar: WorkingCalendar,
    start: datetime,
    duration: Duration,
    pauses: Iterable[Pause],
    *,
    day_kind: DayKind = "working",
) -> Due | None:
    """Like ``due``, put off by exactly the working time of the pauses that begin before it.

    None also while a pause that began before the due date has not ended: nobody can know the date yet.
    """
    if not duration.bounded:
        return None
    try:
        count = _count(duration, day_kind)
        base = _reached(calendar, start, count)
        in_order = merged(pauses, since=start)
        at = _put_off(calendar, base, in_order) if in_order else base
    except OverflowError:
        return None
    return None if at is None else Due(at, calendar, start, base, count, in_order)


def _count(duration: Duration, day_kind: DayKind) -> Count:
    amount, unit = duration.amount or Decimal(0), duration.unit
    match unit:
        case Unit.MINUTE | Unit.HOUR:
            return Count("minutes", _minutes(amount * 60 if unit is Unit.HOUR else amount))
        case Unit.WORKING_DAY:
            return Count("working days", _whole(amount))
        case Unit.DAY | Unit.WEEK:
            if day_kind == "working" and not in_calendar_days(duration):
                return Count("working days", _whole(amount * 5 if unit is Unit.WEEK else amount))
            return Count("calendar days", _whole(amount * 7 if unit is Unit.WEEK else amount))
        case Unit.MONTH | Unit.YEAR:
            months = amount * 12 if unit is Unit.YEAR else amount
            return Count("months", int(months), _whole(months % 1 * 30))
        case _:
            raise ValueError("a bounded time has a unit")


def _minutes(amount: Decimal) -> int:
    """The nearest minute, but no time is nothing."""
    return max(int(amount.to_integral_value(ROUND_HALF_UP)), 1 if amount else 0)


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_CEILING))


def _reached(calendar: WorkingCalendar, start: datetime, count: Count) -> datetime:
    if count.of == "minutes":
        return add_minutes(calendar, start, count.number)
    if not count.number and not count.rest:
        return start.astimezone(UTC)
    first = calendar.local(start).date()
    if count.of == "working days":
        return calendar.closing_time(add_working_days(calendar, first, count.number))
    return calendar.closing_time(working_day_from(calendar, count.date_from(first)))


def _put_off(calendar: WorkingCalendar, at: datetime, pauses: tuple[Pause, ...]) -> datetime | None:
    for pause in pauses:
        if pause.start >= at:
            break
        if pause.end is None:
            return None
        at = add_span(calendar, at, span_between(calendar, pause.start, pause.end))
    return at
