"""Acts of customers on their orders: each finishes a step through the engine, on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.engine import access as engine_access
from sopan.engine import operations as engine
from sopan.engine.models import Task
from sopan.engine.stepwork import step_works
from sopan.ui.fields import refuse, row_id

from .. import operations, queries
from ..forms import MessageForm, ProofForm, ReasonForm
from ..models import Order
from ..money import policy
from ._pages import GONE, form_key, own

_UNSET = object()


def _task(request: HttpRequest, order: Order, work: str) -> Task | None:
    """The task that the form was made for, else the open one; somebody else may have finished it meanwhile."""
    if posted := request.POST.get("task", ""):
        steps = queries.steps_with(order.case, [work])
        task = Task.objects.filter(pk=row_id(posted), case_id=order.case_id, step__in=steps).first()
        if task is None:
            raise Http404
        task.case = order.case
        return task
    return queries.open_task(order.case, work)


def act(
    request: HttpRequest,
    order: Order,
    *,
    work: str,
    template: str,
    done: str,
    form: Any = _UNSET,
    more: dict[str, Any] | None = None,
    said: str = "",
) -> HttpResponse:
    """A page that shows the step with this work and finishes it; refused, it shows again what was typed."""
    now = timezone.now()
    task = _task(request, order, work)
    if task is None:
        messages.info(request, _("Bagian ini sudah selesai atau belum dapat dikerjakan."))
        return redirect("orders:order", order.case_id)
    acting = engine_access.acting_for(request.user, task, now=now)
    if acting is None:
        raise Http404
    the_work, step = step_works[work], procedure(order.case.procedure_id).by_id[task.step]
    if form is _UNSET:
        posted = request.method == "POST"
        form = the_work.form(
            task, data=request.POST if posted else None, files=request.FILES if posted else None, actor=acting
        )
    refusal: Refusal | None = None
    if request.method == "POST" and (form is None or form.is_valid()):
        outcome = _complete(request, task, form)
        if not isinstance(outcome, Refusal):
            if said and not outcome.repeated:
                messages.success(request, said)
            return redirect(done)
        refusal = outcome
        if refusal.code not in GONE:
            refuse(form, refusal)
    context = {
        **the_work.context(task, actor=acting),
        "order": order,
        "task": task,
        "exits": step.exits,
        "form": form,
        "form_key": form_key(request),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "reason_missing": refusal is not None and refusal.field == "reason",
        **(more or {}),
    }
    return render(request, template, context, status=409 if refusal is not None and refusal.code in GONE else 200)


def _complete(request: HttpRequest, task: Task, form: forms.Form | None) -> engine.Done | Refusal:
    return engine.complete(
        task.pk,
        actor=request.user,
        answer=request.POST.get("answer", "")[:40],
        data=dict(form.cleaned_data) if form else {},
        reason=request.POST.get("reason", "").replace("\x00", "").strip(),
        form_key=form_key(request),
        now=timezone.now(),
    )


def _page_of(order: Order) -> str:
    return reverse("orders:order", args=[order.case_id])


@own
def offer(request: HttpRequest, order: Order) -> HttpResponse:
    """What will be measured and what it costs: accept and ask for the bill, or object with a reason."""
    said = _("Terima kasih. Jawaban Anda sudah kami catat.")
    return act(
        request, order, work="orders.accept_offer", template="orders/offer.html", done=_page_of(order), said=said
    )


@own
def bill(request: HttpRequest, order: Order) -> HttpResponse:
    """The bill with its code; while the payment is awaited, the place to upload the proof."""
    now = timezone.now()
    found = queries.current_bill(order)
    if found is None:
        return redirect("orders:order", order.case_id)
    proof = queries.last_proof(order)
    state = queries.bill_state(found, now=now)
    later = ProofForm() if policy.owed(order) else None
    more = {"bill": found, "state": state, "proof": proof, "later": later}
    if request.method != "POST" and queries.open_task(order.case, "orders.pay") is None:
        return render(request, "orders/bill.html", {"order": order, "task": None, **more})
    said = _("Bukti pembayaran terkirim. Bendahara akan memeriksanya.")
    return act(
        request, order, work="orders.pay", template="orders/bill.html", done=_page_of(order), more=more, said=said
    )


@own
def survey(request: HttpRequest, order: Order) -> HttpResponse:
    """The nine elements, before the report may be downloaded."""
    said = _("Terima kasih. Laporan Anda sekarang dapat diunduh.")
    return act(request, order, work="orders.survey", template="orders/survey.html", done=_page_of(order), said=said)


@own
def close(request: HttpRequest, order: Order) -> HttpResponse:
    """The customer has looked at the report and closes the order."""
    said = _("Pesanan selesai. Terima kasih.")
    return act(request, order, work="orders.close", template="orders/close.html", done=_page_of(order), said=said)


@own
def message(request: HttpRequest, order: Order) -> HttpResponse:
    """A message to the staff."""
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        sent = engine.comment(order.case_id, actor=request.user, text=text, internal=False, now=timezone.now())
        if not isinstance(sent, Refusal):
            messages.success(request, _("Pesan Anda terkirim."))
            return redirect("orders:order", order.case_id)
        refuse(form, sent)
    return render(request, "orders/message.html", {"order": order, "form": form})


@own
def withdraw(request: HttpRequest, order: Order) -> HttpResponse:
    """Withdraw an order that is not paid."""
    if (refusal := operations.may_withdraw(order)) is not None:
        messages.error(request, refusal.message)
        return redirect("orders:order", order.case_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = operations.withdraw(order, actor=request.user, reason=reason, now=timezone.now())
        if not isinstance(done, Refusal):
            messages.success(request, _("Pesanan dibatalkan."))
            return redirect("orders:order", order.case_id)
        refuse(form, done)
    return render(request, "orders/withdraw.html", {"order": order, "form": form})
