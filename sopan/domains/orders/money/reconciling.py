"""Comparing an uploaded list with our bills, and deciding on what does not agree. Every decision is in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.people.models import Institution

from ..models import Bill, Levy, Reconciliation, ReconciliationRow
from ..service import events
from .matching import Ours, Paid, compare

O = ReconciliationRow.Outcome  # noqa: E741


@transaction.atomic
def start(
    institution: Institution,
    rows: Sequence[Paid],
    *,
    name: str,
    sha256: str,
    first: date,
    last: date,
    acting: Acting,
    now: datetime,
) -> Reconciliation | Refusal:
    """Compare a list. The same file again gives what was compared before. Side effects: rows, an event."""
    if last < first:
        return Refusal("dates", _("Hari terakhir tidak boleh sebelum hari pertama."), "last")
    Institution.objects.select_for_update().get(pk=institution.pk)
    before = Reconciliation.objects.filter(institution=institution, sha256=sha256).first()
    if before is not None:
        return before
    found = compare(rows, _ours(institution), first=first, last=last)
    row = Reconciliation.objects.create(
        institution=institution,
        name=name[:200],
        sha256=sha256,
        first=first,
        last=last,
        created_at=now,
        created_by_name=acting.name,
    )
    ReconciliationRow.objects.bulk_create(
        ReconciliationRow(
            reconciliation=row,
            line=one.row.line if one.row else None,
            code=(one.row.code if one.row else one.bill.code if one.bill else "")[:60],
            reference=(one.row.reference if one.row else one.bill.reference if one.bill else "")[:60],
            amount=one.row.amount if one.row else one.bill.amount if one.bill else None,
            paid_on=one.row.paid_on if one.row else one.bill.paid_on if one.bill else None,
            outcome=one.outcome,
            bill_id=one.bill.pk if one.bill else None,
        )
        for one in found
    )
    matched = sum(one.outcome == O.MATCHED for one in found)
    told = {"name": row.name, "matched": matched, "other": len(found) - matched}
    events.record(institution, f"reconciliation:{row.pk}", "reconciled", acting=acting, now=now, **told)
    return row


def _ours(institution: Institution) -> list[Ours]:
    zone = ZoneInfo(institution.zone)
    bills = Bill.objects.filter(order__institution=institution).exclude(status=Bill.Status.CANCELLED)
    return [
        Ours(
            bill.pk,
            bill.code,
            bill.ntpn,
            bill.amount,
            bill.paid_at.astimezone(zone).date() if bill.status == Bill.Status.PAID and bill.paid_at else None,
        )
        for bill in bills.order_by("pk")
    ]


@transaction.atomic
def decide(
    row: ReconciliationRow, *, decision: str, reason: str, acting: Acting, now: datetime
) -> ReconciliationRow | Refusal:
    """Decide on a row that does not agree, once, with a reason.

    Side effects: the row, an event, and where its order is known an entry in the journal of the case.
    """
    held = ReconciliationRow.objects.select_for_update(of=("self",)).select_related("reconciliation", "bill__order")
    found = held.get(pk=row.pk)
    if found.outcome == O.MATCHED:
        return Refusal("matched", _("Baris ini sudah cocok."))
    if decision not in [value for value in ReconciliationRow.Decision.values if value]:
        return Refusal("decision", _("Pilih keputusannya."), "decision")
    if found.decision:
        text = _("Baris ini sudah diputuskan oleh %(name)s.")
        return Refusal("decided", text % {"name": found.decided_by_name})
    if len(reason.strip()) < 3:
        return Refusal("reason-missing", _("Tuliskan alasannya."), "reason")
    found.decision, found.reason = decision, reason.strip()[:500]
    found.decided_at, found.decided_by_id, found.decided_by_name = now, acting.person_id, acting.name
    found.save()
    sheet = found.reconciliation
    told = {"line": found.line or found.code, "decision": found.get_decision_display(), "reason": found.reason}
    events.record(
        sheet.institution_id, f"reconciliation:{sheet.pk}", "row_decided", acting=acting, now=now, row=found.pk, **told
    )
    if found.bill is not None:
        data = {
            "name": sheet.name,
            "bill": found.bill.code,
            "outcome": str(O(found.outcome).label),
            "decision": told["decision"],
            "reason": found.reason,
        }
        engine.note(found.bill.order.case_id, acting=acting, code="orders.reconciled", data=data, now=now)
    return found


# The daily list of receipts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment that was received, as the treasurer lists it."""

    at: datetime
    order: str
    payer: str
    code: str
    reference: str
    channel: str
    amount: Decimal
    kind: str


def receipts(institution: Institution, *, begin: datetime, end: datetime) -> list[Receipt]:
    """The payments received from ``begin`` to before ``end``, in the order in which they came: bills and levies."""
    bills = Bill.objects.filter(
        order__institution=institution, status=Bill.Status.PAID, paid_at__gte=begin, paid_at__lt=end
    ).select_related("order__company", "order__case")
    levies = Levy.objects.filter(institution=institution, paid_at__gte=begin, paid_at__lt=end)
    found: list[Any] = [
        Receipt(
            bill.paid_at,
            bill.order.reference,
            bill.order.company.name,
            bill.code,
            bill.ntpn,
            bill.channel,
            bill.amount,
            "retribusi" if bill.provider == Bill.Provider.LEVY else "pnbp",
        )
        for bill in bills
        if bill.paid_at
    ]
    found += [
        Receipt(l.paid_at, str(l.case), l.case.subject, l.number, l.receipt, "", l.amount, "retribusi")
        for l in levies.select_related("case")  # noqa: E741
        if l.paid_at
    ]
    return sorted(found, key=lambda receipt: (receipt.at, receipt.code))
