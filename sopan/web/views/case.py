"""A case: its page, holding and ending it, notes, files."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.engine import access, blind
from sopan.engine import operations as engine
from sopan.engine.models import Attachment, Case
from sopan.ui.fields import row_id
from sopan.ui.uploads import check_upload
from sopan.web import panel
from sopan.web.access import posts_from, staff_only
from sopan.web.views.page import first_task, show

KINDS = ("pdf", "jpg", "png", "xlsx")


def _case(request: HttpRequest, case_id: int, now: datetime) -> Case:
    """The case, if this person may see it. Raises Http404."""
    case = access.case_for(request.user, case_id, now=now) if case_id < 2**63 else None
    if case is None:
        raise Http404
    blind.mask([case], request.user, now=now)
    return case


def _at(case: Case, tab: str = "") -> str:
    return reverse("case", args=[case.pk]) + (f"?tab={tab}" if tab else "")


def _page(request: HttpRequest, case: Case, now: datetime, *, wrong: dict[str, str] | None = None) -> HttpResponse:
    task = first_task(request.user, case, now=now)
    opened = panel.open_panel(request.user, task, now=now) if task else None
    return show(request, case, opened, now=now, wrong=wrong, status=422 if wrong else 200)


@require_safe
@staff_only
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    now = timezone.now()
    return _page(request, _case(request, case_id, now), now)


# Holding and ending ---------------------------------------------------------------------------------------------------


@posts_from("case")
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """Stop the clock of the case, with a reason."""
    now = timezone.now()
    found = _steerable(request, case_id, now)
    done = engine.hold(found.pk, actor=request.user, reason=_reason(request), now=now)
    return _steered(request, found, done, _("%(case)s ditahan. Waktunya berhenti dihitung.") % {"case": found}, now)


@posts_from("case")
def resume(request: HttpRequest, case_id: int) -> HttpResponse:
    now = timezone.now()
    found = _steerable(request, case_id, now)
    done = engine.resume(found.pk, actor=request.user, now=now)
    told = _("%(case)s dilanjutkan. Batas waktunya digeser selama jeda.") % {"case": found}
    return _steered(request, found, done, told, now)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def cancel(request: HttpRequest, case_id: int) -> HttpResponse:
    """End the case as withdrawn. Asked once more on a page of its own, with the reason."""
    now = timezone.now()
    found = _steerable(request, case_id, now)
    reason, wrong = _reason(request), ""
    if request.method == "POST":
        done = engine.cancel(found.pk, actor=request.user, reason=reason, now=now)
        if not isinstance(done, Refusal) or done.field != "reason":
            return _steered(request, found, done, _("%(case)s dibatalkan.") % {"case": found}, now)
        wrong = done.message
    context = {"case": found, "wrong": wrong, "reason": reason}
    return render(request, "web/case_cancel.html", context, status=422 if wrong else 200)


def _steerable(request: HttpRequest, case_id: int, now: datetime) -> Case:
    """A case that this person may see and steer; who may not steer it learns of no such page."""
    found = _case(request, case_id, now)
    if access.may_steer(request.user, found, now=now) is not None:
        raise Http404
    return found


def _reason(request: HttpRequest) -> str:
    return request.POST.get("case_reason", "").replace("\x00", "").strip()


def _steered(request: HttpRequest, found: Case, done: engine.Done | Refusal, told: str, now: datetime) -> HttpResponse:
    if isinstance(done, Refusal):
        if done.field == "reason":
            return _page(request, found, now, wrong={"hold": done.message})
        messages.error(request, done.message)
    else:
        messages.success(request, told)
    return redirect(_at(found))


# Notes and files ------------------------------------------------------------------------------------------------------


@posts_from("case")
def comment(request: HttpRequest, case_id: int) -> HttpResponse:
    """A note to colleagues, or a message to the customer."""
    now = timezone.now()
    found = _case(request, case_id, now)
    text = request.POST.get("text", "").replace("\x00", "")
    internal = request.POST.get("to") != "customer" or found.company_id is None
    done = engine.comment(found.pk, actor=request.user, text=text, internal=internal, now=now)
    if isinstance(done, Refusal):
        return _page(request, found, now, wrong={"comment": done.message})
    messages.success(request, _("Catatan disimpan.") if internal else _("Pesan disampaikan kepada pelanggan."))
    return redirect(_at(found, "catatan"))


@posts_from("case")
def attach(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep a file for a requirement or an output, after looking into it."""
    now = timezone.now()
    found = _case(request, case_id, now)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, found, now, wrong={"attach": _("Pilih berkas yang akan diunggah.")})
    info = check_upload(upload, kinds=KINDS)
    if isinstance(info, Refusal):
        return _page(request, found, now, wrong={"attach": info.message})
    label = request.POST.get("label", "").replace("\x00", "").strip()[:250] or _("Dokumen lain")
    done = engine.attach(
        found.pk,
        actor=request.user,
        upload=upload,
        info=info,
        label=label,
        customer_may_see=request.POST.get("customer_may_see") == "1",
        now=now,
    )
    if isinstance(done, Refusal):
        return _page(request, found, now, wrong={"attach": done.message})
    messages.success(request, _("“%(name)s” disimpan.") % {"name": info.name})
    task_id = row_id(request.POST.get("task", ""))
    task = access.task_for(request.user, task_id, now=now) if task_id is not None else None
    if task is not None and task.case_id == found.pk:
        return redirect(reverse("task", args=[task.pk]) + "?tab=dokumen")
    return redirect(_at(found, "dokumen"))


@require_GET
@login_required
def attachment(request: HttpRequest, attachment_id: int) -> FileResponse:
    """A file of a case that the person may see; a customer only what is his own or meant for him.

    It is always offered as a download: a stranger's file is never shown as a page of ours.
    """
    now = timezone.now()
    rows = Attachment.objects.select_related("case__procedure", "person")
    row = rows.filter(pk=attachment_id).first() if attachment_id < 2**63 else None
    if row is None or access.case_for(request.user, row.case_id, now=now) is None:
        raise Http404
    if request.user.is_customer and not row.customer_may_see:
        raise Http404
    if blind.gives_away(row) and blind.is_blind(request.user, row.case, now=now):
        raise Http404
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
