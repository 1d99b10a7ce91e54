"""The working calendar of a body, and counting in it: working minutes and working days.

A calendar is data: hours of a week, seasons with other hours (Ramadan), days that are closed, days that a decree opens.
Counting uses one index a year, built when first asked, so that adding or comparing takes microseconds.

All counting follows local clock time. The three zones of Indonesia have no summer time, which is why local days can be
counted as if each had 24 hours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

ZONES: Mapping[str, str] = MappingProxyType(
    {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"},
)
FIRST_YEAR, LAST_YEAR = 1950, 2200  # beyond these nothing is counted: ``OverflowError``
MINUTE = 60_000_000  # the index counts microseconds, so that no instant is rounded

DayHours = tuple[tuple[int, int], ...]  # open intervals in minutes after local midnight; breaks are the gaps
Week = Mapping[int, DayHours]  # 0 Monday … 6 Sunday; a day that is not there is closed


def _hours(*clock: str) -> DayHours:
    """ "07.30", "12.00", "13.00", "16.00" -> ((450, 720), (780, 960))."""
    minutes = [int(hour) * 60 + int(minute) for hour, _, minute in (text.partition(".") for text in clock)]
    return tuple(zip(minutes[::2], minutes[1::2], strict=True))


# Perpres 21/2023: beginning, length of the week and length of the breaks. When the breaks are is up to the body.
OFFICE_SOURCE = "Perpres 21/2023"
OFFICE_UNVERIFIED = "letak jam istirahat belum dipastikan"
OFFICE_WEEK: Week = MappingProxyType(
    {
        **dict.fromkeys(range(4), _hours("07.30", "12.00", "13.00", "16.00")),
        4: _hours("07.30", "11.30", "13.00", "16.30"),
    }
)
RAMADAN_WEEK: Week = MappingProxyType(
    {
        **dict.fromkeys(range(4), _hours("08.00", "12.00", "12.30", "15.00")),
        4: _hours("08.00", "11.30", "12.30", "15.30"),
    }
)


class Closing(NamedTuple):
    """Why a date is closed: a holiday or joint leave (cuti bersama), and the decree."""

    name: str
    source: str
    joint_leave: bool = False


class Opening(NamedTuple):
    """Why a date that would be closed is a working day. Without ``hours``: those of its weekday, else of Monday."""

    name: str
    source: str
    hours: DayHours | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """Other hours from ``first`` to ``last``, both included."""

    name: str
    first: date
    last: date
    week: Week
    source: str = ""
    unverified: str = ""  # what of it nobody has confirmed yet


def ramadan(first: date, last: date, *, source: str = OFFICE_SOURCE) -> Season:
    """The working hours of Ramadan; its dates are announced each year."""
    return Season("jam kerja Ramadan", first, last, RAMADAN_WEEK, source, OFFICE_UNVERIFIED)


class Count(NamedTuple):
    """What is counted to reach a due date. ``rest`` are the calendar days of a part of a month."""

    of: Literal["minutes", "working days", "calendar days", "months"]
    number: int
    rest: int = 0

    def date_from(self, day: date) -> date:
        """The date that calendar days or months reach, closed or not. 31 January and a month is 28 February."""
        months, days = (self.number, self.rest) if self.of == "months" else (0, self.number)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        if year > LAST_YEAR or days > 366 * (LAST_YEAR - year):
            raise OverflowError("time is not counted so far ahead")
        last_of_month = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last_of_month)) + timedelta(days=days)


class _Year(NamedTuple):
    """Index of a year. Days are numbered from 0."""

    first: int  # ordinal of 1 January
    hours: list[DayHours]
    before: list[int]  # microseconds worked in the year before day i; one more than there are days
    working: list[int]  # the days that have hours

    @property
    def total(self) -> int:
        return self.before[-1]


@dataclass(frozen=True)
class WorkingCalendar:
    """When a body works. ``closed`` and ``opened`` may hold plain ``(name, source)`` pairs; ``opened`` wins.

    Raises ``ValueError`` for a zone outside Indonesia, for hours that overlap, and for a week without hours.
    """

    zone: str
    week: Week
    seasons: tuple[Season, ...] = ()
    closed: Mapping[date, Closing] = field(default_factory=dict, repr=False)
    opened: Mapping[date, Opening] = field(default_factory=dict, repr=False)
    source: str = ""  # of the week
    unverified: str = ""  # what of it nobody has confirmed yet
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone_label(self.zone)
        set_once = object.__setattr__
        set_once(self, "week", MappingProxyType(dict(self.week)))
        set_once(self, "seasons", tuple(self.seasons))
        set_once(self, "closed", MappingProxyType({day: Closing(*why) for day, why in self.closed.items()}))
        set_once(self, "opened", MappingProxyType({day: Opening(*why) for day, why in self.opened.items()}))
        if not any(self.week.values()):
            raise ValueError("a working calendar needs at least one day with hours")
        weeks = [self.week, *(season.week for season in self.seasons)]
        opened = [opening.hours or () for opening in self.opened.values()]
        for hours in [hours for week in weeks for hours in week.values()] + opened:
            _check_hours(hours)

    def hours(self, day: date) -> DayHours:
        """Open intervals of a date; empty if it is closed."""
        season = self.season(day)
        week = season.week if season else self.week
        if opening := self.opened.get(day):
            return opening.hours or week.get(day.weekday()) or week.get(0) or next(filter(None, week.values()), ())
        return () if day in self.closed else week.get(day.weekday(), ())

    def is_working(self, day: date) -> bool:
        return bool(self.hours(day))

    def season(self, day: date) -> Season | None:
        return next((season for season in self.seasons if season.first <= day <= season.last), None)

    @property
    def label(self) -> str:
        """WIB, WITA or WIT."""
        return ZONES[self.zone]

    def local(self, at: datetime) -> datetime:
        """An instant as aware local time. ``ValueError`` for a naive one."""
        if at.tzinfo is None:
            raise ValueError("working time is counted between aware datetimes")
        return at.astimezone(ZoneInfo(self.zone))

    def instant(self, day: date, *, microseconds: int) -> datetime:
        """The instant (UTC) so long after local midnight."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))
        return (midnight + timedelta(microseconds=microseconds)).astimezone(UTC)

    def closing_time(self, day: date) -> datetime:
        """The instant (UTC) when a working day ends. ``ValueError`` for a closed day."""
        hours = self.hours(day)
        if not hours:
            raise ValueError(f"{day} is not a working day")
        return self.instant(day, microseconds=hours[-1][1] * MINUTE)

    def year(self, number: int) -> _Year:
        """The index of a year, built when first asked. Two threads may build it twice; both get the same."""
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._build(number)
        return found

    def _build(self, number: int) -> _Year:
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise OverflowError(f"working time is not counted in the year {number}")
        first = date(number, 1, 1).toordinal()
        days = range(date(number + 1, 1, 1).toordinal() - first)
        hours = [self.hours(date.fromordinal(first + day)) for day in days]
        before = [0]
        for of_day in hours:
            before.append(before[-1] + sum(end - start for start, end in of_day) * MINUTE)
        return _Year(first, hours, before, [day for day in days if hours[day]])


