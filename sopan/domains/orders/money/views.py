"""Screens of the treasurer for bills outside of the steps, and of contracts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.ui.fields import refuse

from .. import access as orders_access
from .. import queries, rules
from ..forms import BillForm, PaymentForm
from ..models import Bill, Contract, Order, PaymentProof
from ..service import access, events
from ..views._pages import own
from . import contracts, later, policy
from .forms import ContractEndForm, ContractForm, ContractPriceForm


def treasurer(request: HttpRequest) -> Acting:
    """As whom the treasurer acts; 404 for everybody else."""
    acting = access.working(request.user, access.MONEY, now=timezone.now())
    if acting is None:
        raise Http404
    return acting


def keeper(request: HttpRequest) -> Acting:
    """As whom the keeper of prices acts; 404 for everybody else."""
    acting = access.working(request.user, access.PRICES, now=timezone.now())
    if acting is None:
        raise Http404
    return acting


@login_required
@never_cache
@require_safe
def late_bills(request: HttpRequest) -> HttpResponse:
    """Orders that are paid after the work and are not paid yet, the oldest offer first."""
    treasurer(request)
    found = Order.objects.filter(
        institution=request.user.institution, payment_policy__in=policy.LATER, quote_total__gt=0
    ).exclude(bills__status=Bill.Status.PAID)
    found = found.exclude(case__status__in=("rejected", "withdrawn")).select_related("case", "company")
    rows = []
    for order in found.order_by("quoted_at", "pk")[:200]:
        bill = queries.current_bill(order)
        waiting = PaymentProof.objects.filter(bill__order=order, status=PaymentProof.Status.UPLOADED).exists()
        rows.append({"order": order, "bill": bill, "proof": waiting, "accepted": bool(_accepted(order))})
    return render(request, "orders/money/late_bills.html", {"rows": rows})


def _accepted(order: Order) -> Any:
    return queries.last_done(order.case, "orders.accept_offer")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def late_bill(request: HttpRequest, case_id: int) -> HttpResponse:
    """One order that is paid after the work: issue its bill, then confirm or refuse what the customer sent."""
    acting, now = treasurer(request), timezone.now()
    order = orders_access.order_for(request.user, case_id, now=now)
    if order is None or policy.policy_of(order) not in policy.LATER:
        raise Http404
    bill = queries.current_bill(order)
    action = request.POST.get("action", "")
    expires_at = rules.expiry(now, days=queries.billing_days(order.institution))
    initial = {"provider": str(order.institution.setting("billing_provider", "manual")), "expires_at": expires_at}
    issue = BillForm(request.POST if action == "issue" else None, initial=initial)
    confirm = PaymentForm(
        request.POST if action == "confirm" else None, answer="ya", provider=bill.provider if bill else ""
    )
    outcome: object = None
    if action == "issue" and issue.is_valid():
        outcome = later.bill(order, issue.cleaned_data, acting=acting, now=now)
    elif action == "confirm" and confirm.is_valid():
        outcome = later.confirm(order, confirm.cleaned_data, acting=acting, now=now)
    elif action == "refuse":
        outcome = later.refuse(order, reason=request.POST.get("reason", ""), acting=acting, now=now)
    if outcome is not None and not isinstance(outcome, Refusal):
        messages.success(request, _("Tersimpan."))
        return redirect("orders:late_bill", case_id)
    refusal = outcome if isinstance(outcome, Refusal) else None
    if refusal is not None and refusal.code != "reason-missing":
        refuse(issue if action == "issue" else confirm if action == "confirm" else None, refusal)
    context = {
        "order": order,
        "bill": bill,
        "state": queries.bill_state(bill, now=now) if bill else "",
        "proof": queries.last_proof(order),
        "issue": issue,
        "confirm": confirm,
        "refusal": refusal,
        "owed": policy.owed(order),
        "action": action,
        "reason": request.POST.get("reason", ""),
    }
    status = 422 if refusal is not None or issue.errors or confirm.errors else 200
    return render(request, "orders/money/late_bill.html", context, status=status)


@own
def prove(request: HttpRequest, order: Order) -> HttpResponse:
    """The customer's proof of a payment outside of the steps."""
    if request.method != "POST":
        return redirect("orders:bill", order.case_id)
    done = later.prove(order, request.FILES.get("proof"), actor=request.user, now=timezone.now())
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Bukti pembayaran terkirim. Bendahara akan memeriksanya."))
    return redirect("orders:bill", order.case_id)


# Contracts ------------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_list(request: HttpRequest) -> HttpResponse:
    """The contracts of the body, and the form for a new one."""
    acting, now = keeper(request), timezone.now()
    form = ContractForm(request.POST or None, institution=request.user.institution)
    if request.method == "POST" and form.is_valid():
        done = contracts.add(**form.cleaned_data, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Perjanjian dicatat. Isi harganya bila berbeda dari tarif."))
            return redirect("orders:contract", done.pk)
        refuse(form, done)
    rows = Contract.objects.filter(institution=request.user.institution).select_related("company")
    context = {"form": form, "rows": rows, "today": request.user.institution.date_at(now)}
    return render(request, "orders/money/contracts.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: its prices and its record."""
    acting, now = keeper(request), timezone.now()
    body = request.user.institution
    found = get_object_or_404(Contract.objects.select_related("company"), pk=pk, institution=body)
    form = ContractPriceForm(request.POST or None, institution=body)
    if request.method == "POST" and form.is_valid():
        done = contracts.set_price(found, **form.cleaned_data, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Harga disimpan."))
            return redirect("orders:contract", pk)
        refuse(form, done)
    names = dict(form.fields["code"].choices)  # type: ignore[attr-defined]
    prices = [(names.get(price.code, price.code), price.amount) for price in found.prices.order_by("code")]
    context = {
        "form": form,
        "contract": found,
        "prices": prices,
        "end_form": ContractEndForm(),
        "told": events.told(body, f"contract:{found.pk}"),
    }
    return render(request, "orders/money/contract.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def contract_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a contract earlier."""
    acting = keeper(request)
    found = get_object_or_404(Contract.objects.select_related("company"), pk=pk, institution=request.user.institution)
    form = ContractEndForm(request.POST)
    if form.is_valid():
        done = contracts.end(found, last=form.cleaned_data["last"], acting=acting, now=timezone.now())
        if isinstance(done, Refusal):
            messages.error(request, done.message)
        else:
            messages.success(request, _("Perjanjian berakhir lebih awal."))
    else:
        messages.error(request, _("Isi tanggalnya."))
    return redirect("orders:contract", pk)
