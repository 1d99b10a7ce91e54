"""What changes orders before their steps are completed: registering, and filling in the order form.

The acts that complete a step are in ``steps`` (called by the engine) and ``payments``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine import starts
from sopan.engine.models import Case, Task
from sopan.engine.stepwork import Planned
from sopan.people.models import Institution, User
from sopan.people.operations import register_customer

from . import queries, rules
from .models import Bill, Order, OrderItem, PaymentProof
from .money import contracts, policy

MAX_ITEMS = 100
MIN_BASIS = 8  # characters of a legal basis
MAX_DRAFT = 20_000  # characters of one page
MAX_DRAFTS = 150  # pages of one order: its instruments and the other pages


def told(what: str, **data: Any) -> Planned:
    """The effect that tells the customer something by mail; ``what`` is a key of ``notices.templates.WORDS``."""
    return Planned("orders.tell_customer", {"what": what, **data})


# Beginning ------------------------------------------------------------------------------------------------------------


def register(
    *,
    institution: Institution,
    company: Mapping[str, str],
    person: Mapping[str, str],
    password: str,
    start_key: str | None = None,
    now: datetime,
) -> Case | Refusal:
    """Register a company with its first person, and start their case, which waits for the activation.

    Side effects: company and inactive user; a case whose first two steps are done in the name of the person; a mail.
    The same ``start_key`` again gives the same case. Refusals: as ``people.operations.register_customer``, and closed
    (the body has withdrawn its procedure for orders).
    """
    if start_key and (before := Case.objects.filter(start_key=start_key).first()):
        return before
    if (no := _closed(institution, "visit", now=now)) is not None:
        return no
    with transaction.atomic():
        user = register_customer(institution=institution, company=company, person=person, password=password, now=now)
        if isinstance(user, Refusal):
            return user
        slug = queries.order_procedure(institution)
        case = starts.started(
            slug, institution=institution, actor=None, entry="visit", company=user.company, start_key=start_key, now=now
        )
        if isinstance(case, Refusal):
            transaction.set_rollback(True)  # no account without its case
            return _shut()
        facts = {"name": user.full_name, "email": user.email, "company": case.subject}
        engine.complete_by_system(case.pk, step_work="orders.visit", name=user.full_name, now=now)
        effects = (told("registered"),)
        engine.complete_by_system(
            case.pk, step_work="orders.register", facts=facts, effects=effects, name=user.full_name, now=now
        )
    return case


def start_order(user: User, *, start_key: str, now: datetime) -> Order | Refusal:
    """Start an order of a customer who has an account. Refusals: closed, as of ``register``; too-many of his wait.

    Side effects: a case at the form, with its empty order.
    """
    institution = user.institution
    if (no := _closed(institution, "order", now=now)) is not None:
        return no
    slug = queries.order_procedure(institution)
    given = {"institution": institution, "actor": user, "entry": "order", "start_key": start_key, "now": now}
    case = starts.for_customer(slug, company=user.company, **given)
    if isinstance(case, Refusal):
        return case if case.code == "too-many" else _shut()
    return Order.objects.get(case=case)


def _closed(institution: Institution, entry: str, *, now: datetime) -> Refusal | None:
    """Where no procedure in force begins with an order, none is taken."""
    begins = starts.beginning(queries.order_procedure(institution), institution=institution, entry=entry, now=now)
    return _shut() if isinstance(begins, Refusal) else None


def _shut() -> Refusal:
    return Refusal("closed", _("Layanan ini sedang tidak menerima pesanan. Hubungi petugas layanan."))


def open_form(task: Task, *, now: datetime) -> Order:
    """The order of a case whose form opens; made at the first opening."""
    case = task.case
    order, _made = Order.objects.get_or_create(
        case=case,
        defaults={"institution_id": case.institution_id, "company_id": case.company_id, "created_at": now},
    )
    return order


# Filling in the form --------------------------------------------------------------------------------------------------


def _locked_form(order: Order) -> Order | Refusal:
    """Lock an order whose form is open; its submission waits for this lock."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if queries.open_task(order.case, "orders.submit") is None:
        return Refusal(
            "sent", _("Pesanan ini sudah dikirim dan tidak dapat diubah lagi. Isian Anda masih ada di bawah.")
        )
    return locked


PAGE_FIELDS = (
    *("contact_name", "contact_phone", "contact_email", "language", "note"),
    *("decision_rule", "guard_fraction", "rule_text", "accepts_unaccredited"),
    *("risk", "in_tolerance", "interval_months", "accepts_simplified"),
)


