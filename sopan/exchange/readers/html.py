"""Web pages: tables with spans, tables inside tables, and the text between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml import html as lxml_html

from sopan.exchange.document import Block, Document, Paragraph, Row, Table, Unreadable
from sopan.exchange.headings import find_heading
from sopan.exchange.readers.package import Refused, refuse_many
from sopan.exchange.words import clean

MOST_ROWS = 20_000
MOST_SPAN = 63
MOST_CELLS = 400_000
MOST_COLUMNS = 500
MOST_TABLES = 1_000  # inside other text
_BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div", "br", "tr", "td", "dt", "dd", "pre", "ul", "ol", "hr"}
)
Rows = list[list[etree._Element]]  # of cells
_HEAD_ROWS = 12  # in which the head of a table stands, if it has one
_LEAST_CELLS = 4  # of a row that is made of other elements than tr
_SILENT = frozenset({"script", "style", "head", "noscript", "template", "svg"})


def read_html(data: bytes, *, name: str) -> Document | Unreadable:
    """The tables and lines of a web page."""
    try:
        refuse_many(data)
    except Refused as refused:
        return Unreadable(name, str(refused))
    parser = lxml_html.HTMLParser(encoding=_encoding(data), huge_tree=False, no_network=True, remove_comments=True)
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as fault:
        return Unreadable(name, f"The page cannot be read ({str(fault)[:80]}).")
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        return Unreadable(name, "Its elements are nested too deeply.")
    if sum(1 for _ in root.iter("tr")) > MOST_ROWS or sum(1 for _ in root.iter("td", "th")) > MOST_CELLS:
        return Unreadable(name, f"It has more than {MOST_ROWS:,} rows of tables.")
    try:
        return Document(name, tuple(_blocks(root)))
    except Refused as refused:
        return Unreadable(name, str(refused))


def html_tables(text: str) -> list[tuple[int, int, Table]]:
    """The tables written as HTML inside other text: begin, end, table. A table that is not closed is left as text.

    Raises Refused.
    """
    tables: list[tuple[int, int, Table]] = []
    for begin, end in _tables_in(text):
        if len(tables) == MOST_TABLES:
            raise Refused(f"It has more than {MOST_TABLES:,} tables.")
        element = lxml_html.fragment_fromstring(text[begin:end], create_parent=True)
        rows = [row for table in element.iter("table") if not _lays_out(table) for row in _rows(_rows_of(table))]
        tables.append((begin, end, Table(tuple(rows))))
    return tables


def _tables_in(text: str) -> Iterator[tuple[int, int]]:
    small, at = text.lower(), 0
    while (begin := small.find("<table", at)) >= 0:
        close = small.find("</table", begin)
        end = small.find(">", close)
        if close < 0 or end < 0:
            return
        yield begin, end + 1
        at = end + 1


def _encoding(data: bytes) -> str | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _blocks(root: etree._Element) -> Iterator[Block]:
    """Lines of text and tables in order; a table that only lays out others is looked through."""
    line: list[str] = []
    skip: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skip is not None:
            if event == "end" and element is skip:
                skip = None
                line.append(element.tail or "")
            continue
        if event == "start" and (tag in _SILENT or (found := _table_at(element, tag)) is not None):
            yield from _paragraph(line)
            line, skip = [], element
            if tag not in _SILENT:
                yield Table(tuple(_rows(found or [])))
            continue
        if tag in _BLOCKS:
            yield from _paragraph(line)
            line = []
        line.append((element.text if event == "start" else element.tail) or "")
    yield from _paragraph(line)


def _paragraph(parts: list[str]) -> Iterator[Paragraph]:
    text = " ".join("".join(parts).split())
    if text:
        yield Paragraph(text, "text")


def _table_at(element: etree._Element, tag: str) -> Rows | None:
    """The rows of the table that begins here; None for none, and for one that only lays out others."""
    if tag == "table":
        return None if _lays_out(element) else _rows_of(element)
    if tag in ("div", "section") and element.get("role", "table") in ("table", "grid"):
        return _rows_of_others(element)
    return None


def _rows_of(table: etree._Element, *, most: int = MOST_ROWS) -> Rows:
    """The rows of a table with their cells, without those of tables inside the cells."""
    rows = (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)
    return [[cell for cell in row if cell.tag in ("td", "th")] for row in islice(rows, most)]


def _rows_of_others(element: etree._Element) -> Rows | None:
    """Rows and cells of other elements than those for tables, if a head of activities stands in the first of them."""
    rows = [row for group in element for row in (group if group.get("role") == "rowgroup" else [group])]
    if len(rows) < 2 or any(row.tag not in ("div", "ul") for row in rows):
        return None
    cells = [[cell for cell in row if cell.tag in ("div", "span", "li", "p")] for row in rows]
    if min(len(cells[0]), len(cells[1])) < _LEAST_CELLS or not _is_headed(cells):
        return None
    return cells


def _lays_out(table: etree._Element) -> bool:
    """True for a table around others. Under a head of activities a table in a cell is text of that cell."""
    return next(table.iterdescendants("table"), None) is not None and not _is_headed(_rows_of(table, most=_HEAD_ROWS))


def _is_headed(rows: Rows) -> bool:
    first = [[clean("".join(islice(cell.itertext(), 20))[:200]) for cell in row] for row in rows[:_HEAD_ROWS]]
    return find_heading(first) is not None


def _rows(rows: Rows) -> Iterator[Row]:
    total = 0
    below: dict[int, int] = {}  # columns that a cell from above still fills -> rows to go
    for number, row in enumerate(rows, 1):
        cells: list[str] = []
        for cell in row:
            _fill(cells, below)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for i in range(across):
                if down > 1:
                    below[len(cells)] = down - 1
                cells.append(_text(cell) if i == 0 else "")
        _fill(cells, below)
        total += len(cells)
        if total > MOST_CELLS or len(cells) > MOST_COLUMNS:
            raise Refused("A table has too many cells: they are merged without end.")
        yield Row(tuple(cells), f"row {number}")


def _fill(cells: list[str], below: dict[int, int]) -> None:
    while len(cells) in below:
        column = len(cells)
        below[column] -= 1
        if not below[column]:
            del below[column]
        cells.append("")


def _span(cell: etree._Element, name: str) -> int:
    told = (cell.get(name) or "").strip()
    return max(1, min(int(told), MOST_SPAN)) if told.isascii() and told.isdigit() else 1


def _text(cell: etree._Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            parts.append("\n" if tag in _BLOCKS and element is not cell else "")
            if tag == "img" and element.get("alt"):
                parts.append(f"[{element.get('alt')}]")
            parts.append("" if tag in _SILENT else element.text or "")
            parts.append(_drawn(element, tag))
            if tag == "div" and "border" in (element.get("style") or "") and not "".join(element.itertext()).strip():
                parts.append("□")
        elif element is not cell:
            parts.append(element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _drawn(element: etree._Element, tag: str) -> str:
    """What an element shows that has no words: a box that is ticked, and the number of an empty item that is a list of its own."""
    if tag == "input" and element.get("type") == "checkbox" and element.get("checked") is not None:
        return "☑"
    alone = tag == "li" and element.getprevious() is None and element.getnext() is None
    if alone and element.getparent().tag == "ol":
        start = element.getparent().get("start") or "1"
        words = next((text for text in element.itertext() if text.strip()), "")
        return f"{start}." if not words and start.isascii() and start.isdigit() and len(start) < 5 else ""
    return ""
