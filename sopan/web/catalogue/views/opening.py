"""Beginning to write: a change of an SOP, the description of one that is only listed, or a new one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sopan.catalogue import content, editing
from sopan.catalogue.access import rights
from sopan.catalogue.importing import RESERVED
from sopan.catalogue.models import CatalogueEntry, ProcedureVersion, Revision
from sopan.core.flow import Refusal
from sopan.web.access import staff_only
from sopan.web.catalogue.forms import NewForm
from sopan.web.catalogue.links import maybe
from sopan.web.catalogue.views.sop import known


@require_POST
@staff_only
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a revision of the newest version, or of a line that is only listed. An open one is shown instead."""
    now = timezone.now()
    if rights(request.user, now=now).of(slug).drafter is None:
        raise Http404
    found = known(request, slug, now)
    already = editing.open_of(request.user.institution, slug)
    if already is not None:
        return _to_editor(already)
    newest = found.newest
    entry = found.entry
    given: dict[str, Any] = (
        {"based_on": newest}
        if newest
        else {"content": content.fresh(number=entry.number if entry else "", name=entry.name if entry else "")}
    )
    done = editing.open_revision(request.user.institution, actor=request.user, slug=slug, now=now, **given)
    return _opened(request, done, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A new SOP by its name; its address is made from it."""
    now = timezone.now()
    if rights(request.user, now=now).drafter is None:
        raise Http404
    form = NewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _begin(request, form, now)
        if not isinstance(done, Refusal):
            return _to_editor(done)
        form.add_error("name", done.message)
    return render(request, "catalogue/new.html", {"form": form}, status=422 if form.errors else 200)


def _begin(request: HttpRequest, form: NewForm, now: datetime) -> Revision | Refusal:
    given = form.cleaned_data
    slug = slugify(given["name"])[:80].strip("-")
    if not slug or slug in RESERVED:
        return Refusal("name", _("Nama ini tidak dapat dipakai. Tulis nama yang lebih lengkap."))
    body = request.user.institution
    for rows in (ProcedureVersion, CatalogueEntry, Revision):
        others = rows.objects.filter(institution=body, slug=slug)
        if (others.exclude(state=Revision.State.DROPPED) if rows is Revision else others).exists():
            return Refusal("name", _("Sudah ada SOP dengan nama ini. Buka SOP itu, lalu susun perubahannya."))
    written = content.fresh(number=given["number"], name=given["name"])
    return editing.open_revision(body, actor=request.user, slug=slug, content=written, why=given["why"], now=now)


def _opened(request: HttpRequest, done: Revision | Refusal, slug: str) -> HttpResponse:
    if isinstance(done, Refusal):
        messages.error(request, done.message)
        return redirect("sop", slug=slug)
    return _to_editor(done)


def _to_editor(revision: Revision) -> HttpResponse:
    return redirect(maybe("revision_edit", revision.pk) or maybe("revision", revision.pk))
