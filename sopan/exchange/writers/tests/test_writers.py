"""Word and Excel files hold the table as people know it, and the importer reads the same steps out of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT

from sopan.core.model import Actor, Participation, Procedure, StepKind
from sopan.exchange.bpmn.tests.files import FILES, NAMES, calibration, procedure_at
from sopan.exchange.document import Unreadable
from sopan.exchange.draft import DraftProcedure, Told
from sopan.exchange.open_file import read_file
from sopan.exchange.words import clean
from sopan.exchange.writers import WRITERS
from sopan.exchange.writers.docx import write_docx
from sopan.exchange.writers.json import write_json
from sopan.exchange.writers.table import table_of
from sopan.exchange.writers.xlsx import write_xlsx

FORMULAS = ("=1+1", "+62 811", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1")


def imported(data: bytes) -> DraftProcedure:
    found = read_file(data, name="sop")
    assert not isinstance(found, Unreadable), found
    (draft,) = found
    return draft


def value(told: Told[Any] | None) -> Any:
    return told.value if told else ""


@pytest.mark.parametrize("to", ["xlsx", "docx"])
@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_procedure_is_imported_with_the_same_steps(path: Path, to: str) -> None:
    made = procedure_at(path)
    draft = imported(WRITERS[to](made))
    assert draft.actors == [clean(actor.name) for actor in made.actors]
    assert (value(draft.number), value(draft.name)) == (clean(made.identity.number), clean(made.identity.name))
    assert [
        (value(one.no), value(one.activity), value(one.actor), value(one.time.text)) for one in draft.steps
    ] == [
        (clean(one.no).strip("-"), clean(one.activity), clean(made.actor_by_id[one.actors[0]].name), clean(one.time.printed))
        for one in made.steps
    ]  # fmt: skip
    assert [(value(one.requirements), value(one.output), value(one.remarks)) for one in draft.steps] == [
        (clean("; ".join(item.text for item in one.requirements)), clean("; ".join(one.outputs)), clean(one.remarks))
        for one in made.steps
    ]


@pytest.mark.parametrize("write", [write_xlsx, write_docx])
def test_the_identity_block_is_imported_too(write: Callable[[Procedure], bytes]) -> None:
    identity = imported(write(calibration())).identity
    assert identity["made"] == "5 Mei 2025"
    assert identity["legal_bases"] == [clean(text) for text in calibration().identity.legal_bases]
    assert identity["equipment"] == list(calibration().identity.equipment)
    assert str(identity["approved_by"]).startswith("Kepala BSPJI Palembang")


def test_symbols_stand_in_the_column_of_who_acts() -> None:
    table = table_of(calibration())
    actors = slice(2, 2 + len(table.actors))
    assert table.rows[0][actors] == ("○", "", "", "", "", "", "", "", "")
    assert table.rows[1][actors] == ("□", "", "", "", "", "", "", "", "")
    assert table.rows[4][actors] == ("", "", "◇", "", "", "", "", "", "")
    assert table.rows[4][actors.stop :] == ("Pengajuan Order", "10 Menit", "Order Pelanggan", "")


def test_who_acts_together_has_a_sign_that_is_not_taken_for_the_symbol() -> None:
    steps = (
        replace(calibration().steps[0], actors=("cs", "mt"), participation=Participation.ALL),
        *calibration().steps[1:],
    )
    made = replace(calibration(), steps=steps)
    assert table_of(made).rows[0][2:11] == ("", "", "○", "", "", "", "↔", "", "")
    for write in (write_xlsx, write_docx):
        assert value(imported(write(made)).steps[0].actor) == "CS"


def test_where_answers_lead_stands_under_the_table() -> None:
    ways = table_of(calibration()).ways
    assert ways[0] == "Langkah 3: Aktifkan akun: ke langkah 4; Tolak pendaftaran: ditolak."
    told = {one.no for one in calibration().steps if one.kind is StepKind.DECISION}
    assert {way.split(":")[0].removeprefix("Langkah ") for way in ways} == told


# Excel ----------------------------------------------------------------------------------------------------------------


def hostile() -> Procedure:
    first = replace(calibration().steps[0], activity=FORMULAS[0], remarks=FORMULAS[1], outputs=(FORMULAS[2],), no="=2")
    second = replace(calibration().steps[1], activity=FORMULAS[3], remarks=FORMULAS[4], outputs=(FORMULAS[5],))
    actors = (Actor("pelanggan", '=HYPERLINK("x")'), *calibration().actors[1:])
    identity = replace(calibration().identity, name="=A1", legal_bases=("@x",))
    return replace(calibration(), identity=identity, actors=actors, steps=(first, second, *calibration().steps[2:]))


def test_nothing_in_a_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(hostile())))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    begun = [cell for cell in cells if str(cell.value)[0] in "=+-@\t"]
    assert {str(cell.value) for cell in begun} >= set(FORMULAS)
    assert all(cell.quotePrefix for cell in begun)
    assert not any(cell.quotePrefix for cell in cells if cell not in begun)


def test_a_workbook_prints_in_landscape_with_its_head_on_each_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(calibration())))["SOP"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    head = int(str(sheet.print_title_rows).strip("$").split(":")[0])
    assert [cell.value for cell in sheet[head] if cell.value] == [
        "No",
        "Uraian Kegiatan",
        "Pelaksana",
        "Mutu Baku",
        "Ket",
    ]


@pytest.mark.parametrize("write", [write_xlsx, write_docx])
def test_a_letter_that_a_file_cannot_hold_is_refused(write: Callable[[Procedure], bytes]) -> None:
    broken = replace(calibration(), steps=(replace(calibration().steps[0], activity="\x01"), *calibration().steps[1:]))
    with pytest.raises(ValueError):
        write(broken)


# Word -----------------------------------------------------------------------------------------------------------------


def test_a_document_is_landscape_a4_with_its_head_on_each_page() -> None:
    document = docx.Document(io.BytesIO(write_docx(calibration())))
    (section,) = document.sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    identity, table = document.tables
    assert [cell.text for cell in identity.rows[0].cells] == ["Nomor SOP", "SOP 31/BSPJI-3"]
    repeated = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows]
    assert repeated == [True, True] + [False] * 22
    assert table.cell(0, 2).text == table.cell(0, 10).text == "Pelaksana"
    assert [cell.text for cell in table.rows[1].cells] == [
        "No", "Uraian Kegiatan", *(actor.name for actor in calibration().actors), "Kelengkapan", "Waktu", "Output", "Ket",
    ]  # fmt: skip
    assert table.rows[6].cells[1].text == calibration().steps[4].activity


def test_equal_procedures_give_equal_files() -> None:
    for write in (write_docx, write_json):
        assert write(calibration()) == write(replace(calibration()))
