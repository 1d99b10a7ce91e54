"""Wrong choices, foreign ids, repeated fields and keys, too many rows; and what single fields say about bad values."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from sopan.domains.laboratory.models import Observation, ResultVersion, WorkOrder
from sopan.domains.laboratory.queries import items, work_orders
from sopan.domains.orders.models import OrderItem
from sopan.engine.models import Case, JournalEntry

from .world import World

pytestmark = pytest.mark.xdist_group("bad_input")  # one process builds the world
GOOD_COMPANY = {
    "company_name": "PT Uji",
    "npwp": "",
    "address": "Jalan Uji 1",
    "city": "Palembang",
    "company_phone": "",
    "name": "Uji Coba",
    "email": "uji@uji.example",
    "phone": "0812-0000-0000",
    "password": "kalimat-panjang-77",
    "repeated": "kalimat-panjang-77",
}
GOOD_ITEM = {
    "name": "Alat",
    "make": "M",
    "type": "T",
    "serial_number": "S",
    "size_text": "10",
    "size_unit": "kg",
    "range_lower_text": "0",
    "range_upper_text": "10",
    "range_unit": "kg",
}

# (role, address, good values, field, bad value, what the page says)
MESSAGES: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    *[
        ("", "/daftar/", GOOD_COMPANY, *row)
        for row in (
            ("company_name", "", "Bidang ini tidak boleh kosong"),
            ("company_name", "x" * 201, "paling banyak 200"),
            ("npwp", "12345", "NPWP terdiri atas 15 atau 16 angka."),
            ("email", "bukan surel", "alamat email yang valid"),
            ("company_name", "a\x00b", "Karakter null"),
            ("phone", "<script>", "Nomor telepon terdiri atas angka"),
            ("password", "1234567890", "angka"),
            ("password", "pendek", "10"),
            ("repeated", "lain sama sekali", "Kedua kata sandi tidak sama."),
        )
    ],
    *[
        (
            "rina",
            "/pesanan/{c4}/isi/narahubung/",
            {"contact_name": "A", "contact_phone": "0812-0000-0000", "contact_email": "a@b.example"},
            *row,
        )
        for row in (
            ("contact_name", "   ", "Bidang ini tidak boleh kosong"),
            ("contact_phone", "satu dua", "Nomor telepon terdiri atas angka"),
            ("contact_email", "@", "alamat email yang valid"),
        )
    ],
    *[
        ("rina", "/pesanan/{c4}/isi/laporan/", {"language": "id", "decision_rule": "none", "note": ""}, *row)
        for row in (
            ("language", "xx", "Masukkan pilihan yang valid"),
            ("decision_rule", "' OR 1=1", "Masukkan pilihan yang valid"),
            ("note", "x" * 2_001, "paling banyak 2000"),
        )
    ],
    *[
        ("rina", "/pesanan/{c4}/isi/alat/baru/?jenis=timbangan-elektronik", GOOD_ITEM, *row)
        for row in (
            ("size_text", "sepuluh", "Tulis angka saja"),
            ("size_text", "1e308", "Tulis angka saja"),
            ("size_text", "NaN", "Tulis angka saja"),
            ("size_text", "Infinity", "Tulis angka saja"),
            ("size_text", "1.25.000,5", "Tulis angka saja"),
            ("size_text", "9" * 30, "Tulis angka saja"),
            ("size_text", "٣٫٥", "Tulis angka saja"),
            ("size_unit", "liter", "Satuan ini tidak sesuai"),
            ("range_upper_text", "-1", "Ujung rentang harus sama atau lebih besar"),
            ("range_unit", "", "Tuliskan satuan rentang ukur."),
            ("serial_number", "", "Bidang ini tidak boleh kosong"),
        )
    ],
    *[
        (
            "siti",
            "/tugas/{t8}/selesai/",
            {"provider": "manual", "code": "8" * 15, "expires_at": "2099-01-01T10:00", "answer": ""},
            *row,
        )
        for row in (
            ("code", "12345", "tepat 15 angka"),
            ("code", "8" * 14 + "x", "tepat 15 angka"),
            ("code", "٨" * 15, "tepat 15 angka"),
            ("expires_at", "2026-02-30T10:00", "tanggal/waktu yang valid"),
            ("expires_at", "0000-01-01T00:00", "tanggal/waktu yang valid"),
            ("expires_at", "", "Isi waktu kedaluwarsa"),
            ("provider", "lain", "Masukkan pilihan yang valid"),
        )
    ],
    *[
        (
            "siti",
            "/tugas/{t10}/selesai/",
            {"ntpn": "A" * 16, "paid_at": "2026-11-20T10:00", "channel": "Bank", "answer": "ya"},
            *row,
        )
        for row in (
            ("ntpn", "abc", "tepat 16 huruf besar"),
            ("paid_at", "30 Februari", "tanggal/waktu yang valid"),
            ("paid_at", "", "Isi tanggal dan jam pembayaran"),
            ("paid_at", "2099-01-01T10:00", "masa depan"),
            ("answer", "mungkin", "Pilih salah satu jawaban yang tersedia."),
        )
    ],
    *[
        (
            "andi",
            "/pengaturan/kalender/",
            {"date": "2027-03-01", "kind": "closed", "name": "Libur", "source": "SE 1"},
            *row,
        )
        for row in (
            ("date", "2027-02-30", "tanggal yang valid"),
            ("date", "9999-12-31", "Periksa tahunnya."),
            ("date", "0001-01-01", "Periksa tahunnya."),
            ("kind", "x", "Masukkan pilihan yang valid"),
            ("source", "", "Bidang ini tidak boleh kosong"),
        )
    ],
    *[
        ("andi", "/pengaturan/setelan/auto_close_days/", {"value": "14", "source": "SK 1"}, *row)
        for row in (
            ("value", "-1", "angka"),
            ("value", "1e9", "angka"),
            ("value", "9" * 400, "angka"),
        )
    ],
    (
        "andi",
        "/pengaturan/jabatan/tunjuk/",
        {"person": "{dewi}", "position": "1", "kind": "plh", "first": "2027-01-01", "last": "", "letter": "X"},
        "last",
        "2026-12-31",
        "",
    ),
]


def _ids(world: World) -> dict[str, Any]:
    told = {f"c{step}": case.pk for step, case in world.cases.items()}
    return told | {f"t{step}": world.task(step).pk for step in ("8", "10")} | {"dewi": world.people["dewi"].pk}


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: f"{row[1].split('?')[0]} {row[3]}={row[4][:20]!r}")
def test_a_bad_value_is_told_at_its_field(world: World, row: tuple[str, str, dict[str, Any], str, str, str]) -> None:
    role, address, good, field, bad, said = row
    ids = _ids(world)
    before = JournalEntry.objects.count()
    data = {name: str(value).format(**ids) for name, value in good.items()} | {field: bad}
    answer = world.client(role).post(address.format(**ids), data)
    page = html.unescape(answer.content.decode())
    assert answer.status_code in (200, 422)
    assert said in _told_at(page, field)
    assert 'class="summary"' in page or 'class="note bad' in page
    if field != "answer":
        assert f'href="#id_{field}' in page  # the summary leads to the field
    assert JournalEntry.objects.count() == before


def _told_at(page: str, field: str) -> str:
    """The message at a field; of an answer, what is said on top of the page."""
    place = r'class="note bad.*?</div>' if field == "answer" else rf'id="id_{field}-error">.*?</div>'
    return " ".join(re.findall(place, page, re.DOTALL))


# Choices and ids that are not offered ---------------------------------------------------------------------------------


def refused(answer: Any, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.status_code


def test_what_belongs_to_others_cannot_be_named(world: World) -> None:
    """Each of these is a real id, of a row that this form does not offer."""
    ids = _ids(world)
    tono, hendra, yusuf, dewi = (world.client(name) for name in ("tono", "hendra", "yusuf", "dewi"))
    foreign = OrderItem.objects.filter(order__case=world.cases["5"]).first()
    assert foreign is not None
    rina = world.client("rina")
    refused(rina.post(f"/pesanan/{ids['c4']}/isi/alat/{foreign.pk}/", GOOD_ITEM), 404)
    refused(rina.post(f"/pesanan/{ids['c4']}/isi/alat/{foreign.pk}/hapus/"), 404)
    refused(tono.post(f"/pesanan/{ids['c7']}/penawaran/", {"answer": "ya"}), 404)
    refused(rina.post(f"/pesanan/{ids['c7']}/penawaran/", {"answer": "ya", "task": ids["t8"]}), 404)
    tariff = world.task("6")
    item = world.order("6").items.first()
    wrong_line = hendra.post(f"/tugas/{tariff.pk}/selesai/", {"answer": "ya", f"line_{item.pk}": "999999"})
    refused(wrong_line, 422)
    works = list(work_orders(world.order("12")))
    chosen = {f"analyst_{work.pk}": str(world.people["rina"].pk) for work in works}
    checked = {f"checked_{work.item_id}": "on" for work in works} | {f"parameter_{w.pk}": "x" for w in works}
    refused(yusuf.post(f"/tugas/{world.task('12').pk}/selesai/", {**checked, **chosen}), 422)
    receiving = world.task("11")
    come = items(world.order("11"))
    data = {f"arrived_{i.pk}": "on" for i in come} | {f"condition_{i.pk}": "Baik" for i in come}
    refused(dewi.post(f"/tugas/{receiving.pk}/selesai/", data | {f"choice_{i.pk}": "1:1" for i in come}), 422)
    refused(dewi.post(f"/tugas/{receiving.pk}/alihkan/", {"to": world.people["rina"].pk}), 422)
    refused(dewi.post(f"/tugas/{receiving.pk}/kembalikan/", {"to_step": "22", "back_reason": "x"}), 422)
    refused(yusuf.post(f"/kasus/{ids['c5']}/batalkan/", {"case_reason": "x"}), 404)
    refused(dewi.post("/pengaturan/akun/baru/", {"name": "x", "email": "x@x.example"}), 404)
    done = Case.objects.filter(pk__in=[case.pk for case in world.cases.values()]).exclude(status=Case.Status.OPEN)
    assert list(done) == []


def test_a_survey_takes_scores_of_the_scale_alone(world: World) -> None:
    case = world.cases["21"]
    client = world.client("rina")
    for score in ("0", "5", "-1", "1e0", "٤", "4 ", "NaN"):
        data = dict.fromkeys(
            ("persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "pengaduan", "sarana"),
            "4",
        )
        answer = client.post(f"/pesanan/{case.pk}/survei/", data | {"waktu": score})
        assert answer.status_code == 200
        assert "Masukkan pilihan yang valid" in answer.content.decode()


def test_a_field_that_comes_twice_counts_once(world: World) -> None:
    """The last counts, as everywhere; there is no mixture and no fault."""
    order = world.order("4")
    data = (
        "contact_name=A&contact_name=B&contact_phone=0812-0000-0000&contact_email=a%40b.example&language=id&language=en"
    )
    answer = world.client("rina").generic(
        "POST", f"/pesanan/{order.case_id}/isi/narahubung/", data, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 302
    assert world.order("4").contact_name == "B"


def test_the_same_one_time_key_acts_once(world: World) -> None:
    rina, counter = world.client("rina"), world.client("dewi")
    key = "kunci-sekali-1234"
    orders = {rina.post("/pesanan/baru/", {"form_key": key})["Location"] for _press in range(3)}
    assert len(orders) == 1
    assert world.client("doni").post("/pesanan/baru/", {"form_key": key})["Location"] not in orders
    task = world.task("5")
    for _press in range(3):
        answer = counter.post(f"/tugas/{task.pk}/selesai/", {"answer": "ya", "form_key": key})
        assert answer.status_code == 302
    completed = JournalEntry.objects.filter(case=task.case, data__task=task.pk, code="completed")
    assert completed.count() == 1


@pytest.mark.parametrize("key", ["", "x", "a" * 65, "../../x", "<script>", "\x00" * 8])
def test_a_key_that_no_form_made_starts_no_order(world: World, key: str) -> None:
    before = Case.objects.count()
    answer = world.client("rina").post("/pesanan/baru/", {"form_key": key})
    assert (answer.status_code, answer["Location"]) == (302, "/pesanan/")
    assert Case.objects.count() == before


# Rows -----------------------------------------------------------------------------------------------------------------


def test_a_sheet_of_thousands_of_rows_is_told_its_limit_and_shown_again(world: World) -> None:
    work = work_orders(world.order("14")).first()
    rows = 900
    columns = {name: ["1"] * rows for name in ("point", "unit", "reference", "indication")} | {"note": ["x"] * rows}
    answer = world.client("fajar").post(f"/laboratorium/pekerjaan/{work.pk}/", {**columns, "action": "save"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Paling banyak 300 baris." in page
    assert page.count('name="note" value="x"') == rows  # nothing that was pasted is lost
    kept = ResultVersion.objects.filter(work_order=work).latest("version")
    assert Observation.objects.filter(result=kept).count() <= 300


def test_no_form_counts_its_rows_by_what_is_sent(world: World) -> None:
    """There are no management forms: a number of rows that a request claims is no more than a field nobody asks for."""
    work = work_orders(world.order("14")).first()
    claims = {
        "form-TOTAL_FORMS": "1000000000",
        "form-INITIAL_FORMS": "-1",
        "form-MAX_NUM_FORMS": "x",
        "TOTAL_FORMS": "1e9",
    }
    sheet = world.client("fajar").post(f"/laboratorium/pekerjaan/{work.pk}/", {**claims, "action": "rows"})
    assert sheet.status_code == 200
    order = world.order("4")
    with_claims = {"language": "id", "decision_rule": "none", "note": "", **claims}
    assert world.client("rina").post(f"/pesanan/{order.case_id}/isi/laporan/", with_claims).status_code == 302


def test_a_sheet_that_is_handed_in_says_every_cell_that_is_wrong(world: World) -> None:
    work = work_orders(world.order("14")).first()
    bad = ["NaN", "1e999", "--1", "1.2.3,4,5", "=1+1", "<b>1</b>", "٣", ""]
    data = {
        "point": ["10"] * len(bad),
        "unit": ["g"] * len(bad),
        "reference": bad,
        "indication": ["10"] * len(bad),
        "note": [""] * len(bad),
        "measured_from": "2026-02-30",
        "measured_to": "2099-01-01",
        "temperature_text": "panas",
        "humidity_text": "50 ± x",
        "action": "submit",
    }
    answer = world.client("fajar").post(f"/laboratorium/pekerjaan/{work.pk}/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    for place in (
        *(f"reference-{n}" for n in range(1, 9)),
        "id_measured_from",
        "id_measured_to",
        "id_temperature_text",
        "id_humidity_text",
        "id_method",
        "id_standards",
    ):
        assert f'href="#{place}"' in page, place
    assert WorkOrder.objects.get(pk=work.pk).state != WorkOrder.State.SUBMITTED


# Searches and lists ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["%", "_", "' OR 1=1 --", "\\", "a\x00b", "👩‍🔬", "x" * 5_000, "<script>alert(1)</script>", "\u202e"]
)
def test_a_search_looks_for_what_was_typed_and_for_nothing_else(world: World, text: str) -> None:
    """Marks of the database find no more than themselves."""
    client = world.client("dewi")
    for address in ("/cari?q=", "/kasus/?cari=", "/tugas/?petugas=unit&cari="):
        name = address.rpartition("&")[2].rpartition("?")[2].rstrip("=")
        path, _mark, query = address.partition("?")
        fixed = dict(part.split("=") for part in query.split("&") if not part.endswith("="))
        answer = client.get(path, {**fixed, name: text})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "<script>alert(1)" not in page
        numbers = [case.number for case in world.cases.values() if case.number]
        listed = [number for number in numbers if f">{number}</a>" in page]
        assert listed == [], (address, text)
