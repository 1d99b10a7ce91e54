"""How a due date came about, told in Indonesian: one line a stretch of time, a closed day, or a pause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sopan.core.pauses import Pause
from sopan.core.workcalendar import MINUTE, Count, WorkingCalendar, span_between

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def explain(
    calendar: WorkingCalendar, *, start: datetime, base: datetime, at: datetime, count: Count, pauses: Sequence[Pause]
) -> tuple[str, ...]:
    """Lines from ``start`` to the due date ``at``; ``base`` is what it were without the ``pauses``."""
    if count.of == "minutes":
        lines = list(_minutes(calendar, start, at, pauses))
    else:
        lines = [*_days(calendar, start, base, count), *_pushes(calendar, base, at, pauses)]
    lines += _years_not_decreed(calendar, start, at)
    # A pause may begin and end within one closed day, which is then met twice.
    return (*dict.fromkeys(lines), f"Jatuh tempo: {moment_words(calendar, at)}")


def day_words(day: date) -> str:
    """Jumat 20 November 2026"""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(calendar: WorkingCalendar, at: datetime) -> str:
    """Jumat 20 November 2026, 15.30 WIB"""
    local = calendar.local(at)
    return f"{day_words(local.date())}, {local:%H.%M} {calendar.label}"


def _minutes(calendar: WorkingCalendar, start: datetime, at: datetime, pauses: Sequence[Pause]) -> Iterator[str]:
    """What counts and what does not, in the order of time."""
    for pause in pauses:
        if pause.end is None or pause.start >= at:
            break
        yield from _stretches(calendar, start, pause.start)
        yield _pause_line(calendar, pause, pause.end)
        start = pause.end
    yield from _stretches(calendar, start, at)


def _stretches(calendar: WorkingCalendar, start: datetime, end: datetime) -> Iterator[str]:
    first, last = calendar.local(start), calendar.local(end)
    for day in _dates(first.date(), last.date()):
        if not calendar.is_working(day):
            yield _closed_line(calendar, day)
        for opens, closes in calendar.hours(day):
            a = max(start, calendar.instant(day, microseconds=opens * MINUTE))
            b = min(end, calendar.instant(day, microseconds=closes * MINUTE))
            if a < b:
                yield _stretch_line(calendar, day, a, b)


def _stretch_line(calendar: WorkingCalendar, day: date, a: datetime, b: datetime) -> str:
    clock = f"{calendar.local(a):%H.%M}–{calendar.local(b):%H.%M} {calendar.label}"
    return f"{day_words(day)}, {clock}: {_span_words(b - a)}{_remark(calendar, day)}"


def _remark(calendar: WorkingCalendar, day: date) -> str:
    """Why the hours of a day are not the ordinary ones."""
    opening, season = calendar.opened.get(day), calendar.season(day)
    told = f"hari kerja, {opening.name}: {opening.source}" if opening else season.name if season else ""
    return f" ({told})" if told else ""


def _span_words(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    told = ([f"{minutes} menit"] if minutes or not seconds else []) + ([f"{seconds} detik"] if seconds else [])
    return " ".join(told)


def _closed_line(calendar: WorkingCalendar, day: date) -> str:
    if why := calendar.closed.get(day):
        source = f" ({why.source})" if why.source else ""
        return f"{day_words(day)}: libur, {why.name}{source}"
    return f"{day_words(day)}: bukan hari kerja"


def _pause_line(calendar: WorkingCalendar, pause: Pause, end: datetime) -> str:
    minutes = span_between(calendar, pause.start, end) // MINUTE
    reason = f", {pause.reason}" if pause.reason else ""
    return (
        f"Jeda {moment_words(calendar, pause.start)} sampai {moment_words(calendar, end)}: "
        f"{minutes} menit kerja tidak dihitung{reason}"
    )


def _days(calendar: WorkingCalendar, start: datetime, base: datetime, count: Count) -> Iterator[str]:
    first, last = calendar.local(start).date(), calendar.local(base).date()
    if count.of == "working days":
        yield f"{day_words(first)}: hari awal, tidak dihitung"
        yield from _working_days(calendar, first, last)
        return
    reached = count.date_from(first)
    yield f"{_count_words(count)} sejak {day_words(first)}: {day_words(reached)}"
    if reached != last:
        yield from (_closed_line(calendar, day) for day in _dates(reached, last) if day != last)


def _working_days(calendar: WorkingCalendar, first: date, last: date) -> Iterator[str]:
    number = 0
    for day in _dates(first + timedelta(days=1), last):
        if calendar.is_working(day):
            number += 1
            yield f"Hari kerja ke-{number}: {day_words(day)}{_remark(calendar, day)}"
        else:
            yield _closed_line(calendar, day)


def _count_words(count: Count) -> str:
    if count.of == "calendar days":
        return f"{count.number} hari kalender"
    rest = f" {count.rest} hari" if count.rest else ""
    return f"{count.number} bulan{rest}"


def _pushes(calendar: WorkingCalendar, base: datetime, at: datetime, pauses: Sequence[Pause]) -> Iterator[str]:
    counted = [pause for pause in pauses if pause.start < at]
    if not counted:
        return
    yield f"Tanpa jeda jatuh tempo {moment_words(calendar, base)}"
    for pause in counted:
        if pause.end is not None:
            yield _pause_line(calendar, pause, pause.end)


def _years_not_decreed(calendar: WorkingCalendar, start: datetime, at: datetime) -> list[str]:
    """Joint leave is decreed a year at a time; until it is in the calendar, a due date may still move: say so."""
    decreed = {
        day.year
        for day, why in calendar.closed.items()
        if why.joint_leave or why.name.casefold().startswith("cuti bersama")
    }
    years = range(calendar.local(start).year, calendar.local(at).year + 1)
    return [
        f"Catatan: cuti bersama tahun {year} belum tercatat dalam kalender" for year in years if year not in decreed
    ]


def _dates(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
