"""National holidays and joint leave of Indonesia, as the package ``holidays`` knows them.

The decree (SKB 3 Menteri) changes in mid-year; ``workcalendar.override`` puts a decree above what is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

from sopan.core.workcalendar import OFFICE_SOURCE, OFFICE_UNVERIFIED, OFFICE_WEEK, Closing, Season, WorkingCalendar

SOURCE = "SKB 3 Menteri, menurut daftar pustaka holidays"


@lru_cache(maxsize=64)
def national_holidays(year: int) -> Mapping[date, Closing]:
    """Date -> name (Indonesian) and source; joint leave (cuti bersama) is marked.

    The package marks dates that depend on the moon and are not decreed yet with "(perkiraan)" in the name. Joint leave
    is known only for years whose decree the package holds.
    """
    leave = _named(year, "government", joint_leave=True)
    return MappingProxyType(dict(sorted((leave | _named(year, "public", joint_leave=False)).items())))


def _named(year: int, category: str, *, joint_leave: bool) -> dict[date, Closing]:
    found = holidays.country_holidays("ID", years=year, categories=category, language="id")
    return {day: Closing(name, SOURCE, joint_leave) for day, name in found.items()}


def office_calendar(
    zone: str = "Asia/Jakarta", *, years: Iterable[int], seasons: tuple[Season, ...] = ()
) -> WorkingCalendar:
    """Office hours of Perpres 21/2023 with the national holidays and joint leave of these years."""
    closed = {day: why for year in years for day, why in national_holidays(year).items()}
    return WorkingCalendar(
        zone, OFFICE_WEEK, seasons=seasons, closed=closed, source=OFFICE_SOURCE, unverified=OFFICE_UNVERIFIED
    )
