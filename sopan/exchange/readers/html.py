"""Web pages: tables with spans, tables inside tables, and the text between them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from sopan.exchange.document import Block, Document, Paragraph, Row, Table, Unreadable
from sopan.exchange.readers.package import Refused, refuse_many

MOST_ROWS = 20_000
MOST_SPAN = 63
MOST_CELLS = 400_000
MOST_COLUMNS = 500
MOST_TABLES = 1_000  # inside other text
_BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div", "br", "tr", "td", "dt", "dd", "pre", "ul", "ol", "hr"}
)
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
        rows = [row for table in element.iter("table") if not _lays_out(table) for row in _rows(table)]
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
        if event == "start" and (tag in _SILENT or (tag == "table" and not _lays_out(element))):
            yield from _paragraph(line)
            line, skip = [], element
            if tag == "table":
                yield Table(tuple(_rows(element)))
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


def _lays_out(table: etree._Element) -> bool:
    return next(table.iterdescendants("table"), None) is not None


def _rows(table: etree._Element) -> Iterator[Row]:
    total = 0
    below: dict[int, int] = {}  # columns that a cell from above still fills -> rows to go
    for number, row in enumerate(table.iter("tr"), 1):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
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
            if tag == "div" and "border" in (element.get("style") or "") and not "".join(element.itertext()).strip():
                parts.append("□")
        elif element is not cell:
            parts.append(element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
