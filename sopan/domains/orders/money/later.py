"""Bills of orders that are paid after the work: issued, proven and confirmed outside of the steps of the procedure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.people.models import User
from sopan.ui.uploads import check_upload

from .. import payments, queries
from ..models import Bill, Order, PaymentProof
from ..operations import told
from . import policy

NOT_LATER = "not-later"


def _refusal(order: Order) -> Refusal | None:
    if policy.policy_of(order) not in policy.LATER:
        return Refusal(NOT_LATER, _("Pesanan ini tidak ditagih di luar langkah prosedur."))
    if policy.paid(order):
        return Refusal("paid", _("Pesanan ini sudah lunas."))
    if queries.last_done(order.case, "orders.accept_offer") is None:
        return Refusal("not-accepted", _("Pelanggan belum menyetujui biayanya."))
    if order.case.status in (Case.Status.REJECTED, Case.Status.WITHDRAWN):
        return Refusal("ended", _("Pesanan ini sudah berakhir."))
    return None


def bill(order: Order, data: Mapping[str, Any], *, acting: Acting, now: datetime) -> Bill | Refusal:
    """Issue a bill over an order that is paid later. Side effects: the bill, journal, a notice to the customer."""
    if (refusal := _refusal(order)) is not None:
        return refusal
    issued = payments.ask_provider(order, data, now=now)
    if isinstance(issued, Refusal):
        return issued
    provider = str(data.get("provider") or order.institution.setting("billing_provider", "manual"))
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=order.case_id)
        if (refusal := _refusal(order)) is not None:
            return refusal
        row = payments.issue_bill(order, issued, provider=provider, actor=acting, now=now)
        if isinstance(row, Refusal):
            return row
        facts = {"bill": row.code, "amount": str(row.amount)}
        effects = (told("bill", bill=row.pk),)
        engine.note(order.case_id, acting=acting, code="orders.billed_later", data=facts, effects=effects, now=now)
    return row


def prove(order: Order, upload: Any, *, actor: User, now: datetime) -> PaymentProof | Refusal:
    """Keep the customer's proof of a later payment. Side effects: a file of the case, the proof, journal."""
    found = queries.current_bill(order)
    if (refusal := _refusal(order)) is not None:
        return refusal
    if found is None:
        return Refusal("no-bill", _("Kode billing belum diterbitkan."))
    if upload is None:
        return Refusal("proof", _("Pilih berkas bukti pembayaran."), "proof")
    info = check_upload(upload)
    if isinstance(info, Refusal):
        return Refusal(info.code, info.message, "proof")
    kept = engine.attach(order.case_id, actor=actor, upload=upload, info=info, label="Bukti pembayaran", now=now)
    if isinstance(kept, Refusal):
        return kept
    acting = Acting(actor.pk, actor.full_name, institution_id=actor.institution_id, company_id=actor.company_id)
    return payments.add_proof(order, kept, actor=acting, now=now)


def confirm(order: Order, data: Mapping[str, Any], *, acting: Acting, now: datetime) -> Bill | Refusal:
    """The treasurer found a later payment. Side effects: the bill is paid, journal, a notice to the customer."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=order.case_id)
        if (refusal := _refusal(order)) is not None:
            return refusal
        row = payments.confirm_payment(order, data, actor=acting, now=now)
        if isinstance(row, Refusal):
            return row
        facts = {"bill": row.code, "ntpn": row.ntpn, "amount": str(row.amount)}
        effects = (told("paid_later", bill=row.pk),)
        engine.note(order.case_id, acting=acting, code="orders.paid_later", data=facts, effects=effects, now=now)
    return row


def refuse(order: Order, *, reason: str, acting: Acting, now: datetime) -> PaymentProof | Refusal:
    """Refuse the proof that is being checked, with a reason. Side effects: the proof, journal, a notice."""
    if not reason.strip():
        return Refusal("reason-missing", _("Tuliskan alasannya."), "reason")
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=order.case_id)
        waiting = PaymentProof.objects.filter(bill__order=order, status=PaymentProof.Status.UPLOADED).last()
        if waiting is None:
            return Refusal("no-proof", _("Tidak ada bukti yang sedang diperiksa."))
        waiting.status, waiting.reason = PaymentProof.Status.REFUSED, reason.strip()
        waiting.judged_at, waiting.judged_by_name = now, acting.name
        waiting.save()
        facts = {"bill": waiting.bill.code, "reason": reason.strip()}
        effects = (told("proof_refused", proof=waiting.pk),)
        engine.note(order.case_id, acting=acting, code="orders.proof_refused", data=facts, effects=effects, now=now)
    return waiting
