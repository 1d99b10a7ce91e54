"""One order through all 22 steps of SOP 31/BSPJI-3, by nine people in nine browsers, on a server as its users start it.

On the way: an objection at 7, a billing code that expires, returns at 13 and 16, a wrong passphrase. At the end the
report is judged by pyHanko, by poppler and by the page behind its QR code; every page was inspected as it came.
``SOPAN_PICTURES=folder`` keeps a picture of each page in each of its looks.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journey import customer as customers
from tests.journey import proofs, staff
from tests.journey.browser import NEEDS_BROWSER, clicking
from tests.journey.inspection import Inspection
from tests.journey.people import Person
from tests.journey.server import Server

pytestmark = [
    *NEEDS_BROWSER,
    pytest.mark.skipif(not shutil.which("pdfsig"), reason="no pdfsig (install poppler-utils)"),
]
POSITIONS = {
    "admin": "andi.saputra",
    "cs": "dewi.anggraini",
    "ketua": "hendra.kusuma",
    "bendahara": "siti.rahmawati",
    "penyelia": "yusuf.maulana",
    "mt": "agus.prasetyo",
    "analis": "maya.kartika",
    "kepala": "bambang.wirawan",
}
WITH_SECOND_FACTOR = ("admin", "kepala")


class Journey:
    """The server, the nine people, and what was found on their pages."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.inspection = Inspection(server.url)
        self.customer = self.person("wati.susilo@contoh-baru.example", staff=False)
        self.stranger = self.person("", staff=False)
        for name, account in POSITIONS.items():
            setattr(self, name, self.person(f"{account}@bspji-palembang.example"))

    def person(self, email: str, *, staff: bool = True) -> Person:
        return Person(self.browser, self.server, self.inspection, email=email, staff=staff)


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    with clicking(tmp_path_factory) as (server, browser):
        yield Journey(server, browser)


def test_an_order_runs_through_all_22_steps(journey: Journey, tmp_path: Path) -> None:
    j = journey
    come_in(j, "admin", "cs", "ketua", "bendahara")

    # 1 to 4: registration, activation, the order
    customers.registers(j.customer)
    customers.follows_the_link_of_the_mail(j.customer, "Pendaftaran")
    staff.does(j.admin, "3", "Aktifkan akun")
    j.server.mail(j.customer.email, "Akun")
    j.customer.log_in(customers.PASSWORD)
    customers.begins_an_order(j.customer)
    customers.sends_the_order(j.customer)

    # 5 to 7: validation, tariff, an objection, and the same again
    staff.does(j.cs, "5", "Setujui dan teruskan")
    staff.does(j.ketua, "6", "Setujui tarif")
    customers.objects(j.customer, "Rentang ukur oven cukup sampai 200 °C.")
    j.cs.take_up(customers.COMPANY, "5")
    j.cs.sees("Rentang ukur oven cukup sampai 200 °C.")
    j.cs.finish("Setujui dan teruskan")
    staff.does(j.ketua, "6", "Setujui tarif")
    customers.accepts(j.customer)

    # 8 to 10: a code that expires, a new one, the proof
    staff.issues_bill(j.bendahara, "820261121000331", valid=timedelta(seconds=4))
    come_in(j, "penyelia", "mt", "analis", "kepala")
    j.kepala.log_out()
    everybody_looks_around(j)
    j.server.mail(j.customer.email, "Kode billing Anda kedaluwarsa")
    customers.opens(j.customer)
    j.customer.sees("Kode billing kedaluwarsa")
    staff.does(j.bendahara, "10", "Billing kedaluwarsa, terbitkan ulang")
    staff.issues_bill(j.bendahara, "820261121000332", valid=timedelta(days=7))
    customers.uploads_the_proof(j.customer, tmp_path)
    staff.confirms_payment(j.bendahara)

    # 11 to 16: instruments, analyst, results; returned at 13 and at 16
    staff.receives_instruments(j.cs)
    number = customers.number(j.customer)
    staff.chooses_analyst(j.penyelia, number, "Fajar Nugroho, A.Md.")
    staff.must_give_a_reason(j.mt, "13", "Tidak, kembalikan ke Penyelia", order=number, reason="Fajar sedang cuti.")
    staff.chooses_analyst(j.penyelia, number, "Maya Kartika, S.Si.")
    staff.does(j.mt, "13", "Ya, mulai pengujian", order=number)
    staff.enters_results(j.analis, number)
    staff.does(j.penyelia, "15", "Hasil benar", order=number)
    staff.returns_results(j.mt, number, "16", reason="Ukur ulang titik terakhir.")
    staff.enters_results(j.analis, number, correct="Penunjukan 1, baris 3=200,0002")
    staff.does(j.penyelia, "15", "Hasil benar", order=number)
    staff.does(j.mt, "16", "Hasil sah", order=number)

    # 17 to 20: number, printing, signature, release
    staff.does(j.ketua, "17", "Selesaikan: Terbitkan No E-LHU")
    staff.prints_reports(j.cs)
    the_head_signs(j)
    staff.releases(j.cs)

    # 21 and 22: survey, download, the end
    customers.answers_the_survey(j.customer)
    reports = customers.downloads(j.customer, tmp_path)
    customers.closes(j.customer)

    assert len(reports) == len(staff.READINGS)
    for report in reports:
        the_report_is_genuine(j, report, tmp_path)
    an_altered_copy_is_told(j, reports[0], tmp_path)
    nothing_is_broken(j)


