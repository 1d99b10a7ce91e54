"""Parts of a step: where an order lies in several laboratories, and for instruments that came late."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sopan.core.flow import Refusal
from sopan.engine import access as engine_access
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.ui.found import there

from .. import access
from ..forms import AssignForm, assignments
from ..models import WorkOrder
from ..operations import assignment, judging
from ..steps.assigning import AssignAnalysts
from ..steps.judging import VerifyResults
from .found import to_case

ROWS = "item__order__case__procedure", "item__order__institution", "item__order_item", "laboratory", "supervisor"


def _my_task(request: HttpRequest, pk: int, work: str) -> tuple[Task, Acting]:
    """An open task that carries this work and is his to do, or 404."""
    now = timezone.now()
    task = there(engine_access.task_for(request.user, pk, now=now))
    step = there(access.step_doing(task.case, work))
    if task.step != step.id or task.status != Task.Status.OPEN:
        there(None)
    return task, there(engine_access.acting_for(request.user, task, now=now))


@login_required
@require_POST
def assign_mine(request: HttpRequest, pk: int) -> HttpResponse:
    """A Penyelia keeps his choice while another laboratory has still to choose."""
    now = timezone.now()
    task, acting = _my_task(request, pk, AssignAnalysts.key)
    step = AssignAnalysts()
    form = step.form(task, data=request.POST, actor=acting)
    mine = step.mine(task, acting, now=now)
    if not mine or not form.is_valid():
        typed = {name: texts for name, texts in request.POST.lists() if name in form.fields}
        engine.save_draft(task.pk, actor=request.user, data=typed, now=now)  # so that nothing typed is lost
        for field, errors in form.errors.items():
            messages.error(request, f"{form.fields[field].label}: {errors[0]}")
        return redirect("task", task.pk)
    with transaction.atomic():
        done = assignment.assign(assignments(mine, form.cleaned_data), acting=acting, now=now)
        if isinstance(done, Refusal):
            transaction.set_rollback(True)
        else:
            data = {"analysts": {str(work): str(work.analyst) for work in done}}
            engine.note(task.case_id, acting=acting, code="laboratory.assigned", data=data, now=now)
    _tell(request, done if isinstance(done, Refusal) else None, _("Pilihan analis Anda tersimpan."))
    return redirect("task", task.pk)


@login_required
@require_POST
def verify_mine(request: HttpRequest, pk: int) -> HttpResponse:
    """A Penyelia accepts the results of his laboratory while another has still to judge."""
    now = timezone.now()
    task, acting = _my_task(request, pk, VerifyResults.key)
    step = VerifyResults()
    works = step.now_mine(task, acting)
    with transaction.atomic():
        reason = request.POST.get("reason", "").replace("\x00", "")[:2000]
        refusal = judging.accept(works, level=step.level, acting=acting, now=now, reason=reason)
        if refusal is not None:
            transaction.set_rollback(True)
        elif works:
            data = {"works": [str(work) for work in works]}
            engine.note(task.case_id, acting=acting, code="laboratory.verified_part", data=data, now=now)
    _tell(request, refusal, _("Verifikasi Anda tersimpan."))
    return redirect("task", task.pk)


def _tell(request: HttpRequest, refusal: Refusal | None, success: str) -> None:
    if refusal is None:
        messages.success(request, success)
    else:
        messages.error(request, refusal.message)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign_late(request: HttpRequest, pk: int) -> HttpResponse:
    """The Penyelia chooses the analyst for an instrument that came after the step."""
    now = timezone.now()
    work = there(WorkOrder.objects.select_related(*ROWS).filter(pk=pk).first())
    there(access.staff_case(request.user, work.item.order.case_id, now=now))
    there(access.supervises(request.user, work, now=now))
    form = AssignForm(request.POST if request.method == "POST" else None, works=[work], now=now)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        one = assignments([work], form.cleaned_data)[0]
        done = assignment.assign_late(one, actor=request.user, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Pilihan analis Anda tersimpan."))
            return to_case(work.item.order.case_id)
        refusal = done.message
    status = 422 if form.errors else 409 if refusal else 200
    return render(
        request, "laboratory/assign_late.html", {"work": work, "form": form, "refusal": refusal}, status=status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_late(request: HttpRequest, pk: int) -> HttpResponse:
    """The Manajer Teknis confirms that choice, or gives it back with a reason."""
    now = timezone.now()
    work = there(WorkOrder.objects.select_related(*ROWS, "analyst").filter(pk=pk).first())
    there(access.doing(request.user, work.item.order.case, "laboratory.confirm_assignment", now=now))
    reason = request.POST.get("reason", "").replace("\x00", "")
    refusal = ""
    if request.method == "POST":
        accept = request.POST.get("answer") == "ya"
        done = assignment.confirm_late(work, actor=request.user, accept=accept, reason=reason, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Keputusan Anda tersimpan."))
            return to_case(work.item.order.case_id)
        refusal = done.message
    context = {"work": work, "reason": reason, "refusal": refusal}
    return render(request, "laboratory/confirm_late.html", context, status=422 if refusal else 200)
