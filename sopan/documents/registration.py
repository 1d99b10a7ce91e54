"""The register of plain cases: a case gets the next number of its body's series for it, if the body has one.

The series "case-" and the slug of the procedure is for its cases alone; "case" for those of all procedures that no domain
does, because the works of a domain number what they do.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.engine.models import Case
from sopan.engine.stepwork import registrations

from .models import NumberSeries
from .numbers import allocate

SERIES = "case"


def registered(case: Case, *, by: str, now: datetime) -> str:
    """The number of a case that begins now, in its transaction; empty where there is no series for it."""
    version = case.procedure
    own = f"{SERIES}-{version.slug}"
    known = set(
        NumberSeries.objects.filter(institution=case.institution_id, key__in=(own, SERIES)).values_list(
            "key", flat=True
        )
    )
    key = own if own in known else SERIES if SERIES in known and _plain(version.pk) else ""
    if not key:
        return ""
    used_for = _("Kasus %(name)s") % {"name": version.name}
    return allocate(key, institution=case.institution, now=now, used_for=used_for[:200], by=by).text


def _plain(version_id: int) -> bool:
    return not any(step.work for step in procedure(version_id).steps)


registrations.add("documents", registered)
