"""The page of one SOP: what it says, who works by it, who has read it, what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sopan.catalogue import editing, readings
from sopan.catalogue.access import Rights, rights
from sopan.catalogue.handovers import handovers
from sopan.catalogue.models import Appraisal, ChangeRequest, ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.catalogue.versions import COMING, NOW, STOPPED, Versions, state_of, versions_of
from sopan.core.flow import Refusal
from sopan.core.model import Procedure
from sopan.drawing.cells import PAPERS
from sopan.engine import starts
from sopan.engine.models import Case
from sopan.ui.downloads import file_of
from sopan.web.access import staff_only
from sopan.web.catalogue import contradicting, exports
from sopan.web.catalogue.links import maybe
from sopan.web.catalogue.matrix import matrix_of, time_of
from sopan.web.catalogue.printing import form_pdf

RUNNING = (Case.Status.OPEN, Case.Status.HELD)


def known(request: HttpRequest, slug: str, now: datetime) -> Versions:
    """The versions of a procedure of this institution; 404 where it has neither a version nor a line in the list."""
    found = versions_of(slug, institution=request.user.institution, now=now)
    if not found.all and found.entry is None:
        raise Http404
    return found


def version_of(found: Versions, number: int) -> ProcedureVersion:
    for one in found.all:
        if one.version.version == number:
            return one.version
    raise Http404


@require_safe
@staff_only
def sop(request: HttpRequest, slug: str) -> HttpResponse:
    """The version in force; where there is none the coming or the last one, or what the list says."""
    now = timezone.now()
    found = known(request, slug, now)
    return _page(request, slug, found, found.shown, now)


@require_safe
@staff_only
def version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Any version by its number, with what it is now."""
    now = timezone.now()
    found = known(request, slug, now)
    return _page(request, slug, found, version_of(found, version), now)


def _page(
    request: HttpRequest, slug: str, found: Versions, shown: ProcedureVersion | None, now: datetime
) -> HttpResponse:
    mine = rights(request.user, now=now).of(slug)
    revision = editing.open_of(request.user.institution, slug)
    works = mine.works_by(slug) is not None
    context: dict[str, Any] = {
        "slug": slug,
        "known": found,
        "shown": shown,
        "name": shown.name if shown else found.name,
        "number": shown.number if shown else found.number,
        "revision": revision if revision and (works or mine.drafter or mine.reviewer or mine.approver) else None,
        "works": works,
        "drafter": mine.drafter is not None,
        "may_ask": works or mine.drafter is not None,
        "requests": _requests(request, slug),
        **(_of_version(request, found, shown, mine, now) if shown else _listed(found, mine)),
    }
    return render(request, "catalogue/sop.html", context)


def _listed(found: Versions, mine: Rights) -> dict[str, Any]:
    return {"open_url": maybe("revision_open", found.entry.slug) if mine.drafter and found.entry else ""}


def _of_version(
    request: HttpRequest, found: Versions, shown: ProcedureVersion, mine: Rights, now: datetime
) -> dict[str, Any]:
    proc = procedure(shown.pk)
    state = state_of(shown, now=now)
    readers = readings.readers(shown, now=now) if state in (NOW, COMING) else None
    working_ids = {person.pk for person in readers.missing} if readers else set()
    newest = found.newest
    return {
        **matrix_of(proc, onward=handovers(shown.institution_id, shown.slug)),
        "state": state,
        "identity": proc.identity,
        "inferred": sum(bool(step.inferred) for step in proc.steps),
        "bound": readings.bound(shown, now=now),
        "readers": readers,
        "may_read": request.user.pk in working_ids,
        "cases": _cases(request, found, shown),
        "appraisals": Appraisal.objects.filter(version=shown).order_by("-period", "kind"),
        "clashes": _clashes(request, proc, now) if state == NOW else [],
        "exports": exports.offered(),
        "papers": list(PAPERS),
        "may_withdraw": state == NOW and mine.approver is not None,
        "may_take_back": state == COMING and mine.approver is not None,
        "may_move": state == NOW and mine.keeper is not None,
        "start_url": maybe("start", shown.slug) if state == NOW and _may_start(request, shown, now) else "",
        "starts_url": maybe("sop_starts", shown.slug) if found.entry else "",
        "bindings_url": maybe("sop_bindings", shown.slug) if mine.drafter else "",
        "heat_url": maybe("sop_heat", shown.slug) if mine.keeps_or_works_by(shown.slug) else "",
        "open_url": maybe("revision_open", shown.slug) if mine.drafter and shown == newest else "",
        "later": found.coming if state == NOW else None,
        "current": found.in_force if state != NOW else None,
        "compare": _compared(found, shown),
        "printed_differs": state not in (COMING, STOPPED) and _printed_differs(proc, shown),
    }


