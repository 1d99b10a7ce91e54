"""What every reader makes of a file: paragraphs and tables of texts, in the order of the document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line or paragraph of text; ``place`` says where it stands, for people."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. A cell that spans columns is its text, then empty cells."""

    cells: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that stand together. ``continues`` where the reader knows that it goes on from a table before it."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """A table that is there but cannot be read, and why."""

    reason: str


Block = Paragraph | Table | Damage


@dataclass(frozen=True, slots=True)
class Document:
    """A file as its reader understood it; ``notes`` tell of the whole file what a person should know."""

    name: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is not read, and why, in words for the person who brought it."""

    name: str
    reason: str
