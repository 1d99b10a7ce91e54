"""Bills and payments: issuing, expiring, proofs, and what a gateway reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting, system_acting
from sopan.engine.models import Attachment, Case
from sopan.engine.stepwork import Planned
from sopan.ui import formats

from . import billing, queries, rules
from .billing import Issued, Payment
from .models import Bill, GatewayMessage, Order, PaymentProof
from .operations import told

GATEWAY = "Gerbang pembayaran"


# Issuing --------------------------------------------------------------------------------------------------------------


def ask_provider(order: Order, data: Mapping[str, Any], *, now: datetime) -> Issued | Refusal:
    """Ask the chosen provider for a code; outside of any transaction, as it may use the network."""
    key = str(data.get("provider") or order.institution.setting("billing_provider", "manual"))
    provider = billing.providers.get(key)
    if provider is None:
        return Refusal("provider", _("Cara penerbitan ini tidak dikenal."), "provider")
    request = billing.Request(
        reference=order.reference,
        payer=order.company.name,
        amount=order.quote_total or rules.Decimal(0),
        expires_at=rules.expiry(now, days=queries.billing_days(order.institution)),
        typed=data,
    )
    return provider.issue(request, now=now)


def issue_bill(order: Order, issued: Issued, *, provider: str, actor: Acting, now: datetime) -> Bill | Refusal:
    """Issue a bill over the approved total; the one before is expired or cancelled. In the engine's transaction."""
    if Bill.objects.filter(code=issued.code).exists():
        return Refusal("code-used", _("Kode billing ini sudah dipakai pada tagihan lain."), "code")
    if order.quote_total is None or order.quote_total <= 0:
        return Refusal("not-quoted", _("Biaya pesanan belum disetujui."))
    for before in order.bills.filter(status=Bill.Status.ISSUED):
        late = rules.expired(before.expires_at, now)
        before.status = Bill.Status.EXPIRED if late else Bill.Status.CANCELLED
        before.save(update_fields=["status"])
    return Bill.objects.create(
        order=order,
        code=issued.code,
        provider=provider,
        amount=order.quote_total,
        amount_words=rules.amount_in_words(order.quote_total),
        issued_at=now,
        expires_at=issued.expires_at,
        issued_by_id=actor.person_id,
        issued_by_name=actor.name,
    )


def expire_bill(bill_id: int, *, now: datetime) -> bool:
    """Mark an unpaid bill as expired if its time is over and no proof is being checked; True if it was marked.

    Side effects: the waiting step of the customer is closed, so that the treasurer sees it; journal; a mail.
    """
    with transaction.atomic():
        case_id = Bill.objects.values_list("order__case_id", flat=True).get(pk=bill_id)
        Case.objects.select_for_update().get(pk=case_id)
        bill = Bill.objects.select_related("order__case").get(pk=bill_id)
        if bill.status != Bill.Status.ISSUED or not rules.expired(bill.expires_at, now):
            return False
        if queries.open_task(bill.order.case, "orders.confirm_payment") is not None:
            return False  # paid in time, says the proof: the treasurer decides
        bill.status = Bill.Status.EXPIRED
        bill.save(update_fields=["status"])
        facts = {"bill": bill.code, "expired": True}
        effects = (told("bill_expired", bill=bill.pk),)
        closed = engine.complete_by_system(case_id, step_work="orders.pay", facts=facts, effects=effects, now=now)
        if isinstance(closed, Refusal):
            acting = system_acting(bill.order.institution_id)
            engine.note(case_id, acting=acting, code="orders.bill_expired", data={"bill": bill.code}, now=now)
    return True


# Paying ---------------------------------------------------------------------------------------------------------------


def add_proof(order: Order, attachment: Attachment, *, actor: Acting, now: datetime) -> PaymentProof | Refusal:
    """Keep an uploaded file as the proof of payment of the latest bill."""
    bill = queries.current_bill(order)
    if bill is None:
        return Refusal("no-bill", _("Kode billing belum diterbitkan."))
    return PaymentProof.objects.create(bill=bill, attachment=attachment, uploaded_at=now, uploaded_by_name=actor.name)


def confirm_payment(order: Order, data: Mapping[str, Any], *, actor: Acting, now: datetime) -> Bill | Refusal:
    """The treasurer found the payment: the bill is paid. Refused if it came after the bill expired."""
    bill = queries.current_bill(order)
    paid_at = data.get("paid_at")
    if bill is None:
        return Refusal("no-bill", _("Kode billing belum diterbitkan."))
    number = billing.reference(bill.provider, str(data.get("ntpn") or ""))
    if bill.status == Bill.Status.PAID:
        return bill
    if number is None:
        return Refusal("ntpn", billing.reference_words(bill.provider), "ntpn")
    if not isinstance(paid_at, datetime):
        return Refusal("paid-at", _("Isi tanggal dan jam pembayaran menurut bukti."), "paid_at")
    if paid_at > now:
        return Refusal("paid-at", _("Waktu pembayaran tidak mungkin di masa depan."), "paid_at")
    if (refusal := _payable(bill, number, paid_at)) is not None:
        return refusal
    _mark_paid(bill, ntpn=number, paid_at=paid_at, channel=str(data.get("channel") or ""), by=actor.name)
    _judge(order, PaymentProof.Status.ACCEPTED, actor=actor, now=now)
    return bill


def _payable(bill: Bill, number: str, paid_at: datetime) -> Refusal | None:
    if rules.expired(bill.expires_at, paid_at):
        text = _("Kode billing %(code)s kedaluwarsa pada %(at)s, sebelum waktu pembayaran ini.")
        named = {"code": bill.code, "at": formats.long_datetime(bill.expires_at)}
        return Refusal("billing_kedaluwarsa", text % named, "paid_at")
    if Bill.objects.filter(ntpn=number).exclude(pk=bill.pk).exists():
        return Refusal("ntpn-used", _("NTPN ini sudah tercatat pada pembayaran lain."), "ntpn")
    return None


