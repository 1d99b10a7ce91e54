"""Pauses of the clock: while a case waits for the customer or another party, no time counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sopan.core.workcalendar import MINUTE, WorkingCalendar, span_between


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from ``start`` to ``end``; ``end`` None while it still does."""

    start: datetime
    end: datetime | None
    reason: str = ""


def merged(pauses: Iterable[Pause], *, since: datetime) -> tuple[Pause, ...]:
    """The same pauses in order, without overlaps and without what was before ``since``."""
    done: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.start):
        if pause.end is not None and pause.end <= max(pause.start, since):
            continue
        start = max(pause.start, since)
        last = done[-1] if done else None
        if last is None or (last.end is not None and last.end <= start):
            done.append(Pause(start, pause.end, pause.reason))
        else:
            done[-1] = Pause(last.start, _later(last.end, pause.end), _both(last.reason, pause.reason))
    return tuple(done)


def _later(a: datetime | None, b: datetime | None) -> datetime | None:
    return None if a is None or b is None else max(a, b)


def _both(a: str, b: str) -> str:
    return a if a == b or not b else f"{a}; {b}" if a else b


def elapsed(calendar: WorkingCalendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> int:
    """Whole working minutes from ``start`` to ``end`` that count, that is without the pauses; 0 if ``end`` is earlier."""
    span = span_between(calendar, start, max(start, end))
    for pause in merged(pauses, since=start):
        if pause.start < end:
            span -= span_between(calendar, pause.start, end if pause.end is None else min(end, pause.end))
    return span // MINUTE
