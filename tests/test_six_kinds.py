"""One order of six instruments of six kinds, from readings on paper to six certificates with two signatures.

The readings stand in the spreadsheets of the worked examples; the analyst types and pastes them in a browser. What the PDF
and the DCC inside of it say is compared with what the formulas of the spreadsheets compute, digit by digit. How an order
comes to this step is shown by test_journey.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journey import customer as customers
from tests.journey import staff
from tests.journey.browser import NEEDS_BROWSER, clicking
from tests.journey.inspection import Inspection
from tests.journey.people import DEMO_PASSWORD, Person
from tests.journey.server import ROOT, Server
from tests.six_kinds.kinds import KINDS, Kind
from tests.six_kinds.said import comma, row_of_dcc, row_of_page, text_of

pytestmark = [
    *NEEDS_BROWSER,
    pytest.mark.skipif(not shutil.which("pdfsig"), reason="no pdfsig (install poppler-utils)"),
]
PLAY = "from tests.six_kinds.order import play; print(play())"
CUSTOMER = "rina.wulandari@pangan-musi.example"
ROLES = {
    "analis": "fajar.nugroho",
    "penyelia": "yusuf.maulana",
    "mt": "agus.prasetyo",
    "ketua": "hendra.kusuma",
    "cs": "dewi.anggraini",
    "kepala": "bambang.wirawan",
}
SLOWER = 30_000
WIDE = 8  # with more readings a point has a table of its own


class People:
    """Those who take part, each with a browser of his own; ``number``: of the order, by which all of them know it."""

    def __init__(self, server: Server, browser: Browser, *, number: str) -> None:
        self.number, self.inspection = number, Inspection(server.url)
        self.customer = Person(browser, server, self.inspection, email=CUSTOMER, staff=False)
        for role, account in ROLES.items():
            email = f"{account}@bspji-palembang.example"
            setattr(self, role, Person(browser, server, self.inspection, email=email, staff=True))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with clicking(tmp_path_factory) as (server, browser):
        command = [sys.executable, "-m", "sopan", "shell", "-c", PLAY]
        played = subprocess.run(command, env=server.env, cwd=ROOT, capture_output=True, text=True)
        assert played.returncode == 0, played.stderr
        yield People(server, browser, number=played.stdout.split()[-1])


def test_six_certificates_say_what_the_spreadsheets_compute(people: People, tmp_path: Path) -> None:
    p = people
    measures_everything(p)
    checked(p)
    printed_and_signed(p)
    files = handed_over(p, tmp_path)

    by_kind = {kind.name: file for kind in KINDS for file in files if kind.typed["serial_number"] in text_of(file)}
    assert len(files) == len(by_kind) == len(KINDS)
    found = {kind.name: (row_of_page(by_kind[kind.name], kind), row_of_dcc(by_kind[kind.name])) for kind in KINDS}
    assert found == {kind.name: (kind.certified(), kind.certified()) for kind in KINDS}
    for file in files:
        assert signers(file) == ["Agus Prasetyo, M.Si.", "Ir. Bambang Wirawan, M.T."]
    assert "\n".join(p.inspection.faults) == ""


# The analyst ----------------------------------------------------------------------------------------------------------


def measures_everything(p: People) -> None:
    """Step 14: a sheet for each instrument, and the step."""
    analis, number = p.analis, p.number
    analis.log_in()
    for kind in KINDS:
        analis.take_up(number, "14")
        analis.follow(re.compile(re.escape(kind.name)))
        fills_in(analis, kind)
        analis.press("Serahkan hasil ke Penyelia")
        analis.does_not_see("Periksa isian berikut")
    analis.take_up(number, "14")
    analis.finish("Selesaikan: Pengujian dan isi hasil")


def fills_in(analis: Person, kind: Kind) -> None:
    """A sheet from the first choice to the last reading, as its labels name things."""
    method = kind.method
    choice = analis.field("Pilih metode")
    choice.select_option(label=next(o for o in choice.locator("option").all_inner_texts() if o.startswith(method.name)))
    analis.press("Pakai")
    today = f"{datetime.now(ZoneInfo('Asia/Jakarta')):%Y-%m-%d}"
    weather = kind.data("environment")
    analis.fill(
        {
            "Mulai kalibrasi": today,
            "Selesai kalibrasi": today,
            "Tempat kalibrasi": "Laboratorium Kalibrasi",
            "Suhu ruang": comma(weather["temperature"][0]),
            "Kelembapan relatif": comma(weather["humidity"][0]),
        }
    )
    for slot in method.standards:
        analis.page.get_by_role("checkbox", name=re.compile(rf"^{re.escape(kind.standard(slot.name))} ")).check()
    for one in method.fields:
        told = {**kind.data("field"), **kind.data("choice")}.get(one.name)
        if told is None:
            continue
        place = analis.field(one.label)
        if one.options:
            place.select_option(told[0])
        else:
            place.fill(comma(told[0]))
    reads_once(analis, kind)
    reads_points(analis, kind)
    expect(analis.page.locator("#hitung")).to_contain_text("Anggaran ketidakpastian", timeout=SLOWER)
    expect(analis.page.locator("#hitung")).not_to_contain_text("belum lengkap")


def reads_once(analis: Person, kind: Kind) -> None:
    """Readings of the whole instrument: a row a column of the method."""
    told = kind.data("sheet_reading")
    for column in kind.method.sheet_readings:
        pastes(analis, analis.field(f"{column.label} 1"), [told[column.name]])


def reads_points(analis: Person, kind: Kind) -> None:
    """The one point: all its readings in a row, or under each other where there are many."""
    told, columns = kind.data("reading"), kind.method.readings
    if sum(column.repeats for column in columns) > WIDE:
        analis.field(f"Titik ukur ({kind.unit})").first.fill(comma(kind.point))
        rows = list(zip(*(told[column.name] for column in columns), strict=True))
        pastes(analis, analis.field(f"{columns[0].label} 1, baris 1"), rows)
    else:
        row = [kind.point, *(text for column in columns for text in told[column.name])]
        pastes(analis, analis.field("Titik ukur, baris 1"), [row])


def pastes(analis: Person, place: Locator, rows: Sequence[Sequence[str]]) -> None:
    """A block from a spreadsheet, with the commas that a spreadsheet here has."""
    text = "\n".join("\t".join(comma(one) for one in row) for row in rows)
    analis.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    place.fill("")
    place.focus()
    analis.page.keyboard.press("Control+V")
    expect(place).to_have_value(comma(rows[0][0]))


# The others -----------------------------------------------------------------------------------------------------------


def checked(p: People) -> None:
    """Steps 15 to 17: the supervisor and the technical manager check, the head of the team numbers."""
    for person, step, button in (
        (p.penyelia, "15", "Hasil benar"),
        (p.mt, "16", "Hasil sah"),
        (p.ketua, "17", "Selesaikan: Terbitkan No E-LHU"),
    ):
        person.log_in()
        if person is p.mt:
            person.set_up_second_factor()
        person.take_up(p.number, step)
        person.finish(button)


def printed_and_signed(p: People) -> None:
    """Steps 18 and 19: printed, authorised by the technical manager and signed by the head, each with one passphrase."""
    cs = p.cs
    cs.log_in()
    cs.take_up(p.number, "18")
    cs.press("Cetak E-LHU", within=cs.task)
    reports = cs.page.locator("#laporan")
    expect(reports.get_by_role("link", name=re.compile("^Baca "))).to_have_count(len(KINDS), timeout=SLOWER)
    expect(reports).not_to_contain_text("sedang dicetak", timeout=SLOWER)
    cs.take_up(p.number, "18")
    cs.finish("Minta tanda tangan")
    signs_all(p.mt, p.number)
    p.kepala.log_in()
    p.kepala.set_up_second_factor()
    signs_all(p.kepala, p.number)


def signs_all(person: Person, number: str) -> None:
    """Reads each report of this order, ticks it, and types the passphrase once."""
    person.visit("/tanda-tangan/")
    for paper in person.page.locator("li.pick", has_text=number).all():
        with person.context.expect_page() as opened:
            paper.get_by_role("button", name=re.compile("^Baca ")).click()
        opened.value.close()
        paper.get_by_role("checkbox").check()
    person.fill({"Passphrase sertifikat elektronik Anda": staff.PASSPHRASE})
    person.press("Tanda tangani yang dipilih")
    expect(person.page.locator(".outcomes .chip.ok")).to_have_count(len(KINDS), timeout=SLOWER)


def handed_over(p: People, folder: Path) -> list[Path]:
    """Steps 20 and 21: released, the survey, and the files in the hands of the customer."""
    cs, customer = p.cs, p.customer
    cs.take_up(p.number, "20")
    for box in cs.task.get_by_role("checkbox").all():
        box.check()
    cs.finish("Teruskan ke pelanggan")
    customer.log_in(DEMO_PASSWORD)
    customers.answers_the_survey(customer)
    return customers.downloads(customer, folder)


# What the files say, by poppler ----------------------------------------------------------------------------------------


def signers(file: Path) -> list[str]:
    """Who signed, in this order; every signature is valid and the last covers the whole file."""
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"Signer Certificate Common Name: (.+)", said)
    assert re.findall(r"Signature Validation: (.+)", said) == ["Signature is Valid."] * len(names), said
    assert said.count("Total document signed") == 1, said
    return names
