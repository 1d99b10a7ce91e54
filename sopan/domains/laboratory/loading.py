"""Laboratories of an institution, and their equipment, methods, competence and scope, from data files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from sopan.people.models import Institution, Position, Unit, User

from .methods.load import shipped
from .models import CompetenceGrant, Equipment, Laboratory, MethodVersion, ScopeLine
from .operations.equipment import IDENTITY, Certificate, add_certificate, register
from .operations.methods import Line, add_scope, publish_method


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
    for code in (row["supervisors"], row["analysts"], row.get("manager")):
        if code is not None and code not in positions:
            raise LookupError(f"laboratory {row['code']}: unknown position {code}")
    laboratory, _made = Laboratory.objects.update_or_create(
        institution=institution,
        code=row["code"],
        defaults={
            "name": row["name"],
            "unit": unit,
            "place": row.get("place") or "",
            "penyelia": positions[row["supervisors"]],
            "analis": positions[row["analysts"]],
            "manager": positions.get(row.get("manager")),
        },
    )
    return laboratory


@transaction.atomic
def load_equipment(institution: Institution, data: Mapping[str, Any], *, now: datetime) -> int:
    """Publish the shipped methods under ``methods`` and add the equipment, competence and scope of a data file, once:
    an institution that has equipment keeps it as it is. How many pieces were added.

    Raises KeyError for a missing name, LookupError for a laboratory or person that is not there.
    """
    if Equipment.objects.filter(institution=institution).exists():
        return 0
    day = institution.date_at(now)
    approver = User.objects.get(email=data["approved_by"])
    texts, since = shipped(), day + timedelta(days=int(data["methods_from_day"]))
    for code in data["methods"]:
        done = publish_method(
            texts[code], institution=institution, valid_from=since, actor=approver, by=approver.full_name, now=now
        )
        if not isinstance(done, MethodVersion):
            raise LookupError(f"method {code}: {done}")
    for row in data["equipment"]:
        _load_equipment(institution, row, day=day, now=now)
    for row in data["competence"]:
        person = User.objects.get(email=row["person"])
        for method in row["methods"]:
            CompetenceGrant.objects.create(
                institution=institution, person=person, method=method, valid_from=since, evidence=row["evidence"],
                granted_by=approver, granted_name=approver.full_name, granted_at=now,
            )  # fmt: skip
    for row in data["scope"]:
        line = Line(
            method=row["method"], measurand=row["measurand"], unit=row["unit"], lower=Decimal(row["lower"]),
            upper=Decimal(row["upper"]), cmc=row["cmc"], accreditation=data["accreditation"], valid_from=since,
        )  # fmt: skip
        if not isinstance(done := add_scope(line, institution=institution, by=approver.full_name, now=now), ScopeLine):
            raise LookupError(f"scope {row['method']}: {done}")
    return len(data["equipment"])


def _load_equipment(institution: Institution, row: Mapping[str, Any], *, day: date, now: datetime) -> None:
    laboratory = Laboratory.objects.get(institution=institution, code=row["laboratory"])
    identity = {name: row[name] for name in IDENTITY if name in row}
    told = row["certificate"]
    made = register(
        laboratory,
        code=row["code"],
        identity=identity,
        by="–",
        now=now,
        since=day + timedelta(days=int(told["from_day"])),
    )
    if not isinstance(made, Equipment):
        raise LookupError(f"equipment {row['code']}: {made}")
    values = [{"to": one["from"], "correction": "0", "k": "2", **one} for one in told["values"]]
    certificate = Certificate(
        number=told["number"], issuer=told["issuer"], traceability=told["traceability"], values=values,
        calibrated_on=day + timedelta(days=int(told["from_day"])), valid_to=day + timedelta(days=int(told["to_day"])),
    )  # fmt: skip
    add_certificate(made, certificate, actor=None, by="–", now=now)
