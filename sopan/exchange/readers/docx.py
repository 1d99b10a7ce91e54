"""Word documents: paragraphs and tables with merged cells, automatic numbers, and shapes drawn into cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from sopan.exchange.document import Block, Document, Paragraph, Row, Table, Unreadable
from sopan.exchange.headings import find_heading
from sopan.exchange.readers.docx_numbers import Numbers
from sopan.exchange.readers.docx_shapes import is_fallback, symbols_in
from sopan.exchange.readers.package import Refused, open_package, parse_xml, read_part
from sopan.exchange.words import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWIP = 635  # English metric units
MOST_ROWS = 20_000
MOST_CELLS = 400_000
MOST_SPAN = 63
_HEAD_ROWS = 12  # in which the head of a table stands, if it has one
_CHANGES = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)[\s>]")
_UNSETTLED = "It has changes that nobody has accepted or rejected; it is read as if all were accepted."
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
_CUT = re.compile(r"(?<=[a-z])-\n(?=[a-z])")  # a word that a line break cuts at its hyphen
_WRAPPERS = frozenset(f"{_W}{tag}" for tag in ("body", "sdt", "sdtContent", "ins", "moveTo", "customXml"))
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom"})


def read_docx(data: bytes, *, name: str) -> Document | Unreadable:
    """The paragraphs and tables of a Word document; those in the heads of its pages, where numbers stand, come first."""
    try:
        package = open_package(data)
        body = read_part(package, "word/document.xml")
        if body is None:
            return Unreadable(name, "It is no Word document: the part with the text is missing.")
        numbers = Numbers.of(read_part(package, "word/numbering.xml"), read_part(package, "word/styles.xml"))
        reader = _Reader(numbers)
        heads = [part for part in package.namelist() if re.fullmatch(r"word/header\d{0,3}\.xml", part)]
        roots = [parse_xml(head) for part in sorted(heads) if (head := read_part(package, part))]
        blocks = tuple(block for root in [*roots, parse_xml(body)] for block in reader.blocks(root))
        return Document(name, blocks, (_UNSETTLED,) if _CHANGES.search(body) else ())
    except Refused as refused:
        return Unreadable(name, str(refused))


class _Reader:
    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.rows = 0
        self.cells = 0
        self.tables = 0

    def blocks(self, root: etree._Element) -> Iterator[Block]:
        """Paragraphs and tables in order, also those inside content controls and text boxes."""
        for element in self._content(root):
            if element.tag == f"{_W}tbl":
                yield from self._table(element)
                continue
            text = self._paragraph(element, in_cell=False)
            if text:
                yield Paragraph(text, "text")
            for box in _boxes(element):
                yield from self.blocks(box)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        """A table, then the tables inside its cells: some documents frame everything in one.

        A frame of one column is looked through. Under a head of activities a table in a cell is text of that cell.
        """
        self.tables += 1
        rows = [(row, list(_inside(row, f"{_W}tc"))) for row in _inside(table, f"{_W}tr")]
        inner = [one for _, cells in rows for cell in cells for one in _inside(cell, f"{_W}tbl")]
        if inner and all(len(cells) == 1 for _, cells in rows):
            yield from (block for _, cells in rows for block in self.blocks(cells[0]))
            return
        whole = bool(inner) and find_heading(_first_texts([cells for _, cells in rows[:_HEAD_ROWS]])) is not None
        yield Table(tuple(self._rows(rows, whole=whole)))
        for one in [] if whole else inner:
            yield from self._table(one)

    def _content(self, root: etree._Element) -> Iterator[etree._Element]:
        for element in root:
            if element.tag in (f"{_W}p", f"{_W}tbl"):
                yield element
            elif element.tag in _WRAPPERS:
                yield from self._content(element)

    def _rows(self, rows: list[tuple[etree._Element, list[etree._Element]]], *, whole: bool) -> Iterator[Row]:
        for at, (row, own) in enumerate(rows, 1):
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise Refused(f"It has more than {MOST_ROWS:,} rows of tables.")
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue  # deleted, and the deletion not yet accepted
            cells = tuple(self._cells(row, own, whole=whole))
            self.cells += len(cells)
            if self.cells > MOST_CELLS:
                raise Refused(f"It has more than {MOST_CELLS:,} cells in tables.")
            yield Row(cells, f"table {self.tables}, row {at}")

    def _cells(self, row: etree._Element, own: list[etree._Element], *, whole: bool) -> Iterator[str]:
        skipped = _value(row.find(f"{_W}trPr"), "gridBefore")
        yield from [""] * min(int(skipped) if skipped.isdigit() else 0, MOST_SPAN)
        for cell in own:
            properties = cell.find(f"{_W}tcPr")
            span = _value(properties, "gridSpan")
            merge = None if properties is None else properties.find(f"{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            yield "" if goes_on else self._cell(cell, _width(properties), whole=whole)
            for _ in range(min(int(span) if span.isdigit() else 1, MOST_SPAN) - 1):
                yield ""

    def _cell(self, cell: etree._Element, width: int | None, *, whole: bool) -> str:
        """The words of the cell, ``whole`` with those of the tables in it, and its symbols."""
        nested = next(cell.iterdescendants(f"{_W}tbl"), None) is not None
        paragraphs = _paragraphs(cell, whole=whole) if nested else cell.iter(f"{_W}p")
        parts = [text for one in paragraphs if (text := self._paragraph(one, in_cell=True))]
        return "\n".join([*parts, *symbols_in(cell, width)])

    def _paragraph(self, paragraph: etree._Element, *, in_cell: bool) -> str:
        label = self.numbers.label(paragraph, in_cell=in_cell)
        text = _CUT.sub("-", "".join(_runs(paragraph))).replace("\n", " ").strip()
        return f"{label} {text}".strip()


def _inside(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements ``tag`` right inside of another one, also in content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _first_texts(rows: list[list[etree._Element]]) -> list[list[str]]:
    """What stands in the first rows, for finding a head in them."""
    return [[clean("".join(islice(_texts(cell), 20))[:200]) for cell in cells] for cells in rows]


def _texts(cell: etree._Element) -> Iterator[str]:
    return (word.text or "" for word in cell.iter(f"{_W}t"))


def _paragraphs(cell: etree._Element, *, whole: bool) -> Iterator[etree._Element]:
    """The paragraphs of a cell with tables in it: without theirs, or ``whole`` with them but without shapes."""
    for child in cell:
        if child.tag == f"{_W}p":
            yield child
        if child.tag == f"{_W}tbl" and not whole:
            continue
        if not (whole and child.tag == f"{_W}p"):
            yield from _paragraphs(child, whole=whole)


def _value(properties: etree._Element | None, tag: str) -> str:
    found = None if properties is None else properties.find(f"{_W}{tag}")
    return "" if found is None else found.get(f"{_W}val") or ""


def _width(properties: etree._Element | None) -> int | None:
    found = None if properties is None else properties.find(f"{_W}tcW")
    width = "" if found is None or found.get(f"{_W}type") not in ("dxa", None) else found.get(f"{_W}w") or ""
    return int(width) * _TWIP if width.isdigit() else None


def _runs(paragraph: etree._Element) -> Iterator[str]:
    """The text of a paragraph without that of text boxes, which are shapes, and without deleted text."""
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}sym", f"{_W}noBreakHyphen"):
        inside = next(element.iterancestors(f"{_W}p"), None)
        if inside is not paragraph or not _is_shown(element, paragraph):
            continue
        if element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag == f"{_W}sym":
            yield _sign(element.get(f"{_W}font") or "", element.get(f"{_W}char") or "")
        else:
            yield _BREAKS[element.tag]


def _is_shown(element: etree._Element, paragraph: etree._Element) -> bool:
    """False for what was deleted or moved away, and for hidden words."""
    for above in element.iterancestors():
        if above is paragraph:
            return True
        if above.tag in _GONE or (above.tag == f"{_W}r" and _is_hidden(above)):
            return False
    return True


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off")


def _sign(font: str, code: str) -> str:
    """A character of a symbol font: a tick, an arrow, a bullet, or what ``words`` makes of it."""
    number = int(code, 16) & 0xFF if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else 0
    if font == "Wingdings 2":
        return "√" if 0x4F <= number <= 0x54 else "□" if number == 0xA3 else "•"
    if font == "Wingdings 3" or (font == "Symbol" and (0xAB <= number <= 0xAF or 0xDB <= number <= 0xDF)):
        return "→"
    return chr(0xF000 + number) if font == "Wingdings" else "•"


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not is_fallback(box) and next(box.iterancestors(f"{_W}p"), None) is paragraph:
            yield box
