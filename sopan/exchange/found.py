"""What belongs to one procedure, as it is collected from a document: identity, titles, parts of its table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sopan.exchange.document import Row
from sopan.exchange.headings import Heading, is_numbering
from sopan.exchange.identity import Identity
from sopan.exchange.words import plain

_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(slots=True)
class Segment:
    """Rows of one table, with its head where it has one."""

    heading: Heading | None
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """What belongs to one procedure. ``damage``: why its table cannot be read. ``covers``: pages before it that only name."""

    place: str = ""
    identity: Identity = field(default_factory=Identity)
    titles: list[str] = field(default_factory=list)
    cover: list[str] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    at_cover: bool = False
    damage: list[str] = field(default_factory=list)
    run_together: list[str] = field(default_factory=list)  # the lines of a damaged table

    @property
    def named(self) -> bool:
        return self.identity.has("number") or self.identity.has("name")

    @property
    def begun(self) -> bool:
        return bool(self.segments or self.damage)

    def numbers(self) -> list[int]:
        return [number for segment in self.segments for number in numbers_of(segment.rows)]


def identity_behind(all_found: Sequence[Found]) -> list[Found]:
    """The procedures, the identity block given to the table before it where the whole document puts it behind."""
    found = [one for one in all_found if one.begun or one.named]
    if len(found) < 2 or found[0].named or found[-1].begun:
        return list(all_found)
    if not all(one.named and one.begun for one in found[1:-1]):
        return list(all_found)
    if len(found) > 2 and not all(_same_name(one, two) for one, two in zip(found, found[1:], strict=False)):
        return list(all_found)
    for one, two in zip(found, found[1:], strict=False):
        one.identity, one.cover = two.identity, [] if one.titles else one.cover
    return found[:-1]


def _same_name(one: Found, two: Found) -> bool:
    """True if the title before a table is the name in the identity block behind it."""
    return bool(one.titles) and plain(one.titles[0]) == plain(two.identity.fields.get("name", ""))


def numbers_of(rows: Iterable[Row]) -> list[int]:
    """The numbers printed in the first columns, also letters (a. b. c.) and Roman ones if the first is a. or I."""
    printed = [_printed(row) for row in rows if not is_numbering(row.cells)]
    texts = [text for text in printed if text]
    if texts and texts[0] in ("a", "A") and all(len(text) == 1 for text in texts):
        return [ord(text.lower()) - ord("a") + 1 for text in texts if text.isalpha()]
    if texts and texts[0] in ("i", "I"):
        return [_roman(text.upper()) for text in texts if re.fullmatch("[IVX]+", text.upper())]
    return [int(text) for text in texts if text.isdigit()]


def _printed(row: Row) -> str:
    found = (re.fullmatch(r"\(?(\d{1,3}|[A-Za-z]|[IVXivx]{1,5})[.)]*", cell) for cell in row.cells[:2])
    return next((match[1] for match in found if match), "")


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-one if one < two else one for one, two in zip(values, [*values[1:], 0], strict=True))
