"""Reads of orders, for the screens and for the domains that follow (the laboratory reads items here)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, Step
from sopan.engine.models import Case, Task
from sopan.people.models import Institution, User
from sopan.ui.source import translated

from . import rules
from .models import Bill, Order, OrderItem, PaymentProof, TariffLine
from .rules import NoLine, Quantity

PROCEDURE = "sippt-kalibrasi"  # the service that customers order; a body with another one sets ``order_procedure``
OTHER_KIND = "lainnya"
MINUTE = timedelta(minutes=1)
NOT_FOUND = Refusal("not-found", gettext_lazy("Nomor atau kode pelacakan tidak cocok. Periksa kembali keduanya."))
ENDED = {
    "finished": gettext_lazy("Pesanan selesai."),
    "rejected": gettext_lazy("Pesanan tidak dapat kami layani."),
    "withdrawn": gettext_lazy("Pesanan dibatalkan."),
}


# Orders ---------------------------------------------------------------------------------------------------------------


def order_of(case_id: int) -> Order | None:
    """The order of a case, with its institution and company; None before the customer reached the form."""
    return Order.objects.select_related("case", "institution", "company").filter(case_id=case_id).first()


def items_of(order: Order | int) -> list[OrderItem]:
    """The instruments of an order (row or key), in order."""
    key = order.pk if isinstance(order, Order) else order
    return list(OrderItem.objects.filter(order_id=key).order_by("line"))


def orders_of(user: User) -> QuerySet[Order]:
    """The orders of a customer's company, the latest first."""
    found = Order.objects.filter(company_id=user.company_id).order_by("-created_at", "-pk")
    return found.select_related("case__procedure")


def registrant(case: Case) -> User | None:
    """Who registered the company of a case: its first user."""
    return User.objects.filter(company_id=case.company_id).order_by("pk").first() if case.company_id else None


def order_procedure(institution: Institution) -> str:
    """Slug of the procedure that an order runs through."""
    return str(institution.setting("order_procedure", PROCEDURE))


# Settings of the body -------------------------------------------------------------------------------------------------


def survey_gate(institution: Institution) -> str:
    """none, prompt or required: whether the survey must be answered before the report may be downloaded."""
    gate = institution.setting("survey_gate", "required")
    return str(gate) if gate in rules.GATES else "required"


def billing_days(institution: Institution) -> int:
    """Days until a bill expires."""
    return _whole(institution.setting("billing_expiry_days", 7), 7)


def auto_close_days(institution: Institution) -> int:
    """Days after which an order that the customer did not close is closed; 0 = never."""
    return _whole(institution.setting("auto_close_days", 0), 0)


def _whole(value: object, default: int) -> int:
    try:
        return int(str(value))
    except ValueError:
        return default


# Steps by their work, never by their number ---------------------------------------------------------------------------


def steps_with(case: Case, works: Iterable[str]) -> list[str]:
    """Ids of the steps of a case's procedure that carry one of these works."""
    wanted = set(works)
    return [step.id for step in procedure(case.procedure_id).steps if step.work in wanted]


def open_task(case: Case, work: str) -> Task | None:
    """The open task of the step with this work, if it is open now."""
    found = Task.objects.filter(case=case, status=Task.Status.OPEN, step__in=steps_with(case, [work]))
    task = found.order_by("pk").first()
    if task is not None:
        task.case = case
    return task


def last_done(case: Case, work: str) -> Task | None:
    """The latest completion of the step with this work."""
    found = Task.objects.filter(case=case, status=Task.Status.DONE, step__in=steps_with(case, [work]))
    return found.order_by("-completed_at", "-pk").first()


def open_steps(case: Case) -> list[tuple[Step, Task]]:
    """The open steps of a case with their tasks, in the order of the procedure."""
    steps = procedure(case.procedure_id).by_id
    tasks = Task.objects.filter(case=case, status=Task.Status.OPEN).select_related("binding")
    return sorted(((steps[task.step], task) for task in tasks), key=lambda pair: pair[0].sequence)


# Tariffs --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of instrument that the tariff knows, and the size that decides its price (if one does)."""

    key: str
    name: str
    measure: str = ""
    unit: str = ""


def lines_in_force(institution: Institution | int, on: date) -> list[TariffLine]:
    """The tariff lines that hold on a day, in the order of the tariff."""
    key = institution.pk if isinstance(institution, Institution) else institution
    rows = TariffLine.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), institution_id=key, valid_from__lte=on
    )
    return list(rows)


def kinds(lines: Iterable[TariffLine]) -> list[Kind]:
    """The kinds of instruments of tariff lines, by name; a line without a kind is not for instruments."""
    found: dict[str, Kind] = {}
    for line in lines:
        if line.kind and (line.kind not in found or (line.measure and not found[line.kind].measure)):
            found[line.kind] = Kind(line.kind, line.kind_name, line.measure, line.unit)
    return sorted(found.values(), key=lambda kind: kind.name.lower())


