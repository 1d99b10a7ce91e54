"""Texts as they come out of documents: markup taken away, look-alike letters of scans put right, words compared."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_LOOK_ALIKE = dict(zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухԛԝ", "ABESIJKMHOPCTYXaesijopcyxqw", strict=True))
_CYRILLIC_WORD = re.compile(r"[A-Za-z]*[\u0400-\u052F][A-Za-z\u0400-\u052F]*")
_DRAWN_BOX = re.compile(r"<div\b[^<>]{0,300}\bborder\b[^<>]{0,300}>\s{0,9}</div>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|sub|sup|small|a)\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_FORMULA = re.compile(r"\$\s*\\(\w+)\s*\$")
_FORMULAS = {"diamondsuit": "◇", "diamond": "◇", "square": "□", "Box": "□", "circ": "○", "bigcirc": "○", "infty": "∞"}
_DRAWING = re.compile(r"\[(?:Diagram|Gambar|Image|Shape): *([^\]]{0,200})\]", re.IGNORECASE)
_WINGDINGS = {  # private characters of symbol fonts, as Word leaves them in a text
    **dict.fromkeys(range(0xF0FB, 0xF0FF), "√"), **dict.fromkeys((0xF06E, 0xF06F, 0xF070, 0xF071, 0xF072, 0xF0A8), "□"),
    **dict.fromkeys((0xF06C, 0xF0A1, 0xF0A2), "○"), **dict.fromkeys((0xF074, 0xF075, 0xF077), "◇"),
    **dict.fromkeys(range(0xF0DF, 0xF0F9), "→"), 0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF076: "•",
}  # fmt: skip
MOST_ITEMS = 200
_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFE0E, 0xFE0F, 0xFEFF]
)  # also marks of direction and of how to draw a character
_CUT_AT_HYPHEN = re.compile(r"(?<=[a-z])-[ \t]*\r?\n\s*(?=[a-z])")


@lru_cache(maxsize=20_000)
def clean(raw: str) -> str:
    """The words of a cell or line, one space between them; markup is taken away, a drawn box becomes "□"."""
    text = _CUT_AT_HYPHEN.sub("-", raw) if "-" in raw and "\n" in raw else raw
    if "<" in text:
        text = _DRAWN_BOX.sub(" □ ", text)
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    if "&" in text:
        text = html.unescape(text)
    if "$" in text:
        text = _FORMULA.sub(lambda found: _FORMULAS.get(found[1], found[0]), text)
    if "**" in text or "__" in text:
        text = text.replace("**", "").replace("__", "")
    if not text.isascii():
        text = _latin(text.translate(_INVISIBLE).translate(_WINGDINGS))
    return _SPACES.sub(" ", text).strip()


def _latin(text: str) -> str:
    """Words of Cyrillic letters that all look like Latin ones are Latin: a scan reads "МТ" for "MT"."""

    def mended(found: re.Match[str]) -> str:
        word = found[0]
        letters = [_LOOK_ALIKE.get(letter, letter) for letter in word]
        return "".join(letters) if "".join(letters).isascii() else word

    return _CYRILLIC_WORD.sub(mended, text)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """For comparing: small letters and digits, everything else one space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded).split())


def drawings(text: str) -> str:
    """A cell with what it says of drawings ("[Diagram: Start box]") shortened to those words in brackets."""
    return _DRAWING.sub(lambda found: f"[{found[1].strip()}]", text)


def items(raw: str) -> list[str]:
    """The items of a list in a cell: by list markup, by lines, or by numbers 1, 2, 3 … that count up."""
    if "<li" in raw.lower():
        parts = re.split(r"<li\b[^<>]*>|</li>", raw, flags=re.IGNORECASE)
    elif "\n" in raw.strip():
        parts = raw.splitlines()
    else:
        parts = _numbered(clean(raw))
    return [item for item in (_unnumbered(clean(part)) for part in parts) if item and item not in "-–."]


def _numbered(text: str) -> list[str]:
    """Cut before 1, 2, 3 … as long as they count up from 1; the text whole if they do not."""
    if not re.match(r"1[.)]?\s", text):
        return [text]
    parts: list[str] = []
    rest, number = text, 1
    while True:
        cut = number < MOST_ITEMS and re.search(rf"(?<![\d/.])\s?{number + 1}[.)]?\s+(?=[A-Z])", rest[1:])
        if not cut:
            return [*parts, rest]
        parts.append(rest[: cut.start() + 1])
        rest = rest[cut.start() + 1 :].lstrip()
        number += 1


def _unnumbered(text: str) -> str:
    return re.sub(r"^(?:\d{1,2}[.)]\s*|\d{1,2}\s+(?=[A-Z])|[-•–]\s+)", "", text).strip()
