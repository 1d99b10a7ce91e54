"""The sheet of a method for its analyst: choosing the method, typing, computing while it is typed, handing in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sopan.core.flow import Refusal
from sopan.ui import formats
from sopan.ui.fields import row_id
from sopan.ui.found import there

from .. import access, measuring, readings
from ..models import MethodVersion, ResultVersion, WorkOrder
from ..operations import measuring as operations
from ..queries import current_result

MORE = 5


def draft_with_method(work: WorkOrder) -> ResultVersion | None:
    """The version of the results that is worked on, if it goes by a method."""
    result = current_result(work) if work.version else None
    return result if result is not None and result.method_version is not None else None


def method_choices(work: WorkOrder) -> list[MethodVersion]:
    """The methods in force today, those for this kind of instrument first."""
    today = work.item.order.institution.date_at(timezone.now())
    versions = measuring.versions_on(work.item.order.institution_id, today)
    meant = measuring.fitting(work, versions)
    return [*meant, *(version for version in versions if version not in meant)]


@login_required
@require_POST
def choose_method(request: HttpRequest, pk: int) -> HttpResponse:
    """Measure by a method, or by none."""
    now = timezone.now()
    work = there(access.work_order_for(request.user, pk, now=now))
    key = row_id(request.POST.get("method_version", ""))
    version = MethodVersion.objects.filter(pk=key, institution=work.item.order.institution_id).first() if key else None
    done = operations.choose_method(work.pk, version, actor=request.user, now=now)
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Metode: %(name)s.") % {"name": version} if version else _("Tanpa metode."))
    return redirect("laboratory:sheet", work.pk)


def measured_sheet(request: HttpRequest, work: WorkOrder, result: ResultVersion, done_page: Any) -> HttpResponse:
    """The page of a sheet with a method; ``done_page`` answers after handing in."""
    now = timezone.now()
    assert result.method_version is not None
    if request.method != "POST":
        return page(request, work, readings.shown(work, result).judged(actor=request.user, now=now))
    action = request.POST.get("action", "save")
    spare = MORE if action == "rows" else 0
    typed = readings.read(request.POST, work, result.method_version, spare=spare)
    operation = operations.submit if action == "submit" else operations.save
    done = operation(work.pk, typed.measured, actor=request.user, now=now)
    if isinstance(done, operations.Unfit):
        return page(request, work, replace(typed, measured=done.measured).with_faults(), status=422)
    if isinstance(done, Refusal):
        return page(request, work, typed.judged(actor=request.user, now=now), refusal=done.message, status=409)
    if action == "submit":
        return done_page(request, work)
    if typed.unkept:
        return page(request, work, typed.judged(actor=request.user, now=now).with_faults(), status=422)
    work.refresh_from_db(fields=["state", "version"])
    saved = _("Tersimpan sebagai konsep %(time)s") % {"time": formats.clock(now)}
    if action == "rows":
        return page(request, work, typed.judged(actor=request.user, now=now), saved=saved)
    messages.success(request, saved)
    return redirect("laboratory:sheet", work.pk)


def autosave(request: HttpRequest, work: WorkOrder, result: ResultVersion) -> HttpResponse:
    """Keep the draft while it is typed: as for a sheet without a method."""
    now = timezone.now()
    assert result.method_version is not None
    typed = readings.read(request.POST, work, result.method_version)
    saved = operations.save(work.pk, typed.measured, actor=request.user, now=now)
    if isinstance(saved, Refusal):
        return JsonResponse({"message": saved.message}, status=409)
    if typed.unkept:
        return JsonResponse({"message": typed.unkept[0].message}, status=422)
    return JsonResponse({"saved": formats.clock(now)})


@never_cache
@login_required
@require_POST
def calculate(request: HttpRequest, pk: int) -> HttpResponse:
    """The results of what is typed now, as a part of the page; nothing is kept."""
    now = timezone.now()
    work = there(access.work_order_for(request.user, pk, now=now))
    result = draft_with_method(work)
    if result is None or result.method_version is None:
        return HttpResponse()  # the method was taken away in another window
    typed = readings.read(request.POST, work, result.method_version).judged(actor=request.user, now=now)
    return render(request, "laboratory/_calculated.html", {"work": work, "typed": typed, "method": typed.method})


def page(
    request: HttpRequest, work: WorkOrder, typed: readings.Typed, *, refusal: str = "", saved: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    closed = access.may_enter(work)
    result = draft_with_method(work)
    context: dict[str, Any] = {
        "work": work,
        "typed": typed,
        "method": typed.method,
        "methods": method_choices(work),
        "version": typed.measured.method,
        "refusal": refusal,
        "saved": saved,
        "closed": closed.message if closed is not None else "",
        "editable": closed is None or bool(refusal),
        "result": result,
        "corrections": list(result.corrections.select_related("changed_by")) if result else [],
        "stages": readings.STAGES,
        "errors": typed.errors if status == 422 else (),
    }
    return render(request, "laboratory/readings.html", context, status=status)
