"""Who drafts procedures, at a desk with a Word document and the table of the editor."""

from __future__ import annotations

import re
from pathlib import Path

import docx
from playwright.sync_api import Browser

from .inspection import Inspection
from .people import Person
from .server import Server, within

DRAFTER = "lestari.handayani@bspji-palembang.example"
ROWS = [
    ("No", "Kegiatan", "Pelaksana", "", "", "Mutu Baku", "", "", "Keterangan"),
    ("", "", "Staf", "Kasubbag", "Kepala", "Kelengkapan", "Waktu", "Output", ""),
    ("1", "Menerima surat permohonan kunjungan", "■", "", "", "Surat permohonan", "10 menit", "Lembar disposisi", ""),
    ("2", "Memeriksa jadwal kunjungan", "", "", "", "Lembar disposisi", "1 jam", "Jadwal", ""),
    ("3", "Kasubbag menyiapkan konsep jawaban", "", "", "", "Jadwal", "maks 2 hari", "Konsep jawaban", ""),
    ("4", "Kepala menandatangani jawaban", "", "", "", "Konsep jawaban", "1 jam", "Surat jawaban", ""),
    ("5", "Menyampaikan jawaban kepada tamu", "■", "", "", "Surat jawaban", "15 menit", "Tanda terima", ""),
]


class Desk:
    """A server, a browser, and Lestari, who drafts procedures."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.inspection = Inspection(server.url)
        self.lestari = Person(browser, server, self.inspection, email=DRAFTER, staff=True)
        self.lestari.log_in()


def word_document(path: Path, *, name: str, rows: list[tuple[str, ...]] = ROWS) -> Path:
    """The SOP-AP form as people write it in Word."""
    document = docx.Document()
    document.add_paragraph("Nomor SOP : 12/UM/2026")
    document.add_paragraph(f"Nama SOP : {name}")
    table = document.add_table(rows=len(rows), cols=9)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 2).merge(table.cell(0, 4))
    table.cell(0, 5).merge(table.cell(0, 7))
    document.save(str(path))
    return path


def until(page: object, expression: str, arg: object = None) -> None:
    """Ask the page again and again: its policy forbids the waiting that evaluates text inside of it."""
    within(15, lambda: page.evaluate(expression, arg), expression)


class Table:
    """The table of the editor as a person meets it."""

    def __init__(self, person: Person) -> None:
        self.page = person.page

    def cell(self, row: int, column: str) -> object:
        return self.page.locator(f'tr[data-row="{row}"] [data-col="{column}"]').first

    def drawing(self) -> str:
        return self.page.evaluate("[...document.querySelectorAll('.flow')].map((one) => one.innerHTML).join()")

    def wait_for_another_drawing(self, before: str) -> str:
        until(
            self.page,
            "(old) => !document.querySelector('tr.stale') && [...document.querySelectorAll('.flow')].map((one) => one.innerHTML).join() !== old",
            arg=before,
        )
        return self.drawing()

    def saved(self) -> None:
        until(
            self.page,
            "/^Tersimpan sebagai konsep \\d\\d\\.\\d\\d WIB$/.test(document.querySelector('#saved').textContent.trim())",
        )

    def problems(self) -> int:
        return int(self.page.locator("#fault-count").inner_text())

    def focus(self) -> str:
        return self.page.evaluate(
            "`${document.activeElement.closest('tr')?.dataset.row} ${document.activeElement.dataset.col}`"
        )

    def in_focus(self, where: str) -> None:
        until(
            self.page,
            "(where) => `${document.activeElement.closest('tr')?.dataset.row} ${document.activeElement.dataset.col}` === where",
            arg=where,
        )


def imported(desk: Desk, folder: Path, name: str) -> Table:
    """Upload a document, choose the SOP in it, and stand in the editor."""
    lestari = desk.lestari
    lestari.visit("/sop/impor/")
    file = word_document(folder / f"{name}.docx", name=name)
    lestari.page.set_input_files("#files", file)
    lestari.page.get_by_role("button", name="Unggah dan baca").click()
    lestari.page.wait_for_url(re.compile(r"dok=\d+"))
    lestari.page.wait_for_load_state()
    lestari.sees(name, "disimpulkan")
    lestari.look()
    lestari.page.get_by_role("checkbox", name=f"Pilih {name}").check()
    lestari.press("Jadikan konsep")
    lestari.page.wait_for_selector("#editor:not([hidden])")
    return Table(lestari)
