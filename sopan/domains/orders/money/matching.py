"""Comparing a list of payments with our bills: pure, so that it can be tried with any list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..models import ReconciliationRow

O = ReconciliationRow.Outcome  # noqa: E741  as short as it is read below


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment of the list. ``line`` is the row of the file."""

    line: int
    code: str
    reference: str
    amount: Decimal
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """A bill as we know it; ``paid_on`` is set where it is paid."""

    pk: int
    code: str
    reference: str
    amount: Decimal
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found about a payment of the list, or about a bill that the list lacks (``row`` None)."""

    row: Paid | None
    bill: Ours | None
    outcome: str


def compare(rows: Sequence[Paid], bills: Sequence[Ours], *, first: date, last: date) -> list[Compared]:
    """Every payment of the list with its bill, then our payments of those days that the list does not tell of.

    A code or a reference that comes twice is double the second time: one payment is never counted for two.
    """
    by_code = {bill.code: bill for bill in bills}
    by_reference = {bill.reference: bill for bill in bills if bill.reference}
    seen: set[str] = set()
    told: set[int] = set()
    found = []
    for row in rows:
        bill = by_code.get(row.code) or by_reference.get(row.reference)
        marks = {f"c{row.code}" if row.code else "", f"r{row.reference}" if row.reference else ""} - {""}
        outcome = O.DOUBLE if marks & seen or (bill and bill.pk in told) else _outcome(row, bill)
        seen |= marks
        if bill is not None:
            told.add(bill.pk)
        found.append(Compared(row, bill, outcome))
    lacking = [bill for bill in bills if bill.paid_on and first <= bill.paid_on <= last and bill.pk not in told]
    return found + [Compared(None, bill, O.MISSING) for bill in lacking]


def _outcome(row: Paid, bill: Ours | None) -> str:
    if bill is None:
        return O.UNKNOWN
    if row.amount != bill.amount:
        return O.AMOUNT
    if bill.paid_on is None:
        return O.UNPAID
    if row.reference and bill.reference and row.reference != bill.reference:
        return O.REFERENCE
    return O.MATCHED
