"""Symbols of a flowchart that are drawn over the cells of a Word table, in the drawing languages of new and old Word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_POINT = 12_700  # English metric units
_LOWEST = 540_000  # of a floating shape below its anchor, 1.5 cm: further down it may lie over another row
_LINES = ("line", "straight", "bent", "curved", "arrow", "rightArrow", "downArrow", "leftArrow", "upArrow")
_SIGNS = {
    "flowChartDecision": "◇",
    "diamond": "◇",
    "flowChartTerminator": "○",
    "roundRect": "○",
    "ellipse": "○",
    "flowChartConnector": "○",
}
_OLD_SIGNS = {"rect": "□", "roundrect": "○", "oval": "○"}
_OLD_TYPES = {
    "t4": "◇",
    "t110": "◇",
    "t116": "○",
    "t120": "○",
    "t3": "○",
    "t2": "○",
    "t1": "□",
    "t109": "□",
    "t114": "□",
    "t115": "□",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """A symbol; the place of its middle from the left border of the cell, None in the line of the text."""

    sign: str
    across: float | None
    down: float = 0


def symbols_in(cell: etree._Element, width: int | None) -> list[str]:
    """The symbols over the cell, as characters. Of floating ones only one alone counts, and only if it is over this cell."""
    shapes = [*_new_shapes(cell), *_old_shapes(cell)]
    inline = [shape.sign for shape in shapes if shape.across is None]
    floating = [shape for shape in shapes if shape.across is not None]
    if len(floating) != 1 or width is None:
        return inline
    one = floating[0]
    over = one.across is not None and 0 <= one.across <= width and -_LOWEST / 3 <= one.down <= _LOWEST
    return [*inline, one.sign] if over else inline


def is_fallback(element: etree._Element) -> bool:
    """True for the copy of a drawing that is only for older programs."""
    return next(element.iterancestors(f"{_MC}Fallback"), None) is not None


def _new_shapes(cell: etree._Element) -> Iterator[_Shape]:
    """A drawing with one shape is a symbol; one with several is a whole flowchart, one with a picture anything."""
    for drawing in cell.iter(f"{_WP}anchor", f"{_WP}inline"):
        if is_fallback(drawing) or next(drawing.iter(f"{_PIC}pic"), None) is not None:
            continue
        kinds = [shape.get("prst") or "" for shape in drawing.iter(f"{_A}prstGeom")]
        kinds = [kind for kind in kinds if not _is_line(kind)]
        if len(kinds) != 1:
            continue
        sign = _SIGNS.get(kinds[0], "□")
        if drawing.tag == f"{_WP}inline":
            yield _Shape(sign, None)
        elif (left := _offset(drawing, "positionH", ("column",))) is not None:
            extent = drawing.find(f"{_WP}extent")
            wide = int(extent.get("cx") or 0) if extent is not None else 0
            down = _offset(drawing, "positionV", ("paragraph", "line"))
            yield _Shape(sign, left + wide / 2, 0 if down is None else down)


def _is_line(kind: str) -> bool:
    return kind.startswith(_LINES) or ("Connector" in kind and kind != "flowChartConnector")


def _offset(anchor: etree._Element, tag: str, from_what: tuple[str, ...]) -> float | None:
    position = anchor.find(f"{_WP}{tag}")
    offset = None if position is None else position.find(f"{_WP}posOffset")
    if position is None or offset is None or position.get("relativeFrom") not in from_what:
        return None
    return float(offset.text) if re.fullmatch(r"-?\d{1,9}", offset.text or "") else None


def _old_shapes(cell: etree._Element) -> Iterator[_Shape]:
    """Shapes as Word 2007 and older wrote them."""
    for picture in cell.iter(f"{_W}pict"):
        if is_fallback(picture) or next(picture.iter(f"{_V}group"), None) is not None:
            continue
        shapes = [(shape, sign) for shape in picture.iter() if (sign := _old_sign(shape))]
        if len(shapes) != 1:
            continue
        style = dict(re.findall(r"([\w-]+):([^;]+)", shapes[0][0].get("style") or ""))
        if style.get("position") != "absolute":
            yield _Shape(shapes[0][1], None)
        elif (left := _points(style.get("margin-left"))) is not None:
            wide, down = _points(style.get("width")) or 0, _points(style.get("margin-top")) or 0
            yield _Shape(shapes[0][1], (left + wide / 2) * _POINT, down * _POINT)


def _old_sign(shape: etree._Element) -> str:
    if not isinstance(shape.tag, str) or not shape.tag.startswith(_V):
        return ""
    if next(shape.iter(f"{_V}imagedata"), None) is not None:
        return ""
    kind = shape.tag.removeprefix(_V)
    if kind == "shape":
        return _OLD_TYPES.get((shape.get("type") or "").rpartition("_")[2], "")
    return _OLD_SIGNS.get(kind, "")


def _points(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*(-?\d{1,5}(?:\.\d{1,4})?)(pt)?\s*", text or "")
    return float(found[1]) if found else None