def come_in(j: Journey, *names: str) -> None:
    """Who signs, or hands out accounts, sets up a second factor first and needs it from then on."""
    for name in names:
        person = getattr(j, name)
        person.log_in()
        if name in WITH_SECOND_FACTOR:
            person.set_up_second_factor()


def everybody_looks_around(j: Journey) -> None:
    """While the billing code runs out: the pages that belong to no order."""
    for path in ("/layanan/", "/lacak/", "/v/", "/daftar/", "/akun/password/reset/"):
        j.stranger.visit(path)
    for path in ("/akun/", "/perusahaan/", "/pesanan/"):
        j.customer.visit(path)
    for path in ("/kasus/", "/cari?q=Contoh", "/akun/"):
        j.cs.visit(path)
    for path in ("/pengaturan/akun/", "/pengaturan/jabatan/", "/pengaturan/setelan/", "/pengaturan/kalender/"):
        j.admin.visit(path)


def the_head_signs(j: Journey) -> None:
    """Step 19: reads, types a wrong passphrase, which changes nothing, and then the right one."""
    j.kepala.log_in()
    j.kepala.take_up(customers.COMPANY, "19")
    unsigned = staff.reads(j.kepala)
    staff.signs(j.kepala, "salah-sama-sekali")
    j.kepala.sees("Tidak ada yang berubah; silakan ketik ulang.")
    assert "salah-sama-sekali" not in j.kepala.page.content()
    j.kepala.take_up(customers.COMPANY, "19")
    j.kepala.does_not_see("Sudah ditandatangani")
    assert staff.reads(j.kepala) == unsigned
    staff.signs(j.kepala, staff.PASSPHRASE)


def the_report_is_genuine(j: Journey, report: Path, folder: Path) -> None:
    """pyHanko, poppler, the QR code, and the page behind it all say so."""
    pdf = report.read_bytes()
    assert proofs.judged_by_pyhanko(pdf, root=j.server.data / "trust/demo.pem") == (True, True, True)
    told = proofs.judged_by_poppler(report)
    assert (told["Signature Validation"], told["whole"]) == ("Signature is Valid.", "True")
    assert told["Signer Certificate Common Name"] == "Ir. Bambang Wirawan, M.T."
    address = proofs.address_in(report)
    assert re.fullmatch(rf"{j.server.url}/v/[\w-]+/", address)
    assert proofs.qr_says(report, address, folder)
    j.stranger.visit(address)
    j.stranger.sees("Dokumen ini asli dan berlaku", "Ir. Bambang Wirawan, M.T.")
    check(j, report)
    j.stranger.sees("Berkas ini asli, sama persis dengan yang terdaftar", "Dokumen ini asli dan berlaku")


def an_altered_copy_is_told(j: Journey, report: Path, folder: Path) -> None:
    """One byte of the middle of the file is another."""
    altered, pdf = folder / "diubah.pdf", bytearray(report.read_bytes())
    pdf[len(pdf) // 2] ^= 1
    altered.write_bytes(pdf)
    check(j, altered)
    j.stranger.sees("Berkas ini telah berubah")
    j.stranger.sees("Di bawah ini yang terdaftar, bukan isi berkas Anda")


def check(j: Journey, copy: Path) -> None:
    j.stranger.visit("/v/")
    j.stranger.field("Berkas PDF").set_input_files(copy)
    j.stranger.press("Periksa berkas")


def nothing_is_broken(j: Journey) -> None:
    """The tracking link works for whoever holds it, the journal is whole, and no page was at fault."""
    customers.opens(j.customer)
    tracking = j.customer.page.locator("main a[href^='/lacak/']").first.get_attribute("href")
    j.stranger.visit(str(tracking))
    j.stranger.sees("selesai")
    verified = j.server.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "\n".join(j.inspection.faults) == ""  # a text, so that all of them are told
