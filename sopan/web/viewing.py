"""What the inbox shows, read from its address and written back into it: filters, counters, groups, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from sopan.core.model import ActorKind
from sopan.core.worktime import add_working_days
from sopan.engine.models import Case, Task
from sopan.engine.queries import CAP, Filters, Key
from sopan.people.calendars import calendar_of
from sopan.people.models import Institution
from sopan.ui import formats
from sopan.web.remaining import Remaining, remaining

LONGEST = 80  # characters of a search
MINE = {"saya": "taken", "bebas": "free", "unit": "unit"}
DUES = ("terlambat", "hari-ini", "berikut", "nanti", "tanpa", "menunggu")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The moments that part late, today, the next working day and later."""

    now: datetime
    tonight: datetime
    next_day: datetime  # the beginning of the next working day, and its end
    next_night: datetime


def bounds(institution: Institution, now: datetime) -> Bounds:
    calendar = calendar_of(institution)
    today = calendar.local(now).date()
    following = add_working_days(calendar, today, 1)
    zone = calendar.local(now).tzinfo

    def begin(day: object) -> datetime:
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type]

    return Bounds(now, begin(today + timedelta(days=1)), begin(following), begin(following + timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Viewing:
    """The choices of a person, as they stand in the address."""

    mine: str = ""
    slug: str = ""
    step: str = ""
    search: str = ""
    due: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Viewing:
        """From an address; what it does not know it leaves out."""
        mine, due = given.get("petugas", ""), given.get("batas", "")
        return cls(
            mine=mine if mine in MINE else "",
            slug=given.get("sop", "")[:80],
            step=given.get("langkah", "")[:40],
            search=given.get("cari", "").replace("\x00", "").strip()[:LONGEST],
            due=due if due in DUES else "",
        )

    def query(self, **changes: str) -> str:
        """As the query of an address, "" for no choices."""
        me = replace(self, **changes)
        named = {"petugas": me.mine, "sop": me.slug, "langkah": me.step, "cari": me.search, "batas": me.due}
        return urlencode({key: value for key, value in named.items() if value})

    def filters(self, when: Bounds) -> Filters:
        asked = Filters(mine=MINE.get(self.mine, ""), step=self.step, slug=self.slug, search=self.search)
        return {
            "terlambat": replace(asked, due_before=when.now),
            "hari-ini": replace(asked, due_after=when.now, due_before=when.tonight),
            "berikut": replace(asked, due_after=when.tonight, due_before=when.next_night),
            "nanti": replace(asked, due_after=when.next_night),
            "tanpa": replace(asked, undated=True),
        }.get(self.due, asked)

    def told(self) -> list[str]:
        """The choices in words, for the head of a print or a sheet."""
        words = {
            "saya": _("Petugas: saya"),
            "bebas": _("Petugas: belum diambil"),
            "unit": _("Petugas: semua tugas unit"),
        }
        dues = dict(zip(DUES, due_names(), strict=True))
        told = [words.get(self.mine, _("Petugas: saya atau belum diambil"))]
        told += [_("SOP: %(slug)s") % {"slug": self.slug}] if self.slug else []
        told += [_("Langkah: %(step)s") % {"step": self.step}] if self.step else []
        told += [_("Pelanggan atau nomor: %(text)s") % {"text": self.search}] if self.search else []
        told += [_("Jatuh tempo: %(due)s") % {"due": dues[self.due]}] if self.due else []
        return told


def due_names() -> list[str]:
    return [
        _("Terlambat"),
        _("Hari ini"),
        _("Hari kerja berikut"),
        _("Nanti"),
        _("Tanpa batas waktu"),
        _("Menunggu pihak luar"),
    ]


# Pages by key ---------------------------------------------------------------------------------------------------------


def key_text(key: Key | None) -> str:
    """A key as it stands in an address: microseconds since 1970, or "x" where there is no due time, and the id."""
    if key is None:
        return ""
    at, pk = key
    return f"{'x' if at is None else int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))}-{pk}"


def key_from(text: str) -> Key | None:
    """The key that ``key_text`` wrote; None for anything else."""
    at, _dash, pk = text.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    if at == "x":
        return None, int(pk)
    if not (at.isascii() and at.isdigit() and len(at) < 18):
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at)), int(pk)
    except OverflowError:
        return None


# Groups ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A task as a row of the inbox."""

    task: Task
    no: str
    name: str
    procedure: str
    left: Remaining
    waiting: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    detail: str
    lines: list[Line]


def line_of(
    task: Task, steps: Mapping[int, Mapping[str, tuple[str, str]]], institution: Institution, now: datetime
) -> Line:
    """``steps`` gives, for each version, number and name of its steps."""
    no, name = steps[task.case.procedure_id].get(task.step, ("", task.step))
    waiting = task.binding.kind != ActorKind.STAFF or task.case.status == Case.Status.HELD
    left = remaining(task, institution=institution, now=now)
    return Line(task, no, name, task.case.procedure.name, left, waiting)


def groups(lines: Sequence[Line], when: Bounds) -> list[Group]:
    """Rows under their headings, in the order of urgency; empty headings are left out."""
    names = due_names()
    today, following = formats.weekday_date(when.now), formats.weekday_date(when.next_day)
    details = [_("melewati batas waktu mutu baku"), today, following, "", "", _("waktu tidak dihitung")]
    found = [Group(name, detail, []) for name, detail in zip(names, details, strict=True)]
    for line in lines:
        found[_place(line, when)].lines.append(line)
    return [group for group in found if group.lines]


def _place(line: Line, when: Bounds) -> int:
    due = line.task.due_at
    if line.waiting:
        return 5
    if due is None:
        return 4
    return next((i for i, end in enumerate((when.now, when.tonight, when.next_night)) if due < end), 3)


def capped(count: int) -> str:
    """``1.000+`` from the cap on."""
    return f"{formats.number(CAP)}+" if count >= CAP else formats.number(count)
