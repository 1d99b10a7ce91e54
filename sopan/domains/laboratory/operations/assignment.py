"""Who measures what: the Penyelia chooses, the Manajer Teknis confirms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.people.models import User

from .. import access, competence
from ..models import CustodyEvent, Item, WorkOrder
from .items import log

S = WorkOrder.State


@dataclass(frozen=True, slots=True)
class Assignment:
    """A parameter of an instrument and the analyst for it. ``work`` None: one more parameter of ``item``."""

    item: Item
    work: WorkOrder | None
    parameter: str
    analyst: User


def assign(assignments: Iterable[Assignment], *, acting: Acting, now: datetime) -> list[WorkOrder] | Refusal:
    """Choose the analysts of new work orders. Refused, and nothing changed, if one of them may not measure or is not
    authorised for a method that fits the instrument.

    Runs in the caller's transaction, which a refusal must undo. Side effects: work orders, custody "checked".
    """
    done = []
    for one in assignments:
        work = _locked(one.work) if one.work else _another(one)
        refusal = None if work is None else _unfit(work, one.analyst, now=now)
        if work is None or work.state != S.NEW:
            refusal = Refusal("assigned-already", _("Analis untuk %(item)s sudah dipilih.") % {"item": one.item})
        if refusal is not None:
            return refusal
        work.parameter, work.analyst, work.state = one.parameter[:200], one.analyst, S.ASSIGNED
        work.save()
        done.append(work)
    for item in {one.item.pk: one.item for one in assignments}.values():
        log(item, CustodyEvent.What.CHECKED, acting=acting, now=now)
    return done


def _unfit(work: WorkOrder, analyst: User, *, now: datetime) -> Refusal | None:
    independent = access.may_measure(work, analyst=analyst, now=now)
    return independent if independent is not None else competence.fault(work, analyst=analyst, now=now)


def _locked(work: WorkOrder) -> WorkOrder:
    return (
        WorkOrder.objects.select_for_update(of=("self",))
        .select_related("laboratory", "item__order_item", "item__order__institution")
        .get(pk=work.pk)
    )


def _another(one: Assignment) -> WorkOrder | None:
    first = one.item.work_orders.select_related("laboratory").first()
    if first is None:
        return None
    return WorkOrder(
        item=one.item, parameter=one.parameter, laboratory=first.laboratory, supervisor_id=first.supervisor_id
    )


def confirm(works: Iterable[WorkOrder], *, now: datetime) -> None:
    """Let assigned work begin; work that had begun before goes on with its draft. Side effects: work orders."""
    for work in works:
        begun = work.results.filter(state="draft").exists()
        WorkOrder.objects.filter(pk=work.pk, state=S.ASSIGNED).update(
            state=S.MEASURING if begun else S.CONFIRMED, remark=""
        )


def take_back(works: Iterable[WorkOrder], *, reason: str) -> None:
    """Let the Penyelia choose again: the choice is kept as a proposal, drafts stay. Side effects: work orders."""
    open_states = (S.ASSIGNED, S.CONFIRMED, S.MEASURING)
    keys = [work.pk for work in works]
    WorkOrder.objects.filter(pk__in=keys, state__in=open_states).update(state=S.NEW, remark=reason)


def assign_late(one: Assignment, *, actor: User, now: datetime) -> WorkOrder | Refusal:
    """Choose the analyst for an instrument that came late, beside the step. Side effects: as ``assign``, journal entry."""
    acting = access.supervises(actor, one.work, now=now) if one.work else None
    if acting is None:
        return Refusal("not-found", _("Pekerjaan ini tidak ada."))
    with transaction.atomic():
        done = assign([one], acting=acting, now=now)
        if isinstance(done, Refusal):
            transaction.set_rollback(True)
            return done
        data = {"sample": one.item.number, "parameter": one.parameter, "analyst": one.analyst.full_name}
        engine.note(one.item.order.case_id, acting=acting, code="laboratory.assigned_late", data=data, now=now)
    return done[0]


def confirm_late(work: WorkOrder, *, actor: User, accept: bool, reason: str = "", now: datetime) -> WorkOrder | Refusal:
    """Confirm, or give back with a reason, a choice for an instrument that came late. Side effects: work order, journal."""
    case = work.item.order.case
    acting = access.doing(actor, case, "laboratory.confirm_assignment", now=now)
    if acting is None:
        return Refusal("not-found", _("Pekerjaan ini tidak ada."))
    if actor.pk == work.analyst_id:
        return Refusal("own-results", _("Anda ditunjuk sebagai analis; orang lain harus menyetujuinya."))
    if (fault := engine.reason_fault(reason, required=not accept)) is not None:
        return fault
    with transaction.atomic():
        work = _locked(work)
        if work.state != S.ASSIGNED:
            return Refusal("done-already", _("Pilihan analis ini sudah diputuskan."))
        if accept:
            confirm([work], now=now)
        else:
            take_back([work], reason=reason)
        data = {"sample": work.item.number, "parameter": work.parameter, "accepted": accept, "reason": reason}
        engine.note(case.pk, acting=acting, code="laboratory.confirmed_late", data=data, now=now)
    work.refresh_from_db()
    return work