def matched(item: OrderItem, lines: Sequence[TariffLine], on: date) -> TariffLine | NoLine:
    """The tariff line of an instrument, or why there is none."""
    size = Quantity(item.size, item.size_unit) if item.size is not None else None
    return rules.match_line(lines, item.kind, size, on)


def estimate(items: Iterable[OrderItem], lines: Sequence[TariffLine], on: date) -> Decimal | None:
    """What the instruments would cost by the tariff; None if one of them is in no line."""
    total = Decimal(0)
    for item in items:
        line = matched(item, lines, on)
        if isinstance(line, NoLine):
            return None
        total += line.amount
    return total


# Bills ----------------------------------------------------------------------------------------------------------------


def current_bill(order: Order) -> Bill | None:
    """The paid bill, else the latest one that was not cancelled."""
    bills = list(order.bills.exclude(status=Bill.Status.CANCELLED).order_by("-issued_at", "-pk"))
    return next((bill for bill in bills if bill.status == Bill.Status.PAID), bills[0] if bills else None)


def bill_state(bill: Bill, *, now: datetime) -> str:
    """The state of a bill at ``now``; an unpaid one is expired from its second on, before the job has marked it."""
    if bill.status == Bill.Status.ISSUED and rules.expired(bill.expires_at, now):
        return str(Bill.Status.EXPIRED)
    return bill.status


def last_proof(order: Order) -> PaymentProof | None:
    """The latest proof of payment of an order."""
    found = PaymentProof.objects.filter(bill__order=order).select_related("attachment", "bill", "judged_in")
    return found.order_by("-uploaded_at", "-pk").first()


# Tracking -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of the way of an order as customers and the public see it. ``state``: done, now or todo."""

    name: str
    state: str
    at: datetime | None = None  # when it was done
    text: str = ""  # plain status of what is open


def status_text(case: Case) -> str:
    """The plain status of a case: the public words of its open step, or how it ended."""
    if case.status == Case.Status.HELD:
        return _("Pesanan sedang kami tahan sementara.")
    if not case.is_open:
        return str(ENDED[str(case.status)])
    return next((_status_of(step, case) for step, _task in open_steps(case) if step.public), "")


def _status_of(step: Step, case: Case) -> str:
    """The public words of an open step; a bill that ran out unpaid leaves nothing that could be checked."""
    if step.work == "orders.confirm_payment":
        bill = Bill.objects.filter(order__case=case).order_by("-issued_at", "-pk").first()
        if bill is not None and bill.status == Bill.Status.EXPIRED and not bill.proofs.exists():
            return _("Kode billing kedaluwarsa. Kami akan menerbitkan kode baru.")
    return translated(step.public)


def journey(case: Case) -> list[Milestone]:
    """The phases of the procedure with what is done, what is open now, and what is still to come."""
    steps = procedure(case.procedure_id).steps
    phases = list(dict.fromkeys(step.phase for step in steps if step.phase))
    open_now = open_steps(case)
    here = phases.index(open_now[0][0].phase) if open_now and open_now[0][0].phase in phases else None
    if here is None and case.status == Case.Status.FINISHED:
        here = len(phases)
    ended = _phase_ends(case, {step.id: step.phase for step in steps})
    return [
        Milestone(
            phase,
            "done" if here is not None and place < here else "now" if place == here else "todo",
            ended.get(phase) if here is not None and place < here else None,
            status_text(case) if place == here else "",
        )
        for place, phase in enumerate(phases)
    ]


def _phase_ends(case: Case, phase_of: dict[str, str]) -> dict[str, datetime]:
    done = Task.objects.filter(case=case, status=Task.Status.DONE).values_list("step", "completed_at")
    ends: dict[str, datetime] = {}
    for step, at in done:
        phase = phase_of.get(step, "")
        if at and (phase not in ends or at > ends[phase]):
            ends[phase] = at
    return ends


def waits_for_customer(case: Case) -> tuple[Step, Task] | None:
    """The open step that the customer must do, if there is one."""
    return next(((s, t) for s, t in open_steps(case) if t.binding.kind == ActorKind.CUSTOMER), None)


def tracking_code(case: Case) -> str:
    """A short secret for the tracking form, made from the secret of the link: 8 characters, 40 bits."""
    digest = hashlib.sha256(f"track:{case.tracking}".encode()).digest()
    return base64.b32encode(digest[:5]).decode()


def case_by_number(number: str, code: str) -> Case | None:
    """The case with this number, if the short secret fits."""
    wanted, secret = number.strip(), "".join(code.split()).replace("-", "").upper()
    cases = Case.objects.select_related("procedure", "institution")
    if wanted.upper().startswith("P-") and wanted[2:].isascii() and wanted[2:].isdigit():
        found = list(cases.filter(pk=int(wanted[2:12])))
    else:
        found = list(cases.filter(number=wanted)[:5]) if wanted else []
    fits = (case for case in found if hmac.compare_digest(tracking_code(case).encode(), secret.encode()))
    return next(fits, None)
