"""Two versions side by side: what changed in each row, and both drawings with the changed rows marked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sopan.catalogue import access, life
from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.core.differences import differences
from sopan.core.model import Procedure
from sopan.web.access import staff_only
from sopan.web.catalogue import comparing
from sopan.web.catalogue.matrix import matrix_of
from sopan.web.catalogue.views.sop import known, version_of


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@require_safe
@staff_only
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """``dari`` and ``ke`` are numbers of versions; unless told the last two."""
    now = timezone.now()
    found = known(request, slug, now)
    numbers = [one.version.version for one in found.all]
    if not numbers:
        raise Http404
    new = _number(request, "ke") or numbers[0]
    old = _number(request, "dari") or next((number for number in numbers if number < new), new)
    versions = version_of(found, old), version_of(found, new)
    context = {
        "slug": slug,
        "numbers": numbers,
        "old": versions[0],
        "new": versions[1],
        "name": versions[1].name,
        "title": versions,
        **_pages(procedure(versions[0].pk), procedure(versions[1].pk)),
    }
    return render(request, "catalogue/compare.html", context)


@require_safe
@staff_only
def revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    """A revision beside the version on which it was begun, or beside the newest one."""
    now = timezone.now()
    found = access.revision_for(request.user, revision_id, now=now)
    if found is None:
        raise Http404
    base = found.based_on or _newest(found.institution_id, found.slug)
    written = life.procedure_of(found)
    if base is None or written is None:
        return redirect("revision", revision_id=found.pk)
    context = {
        "revision": found,
        "old": base,
        "name": found.name,
        "slug": found.slug,
        **_pages(procedure(base.pk), written),
    }
    return render(request, "catalogue/compare.html", context)


def _newest(institution_id: int, slug: str) -> ProcedureVersion | None:
    return ProcedureVersion.objects.filter(institution_id=institution_id, slug=slug).order_by("-version").first()


def _pages(old: Procedure, new: Procedure) -> dict[str, Any]:
    found = differences(old, new)
    return {
        **comparing.compared(found),
        "left": matrix_of(old, **comparing.marks(found, of_old=True)),
        "right": matrix_of(new, **comparing.marks(found)),
    }
