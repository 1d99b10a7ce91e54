"""How wide a text is and where it breaks, without a font library.

The widths are those of Arial in thousandths of the size (Liberation Sans has the same, Roboto is a little narrower), so
that what was measured never needs more room than it got.
"""

from __future__ import annotations

from functools import lru_cache

_WIDTHS: dict[str, int] = {}
for _letters, _width in (
    (" !,./:;It[]\\|fijl'", 278),
    ('()-r"`°', 355),
    ("cksvxyzJ*", 500),
    ("abdeghnopqu0123456789L#$?_", 556),
    ("FTZ+=<>~", 611),
    ("ABEKPSVXY&", 667),
    ("CDHNRUw", 722),
    ("GOQ", 778),
    ("Mm%", 850),
    ("W@", 1000),
):
    _WIDTHS.update(dict.fromkeys(_letters, _width))
_UNKNOWN = 600
_BOLD = 1.07


@lru_cache(maxsize=20_000)
def width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in the unit of ``size``."""
    return sum(_WIDTHS.get(letter, _UNKNOWN) for letter in text) * size / 1000 * (_BOLD if bold else 1.0)


@lru_cache(maxsize=20_000)
def wrap(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that may be ``room`` wide; a word too long for a line is cut with a hyphen."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _words(paragraph, room, size, bold):
            longer = f"{line} {word}" if line else word
            if line and width(longer, size, bold) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        if line:
            lines.append(line)
    return tuple(lines)


def _words(paragraph: str, room: float, size: float, bold: bool) -> list[str]:
    found = []
    for word in paragraph.split():
        rest = word
        while width(rest, size, bold) > room and len(rest) > 1:
            cut = _fitting(rest, room, size, bold)
            at_slash = rest.rfind("/", 1, cut + 1) + 1
            head, rest = (rest[:at_slash], rest[at_slash:]) if at_slash else (rest[:cut] + "-", rest[cut:])
            found.append(head)
        if rest:
            found.append(rest)
    return found


def _fitting(word: str, room: float, size: float, bold: bool) -> int:
    cut = len(word) - 1
    while cut > 1 and width(word[:cut] + "-", size, bold) > room:
        cut -= 1
    return cut
