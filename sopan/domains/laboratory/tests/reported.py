"""Snapshots of certificates without a database: six kinds of instruments, and one that is whole in every respect."""

from __future__ import annotations

import copy
from typing import Any

from sopan.domains.laboratory.certificates import words
from sopan.domains.laboratory.certificates.snapshot import FORMAT, Snapshot, percent

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
    statements["uncertainty"] = [text.format(p=percent("0.9545")) for text in words.STATEMENTS["uncertainty"]]
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
