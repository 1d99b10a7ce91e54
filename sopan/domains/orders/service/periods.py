"""Periods of reports: a year, a half (S), a quarter (T, triwulan) or a month, named as in addresses and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

_FORM = re.compile(r"(20\d\d)(?:-(S[12]|T[1-4]|0[1-9]|1[0-2]))?", re.ASCII)
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included. ``key``: "2026", "2026-S2", "2026-T4", "2026-11"."""

    key: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """In words: "Triwulan 4, 2026"."""
        year, _dash, part = self.key.partition("-")
        if not part:
            return _("Tahun %(year)s") % {"year": year}
        if part[0] == "S":
            return _("Semester %(part)s, %(year)s") % {"part": part[1], "year": year}
        if part[0] == "T":
            return _("Triwulan %(part)s, %(year)s") % {"part": part[1], "year": year}
        return f"{_(_MONTHS[int(part) - 1])} {year}"

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """From the first moment to the first moment after it."""
        here = ZoneInfo(zone)
        return (
            datetime.combine(self.first, time.min, here),
            datetime.combine(self.last + timedelta(days=1), time.min, here),
        )


def parse(text: str) -> Period | None:
    """The period that a key names, or None."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year, part = int(found[1]), found[2] or ""
    months = {"": 12, "S": 6, "T": 3}.get(part[:1], 1)
    begin = 1 if not part else (int(part[1]) - 1) * months + 1 if part[0] in "ST" else int(part)
    first = date(year, begin, 1)
    after = date(year + (begin + months > 12), (begin + months - 1) % 12 + 1, 1)
    return Period(text, first, after - timedelta(days=1))


def of_day(day: date, size: str) -> Period:
    """The period of a size ("year", "half", "quarter", "month") in which a day lies. Raises KeyError for another size."""
    part = {
        "year": "",
        "half": f"-S{(day.month - 1) // 6 + 1}",
        "quarter": f"-T{(day.month - 1) // 3 + 1}",
        "month": f"-{day.month:02d}",
    }[size]
    found = parse(f"{day.year}{part}")
    assert found is not None
    return found


def size_of(period: Period) -> str:
    part = period.key.partition("-")[2]
    return {"": "year", "S": "half", "T": "quarter"}.get(part[:1], "month")


def before(period: Period, count: int) -> list[Period]:
    """The ``count`` periods of the same size up to this one, the oldest first."""
    found = [period]
    while len(found) < count:
        found.append(of_day(found[-1].first - timedelta(days=1), size_of(period)))
    return found[::-1]


def choices(today: date, *, years: int = 3) -> list[tuple[str, str]]:
    """What a filter offers: this and the last years with their halves, quarters and months that have begun."""
    keys = []
    for year in range(today.year, today.year - years, -1):
        parts = ["", "-S2", "-S1", "-T4", "-T3", "-T2", "-T1", *(f"-{month:02d}" for month in range(12, 0, -1))]
        keys += [f"{year}{part}" for part in parts]
    found = [period for key in keys if (period := parse(key)) is not None and period.first <= today]
    return [(period.key, period.name) for period in found]
