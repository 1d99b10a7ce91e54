"""When an order must be paid, and how the steps of the procedure follow it without being edited.

``before_work`` is the procedure as it is written: bill, payment and check come before the work. Under every other policy
those steps are done by rule, with the policy as their reason in the journal, and the payment is asked for later: before
the report is released, at the hand-over, by the terms of a contract, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import effects
from sopan.engine import operations as engine
from sopan.engine.effects import finishing
from sopan.engine.models import Case, Effect, Task
from sopan.engine.stepwork import Planned, handles
from sopan.people.models import Company, Institution

from .. import queries
from ..models import Bill, Contract, Order

P = Order.Payment
BY_POLICY = "orders.pass_payment"
STEPS = (("orders.issue_bill", ""), ("orders.pay", ""), ("orders.confirm_payment", "ya"))
LATER = (P.BEFORE_RELEASE, P.ON_HANDOVER, P.PER_CONTRACT)
# What is held back until the order is paid.
GUARDED = {P.BEFORE_RELEASE: ("release", "handover", "download"), P.ON_HANDOVER: ("handover", "download")}


@dataclass(frozen=True, slots=True)
class Terms:
    """When an order is paid, and by what basis."""

    policy: str
    basis: str
    contract: Contract | None = None


def contract_of(company: Company | int, *, now: datetime, institution: Institution) -> Contract | None:
    """The contract of a company that holds today; of several the one that began last."""
    key = company if isinstance(company, int) else company.pk
    on = institution.date_at(now)
    return Contract.objects.filter(company_id=key, valid_from__lte=on, valid_to__gte=on).first()


def terms(institution: Institution, company: Company | int, *, now: datetime) -> Terms:
    """What holds for a company now: its contract, else the setting of the body, else payment before the work."""
    contract = contract_of(company, now=now, institution=institution)
    if contract is not None:
        return Terms(contract.policy, f"Perjanjian {contract.number}: {contract.basis}"[:500], contract)
    value = str(institution.setting("payment_policy", P.BEFORE_WORK))
    held = institution.settings.get("payment_policy")
    source = str(held.get("source", "")) if isinstance(held, dict) else ""
    return Terms(value if value in P.values else P.BEFORE_WORK, source[:500])


def policy_of(order: Order) -> str:
    """The policy that was fixed with the offer; an order offered before there were policies is paid before the work."""
    return order.payment_policy or P.BEFORE_WORK


def paid(order: Order) -> bool:
    return order.bills.filter(status=Bill.Status.PAID).exists()


def owed(order: Order) -> Decimal:
    """What is still to be paid outside of the steps; nothing where the steps see to it."""
    if policy_of(order) not in LATER or not order.quote_total or paid(order):
        return Decimal(0)
    return order.quote_total


def refusal_at(order: Order, moment: str) -> Refusal | None:
    """Why an order may not be released, handed over or downloaded yet: it is to be paid first.

    ``moment``: release, handover, download.
    """
    if moment not in GUARDED.get(policy_of(order), ()) or not owed(order):  # type: ignore[call-overload]
        return None
    words = {
        "release": _("Laporan diteruskan setelah pesanan ini dibayar."),
        "handover": _("Penyerahan dilakukan setelah pesanan ini dibayar."),
        "download": _("Laporan dapat diunduh setelah pesanan ini dibayar."),
    }
    return Refusal("unpaid", words[moment])


# Steps that the policy does by rule ---------------------------------------------------------------------------------


def passing(order: Order) -> tuple[Planned, ...]:
    """The effect that does the steps of the payment by rule, where the policy says so."""
    return () if policy_of(order) == P.BEFORE_WORK else (Planned(BY_POLICY),)


def passed_obstacle(order: Order) -> Refusal | None:
    """Nobody does by hand a step of the payment that the policy does by rule."""
    if policy_of(order) == P.BEFORE_WORK:
        return None
    text = _("Pesanan ini dibayar dengan cara lain: %(policy)s. Langkah ini segera diselesaikan oleh sistem.")
    return Refusal("by-policy", text % {"policy": order.get_payment_policy_display()})


@transaction.atomic
def pass_payment(order: Order, *, now: datetime) -> int:
    """Do the open steps of the payment by rule; how many. Nothing while the case is held or where the policy is to pay.

    Side effects: completed steps whose journal entries name policy and basis.
    """
    Case.objects.select_for_update().get(pk=order.case_id)
    if policy_of(order) == P.BEFORE_WORK:
        return 0
    facts: dict[str, Any] = {"payment": policy_of(order), "basis": order.payment_basis, "skipped": True}
    count = 0
    for work, answer in STEPS:
        if queries.open_task(order.case, work) is not None:
            done = engine.complete_by_system(order.case_id, step_work=work, answer=answer, facts=facts, now=now)
            count += not isinstance(done, Refusal)
    return count


@handles(BY_POLICY)
def passed(effect: Effect) -> None:
    """Do the steps after the offer was accepted; what was held is done by the regular job."""
    order = Order.objects.select_related("case").get(case_id=effect.case_id)
    with finishing(effect):
        pass_payment(order, now=effect.created_at)


def pass_all(now: datetime) -> None:
    """Do the steps of the payment of orders that were held when the offer was accepted."""
    waiting = Order.objects.filter(case__status=Case.Status.OPEN, case__tasks__status=Task.Status.OPEN)
    waiting = waiting.exclude(payment_policy__in=("", P.BEFORE_WORK)).select_related("case__procedure").distinct()
    waiting = waiting.exclude(case__effects__key=BY_POLICY, case__effects__status=Effect.Status.WAITING)
    for order in waiting:
        if any(queries.open_task(order.case, work) is not None for work, _answer in STEPS):
            pass_payment(order, now=now)


effects.periodic("orders.pass_payments", every=queries.MINUTE)(pass_all)
