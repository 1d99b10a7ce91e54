"""Word, Excel and web pages in shapes that few bodies use. All procedures are invented."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import time, timedelta
from time import process_time
from typing import Any

import openpyxl
import pytest
import typst

from sopan.exchange.as_json import as_data
from sopan.exchange.document import Unreadable
from sopan.exchange.open_file import read_file

HEAD = [
    ["No", "Kegiatan", "Pelaksana", "", "Mutu Baku", "", "", "Ket"],
    ["", "", "Pemohon", "Staf", "Kelengkapan", "Waktu", "Output", ""],
]
ROWS = [
    ["1", "Menerima berkas", "", "□", "Surat", "5 menit", "Berkas", ""],
    ["2", "Memeriksa berkas", "□", "", "Berkas", "1 jam", "Hasil", "x"],
]
STEPS = [
    ("1", "Menerima berkas", "Staf", "Surat", 5, "Berkas", None),
    ("2", "Memeriksa berkas", "Pemohon", "Berkas", 60, "Hasil", "x"),
]


def one(data: bytes, name: str = "sop") -> dict[str, Any]:
    found = read_file(data, name=name)
    assert not isinstance(found, Unreadable), found.reason
    assert len(found) == 1
    return as_data(found[0])


def steps(data: bytes) -> list[tuple[Any, ...]]:
    keys = ("no", "activity", "actor", "requirements", "time_minutes", "output", "remarks")
    return [tuple(step[key] for key in keys) for step in one(data)["steps"]]


# Word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def words(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(inner: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner if inner.startswith('<') else words(inner)}</w:p>"


def cell(inner: str = "") -> str:
    return f"<w:tc>{inner if inner.startswith('<w:p>') else par(inner)}</w:tc>"


def row(cells: Sequence[str], properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(map(cell, cells))}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def word(*blocks: str, **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{''.join(blocks)}</w:body></w:document>")
        for name, inner in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {W}>{inner}</w:{name}>")
    return stream.getvalue()


def headed(*rows: str) -> str:
    return table(*map(row, HEAD), *rows)


def test_changes_that_nobody_has_accepted():
    changed = (
        "<w:p><w:del><w:r><w:delText>Mengirim</w:delText></w:r></w:del><w:ins>" + words("Menerima ") + "</w:ins>"
        "<w:moveFrom>" + words("surat") + "</w:moveFrom><w:moveTo>" + words("berkas") + "</w:moveTo></w:p>"
    )
    data = word(
        headed(
            row(["1", changed, *ROWS[0][2:]]),
            row(["2", "Baris yang dihapus", *ROWS[0][2:]], '<w:trPr><w:del w:id="1"/></w:trPr>'),
            row(ROWS[1], '<w:trPr><w:ins w:id="2"/></w:trPr>'),
        )
    )
    assert steps(data) == STEPS
    assert {"where": "file", "what": one(data)["warnings"][-1]["what"]} in one(data)["warnings"]
    assert "nobody has accepted" in one(data)["warnings"][-1]["what"]


def test_hidden_words_are_not_read():
    hidden = par(words("Menerima berkas") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t> rahasia</w:t></w:r>")
    assert steps(word(headed(row(["1", hidden, *ROWS[0][2:]]), row(ROWS[1])))) == STEPS


LISTS = (
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)
STYLES = (
    '<w:style w:styleId="Nomor"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="NomorKecil"><w:basedOn w:val="Nomor"/></w:style>'
)


def listed(number: int, level: int = 0) -> str:
    return par("", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(style: str) -> str:
    return par("", f'<w:pStyle w:val="{style}"/>')


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ([listed(1), listed(1, 1), listed(1, 1), listed(1), listed(1, 1)], ["1.", "1.a", "1.b", "2.", "2.a"]),
        ([listed(1), listed(2), listed(3)], ["1.", "2.", "1."]),
        ([styled("Nomor"), styled("NomorKecil"), styled("Lain")], ["1.", "2.", None]),
    ],
    ids=["levels", "lists that go on and one that begins anew", "by styles"],
)
def test_automatic_numbers(cells, numbers):
    data = word(headed(*(row([one_, *ROWS[0][1:]]) for one_ in cells)), numbering=LISTS, styles=STYLES)
    assert [number for number, *_ in steps(data)] == numbers


def test_a_table_in_a_cell_is_text_of_the_cell_and_a_frame_is_none():
    list_ = "<w:p></w:p>" + table(row(["a", "KTP"]), row(["b", "KK"]))
    inner = headed(row([*ROWS[0][:4], list_, *ROWS[0][5:]]), row(ROWS[1]))
    data = word(table(f"<w:tr><w:tc>{par('SOP PELAYANAN SURAT')}{inner}{par()}</w:tc></w:tr>"))
    assert one(data)["name"] == "PELAYANAN SURAT"
    assert steps(data) == [(*STEPS[0][:3], "a KTP b KK", *STEPS[0][4:]), STEPS[1]]


def test_a_name_that_a_line_break_cuts():
    names = [*HEAD[1]]
    names[2] = par(words("Pemo-") + "<w:r><w:br/></w:r>" + words("hon"))
    assert one(word(table(row(HEAD[0]), row(names), row(ROWS[0]))))["actors"] == ["Pemo-hon", "Staf"]


# Excel


def sheet(change: Callable[[Any], None], rows: Sequence[Sequence[str]] = (*HEAD, *ROWS)) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "SOP PELAYANAN SURAT"
    for at, cells in enumerate(rows, 3):
        for column, text in enumerate(cells, 1):
            book.active.cell(at, column, text or None)
    change(book.active)
    book.save(stream)
    return stream.getvalue()


def test_hidden_rows_and_columns_are_left_out_and_told():
    def hide(page: Any) -> None:
        page.insert_rows(6)
        for column, text in enumerate(["9", "Baris lama", "", "□", "Surat", "9 menit", "Arsip"], 1):
            page.cell(6, column, text)
        page.row_dimensions[6].hidden = True
        page.insert_cols(4, 2)
        page["D4"], page["D5"], page["E7"] = "Arsiparis", "□", "□"
        page.column_dimensions.group("D", "E", hidden=True)

    data = sheet(hide)
    assert (one(data)["name"], one(data)["actors"]) == ("PELAYANAN SURAT", ["Pemohon", "Staf"])
    assert steps(data) == STEPS
    assert "Hidden rows or columns are left out, in: Sheet." in [told["what"] for told in one(data)["warnings"]]


def test_a_blank_row_below_the_head():
    assert steps(sheet(lambda page: page.insert_rows(5))) == STEPS


def test_a_sheet_with_rows_without_end_is_refused():
    data, empty = sheet(lambda page: None), b"".join(b'<row r="%d"/>' % at for at in range(9, 160_000))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            inner = old.read(name)
            if "sheet1" in name:
                inner = inner.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(name, inner)
    begin = process_time()
    refused = read_file(stream.getvalue(), name="sop.xlsx")
    assert isinstance(refused, Unreadable)
    assert "rows: delete the empty ones" in refused.reason
    assert process_time() - begin < 1


def test_times_of_the_clock_are_shown_and_not_taken_for_durations():
    def clock(page: Any) -> None:
        page["F5"], page["F6"] = time(1, 30), timedelta(hours=30, minutes=5)

    told = one(sheet(clock))["steps"]
    assert [(step["time_text"], step["time_minutes"]) for step in told] == [("01:30", None), ("30:05", None)]


# Web pages


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body><h1>SOP PELAYANAN SURAT</h1>{body}</body></html>".encode()


def made_of(rows: Sequence[Sequence[str]], outside: str, line: str, inside: str) -> str:
    lines = (
        f"<{line}>{''.join(f'<{inside}>{text}</{inside.split()[0]}>' for text in cells)}</{line.split()[0]}>"
        for cells in rows
    )
    return f"<{outside}>{''.join(lines)}</{outside.split()[0]}>"


@pytest.mark.parametrize(
    ("outside", "line", "inside"),
    [("table", "tr", "td"), ("div class=t", "div class=r", "div"), ("section", "ul", "li"), ("div role=table", "div role=row", "span role=cell")],
)  # fmt: skip
def test_rows_and_cells_of_any_elements(outside, line, inside):
    assert steps(page(made_of([*HEAD, *ROWS], outside, line, inside))) == STEPS


def test_divisions_without_a_head_are_lines():
    loose = made_of([["Nomor", "Tanggal", "Kota", "Negara"]] * 3, "div", "div", "div")
    assert steps(page(loose + made_of([*HEAD, *ROWS], "table", "tr", "td"))) == STEPS


def test_a_table_in_a_cell_of_a_page():
    cells = [*ROWS[0]]
    cells[4] = "Surat <table><tr><td>KTP</td><td>asli</td></tr></table>"
    told = steps(page(made_of([*HEAD, cells, ROWS[1]], "table", "tr", "td")))
    assert told == [(*STEPS[0][:3], "Surat KTP asli", *STEPS[0][4:]), STEPS[1]]


def test_numbers_of_empty_items_and_ticked_boxes():
    first = [
        "<ol><li></li></ol>",
        "Menerima berkas",
        "<input type=checkbox>",
        "<input type=checkbox checked>",
        *ROWS[0][4:],
    ]
    second = ["<ol start=2><li><span></span></li></ol>", *ROWS[1][1:]]
    told = steps(page(made_of([*HEAD, first, second], "table", "tr", "td")))
    assert told == [("1.", *STEPS[0][1:]), ("2.", *STEPS[1][1:])]


def test_rows_that_are_one_in_the_file_are_refused():
    merged = [
        "1<br>2",
        "Menerima berkas<br>Memeriksa berkas",
        "<br>□",
        "□",
        "Surat<br>Berkas",
        "5 menit<br>1 jam",
        "Berkas<br>Hasil",
        "",
    ]
    refused = read_file(page(made_of([*HEAD, merged], "table", "tr", "td")), name="sop.html")
    assert isinstance(refused, Unreadable)
    assert "one row holds several steps" in refused.reason


# PDF

MARKS = {"□": "#rect(width: 16pt, height: 10pt)"}


def printed(*, turned: int = 0, stroke: str = "1pt", flag: int = 0) -> bytes:
    """The table on a page, its content ``turned`` by degrees, and the whole page turned by its ``flag``."""
    rows = [["No", "Kegiatan", "Pemohon", "Staf", "Kelengkapan", "Waktu", "Output", "Ket"], *ROWS]
    cells = ", ".join(f"[{MARKS.get(text, text)}]" for one_ in rows for text in one_)
    made = f"#table(stroke: {stroke}, columns: (1cm, 5cm, 2.5cm, 2.5cm, 3cm, 2.5cm, 3cm, 2cm), inset: 6pt, {cells})"
    body = f"SOP PELAYANAN SURAT\n\n{made}"
    if turned:
        body = f"#rotate({turned}deg, reflow: true)[#box(width: 26cm)[{body}]]"
    paper = (
        '#set page(paper: "a4", flipped: ' + ("false" if turned else "true") + ", margin: 1cm)\n#set text(size: 8pt)\n"
    )
    data = typst.compile((paper + body).encode())
    return re.sub(rb"/Type ?/Page\b(?!s)", b"/Type /Page /Rotate %d " % flag, data) if flag else data


@pytest.mark.parametrize(
    "how",
    [{"turned": -90}, {"turned": -90, "flag": 90}, {"turned": 90}, {"flag": 180}, {"stroke": "none"}],
    ids=["drawn sideways", "turned by its flag", "turned the other way", "upside down", "no borders"],
)  # fmt: skip
def test_pages_of_a_pdf_are_read_as_one_holds_them(how):
    data = printed(**how)
    assert one(data)["name"] == "PELAYANAN SURAT"
    assert steps(data) == STEPS


# What is made to keep a reader busy

BUSY = {
    "styles that lead round": lambda: word(
        headed(*(row([styled("s1"), *ROWS[0][1:]]) for _ in range(100))), numbering=LISTS,
        styles="".join(f'<w:style w:styleId="s{at}"><w:basedOn w:val="s{(at + 1) % 4000}"/></w:style>' for at in range(4000)),
    ),
    "lists with many levels": lambda: word(
        headed(row(ROWS[0])),
        numbering=f'<w:abstractNum w:abstractNumId="0">{"<w:lvl/>" * 2000}</w:abstractNum>'
        + "".join(f'<w:num w:numId="{at}"><w:abstractNumId w:val="0"/></w:num>' for at in range(4000)),
    ),
    "tables in tables": lambda: word(f"<w:tbl>{row(ROWS[0]) * 20}<w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80),
    "an item for each line": lambda: page(f"<table><tr><td><ol>{'<li></li>' * 20_000}</ol></td></tr></table>"),
    "rows of divisions": lambda: page(f"<div>{'<div>a</div>' * 5}</div>" * 5_000),
    "brackets for a time": lambda: page(made_of([*HEAD, [*ROWS[0][:5], "(" * 20_000, "x", ""]], "table", "tr", "td")),
}  # fmt: skip


@pytest.mark.parametrize("make", BUSY.values(), ids=BUSY)
def test_what_is_made_to_keep_a_reader_busy_ends_soon(make):
    data = make()
    begin = process_time()
    assert isinstance(read_file(data, name="sop"), list | Unreadable)
    assert process_time() - begin < 1.5
