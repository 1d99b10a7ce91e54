"""Pages keep the promises of the drawing, lose no flow, and lead on by letters that agree."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.core.procedure_files import procedure_files
from sopan.drawing.cells import PAPERS, table
from sopan.drawing.matrix import RowKind, Shape, flows
from sopan.drawing.pages import Page, letter, paginate
from sopan.drawing.sheet import sheets
from sopan.drawing.tests import examples, made_up
from sopan.drawing.tests.guarantees import broken

ROOM = 620.0
PROCEDURES = Path(__file__).parents[3] / "procedures"


def _wrong(procedure: Procedure, pages: list[Page]) -> list[str]:
    found = [told for page in pages for told in broken(page.drawing)]
    if [place for page in pages for place in page.places] != list(range(len(procedure.steps))):
        found.append("steps are lost or doubled")
    if len({tuple(round(left, 1) for left in page.drawing.lefts) for page in pages}) > 1:
        found.append("columns differ between pages")
    if any(page.drawing.height > ROOM and len(page.places) > 1 for page in pages):
        found.append("a page is too long")
    if _drawn(pages) != Counter((step.id, flow.target) for step in procedure.steps for flow in flows(step)):
        found.append("flows are lost or doubled")
    return found


def _drawn(pages: list[Page]) -> Counter[tuple[str, str]]:
    """The flows of all pages, those through connectors put together again by their letters."""
    arriving = {}
    for page in pages:
        for flow in page.drawing.matrix.flows:
            if "\n" in flow.source:
                arriving[flow.source.split("\n")[0]] = flow.target
    found: Counter[tuple[str, str]] = Counter()
    letters = {one.letter for page in pages for one in page.connectors}
    for page in pages:
        for flow in page.drawing.matrix.flows:
            if "\n" not in flow.source:
                head = flow.target.split("\n")[0]
                through = "\n" in flow.target and head in letters and flow.target[-1] != "\n"
                found[flow.source, arriving[head] if through else flow.target] += 1
    return found


@pytest.mark.parametrize("path", list(procedure_files(PROCEDURES)), ids=lambda path: path.stem)
def test_every_procedure_breaks_rightly(path: Path) -> None:
    procedure = load(path.read_text(), file=path.name)
    assert isinstance(procedure, Procedure)
    assert not _wrong(procedure, paginate(procedure, room=ROOM))


@pytest.mark.parametrize("fifty", range(2))
def test_a_hundred_made_up_procedures_break_rightly(fifty: int) -> None:
    wrong = {}
    for seed in range(fifty * 50, fifty * 50 + 50):
        procedure = made_up.procedure(seed)
        if found := _wrong(procedure, paginate(procedure, room=ROOM)):
            wrong[seed] = found
    assert wrong == {}


def test_a_strip_with_more_connectors_than_columns_has_a_second_row() -> None:
    rows = Counter(
        (seed, number, row.kind)
        for seed in (14, 19, 31, 35)
        for number, page in enumerate(paginate(made_up.procedure(seed), room=ROOM))
        for row in page.drawing.matrix.rows
        if row.kind in (RowKind.FROM_BEFORE, RowKind.TO_NEXT)
    )
    assert max(rows.values()) >= 2


def test_what_fits_is_one_page() -> None:
    (page,) = paginate(examples.INFORMATION, room=ROOM)
    assert page.connectors == ()


def test_a_break_avoids_loops() -> None:
    """The certification breaks where one flow goes on, not inside the loop of steps 9 to 11."""
    pages = paginate(examples.CERTIFICATION, room=ROOM)
    assert [len(page.connectors) for page in pages] == [1, 1]
    pentagons = [
        placed.symbol for page in pages for placed in page.drawing.symbols if placed.symbol.shape is Shape.PENTAGON
    ]
    assert [symbol.text for symbol in pentagons] == ["A", "A"]
    assert len({symbol.first for symbol in pentagons}) == 1


def test_letters_go_on_after_z() -> None:
    assert [letter(number) for number in (0, 25, 26, 27, 51, 52)] == ["A", "Z", "AA", "AB", "AZ", "BA"]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("seed", [3, 8, 21])
def test_the_table_fits_its_paper(paper: str, seed: int) -> None:
    laid = table(made_up.procedure(seed), paper=PAPERS[paper], above=14)
    pixels = 96 / 25.4
    assert laid.width * laid.scale <= (PAPERS[paper].width - 20) * pixels + 0.5
    for page in laid.pages:
        assert (sum(laid.heading) + page.drawing.height) * laid.scale <= (PAPERS[paper].height - 34) * pixels + 0.5


def test_a_sheet_is_sound_and_says_everything() -> None:
    (sheet,) = sheets(examples.INFORMATION, paper=PAPERS["a4"], foot="Dicetak 21 November 2026")
    root = ElementTree.fromstring(sheet)
    assert (root.get("width"), root.get("height")) == ("297mm", "210mm")
    words = " ".join(" ".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    for step in examples.INFORMATION.steps:
        for word in step.activity.split():
            assert word in words.replace("- ", "")
    assert "Halaman 1 dari 1" in words and "Dicetak 21 November 2026" in words
    assert not re.search(r"style=|<style|<script|href", sheet)


def test_every_page_repeats_the_headings() -> None:
    for sheet in sheets(examples.CALIBRATION, paper=PAPERS["f4"]):
        assert all(heading in sheet for heading in ("Kegiatan", "Pelaksana", "Mutu Baku", "Kepala", "Output"))
