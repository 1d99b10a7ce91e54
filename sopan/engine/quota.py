"""How many cases of a customer may wait for the staff at a time, of one procedure: a setting of the institution."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.model import ActorKind
from sopan.people.models import Company, Institution

from .models import Case, Task

SETTING, MOST = "open_applications", 10  # where the institution has not said


def most_waiting(institution: Institution) -> int | None:
    """How many may wait; None where the institution has no limit (nothing, or 0)."""
    told = str(institution.setting(SETTING, MOST) or "")
    return int(told) if told.isascii() and told.isdigit() and int(told) > 0 else None


def waiting(company: Company, slug: str) -> int:
    """The cases of a company that the staff have not worked on yet."""
    worked = Task.objects.filter(case=OuterRef("pk"), status=Task.Status.DONE, binding__kind=ActorKind.STAFF)
    cases = Case.objects.filter(company=company, status=Case.Status.OPEN, procedure__slug=slug)
    return cases.exclude(Exists(worked)).count()


def full(company: Company, slug: str, *, institution: Institution) -> Refusal | None:
    """Why a company may not begin another case of a procedure now. The caller holds the row of the company."""
    most = most_waiting(institution)
    if most is None or (count := waiting(company, slug)) < most:
        return None
    told = _(
        "Perusahaan Anda masih mempunyai %(count)s permohonan layanan ini yang belum dikerjakan petugas."
        " Lanjutkan atau batalkan yang ada, atau tunggu sampai petugas mengerjakannya."
    )
    return Refusal("too-many", told % {"count": count})
