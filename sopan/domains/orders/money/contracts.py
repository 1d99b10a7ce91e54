"""Contracts with companies: terms of payment and prices of their own, from–to, with their basis."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.people.models import Company

from ..models import Contract, ContractPrice, Order, OrderItem, TariffLine
from ..service import events


def price(item: OrderItem, contract: Contract | None) -> None:
    """Give an instrument the price of the contract for its tariff line, if there is one; the basis names both."""
    if contract is None or item.tariff is None:
        return
    agreed = contract.prices.filter(code=item.tariff.code).first()
    if agreed is not None:
        item.price = agreed.amount
        item.tariff_basis = f"Perjanjian {contract.number}: {contract.basis} ({item.tariff.legal_basis})"[:250]


@transaction.atomic
def add(
    company: Company,
    *,
    number: str,
    basis: str,
    policy: str,
    first: date,
    last: date,
    acting: Acting,
    now: datetime,
) -> Contract | Refusal:
    """Record a contract. Two contracts of one company never hold on the same day. Side effects: the row, an event.

    Refusals: number, basis, policy, dates, overlap, number-used.
    """
    if not number.strip():
        return Refusal("number", _("Isi nomor perjanjian."), "number")
    if len(basis.strip()) < 3:
        return Refusal("basis", _("Isi dasar perjanjian."), "basis")
    if policy not in Order.Payment.values:
        return Refusal("policy", _("Pilih waktu pembayaran."), "policy")
    if last < first:
        return Refusal("dates", _("Hari terakhir tidak boleh sebelum hari pertama."), "last")
    Company.objects.select_for_update().get(pk=company.pk)
    clash = Contract.objects.filter(company=company, valid_from__lte=last, valid_to__gte=first).first()
    if clash is not None:
        text = _("Bertumpang tindih dengan perjanjian %(number)s.")
        return Refusal("overlap", text % {"number": clash.number}, "first")
    try:
        with transaction.atomic():
            row = Contract.objects.create(
                institution_id=company.institution_id,
                company=company,
                number=number.strip(),
                basis=basis.strip(),
                policy=policy,
                valid_from=first,
                valid_to=last,
                created_at=now,
                created_by_name=acting.name,
            )
    except IntegrityError:
        return Refusal("number-used", _("Nomor perjanjian ini sudah dipakai."), "number")
    told = {"number": row.number, "company": company.name, "policy": policy, "first": str(first), "last": str(last)}
    events.record(company.institution_id, f"contract:{row.pk}", "contract_added", acting=acting, now=now, **told)
    return row


@transaction.atomic
def set_price(
    contract: Contract, *, code: str, amount: Decimal, acting: Acting, now: datetime
) -> ContractPrice | Refusal:
    """Agree a price for a tariff line while the contract has not begun to be used. Side effects: the row, an event."""
    if not TariffLine.objects.filter(institution_id=contract.institution_id, code=code).exists():
        return Refusal("code", _("Pilih baris tarif."), "code")
    if not amount.is_finite() or amount < 0 or amount >= 10**13:
        return Refusal("amount", _("Isi harga, paling kecil nol."), "amount")
    row, _made = ContractPrice.objects.update_or_create(contract=contract, code=code, defaults={"amount": amount})
    told = {"number": contract.number, "company": contract.company.name, "line": code, "amount": str(amount)}
    events.record(contract.institution_id, f"contract:{contract.pk}", "contract_price", acting=acting, now=now, **told)
    return row


@transaction.atomic
def end(contract: Contract, *, last: date, acting: Acting, now: datetime) -> Contract | Refusal:
    """Let a contract end earlier. What was offered under it stays. Side effects: the row, an event."""
    row = Contract.objects.select_for_update().get(pk=contract.pk)
    if last < row.valid_from or last >= row.valid_to:
        return Refusal("dates", _("Pilih hari di antara awal dan akhir perjanjian."), "last")
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    told = {"number": row.number, "company": row.company.name, "last": str(last)}
    events.record(row.institution_id, f"contract:{row.pk}", "contract_ended", acting=acting, now=now, **told)
    return row
