"""Word documents: paragraphs and tables with merged cells, automatic numbers, and shapes drawn into cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from sopan.exchange.document import Block, Document, Paragraph, Row, Table, Unreadable
from sopan.exchange.readers.docx_shapes import is_fallback, symbols_in
from sopan.exchange.readers.package import Refused, open_package, parse_xml, read_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWIP = 635  # English metric units
MOST_ROWS = 20_000
MOST_CELLS = 400_000
MOST_SPAN = 63


def read_docx(data: bytes, *, name: str) -> Document | Unreadable:
    """The paragraphs and tables of a Word document; those in the heads of its pages, where numbers stand, come first."""
    try:
        package = open_package(data)
        body = read_part(package, "word/document.xml")
        if body is None:
            return Unreadable(name, "It is no Word document: the part with the text is missing.")
        numbering = read_part(package, "word/numbering.xml")
        reader = _Reader(_Numbers.of(numbering))
        heads = [part for part in package.namelist() if re.fullmatch(r"word/header\d{0,3}\.xml", part)]
        roots = [parse_xml(head) for part in sorted(heads) if (head := read_part(package, part))]
        return Document(name, tuple(block for root in [*roots, parse_xml(body)] for block in reader.blocks(root)))
    except Refused as refused:
        return Unreadable(name, str(refused))


@dataclass
class _Numbers:
    """Automatic numbers of lists: what Word prints but does not store as text."""

    formats: dict[tuple[str, str], tuple[str, str, int]] = field(
        default_factory=dict
    )  # (list, level) -> kind, text, start
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, data: bytes | None) -> _Numbers:
        numbers = cls()
        if data is None:
            return numbers
        root = parse_xml(data)
        levels = {
            abstract.get(f"{_W}abstractNumId"): [_level(one) for one in abstract.findall(f"{_W}lvl")]
            for abstract in root.findall(f"{_W}abstractNum")
        }
        for one in root.findall(f"{_W}num"):
            link = one.find(f"{_W}abstractNumId")
            for level, *told in levels.get(link.get(f"{_W}val") if link is not None else None, []):
                numbers.formats[(one.get(f"{_W}numId") or "", level)] = (told[0], told[1], int(told[2]))
        return numbers

    def label(self, paragraph: etree._Element) -> str:
        """What stands before the paragraph: "1.", "a)", "-"; empty for a paragraph of no list."""
        list_of = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        level_of = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        if list_of is None:
            return ""
        key = (list_of.get(f"{_W}val") or "", (level_of.get(f"{_W}val") if level_of is not None else "0") or "0")
        kind, text, start = self.formats.get(key, ("", "", 1))
        if kind == "bullet":
            return "-"
        if not kind or kind == "none":
            return ""
        self.counts[key] += 1
        number = _figure(kind, start + self.counts[key] - 1)
        token = f"%{int(key[1]) + 1}" if key[1].isdigit() else "%1"
        return text.replace(token, number) if text.count("%") == 1 and token in text else f"{number}."


def _level(level: etree._Element) -> tuple[str, str, str, str]:
    def value(tag: str, default: str) -> str:
        found = level.find(f"{_W}{tag}")
        return default if found is None else found.get(f"{_W}val") or default

    start = value("start", "1")
    return (
        level.get(f"{_W}ilvl") or "0",
        value("numFmt", "decimal"),
        value("lvlText", "%1."),
        start if start.isdigit() else "1",
    )


def _figure(kind: str, number: int) -> str:
    if kind in ("lowerLetter", "upperLetter") and number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and number <= 39:
        roman = "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        return roman.upper() if kind == "upperRoman" else roman
    return str(number)


class _Reader:
    def __init__(self, numbers: _Numbers) -> None:
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
            text = self._paragraph(element)
            if text:
                yield Paragraph(text, "text")
            for box in _boxes(element):
                yield from self.blocks(box)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        """A table, then the tables inside its cells: some documents frame everything in one."""
        self.tables += 1
        yield Table(tuple(self._rows(table)))
        for inner in table.iter(f"{_W}tbl"):
            if next(inner.iterancestors(f"{_W}tbl"), None) is table:
                yield from self._table(inner)

    def _content(self, root: etree._Element) -> Iterator[etree._Element]:
        for element in root:
            if element.tag in (f"{_W}p", f"{_W}tbl"):
                yield element
            elif element.tag in (f"{_W}body", f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
                yield from self._content(element)

    def _rows(self, table: etree._Element) -> Iterator[Row]:
        for at, row in enumerate(table.iter(f"{_W}tr"), 1):
            if row.getparent() is not table and _table_of(row) is not table:
                continue  # of a table inside a cell
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise Refused(f"It has more than {MOST_ROWS:,} rows of tables.")
            cells = tuple(self._cells(row))
            self.cells += len(cells)
            if self.cells > MOST_CELLS:
                raise Refused(f"It has more than {MOST_CELLS:,} cells in tables.")
            yield Row(cells, f"table {self.tables}, row {at}")

    def _cells(self, row: etree._Element) -> Iterator[str]:
        skipped = _value(row.find(f"{_W}trPr"), "gridBefore")
        yield from [""] * min(int(skipped) if skipped.isdigit() else 0, MOST_SPAN)
        for cell in row.iter(f"{_W}tc"):
            if _row_of(cell) is not row:
                continue
            properties = cell.find(f"{_W}tcPr")
            span = _value(properties, "gridSpan")
            merge = None if properties is None else properties.find(f"{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            yield "" if goes_on else self._cell(cell, _width(properties))
            for _ in range(min(int(span) if span.isdigit() else 1, MOST_SPAN) - 1):
                yield ""

    def _cell(self, cell: etree._Element, width: int | None) -> str:
        own = (one for one in cell.iter(f"{_W}p") if next(one.iterancestors(f"{_W}tc"), None) is cell)
        parts = [text for one in own if (text := self._paragraph(one))]
        return "\n".join([*parts, *symbols_in(cell, width)])

    def _paragraph(self, paragraph: etree._Element) -> str:
        label = self.numbers.label(paragraph)
        text = "".join(_runs(paragraph)).strip()
        return f"{label} {text}".strip()


def _table_of(row: etree._Element) -> etree._Element | None:
    return next(row.iterancestors(f"{_W}tbl"), None)


def _row_of(cell: etree._Element) -> etree._Element | None:
    return next(cell.iterancestors(f"{_W}tr"), None)


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
        if inside is not paragraph:
            continue
        if element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag == f"{_W}sym":
            yield _sign(element.get(f"{_W}font") or "", element.get(f"{_W}char") or "")
        else:
            yield "-" if element.tag == f"{_W}noBreakHyphen" else " "


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
