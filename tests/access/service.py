"""Rows of the service around orders: money, satisfaction, texts, customers, complaints, notices, performance."""

from __future__ import annotations

from .table import ADMINS, ALL, MINE, NOBODY, PJI, STAFF, TREASURER, Row, roles

EMPLOYED = STAFF - roles("former")  # who holds a position now
SKM = {"layanan": "sippt-kalibrasi", "periode": "2026-10"}
TEXT = {"title": "Biaya", "text": "a\nb\nc\nd", "place": "4", "source": "SK-1"}

ROWS: dict[str, Row] = {
    "orders:skm_public": Row(ALL),
    "orders:skm": Row(EMPLOYED),
    "orders:skm_export": Row(EMPLOYED),
    "orders:skm_publish": Row(NOBODY, ADMINS, typed=SKM, idle=ADMINS),  # nobody has answered in that month
    "orders:texts": Row(ADMINS),
    "orders:text": Row(ADMINS, ADMINS, typed=TEXT, values={"kind": "survey", "key": "biaya"}),
    "orders:prove": Row(MINE, MINE, at="case 9", idle=MINE),  # it is paid through the steps
    "orders:late_bills": Row(TREASURER),
    "orders:late_bill": Row(at="case 9"),  # it is paid through the steps
    "orders:contracts": Row(PJI, PJI, idle=PJI),
    "orders:contract": Row(PJI, PJI, at="contract 9", typed={"code": "ph-meter", "amount": "200.000"}),
    "orders:contract_end": Row(NOBODY, PJI, at="contract 9", typed={"last": "2026-12-01"}),
}
