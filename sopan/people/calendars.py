"""The working calendar of an institution, built from its data.

``Institution.calendar`` is the section ``calendar`` of ``institution.yaml``. Every key may be left out::

    source: Perpres 21/2023              # of the week
    unverified: letak jam istirahat      # what of it nobody has confirmed yet
    week:                                # local clock time; the gap is the break; a day that is not there is closed
      monday: ["07.30-12.00", "13.00-16.00"]
    ramadan:
      source: …
      unverified: …
      week: {…}                          # like week
      periods:                           # announced each year; both dates included
        - {first: 2026-02-18, last: 2026-03-19, source: …}
    closed:                              # a decree closes a day beyond the national list …
      - {date: 2026-08-18, name: …, source: …}
    opened:                              # … or opens one that would be closed; hours as in week may be given
      - {date: 2026-12-24, name: …, source: …, hours: ["07.30-12.00"]}

Without ``week`` the office hours of ``core.workcalendar`` hold. National holidays and joint leave come from
``core.holidays_id``; what the institution's own lists say wins over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sopan.core.holidays_id import national_holidays
from sopan.core.workcalendar import (
    OFFICE_SOURCE,
    OFFICE_UNVERIFIED,
    OFFICE_WEEK,
    RAMADAN_WEEK,
    Closing,
    DayHours,
    Opening,
    Season,
    Week,
    WorkingCalendar,
)
from sopan.people.models import Institution

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = range(2020, 2041)  # whose holidays are known to a calendar; a later year has the week alone

_built: dict[int, tuple[int, WorkingCalendar]] = {}  # institution -> revision, calendar


def calendar_of(institution: Institution) -> WorkingCalendar:
    """The calendar of the institution as it stands, kept by the process until ``calendar_revision`` is raised.

    Raises ``ValueError`` for data that are no calendar.
    """
    return calendar_for(
        institution.pk, institution.calendar_revision, lambda: build(institution.calendar, institution.zone)
    )


def calendar_for(institution_id: int, revision: int, loader: Callable[[], WorkingCalendar]) -> WorkingCalendar:
    """The kept calendar of this revision, else what ``loader`` gives."""
    held = _built.get(institution_id)
    if held is not None and held[0] == revision:
        return held[1]
    calendar = loader()
    _built[institution_id] = (revision, calendar)
    return calendar


def forget() -> None:
    """Drop what this process keeps: another database may know other institutions by the same keys."""
    _built.clear()


def build(data: Mapping[str, Any], zone: str) -> WorkingCalendar:
    """The calendar that ``data`` (the format of this module) describe. ``ValueError`` if they do not."""
    closed = {day: why for year in YEARS for day, why in national_holidays(year).items()}
    opened = {_date(row["date"]): _opening(row) for row in data.get("opened") or ()}
    own = {_date(row["date"]): Closing(row["name"], row["source"]) for row in data.get("closed") or ()}
    has_week = bool(data.get("week"))
    return WorkingCalendar(
        zone,
        _week(data["week"]) if has_week else OFFICE_WEEK,
        seasons=tuple(_seasons(data.get("ramadan") or {})),
        closed=closed | own,
        opened=opened,
        source=data.get("source") or ("" if has_week else OFFICE_SOURCE),
        unverified=data.get("unverified") or ("" if has_week else OFFICE_UNVERIFIED),
    )


def _seasons(ramadan: Mapping[str, Any]) -> Iterable[Season]:
    week = _week(ramadan["week"]) if ramadan.get("week") else RAMADAN_WEEK
    for period in ramadan.get("periods") or ():
        yield Season(
            "jam kerja Ramadan",
            _date(period["first"]),
            _date(period["last"]),
            week,
            period.get("source") or ramadan.get("source") or OFFICE_SOURCE,
            ramadan.get("unverified") or "",
        )


def _week(data: Mapping[str, Iterable[str]]) -> Week:
    unknown = set(data) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"unknown weekday: {', '.join(sorted(unknown))}; known are {', '.join(WEEKDAYS)}")
    return {WEEKDAYS.index(day): _hours(intervals) for day, intervals in data.items()}


def _hours(intervals: Iterable[str]) -> DayHours:
    """["07.30-12.00", "13.00-16.00"] -> ((450, 720), (780, 960))."""
    return tuple((_minute(begin), _minute(end)) for begin, _, end in (text.partition("-") for text in intervals))


def _minute(clock: str) -> int:
    hour, _, minute = clock.strip().partition(".")
    if not (hour.isdigit() and minute.isdigit() and int(minute) < 60):
        raise ValueError(f"{clock!r} is no clock time like 07.30")
    return int(hour) * 60 + int(minute)


def _opening(row: Mapping[str, Any]) -> Opening:
    return Opening(row["name"], row["source"], _hours(row["hours"]) if row.get("hours") else None)


def _date(text: str) -> date:
    return date.fromisoformat(str(text))
