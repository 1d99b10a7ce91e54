"""A list as a spreadsheet: what is shown, under the filters by which it was found."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\[\]:*?/\\]")  # of sheets
Value = str | int | Decimal
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(
    *, title: str, told: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[int]
) -> bytes:
    """The bytes of an .xlsx: title, the filters in words, the heads, the rows.

    Strings become text; numbers stay numbers, so that they can be summed.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_NAMES.sub(" ", title)[:31])
    for place, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    bold = Font(bold=True)
    sheet.append([_cell(sheet, title, bold)])
    for line in told:
        sheet.append([_cell(sheet, line)])
    sheet.append([])
    sheet.append([_cell(sheet, head, bold) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: Value, font: Font | None = None) -> WriteOnlyCell:
    """A cell. Text that looks like a formula is marked as quoted, so that no program ever computes it."""
    if isinstance(value, Decimal | int):
        return WriteOnlyCell(sheet, value=value)
    text = _CONTROL.sub("", str(value))[:32_000]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
        cell.number_format = "@"
    if font is not None:
        cell.font = font
    return cell
