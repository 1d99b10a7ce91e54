"""The editor in a real browser, on a server as its users start it: from a Word document to a draft without problems.

Every page is looked at in light and dark, at the desk and on the telephone (see ``tests.journey.inspection``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.browser import NEEDS_BROWSER, clicking
from tests.journey.editing import Desk, Table, imported, until, word_document

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with clicking(tmp_path_factory) as (server, browser):
        yield Desk(server, browser)


def test_two_inferred_actors_are_corrected_by_keyboard_and_the_problems_vanish(desk: Desk, tmp_path: Path) -> None:
    table = imported(desk, tmp_path, "Penerimaan tamu dinas")
    page = table.page
    chosen = "[...document.querySelectorAll('tr[data-row]')].map((row) => row.querySelector('[aria-pressed=true]')?.dataset.col ?? '')"
    assert page.evaluate(chosen) == ["a:staf", "", "a:kasubbag", "a:kepala", "a:staf"]
    assert page.locator("td.guessed").count() == 2
    assert table.problems() > 0
    page.locator("#tab-faults").click()
    page.get_by_role("button", name=re.compile("Langkah 2: Pelaksana belum dipilih")).click()
    table.in_focus("1 a:staf")
    before = table.drawing()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")  # row 2 is done by the Kasubbag
    first = table.wait_for_another_drawing(before)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("b")  # row 3: what was inferred is right
    until(page, "document.querySelectorAll('td.guessed').length === 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")  # row 4: it is the Kasubbag, not the Kepala
    second = table.wait_for_another_drawing(first)
    assert page.locator("td.guessed").count() == 0
    assert page.evaluate(chosen) == ["a:staf", "a:kasubbag", "a:kasubbag", "a:kasubbag", "a:staf"]

    table.saved()
    page.keyboard.press("Control+z")
    third = table.wait_for_another_drawing(second)
    assert page.evaluate(chosen)[3] == "a:kepala" and third == first
    page.keyboard.press("Control+y")
    assert table.wait_for_another_drawing(third) == second

    table.cell(0, "a:staf").focus()
    page.keyboard.press("m")  # the capsules at the beginning and at the end
    table.cell(4, "a:staf").focus()
    page.keyboard.press("s")
    until(page, "document.querySelector('#fault-count').textContent === '0'")
    page.get_by_text("Tidak ada masalah. Konsep ini dapat dikirim.").wait_for()
    table.saved()
    page.reload()
    page.wait_for_selector("#editor:not([hidden])")
    assert table.problems() == 0 and page.evaluate(chosen)[1] == "a:kasubbag"
    desk.lestari.look()


def test_rows_are_written_like_in_a_spreadsheet(desk: Desk, tmp_path: Path) -> None:
    table = imported(desk, tmp_path, "Penyusunan laporan bulanan")
    page = table.page
    table.cell(4, "activity").click()
    page.keyboard.press("Enter")
    table.in_focus("5 activity")
    page.keyboard.type("Menyimpan arsip")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    table.saved()
    assert [page.locator(f'tr[data-row="{n}"] [data-col="no"]').input_value() for n in range(6)] == list("123456")
    page.keyboard.press("Alt+ArrowUp")
    table.in_focus("4 a:staf")
    assert table.cell(4, "activity").input_value() == "Menyimpan arsip"
    page.keyboard.press("Alt+Delete")
    until(page, "document.querySelectorAll('tr[data-row]').length === 5")
    page.keyboard.press("Control+z")
    until(page, "document.querySelectorAll('tr[data-row]').length === 6")
    table.cell(0, "time").fill("maks 14 hari")
    page.get_by_text("paling lama 14 hari").wait_for()
    table.cell(1, "next").fill("9")
    page.keyboard.press("Tab")
    page.locator('tr[data-row="1"] td.next.err').wait_for()
    table.cell(1, "next").fill("")
    page.keyboard.press("Tab")
    until(page, "() => !document.querySelector('td.next.err')")


PASTE = """(texts) => { const data = new DataTransfer(); Object.entries(texts).forEach(([kind, text]) => data.setData(kind, text));
document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""


def test_tables_from_word_and_excel_become_rows(desk: Desk) -> None:
    lestari = desk.lestari
    lestari.visit("/sop/konsep/baru/")
    lestari.page.get_by_label("Nama", exact=False).first.fill("SOP tempelan")
    lestari.page.locator("main form button.p").first.click()
    lestari.page.wait_for_selector("#editor:not([hidden])")
    table, page = Table(lestari), lestari.page
    table.cell(0, "activity").focus()
    html = (
        "<table><tr><th rowspan=2>No</th><th rowspan=2>Kegiatan</th><th colspan=2>Pelaksana</th><th colspan=3>Mutu Baku</th></tr>"
        "<tr><th>Staf</th><th>Kepala</th><th>Kelengkapan</th><th>Waktu</th><th>Output</th></tr>"
        "<tr><td>1</td><td>Menulis<img src=x onerror=alert(1)> konsep</td><td>X</td><td></td><td>Data<br>Blangko</td><td>1 jam</td><td>Konsep</td></tr>"
        "<tr><td>2</td><td>Menyetujui konsep</td><td></td><td>X</td><td></td><td>2 jam</td><td>Laporan</td></tr></table>"
    )
    page.evaluate(PASTE, {"text/html": html})
    until(page, "document.querySelectorAll('tr[data-row]').length === 2")
    assert [table.cell(n, "activity").input_value() for n in (0, 1)] == ["Menulis konsep", "Menyetujui konsep"]
    assert table.cell(0, "requirements").input_value() == "Data\nBlangko"
    assert page.evaluate("[...document.querySelectorAll('[aria-pressed=true].symbol')].map((one) => one.dataset.col)") == [
        "a:staf", "a:kepala",
    ]  # fmt: skip
    table.cell(1, "activity").focus()
    page.evaluate(PASTE, {"text/plain": "Mencetak\tKertas\t5 menit\tCetakan\nMengirim\tAmplop\t1 hari\tResi\n"})
    until(page, "document.querySelectorAll('tr[data-row]').length === 3")
    assert [table.cell(n, "activity").input_value() for n in (1, 2)] == ["Mencetak", "Mengirim"]
    assert table.cell(2, "time").input_value() == "1 hari"
    table.saved()


def test_a_line_that_is_down_and_a_second_window_lose_nothing(desk: Desk, tmp_path: Path) -> None:
    table = imported(desk, tmp_path, "Peminjaman ruang rapat")
    page, url = table.page, table.page.url
    page.route("**/sunting/simpan/", lambda route: route.abort())
    desk.inspection.faults, before = [], desk.inspection.faults
    table.cell(0, "activity").fill("Ketikan tanpa sambungan")
    page.keyboard.press("Tab")
    page.wait_for_selector("#saved.bad")
    page.unroute("**/sunting/simpan/")
    table.cell(0, "remarks").fill("Lagi")
    page.keyboard.press("Tab")
    table.saved()
    desk.inspection.faults = before  # the console rightly complained of the line

    other = desk.lestari.context.new_page()
    other.goto(url)
    other.wait_for_selector("#editor:not([hidden])")
    assert other.locator('tr[data-row="0"] [data-col="activity"]').input_value() == "Ketikan tanpa sambungan"
    other.locator('tr[data-row="1"] [data-col="remarks"]').fill("Dari jendela kedua")
    other.keyboard.press("Tab")
    until(other, "/Tersimpan/.test(document.querySelector('#saved').textContent)")
    other.wait_for_timeout(300)
    table.cell(2, "remarks").fill("Dari jendela pertama")
    page.keyboard.press("Tab")
    page.locator("#conflict:not([hidden])").wait_for()
    desk.lestari.look()
    page.get_by_role("button", name="Pakai yang sudah tersimpan").click()
    until(page, "document.querySelector('tr[data-row=\"1\"] [data-col=remarks]').value === 'Dari jendela kedua'")
    assert table.cell(2, "remarks").input_value() == ""
    page.locator("#redo").click()  # mine is not lost
    until(page, "document.querySelector('tr[data-row=\"2\"] [data-col=remarks]').value === 'Dari jendela pertama'")
    other.close()


def test_a_case_is_played_before_anybody_has_approved_it(desk: Desk, tmp_path: Path) -> None:
    table = imported(desk, tmp_path, "Pengadaan alat tulis")
    page = table.page
    page.locator("#tab-try").click()
    page.get_by_text("SOP ini belum dapat dijalankan").wait_for()
    table.cell(1, "a:kasubbag").click()
    for _ in range(5):
        button = page.locator("#trial [data-act]").first
        button.wait_for()
        said = page.locator("#trial").inner_text()
        button.click()
        until(page, "(old) => document.querySelector('#trial').innerText !== old", arg=said)
    page.get_by_text("Kasus selesai.").wait_for()
    assert page.locator("tr.done").count() == 5
    desk.lestari.look()
    page.get_by_role("button", name="Mundur").click()
    until(page, "document.querySelectorAll('tr.now').length === 1")
    assert page.locator("tr.done").count() == 4


CONTENT = "JSON.parse(document.querySelector('#content').textContent)"


def test_a_row_put_into_a_procedure_in_force_leaves_its_steps_their_names(desk: Desk) -> None:
    """Running cases know steps by their names: numbers go on, names and goals stay."""
    lestari = desk.lestari
    lestari.visit("/sop/sippt-kalibrasi/")
    lestari.page.locator('form[action$="/ubah/"]').first.evaluate("form => form.submit()")
    lestari.page.wait_for_selector("#editor:not([hidden])")
    table, page = Table(lestari), lestari.page
    before = page.evaluate(f"{CONTENT}.steps")
    table.cell(1, "activity").focus()
    page.keyboard.press("Control+Enter")
    table.in_focus("2 activity")
    page.keyboard.type("Langkah sisipan")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    table.saved()
    page.reload()
    page.wait_for_selector("#editor:not([hidden])")
    after = page.evaluate(f"{CONTENT}.steps")
    names = [step.get("id", step["no"]) for step in after]
    assert [step["no"] for step in after] == [str(n) for n in range(1, len(after) + 1)]
    assert [name for n, name in enumerate(names) if n != 2] == [step.get("id", step["no"]) for step in before]
    assert len(set(names)) == len(names)
    for old, new in zip(before, [step for n, step in enumerate(after) if n != 2], strict=True):
        if "exits" in old and old is not before[1]:
            assert new["exits"] == old["exits"]
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")


def test_the_same_document_again_and_what_cannot_be_read_are_told(desk: Desk, tmp_path: Path) -> None:
    lestari = desk.lestari
    file = word_document(tmp_path / "sama.docx", name="Kunjungan lapangan")
    broken = tmp_path / "rusak.docx"
    broken.write_bytes(b"PK\x03\x04 word/document.xml")
    for _ in range(2):
        lestari.visit("/sop/impor/")
        lestari.page.set_input_files("#files", [file, broken])
        lestari.page.get_by_role("button", name="Unggah dan baca").click()
        lestari.page.wait_for_url(re.compile(r"dok=\d+"))
        lestari.page.wait_for_load_state()
    lestari.sees("sudah pernah dibaca oleh", "Dokumen ini tidak dibaca.", "Kunjungan lapangan")
    lestari.look()


def test_nothing_was_wrong_on_any_page(desk: Desk) -> None:
    """Last: what the inspection found on all pages of the tests above."""
    assert desk.inspection.faults == []
