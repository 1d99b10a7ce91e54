"""Snapshots of certificates without a database: six kinds of instruments, and one that is whole in every respect."""

from __future__ import annotations

import copy
from typing import Any

from sopan.domains.laboratory.calculation import PointInput, PointResult, calculate
from sopan.domains.laboratory.certificates import snapshot, words
from sopan.domains.laboratory.certificates.snapshot import FORMAT, Snapshot
from sopan.domains.laboratory.methods.model import SHEET_ROW
from sopan.domains.laboratory.models import EquipmentCertificate, MeasuredPoint

from .test_worked_examples import Example

P = ("95,45", "95.45")  # in per cent, as each language writes it
STANDARD = {
    "code": "STD-M-01", "name": "Anak timbangan standar kelas E2", "make": "Contoh Massa", "type": "E2", "serial": "AT-07",
    "certificate": "CONTOH-M-0317", "issuer": "Laboratorium Contoh", "traceability": "SNSU-BSN",
    "calibrated": "2026-03-02", "valid": "2028-03-01", "sha256": "ab" * 32,
}  # fmt: skip


def point(at: str, *, unit: str = "g", **told: Any) -> dict[str, Any]:
    fields = {
        "point": at, "unit": unit, "reference": "50.00003", "indication": "50.00010", "error": "0.00007", "U": "0.00030",
        "k": "2.01", "p": "0.9545", "shown": {}, "accredited": True, "accreditation": "LK-000-IDN", "conformity": {},
        "has_limit": False, "note": "", "budget": [],
    }  # fmt: skip
    return {**fields, **told}


def part(**told: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "parameter": "Massa", "laboratory": "Laboratorium Massa", "place": "Laboratorium Massa", "performed_at": "laboratory",
        "begin": "2026-11-23", "end": "2026-11-24",
        "environment": [
            {"name": "temperature", "text": "22,3 ± 0,4 °C", "unit": "°C", "low": "21.9", "high": "22.7"},
            {"name": "humidity", "text": "52 %", "unit": "%", "low": "52", "high": "52"},
        ],
        "method": {
            "code": "neraca-elektronik", "version": "1", "name": ["Kalibrasi timbangan", "Calibration of balances"],
            "norms": ["EURAMET Calibration Guide No. 18"], "p": "0.9545",
            "measurand": ["Kesalahan penunjukan massa", "Error of indication of mass"],
        },
        "deviation": "", "equipment": [dict(STANDARD)], "external": "", "accredited": True,
        "labels": {
            "reference": ["Massa standar", "Standard mass"], "indication": ["Penunjukan alat", "Indication"],
            "error": ["Kesalahan", "Error"],
        },
        "tables": [
            {"stage": "as_is", "unit": "g", "columns": [], "points": [
                point("50"),
                point("100", reference="100.00002", indication="100.00020", error="0.00018", U="0.00037"),
                point("200", reference="200.00007", indication="200.00030", error="-0.00023", U="0.00057", k="2.00"),
            ]}
        ],
        "summary": [], "notes": "",
    }  # fmt: skip
    return {**fields, **told}