def _check_hours(hours: DayHours) -> None:
    ends = [0] + [minute for interval in hours for minute in interval] + [1440]
    if any(earlier > later for earlier, later in zip(ends, ends[1:], strict=False)):
        raise ValueError(f"hours of a day must be in order and within 0 to 1440 minutes: {hours}")
    if any(start == end for start, end in hours):
        raise ValueError(f"an interval of a day must not be empty: {hours}")


def zone_label(zone: str) -> str:
    """ "Asia/Jakarta" -> "WIB". ``ValueError`` for a zone outside Indonesia."""
    if zone not in ZONES:
        raise ValueError(f"unknown zone {zone!r}; known are {', '.join(ZONES)}")
    return ZONES[zone]


def override(
    calendar: WorkingCalendar,
    *,
    closed: Mapping[date, str] = MappingProxyType({}),
    opened: Mapping[date, str] = MappingProxyType({}),
    source: str,
) -> WorkingCalendar:
    """A new calendar changed by a decree (``source``): date -> name of what closes or opens it. The decree wins."""
    kept_closed = {day: why for day, why in calendar.closed.items() if day not in opened}
    kept_opened = {day: why for day, why in calendar.opened.items() if day not in closed}
    return replace(
        calendar,
        closed=kept_closed | {day: Closing(name, source) for day, name in closed.items()},
        opened=kept_opened | {day: Opening(name, source) for day, name in opened.items()},
    )


