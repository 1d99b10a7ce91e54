"""Commodities with their parameters, and competences, from data files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from sopan.people.models import Institution, User

from .models import Commodity, Competence, Parameter

TEXTS = (
    "name",
    "kind",
    "unit",
    "method",
    "formula",
    "expected",
    "reference",
    "subcontracted_to",
    "note",
    "compared_with",
)
NUMBERS = ("lower", "upper", "expanded", "coverage")


@transaction.atomic
def load_register(institution: Institution, data: Mapping[str, Any]) -> list[Commodity]:
    """Write the commodities of a file. Parameters that the body has changed stay as they are.

    Raises KeyError or ValueError for a row that lacks something.
    """
    return [_commodity(institution, row) for row in data["commodities"]]


def _commodity(institution: Institution, row: Mapping[str, Any]) -> Commodity:
    found, _made = Commodity.objects.update_or_create(
        institution=institution,
        code=row["code"],
        defaults={
            "name": row["name"],
            "standard": row["standard"],
            "sampling_method": row.get("sampling_method", ""),
            "invented": bool(row.get("invented")),
        },
    )
    for place, parameter in enumerate(row["parameters"], start=1):
        _parameter(found, parameter, place=place * 10)
    return found


def _parameter(commodity: Commodity, row: Mapping[str, Any], *, place: int) -> None:
    if Parameter.objects.filter(commodity=commodity, code=row["code"], own=True).exists():
        return  # the body has changed it: the file no longer replaces it
    numbers = {name: Decimal(str(row[name])) for name in NUMBERS if row.get(name) is not None}
    Parameter.objects.update_or_create(
        commodity=commodity,
        code=row["code"],
        defaults={
            **{name: str(row[name]) for name in TEXTS if name in row},
            **dict.fromkeys(NUMBERS),
            **numbers,
            "place": place,
            "readings": [dict(one) for one in row.get("readings") or ()],
            "repetitions": int(row.get("repetitions", 2)),
            "decimals": int(row.get("decimals", 2)),
            "verified": not row.get("unverified", True),
        },
    )


@transaction.atomic
def load_competences(institution: Institution, rows: Any, *, now: datetime) -> int:
    """Write the competences of a data file, once: a commodity that has some keeps them. How many were added.

    Raises KeyError for a missing name, DoesNotExist for a person or commodity that is not there.
    """
    day, made = institution.date_at(now), 0
    for row in rows:
        commodity = Commodity.objects.get(institution=institution, code=row["commodity"])
        person = User.objects.get(email=row["person"], institution=institution)
        if not Competence.objects.filter(commodity=commodity, person=person).exists():
            _competence(commodity, person, row, first=day + timedelta(days=int(row["from_day"])), now=now)
            made += 1
    return made


def _competence(commodity: Commodity, person: User, row: Mapping[str, Any], *, first: date, now: datetime) -> None:
    Competence.objects.create(
        commodity=commodity,
        person=person,
        valid_from=first,
        evidence=row["evidence"],
        granted_by_name="–",
        granted_at=now,
    )
