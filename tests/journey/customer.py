"""What the customer does, from the public page to the closed order."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from .people import Person

COMPANY = "PT Contoh Baru Sriwijaya"
PASSWORD = "kopi-durian-pempek-33"
INSTRUMENTS = (
    (
        "Neraca analitik",
        {
            "Nama alat": "Neraca analitik",
            "Merek": "Contoh Timbang",
            "Tipe atau model": "NA-220",
            "Nomor seri": "NA220-0417",
            "Rentang ukur, dari": "0",
            "Rentang ukur, sampai": "220",
            "Satuan rentang ukur": "g",
            "Titik ukur yang diminta": "50; 100; 200 g",
        },
    ),
    (
        "Oven",
        {
            "Nama alat": "Oven laboratorium",
            "Merek": "Contoh Panas",
            "Tipe atau model": "OV-53",
            "Nomor seri": "OV53-1120",
            "Volume ruang": "53",
            "Rentang ukur, dari": "30",
            "Rentang ukur, sampai": "250",
            "Satuan rentang ukur": "°C",
            "Titik ukur yang diminta": "60; 105; 180 °C",
        },
    ),
)


def registers(customer: Person) -> None:
    """Steps 1 and 2. A first try without a password is told at its field, and nothing typed is lost."""
    customer.visit("/")
    customer.sees("Layanan kalibrasi", "Tarif")
    customer.follow("Mulai: daftarkan perusahaan")
    customer.fill(
        {
            "Nama perusahaan": COMPANY,
            "NPWP": "0000000000000033",
            "Alamat": "Jalan Contoh Industri No. 33",
            "Kota atau kabupaten": "Palembang",
            "Nama lengkap Anda": "Wati Susilo",
            "Surel": customer.email,
            "Nomor ponsel": "0812-0000-0033",
        }
    )
    customer.press("Kirim pendaftaran")
    expect(customer.page.locator(".summary")).to_be_focused()
    expect(customer.field("Nama perusahaan")).to_have_value(COMPANY)
    customer.fill({"Kata sandi": PASSWORD, "Ulangi kata sandi": PASSWORD})
    customer.press("Kirim pendaftaran")
    customer.sees("Pendaftaran terkirim")


def follows_the_link_of_the_mail(customer: Person, subject: str) -> str:
    """The link that came by mail, opened without a log-in."""
    link = re.search(r"(/lacak/[\w-]+/)", customer.server.mail(customer.email, subject))
    assert link is not None
    customer.visit(link[1])
    return link[1]


def begins_an_order(customer: Person) -> None:
    """Step 4: several instruments, kept as they are typed."""
    customer.visit("/pesanan/")
    customer.follow(re.compile("^Kerjakan"))
    _contact_and_wishes(customer)
    customer.follow(re.compile("^Alat yang dikalibrasi"))
    for kind, typed in INSTRUMENTS:
        customer.follow("Tambah alat")
        customer.page.get_by_role("radio", name=kind, exact=True).check()
        customer.press("Lanjutkan")
        customer.fill(typed)
        customer.press("Simpan alat")
    customer.follow("Selesai mengisi alat")


def _contact_and_wishes(customer: Person) -> None:
    customer.follow(re.compile("^Narahubung"))
    customer.field("Nomor ponsel narahubung").fill("0812-0000-0033")
    customer.field("Nomor ponsel narahubung").blur()
    customer.press("Simpan dan lanjutkan")
    customer.follow(re.compile("^Bahasa laporan"))
    customer.page.get_by_role("radio", name="Bahasa Indonesia", exact=True).check()
    customer.page.get_by_role("radio", name="Tanpa pernyataan kesesuaian").check()
    customer.press("Simpan dan lanjutkan")


def sends_the_order(customer: Person) -> None:
    customer.follow("Periksa dan kirim")
    customer.sees("Neraca analitik", "Oven laboratorium", "Perkiraan biaya")
    customer.press("Kirim pesanan")
    customer.sees("Beri tanda bila data sudah benar.")
    customer.page.get_by_role("checkbox", name="Saya menyatakan data pesanan ini benar").check()
    customer.press("Kirim pesanan")
    customer.sees("Pesanan terkirim", "Kode pelacakan")


def objects(customer: Person, reason: str) -> None:
    """Step 7, the answer no: it needs a reason."""
    opens(customer)
    customer.follow("Periksa rincian dan biaya")
    customer.press("Ajukan keberatan")
    expect(customer.page.locator("#reason-error")).to_be_visible()
    customer.fill({"Alasan keberatan": reason})
    customer.press("Ajukan keberatan")
    customer.sees("Kami sedang memeriksa pesanan Anda.")


def accepts(customer: Person) -> None:
    opens(customer)
    customer.follow("Periksa rincian dan biaya")
    customer.press("Setuju, minta kode billing")
    customer.sees("Kami sedang menyiapkan kode billing untuk pembayaran Anda.")


def opens(customer: Person) -> None:
    """His order, from the list of his orders."""
    customer.visit("/pesanan/")
    customer.follow(re.compile(r"^(ORD-|P-)"))


def number(customer: Person) -> str:
    """The number of his order, as he knows it."""
    opens(customer)
    found = re.search(r"ORD-[\d-]+", customer.page.locator("main").inner_text())
    assert found is not None
    return found[0]


def uploads_the_proof(customer: Person, folder: Path) -> None:
    """Step 9. A program renamed to a picture is refused at the field."""
    opens(customer)
    customer.follow("Lihat kode billing dan unggah bukti")
    program = folder / "bukti.png"
    program.write_bytes(b"MZ\x90\x00 bukan gambar")
    customer.field("Bukti pembayaran").set_input_files(program)
    customer.press("Kirim bukti pembayaran")
    expect(customer.page.locator("#id_proof-error")).to_be_visible()
    receipt = folder / "bukti-bayar.png"
    Image.new("RGB", (640, 320), "white").save(receipt)
    customer.field("Bukti pembayaran").set_input_files(receipt)
    customer.press("Kirim bukti pembayaran")
    customer.sees("Bukti pembayaran terkirim.", "Kami sedang memeriksa pembayaran Anda.")


def answers_the_survey(customer: Person) -> None:
    """Step 21: before the survey nothing can be downloaded, after it everything."""
    opens(customer)
    assert customer.page.get_by_role("link", name=re.compile(r"\bUnduh ")).count() == 0
    customer.follow("Isi survei")
    customer.press("Kirim survei")
    expect(customer.page.locator(".summary")).to_be_focused()
    for question in customer.page.locator("fieldset.field").all():
        question.get_by_role("radio", name="Sangat baik").check()
    customer.fill({"Saran atau keluhan": "Pelayanan jelas dan cepat."})
    customer.press("Kirim survei")
    customer.sees("Terima kasih. Laporan Anda sekarang dapat diunduh.")


def downloads(customer: Person, folder: Path) -> list[Path]:
    found = []
    for number, download in enumerate(customer.download(re.compile(r"\bUnduh ")), start=1):
        found.append(folder / f"laporan-{number}.pdf")
        download.save_as(found[-1])
    return found


def closes(customer: Person) -> None:
    """Step 22."""
    opens(customer)
    customer.follow("Nyatakan selesai")
    customer.press("Nyatakan pesanan selesai")
    customer.sees("Pesanan selesai. Terima kasih.")
