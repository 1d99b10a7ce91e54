"""Papers as files: Word, Excel, web page, PDF, and text in three ways."""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import docx
import openpyxl

from sopan.exchange.tests.unseen.model import Block, Grid, Paper, spread, width_of


def as_tabs(paper: Paper) -> bytes:
    """Text with tabs between the cells; a merged cell is its text, then empty cells."""
    return "\n".join(line for block in paper.blocks for line in _lines(block, "\t")).encode()


def as_bars(paper: Paper) -> bytes:
    """Text with bars between the cells, a rule under the first row."""
    out: list[str] = []
    for block in paper.blocks:
        lines = list(_lines(block, " | "))
        if isinstance(block, str):
            out += lines
            continue
        lines = [f"| {line} |" for line in lines]
        out += ["", lines[0], "|" + "---|" * width_of(block), *lines[1:], ""]
    return "\n".join(out).encode()


def _lines(block: Block, between: str) -> list[str]:
    if isinstance(block, str):
        return [block]
    rows = spread(block)
    return [between.join("" if cell is None else " ".join(cell.text.split()) for cell in row) for row in rows] + [""]


def as_html(paper: Paper, style: str = "") -> bytes:
    """A web page with the spans of the cells."""
    parts = [
        _page_table(block) if not isinstance(block, str) else f"<p>{html.escape(block)}</p>" for block in paper.blocks
    ]
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><style>{style}</style></head><body>{''.join(parts)}</body></html>".encode()


def _page_table(grid: Grid) -> str:
    rows = []
    for cells in grid:
        tds = []
        for cell in cells:
            spans = (f" colspan={cell.across}" if cell.across > 1 else "") + (
                f" rowspan={cell.down}" if cell.down > 1 else ""
            )
            tds.append(f"<td{spans}>{'<br>'.join(html.escape(line) for line in cell.text.split(chr(10)))}</td>")
        rows.append(f"<tr>{''.join(tds)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def as_word(paper: Paper) -> bytes:
    """A Word document with merged cells."""
    document = docx.Document()
    for block in paper.blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        rows = spread(block)
        table = document.add_table(len(rows), width_of(block))
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if cell is None:
                    continue
                place = table.cell(y, x)
                if cell.across > 1 or cell.down > 1:
                    place = place.merge(table.cell(y + cell.down - 1, x + cell.across - 1))
                place.text = cell.text
    return _saved(document)


def as_excel(paper: Paper) -> bytes:
    """A workbook with a sheet for each of the paper's; numbers are stored as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, blocks in paper.sheets.items():
        sheet = book.create_sheet(title)
        at = 1
        for block in blocks:
            if isinstance(block, str):
                sheet.cell(at, 2, block)
                at += 2
                continue
            for y, row in enumerate(spread(block)):
                for x, cell in enumerate(row):
                    if cell is None:
                        continue
                    if cell.text:
                        sheet.cell(at + y, 2 + x, int(cell.text) if cell.text.isdigit() else cell.text)
                    if cell.across > 1 or cell.down > 1:
                        sheet.merge_cells(
                            start_row=at + y,
                            start_column=2 + x,
                            end_row=at + y + cell.down - 1,
                            end_column=1 + x + cell.across,
                        )
            at += len(block) + 1
    return _saved(book)


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def browser() -> str | None:
    """The web browser that prints pages, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def as_pdf(page: bytes) -> bytes:
    """The page, printed by a browser."""
    program = browser()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "sop.html"), Path(folder, "sop.pdf")
        source.write_bytes(page)
        command = [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/p",
        ]
        subprocess.run([*command, f"--print-to-pdf={target}", str(source)], check=True, capture_output=True, timeout=60)
        return target.read_bytes()
