"""Reads of the laboratory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sopan.core.flow import State
from sopan.documents import queries as documents
from sopan.documents.models import IssuedDocument
from sopan.domains.orders.models import Order
from sopan.engine.access import versions_doing
from sopan.engine.models import Case
from sopan.people import reading
from sopan.people.models import Appointment, User
from sopan.people.queries import holders_of, in_force

from .access import positions_of, step_doing
from .models import CustodyEvent, Item, Laboratory, Report, ResultVersion, WorkOrder

SIGN = "laboratory.sign_report"


def order_of(case_id: int) -> Order:
    """The order of a case. Raises DoesNotExist for a case without one."""
    return Order.objects.select_related("company", "institution", "case__procedure").get(case_id=case_id)


def find_order(case_id: int) -> Order | None:
    """The order of a case whose instruments are known here, or None."""
    rows = Order.objects.select_related("company", "institution", "case__procedure")
    return rows.filter(case_id=case_id, laboratory_items__isnull=False).distinct().first()


def items(order: Order) -> QuerySet[Item]:
    """The instruments of an order in the order of its lines."""
    return order.laboratory_items.select_related("order_item", "laboratory", "photo").order_by("order_item__line")


def work_orders(order: Order) -> QuerySet[WorkOrder]:
    """All work on the instruments of an order."""
    rows = WorkOrder.objects.filter(item__order=order)
    rows = rows.select_related("item__order_item", "item__order__case", "laboratory", "supervisor", "analyst")
    return rows.order_by("item__order_item__line", "pk")


def current_result(work: WorkOrder) -> ResultVersion | None:
    """The version of the results that is worked on, judged or approved."""
    return work.results.filter(version=work.version).prefetch_related("observations").first()


def reports(order: Order) -> QuerySet[Report]:
    """The current report of each instrument; what amends one after its release stands beside its step."""
    rows = order.reports.filter(amends=None).exclude(state=Report.State.REPLACED)
    return rows.select_related("item__order_item", "document").order_by("item__order_item__line")


@dataclass(frozen=True, slots=True)
class Choice:
    """A laboratory with one of the people who lead it, as CS chooses them together."""

    laboratory: Laboratory
    supervisor: User
    busy: int  # work orders that he supervises and that are not approved

    @property
    def key(self) -> str:
        return f"{self.laboratory.pk}:{self.supervisor.pk}"


def supervisors(institution_id: int, *, now: datetime) -> list[Choice]:
    """Every laboratory with each holder of its position Penyelia."""
    unfinished = Q(supervised_work__isnull=False) & ~Q(supervised_work__state=WorkOrder.State.APPROVED)
    found = []
    for laboratory in Laboratory.objects.filter(institution_id=institution_id).order_by("name"):
        people = User.objects.filter(pk__in=[person.pk for person in holders_of(laboratory.penyelia_id, now)])
        for person in people.annotate(busy=Count("supervised_work", filter=unfinished)).order_by("name"):
            found.append(Choice(laboratory, person, person.busy))
    return found


def analysts(laboratory: Laboratory, *, now: datetime) -> list[User]:
    """The analysts of a laboratory now."""
    return holders_of(laboratory.analis_id, now)


def signer(case: Case, *, work: str = SIGN, now: datetime) -> Appointment | None:
    """Who signs, by rule: the holder at that date of the position bound to the actor of the step with this work.

    A Plh. stands in for an absent holder and a Plt. fills a vacancy, so either goes before the definitive holder.
    """
    step = step_doing(case, work)
    if step is None:
        return None
    held = Appointment.objects.filter(
        in_force(now), position__in=positions_of(case, step.actors[0]), person__is_active=True
    )
    rank = {Appointment.Kind.PLH: 0, Appointment.Kind.PLT: 1, Appointment.Kind.DEFINITIVE: 2}
    people = sorted(held.select_related("position", "person"), key=lambda a: (rank[Appointment.Kind(a.kind)], a.pk))
    return people[0] if people else None


def signs_by_rule(user: User, version: int, *, work: str = SIGN, now: datetime) -> bool:
    """Whether this person signs now in the cases of a version of a procedure (its key)."""

    def asked() -> bool:
        if version not in versions_doing(user, work, now=now):
            return False
        found = signer(Case(procedure_id=version), work=work, now=now)
        return found is not None and found.person_id == user.pk

    return reading.once(user, ("signs", version, work), asked, now=now)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a customer may know, in plain words."""

    at: datetime
    text: str


def tracking(order: Order) -> list[Event]:
    """What happened to the instruments and reports of an order, for its customer and the tracking page."""
    told = {CustodyEvent.What.RECEIVED, CustodyEvent.What.READY, CustodyEvent.What.RETURNED}
    rows = CustodyEvent.objects.filter(item__order=order, what__in=told).select_related("item__order_item")
    events = [Event(row.at, _plain(row)) for row in rows]
    released = order.reports.filter(document__released_at__isnull=False).select_related("document", "item__order_item")
    for report in released:
        text = _("Laporan %(number)s untuk %(item)s sudah terbit.")
        events.append(
            Event(report.document.released_at, text % {"number": report.number, "item": report.item.order_item.name})
        )
    return sorted(events, key=lambda event: event.at)


def _plain(row: CustodyEvent) -> str:
    text = {
        CustodyEvent.What.RECEIVED: _("%(item)s kami terima dengan nomor sampel %(number)s."),
        CustodyEvent.What.READY: _("%(item)s selesai dikalibrasi dan siap diambil."),
        CustodyEvent.What.RETURNED: _("%(item)s sudah diserahkan kembali."),
    }[CustodyEvent.What(row.what)]
    return text % {"item": row.item.order_item.name, "number": row.item.number}


def history(order: Order) -> list[Item]:
    """The instruments with custody, work, all versions of results with their judgements, and reports: for the case page."""
    results = ResultVersion.objects.order_by("-version").prefetch_related("observations__entered_by", "verifications")
    work = WorkOrder.objects.select_related("laboratory", "supervisor", "analyst").prefetch_related(
        Prefetch("results", queryset=results)
    )
    every = order.laboratory_items.select_related("order_item", "laboratory", "photo").prefetch_related(
        "custody",
        Prefetch("work_orders", queryset=work),
        Prefetch("reports", queryset=Report.objects.select_related("document", "amends")),
    )
    return list(every.order_by("order_item__line"))


def no_longer_valid(number: str, *, issuer: str, content: bytes) -> IssuedDocument | None:
    """The revoked or replaced certificate of this installation that a file is, or that its DCC is a copy of; else None.

    A number is that of another laboratory as well: it counts together with the name under which ours issued it.
    """
    gone = (IssuedDocument.Status.REVOKED, IssuedDocument.Status.REPLACED)
    same = documents.by_content(content)
    if same is not None:
        return same if same.status in gone else None
    rows = Report.objects.filter(number__iexact=number, document__status__in=gone)
    for report in rows.select_related("document__replaced_by"):
        if report.snapshot.get("laboratory", {}).get("name", "").casefold() == issuer.casefold():
            return report.document
    return None


def is_open(case: Case, work: str) -> bool:
    """Whether the step with this work is open now."""
    step = step_doing(case, work)
    return step is not None and step.id in State.from_data(case.state).open
