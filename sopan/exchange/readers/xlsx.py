"""Excel workbooks: each sheet's rows as tables; a blank row ends a table."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from sopan.exchange.document import Block, Document, Row, Table, Unreadable
from sopan.exchange.readers.package import Refused, open_package, read_part

MOST_CELLS = 200_000
MOST_COLUMNS = 80
MOST_ROWS = 150_000  # with empty ones, of all sheets: each takes a kilobyte of memory
LARGEST = 40_000_000  # bytes of all parts together, unpacked
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]{0,100}?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")


def read_xlsx(data: bytes, *, name: str) -> Document | Unreadable:
    """The rows of all sheets, without hidden sheets, rows and columns: nobody sees or prints them.

    Of a formula the value counts that Excel stored with it; nothing is computed.
    """
    try:
        package = open_package(data)
        _look_before(package)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(data), data_only=True, keep_links=False, keep_vba=False)
        return Document(name, tuple(_blocks(book)), _notes(book))
    except Refused as refused:
        return Unreadable(name, str(refused))
    except Exception as fault:  # openpyxl raises whatever a broken part makes it stumble over
        return Unreadable(name, f"The workbook cannot be read ({type(fault).__name__}).")


def _look_before(package: ZipFile) -> None:
    """Refuse what would keep openpyxl busy for long: it keeps all rows, and each place of a merged range as a cell."""
    size, merged, rows = 0, 0, 0
    for name in package.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        part = read_part(package, name) or b""
        size += len(part)
        merged += sum(_area(found) for found in _MERGED.findall(part))
        rows += len(_ROW.findall(part))
        if rows > MOST_ROWS:
            raise Refused(f"It has more than {MOST_ROWS:,} rows: delete the empty ones below the table.")
        if size > LARGEST or merged > MOST_CELLS:
            raise Refused("Its sheets unpack to too much: it looks like a zip bomb, or cells are merged without end.")


def _area(corners: tuple[bytes, ...]) -> int:
    left, top, right, bottom = corners
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _blocks(book: Any) -> Iterator[Block]:
    cells = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        hidden = _hidden_columns(sheet)
        rows: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), cell in sheet._cells.items():
            cells += 1
            if cells > MOST_CELLS:
                raise Refused(f"It has more than {MOST_CELLS:,} cells.")
            if column in hidden or (row in sheet.row_dimensions and sheet.row_dimensions[row].hidden):
                continue
            if column <= MOST_COLUMNS and cell.value is not None and (text := _text(cell)):
                rows[row][column] = text
        yield from _tables(rows, sheet.title, hidden)


def _text(cell: Any) -> str:
    """What the cell shows: a number with the words of its format ("0 "menit"")."""
    value = cell.value
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        number = str(int(value)) if float(value).is_integer() else str(value).replace(".", ",")
        words = re.fullmatch(r'[#0.,]+\s*"([^"]{1,20})"', cell.number_format or "")
        return f"{number} {words[1].strip()}" if words else number
    if isinstance(value, timedelta | time):
        return _clock(value)
    if isinstance(value, datetime | date):
        return value.strftime("%d-%m-%Y")
    return str(value).strip()


def _notes(book: Any) -> tuple[str, ...]:
    """What is left out because it is hidden."""
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible" and _hides(sheet)]
    return (f"Hidden rows or columns are left out, in: {', '.join(hidden)}.",) if hidden else ()


def _hides(sheet: Any) -> bool:
    return bool(_hidden_columns(sheet)) or any(one.hidden for one in sheet.row_dimensions.values())


def _clock(value: timedelta | time) -> str:
    """Hours and minutes as a sheet shows them; a time of more than a day has more than 24 hours."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    minutes = int(value.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _hidden_columns(sheet: Any) -> set[int]:
    """The numbers of the hidden columns; one entry of a sheet may stand for several."""
    return {
        number
        for one in sheet.column_dimensions.values()
        if one.hidden
        for number in range(one.min or 0, min(one.max or 0, MOST_COLUMNS) + 1)
    }


def _tables(rows: dict[int, dict[int, str]], title: str, hidden: set[int]) -> Iterator[Table]:
    """Tables of the rows that stand together, their cells from the first used column of the sheet to the last."""
    if not rows:
        return
    used = {column for row in rows.values() for column in row}
    columns = [column for column in range(min(used), max(used) + 1) if column not in hidden]
    together: list[Row] = []
    before = 0
    for number in sorted(rows):
        if together and number > before + 1:
            yield Table(tuple(together))
            together = []
        cells = rows[number]
        texts = tuple(cells.get(column, "") for column in columns)
        together.append(Row(texts, f"sheet {title}, row {number}"))
        before = number
    yield Table(tuple(together))
