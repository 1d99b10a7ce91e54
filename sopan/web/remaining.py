"""How much time a task has left, as words, a tone and a share: words first, then icon and bar.

Waiting for somebody outside and being on hold are grey: nobody's clock runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sopan.core.model import ActorKind
from sopan.core.worktime import WorkingCalendar, minutes_between, working_days_between
from sopan.engine.models import Case, Task
from sopan.people.calendars import calendar_of
from sopan.people.models import Institution
from sopan.ui import formats

SOON = 60  # working minutes


@dataclass(frozen=True, slots=True)
class Remaining:
    """``used`` is the share of the time that is over, in percent; None where no clock runs."""

    words: str
    tone: str
    icon: str
    used: int | None = None


def remaining(task: Task, *, institution: Institution, now: datetime) -> Remaining:
    """What is left of the time of an open task, whose case and binding are loaded."""
    if task.case.status == Case.Status.HELD:
        return Remaining(_("Ditahan"), "wait", "pause")
    if task.binding.kind == ActorKind.CUSTOMER:
        return Remaining(_("Menunggu pelanggan"), "wait", "pause")
    if task.binding.kind != ActorKind.STAFF:
        return Remaining(_("Menunggu pihak luar"), "wait", "pause")
    if task.due_at is None:
        return Remaining(_("Tanpa batas waktu"), "", "minus")
    return _counted(calendar_of(institution), task.opened_at, task.due_at, now)


def _counted(calendar: WorkingCalendar, opened: datetime, due: datetime, now: datetime) -> Remaining:
    if due <= now:
        words = _("Terlambat %(time)s") % {"time": between(calendar, due, now)}
        return Remaining(words, "bad", "exclamation-circle", 100)
    left = minutes_between(calendar, now, due)
    whole = max(minutes_between(calendar, opened, due), 1)
    used = min(100, max(0, 100 - left * 100 // whole))
    soon = left <= SOON or used >= 75
    words = _("Sisa %(time)s") % {"time": between(calendar, now, due)}
    return Remaining(words, "warn" if soon else "ok", "clock", used)


def between(calendar: WorkingCalendar, first: datetime, last: datetime) -> str:
    """``35 menit``, ``2 j 4 m``, and from another day on ``3 hari kerja``."""
    days = working_days_between(calendar, calendar.local(first).date(), calendar.local(last).date())
    if days >= 1:
        return formats.working_days(days)
    return formats.duration(minutes_between(calendar, first, last))
