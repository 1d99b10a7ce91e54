"""Automatic numbers of Word's lists: what Word prints but does not store as text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from sopan.exchange.readers.package import parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_STYLES = 20  # one on top of the other


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    text: str
    start: int


@dataclass
class Numbers:
    """Counts the numbered paragraphs of a document in their order.

    Lists with one definition count on from each other, unless one says that it begins anew.
    """

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)  # definition, level
    definitions: dict[str, str] = field(default_factory=dict)  # list -> what it is made after
    anew: dict[tuple[str, int], int] = field(default_factory=dict)  # list, level -> where it begins
    styles: dict[str, etree._Element] = field(default_factory=dict)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)  # definition, level

    @classmethod
    def of(cls, numbering: bytes | None, styles: bytes | None = None) -> Numbers:
        """The lists of the parts with the definitions. Raises Refused."""
        numbers = cls()
        if numbering is None:
            return numbers
        root = parse_xml(numbering)
        for definition in root.findall(f"{_W}abstractNum"):
            for level in definition.findall(f"{_W}lvl"):
                numbers.levels[definition.get(f"{_W}abstractNumId") or "", _at(level)] = _level(level)
        for one in root.findall(f"{_W}num"):
            number = one.get(f"{_W}numId") or ""
            numbers.definitions[number] = _value(one, "abstractNumId")
            for override in one.findall(f"{_W}lvlOverride"):
                if (begin := _value(override, "startOverride")).isdigit():
                    numbers.anew[number, _at(override)] = int(begin)
        for style in parse_xml(styles).findall(f"{_W}style") if styles else ():
            numbers.styles[style.get(f"{_W}styleId") or ""] = style
        return numbers

    def label(self, paragraph: etree._Element, *, in_cell: bool) -> str:
        """What stands before the paragraph: "1.", "a)", "-"; empty for one of no list.

        The numbers that styles give count only in cells: those of headings would hide what the headings say.
        """
        number, at = self._list_of(paragraph, in_cell=in_cell)
        definition = self.definitions.get(number, "")
        level = self.levels.get((definition, at))
        if level is None or level.kind == "none":
            return ""
        if level.kind == "bullet":
            return "-"
        if (number, at) in self.anew:
            self.counts[definition, at] = self.anew.pop((number, at)) - level.start
        self.counts[definition, at] += 1
        for below in [key for key in self.counts if key[0] == definition and key[1] > at]:
            del self.counts[below]
        return re.sub(r"%([1-9])", lambda found: self._figure_of(definition, int(found[1]) - 1), level.text)

    def _figure_of(self, definition: str, at: int) -> str:
        level = self.levels.get((definition, at), _Level("decimal", "", 1))
        count = max(self.counts[definition, at], 1)
        return _figure(level.kind, level.start + count - 1)

    def _list_of(self, paragraph: etree._Element, *, in_cell: bool) -> tuple[str, int]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "", 0
        own = properties.find(f"{_W}numPr")
        number, at = self._given_by(_value(properties, "pStyle")) if in_cell else ("", 0)
        if own is not None:
            number = _value(own, "numId") or number
            told = _value(own, "ilvl")
            at = int(told) if told.isdigit() else at
        return number, at

    def _given_by(self, style: str) -> tuple[str, int]:
        """The list and level that a style of paragraphs gives, by itself or by the one that it is based on."""
        for _ in range(_MOST_STYLES):
            found = self.styles.get(style)
            if found is None:
                break
            given = found.find(f"{_W}pPr/{_W}numPr")
            if given is not None and (number := _value(given, "numId")):
                level = _value(given, "ilvl")
                return number, int(level) if level.isdigit() else 0
            style = _value(found, "basedOn")
        return "", 0


def _value(element: etree._Element, tag: str) -> str:
    found = element.find(f"{_W}{tag}")
    return "" if found is None else found.get(f"{_W}val") or ""


def _at(level: etree._Element) -> int:
    told = level.get(f"{_W}ilvl") or ""
    return int(told) if told.isdigit() else 0


def _level(level: etree._Element) -> _Level:
    start = _value(level, "start")
    return _Level(
        _value(level, "numFmt") or "decimal",
        _value(level, "lvlText") or f"%{_at(level) + 1}.",
        int(start) if start.isdigit() else 1,
    )


def _figure(kind: str, number: int) -> str:
    if kind in ("lowerLetter", "upperLetter") and number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and number <= 39:
        roman = "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        return roman.upper() if kind == "upperRoman" else roman
    return str(number)
