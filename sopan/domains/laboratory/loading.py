"""Laboratories of an institution from its data file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sopan.people.models import Institution, Position, Unit

from .models import Laboratory


@transaction.atomic
def load_laboratories(institution: Institution, data: Mapping[str, Any]) -> list[Laboratory]:
    """Create or update the laboratories under ``laboratories``; others stay. Units and positions are loaded before.

    Raises KeyError for a missing name, LookupError for a position or unit that the institution does not have.
    """
    return [_load(institution, row) for row in data.get("laboratories") or ()]


def _load(institution: Institution, row: Mapping[str, Any]) -> Laboratory:
    positions = {position.code: position for position in Position.objects.filter(institution=institution)}
    unit = None
    if code := row.get("unit"):
        unit = Unit.objects.filter(institution=institution, code=code).first()
        if unit is None:
            raise LookupError(f"laboratory {row['code']}: unknown unit {code}")
    for key in ("supervisors", "analysts"):
        if row[key] not in positions:
            raise LookupError(f"laboratory {row['code']}: unknown position {row[key]}")
    laboratory, _made = Laboratory.objects.update_or_create(
        institution=institution,
        code=row["code"],
        defaults={
            "name": row["name"],
            "unit": unit,
            "place": row.get("place") or "",
            "penyelia": positions[row["supervisors"]],
            "analis": positions[row["analysts"]],
        },
    )
    return laboratory
