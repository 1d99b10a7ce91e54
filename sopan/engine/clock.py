"""Due times of tasks: the working-time kernel with the calendar of the institution."""

from __future__ import annotations

from collections.abc import Sequence
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


def worked(
    institution_id: int, revision: int, start: datetime, end: datetime, pauses: Sequence[worktime.Pause] = ()
) -> int:
    """Working minutes from ``start`` to ``end`` without the pauses."""
    calendar, _ = _calendar(institution_id, revision)
    return worktime.elapsed(calendar, start, end, pauses) if pauses else worktime.minutes_between(calendar, start, end)


def pushed(institution_id: int, revision: int, due_at: datetime, pause: worktime.Pause) -> datetime:
    """A due time pushed out by the working minutes of a pause."""
    calendar, _ = _calendar(institution_id, revision)
    assert pause.end is not None
    return worktime.add_minutes(calendar, due_at, worktime.minutes_between(calendar, pause.start, pause.end))


def forget() -> None:
    _calendar.cache_clear()
