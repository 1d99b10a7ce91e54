"""Due times of tasks: the working-time kernel with the calendar of the institution."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Literal

from sopan.core import worktime
from sopan.core.model import Duration
from sopan.people.calendars import calendar_of
from sopan.people.models import Institution

DayKind = Literal["working", "calendar"]


@lru_cache(maxsize=500)
def _calendar(institution_id: int, revision: int) -> tuple[worktime.WorkingCalendar, DayKind]:
    """A change of the calendar or of the setting raises ``revision``, in all processes at once."""
    institution = Institution.objects.get(pk=institution_id)
    kind: DayKind = "calendar" if institution.setting("day_kind", "working") == "calendar" else "working"
    return calendar_of(institution), kind


def due(institution_id: int, revision: int, start: datetime, duration: Duration) -> worktime.Due | None:
    """When a step that opens at ``start`` is due, or None where its time gives no date."""
    if not duration.bounded:
        return None
    calendar, day_kind = _calendar(institution_id, revision)
    return worktime.due(calendar, start, duration, day_kind=day_kind)


def worked(institution_id: int, revision: int, start: datetime, end: datetime) -> int:
    """Working minutes from ``start`` to ``end``."""
    calendar, _ = _calendar(institution_id, revision)
    return worktime.minutes_between(calendar, start, end)


def later(institution_id: int, revision: int, at: datetime, minutes: int) -> datetime:
    """``minutes`` of working time after ``at``."""
    calendar, _ = _calendar(institution_id, revision)
    return worktime.add_minutes(calendar, at, minutes)


def forget() -> None:
    _calendar.cache_clear()
