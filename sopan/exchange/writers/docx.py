"""A procedure as a Word document: landscape A4, identity block, table whose head is repeated on each page.

Written with ``lxml`` alone: a document is one part of XML in a package, and nothing of it needs a library.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO

from lxml import etree
from lxml.builder import ElementMaker

from sopan.core.model import Procedure
from sopan.exchange.writers.table import LEGEND, SopTable, table_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W_ = ElementMaker(namespace=_W, nsmap={"w": _W})
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
PAGE, MARGIN = (16838, 11906), 720  # A4 in landscape, in twentieths of a point
WIDTH = PAGE[0] - 2 * MARGIN
_SHARES = {"no": 5, "activity": 34, "actor": 8, "requirements": 16, "time": 10, "output": 16, "remarks": 11}
_MADE = (1980, 1, 1, 0, 0, 0)  # the package tells no time, so that equal procedures give equal bytes


def write_docx(procedure: Procedure) -> bytes:
    """The package. Raises ValueError for a letter that XML cannot hold."""
    table = table_of(procedure)
    body = _w("body", *_content(procedure, table), _section())
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, root in (
            ("[Content_Types].xml", _types()),
            ("_rels/.rels", _relations()),
            ("word/document.xml", _w("document", body)),
        ):
            data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            package.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _w(tag: str, *children: etree._Element, **attributes: str) -> etree._Element:
    return _W_(tag, *children, {f"{{{_W}}}{name}": value for name, value in attributes.items()})


def _content(procedure: Procedure, table: SopTable) -> Iterator[etree._Element]:
    yield _identity(table)
    yield _paragraph("")
    yield _table(table)
    yield _paragraph("")
    for text in (LEGEND, *table.ways):
        yield _paragraph(text)


def _section() -> etree._Element:
    margins = {side: str(MARGIN) for side in ("top", "right", "bottom", "left")}
    return _w(
        "sectPr",
        _w("pgSz", w=str(PAGE[0]), h=str(PAGE[1]), orient="landscape"),
        _w("pgMar", header="400", footer="400", gutter="0", **margins),
    )


# Texts ----------------------------------------------------------------------------------------------------------------


def _paragraph(text: str, *, bold: bool = False, centred: bool = False) -> etree._Element:
    paragraph = _w("p", _w("pPr", _w("spacing", before="0", after="0"), *([_w("jc", val="center")] if centred else [])))
    style = [*([_w("b")] if bold else []), _w("sz", val="18")]
    run = _w("r", _w("rPr", _w("rFonts", ascii="Arial", hAnsi="Arial", cs="Arial"), *style))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(_w("br"))
        told = _w("t")
        told.text = line
        told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(told)
    if text:
        paragraph.append(run)
    return paragraph


def _cell(
    text: str, width: int, *, span: int = 1, merge: str = "", head: bool = False, centred: bool = False
) -> etree._Element:
    """``merge`` is "restart" for a cell that reaches down and "continue" for those below it."""
    properties = _w("tcPr", _w("tcW", w=str(width), type="dxa"))
    if span > 1:
        properties.append(_w("gridSpan", val=str(span)))
    if merge:
        properties.append(_w("vMerge", val=merge))
    if head:
        properties.append(_w("shd", val="clear", color="auto", fill="D9D9D9"))
    return _w("tc", properties, _paragraph(text, bold=head, centred=head or centred))


# Tables ---------------------------------------------------------------------------------------------------------------


def _grid(widths: Sequence[int], rows: Sequence[etree._Element]) -> etree._Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = _w("tblBorders", *(_w(side, val="single", sz="4", space="0", color="000000") for side in sides))
    properties = _w("tblPr", _w("tblW", w=str(sum(widths)), type="dxa"), borders, _w("tblLayout", type="fixed"))
    return _w("tbl", properties, _w("tblGrid", *(_w("gridCol", w=str(width)) for width in widths)), *rows)


def _row(*cells: etree._Element, head: bool = False) -> etree._Element:
    """A row that no page cuts in two; a head is repeated on each page."""
    return _w("tr", _w("trPr", _w("cantSplit"), *([_w("tblHeader")] if head else [])), *cells)


def _identity(table: SopTable) -> etree._Element:
    widths = [WIDTH // 4, WIDTH - WIDTH // 4]
    return _grid(widths, [_row(_cell(label, widths[0]), _cell(value, widths[1])) for label, value in table.identity])


def _widths(table: SopTable) -> list[int]:
    shares = [_SHARES["no"], _SHARES["activity"], *[_SHARES["actor"]] * len(table.actors)]
    shares += [_SHARES["requirements"], _SHARES["time"], _SHARES["output"], _SHARES["remarks"]]
    return [WIDTH * share // sum(shares) for share in shares]


def _table(table: SopTable) -> etree._Element:
    widths = _widths(table)
    actors = range(2, 2 + len(table.actors))
    rows = [
        _row(*(_cell(text, widths[at], centred=at in actors) for at, text in enumerate(cells))) for cells in table.rows
    ]
    return _grid(widths, [*_heads(table, widths), *rows])


def _heads(table: SopTable, widths: Sequence[int]) -> Iterator[etree._Element]:
    upper, at = [], 0
    for text, span in table.heads:
        merge = "" if table.names[at] else "restart"
        upper.append(_cell(text, sum(widths[at : at + span]), span=span, merge=merge, head=True))
        at += span
    yield _row(*upper, head=True)
    lower = (
        _cell(text, width, merge="" if text else "continue", head=True)
        for text, width in zip(table.names, widths, strict=True)
    )
    yield _row(*lower, head=True)


# Package --------------------------------------------------------------------------------------------------------------


def _types() -> etree._Element:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    for ending, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=ending, ContentType=kind)
    etree.SubElement(root, f"{{{_TYPES}}}Override", PartName="/word/document.xml", ContentType=_DOCUMENT)
    return root


def _relations() -> etree._Element:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    relation = {"Id": "rId1", "Type": _OFFICE, "Target": "word/document.xml"}
    etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", relation)
    return root