def whole(**told: Any) -> Snapshot:
    """A certificate that misses nothing."""
    languages = told.pop("languages", ["id"])
    statements: dict[str, Any] = {
        key: list(words.STATEMENTS[key])
        for key in ("issued", "only", "as_received", "copy", "customer_data", "traceability")
    }
    statements["uncertainty"] = [text.format(p=p) for text, p in zip(words.STATEMENTS["uncertainty"], P, strict=True)]
    statements["end"] = list(words.LABELS["end"])
    fields: dict[str, Any] = {
        "format": FORMAT, "kind": "calibration_certificate", "title": list(words.TITLES["calibration_certificate"]),
        "languages": languages, "number": "0007/KAL/XI/2026", "version": 1, "order": "ORD-2026-11-0412",
        "laboratory": {
            "name": "Balai Contoh", "parent_name": "Badan Contoh", "address": "Jalan Contoh 1, Palembang", "contact": "0711 000",
            "accreditation": "LK-000-IDN", "email": "lab@contoh.example", "phone": "0711 000", "country": "ID",
        },
        "customer": {
            "name": "PT Contoh Pangan Musi", "address": "Jalan Pelanggan 2, Palembang", "city": "Palembang", "contact": "Rina",
        },
        "item": {
            "number": "S-26-0001", "condition": "Baik", "received": "2026-11-20", "sampled_by": "customer",
            "supplied": {
                "name": "Neraca analitik", "make": "Contoh Timbang", "type": "T-1", "serial": "SN-1", "range": "0–220 g",
            },
        },
        "decision": None, "interval": None, "sampling": None, "parts": [part()],
        "authorised_by": {"name": "Agus Contoh", "position": "Manajer Teknis", "on": "2026-11-25"},
        "authorisation": "record", "signed_by": {"position": "Kepala Balai"}, "amends": None, "annex": False,
        "statements": statements,
    }  # fmt: skip
    return copy.deepcopy({**fields, **told})


def stated(outcome: str = "pass", **told: str) -> dict[str, str]:
    """A statement of conformity of a point."""
    fields = {
        "outcome": outcome,
        "limit": "0.001",
        "rule": "guard",
        "guard": "0.0003",
        "norm": "OIML R 76-1",
        "text": "",
    }
    return {**fields, **told}


def judged(**told: Any) -> Snapshot:
    """A certificate with statements of conformity, results before and after an adjustment, and a test of its own column."""
    tables = [
        {
            "stage": stage, "unit": "g", "columns": [{"name": "spread", "label": ["Sebaran", "Spread"], "unit": ""}],
            "points": [point("50", shown={"spread": "0.0001"}, has_limit=True, conformity=stated(outcome))],
        }
        for stage, outcome in (("as_found", "fail"), ("as_left", "conditionalPass"))
    ]  # fmt: skip
    decision = {"rule": "guard", "fraction": "", "text": ""}
    return whole(**{"decision": decision, "parts": [part(tables=tables)], **told})


def of_method(code: str, *, languages: list[str], **told: Any) -> Snapshot:
    """A certificate of the worked example of a shipped method, computed as the product computes it."""
    example = Example(code)
    method = example.method
    certificates = {
        slot.name: [EquipmentCertificate(pk=at, values=example.certificate(slot.name))]
        for at, slot in enumerate(method.standards, 1)
    }
    rows = {name: example.told.get(name, {}) for name in ("field", "environment", "sheet_reading")}
    given = {
        name: float(one[0])
        for name, one in (rows["field"] | rows["environment"]).items()
        if not isinstance(one[0], str)
    }
    inputs = [PointInput(SHEET_ROW, None, rows["sheet_reading"])] if rows["sheet_reading"] else []
    inputs += [PointInput(row, example.point, example.told["reading"]) for row in (1, 2, 3)]
    found = calculate(
        method, inputs, unit=example.unit, given=given, choices={"class": "F1"}, certificates=certificates
    )
    points = [_kept(one, example) for one in found.good]
    assert points, [one.fault for one in found.points]
    shown = [{"name": one.name, "label": list(words.both(one.label)), "unit": one.unit} for one in method.shown]
    made = part(
        parameter=method.measurand, tables=[{"stage": "as_is", "unit": example.unit, "columns": shown, "points": points}],
        method={
            "code": code, "version": "1", "name": list(words.both(method.name)), "norms": [norm.name for norm in method.norms],
            "p": f"{method.p}", "measurand": list(words.both(method.measurand)),
        },
        labels=snapshot._labels(method),
    )  # fmt: skip
    return whole(languages=languages, parts=[made], **told)


def _kept(one: PointResult, example: Example) -> dict[str, Any]:
    kept = MeasuredPoint(
        point_text=f"{example.point:g}".replace(".", ","), unit=example.unit, outcome=one.outcome(), budget=one.budget()
    )
    return snapshot._point(kept, example.method)
