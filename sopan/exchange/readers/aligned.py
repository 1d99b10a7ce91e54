"""Tables in text whose columns are told by position alone, as `pdftotext -layout` writes them."""

from __future__ import annotations

from dataclasses import dataclass

from sopan.exchange.document import Table


@dataclass(frozen=True, slots=True)
class Aligned:
    """A table and the index of the line behind it."""

    table: Table
    end: int


def aligned_tables(lines: list[str]) -> dict[int, Aligned]:
    """The tables by the index of their first line."""
    return {}
