"""Instruments come, lie in a laboratory, and wait to be fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents import numbers
from sopan.domains.orders.customers import handover
from sopan.domains.orders.models import Order, OrderItem
from sopan.domains.orders.money import policy
from sopan.domains.orders.operations import told
from sopan.domains.orders.queries import OTHER_KIND
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Attachment, Case

from ..models import CustodyEvent, Item, WorkOrder
from ..queries import Choice

SAMPLE = "sample"  # key of the number series


@dataclass(frozen=True, slots=True)
class Arrival:
    """An instrument at the counter: what it looks like, what came with it, and where it goes."""

    item: Item
    choice: Choice
    condition: str
    accessories: str = ""
    photo: Attachment | None = None


def expect(order: Order) -> list[Item]:
    """Make the row of every instrument of the order; those that are there already stay. Side effects: items."""
    known = set(order.laboratory_items.values_list("order_item_id", flat=True))
    missing = [item for item in order.items.all() if item.pk not in known]
    for order_item in missing:
        Item.objects.get_or_create(order_item=order_item, defaults={"order": order})
    return list(order.laboratory_items.order_by("order_item__line"))


def receive(arrivals: Iterable[Arrival], *, acting: Acting, now: datetime) -> list[Item]:
    """Take instruments in: sample number, custody, laboratory, and the work order for its Penyelia.

    Runs in the caller's transaction, so that no sample number is lost. One that was received before keeps its number.
    Side effects: items, numbers, custody events, work orders.
    """
    return [_receive(arrival, acting=acting, now=now) for arrival in arrivals]


def _receive(arrival: Arrival, *, acting: Acting, now: datetime) -> Item:
    item = (
        Item.objects.select_for_update(of=("self",))
        .select_related("order__institution", "order_item")
        .get(pk=arrival.item.pk)
    )
    if item.has_come:
        return item
    used_for = f"{item.order.reference}: {item.order_item}"[:250]
    number = numbers.allocate(SAMPLE, institution=item.order.institution, now=now, used_for=used_for, by=acting.name)
    item.number, item.state = number.text, Item.State.IN_LABORATORY
    item.condition, item.accessories, item.photo = arrival.condition, arrival.accessories, arrival.photo
    item.laboratory = arrival.choice.laboratory
    item.received_at, item.received_by = now, acting.name
    item.save()
    log(item, CustodyEvent.What.RECEIVED, acting=acting, now=now, detail=arrival.condition)
    log(item, CustodyEvent.What.TO_LABORATORY, acting=acting, now=now, detail=str(item.laboratory))
    WorkOrder.objects.create(
        item=item,
        parameter=_parameter(item.order_item),
        laboratory=arrival.choice.laboratory,
        supervisor=arrival.choice.supervisor,
    )
    return item


def _parameter(asked: OrderItem) -> str:
    """What is calibrated: the kind, or the name that the customer gave where the tariff has none."""
    return asked.name if asked.kind == OTHER_KIND else asked.kind_name


def redirect(item: Item, *, choice: Choice, acting: Acting, now: datetime) -> None:
    """Send an instrument to another laboratory, while no analyst works on it. Side effects: item, work, custody."""
    waiting = item.work_orders.filter(state=WorkOrder.State.NEW)
    if waiting.count() != item.work_orders.count():
        return
    waiting.update(laboratory=choice.laboratory, supervisor=choice.supervisor, analyst=None)
    if item.laboratory_id != choice.laboratory.pk:
        item.laboratory = choice.laboratory
        item.save(update_fields=["laboratory"])
        log(item, CustodyEvent.What.TO_LABORATORY, acting=acting, now=now, detail=str(choice.laboratory))


def receive_late(arrival: Arrival, *, acting: Acting, now: datetime) -> Item | Refusal:
    """Take in an instrument that comes after the others. Refused once the order has report numbers.

    Side effects: as ``receive``, and a journal entry.
    """
    order = arrival.item.order
    with transaction.atomic():
        # The case is locked, so that the step that numbers the reports cannot run meanwhile.
        Case.objects.select_for_update(of=("self",)).get(pk=order.case_id)
        refusal = may_come_late(arrival.item)
        if refusal is not None:
            return refusal
        item = _receive(arrival, acting=acting, now=now)
        data = {"sample": item.number, "item": item.order_item.name, "laboratory": str(item.laboratory)}
        engine.note(order.case_id, acting=acting, code="laboratory.received_late", data=data, now=now)
    return item


def may_come_late(item: Item) -> Refusal | None:
    """Whether an expected instrument can still join its order."""
    if item.has_come:
        return Refusal("received", _("Alat ini sudah diterima dengan nomor %(number)s.") % {"number": item.number})
    if not item.order.laboratory_items.exclude(number="").exists():
        return Refusal("not-yet", _("Terima alat ini melalui langkah penerimaan sampel."))
    if not item.order.case.is_open or item.order.reports.exists():
        return Refusal("too-late", _("Nomor E-LHU order ini sudah terbit. Alat ini perlu order baru."))
    return None


def log(item: Item, what: str, *, acting: Acting, now: datetime, detail: str = "") -> None:
    """Add a custody event. Side effects: that row."""
    who = f"{acting.name}, {acting.position}" if acting.position else acting.name
    CustodyEvent.objects.create(item=item, at=now, who=who[:220], what=what, detail=detail[:500])


def hand_back(item: Item, *, acting: Acting, receiver: str, now: datetime) -> Item | Refusal:
    """Give an instrument back to its customer against a name. Side effects: item, custody event, journal entry."""
    with transaction.atomic():
        if (unpaid := policy.refusal_at(item.order, "handover")) is not None:
            return unpaid
        changed = Item.objects.filter(pk=item.pk, state=Item.State.READY_TO_RETURN).update(state=Item.State.RETURNED)
        if not changed:
            return Refusal("not-ready", _("Alat ini belum siap diambil, atau sudah diambil."))
        log(item, CustodyEvent.What.RETURNED, acting=acting, now=now, detail=receiver)
        described = [f"{item.number or ''}", *handover.described(item.order_item)]
        handover.record(item.order, [described], receiver=receiver, acting=acting, now=now)
        data = {"sample": item.number, "item": item.order_item.name, "receiver": receiver}
        effects = (told("handed_over"),)
        engine.note(item.order.case_id, acting=acting, code="laboratory.returned", data=data, effects=effects, now=now)
    item.refresh_from_db()
    return item
