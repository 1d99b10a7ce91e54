"""All cases of the procedures that a person serves, and the search over them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from sopan.catalogue.models import ProcedureVersion
from sopan.engine import blind, queries
from sopan.engine.models import Case
from sopan.web.access import staff_only
from sopan.web.viewing import LONGEST, key_from, key_text

PAGE = 50


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


@require_safe
@staff_only
def cases(request: HttpRequest) -> HttpResponse:
    """The newest first, narrowed by status, procedure and text; all of it stands in the address."""
    now = timezone.now()
    status, slug, text = _text(request, "status"), _text(request, "sop"), _text(request, "cari")
    visible = queries.visible_cases(request.user, now=now)
    found = visible.filter(status=status) if status in Case.Status.values else visible
    if slug:
        found = found.filter(procedure__slug=slug)
    if text:
        found = found.filter(blind.matching(text, request.user, now=now))
    rows = list(_after(found, request.GET.get("after", "")).order_by("-opened_at", "-pk")[: PAGE + 1])
    blind.mask(rows, request.user, now=now)
    chosen = {name: value for name, value in (("status", status), ("sop", slug), ("cari", text)) if value}
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "rows": [(case, _steps(case)) for case in rows[:PAGE]],
        "statuses": Case.Status.choices,
        "status": status,
        "slug": slug,
        "text": text,
        "procedures": _procedures(request, now),
        "following": urlencode({**chosen, "after": key_text((last.opened_at, last.pk))}) if last else "",
        "filtered": bool(chosen),
    }
    return render(request, "web/cases.html", context)


def _after(found: QuerySet[Case], text: str) -> QuerySet[Case]:
    key = key_from(text)
    if key is None or key[0] is None:
        return found
    at, pk = key
    return found.filter(opened_at__lte=at).filter(Q(opened_at__lt=at) | Q(pk__lt=pk))


def _steps(case: Case) -> list[tuple[str, str]]:
    return [(step.no, step.title) for step in queries.open_steps(case)] if case.is_open else []


def _procedures(request: HttpRequest, now: datetime) -> list[tuple[str, str]]:
    served = ProcedureVersion.objects.filter(
        institution_id=request.user.institution_id, slug__in=queries.served(request.user, now=now)
    )
    return list(dict(served.order_by("version").values_list("slug", "name")).items())


@require_safe
@staff_only
def search(request: HttpRequest) -> HttpResponse:
    """Cases by number, customer or title. A scanned label that names one case opens it."""
    now = timezone.now()
    text = _text(request, "q")
    found = list(queries.search(request.user, text, now=now)) if text else []
    exact = [case for case in found if case.number and case.number.casefold() == text.casefold()]
    if len(exact) == 1:
        return redirect("case", case_id=exact[0].pk)
    blind.mask(found, request.user, now=now)
    context = {"q": text, "rows": [(case, _steps(case)) for case in found]}
    return render(request, "web/search.html", context)
