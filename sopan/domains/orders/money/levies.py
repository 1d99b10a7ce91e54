"""Regional levies (retribusi daerah) of UPTDs: assessed by a SKRD, received against a receipt.

Other domains use these three: ``assess`` when the amount is set, ``receive`` when it was paid, ``outstanding`` to ask
whether something may be handed over yet. A case may have several levies.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case

from ..models import Levy
from ..rules import levy_number


def assess(
    case: Case, *, number: str, amount: Decimal, basis: str, acting: Acting, in_step: bool = False, now: datetime
) -> Levy | Refusal:
    """Record what is owed for a case. Side effects: the levy, an entry in the journal of the case; ``in_step``: without
    that entry, because the step that does it tells it.

    Refusals: number, amount, basis, number-used (each with its field).
    """
    found = levy_number(number)
    if found is None:
        return Refusal("number", _("Isi nomor SKRD seperti tercetak."), "number")
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(Decimal("0.01")) or amount >= 10**13:
        return Refusal("amount", _("Isi jumlah yang lebih besar dari nol."), "amount")
    if not basis.strip():
        return Refusal("basis", _("Isi dasar hukum retribusi."), "basis")
    try:
        with transaction.atomic():
            levy = Levy.objects.create(
                institution_id=case.institution_id,
                case=case,
                number=found,
                amount=amount,
                basis=basis.strip()[:250],
                assessed_at=now,
                assessed_by_name=acting.name,
            )
            data = {"number": found, "amount": str(amount), "basis": levy.basis}
            if not in_step:
                engine.note(case.pk, acting=acting, code="orders.levy_assessed", data=data, now=now)
    except IntegrityError:
        return Refusal("number-used", _("Nomor SKRD ini sudah dipakai."), "number")
    return levy


def receive(
    levy: Levy, *, receipt: str, paid_at: datetime, acting: Acting, in_step: bool = False, now: datetime
) -> Levy | Refusal:
    """Record that a levy was paid. The same receipt again is the same answer. Side effects: the levy, the journal, as of
    ``assess``.

    Refusals: receipt, paid-at, receipt-used, paid-otherwise.
    """
    found = levy_number(receipt)
    if found is None:
        return Refusal("receipt", _("Isi nomor kuitansi seperti tercetak."), "receipt")
    if paid_at > now:
        return Refusal("paid-at", _("Waktu pembayaran tidak mungkin di masa depan."), "paid_at")
    try:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=levy.case_id)
            row = Levy.objects.get(pk=levy.pk)
            if row.paid_at is not None:
                same = row.receipt == found
                return row if same else Refusal("paid-otherwise", _("Retribusi ini sudah lunas dengan kuitansi lain."))
            row.receipt, row.paid_at, row.received_at, row.received_by_name = found, paid_at, now, acting.name
            row.save()
            data = {"number": row.number, "receipt": found, "amount": str(row.amount)}
            if not in_step:
                engine.note(row.case_id, acting=acting, code="orders.levy_received", data=data, now=now)
    except IntegrityError:
        return Refusal("receipt-used", _("Nomor kuitansi ini sudah dipakai."), "receipt")
    return row


def outstanding(case: Case | int) -> Refusal | None:
    """Why something of a case may not be handed over yet: a levy is not paid."""
    key = case if isinstance(case, int) else case.pk
    unpaid = Levy.objects.filter(case_id=key, paid_at__isnull=True).order_by("pk").first()
    if unpaid is None:
        return None
    return Refusal("levy-unpaid", _("Retribusi dengan SKRD %(number)s belum dibayar.") % {"number": unpaid.number})
