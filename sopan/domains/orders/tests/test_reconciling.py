"""A list of a bank against our bills: matched, missing, different, double; decisions once, with a reason, in the journal."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sopan.core.flow import Refusal
from sopan.domains.orders.models import Bill, ReconciliationRow, ServiceEvent
from sopan.domains.orders.money import levies, payment_list, reconciling
from sopan.domains.orders.money.matching import Ours, Paid, compare
from sopan.engine.access import system_acting
from sopan.engine.models import JournalEntry

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = date(2026, 11, 12)
A = Ours(1, "820261112004412", "8F21A3K9P0B7C6D5", Decimal(575_000), DAY)
B = Ours(2, "820261112004413", "8F21A3K9P0B7C6D6", Decimal(300_000), DAY)
UNPAID = Ours(3, "820261112004414", "", Decimal(300_000), None)


def row(line, code=A.code, reference=A.reference, amount=A.amount):
    return Paid(line, code, reference, Decimal(amount), DAY)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row(1)], ["matched", "missing"]),
        ([row(1), row(2, B.code, B.reference, B.amount)], ["matched", "matched"]),
        ([row(1, reference="")], ["matched", "missing"]),
        ([row(1, code="")], ["matched", "missing"]),
        ([row(1, amount=575_001)], ["amount", "missing"]),
        ([row(1, reference="X" * 16)], ["reference", "missing"]),
        ([row(1), row(2)], ["matched", "double", "missing"]),
        ([row(1), row(2, code="1" * 15)], ["matched", "double", "missing"]),
        ([row(1, code="1" * 15, reference="Y" * 16)], ["unknown", "missing", "missing"]),
        ([row(1, UNPAID.code, "Z" * 16, UNPAID.amount)], ["unpaid", "missing", "missing"]),
        ([], ["missing", "missing"]),
    ],
)
def test_each_payment_and_each_bill_is_told_once(rows, told):
    assert [one.outcome for one in compare(rows, [A, B, UNPAID], first=FIRST, last=LAST)] == told


def test_a_payment_of_another_day_is_not_missing():
    assert compare([], [A], first=date(2026, 12, 1), last=date(2026, 12, 31)) == []


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_is_read_by_the_heads_of_its_columns(mark):
    lines = [
        ["Laporan penerimaan"], ["No", "Kode Billing", "NTPN", "Tgl. Bayar", "Jumlah Setoran"],
        ["1", "8202 6111 2004 412", "8f21a3k9p0b7c6d5", "12-11-2026", "575000"], ["", "", "", "", "575000"],
    ]  # fmt: skip
    content = "\n".join(mark.join(line) for line in lines).encode("utf-8-sig")
    assert payment_list.read(content, kind="csv") == [Paid(3, A.code, A.reference, Decimal("575000.00"), DAY)]


def test_a_spreadsheet_that_made_numbers_of_codes_is_read():
    book = openpyxl.Workbook()
    for line in (["NTPN", "Billing", "Nominal", "Tanggal"], [A.reference, 820261112004412.0, 575000.5, DAY]):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    assert payment_list.read(out.getvalue(), kind="xlsx") == [Paid(2, A.code, A.reference, Decimal("575000.50"), DAY)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-heads"),
        (b"a,b\n1,2", "no-heads"),
        (b"Kode Billing,Jumlah\n,", "no-rows"),
        (b"Kode Billing,Jumlah\n820261112004412,banyak", "bad-row"),
        (b"Kode Billing,Jumlah\n820261112004412,1e308", "bad-row"),
        (b"Kode Billing,Jumlah\n820261112004412,-5", "bad-row"),
        (b"Kode Billing,Jumlah\n820261112004412,NaN", "bad-row"),
        (b"Kode Billing,Jumlah,Tanggal\n820261112004412,5,kemarin", "bad-row"),
        (b'"' * 200_000, "no-heads"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(content, code):
    assert payment_list.read(content, kind="csv").code == code


def test_all_bad_rows_are_told_at_once_up_to_ten():
    def told(bad):
        lines = ["Kode Billing,Jumlah,Tanggal", "1,5,12-11-2026", *["2,banyak,"] * bad, "3,5,kemarin"]
        return payment_list.read("\n".join(lines).encode(), kind="csv").message

    assert told(1) == "Baris 3: jumlahnya tidak dapat dibaca. Baris 4: tanggalnya tidak dapat dibaca."
    assert told(12).startswith("Baris 3: ")
    assert "Baris 12: jumlahnya tidak dapat dibaca. Dan 3 baris lain." in told(12)
    assert "Baris 13" not in told(12)


@pytest.fixture
def paid(service):
    order = service.to_bill(service.order())
    bill = order.bills.get()
    bill.status, bill.ntpn, bill.paid_at = Bill.Status.PAID, A.reference, service.now
    bill.channel = "Bank Contoh"
    bill.save()
    return service, bill


def start(service, rows, digest="a" * 64):
    acting = system_acting(service.institution.pk, name="Siti")
    return reconciling.start(
        service.institution,
        rows,
        name="bank.csv",
        sha256=digest,
        first=FIRST,
        last=LAST,
        acting=acting,
        now=service.now,
    )


def test_a_decision_needs_a_reason_is_made_once_and_stands_in_both_journals(paid):
    service, bill = paid
    found = start(service, [row(5, amount=1)])
    assert start(service, [row(1)]).pk == found.pk  # the same file again
    wrong = found.rows.get()
    acting = system_acting(service.institution.pk, name="Siti")
    given = {"acting": acting, "now": service.now}
    assert reconciling.decide(wrong, decision="accepted", reason=" ", **given).code == "reason-missing"
    assert reconciling.decide(wrong, decision="dibuang", reason="Salah ketik", **given).code == "decision"
    done = reconciling.decide(wrong, decision="accepted", reason="Salah ketik bank", **given)
    assert (done.outcome, done.decision, done.decided_by_name) == ("amount", "accepted", "Siti")
    assert reconciling.decide(wrong, decision="followed", reason="Lain lagi", **given).code == "decided"
    assert JournalEntry.objects.get(case=bill.order.case, code="orders.reconciled").data["reason"] == "Salah ketik bank"
    assert [event.code for event in ServiceEvent.objects.order_by("pk")] == ["reconciled", "row_decided"]
    good = start(service, [row(1)], digest="b" * 64).rows.get()
    assert reconciling.decide(good, decision="accepted", reason="Salah ketik bank", **given).code == "matched"


def test_the_treasurer_works_through_the_pages_and_nobody_else(client, paid):
    service, bill = paid
    sent = {"first": "01-11-2026", "last": "30-11-2026"}
    file = b"Kode Billing,NTPN,Jumlah\n820261112004412,8F21A3K9P0B7C6D5,575000\n999999999999999,,1000"
    for name in ("dewi.anggraini", "hendra.kusuma", "andi.saputra"):
        client.force_login(service.staff(name))
        posted = {**sent, "file": SimpleUploadedFile("bank.csv", file)}
        assert client.post("/bendahara/cocok/", posted).status_code in (302, 404)
        assert client.get("/bendahara/harian/").status_code in (302, 404)
    assert ReconciliationRow.objects.count() == 0
    client.force_login(service.staff("siti.rahmawati"))
    answer = client.post("/bendahara/cocok/", {**sent, "file": SimpleUploadedFile("bank.csv", file)})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Tidak ada tagihannya" in page
    wrong = ReconciliationRow.objects.get(outcome="unknown")
    typed = {"decision": "followed", "reason": "Ditanyakan ke bank"}
    client.post(f"/bendahara/cocok/baris/{wrong.pk}/", typed)
    wrong.refresh_from_db()
    assert wrong.decision == "followed"
    refused = client.post("/bendahara/cocok/", {**sent, "file": SimpleUploadedFile("bank.pdf", b"%PDF-1.7")})
    assert (refused.status_code, "Yang diterima: XLSX, CSV" in refused.content.decode()) == (422, True)


def test_the_daily_list_holds_bills_and_levies_of_the_day(client, paid):
    service, bill = paid
    case = bill.order.case
    acting = system_acting(service.institution.pk, name="Siti")
    levy = levies.assess(
        case, number="SKRD/12/2026", amount=Decimal(50_000), basis="Perda 1/2024", acting=acting, now=service.now
    )
    levies.receive(levy, receipt="KW-9", paid_at=service.now, acting=acting, now=service.now)
    rows = reconciling.receipts(
        service.institution, begin=service.now - timedelta(hours=12), end=service.now + timedelta(hours=1)
    )
    assert [(receipt.code, receipt.kind) for receipt in rows] == [(bill.code, "pnbp"), ("SKRD/12/2026", "retribusi")]
    client.force_login(service.staff("siti.rahmawati"))
    page = client.get("/bendahara/harian/?tanggal=2026-11-12").content.decode().replace("\u00a0", " ")
    assert "Rp 625.000" in page
    assert client.get("/bendahara/harian/?tanggal=2026-11-12&bentuk=pdf").content.startswith(b"%PDF")
    book = client.get("/bendahara/harian/?tanggal=2026-11-12&bentuk=xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(book)).active.max_row == 8
    assert client.get("/bendahara/harian/?tanggal=kemarin").status_code == 200


def test_a_levy_is_received_once_against_one_receipt(service):
    case = service.order().case
    acting = system_acting(service.institution.pk)
    given = {"amount": Decimal(50_000), "basis": "Perda 1/2024", "acting": acting, "now": service.now}
    for wrong in ({"number": "x"}, {"amount": Decimal(0)}, {"amount": Decimal("NaN")}, {"basis": " "}):
        assert isinstance(levies.assess(case, **{"number": "SKRD-1", **given, **wrong}), Refusal)
    levy = levies.assess(case, number="SKRD-1", **given)
    assert levies.assess(case, number="SKRD-1", **given).code == "number-used"
    assert levies.outstanding(case).code == "levy-unpaid"
    when = {"paid_at": service.now, "acting": acting, "now": service.now}
    assert levies.receive(levy, receipt="", **when).code == "receipt"
    assert levies.receive(levy, receipt="KW-1", **{**when, "paid_at": service.now + timedelta(1)}).code == "paid-at"
    assert levies.receive(levy, receipt="KW-1", **when).receipt == "KW-1"
    assert levies.receive(levy, receipt="KW-1", **when).receipt == "KW-1"
    assert levies.receive(levy, receipt="KW-2", **when).code == "paid-otherwise"
    assert levies.outstanding(case) is None
    other = levies.assess(case, number="SKRD-2", **given)
    assert levies.receive(other, receipt="KW-1", **when).code == "receipt-used"