@transaction.atomic
def save_page(order: Order, *, page: str, values: Mapping[str, Any]) -> Order | Refusal:
    """Save the valid answers of a page (contact, wishes); forgets what was kept of it as a draft."""
    locked = _locked_form(order)
    if isinstance(locked, Refusal):
        return locked
    for name in PAGE_FIELDS:
        if name in values:
            setattr(locked, name, values[name])
    locked.draft.pop(page, None)
    locked.save()
    return locked


@transaction.atomic
def keep_typed(order: Order, *, page: str, typed: Mapping[str, str]) -> Order | Refusal:
    """Keep what was typed into a page and is not valid yet, as typed."""
    locked = _locked_form(order)
    if isinstance(locked, Refusal):
        return locked
    kept = {name: value.replace("\x00", "") for name, value in typed.items()}
    if sum(map(len, kept.values())) > MAX_DRAFT:
        text = _(
            "Terlalu panjang untuk disimpan sebagai konsep: paling banyak %(most)s karakter. Isian Anda masih ada."
        )
        return Refusal("draft-too-long", text % {"most": MAX_DRAFT})
    if page not in locked.draft and len(locked.draft) >= MAX_DRAFTS:
        return Refusal("too-many-drafts", _("Terlalu banyak konsep. Simpan dahulu alat yang sudah diisi."))
    locked.draft[page] = kept
    locked.save(update_fields=["draft"])
    return locked


@transaction.atomic
def save_item(order: Order, *, item_id: int | None, values: Mapping[str, Any], page: str) -> OrderItem | Refusal:
    """Add an instrument, or change one. Refused when the order was sent, or holds too many."""
    locked = _locked_form(order)
    if isinstance(locked, Refusal):
        return locked
    if item_id is None:
        if locked.items.count() >= MAX_ITEMS:
            return Refusal("too-many", _("Satu pesanan memuat paling banyak %(max)s alat.") % {"max": MAX_ITEMS})
        item = OrderItem(order=locked, line=_next_line(locked))
    else:
        item = locked.items.get(pk=item_id)
    for name, value in values.items():
        setattr(item, name, value)
    item.save()
    if page in locked.draft:
        del locked.draft[page]
        locked.save(update_fields=["draft"])
    return item


def _next_line(order: Order) -> int:
    return (order.items.aggregate(last=Max("line"))["last"] or 0) + 1


@transaction.atomic
def copy_item(order: Order, *, item_id: int) -> OrderItem | Refusal:
    """Add the same instrument again, without its serial number, which no two share."""
    locked = _locked_form(order)
    if isinstance(locked, Refusal):
        return locked
    if locked.items.count() >= MAX_ITEMS:
        return Refusal("too-many", _("Satu pesanan memuat paling banyak %(max)s alat.") % {"max": MAX_ITEMS})
    item = locked.items.get(pk=item_id)
    item.pk, item.line, item.serial_number = None, _next_line(locked), ""
    item._state.adding = True
    item.save()
    return item


@transaction.atomic
def remove_item(order: Order, *, item_id: int) -> Order | Refusal:
    """Take an instrument out of an order that was not sent yet; again is harmless."""
    locked = _locked_form(order)
    if isinstance(locked, Refusal):
        return locked
    locked.items.filter(pk=item_id).delete()
    return locked


def missing(order: Order, items: list[OrderItem]) -> list[Refusal]:
    """What an order still lacks before it can be sent; ``field`` names the page to go to."""
    lacks = []
    if not (order.contact_name and order.contact_phone and order.contact_email):
        lacks.append(Refusal("contact", _("Lengkapi narahubung pesanan."), "contact"))
    if not items:
        lacks.append(Refusal("no-items", _("Tambahkan sedikitnya satu alat."), "items"))
    lacks += [
        Refusal("serial", _("Isi nomor seri alat %(line)s, %(name)s.") % {"line": i.line, "name": i.name}, "items")
        for i in items
        if not i.serial_number
    ]
    if not (order.language and order.decision_rule):
        lacks.append(Refusal("wishes", _("Pilih bahasa laporan dan aturan keputusan."), "wishes"))
    return lacks