def add_minutes(calendar: WorkingCalendar, at: datetime, minutes: int) -> datetime:
    """The first instant (UTC) by which so many working minutes have passed since ``at``.

    60 minutes from 15.00 end at 16.00, not at the next morning; 0 minutes end where they began.
    """
    return add_span(calendar, at, minutes * MINUTE)


def add_span(calendar: WorkingCalendar, at: datetime, span: int) -> datetime:
    """Like ``add_minutes``, in microseconds. ``ValueError`` if negative, ``OverflowError`` beyond ``LAST_YEAR``."""
    if span < 0:
        raise ValueError("working time can only be added")
    local = calendar.local(at)
    if span == 0:
        return at.astimezone(UTC)
    number = local.year
    year = calendar.year(number)
    target = _worked(year, local) + span
    while target > year.total:
        target -= year.total
        number += 1
        year = calendar.year(number)
    day = bisect_left(year.before, target) - 1
    return calendar.instant(
        date.fromordinal(year.first + day),
        microseconds=_clock_after(year.hours[day], target - year.before[day]),
    )


def _worked(year: _Year, local: datetime) -> int:
    """Microseconds worked in the year up to this local time."""
    day = local.toordinal() - year.first
    clock = (local.hour * 60 + local.minute) * MINUTE + local.second * 1_000_000 + local.microsecond
    worked = year.before[day]
    for start, end in year.hours[day]:
        if clock <= start * MINUTE:
            break
        worked += min(clock, end * MINUTE) - start * MINUTE
    return worked


def _clock_after(hours: DayHours, span: int) -> int:
    """When in the day so much has been worked; ``span`` is not more than the day has."""
    for start, end in hours:
        if span <= (end - start) * MINUTE:
            return start * MINUTE + span
        span -= (end - start) * MINUTE
    raise AssertionError("the day has fewer hours than its index says")


def minutes_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> int:
    """Whole working minutes from ``a`` to ``b``; negative if ``b`` is earlier."""
    span = span_between(calendar, a, b)
    return span // MINUTE if span >= 0 else -(-span // MINUTE)


def span_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> int:
    """Working microseconds from ``a`` to ``b``; negative if ``b`` is earlier."""
    if b < a:
        return -span_between(calendar, b, a)
    start, end = calendar.local(a), calendar.local(b)
    full_years = sum(calendar.year(number).total for number in range(start.year, end.year))
    return full_years + _worked(calendar.year(end.year), end) - _worked(calendar.year(start.year), start)


def add_working_days(calendar: WorkingCalendar, day: date, number: int) -> date:
    """The ``number``-th working day after ``day``; ``day`` itself does not count. 0 gives ``day``."""
    if number < 0:
        raise ValueError("working days can only be added")
    if number == 0:
        return day
    in_year = day.year
    year = calendar.year(in_year)
    place = bisect_right(year.working, day.toordinal() - year.first) + number - 1
    while place >= len(year.working):
        place -= len(year.working)
        in_year += 1
        year = calendar.year(in_year)
    return date.fromordinal(year.first + year.working[place])


def working_days_between(calendar: WorkingCalendar, a: date, b: date) -> int:
    """Working days after ``a`` up to and including ``b``; negative if ``b`` is earlier."""
    if b < a:
        return -working_days_between(calendar, b, a)
    full_years = sum(len(calendar.year(number).working) for number in range(a.year, b.year))
    return full_years + _days_until(calendar, b) - _days_until(calendar, a)


def _days_until(calendar: WorkingCalendar, day: date) -> int:
    year = calendar.year(day.year)
    return bisect_right(year.working, day.toordinal() - year.first)


def working_day_from(calendar: WorkingCalendar, day: date) -> date:
    """``day`` if it is a working day, else the next one."""
    return day if calendar.is_working(day) else add_working_days(calendar, day, 1)
