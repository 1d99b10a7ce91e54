"""A body with methods, equipment, competence and scope, and instruments that are measured by a method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sopan.domains.laboratory import measuring
from sopan.domains.laboratory.loading import load_equipment
from sopan.domains.laboratory.models import EquipmentCertificate, MethodVersion, WorkOrder
from sopan.domains.laboratory.operations import measuring as operations
from sopan.domains.laboratory.operations.measuring import Measured, PointTyped

from .cast import NOW, Cast, Play, data_of, make_order

DAY = date(2026, 11, 23)
BALANCE = {
    "kind": "neraca-analitik",
    "kind_name": "Neraca analitik",
    "name": "Neraca analitik",
    "range_unit": "g",
    "points": "50; 100; 200 g",
}
GAUGE = {"kind": "manometer", "kind_name": "Manometer", "name": "Manometer 10 bar", "range_unit": "bar", "points": "6"}

WHOLE = {
    "rep": ("100,0001", "100.0002", "100,0002", "100,0000", "100,0001", "100,0003"),
    **{f"ecc_{n}": (text,) for n, text in enumerate(("100,0001", "100,0003", "99,9999", "100,0000", "100,0002"), 1)},
}
FIELDS = {"resolution": "0,0001", "ecc_load": "100", "drift_share": "1", "buoyancy": "0,5", "mpe": ""}


def equip(cast: Cast) -> None:
    """The equipment, methods, competence and scope of the demo."""
    load_equipment(cast.body, data_of("laboratory.yaml"), now=NOW)


def version(cast: Cast, code: str = "neraca-elektronik") -> MethodVersion:
    return MethodVersion.objects.filter(institution=cast.body, code=code).latest("version")


def certificate(cast: Cast, code: str = "STD-M-01") -> EquipmentCertificate:
    rows = EquipmentCertificate.objects.filter(equipment__institution=cast.body, equipment__code=code)
    return rows.select_related("equipment").latest("version")


def balance_sheet(cast: Cast, **changes: Any) -> Measured:
    """Three loads of a balance, as an analyst types them."""
    points = [
        PointTyped(point, readings={"indication": (indication,)})
        for point, indication in (("50", "50,0001"), ("100", "100.0002"), ("200", "200,0003"))
    ]
    sheet = Measured(
        method=version(cast), unit="g", points=points, whole=WHOLE, fields=FIELDS, standards={"weight": [certificate(cast)]},
        instruments={"env-climate": certificate(cast, "BNT-02")},
        measured_from=DAY, measured_to=DAY, place="Laboratorium Massa dan Suhu", temperature_text="22,3 ± 0,4", humidity_text="52",
    )  # fmt: skip
    return replace(sheet, **changes)


def measuring_play(cast: Cast, instrument: Mapping[str, str] = BALANCE, **order: Any) -> Play:
    """An order whose one instrument waits to be measured by Fajar."""
    return make_order(cast, instrument, **order).to("enter_results")


def begin(work: WorkOrder, cast: Cast, code: str = "neraca-elektronik") -> None:
    done = operations.choose_method(work.pk, version(cast, code), actor=work.analyst, now=NOW)
    assert done.method_version_id, done


def codes(result: object) -> set[str]:
    """Codes of what keeps a sheet from being handed in."""
    assert isinstance(result, operations.Unfit), result
    return {fault.code for fault in result.measured.faults}


__all__ = [
    "BALANCE", "DAY", "GAUGE", "balance_sheet", "begin", "certificate", "codes", "equip", "measuring", "measuring_play", "version",
]  # fmt: skip
