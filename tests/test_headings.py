"""A number without its unit means nothing: where the source tells the unit in the heading, the form does so too."""

from __future__ import annotations

from datetime import date

import pytest

from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.drawing.cells import PAPERS, headings, table
from sopan.drawing.document import document
from sopan.drawing.form import form
from sopan.exchange.writers.table import table_of

TEXT = """
format: 1
identity: {number: "1", name: Surat}
UNIT
actors: {staf: {name: STAF}}
steps:
  - {no: 1, actor: staf, kind: start, activity: Mencatat surat, time: FIRST}
  - {no: 2, actor: staf, kind: end, activity: Menyimpan surat, time: 30 menit, end: finished}
"""


def procedure(unit: str, first: str) -> Procedure:
    found = load(TEXT.replace("UNIT", f"time_unit: {unit}" if unit else "").replace("FIRST", first), file="surat.yaml")
    assert isinstance(found, Procedure), found
    return found


@pytest.mark.parametrize(
    ("unit", "first", "told"),
    [
        ("minute", "10", "Waktu (menit)"),
        ("working_day", "2", "Waktu (hari kerja)"),
        ("", "10 menit", "Waktu"),
        ("minute", "10 menit", "Waktu"),  # every time tells its own
    ],
)
def test_the_heading_of_the_times_tells_the_unit_that_the_numbers_lack(unit: str, first: str, told: str) -> None:
    found = procedure(unit, first)
    assert headings(found)["time"] == told
    data, _pictures = form(found, paper=PAPERS["a4"], institution="Balai", parent="", day=date.isoformat)
    assert data["headings"]["time"] == told
    assert f">{told}</th>" in document(found)
    assert told in table_of(found).names


def test_the_row_of_headings_is_high_enough_for_a_heading_of_two_lines() -> None:
    long, short = (
        table(procedure(unit, first), paper=PAPERS["a4"], above=8)
        for unit, first in (("working_day", "2"), ("", "2 jam"))
    )
    assert long.heading[1] > short.heading[1]
