"""How a due date came about, told line by line: one line a stretch of time, a closed day, or a pause.

The words are Indonesian. For another language ``explain`` is handed a ``tell`` that finds the words for each text; the
texts are marked by that name for who collects them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sopan.core.pauses import Pause
from sopan.core.workcalendar import MINUTE, Count, WorkingCalendar, span_between

Tell = Callable[[str], str]


def explain(
    calendar: WorkingCalendar,
    *,
    start: datetime,
    base: datetime,
    at: datetime,
    count: Count,
    pauses: Sequence[Pause],
    tell: Tell = str,
) -> tuple[str, ...]:
    """Lines from ``start`` to the due date ``at``; ``base`` is what it were without the ``pauses``."""
    story = _Story(calendar, tell)
    if count.of == "minutes":
        lines = list(story.minutes(start, at, pauses))
    else:
        lines = [*story.days(start, base, count), *story.pushes(base, at, pauses)]
    lines += story.years_not_decreed(start, at)
    # A pause may begin and end within one closed day, which is then met twice.
    return (*dict.fromkeys(lines), tell("Jatuh tempo: %(at)s") % {"at": story.moment(at)})


def day_words(day: date, tell: Tell = str) -> str:
    """Jumat 20 November 2026"""
    return f"{_weekday(day, tell)} {day.day} {_month(day, tell)} {day.year}"


def moment_words(calendar: WorkingCalendar, at: datetime, tell: Tell = str) -> str:
    """Jumat 20 November 2026, 15.30 WIB"""
    return f"{day_words(calendar.local(at).date(), tell)}, {_clock(calendar, at, tell)} {calendar.label}"


def _weekday(day: date, tell: Tell) -> str:
    names = (
        *(tell("Senin"), tell("Selasa"), tell("Rabu"), tell("Kamis"), tell("Jumat"), tell("Sabtu")),
        tell("Minggu"),
    )
    return names[day.weekday()]


def _month(day: date, tell: Tell) -> str:
    names = (
        *(tell("Januari"), tell("Februari"), tell("Maret"), tell("April"), tell("Mei"), tell("Juni")),
        *(tell("Juli"), tell("Agustus"), tell("September"), tell("Oktober"), tell("November"), tell("Desember")),
    )
    return names[day.month - 1]


def _clock(calendar: WorkingCalendar, at: datetime, tell: Tell) -> str:
    local = calendar.local(at)
    return tell("%(hour)s.%(minute)s") % {"hour": f"{local:%H}", "minute": f"{local:%M}"}


@dataclass(frozen=True)
class _Story:
    """The lines about one calendar in one language."""

    calendar: WorkingCalendar
    tell: Tell

    def day(self, day: date) -> str:
        return day_words(day, self.tell)

    def moment(self, at: datetime) -> str:
        return moment_words(self.calendar, at, self.tell)

    def minutes(self, start: datetime, at: datetime, pauses: Sequence[Pause]) -> Iterator[str]:
        """What counts and what does not, in the order of time."""
        for pause in pauses:
            if pause.end is None or pause.start >= at:
                break
            yield from self._stretches(start, pause.start)
            yield self._pause_line(pause, pause.end)
            start = pause.end
        yield from self._stretches(start, at)

    def days(self, start: datetime, base: datetime, count: Count) -> Iterator[str]:
        first, last = self.calendar.local(start).date(), self.calendar.local(base).date()
        if count.of == "working days":
            yield self.tell("%(day)s: hari awal, tidak dihitung") % {"day": self.day(first)}
            yield from self._working_days(first, last)
            return
        reached = count.date_from(first)
        named = {"count": self._count_words(count), "first": self.day(first), "reached": self.day(reached)}
        yield self.tell("%(count)s sejak %(first)s: %(reached)s") % named
        if reached != last:
            yield from (self._closed_line(day) for day in _dates(reached, last) if day != last)

    def pushes(self, base: datetime, at: datetime, pauses: Sequence[Pause]) -> Iterator[str]:
        counted = [pause for pause in pauses if pause.start < at]
        if not counted:
            return
        yield self.tell("Tanpa jeda jatuh tempo %(at)s") % {"at": self.moment(base)}
        for pause in counted:
            if pause.end is not None:
                yield self._pause_line(pause, pause.end)

    def years_not_decreed(self, start: datetime, at: datetime) -> list[str]:
        """Joint leave is decreed a year at a time; until it is in the calendar, a due date may still move: say so."""
        decreed = {
            day.year
            for day, why in self.calendar.closed.items()
            if why.joint_leave or why.name.casefold().startswith("cuti bersama")
        }
        years = range(self.calendar.local(start).year, self.calendar.local(at).year + 1)
        text = self.tell("Catatan: cuti bersama tahun %(year)s belum tercatat dalam kalender")
        return [text % {"year": year} for year in years if year not in decreed]

    def _stretches(self, start: datetime, end: datetime) -> Iterator[str]:
        calendar = self.calendar
        for day in _dates(calendar.local(start).date(), calendar.local(end).date()):
            if not calendar.is_working(day):
                yield self._closed_line(day)
            for opens, closes in calendar.hours(day):
                a = max(start, calendar.instant(day, microseconds=opens * MINUTE))
                b = min(end, calendar.instant(day, microseconds=closes * MINUTE))
                if a < b:
                    yield self._stretch_line(day, a, b)

    def _stretch_line(self, day: date, a: datetime, b: datetime) -> str:
        first, last = _clock(self.calendar, a, self.tell), _clock(self.calendar, b, self.tell)
        clock = f"{first}–{last} {self.calendar.label}"
        return f"{self.day(day)}, {clock}: {self._span_words(b - a)}{self._remark(day)}"

    def _remark(self, day: date) -> str:
        """Why the hours of a day are not the ordinary ones."""
        opening, season = self.calendar.opened.get(day), self.calendar.season(day)
        if opening:
            named = {"name": opening.name, "source": opening.source}
            return self.tell(" (hari kerja, %(name)s: %(source)s)") % named
        return f" ({season.name})" if season and season.name else ""

    def _span_words(self, span: timedelta) -> str:
        minutes, seconds = divmod(round(span.total_seconds()), 60)
        told = [self.tell("%(minutes)s menit") % {"minutes": minutes}] if minutes or not seconds else []
        return " ".join(told + ([self.tell("%(seconds)s detik") % {"seconds": seconds}] if seconds else []))

    def _closed_line(self, day: date) -> str:
        why = self.calendar.closed.get(day)
        if why is None:
            return self.tell("%(day)s: bukan hari kerja") % {"day": self.day(day)}
        source = f" ({why.source})" if why.source else ""
        return self.tell("%(day)s: libur, %(why)s") % {"day": self.day(day), "why": f"{why.name}{source}"}

    def _pause_line(self, pause: Pause, end: datetime) -> str:
        minutes = span_between(self.calendar, pause.start, end) // MINUTE
        named = {"start": self.moment(pause.start), "end": self.moment(end), "minutes": minutes}
        line = self.tell("Jeda %(start)s sampai %(end)s: %(minutes)s menit kerja tidak dihitung") % named
        return f"{line}, {pause.reason}" if pause.reason else line

    def _working_days(self, first: date, last: date) -> Iterator[str]:
        number = 0
        for day in _dates(first + timedelta(days=1), last):
            if self.calendar.is_working(day):
                number += 1
                named = {"number": number, "day": self.day(day)}
                yield self.tell("Hari kerja ke-%(number)s: %(day)s") % named + self._remark(day)
            else:
                yield self._closed_line(day)

    def _count_words(self, count: Count) -> str:
        if count.of == "calendar days":
            return self.tell("%(count)s hari kalender") % {"count": count.number}
        months = self.tell("%(months)s bulan") % {"months": count.number}
        return months + (self.tell(" %(days)s hari") % {"days": count.rest} if count.rest else "")


def _dates(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