def _mark_paid(bill: Bill, *, ntpn: str, paid_at: datetime, channel: str, by: str) -> None:
    bill.order.bills.filter(status=Bill.Status.ISSUED).exclude(pk=bill.pk).update(status=Bill.Status.CANCELLED)
    bill.status, bill.ntpn, bill.paid_at = Bill.Status.PAID, ntpn, paid_at
    bill.channel, bill.confirmed_by_name = channel[:80], by
    bill.save()


def _judge(order: Order, status: str, *, actor: Acting, now: datetime, task_id: int | None = None) -> None:
    waiting = PaymentProof.objects.filter(bill__order=order, status=PaymentProof.Status.UPLOADED)
    waiting.update(status=status, judged_at=now, judged_by_name=actor.name, judged_in_id=task_id)


def refuse_proof(order: Order, *, task_id: int, actor: Acting, now: datetime) -> None:
    """Refuse the proof that is being checked; the reason is the one of the completed task."""
    _judge(order, PaymentProof.Status.REFUSED, actor=actor, now=now, task_id=task_id)


# Reports of the gateway -----------------------------------------------------------------------------------------------


def receive_payment(body: bytes, *, timestamp: str, signature: str, now: datetime) -> dict[str, Any] | Refusal:
    """Take in a signed report of a payment. A signature counts once; the same event again gets the same answer.

    Side effects: the bill is paid; the steps that wait for the payment are done by rule; journal; a mail.
    Refusals: malformed, bad-signature, stale, replayed, event-reused, unknown-code, amount, billing_kedaluwarsa,
    paid-otherwise, ntpn-used.
    """
    if (refusal := billing.verify(body, timestamp=timestamp, signature=signature, now=now)) is not None:
        return refusal
    payment = billing.read_payment(body)
    if isinstance(payment, Refusal):
        return payment
    try:
        with transaction.atomic():
            message = GatewayMessage.objects.create(
                signature=signature, event=payment.event, code=payment.code, received_at=now
            )
            answer = _take_in(payment, message, now=now)
            if isinstance(answer, Refusal):
                transaction.set_rollback(True)
            return answer
    except IntegrityError:
        if GatewayMessage.objects.filter(signature=signature).exists():
            return Refusal("replayed", _("Pesan ini sudah pernah diterima."))
        raise


def _take_in(payment: Payment, message: GatewayMessage, *, now: datetime) -> dict[str, Any] | Refusal:
    case_id = Bill.objects.filter(code=payment.code).values_list("order__case_id", flat=True).first()
    if case_id is None:
        return Refusal("unknown-code", _("Kode billing tidak dikenal."))
    Case.objects.select_for_update().get(pk=case_id)
    earlier = GatewayMessage.objects.filter(event=payment.event).exclude(pk=message.pk).first()
    if earlier is not None and earlier.code != payment.code:
        return Refusal("event-reused", _("Nomor laporan ini sudah dipakai untuk kode lain."))
    bill = Bill.objects.select_related("order__case", "order__institution").get(code=payment.code)
    if bill.status == Bill.Status.PAID:
        if bill.ntpn != payment.ntpn:
            return Refusal("paid-otherwise", _("Tagihan ini sudah lunas dengan NTPN lain."))
        return {"code": bill.code, "status": "paid", "repeated": True}
    if payment.amount != bill.amount:
        return Refusal("amount", _("Jumlah pembayaran tidak sama dengan tagihan."))
    if bill.order.bills.filter(status=Bill.Status.PAID).exists():
        return Refusal("paid-otherwise", _("Pesanan ini sudah lunas dengan tagihan lain."))
    if (refusal := _payable(bill, payment.ntpn, payment.paid_at)) is not None:
        return refusal
    _mark_paid(bill, ntpn=payment.ntpn, paid_at=payment.paid_at, channel=payment.channel, by=GATEWAY)
    if not settle(bill, now=now):
        acting = system_acting(bill.order.institution_id, name=GATEWAY)
        effects = (told("paid_later", bill=bill.pk),)
        engine.note(case_id, acting=acting, code="orders.payment_reported", data=_facts(bill), effects=effects, now=now)
    return {"code": bill.code, "status": "paid", "repeated": False}


def _facts(bill: Bill) -> dict[str, Any]:
    return {"bill": bill.code, "ntpn": bill.ntpn, "amount": str(bill.amount)}


def settle(bill: Bill, *, now: datetime) -> bool:
    """Do, by rule, the steps that still wait for a bill that is paid. True if the payment was taken in just now.

    Side effects: completed steps in the journal; the proof that waited is accepted; a mail to the customer.
    """
    case = bill.order.case
    name = bill.confirmed_by_name or GATEWAY
    acting = system_acting(bill.order.institution_id, name=name)
    works: tuple[tuple[str, str, tuple[Planned, ...]], ...] = (
        ("orders.issue_bill", "", ()),
        ("orders.pay", "", ()),
        ("orders.confirm_payment", "ya", (told("paid", bill=bill.pk),)),
    )
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        _judge(bill.order, PaymentProof.Status.ACCEPTED, actor=acting, now=now)
        settled = False
        for work, answer, effects in works:
            if queries.open_task(case, work) is not None:
                done = engine.complete_by_system(
                    case.pk, step_work=work, answer=answer, facts=_facts(bill), effects=effects, name=name, now=now
                )
                settled = not isinstance(done, Refusal)
        return settled
