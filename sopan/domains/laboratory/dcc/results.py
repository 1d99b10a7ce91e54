"""The measurement results of a DCC: a ``measurementResult`` for each table, because each has its own state of adjustment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sopan.core.flow import Refusal

from ..certificates.words import LABELS, RULES
from ..numbers import parse_number
from .units import siunitx
from .xml import Build, Element

Told = Mapping[str, Any]
STATUS = {"as_found": "beforeAdjustment", "as_left": "afterAdjustment"}
CONDITIONS = {  # name -> words of the good practice, name in both languages
    "temperature": ("basic_temperature", ("Suhu", "Temperature")),
    "humidity": ("basic_humidityRelative", ("Kelembapan relatif", "Relative humidity")),
    "pressure": ("basic_pressure", ("Tekanan udara", "Air pressure")),
}
COLUMNS = {"reference": "basic_referenceValue", "indication": "basic_measuredValue", "error": "basic_measurementError"}


def write(build: Build, parent: Element, told: Told, *, software: Callable[[Element], None]) -> None:
    """All results of a snapshot under ``measurementResults``."""
    for part in told["parts"]:
        for table in part["tables"]:
            if not table["points"]:
                continue
            one = build.add(parent, "measurementResult")
            build.say(one, "name", _name(part, table))
            _method(build, build.add(build.add(one, "usedMethods"), "usedMethod"), part)
            software(build.add(one, "usedSoftware"))
            if part["equipment"]:
                several = build.add(one, "measuringEquipments")
                for standard in part["equipment"]:
                    _standard(build, build.add(several, "measuringEquipment", ref_type="basic_normalUsed"), standard)
            _conditions(build, build.add(one, "influenceConditions"), part, STATUS.get(table["stage"], ""))
            _result(build, build.add(build.add(one, "results"), "result"), part, table, told)


def _name(part: Told, table: Told) -> list[str]:
    measurand = part["method"]["measurand"] or [part["parameter"]] * 2
    if table["stage"] == "as_is":
        return list(measurand)
    return [f"{text}, {stage.lower()}" for text, stage in zip(measurand, LABELS[table["stage"]], strict=True)]


def _method(build: Build, method: Element, part: Told) -> None:
    told = part["method"]
    build.say(method, "name", told["name"], ref_type="")
    if part["deviation"]:
        build.say(method, "description", part["deviation"])
    for norm in told["norms"]:
        build.add(method, "norm", norm)
    build.add(method, "reference", f"{told['code']} v{told['version']}")


def _standard(build: Build, one: Element, told: Told) -> None:
    build.say(one, "name", told["name"])
    build.say(one, "description", told["traceability"])
    certificate = build.add(one, "certificate")
    build.say(certificate, "referral", told["issuer"])
    build.add(certificate, "referralID", told["certificate"])
    build.add(certificate, "procedure", "SHA-256" if told["sha256"] else "–")
    build.add(certificate, "value", told["sha256"] or "–")
    build.add(certificate, "traceable", "true")
    if told["make"]:
        build.say(build.add(one, "manufacturer"), "name", told["make"])
    if told["type"]:
        build.add(one, "model", told["type"])
    several = build.add(one, "identifications")
    for issuer, value in (("calibrationLaboratory", told["code"]), ("manufacturer", told["serial"])):
        if value:
            identification = build.add(several, "identification")
            build.add(identification, "issuer", issuer)
            build.add(identification, "value", value)


def _conditions(build: Build, several: Element, part: Told, status: str) -> None:
    for told in part["environment"]:
        ref_type, name = CONDITIONS[told["name"]]
        one = build.add(several, "influenceCondition", ref_type=ref_type)
        build.say(one, "name", name)
        if status:
            build.add(one, "status", status)
        data = build.add(one, "data")
        ends = {"Min": told["low"], "Max": told["high"]} if told["low"] != told["high"] else {"": told["low"]}
        for end, value in ends.items():
            quantity = build.add(data, "quantity", ref_type=f"{ref_type}{end}")
            real = build.si(quantity, "real")
            build.si(real, "value", value)
            build.si(real, "unit", siunitx(told["unit"]) or r"\one")


def _result(build: Build, result: Element, part: Told, table: Told, told: Told) -> None:
    build.say(result, "name", _name(part, table))
    several = build.add(build.add(result, "data"), "list", ref_type="basic_measurementResults")
    points: Sequence[Told] = table["points"]
    unit = siunitx(table["unit"])
    assert unit is not None
    nominal = [parse_number(one["point"]) for one in points]
    if not any(isinstance(one, Refusal) for one in nominal):
        _quantity(build, several, LABELS["point"], [f"{one:f}" for one in nominal], unit, "basic_nominalValue")
    for name, ref_type in COLUMNS.items():
        quantity = _quantity(build, several, part["labels"][name], [one[name] for one in points], unit, ref_type)
        if name == "error":
            _uncertainty(build, quantity[-1], points)
            _conformity(build, quantity, points, unit, told)
    for column in table["columns"]:
        values = [one["shown"][column["name"]] for one in points]
        _quantity(build, several, column["label"], values, siunitx(column["unit"]) if column["unit"] else unit)


def _quantity(
    build: Build, several: Element, name: Sequence[str], values: Sequence[str], unit: str | None, ref_type: str = ""
) -> Element:
    one = build.add(several, "quantity", ref_type=ref_type)
    build.say(one, "name", name)
    listed = build.si(one, "realListXMLList")
    build.si(listed, "valueXMLList", " ".join(values))
    build.si(listed, "unitXMLList", unit or r"\one")
    return one


def _uncertainty(build: Build, listed: Element, points: Sequence[Told]) -> None:
    expanded = build.si(build.si(listed, "measurementUncertaintyUnivariateXMLList"), "expandedMUXMLList")
    columns = {"valueExpandedMUXMLList": "U", "coverageFactorXMLList": "k", "coverageProbabilityXMLList": "p"}
    for element, key in columns.items():
        build.si(expanded, element, " ".join(one[key] for one in points))


def _conformity(build: Build, quantity: Element, points: Sequence[Told], unit: str, told: Told) -> None:
    """Statements of conformity, where every point of the table has one."""
    stated = [one.get("conformity") or {} for one in points]
    if not stated or not all(stated) or told["decision"] is None:
        return
    meta = build.add(build.add(quantity, "measurementMetaData"), "metaData", ref_type="basic_conformity")
    build.say(meta, "name", LABELS["conformity"])
    for norm in dict.fromkeys(one["norm"] for one in stated):
        build.add(meta, "norm", norm)
    decision = told["decision"]
    words = [text.format(r=decision["fraction"], text=decision["text"]) for text in RULES[decision["rule"]]]
    build.say(meta, "declaration", words)
    build.add(meta, "conformityXMLList", " ".join(one["outcome"] for one in stated))
    several = build.add(build.add(meta, "data"), "list")
    for name, ref_type, sign in (
        (("Batas bawah", "Lower limit"), "basic_acceptanceLimitLower", -1),
        (("Batas atas", "Upper limit"), "basic_acceptanceLimitUpper", 1),
    ):
        values = [f"{sign * Decimal(one['limit']):f}" for one in stated]
        _quantity(build, several, name, values, unit, ref_type)
