"""Monitoring each half year and evaluation each year of the procedures in force.

The questions are data: of the institution if it has a file of its own, else ours. What they are based on, and whether
somebody has confirmed that, stands in the file and is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.yamlfile import read_data
from sopan.people.models import Institution, User
from sopan.ui import formats

from .access import Rights, rights
from .models import Appraisal, ProcedureVersion
from .queries import in_force

Kind = Appraisal.Kind
OURS = Path(__file__).parent / "appraisal.yaml"
ANSWERS = ("ya", "sebagian", "tidak")
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of both forms, what they are based on, and whether that was confirmed."""

    monitoring: tuple[Question, ...]
    evaluation: tuple[Question, ...]
    source: str
    verified: bool

    def of(self, kind: str) -> tuple[Question, ...]:
        return self.monitoring if kind == Kind.MONITORING else self.evaluation


def questions(institution: Institution) -> Questions:
    """Those of the institution, else ours. Raises ValueError for a file that cannot be read."""
    own = Path(settings.PROCEDURES_DIR) / institution.code / "appraisal.yaml"
    return _read(own if own.is_file() else OURS)


def _read(file: Path) -> Questions:
    told = read_data(file.read_text(), file=file.name)
    if not isinstance(told, Mapping):
        raise ValueError("\n".join(map(str, told)))
    lists = {kind: tuple(Question(str(one["id"]), str(one["text"])) for one in told[kind]) for kind in Kind.values}
    verified = str(told.get("verified", "")).casefold() == "true"
    return Questions(lists[Kind.MONITORING], lists[Kind.EVALUATION], str(told.get("source", "")), verified)


# Periods --------------------------------------------------------------------------------------------------------------


def period_of(kind: str, day: date) -> str:
    """The period in which a day lies: "2026-2" of monitoring, "2026" of evaluation."""
    return f"{day.year}-{1 if day.month <= 6 else 2}" if kind == Kind.MONITORING else str(day.year)


def span(kind: str, period: str, *, institution: Institution) -> tuple[datetime, datetime] | None:
    """Begin and end of a period where the institution is; None for what is no period."""
    year, _dash, half = period.partition("-")
    if not (len(year) == 4 and year.isascii() and year.isdigit() and 2000 <= int(year) < 2100):
        return None
    if kind == Kind.MONITORING and half in ("1", "2"):
        first, last = (1, 7) if half == "1" else (7, 13)
    elif kind == Kind.EVALUATION and period == year:
        first, last = 1, 13
    else:
        return None
    zone = ZoneInfo(institution.zone)
    end = date(int(year) + 1, 1, 1) if last == 13 else date(int(year), last, 1)
    return datetime.combine(date(int(year), first, 1), time(), tzinfo=zone), datetime.combine(end, time(), tzinfo=zone)


def may_be_of(version: ProcedureVersion, *, kind: str, period: str, now: datetime) -> Refusal | None:
    """Why a version has no form of this kind for a period: it is none, has not begun, or the version was not in force."""
    when = span(kind, period, institution=version.institution)
    if when is None:
        told = _(
            "“%(period)s” bukan masa formulir ini: monitoring tiap semester (2026-1, 2026-2), evaluasi tiap tahun (2026)."
        )
        return Refusal("period", told % {"period": period[:10]})
    if when[0] > now:
        return Refusal("period", _("Masa ini belum dimulai."))
    if not _was_in_force(version, *when):
        return Refusal("period", _("Versi ini tidak berlaku pada masa itu."))
    return None


def _was_in_force(version: ProcedureVersion, begin: datetime, end: datetime) -> bool:
    first, last = version.effective_from, version.effective_to
    return first < end and (last is None or (last > begin and last > first))


# Reads and acts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A version in force with its appraisal of a period, if it has one."""

    version: ProcedureVersion
    made: Appraisal | None


def due(institution: Institution, *, kind: str, period: str, now: datetime) -> list[Due]:
    """The versions in force now that were so in this period too, those without its appraisal first."""
    when = span(kind, period, institution=institution)
    rows = ProcedureVersion.objects.filter(in_force(now), institution=institution).defer("content")
    versions = [row for row in rows if when is not None and _was_in_force(row, *when)]
    forms = Appraisal.objects.filter(version__in=[row.pk for row in versions], kind=kind, period=period)
    made = {row.version_id: row for row in forms}
    found = [Due(version, made.get(version.pk)) for version in versions]
    return sorted(found, key=lambda one: (one.made is not None, one.version.number, one.version.name, one.version.pk))


def may_appraise(mine: Rights) -> bool:
    """Who drafts, reviews or approves procedures appraises them."""
    return bool(mine.drafter or mine.reviewer or mine.approver)


def appraise(
    version: ProcedureVersion,
    *,
    kind: str,
    period: str,
    actor: User,
    answers: Mapping[str, tuple[str, str]],
    conclusion: str,
    now: datetime,
) -> Appraisal | Refusal:
    """Keep the form of a period. ``answers`` are (answer, note) by the ids of the questions. Once made it stays.

    Refusals: not-yours, period (none, one that has not begun, or in which the version was not in force), answers (some are missing or unknown), conclusion,
    too-long, made (by whom, when). Side effects: one row, which keeps the questions as they were asked.
    """
    mine = rights(actor, now=now).of(version.slug)
    holds = mine.drafter or mine.reviewer or mine.approver
    if holds is None or actor.institution_id != version.institution_id:
        return Refusal("not-yours", _("Hanya penyusun, pengkaji, atau pengesah SOP yang mengisi formulir ini."))
    if (no := may_be_of(version, kind=kind, period=period, now=now)) is not None:
        return no
    asked = questions(version.institution).of(kind)
    fault = _fault(asked, answers, conclusion)
    if fault is not None:
        return fault
    kept = {
        one.id: {"question": one.text, "answer": answers[one.id][0], "note": answers[one.id][1].strip()}
        for one in asked
    }
    try:
        with transaction.atomic():
            return Appraisal.objects.create(
                version=version,
                kind=kind,
                period=period,
                answers=kept,
                conclusion=conclusion.strip(),
                person=actor,
                name=actor.full_name,
                position=holds.title,
                at=now,
            )
    except IntegrityError:
        other = Appraisal.objects.get(version=version, kind=kind, period=period)
        told = {"who": other.name, "when": formats.short_datetime(other.at)}
        return Refusal("made", _("Formulir ini sudah diisi oleh %(who)s pada %(when)s.") % told)


def _fault(asked: Sequence[Question], answers: Mapping[str, tuple[str, str]], conclusion: str) -> Refusal | None:
    for one in asked:
        answer, note = answers.get(one.id, ("", ""))
        if answer not in ANSWERS:
            return Refusal("answers", _("Jawab setiap pertanyaan."), field=one.id)
        if len(note) > LONGEST:
            return Refusal("too-long", _("Catatan terlalu panjang."), field=one.id)
    if not conclusion.strip():
        return Refusal("conclusion", _("Tuliskan simpulan dan tindak lanjutnya."), field="conclusion")
    if len(conclusion) > LONGEST:
        return Refusal("too-long", _("Simpulan terlalu panjang."), field="conclusion")
    return None
