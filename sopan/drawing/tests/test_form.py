"""The form and the page for the screen say what the document says, and nothing of their own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from sopan.core.model import Approval
from sopan.drawing.cells import PAPERS
from sopan.drawing.document import document
from sopan.drawing.form import form
from sopan.drawing.tests import examples, made_up

IDENTITY = replace(
    examples.INFORMATION.identity,
    made=date(2020, 3, 2),
    approved_by=Approval("Kepala Dinas", "Nama Contoh"),
    legal_bases=("Undang-Undang Nomor 14 Tahun 2008",),
)
PROCEDURE = replace(examples.INFORMATION, identity=IDENTITY)


def test_the_form_has_the_blocks_of_the_regulation() -> None:
    data, images = form(PROCEDURE, paper=PAPERS["f4"], institution="Dinas", parent="Provinsi", day=date.isoformat)
    assert [label for label, *_ in data["identity"]] == [
        "Nomor SOP",
        "Tanggal Pembuatan",
        "Tanggal Revisi",
        "Tanggal Efektif",
        "Disahkan oleh",
        "Nama SOP",
    ]
    assert [value for _, value, *_ in data["identity"]][1:5] == [
        "2020-03-02",
        "–",
        "–",
        {"position": "Kepala Dinas", "name": "Nama Contoh"},
    ]
    assert [heading for heading, _ in data["blocks"]] == [
        "Dasar Hukum",
        "Kualifikasi Pelaksana",
        "Keterkaitan",
        "Peralatan/Perlengkapan",
        "Peringatan",
        "Pencatatan dan Pendataan",
    ]
    assert len(data["sheets"]) == len(images)
    json.dumps(data)


def test_every_step_stands_on_one_page_with_its_words() -> None:
    procedure = made_up.procedure(8)
    data, _ = form(procedure, paper=PAPERS["a4"], institution="", parent="", day=date.isoformat)
    rows = [row["cells"] for sheet in data["sheets"] for row in sheet["rows"] if row["cells"][0]]
    assert [row[:2] for row in rows] == [[step.no, step.activity] for step in procedure.steps]
    for sheet in data["sheets"]:
        assert abs(sum(row["height"] for row in sheet["rows"]) - sheet["height"]) < 0.01
        assert abs(sum(sheet["actors"]) - sheet["width"]) < 0.01


def test_the_picture_tells_in_words_where_each_step_leads() -> None:
    data, _ = form(PROCEDURE, paper=PAPERS["a4"], institution="", parent="", day=date.isoformat)
    assert "2. Petugas Informasi, ke Ya: langkah 3; Tidak: langkah 8" in data["sheets"][0]["alt"]


class _Balanced(HTMLParser):
    VOID = {"meta", "col", "br", "path", "rect", "input"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_for_the_screen_stands_alone() -> None:
    hostile = replace(PROCEDURE.steps[0], activity="<script>alert(1)</script> & selesai")
    page = document(replace(PROCEDURE, steps=(hostile, *PROCEDURE.steps[1:])))
    _Balanced().feed(page)
    assert not re.search(r"<script|src=|href=|url\(", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; selesai" in page
    assert page.count('<svg class="matrix"') == 11
