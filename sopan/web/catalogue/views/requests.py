"""Requests for a change: asking for one, and answering it; the withdrawal of an SOP, or of a version before its day."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sopan.catalogue import editing, ending, requests
from sopan.catalogue.access import rights
from sopan.catalogue.models import ChangeRequest
from sopan.catalogue.queries import procedure
from sopan.catalogue.versions import COMING, state_of
from sopan.core.flow import Refusal
from sopan.ui.fields import refuse
from sopan.web.access import staff_only
from sopan.web.catalogue.forms import RequestForm
from sopan.web.catalogue.views.sop import known, version_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a change: what, why, and of which step."""
    now = timezone.now()
    found = known(request, slug, now)
    mine = rights(request.user, now=now).of(slug)
    if mine.works_by(slug) is None and mine.drafter is None:
        raise Http404
    shown = found.shown
    form = RequestForm(
        request.POST if request.method == "POST" else None, procedure=procedure(shown.pk) if shown else None
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        body = request.user.institution
        done = requests.ask(slug, institution=body, actor=request.user, version=shown, now=now, **given)
        if not isinstance(done, Refusal):
            messages.success(request, _("Usulan Anda tercatat. Jawaban penyusun terlihat pada halaman SOP ini."))
            return redirect("sop", slug=slug)
        refuse(form, done)
    context = {"slug": slug, "known": found, "shown": shown, "form": form}
    return render(request, "catalogue/request.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take a request into a draft, or decline it with the reason."""
    now = timezone.now()
    if request_id >= 2**63:
        raise Http404
    rows = ChangeRequest.objects.select_related("version", "answered_by", "revision")
    found = rows.filter(pk=request_id, institution=request.user.institution).first()
    if found is None or rights(request.user, now=now).of(found.slug).drafter is None:
        raise Http404
    wrong = None
    typed = request.POST.get("answer", "").replace("\x00", "")
    if request.method == "POST":
        act = requests.decline if "decline" in request.POST else requests.take
        done = act(found.pk, actor=request.user, answer=typed, now=now)
        if not isinstance(done, Refusal):
            if done.revision_id:
                messages.success(request, _("Usulan dimasukkan ke konsep."))
                return redirect("revision", revision_id=done.revision_id)
            messages.success(request, _("Usulan ditolak; pengusul melihat alasannya."))
            return redirect("sop", slug=found.slug)
        wrong = done
    context = {
        "one": found,
        "revision": editing.open_of(request.user.institution, found.slug),
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "catalogue/request_answer.html", context, status=422 if wrong is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """End an SOP without a successor; asked once more, with the reason."""
    now = timezone.now()
    found = known(request, slug, now)
    if rights(request.user, now=now).of(slug).approver is None or found.in_force is None:
        raise Http404
    wrong, reason = None, request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        done = ending.withdraw(found.in_force, actor=request.user, reason=reason, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("SOP dicabut. Kasus yang berjalan diteruskan sampai selesai."))
            return redirect("sop", slug=slug)
        wrong = done
    context = {"slug": slug, "shown": found.in_force, "later": found.coming, "wrong": wrong, "reason": reason}
    return render(request, "catalogue/withdraw.html", context, status=422 if wrong is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def take_back(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Stop an approved version before its day; asked once more, with the reason."""
    now = timezone.now()
    found = known(request, slug, now)
    shown = version_of(found, version)
    waits = state_of(shown, now=now) == COMING
    if rights(request.user, now=now).of(slug).approver is None or not (waits or request.method == "POST"):
        raise Http404
    wrong, reason = None, request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        done = ending.take_back(shown, actor=request.user, reason=reason, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Versi %(n)s ditarik dan tidak akan berlaku.") % {"n": shown.version})
            return redirect("sop_version", slug=slug, version=version)
        if not waits and done.code in ("begun", "over"):
            messages.error(request, done.message)
            return redirect("sop_version", slug=slug, version=version)
        wrong = done
    context = {"slug": slug, "shown": shown, "current": found.in_force, "wrong": wrong, "reason": reason}
    return render(request, "catalogue/take_back.html", context, status=422 if wrong is not None else 200)
