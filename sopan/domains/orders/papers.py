"""Plain papers of the service as PDF: lists of the treasurer, offers, minutes of a return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import get_language

from sopan.core.flow import Refusal
from sopan.documents import pdf, templates
from sopan.people.models import Institution

TEMPLATE = "orders.paper"
templates.register(TEMPLATE, Path(__file__).parent / "typst" / "paper.typ")


@dataclass(frozen=True, slots=True)
class Signer:
    """A place to sign: over the line the role, under it the name and a note."""

    role: str
    name: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``widths``: parts of the page, 0 for as wide as needed; ``numeric``: columns set to the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numeric: Sequence[int] = ()


def paper(
    institution: Institution,
    *,
    title: str,
    number: str,
    at: datetime,
    facts: Sequence[tuple[str, str]] = (),
    table: Table | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    signers: Sequence[Signer] = (),
) -> bytes | Refusal:
    """A paper as PDF/A in the language of the moment. Refusal "glyph" for characters that no font has."""
    data = {
        "title": title,
        "number": number,
        "language": "en" if (get_language() or "id").startswith("en") else "id",
        "institution": templates.letterhead(institution),
        "facts": [list(pair) for pair in facts],
        "heads": list(table.heads) if table else [],
        "rows": [list(row) for row in table.rows] if table else [],
        "widths": list(table.widths) if table else [],
        "numeric": list(table.numeric) if table else [],
        "before": list(before),
        "after": list(after),
        "by_hand": bool(signers),
        "signers": [{"role": one.role, "name": one.name, "under": one.under} for one in signers],
    }
    return pdf.render(TEMPLATE, data, at=at)
