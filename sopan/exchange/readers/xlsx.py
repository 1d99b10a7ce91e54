"""Excel workbooks: each sheet's rows as tables; a blank row ends a table."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from sopan.exchange.document import Block, Document, Row, Table, Unreadable
from sopan.exchange.readers.package import Refused, open_package, read_part

MOST_CELLS = 400_000
MOST_COLUMNS = 80


def read_xlsx(data: bytes, *, name: str) -> Document | Unreadable:
    """The rows of all sheets. Of a formula the value counts that Excel stored with it; nothing is computed."""
    try:
        package = open_package(data)
        sheets = [part for part in package.namelist() if part.endswith((".xml", ".rels"))]
        size = sum(len(read_part(package, part) or b"") for part in sheets)
        if size > 60_000_000:
            raise Refused("Its sheets unpack to more than 60 MB.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(data), data_only=True, keep_links=False, keep_vba=False)
        return Document(name, tuple(_blocks(book)))
    except Refused as refused:
        return Unreadable(name, str(refused))
    except Exception as fault:  # openpyxl raises whatever a broken part makes it stumble over
        return Unreadable(name, f"The workbook cannot be read ({type(fault).__name__}).")


def _blocks(book: Any) -> Iterator[Block]:
    cells = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), cell in sheet._cells.items():
            cells += 1
            if cells > MOST_CELLS:
                raise Refused(f"It has more than {MOST_CELLS:,} cells.")
            if column <= MOST_COLUMNS and cell.value is not None and (text := _text(cell.value)):
                rows[row][column] = text
        yield from _tables(rows, sheet.title)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%d-%m-%Y")
    return str(value).strip()


def _tables(rows: dict[int, dict[int, str]], title: str) -> Iterator[Table]:
    """Tables of the rows that stand together, their cells from the first used column of the sheet to the last."""
    if not rows:
        return
    first = min(column for row in rows.values() for column in row)
    last = max(column for row in rows.values() for column in row)
    together: list[Row] = []
    before = 0
    for number in sorted(rows):
        if together and number > before + 1:
            yield Table(tuple(together))
            together = []
        cells = rows[number]
        texts = tuple(cells.get(column, "") for column in range(first, last + 1))
        together.append(Row(texts, f"sheet {title}, row {number}"))
        before = number
    yield Table(tuple(together))