def _requests(request: HttpRequest, slug: str) -> list[ChangeRequest]:
    rows = ChangeRequest.objects.filter(institution=request.user.institution, slug=slug)
    return list(rows.select_related("answered_by", "version").order_by("-at", "-pk")[:20])


def _may_start(request: HttpRequest, shown: ProcedureVersion, now: datetime) -> bool:
    return bool(starts.offers(request.user, slug=shown.slug, now=now))


def _cases(request: HttpRequest, found: Versions, shown: ProcedureVersion) -> dict[str, int]:
    """Running cases of this version, and of the versions before it."""
    rows = Case.objects.filter(procedure__in=[one.version.pk for one in found.all], status__in=RUNNING)
    counted = dict(rows.values_list("procedure").annotate(Count("pk")).order_by())
    here = counted.pop(shown.pk, 0)
    return {"here": here, "elsewhere": sum(counted.values())}


def _clashes(request: HttpRequest, proc: Procedure, now: datetime) -> list[Any]:
    """The contradictions in which this procedure stands, each with the names of the procedures."""
    found = [one for one in contradicting.of_institution(request.user.institution, now=now) if proc.slug in one.slugs]
    slugs = {slug for one in found for slug in one.slugs}
    rows = ProcedureVersion.objects.filter(institution=request.user.institution, slug__in=slugs).defer("content")
    named = {row.slug: row for row in rows.order_by("version")}
    return [[(place, named[place.slug], time_of(place.time)) for place in one.places] for one in found]


def _compared(found: Versions, shown: ProcedureVersion) -> int | None:
    """The number of the version before the shown one, if there is one."""
    return next((one.version.version for one in found.all if one.version.version < shown.version), None)


def _printed_differs(proc: Procedure, shown: ProcedureVersion) -> bool:
    printed = proc.identity.effective
    return printed is not None and printed > timezone.localtime(shown.effective_from).date()


@require_POST
@staff_only
def read(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Say that one has read and understood this version."""
    now = timezone.now()
    found = version_of(known(request, slug, now), version)
    done = readings.read(found, actor=request.user, now=now)
    if isinstance(done, Refusal):
        if done.code == "not-yours":
            raise Http404
        messages.error(request, done.message)
    else:
        messages.success(request, _("Tercatat: Anda sudah membaca dan memahami versi %(n)s.") % {"n": found.version})
    return redirect("sop_version", slug=slug, version=version)


@require_safe
@staff_only
def pdf(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """The official form: identity block, matrix, approval block; A4 or F4 in landscape."""
    now = timezone.now()
    found = version_of(known(request, slug, now), version)
    paper = request.GET.get("kertas", "a4")
    body = request.user.institution
    made = form_pdf(
        procedure(found.pk),
        paper=PAPERS.get(paper, PAPERS["a4"]),
        institution=body.name,
        parent=body.parent_name,
        now=found.published_at,
        onward=handovers(body.pk, slug),
    )
    if isinstance(made, Refusal):
        messages.error(request, made.message)
        return redirect("sop_version", slug=slug, version=version)
    return file_of(made, "application/pdf", f"{slug}-v{version}.pdf", shown=True)


@require_safe
@staff_only
def export(request: HttpRequest, slug: str, version: int, ending: str) -> HttpResponse:
    """The version as a file of the exchange."""
    now = timezone.now()
    found = version_of(known(request, slug, now), version)
    try:
        made = exports.written(procedure(found.pk), ending)
    except LookupError:
        raise Http404 from None
    if isinstance(made, Refusal):
        told = {"format": exports.LABELS.get(ending, ending)}
        messages.error(request, _("SOP ini tidak dapat ditulis sebagai %(format)s.") % told)
        return redirect("sop_version", slug=slug, version=version)
    return file_of(made, exports.MEDIA_TYPES.get(ending, "application/octet-stream"), f"{slug}-v{version}.{ending}")
