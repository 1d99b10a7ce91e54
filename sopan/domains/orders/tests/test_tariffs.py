"""Lines of the tariff by validity, the spreadsheet out and in, and the hole that answers "no line"."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sopan.core.flow import Refusal
from sopan.domains.orders.loading import load_tariffs
from sopan.domains.orders.models import ServiceEvent, TariffLine
from sopan.domains.orders.money import tariff_sheet, tariffs
from sopan.engine.access import system_acting

LINE = {
    "code": "termometer", "group": "Kalibrasi", "description": "Termometer ≤ 100 °C", "kind": "termometer",
    "kind_name": "Termometer", "measure": "Suhu tertinggi", "unit": "°C", "lower": None, "upper": Decimal(100),
    "lower_open": False, "upper_open": False, "per": "alat", "amount": Decimal(200_000), "revenue": "pnbp",
    "legal_basis": "PP 54/2021", "source": "", "valid_from": date(2026, 1, 1), "valid_to": None, "note": "",
}  # fmt: skip


def save(service, line=None, **changes):
    acting = system_acting(service.institution.pk, name="Hendra")
    return tariffs.save(service.institution, {**LINE, **changes}, line=line, acting=acting, now=service.now)


def replace(service, line, **changes):
    acting = system_acting(service.institution.pk, name="Hendra")
    return tariffs.replace(line, {**LINE, **changes}, acting=acting, now=service.now)


def sheet_of(lines):
    return tariff_sheet.written(lines, title="Tarif", told=["Balai"])


def test_a_new_version_ends_the_old_one_the_day_before(service):
    old = save(service)
    new = replace(service, old, amount=Decimal(250_000), valid_from=date(2027, 1, 1))
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.code) == (date(2026, 12, 31), date(2027, 1, 1), "termometer")
    assert replace(service, new, valid_from=date(2026, 6, 1)).code == "dates"
    assert [e.code for e in ServiceEvent.objects.order_by("pk")] == ["tariff_added", "tariff_added", "tariff_ended"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"legal_basis": " "}, "basis"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"lower": Decimal(200)}, "range"),
        ({"lower": Decimal(100), "upper_open": True}, "range"),
        ({"measure": ""}, "measure"),
        ({"upper": None}, "range"),
        ({"valid_to": date(2025, 12, 31)}, "dates"),
        ({"kind_name": ""}, "kind"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(changes, code):
    assert tariffs.problems({**LINE, **changes}).code == code


def test_two_versions_never_hold_on_one_day_and_a_refused_version_leaves_the_old_one(service):
    old = save(service)
    assert save(service, valid_from=date(2026, 7, 1)).code == "overlap"
    assert replace(service, old, valid_from=date(2027, 1, 1), legal_basis=" ").code == "basis"
    old.refresh_from_db()
    assert old.valid_to is None


def test_a_line_that_priced_an_order_keeps_its_words_and_its_price(service):
    service.to_offer(service.order())
    line = TariffLine.objects.get(code="ph-meter")
    values = {name: getattr(line, name) for name in tariffs.FIELDS}
    acting = system_acting(service.institution.pk)
    changed = {**values, "amount": Decimal(1)}
    refused = tariffs.save(service.institution, changed, line=line, acting=acting, now=service.now)
    assert (refused.code, refused.field) == ("used", "amount")
    noted = tariffs.save(service.institution, {**values, "note": "Dicek"}, line=line, acting=acting, now=service.now)
    assert noted.note == "Dicek"


def test_a_change_takes_the_verification_away_and_the_file_no_longer_replaces_the_line(service):
    line = TariffLine.objects.get(code="neraca-analitik")
    acting = system_acting(service.institution.pk, name="Hendra")
    assert (
        tariffs.verify(line, compared_with="", acting=acting, now=service.now, on=date(2026, 11, 12)).code == "compared"
    )
    tariffs.verify(line, compared_with="LN 2021/…, lampiran", acting=acting, now=service.now, on=date(2026, 11, 12))
    line.refresh_from_db()
    assert (line.verified, line.verified_by_name) == (True, "Hendra")
    values = {name: getattr(line, name) for name in tariffs.FIELDS}
    tariffs.save(service.institution, {**values, "amount": Decimal(310_000)}, line=line, acting=acting, now=service.now)
    line.refresh_from_db()
    assert (line.verified, line.compared_with, line.own) == (False, "", True)
    told = {"lines": [{"code": "neraca-analitik", "group": "K", "description": "N", "per": "alat", "amount": 1,
                       "legal_basis": "PP", "valid_from": "2021-01-01"}]}  # fmt: skip
    load_tariffs(service.institution, told)
    line.refresh_from_db()
    assert line.amount == Decimal(310_000)


def test_lines_of_one_kind_whose_ranges_meet_are_told(service):
    lines = list(TariffLine.objects.all())
    thermocouple = next(line for line in lines if line.code == "termokopel-0-600c")
    assert len(tariffs.overlapping(thermocouple, lines)) == 2
    balance = next(line for line in lines if line.code == "timbangan-elektronik-0-10kg")
    assert tariffs.overlapping(balance, lines) == []
    weights = next(line for line in lines if line.code == "anak-timbangan-f-sampai-2kg")
    assert tariffs.overlapping(weights, lines) == []  # "more than 200 g" does not meet "up to 200 g"


def test_what_is_exported_is_imported_again_without_a_change(service):
    lines = list(TariffLine.objects.all())
    rows = tariff_sheet.read(sheet_of(lines))
    assert len(rows) == len(lines)
    acting = system_acting(service.institution.pk)
    assert tariff_sheet.take_in(service.institution, rows, name="t.xlsx", acting=acting, now=service.now) == (0, 0)


def test_one_wrong_cell_keeps_the_whole_file_out_and_is_named(service):
    book = openpyxl.load_workbook(io.BytesIO(sheet_of(list(TariffLine.objects.all()[:3]))))
    sheet = book.active
    heads = {sheet.cell(4, column).value: column for column in range(1, 20)}
    sheet.cell(5, heads["Tarif (Rp)"], "sekian")
    sheet.cell(6, heads["Berlaku sejak"], "kemarin")
    sheet.cell(7, heads["Dasar hukum"]).value = None
    out = io.BytesIO()
    book.save(out)
    wrong = tariff_sheet.read(out.getvalue())
    assert [one.cell for one in wrong] == ["M5", "Q6", "O7"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a sheet", b"\x00" * 100])
def test_what_is_no_spreadsheet_is_told(content):
    assert tariff_sheet.read(content)[0].cell == "–"


def test_a_hole_of_the_tariff_answers_no_line_without_a_log_in(client, service):
    page = client.get("/layanan/tarif/?jenis=timbangan-elektronik&ukuran=10,5&satuan=kg").content.decode()
    assert "Tidak ada baris tarif untuk 10,5 kg." in page
    page = client.get("/layanan/tarif/?jenis=oven&ukuran=2.500&satuan=L").content.decode()
    assert "Rp 500.000</b>" in page.replace("\u00a0", " ")
    page = client.get("/layanan/tarif/?jenis=oven&ukuran=2.501&satuan=L").content.decode()
    assert "Rp 950.000</b>" in page.replace("\u00a0", " ")
    assert client.get("/layanan/tarif/?jenis=tidak-ada&ukuran=1").status_code == 200
    assert "Tulis angka saja" in client.get("/layanan/tarif/?jenis=oven&ukuran=besar").content.decode()


def test_only_ketua_tim_keeps_the_tariff(client, service):
    client.force_login(service.staff("dewi.anggraini"))
    assert client.get("/tarif/").status_code == 200
    line = TariffLine.objects.get(code="ph-meter")
    for url in ("/tarif/baru/", f"/tarif/{line.pk}/", f"/tarif/{line.pk}/banding/", "/tarif/impor/"):
        assert client.post(url, {"compared_with": "naskah"}).status_code == 404
    line.refresh_from_db()
    assert not line.verified
    client.force_login(service.staff("hendra.kusuma"))
    sent = SimpleUploadedFile("tarif.xlsx", sheet_of(list(TariffLine.objects.all())))
    assert client.post("/tarif/impor/", {"file": sent}).status_code == 302
    typed = {
        **LINE,
        "lower": "",
        "upper": "100,5",
        "amount": "Rp 1.250.000",
        "valid_from": "01-01-2026",
        "valid_to": "",
    }
    typed |= {"lower_open": "", "upper_open": ""}
    answer = client.post("/tarif/baru/", typed)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    made = TariffLine.objects.get(code="termometer")
    assert (made.amount, made.upper) == (Decimal(1_250_000), Decimal("100.5"))
    assert isinstance(save(service), Refusal)


def test_what_a_line_was_compared_with_is_kept_whole_or_refused_at_its_field(client, service):
    client.force_login(service.staff("hendra.kusuma"))
    line = TariffLine.objects.get(code="ph-meter")
    for typed in ("x" * 251, "x", ""):
        answer = client.post(f"/tarif/{line.pk}/banding/", {"compared_with": typed})
        assert (answer.status_code, typed in answer.content.decode()) == (422, True)
        line.refresh_from_db()
        assert not line.verified
    assert client.post(f"/tarif/{line.pk}/banding/", {"compared_with": "x" * 250}).status_code == 302
    line.refresh_from_db()
    assert (line.verified, line.compared_with) == (True, "x" * 250)
