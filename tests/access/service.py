"""Rows of the service around orders: money, satisfaction, texts, customers, complaints, notices, performance."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from .building import TRACKED
from .row import (
    ADMIN,
    ADMINS,
    ALL,
    ANALYSTS,
    BOUND,
    CS,
    CUSTOMERS,
    IN,
    LABORATORY,
    MINE,
    NOBODY,
    PJI,
    STAFF,
    TREASURER,
    Row,
    roles,
)
from .world import World

EMPLOYED = STAFF - roles("former")  # who holds a position now
OUTSIDE = ALL - STAFF
HANDLERS = roles("cs unbound mt head")  # the positions that the body names for complaints
SKM = {"layanan": "sippt-kalibrasi", "periode": "2026-10"}
TEXT = {"title": "Biaya", "text": "a\nb\nc\nd", "place": "4", "source": "SK-1"}
LINE = {
    "code": "ph-meter", "group": "Kalibrasi", "description": "pH meter", "kind": "ph-meter", "kind_name": "pH meter",
    "per": "alat", "amount": "300.000", "revenue": "pnbp", "legal_basis": "PP 54/2021", "valid_from": "2021-01-01",
}  # fmt: skip
LEVY = {
    "code": "retribusi-uji", "group": "Retribusi", "description": "Pengujian contoh", "per": "contoh", "amount": "50.000",
    "legal_basis": "Perda contoh", "valid_from": "2024-01-01",
}  # fmt: skip
ASSET = {"kind": "oven", "name": "Oven", "make": "Baru", "serial_number": "OV-9"}
COMPLAINT = {"name": "Budi", "email": "budi@orang.example", "text": "Laporan kami terlambat dua minggu."}
RULE = {"service": "sippt-kalibrasi", "more_than": "2", "unit": "working_day", "form": "Antar gratis", "source": "SK-2"}


def listed(_world: World) -> dict[str, object]:
    file = SimpleUploadedFile("bank.csv", b"Kode Billing,Jumlah\n999999999999999,1000")
    return {"file": file, "first": "2026-11-01", "last": "2026-11-30"}


ROWS: dict[str, Row] = {
    # Everybody -------------------------------------------------------------------------------------------------------
    "orders:skm_public": Row(ALL),
    "orders:tariff_public": Row(ALL),
    "orders:standard": Row(ALL),
    "orders:queue": Row(ALL),
    "orders:complaints": Row(OUTSIDE, OUTSIDE, typed=COMPLAINT),
    # Who holds the link of a complaint may appeal against its decision.
    "orders:complaint_track": Row(ALL, ALL, typed=COMPLAINT, values={"token": TRACKED}),
    # A person's own --------------------------------------------------------------------------------------------------
    "orders:notices": Row(IN),
    "orders:notice": Row(NOBODY, roles("owner"), at="notice 9"),
    "orders:notices_read": Row(NOBODY, IN),
    "orders:notice_choice": Row(IN, IN, typed={"sent": "1"}),
    # The customer ----------------------------------------------------------------------------------------------------
    "orders:prove": Row(MINE, MINE, at="case 9", idle=MINE),  # it is paid through the steps
    "orders:again": Row(MINE, MINE, at="case 9", typed={"form_key": "kunci-lagi-1"}),
    "orders:keep_items": Row(MINE, MINE, at="case 9"),
    "orders:amendment": Row(MINE, MINE, at="amendable end", typed={"wrong": "SN-1", "right": "SN-11"}),
    "orders:handover": Row(MINE, MINE, at="given 22"),
    "orders:offer_paper": Row((BOUND - LABORATORY) | MINE, at="case 7"),  # it names the customer
    "orders:handover_paper": Row((BOUND - ANALYSTS) | MINE, at="minutes 22"),
    "orders:assets": Row(CUSTOMERS),
    "orders:asset_new": Row(CUSTOMERS, CUSTOMERS, typed=ASSET),
    "orders:assets_order": Row(NOBODY, CUSTOMERS, typed={"form_key": "kunci-alat-1"}, idle=CUSTOMERS),  # none is ticked
    "orders:asset": Row(MINE, MINE, at="asset 9", typed=ASSET),
    "orders:asset_retire": Row(NOBODY, MINE, at="asset 9"),
    "orders:complaint": Row(MINE, MINE, at="complaint 9", typed=COMPLAINT),
    # The counter -----------------------------------------------------------------------------------------------------
    "orders:amendments": Row(CS | roles("abroad_cs")),
    "orders:amendment_decide": Row(CS, CS, at="wish 9", typed={"answer": "Baik, kami ubah.", "accept": "1"}),
    "orders:compensation_give": Row(at="case 22"),  # it was not late
    # Who handles complaints ------------------------------------------------------------------------------------------
    "orders:complaint_list": Row(
        HANDLERS | roles("abroad_cs"), HANDLERS | roles("abroad_cs"), typed={**COMPLAINT, "channel": "phone"}
    ),
    "orders:complaint_handle": Row(HANDLERS, at="grievance 9"),
    "orders:complaint_act": Row(NOBODY, HANDLERS, at="grievance 9", typed={"to": "acknowledged"}),
    # The money -------------------------------------------------------------------------------------------------------
    "orders:late_bills": Row(TREASURER),
    "orders:late_bill": Row(at="case 9"),  # it is paid through the steps
    "orders:daily": Row(TREASURER),
    "orders:reconciliations": Row(TREASURER, TREASURER, typed=listed),
    "orders:reconciliation": Row(TREASURER, at="reconciliation 9"),
    "orders:reconcile_decide": Row(
        NOBODY, TREASURER, at="row 9", typed={"decision": "accepted", "reason": "Ditanyakan ke bank"}
    ),
    "orders:contracts": Row(PJI, PJI, idle=PJI),
    "orders:contract": Row(PJI, PJI, at="contract 9", typed={"code": "ph-meter", "amount": "200.000"}),
    "orders:contract_end": Row(NOBODY, PJI, at="contract 9", typed={"last": "2026-12-01"}),
    "orders:tariffs": Row(EMPLOYED),
    "orders:tariff_export": Row(EMPLOYED),
    "orders:tariff_new": Row(PJI, PJI, typed={**LINE, "code": "baru"}),
    "orders:tariff_import": Row(NOBODY, PJI, idle=PJI),  # without a file
    "orders:tariff": Row(PJI, PJI, at="line 9", typed={**LINE, "code": "pelatihan-gmp"}),
    "orders:levies": Row(EMPLOYED),
    "orders:levy_new": Row(PJI, PJI, typed=LEVY),
    "orders:levy": Row(PJI, PJI, at="levy 9", typed={**LEVY, "valid_from": "2027-01-01", "amount": "75.000"}),
    "orders:tariff_verify": Row(NOBODY, PJI, at="line 9", typed={"compared_with": "Lampiran PP 54/2021"}),
    # The service as a whole ------------------------------------------------------------------------------------------
    "orders:performance": Row(EMPLOYED),
    "orders:performance_export": Row(EMPLOYED),
    "orders:skm": Row(EMPLOYED),
    "orders:skm_export": Row(EMPLOYED),
    "orders:skm_publish": Row(NOBODY, ADMINS, typed=SKM, idle=ADMINS),  # nobody has answered in that month
    "orders:compensations": Row(EMPLOYED),
    "orders:compensation_new": Row(ADMINS, ADMINS, typed=RULE),
    "orders:compensation": Row(ADMIN, ADMIN, at="rule 9", typed=RULE),
    "orders:texts": Row(ADMINS),
    "orders:text": Row(ADMINS, ADMINS, typed=TEXT, values={"kind": "survey", "key": "biaya"}),
    "orders:deliveries": Row(ADMINS),
    "orders:delivery_again": Row(NOBODY, ADMIN, at="delivery 9"),
}

# What is about no case, or goes on after it ended: the same again, a correction, a complaint.
OF_NO_CASE = {name for name, row in ROWS.items() if row.at and row.at.split()[0] != "case"}
OF_NO_CASE |= {"orders:again", "orders:keep_items"}
