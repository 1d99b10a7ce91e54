"""Files that are made to keep a reader busy or to fill its memory, for ``benchmarks.importing``."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import openpyxl

ROWS = 10_000
HEAD = ["No", "Kegiatan", "Petugas", "Kelengkapan", "Waktu", "Output"]
TABLE = [HEAD, *([str(at), f"Kegiatan {at}", "□", "Berkas", "5 menit", "Hasil"] for at in range(1, ROWS + 1))]
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _packed(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return stream.getvalue()


def _word(body: str) -> bytes:
    return _packed("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'.encode())


def rows_of_word() -> bytes:
    cells = ("".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in TABLE)
    return _word(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>")


def rows_of_excel() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in TABLE:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows_of_page() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in TABLE)
    return f"<html><table>{rows}</table>".encode()


def merged_without_end() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "No"
    stream, out = io.BytesIO(), io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
            new.writestr(name, old.read(name).replace(b"</sheetData>", merged))
    return out.getvalue()


def endless_page_of_pdf() -> bytes:
    stream = zlib.compress(b"0 0 m 1 1 l S\n" * 20_000_000, 9)
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length %d/Filter/FlateDecode>>"
        b"stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF" % (len(stream), stream)
    )


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
FILES: dict[str, Callable[[], bytes]] = {
    "10,000 rows, tabs": lambda: "\n".join(map("\t".join, TABLE)).encode(),
    "10,000 rows, by position": lambda: "\n".join("".join(cell.ljust(20) for cell in row) for row in TABLE).encode(),
    "10,000 rows, web page": rows_of_page,
    "10,000 rows, Word": rows_of_word,
    "10,000 rows, Excel": rows_of_excel,
    "zip bomb": lambda: _packed("word/document.xml", b" " * 90_000_000),
    "XML entities": lambda: _packed("word/document.xml", ENTITIES),
    "nesting, XML": lambda: _packed("word/document.xml", b"<a>" * 100_000),
    "nesting, web page": lambda: b"<html>" + b"<div>" * 200_000,
    "millions of elements": lambda: _word("<w:p/>" * 3_000_000),
    "cells merged without end": merged_without_end,
    "endless page, PDF": endless_page_of_pdf,
    "endless words": lambda: (
        "\t".join(HEAD) + "\n1\t" + "jika tidak dikembalikan ke " * 50_000 + "\t□\tA\t5 menit\tB"
    ).encode(),
}
