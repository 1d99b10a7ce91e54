"""What the people of the body do, step by step."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from .customer import COMPANY
from .people import Person

PASSPHRASE = "passphrase-demo"
WAVES = [[0.1 + wave, 0.6, 0.9, 0.4 - wave, 0.7, 1.1, 0.2, 0.5, 0.8, 0.0] for wave in (0.0, 0.1, -0.1, 0.2, 0.0)]
READINGS = {  # what is pasted from a spreadsheet, beginning at the first point: a block a table
    "Neraca analitik": ["50\t50,0001\n100\t100,0002\n200\t200,0003"],
    "Oven laboratorium": [
        "\n".join("\t".join(f"{point + offset:.1f}".replace(".", ",") for offset in row) for row in WAVES)
        for point in (60, 105, 180)
    ],
}
METHODS = {
    "Neraca analitik": {"Daya baca timbangan": "0,0001", "Beban uji penyimpangan pojok": "100"},
    "Oven laboratorium": {"Daya baca perekam suhu": "0,1", "Daya baca alat": "1"},
}


def _now() -> datetime:
    return datetime.now(ZoneInfo("Asia/Jakarta"))


def does(person: Person, step: str, button: str, *, order: str = COMPANY, reason: str = "") -> None:
    """A step without anything to type but, where it is asked for, a reason. Who works blind knows the order by its number."""
    person.take_up(order, step)
    if order != COMPANY:
        person.does_not_see(COMPANY)
    person.finish(button, reason=reason)


def must_give_a_reason(person: Person, step: str, button: str, *, order: str = COMPANY, reason: str) -> None:
    """An answer that sends something back is refused without a reason."""
    does(person, step, button, order=order)
    expect(person.page.locator("#reason-error")).to_be_visible()
    person.finish(button, reason=reason)


# The money ------------------------------------------------------------------------------------------------------------


def issues_bill(bendahara: Person, code: str, *, valid: timedelta) -> None:
    """Step 8: types what SIMPONI printed, to the second."""
    bendahara.take_up(COMPANY, "8")
    bendahara.page.get_by_role("radio", name="Ketik kode dari SIMPONI").check()
    bendahara.fill({"Kode billing": code[:-1]}, within=bendahara.task)
    bendahara.press("Selesaikan: Buat E-Billing", within=bendahara.task)
    bendahara.sees("Kode billing terdiri atas tepat 15 angka.")
    expires = (_now() + valid).strftime("%Y-%m-%dT%H:%M:%S")
    bendahara.fill({"Kode billing": code, "Kedaluwarsa": expires}, within=bendahara.task)
    bendahara.press("Selesaikan: Buat E-Billing", within=bendahara.task)


def confirms_payment(bendahara: Person) -> None:
    """Step 10."""
    bendahara.take_up(COMPANY, "10")
    bendahara.sees("bukti-bayar.png")
    paid = (_now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {"NTPN": "CONTOH0000000033", "Waktu pembayaran": paid, "Bank atau kanal pembayaran": "Bank Contoh"}
    bendahara.fill(typed, within=bendahara.task)
    bendahara.finish("Terima pembayaran")


# The laboratory -------------------------------------------------------------------------------------------------------


def receives_instruments(cs: Person) -> None:
    """Step 11: sample numbers, and labels with them."""
    cs.take_up(COMPANY, "11")
    for instrument in cs.task.locator("fieldset.card").all():
        cs.fill({"Kondisi": "Baik, berfungsi", "Kelengkapan": "Adaptor daya"}, within=instrument)
        choices = cs.field("Laboratorium dan Penyelia", within=instrument)
        choices.select_option(choices.locator("option", has_text="Massa dan Suhu").inner_text())
    case = cs.page.locator("h1 .num").inner_text()
    cs.finish("Selesaikan: Terima sampel, pilih penyelia")
    cs.visit(f"/kasus/?cari={case}")
    cs.follow(case)
    cs.follow("Sampel dan hasil")
    cs.follow("Cetak label")
    assert len(re.findall(r"S-\d\d-\d{4}", cs.page.locator("body").inner_text())) == len(READINGS)


def chooses_analyst(penyelia: Person, number: str, analyst: str) -> None:
    """Step 12, without being told whose instruments they are."""
    penyelia.take_up(number, "12")
    penyelia.does_not_see(COMPANY)
    for instrument in penyelia.task.locator("fieldset.card").all():
        instrument.get_by_role("checkbox").check()
        penyelia.field("Analis", within=instrument).select_option(analyst)
    penyelia.finish("Selesaikan: Verifikasi sampel, pilih analis")


def enters_results(analis: Person, number: str, *, correct: str = "") -> None:
    """Step 14: by a method; a draft that keeps itself, blocks from a spreadsheet, results that follow while they are typed,
    and then handed in. Whose they are stays hidden."""
    analis.take_up(number, "14")
    analis.does_not_see(COMPANY)
    for name in READINGS:
        analis.follow(re.compile(name))
        if analis.page.get_by_role("button", name="Serahkan hasil ke Penyelia").count():
            analis.does_not_see(COMPANY)
            _fill_sheet(analis, name, correct=correct)
        analis.take_up(number, "14")
    analis.finish("Selesaikan: Pengujian dan isi hasil")


def _fill_sheet(analis: Person, name: str, *, correct: str) -> None:
    if correct:
        row, value = correct.split("=")
        analis.fill({row: value, "Alasan perubahan pembacaan": "Diukur ulang"})
    else:
        _measure(analis, name)
    analis.press("Serahkan hasil ke Penyelia")
    analis.does_not_see("Periksa isian berikut")


def _measure(analis: Person, name: str) -> None:
    analis.sees("Belum ada metode yang dipilih")
    analis.press("Pakai")
    analis.press("Serahkan hasil ke Penyelia")
    analis.sees("Periksa isian berikut")
    today = f"{_now():%Y-%m-%d}"
    analis.fill(
        {
            "Mulai kalibrasi": today,
            "Selesai kalibrasi": today,
            "Tempat kalibrasi": "Laboratorium Kalibrasi",
            "Suhu ruang": "20,3 ± 0,4",
            "Kelembapan relatif": "52 ± 3",
            **METHODS[name],
        }
    )
    analis.page.get_by_role("checkbox", name=re.compile("^STD-")).first.check()
    if name == "Neraca analitik":
        for number, text in enumerate(("100,0001", "100,0002", "100,0002", "100,0000", "100,0001", "100,0003"), 1):
            analis.fill({f"Keterulangan {number}": text})
        for place in ("Tengah", "Depan kiri", "Belakang kiri", "Belakang kanan", "Depan kanan"):
            analis.fill({f"{place} 1": "100,0001"})
    begins = "Titik ukur, baris" if name == "Neraca analitik" else "Sensor 1 1, baris"
    for number, block in enumerate(READINGS[name], 1):
        analis.page.evaluate("text => navigator.clipboard.writeText(text)", block)
        first = analis.field(f"{begins} {number}")
        first.fill("")
        first.focus()
        analis.page.keyboard.press("Control+V")
        expect(first).to_have_value(block.split("\t")[0])
    last = analis.field("Penunjukan 1, baris 3" if name == "Neraca analitik" else "Penunjukan alat 5, baris 3")
    value = READINGS[name][-1].split("\t")[-1]
    expect(last).to_have_value(value)
    kept = quote_plus(value)
    drafts = re.compile(r"/konsep/$")  # what is computed while it is typed is sent too, and is no draft
    with analis.page.expect_response(
        lambda answer: drafts.search(answer.url) is not None and kept in (answer.request.post_data or "")
    ):
        last.blur()
    expect(analis.page.locator(".saved")).to_contain_text("Tersimpan sebagai konsep")
    expect(analis.page.locator("#hitung")).to_contain_text("Anggaran ketidakpastian")
    expect(analis.page.locator("#hitung")).not_to_contain_text("belum lengkap")
    analis.visit(analis.page.url)
    expect(last).to_have_value(value)


def returns_results(person: Person, number: str, step: str, *, reason: str) -> None:
    """Steps 15 and 16, the answer no: the result that is marked goes back to who measured it."""
    person.take_up(number, step)
    person.task.get_by_role("checkbox").first.check()
    person.finish("Tidak, kembalikan ke Analis", reason=reason)


# The report -----------------------------------------------------------------------------------------------------------


def prints_reports(cs: Person) -> None:
    """Step 18: the worker prints while the page waits; then the signature is asked for."""
    cs.take_up(COMPANY, "18")
    cs.press("Minta tanda tangan", within=cs.task)
    cs.sees("Cetak dahulu semua E-LHU, lalu baca hasilnya.")
    cs.press("Cetak E-LHU", within=cs.task)
    expect(cs.page.locator("#laporan").get_by_role("link", name=re.compile("^Baca "))).to_have_count(len(READINGS))
    expect(cs.page.locator("#laporan")).not_to_contain_text("sedang dicetak")
    cs.take_up(COMPANY, "18")
    cs.finish("Minta tanda tangan")


def reads(person: Person) -> list[bytes]:
    """The files behind the links to read them."""
    links = person.page.locator("main").get_by_role("link", name=re.compile("^Baca ")).all()
    answers = [person.context.request.get(link.get_attribute("href") or "") for link in links]
    assert [(answer.status, answer.headers["content-type"]) for answer in answers] == [(200, "application/pdf")] * len(
        READINGS
    )
    return [answer.body() for answer in answers]


def signs(kepala: Person, passphrase: str) -> None:
    kepala.fill({"Passphrase sertifikat elektronik Anda": passphrase}, within=kepala.task)
    kepala.finish("Tanda tangani")


def releases(cs: Person) -> None:
    """Step 20: not before everything is checked."""
    cs.take_up(COMPANY, "20")
    cs.finish("Teruskan ke pelanggan")
    cs.sees("Langkah 20 · ")
    for box in cs.task.get_by_role("checkbox").all():
        box.check()
    cs.finish("Teruskan ke pelanggan")
