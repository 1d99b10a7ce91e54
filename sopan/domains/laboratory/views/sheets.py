"""The results sheet of one work order, for its analyst alone. It does not name the customer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.ui import formats
from sopan.ui.found import there

from .. import access, sheets
from ..models import ResultVersion, WorkOrder
from ..operations import results as operations
from ..queries import current_result, work_orders
from ..steps.measuring import DONE
from .found import to_task
from .measuring import autosave, draft_with_method, measured_sheet, method_choices

MORE = 10


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in, save, hand in. After handing in the page only shows."""
    now = timezone.now()
    work = there(access.work_order_for(request.user, pk, now=now))
    if (result := draft_with_method(work)) is not None:
        return measured_sheet(request, work, result, _handed_in)
    if request.method != "POST":
        return _page(request, work, sheets.current(work))
    action = request.POST.get("action", "save")
    typed = sheets.read(request.POST, work, now=now, spare=MORE if action == "rows" else 0)
    operation = operations.submit if action == "submit" else operations.save
    done = operation(work.pk, typed.sheet, actor=request.user, now=now)
    if isinstance(done, Refusal):
        closed = access.may_enter(work)
        if closed is not None:
            return _page(request, work, typed, refusal=done.message, status=409)
        return _page(request, work, typed.with_faults(), status=422)
    if action == "submit":
        return _handed_in(request, work)
    if typed.unkept:
        return _page(request, work, typed.with_faults(), status=422)
    work.refresh_from_db(fields=["state", "version"])
    saved = _("Tersimpan sebagai konsep %(time)s") % {"time": formats.clock(now)}
    if action == "rows":
        return _page(request, work, typed, saved=saved)
    messages.success(request, saved)
    return redirect("laboratory:sheet", work.pk)


@never_cache
@login_required
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions that were handed in, in full width, for who judges them."""
    work = there(access.readable_work(request.user, pk, now=timezone.now()))
    versions = work.results.exclude(state=ResultVersion.State.DRAFT).order_by("-version")
    found = list(versions.prefetch_related("observations", "verifications"))
    return render(request, "laboratory/results.html", {"work": work, "versions": found})


def _handed_in(request: HttpRequest, work: WorkOrder) -> HttpResponse:
    messages.success(request, _("Hasil %(work)s sudah diserahkan.") % {"work": work})
    order = work.item.order
    left = [other for other in work_orders(order) if other.state not in DONE]
    following = next((other for other in left if other.analyst_id == request.user.pk), None)
    if following is not None and following.state in access.WITH_ANALYST:
        return redirect("laboratory:sheet", following.pk)
    return to_task(order.case, "laboratory.enter_results")


def _page(
    request: HttpRequest,
    work: WorkOrder,
    typed: sheets.Typed,
    *,
    refusal: str = "",
    saved: str = "",
    status: int = 200,
) -> HttpResponse:
    closed = access.may_enter(work)
    context: dict[str, Any] = {
        "work": work,
        "typed": typed,
        "columns": sheets.COLUMNS,
        "refusal": refusal,
        "saved": saved,
        "closed": closed.message if closed is not None else "",
        "editable": closed is None or bool(refusal),
        "result": current_result(work),
        "methods": method_choices(work),
        "errors": typed.errors if status == 422 else (),
    }
    return render(request, "laboratory/sheet.html", context, status=status)


@login_required
@require_POST
def sheet_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the draft while it is typed: 200 with the time; 422 if something does not fit, 409 if it is closed."""
    now = timezone.now()
    work = there(access.work_order_for(request.user, pk, now=now))
    if (result := draft_with_method(work)) is not None:
        return autosave(request, work, result)
    typed = sheets.read(request.POST, work, now=now)
    saved = operations.save(work.pk, typed.sheet, actor=request.user, now=now)
    if isinstance(saved, Refusal):
        return JsonResponse({"message": saved.message}, status=409)
    if typed.unkept:
        return JsonResponse({"message": typed.unkept[0].message}, status=422)
    return JsonResponse({"saved": formats.clock(now)})
