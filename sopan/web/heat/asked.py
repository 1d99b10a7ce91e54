"""The period and the version that a heat map is asked for, as they stand in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sopan.catalogue.models import ProcedureVersion
from sopan.people.models import Institution
from sopan.ui import formats
from sopan.ui.fields import row_id

PERIODS = {
    "30": gettext_lazy("30 hari terakhir"),
    "90": gettext_lazy("90 hari terakhir"),
    "tahun": gettext_lazy("Tahun ini"),
    "lalu": gettext_lazy("Tahun lalu"),
    "semua": gettext_lazy("Seluruh waktu"),
    "tanggal": gettext_lazy("Dari–sampai tanggal"),
}
USUAL = "90"


@dataclass(frozen=True, slots=True)
class Asked:
    """``first`` and ``last`` are days at the institution, both included; None is open."""

    period: str
    first: date | None
    last: date | None
    version: ProcedureVersion
    zone: str

    @property
    def since(self) -> datetime | None:
        return self._midnight(self.first) if self.first else None

    @property
    def until(self) -> datetime | None:
        return self._midnight(self.last + timedelta(days=1)) if self.last else None

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(self.zone))

    def told(self, count: int) -> list[str]:
        """The choices in words, with the number of tasks behind the picture."""
        first = formats.long_date(self.first) if self.first else _("awal")
        last = formats.long_date(self.last) if self.last else _("sekarang")
        tasks = ngettext("%(n)s langkah selesai", "%(n)s langkah selesai", count) % {"n": formats.number(count)}
        return [
            _("Versi %(version)s") % {"version": self.version.version},
            _("Periode: %(first)s sampai %(last)s") % {"first": first, "last": last},
            tasks,
        ]


def read(given: QueryDict, *, versions: Sequence[ProcedureVersion], institution: Institution, now: datetime) -> Asked:
    """From an address; what it does not know is as if it were not there. ``versions``: the newest first."""
    key = row_id(given.get("versi", ""))
    version = next((one for one in versions if one.version == key), versions[0])
    period = given.get("periode", "")
    period = period if period in PERIODS else USUAL
    today = institution.date_at(now)
    first, last = _days(period, today, given)
    return Asked(period, first, last, version, institution.zone)


def _days(period: str, today: date, given: QueryDict) -> tuple[date | None, date | None]:
    if period in ("30", "90"):
        return today - timedelta(days=int(period) - 1), today
    if period == "tahun":
        return date(today.year, 1, 1), today
    if period == "lalu":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if period == "tanggal":
        return _day(given.get("dari", "")), _day(given.get("sampai", ""))
    return None, None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2199 else None
