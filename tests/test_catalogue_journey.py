"""A Word document becomes a running service: imported, two inferred actors corrected, approved by two people who did not
write it, bound to positions, run to its end by three people, and seen in the heat map.

On a server as its users start it; every page is inspected as it came (see ``tests.journey.inspection``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journey.browser import NEEDS_BROWSER, clicking
from tests.journey.editing import Desk, imported, until
from tests.journey.people import Person
from tests.journey.server import Server

pytestmark = NEEDS_BROWSER
NAME = "Penerimaan kunjungan dinas"
SLUG = "penerimaan-kunjungan-dinas"
POSITIONS = {"Staf": "Customer Service", "Kasubbag": "Kepala Subbagian Tata Usaha", "Kepala": "Kepala Balai"}


class Office(Desk):
    """Lestari drafts, Agus checks and reviews, Bambang approves; Dewi works at the counter."""

    def __init__(self, server: Server, browser: Browser) -> None:
        super().__init__(server, browser)
        self.agus, self.dewi = self.person("agus.prasetyo"), self.person("dewi.anggraini")
        self.bambang = self.person("bambang.wirawan")
        for one in (self.agus, self.dewi, self.bambang):
            one.log_in()
        self.bambang.set_up_second_factor()

    def person(self, name: str) -> Person:
        email = f"{name}@bspji-palembang.example"
        return Person(self.browser, self.server, self.inspection, email=email, staff=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with clicking(tmp_path_factory) as (server, browser):
        yield Office(server, browser)


def test_a_word_document_becomes_a_running_service(office: Office, tmp_path: Path) -> None:
    draft = corrected(office, tmp_path)
    judged(office, draft)
    bound(office)
    run_to_its_end(office)
    office.lestari.visit(f"/sop/{SLUG}/panas/")
    office.lestari.sees("Di mana SOP ini tersendat?")
    table = office.lestari.page.locator("table.heat-map tbody tr")
    assert [row.locator("td").all_inner_texts()[-2] for row in table.all()] == ["1"] * 5
    office.lestari.look()
    assert office.inspection.faults == []


def corrected(office: Office, folder: Path) -> str:
    """The draft without problems: two actors that were inferred are set right. Returns the address of its life."""
    table = imported(office, folder, NAME)
    page = table.page
    assert page.locator("td.guessed").count() == 2
    table.cell(1, "a:staf").focus()
    # Row 2 tells no actor. What was inferred from the words is wrong twice: the staff writes the draft, the Kasubbag signs.
    for row, actor in ((1, "kepala"), (2, "staf"), (3, "kasubbag")):
        table.cell(row, f"a:{actor}").focus()
        page.keyboard.press("Space")
    until(page, "document.querySelectorAll('td.guessed').length === 0")
    for row, key in ((0, "m"), (4, "s")):
        table.cell(row, "a:staf").focus()
        page.keyboard.press(key)
    until(page, "document.querySelector('#fault-count').textContent === '0'")
    table.saved()
    return re.sub(r"sunting/.*", "", page.url)


def judged(office: Office, draft: str) -> None:
    """Sent by who wrote it; checked and reviewed by one, approved by another; neither can be who wrote it."""
    office.lestari.visit(draft)
    office.lestari.fill({"Apa yang berubah": "SOP baru.", "Alasan perubahan": "Belum ada SOP untuk kunjungan."})
    office.lestari.press("Kirim untuk diperiksa")
    office.lestari.does_not_see("Periksa konsep ini")
    office.agus.visit(draft)
    office.agus.press("Setuju, teruskan ke kaji ulang")
    office.agus.press("Setuju, teruskan untuk disahkan")
    office.agus.does_not_see("Sahkan dan terbitkan")
    office.bambang.visit(draft)
    office.bambang.press("Sahkan dan terbitkan")
    office.bambang.sees("Disahkan")


def bound(office: Office) -> None:
    """Positions stand behind the actors; before that, the procedure cannot begin."""
    lestari = office.lestari
    lestari.visit(f"/sop/{SLUG}/pelaksana/")
    lestari.sees("belum punya jabatan")
    for actor, position in POSITIONS.items():
        lestari.page.get_by_label(f"Tambah jabatan untuk {actor}", exact=True).select_option(label=position)
    lestari.press("Simpan pelaksana")
    lestari.does_not_see("belum punya jabatan")


def run_to_its_end(office: Office) -> None:
    dewi, lestari, bambang = office.dewi, office.lestari, office.bambang
    dewi.visit("/mulai/")
    dewi.follow(re.compile("Mulai"), within=dewi.page.locator("li, tr, .rowl", has_text=NAME).last)
    dewi.fill({"Perihal": "Kunjungan PT Contoh"})
    dewi.press("Mulai kasus")
    for step, person in (("1", dewi), ("2", bambang), ("3", dewi), ("4", lestari), ("5", dewi)):
        person.take_up("Kunjungan PT Contoh", step)
        person._leave(person.task.locator("button.p").last)
    dewi.visit("/kasus/?status=finished")
    dewi.sees("Kunjungan PT Contoh")
