"""The same procedure in every format gives the same draft; hostile files end in a clear message, soon."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from typing import Any

import docx
import openpyxl
import pytest
import typst

from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file

IDENTITY = [
    ["Nomor SOP", "12/PTSP/2024"],
    ["Nama SOP", "Izin Reklame"],
    ["Dasar Hukum", "Kualifikasi Pelaksana"],
    ["1. UU 1", "1. Teliti"],
]
SPANS = [["No", 1], ["Uraian Kegiatan", 1], ["Pelaksana", 3], ["Mutu Baku", 3], ["Ket", 1]]
NAMES = ["", "", "Pemohon", "Petugas Loket", "Kepala Bidang", "Kelengkapan", "Waktu", "Output", ""]
BODY = [
    ["1", "Mengajukan permohonan izin", "○", "", "", "Formulir", "10 menit", "Berkas", "Loket 1"],
    ["2", "Memeriksa berkas, jika tidak lengkap dikembalikan kepada Pemohon untuk dilengkapi", "", "◇", "", "Berkas", "1/2 jam", "Berkas lengkap", ""],
    ["3", "Kepala Bidang menandatangani izin", "", "", "", "Draf izin", "maks 2 hari kerja", "Izin", ""],
]  # fmt: skip


def understood(data: bytes, name: str) -> dict[str, Any]:
    found = read_file(data, name=name)
    assert not isinstance(found, Unreadable), found.reason
    assert len(found) == 1
    told = as_data(found[0])
    del told["warnings"]
    return told


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    head = "\t".join(text + "\t" * (span - 1) for text, span in SPANS)
    lines = ["\t".join(row) for row in IDENTITY] + ["", head, "\t".join(NAMES), *("\t".join(row) for row in BODY)]
    return understood("\n".join(lines).encode(), "sop.txt")


def test_the_reference_is_what_it_should_be(reference):
    assert [(step["no"], step["actor"], step["time_minutes"], step["returns_to"]) for step in reference["steps"]] == [
        ("1", "Pemohon", 10, None),
        ("2", "Petugas Loket", 30, 1),
        ("3", "Kepala Bidang", 900, None),
    ]


def word() -> bytes:
    document = docx.Document()
    identity = document.add_table(0, 2)
    for row in IDENTITY:
        cells = identity.add_row().cells
        cells[0].text, cells[1].text = row
    document.add_paragraph("")
    table = document.add_table(2 + len(BODY), 9)
    at = 0
    for text, span in SPANS:
        cell = table.cell(0, at).merge(table.cell(0, at + span - 1))
        cell.text = text
        at += span
    for number, row in enumerate([NAMES, *BODY], 1):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    return saved(document)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def excel() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in IDENTITY:
        sheet.append(row)
    sheet.append([])
    head: list[str | None] = []
    for text, span in SPANS:
        head += [text] + [None] * (span - 1)
    sheet.append(head)
    for row in [NAMES, *BODY]:
        sheet.append([int(row[0]) if row[0].isdigit() else row[0] or None, *(text or None for text in row[1:])])
    sheet.merge_cells("C6:E6")
    return saved(book)


def page() -> bytes:
    identity = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in IDENTITY)
    head = "".join(
        f"<th colspan='{span}' {'rowspan=2' if text in ('No', 'Ket') else ''}>{text}</th>" for text, span in SPANS
    )
    names = "".join(f"<th>{text}</th>" for text in NAMES[1:-1])
    body = "".join("<tr>" + "".join(f"<td><p>{text}</p></td>" for text in row) + "</tr>" for row in BODY)
    table = f"<table>{identity}</table><p>Bagan</p><table><tr>{head}</tr><tr>{names}</tr>{body}</table>"
    return f"<!DOCTYPE html><html><body>{table}</body></html>".encode()


def pdf() -> bytes:
    def cell(text: str, span: int = 1) -> str:
        symbol = {"○": "#circle(radius: 6pt)", "◇": "#polygon((0pt, 6pt), (8pt, 0pt), (16pt, 6pt), (8pt, 12pt))"}.get(
            text
        )
        return f"table.cell(colspan: {span})[{symbol or text}]"

    identity = ", ".join(cell(text) for row in IDENTITY for text in [*row, ""])
    cells = [cell(text, span) for text, span in SPANS] + [cell(text) for row in [NAMES, *BODY] for text in row]
    source = (
        '#set page(paper: "a4", flipped: true, margin: 1cm)\n#set text(size: 8pt)\n'
        f"#table(columns: (4cm, 8cm, 2cm), {identity})\n"
        f"#table(columns: (1cm, 5cm, 2cm, 2cm, 2cm, 3cm, 2.5cm, 3cm, 2cm), {', '.join(cells)})\n"
    )
    return typst.compile(source.encode())


@pytest.mark.parametrize(
    ("make", "name"), [(word, "sop.docx"), (excel, "sop.xlsx"), (page, "sop.html")], ids=["Word", "Excel", "web page"]
)
def test_every_format_gives_the_same_draft(reference, make, name):
    assert understood(make(), name) == reference


def test_a_pdf_gives_the_same_steps_and_actors(reference):
    told = understood(pdf(), "sop.pdf")
    assert (told["number"], told["name"], told["actors"]) == (
        reference["number"],
        reference["name"],
        reference["actors"],
    )
    assert told["steps"] == reference["steps"]


@pytest.mark.parametrize(
    ("drawn", "actor"),
    [
        ("#rect(width: 16pt, height: 10pt)", "Loket"),
        ("#curve(curve.move((0pt, 0pt)), curve.line((14pt, 0pt)), curve.line((14pt, 10pt)))", None),  # a bent line
        ("#polygon(fill: black, (0pt, 0pt), (10pt, 0pt), (5pt, 9pt))", None),  # the head of an arrow
    ],
)
def test_lines_of_the_flow_are_no_symbols_in_a_pdf(drawn, actor):
    cells = ["No", "Kegiatan", "Pemohon", "Loket", "Kelengkapan", "Waktu", "Output"]
    cells += ["1", "Mencatat", "", drawn, "Buku", "5 menit", "Nomor"]
    source = f'#set page(paper: "a4")\n#table(columns: 7, inset: 8pt, {", ".join(f"[{cell}]" for cell in cells)})\n'
    assert understood(typst.compile(source.encode()), "sop.pdf")["steps"][0]["actor"] == actor


def test_automatic_numbers_of_word_are_read():
    document = docx.Document()
    table = document.add_table(3, 6)
    for column, text in enumerate(["No", "Kegiatan", "Petugas", "Kelengkapan", "Waktu", "Output"]):
        table.cell(0, column).text = text
    for row in (1, 2):
        table.cell(row, 0).paragraphs[0].style = document.styles["List Number"]
        numbers = table.cell(row, 0).paragraphs[0]._p.get_or_add_pPr().get_or_add_numPr()
        numbers.get_or_add_numId().val = document.styles["List Number"].element.pPr.numPr.numId.val
        for column, text in enumerate([f"Kegiatan {row}", "□", "Berkas", "5 menit", "Hasil"], 1):
            table.cell(row, column).text = text
    found = read_file(saved(document), name="sop.docx")
    assert isinstance(found, list)
    assert [step["no"] for step in as_data(found[0])["steps"]] == ["1.", "2."]


def test_a_number_in_the_head_of_the_page_and_a_table_inside_a_frame(reference):
    document = docx.Document()
    document.sections[0].header.add_paragraph("Nomor SOP : 7/A")
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "Bagan alir"
    table = frame.add_table(2, 6)
    for row, texts in enumerate(
        [
            ["No", "Kegiatan", "Petugas", "Kelengkapan", "Waktu", "Output"],
            ["1", "Mencatat", "□", "Buku", "5 menit", "Nomor"],
        ]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    told = understood(saved(document), "sop.docx")
    assert told["number"] == "7/A"
    assert [(step["activity"], step["actor"]) for step in told["steps"]] == [("Mencatat", "Petugas")]


GEOMETRY = '<a:graphic><a:graphicData><wps:wsp><wps:spPr><a:prstGeom prst="{}"/></wps:spPr></wps:wsp></a:graphicData></a:graphic>'


def inline(*kinds: str) -> str:
    """Drawn shapes in the line of the text, all in one drawing."""
    inside = "".join(map(GEOMETRY.format, kinds))
    return f"<w:drawing><wp:inline><wp:extent cx='100000' cy='100000'/>{inside}</wp:inline></w:drawing>"


def floating(kind: str, right: int, down: int = 0) -> str:
    """A drawn shape that floats right of and below its anchor."""
    place = (
        f'<wp:positionH relativeFrom="column"><wp:posOffset>{right}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{down}</wp:posOffset></wp:positionV>'
    )
    inside = f'{place}<wp:extent cx="100000" cy="100000"/>{GEOMETRY.format(kind)}'
    return f"<w:drawing><wp:anchor>{inside}</wp:anchor></w:drawing>"


def old(tag: str, style: str, kind: str = "") -> str:
    """A shape as older Word wrote it."""
    return f'<w:pict><v:{tag} type="#_x0000_{kind}" style="{style}"/></w:pict>'


PICTURE = (
    '<w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:spPr><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
}


@pytest.mark.parametrize(
    ("drawn", "actor", "decision"),
    [
        (inline("flowChartProcess"), "Loket", None),
        (floating("flowChartDecision", 100_000), "Loket", True),
        (floating("flowChartProcess", 2_000_000), None, None),  # over another column than the one that holds it
        (floating("flowChartProcess", 100_000, 2_000_000), None, None),  # over another row
        (floating("flowChartProcess", 0) + floating("flowChartProcess", 100_000), None, None),
        (inline("flowChartProcess", "flowChartDecision"), None, None),  # a whole flowchart in one drawing
        (inline("straightConnector1"), None, None),
        (PICTURE, None, None),
        (old("rect", "width:40pt;height:20pt"), "Loket", None),
        (old("shape", "position:absolute;margin-left:5pt;margin-top:2pt;width:30pt", "t110"), "Loket", True),
        (old("oval", "position:absolute;margin-left:150pt;width:30pt"), None, None),
        (old("line", "position:absolute;margin-left:5pt;width:30pt"), None, None),
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "Loket", None),
        ('<w:sym w:font="Wingdings" w:char="F0E8"/>', None, None),  # an arrow
        ('<w:sym w:font="Wingdings 3" w:char="F071"/>', None, None),
    ],
)
def test_shapes_that_are_drawn_into_cells(drawn, actor, decision):
    def cell(content: str) -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/></w:tcPr><w:p><w:r>{content}</w:r></w:p></w:tc>'

    def row(*texts: str) -> str:
        cells = (cell(text if text.startswith("<") else f"<w:t>{text}</w:t>") for text in texts)
        return f"<w:tr>{''.join(cells)}</w:tr>"

    head = row("No", "Kegiatan", "Pemohon", "Loket", "Kelengkapan", "Waktu", "Output")
    table = f"<w:tbl>{head}{row('1', 'Mencatat', '', drawn, 'Buku', '5 menit', 'Nomor')}</w:tbl>"
    names = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in SPACES.items())
    told = understood(
        package(word__document_xml=f"<w:document {names}><w:body>{table}</w:body></w:document>".encode()), "sop.docx"
    )
    assert (told["steps"][0]["actor"], told["steps"][0]["decision"]) == (actor, decision)


def refused(data: bytes, name: str) -> str:
    begin = sum(os.times()[:4])  # of this process and of those that it starts, whatever else the machine does
    found = read_file(data, name=name)
    assert sum(os.times()[:4]) - begin < 5
    assert isinstance(found, Unreadable)
    return found.reason


def package(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return stream.getvalue()


BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;">' % (c + 1, c, c, c) for c in range(97, 120))
    + b"]><x>&z;</x>"
)  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "kosong.txt", "empty"),
        (b"\x00\x01\x02" * 1000, "acak.bin", "not text"),
        (package(word__document_xml=b"<x>" + b" " * 80_000_000 + b"</x>"), "bom.docx", "zip bomb"),
        (package(word__document_xml=BILLION), "entitas.docx", "entities"),
        (package(xl__workbook_xml=BILLION), "entitas.xlsx", "entities"),
        (package(word__document_xml=b"<a>" * 100_000 + b"</a>" * 100_000), "dalam.docx", "cannot be read"),
        (package(word__document_xml=b"<a>"), "rusak.docx", "cannot be read"),
        (package(catatan_xml=b"<a/>"), "lain.zip", "neither"),
        (b"PK\x03\x04word/document.xml" + b"x" * 500, "potong.docx", "cannot be unpacked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "lama.doc", "save it as DOCX"),
        (b"{\\rtf1 halo}", "kaya.rtf", "Rich Text"),
        (b"%PDF-1.7\nrusak", "rusak.pdf", "cannot be read"),
        (b"Sekadar surat biasa.\nHormat kami.", "surat.txt", "No table of activities"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_cannot_be_read_is_refused_with_the_reason(data, name, words):
    assert words in refused(data, name)


def test_a_page_of_endless_nesting_is_refused():
    assert refused(b"<html>" + b"<div>" * 200_000 + b"x", "dalam.html")


def test_a_pdf_that_unpacks_without_end_is_refused():
    bomb = zlib.compress(b"0 0 m 1 1 l S\n" * 30_000_000, 9)
    body = b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n" \
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF" % (len(bomb), bomb)  # fmt: skip
    assert refused(body, "bom.pdf")


def test_the_unit_that_a_format_of_excel_shows():
    book = openpyxl.Workbook()
    for row in (["No", "Kegiatan", "Staf", "Kelengkapan", "Waktu", "Output"], [1, "Mencatat", "v", "Buku", 5, "Nomor"]):
        book.active.append(row)
    book.active["E2"].number_format = '0 "menit"'
    step = understood(saved(book), "sop.xlsx")["steps"][0]
    assert (step["time_text"], step["time_minutes"]) == ("5 menit", 5)


def test_cells_merged_without_end_are_refused():
    book = openpyxl.Workbook()
    book.active["A1"] = "No"
    endless = saved(book)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(endless)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
            new.writestr(name, old.read(name).replace(b"</sheetData>", merged) if "sheet1" in name else old.read(name))
    assert "merged without end" in refused(stream.getvalue(), "gabung.xlsx")
    page = b"<html><table>" + b"<tr><td colspan=60 rowspan=60>x</td></tr>" * 8_000 + b"</table>"
    assert "merged without end" in refused(page, "gabung.html")
    assert "merged without end" in refused(b"Nomor SOP\t1\n" + page[6:], "gabung.txt")


@pytest.mark.parametrize(
    "words", ["oleh ", "[Diagram: ", "<div border ", "1 A 2 B ", "jika tidak dikembalikan ke ", "a/", "<table "]
)
def test_endless_words_end_soon(words):
    row = f"1\t{words * 20_000}\t□\tA\t5 menit\tB"
    read_file(f"No\tKegiatan\tStaf\tKelengkapan\tWaktu\tOutput\n{row}\n{words * 20_000}\n".encode(), name="x.txt")


def test_a_formula_stays_text():
    book = openpyxl.Workbook()
    book.active["A1"] = '=HYPERLINK("http://contoh.invalid")'
    assert "No table" in refused(saved(book), "rumus.xlsx")


@pytest.mark.parametrize("rows", [10_000])
def test_a_table_of_ten_thousand_rows_ends_soon(rows):
    table = [
        "No\tKegiatan\tPetugas\tKelengkapan\tWaktu\tOutput",
        *(f"{i}\tKegiatan {i}\t□\tBerkas\t5 menit\tHasil" for i in range(rows)),
    ]
    assert "more than" in refused("\n".join(table).encode(), "panjang.txt")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in table:
        sheet.append(line.split("\t"))
    assert "more than" in refused(saved(book), "panjang.xlsx")
    html = (
        "<html><table>"
        + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in line.split(chr(9)))}</tr>" for line in table)
        + "</table>"
    )
    assert "more than" in refused(html.encode(), "panjang.html")
