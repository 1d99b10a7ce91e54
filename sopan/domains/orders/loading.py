"""Loading a body's tariff from its file: procedures/<institution>/tariffs.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from sopan.people.models import Institution

from .models import Revenue, TariffLine


@transaction.atomic
def load_tariffs(institution: Institution, data: Mapping[str, Any]) -> int:
    """Write the lines of a tariff file; a line with the same code and first day is overwritten, unless
    the body has changed that line itself. How many there are.

    Raises KeyError or ValueError for a line that lacks something or contradicts itself.
    """
    sources = data.get("sources", {})
    for row in data["lines"]:
        first_day = (
            row["valid_from"] if isinstance(row["valid_from"], date) else date.fromisoformat(str(row["valid_from"]))
        )
        if TariffLine.objects.filter(institution=institution, code=row["code"], own=True).exists():
            continue  # the body has changed it: the file no longer replaces it
        TariffLine.objects.update_or_create(
            institution=institution,
            code=row["code"],
            valid_from=first_day,
            defaults={**_facts(row, sources), **_kind(row), **_range(row)},
        )
    return len(data["lines"])


def _facts(row: Mapping[str, Any], sources: Mapping[str, Any]) -> dict[str, Any]:
    source = sources.get(row.get("source", ""), {})
    amount = Decimal(str(row["amount"]))
    if amount < 0:
        raise ValueError(f"tariff {row['code']}: negative amount")
    return {
        "group": row["group"],
        "description": row["description"],
        "per": row["per"],
        "amount": amount,
        "legal_basis": row["legal_basis"],
        "source": " ".join(filter(None, (source.get("name", ""), source.get("url", ""))))[:250],
        "valid_to": row.get("valid_to"),
        "verified": not row.get("unverified"),
        "note": row.get("note", ""),
        "revenue": row.get("revenue", Revenue.STATE),
    }


def _kind(row: Mapping[str, Any]) -> dict[str, str]:
    """The kind that customers choose; a line without one is not for instruments."""
    return {"kind": row.get("kind") or "", "kind_name": row.get("kind_name") or ""}


def _range(row: Mapping[str, Any]) -> dict[str, Any]:
    given = row.get("range")
    if not given:
        return {"measure": "", "unit": "", "lower": None, "upper": None, "lower_open": False, "upper_open": False}
    lower, upper = given.get("from", given.get("over")), given.get("up_to", given.get("below"))
    ends = [Decimal(str(end)) if end is not None else None for end in (lower, upper)]
    if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
        raise ValueError(f"tariff {row['code']}: the range ends before it begins")
    return {
        "measure": given["measure"],
        "unit": given["unit"],
        "lower": ends[0],
        "upper": ends[1],
        "lower_open": "over" in given,
        "upper_open": "below" in given,
    }
