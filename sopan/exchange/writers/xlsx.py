"""A procedure as an Excel workbook: identity block and table on one sheet, the ways of the answers on another."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from sopan.core.model import Procedure
from sopan.exchange.writers.table import LEGEND, SopTable, table_of

LONGEST_CELL = 32_767  # what Excel takes
_LINE = Side(style="thin")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="D9D9D9")
_WIDTHS = {"no": 6, "activity": 48, "actor": 14, "standard": 22, "remarks": 18}


def write_xlsx(procedure: Procedure) -> bytes:
    """The workbook. Raises ValueError for a text that Excel cannot hold."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "SOP"
    try:
        _sheet(sheet, table_of(procedure))
        _ways(book.create_sheet("Alur"), table_of(procedure))
    except IllegalCharacterError as fault:
        raise ValueError("Excel cannot hold a letter of the procedure") from fault
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """A text as a text: what begins like a formula stays a text, also when somebody edits the cell."""
    if len(text) > LONGEST_CELL:
        raise ValueError(f"Excel cannot hold a text of {len(text)} characters")
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@\t\r"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _sheet(sheet: Worksheet, table: SopTable) -> None:
    for row, (label, value) in enumerate(table.identity, 1):
        _put(sheet, row, 1, label).font = Font(bold=True)
        _put(sheet, row, 3, value)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=len(table.names))
        sheet.row_dimensions[row].height = 15 * (value.count("\n") + 1)
    first = len(table.identity) + 2
    _head(sheet, table, first)
    for row, cells in enumerate(table.rows, first + 2):
        for column, text in enumerate(cells, 1):
            cell = _put(sheet, row, column, text)
            cell.border = _FRAME
            if 2 < column <= 2 + len(table.actors):
                cell.alignment = Alignment(horizontal="center", vertical="center")
    _page(sheet, table, first)


def _head(sheet: Worksheet, table: SopTable, row: int) -> None:
    """Two rows: groups, and the names below them; heads of one column reach down."""
    column = 1
    for text, span in table.heads:
        _put(sheet, row, column, text)
        if span > 1:
            sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + span - 1)
        column += span
    for column, text in enumerate(table.names, 1):
        _put(sheet, row + 1, column, text)
        for cell in (sheet.cell(row, column), sheet.cell(row + 1, column)):
            cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _FRAME
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if not text:
            sheet.merge_cells(start_row=row, start_column=column, end_row=row + 1, end_column=column)


def _page(sheet: Worksheet, table: SopTable, first: int) -> None:
    """Landscape A4, as wide as the paper; the head again on each page."""
    standard: Sequence[float] = [_WIDTHS["standard"], 14, _WIDTHS["standard"]]
    widths = [
        _WIDTHS["no"],
        _WIDTHS["activity"],
        *[_WIDTHS["actor"]] * len(table.actors),
        *standard,
        _WIDTHS["remarks"],
    ]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.print_title_rows = f"{first}:{first + 1}"
    sheet.freeze_panes = f"C{first + 2}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"


def _ways(sheet: Worksheet, table: SopTable) -> None:
    for row, text in enumerate((LEGEND, *table.ways), 1):
        _put(sheet, row, 1, text)
    sheet.column_dimensions["A"].width = 120