def submit(order: Order, *, now: datetime) -> list[OrderItem] | Refusal:
    """Send an order: its instruments are numbered 1, 2, 3 … and what was approved for an earlier version is forgotten."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    items = queries.items_of(order)
    if lacks := missing(order, items):
        return lacks[0]
    for place, item in enumerate(items, start=1):
        item.line = place
        item.tariff, item.price = None, None
        item.tariff_description = item.tariff_basis = item.tariff_override = ""
        item.save()
    order.submitted_at, order.quote_total, order.quoted_at, order.quoted_by = now, None, None, ""
    order.payment_policy = order.payment_basis = ""
    order.draft = {}
    order.save()
    return items


# Withdrawing ----------------------------------------------------------------------------------------------------------


def accept_unaccredited(order: Order) -> None:
    """Keep that the customer agrees to results outside of the accredited scope, told after he sent the order; the caller
    records who said so. Side effects: the order."""
    Order.objects.filter(pk=order.pk).update(accepts_unaccredited=True)


def accept_simplified(order: Order) -> None:
    """Keep that the customer agrees to simplified reports, told after he sent the order; the caller records who said so.
    Side effects: the order."""
    Order.objects.filter(pk=order.pk).update(accepts_simplified=True)


def may_withdraw(order: Order) -> Refusal | None:
    """A customer may withdraw until his payment is being checked or was received; then staff must decide on it."""
    if not order.case.is_open:
        return Refusal("ended", _("Pesanan ini sudah berakhir."))
    waiting = PaymentProof.objects.filter(bill__order=order, status=PaymentProof.Status.UPLOADED)
    if order.bills.filter(status=Bill.Status.PAID).exists() or waiting.exists():
        return Refusal("paid", _("Pesanan yang sudah dibayar tidak dapat dibatalkan di sini. Hubungi petugas."))
    return None


def withdraw(order: Order, *, actor: User, reason: str, now: datetime) -> engine.Done | Refusal:
    """Withdraw an unpaid order at the customer's wish. Side effects: the case ends; an open bill is cancelled."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=order.case_id)  # before the bill, as every act does
        if (refusal := may_withdraw(order)) is not None:
            return refusal
        done = engine.withdraw_by_customer(order.case_id, actor=actor, reason=reason, now=now)
        if not isinstance(done, Refusal):
            order.bills.filter(status=Bill.Status.ISSUED).update(status=Bill.Status.CANCELLED)
        return done


# Pricing --------------------------------------------------------------------------------------------------------------


def approve_tariff(order: Order, data: Mapping[str, Any], *, by_name: str, now: datetime) -> Decimal | Refusal:
    """Set the price of every instrument, and copy the tariff's facts; the total, or why not.

    ``data``: ``line_<item>`` is the id of a line, "none", or missing for the line that matches; ``reason_<item>`` is
    required for anything but the matching line; ``zero_basis`` is the legal basis where nothing is charged at all.
    When the order is paid is fixed here too, by the contract of the company or the setting of the body.
    """
    on = order.institution.date_at(now)
    lines = queries.lines_in_force(order.institution_id, on)
    total = Decimal(0)
    items = queries.items_of(order)
    terms = policy.terms(order.institution, order.company_id, now=now)
    for item in items:
        if (refusal := _price(item, data, lines, on)) is not None:
            return refusal
        contracts.price(item, terms.contract)
        total += item.price or 0
    zero_basis = " ".join(str(data.get("zero_basis") or "").split())
    if total <= 0 and len(zero_basis) < MIN_BASIS:
        text = _("Tidak ada biaya yang dapat ditagih. Isi dasar pembebasannya, atau kembalikan pesanan ke CS.")
        return Refusal("nothing-to-pay", text, "zero_basis")
    OrderItem.objects.bulk_update(items, ["tariff", "price", "tariff_description", "tariff_basis", "tariff_override"])
    free = total <= 0
    Order.objects.filter(pk=order.pk).update(
        quote_total=total,
        quoted_at=now,
        quoted_by=by_name,
        payment_policy=Order.Payment.NONE if free else terms.policy,
        payment_basis=zero_basis[:500] if free else terms.basis,
    )
    return total


def _price(item: OrderItem, data: Mapping[str, Any], lines: list[Any], on: Any) -> Refusal | None:
    """Fill in the price of one instrument from what was chosen."""
    fits = queries.matched(item, lines, on)
    chosen = str(data.get(f"line_{item.pk}") or (fits.pk if not isinstance(fits, rules.NoLine) else ""))
    reason = str(data.get(f"reason_{item.pk}") or "").strip()
    named = {"line": item.line, "name": item.name}
    line = next((row for row in lines if str(row.pk) == chosen), None)
    if line is None and chosen != "none":
        text = _("Alat %(line)s, %(name)s: pilih tarif, atau nyatakan tanpa tarif dengan alasan.")
        return Refusal("no-line", text % named, f"line_{item.pk}")
    if (isinstance(fits, rules.NoLine) or line is not fits) and not reason:
        text = _("Alat %(line)s, %(name)s: tuliskan alasan memilih selain tarif yang cocok.")
        return Refusal("reason-missing", text % named, f"reason_{item.pk}")
    item.tariff, item.price = line, line.amount if line else Decimal(0)
    item.tariff_description = line.description if line else "Tanpa tarif"
    item.tariff_basis = line.legal_basis if line else ""
    item.tariff_override = "" if line is fits else reason[:500]
    return None
