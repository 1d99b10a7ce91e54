"""One snapshot of a report: everything that the PDF and the machine-readable certificate say, as plain data.

It is taken when the report is sent to be printed, and kept with the version of the report under its hash. Numbers are
texts with a decimal point, exactly as they are printed; dates are ISO 8601; what a person typed stays as typed. ``FORMAT``
grows when the shape changes, so that an old snapshot is known as one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from sopan.core.flow import Refusal
from sopan.documents import templates
from sopan.domains.orders.models import Order
from sopan.people.models import Position

from .. import queries
from ..access import positions_of, step_doing
from ..conditions import SLOTS
from ..measuring import method_of
from ..methods.model import SHEET_ROW, Method
from ..models import (
    EquipmentCertificate,
    Item,
    MeasuredPoint,
    Report,
    ResultVersion,
    StandardUse,
    Verification,
    WorkOrder,
)
from ..numbers import parse_span
from . import words

FORMAT = 1
CERTIFICATE, SIMPLE_REPORT = "calibration_certificate", "calibration_report"

Snapshot = dict[str, Any]


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical JSON of a snapshot."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def take(report: Report) -> Snapshot:
    """The snapshot of a report as its results are now. Raises DoesNotExist if results of its item are not approved."""
    return of_item(report.item, order=report.order, number=report.number, version=report.version)


def of_item(item: Item, *, order: Order, number: str = "", version: int = 1) -> Snapshot:
    """The same before the report has a number, to see whether it may get one."""
    zone = ZoneInfo(order.institution.zone)
    parts = [part_of(work) for work in item.work_orders.select_related("laboratory", "item__order")]
    kind = CERTIFICATE if parts and all(part["method"]["code"] for part in parts) else SIMPLE_REPORT
    return {
        "format": FORMAT,
        "kind": kind,
        "title": words.TITLES[kind],
        "languages": list(words.LANGUAGES.get(order.language, words.LANGUAGES["id"])),
        "number": number,
        "version": version,
        "order": order.reference,
        "laboratory": _laboratory(order),
        "customer": _customer(order),
        "item": _item(item, zone),
        "decision": _decision(order),
        "interval": _interval(order),
        "simplified_agreed": order.reference if order.accepts_simplified else "",
        "sampling": None,  # who samples himself tells plan, place and date
        "parts": parts,
        "authorised_by": authorised(item),
        "authorisation": "signature" if order.institution.setting("report_authorisation") == "signature" else "record",
        "signed_by": _signs(order),
        "amends": None,
        "annex": bool(order.institution.setting("report_budget_annex", False)),
        "statements": _statements(kind, parts),
    }


def _statements(kind: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    keys = ["issued", "only", "as_received", "copy", "customer_data"]
    keys += ["traceability", "uncertainty"] if kind == CERTIFICATE else ["simplified"]
    found: dict[str, Any] = {key: list(words.STATEMENTS[key]) for key in keys}
    if kind == CERTIFICATE:
        probability = percent(parts[0]["method"]["p"])
        indonesian, english = words.STATEMENTS["uncertainty"]
        found["uncertainty"] = [indonesian.format(p=probability.replace(".", ",")), english.format(p=probability)]
    found["end"] = list(words.LABELS["end"])
    return found


def percent(p: str) -> str:
    """A probability in per cent: "0.9545" is "95.45"."""
    return f"{(Decimal(p) * 100).normalize():f}"


def _laboratory(order: Order) -> dict[str, str]:
    body = order.institution
    return {**templates.letterhead(body), "email": body.email, "phone": body.phone, "country": "ID"}


def _customer(order: Order) -> dict[str, str]:
    company = order.company
    contact = [order.contact_name, order.contact_phone or company.phone, order.contact_email]
    address = ", ".join(part for part in (" ".join(company.address.split()), company.city) if part)
    return {
        "name": company.name,
        "address": address,
        "city": company.city,
        "contact": " · ".join(filter(None, contact)),
    }


def _item(item: Item, zone: ZoneInfo) -> dict[str, Any]:
    asked = item.order_item
    supplied = {
        "name": asked.name, "make": asked.make, "type": asked.type, "serial": asked.serial_number,
        "range": asked.range_text,
    }  # fmt: skip
    return {
        "number": item.number,
        "supplied": supplied,  # by the customer, and marked so (7.8.2.2)
        "condition": item.condition,
        "received": item.received_at.astimezone(zone).date().isoformat() if item.received_at else "",
        "sampled_by": "customer",
    }


def _decision(order: Order) -> dict[str, str] | None:
    """The decision rule that the order asks for; None where no statement of conformity was asked for."""
    if order.decision_rule in ("", Order.DecisionRule.NONE):
        return None
    fraction = "" if order.guard_fraction is None else f"{order.guard_fraction.normalize():f}"
    share = "" if order.in_tolerance is None else f"{order.in_tolerance.normalize():f}"
    return {
        "rule": order.decision_rule,
        "fraction": fraction,
        "text": order.rule_text,
        "risk": order.risk,
        "share": share,
    }


def _interval(order: Order) -> dict[str, Any] | None:
    """Advice on recalibration, told only where the order agrees on it (7.8.4.3)."""
    months = order.interval_months
    if not months:
        return None
    return {"text": [f"{months} bulan", f"{months} months" if months > 1 else "1 month"], "agreed": order.reference}


def authorised(item: Item) -> dict[str, str]:
    """Who approved the results of this instrument last."""
    zone = ZoneInfo(item.order.institution.zone)
    rows = Verification.objects.filter(result__work_order__item=item, level=2, decision=Verification.Decision.ACCEPTED)
    last = rows.order_by("-at", "-pk").first()
    if last is None:
        return {}
    return {"name": last.name, "position": last.position, "on": last.at.astimezone(zone).date().isoformat()}


def _signs(order: Order) -> dict[str, str]:
    """The office that signs. Who holds it at that moment is told by the signature itself."""
    step = step_doing(order.case, queries.SIGN)
    keys = positions_of(order.case, step.actors[0]) if step is not None else []
    return {"position": " / ".join(Position.objects.filter(pk__in=keys).values_list("name", flat=True))}


# One parameter ----------------------------------------------------------------------------------------------------------


@translation.override("id")
def part_of(work: WorkOrder) -> dict[str, Any]:
    """What the approved results of a work order say. Raises DoesNotExist if they are not approved."""
    result = work.results.get(version=work.version, state=ResultVersion.State.APPROVED)
    method = method_of(result.method_version) if result.method_version else None
    return {
        "parameter": work.parameter,
        "laboratory": str(work.laboratory),
        "place": result.place,
        "performed_at": _performed_at(work, result.place),
        "begin": _iso(result.measured_from),
        "end": _iso(result.measured_to or result.measured_from),
        "environment": list(_environment(result)),
        "instruments": _instruments(result),
        "method": _method(result, method),
        "deviation": result.deviation.strip(),
        "equipment": _equipment(result),
        "external": "",  # name of the provider whose result this is
        "accredited": bool(result.method_version_id) and result.accredited,
        "labels": _labels(method),
        "tables": _measured(result, method) if method is not None else _observed(result),
        "summary": [
            {**one, "value": one["value"].replace(",", ".").replace("−", "-"), "label": words.both(one["label"])}
            for one in result.outcome.get("summary", ())
        ],
        "notes": result.notes.strip(),
    }


def _iso(day: date | datetime | None) -> str:
    return day.isoformat() if day else ""


def _performed_at(work: WorkOrder, place: str) -> str:
    """Where, in the words of the digital certificate: at the laboratory, at the customer's, elsewhere."""
    here = {work.laboratory.name.casefold(), work.laboratory.place.casefold(), str(work.laboratory).casefold()}
    told = place.casefold()
    if told in here or "laboratorium" in told:
        return "laboratory"
    customer = work.item.order.company.name.casefold()
    return "customer" if customer in told or "pelanggan" in told else "other"


ENVIRONMENT = {"temperature": "°C", "humidity": "%", "pressure": "hPa"}


def _environment(result: ResultVersion) -> Iterator[dict[str, str]]:
    for name, unit in ENVIRONMENT.items():
        text = getattr(result, f"{name}_text").strip()
        span = parse_span(text) if text else None
        if isinstance(span, Refusal) or not span:
            continue
        low, high = span
        yield {"name": name, "text": text if unit[-1] in text else f"{text} {unit}", "unit": unit,
               "low": f"{low:f}", "high": f"{high:f}"}  # fmt: skip


def _method(result: ResultVersion, method: Method | None) -> dict[str, Any]:
    if method is None or result.method_version is None:
        return {
            "code": "",
            "version": "",
            "name": [result.method, result.method],
            "norms": [],
            "p": "",
            "measurand": [],
        }
    return {
        "code": method.code,
        "version": str(result.method_version.version),
        "name": list(words.both(method.name)),
        "norms": [norm.name for norm in method.norms],
        "p": f"{Decimal(repr(method.p)).normalize():f}",
        "measurand": list(words.both(method.measurand)),
    }


def _labels(method: Method | None) -> dict[str, list[str]]:
    if method is None:
        return {name: list(words.LABELS[name]) for name in ("reference", "indication", "error")} | {
            "error": list(words.LABELS["correction"])
        }
    told = {"reference": method.reference_label, "indication": method.indication_label, "error": method.error_label}
    return {name: list(words.both(text) if text else words.LABELS[name]) for name, text in told.items()}


def _equipment(result: ResultVersion) -> list[dict[str, str]]:
    """The standards behind the points, each with the version of its certificate that was used."""
    if not result.method_version_id:
        return [{"text": line.strip()} for line in result.standards.splitlines() if line.strip()]
    uses = StandardUse.objects.filter(result=result, point__isnull=False).order_by(
        "slot", "certificate__equipment__code"
    )
    keys = list(dict.fromkeys(uses.values_list("certificate", flat=True)))
    rows = EquipmentCertificate.objects.select_related("equipment").in_bulk(keys)
    return [_standard(rows[key]) for key in keys]


def _instruments(result: ResultVersion) -> list[dict[str, str]]:
    """With what the conditions were read."""
    uses = StandardUse.objects.filter(result=result, slot__in=SLOTS).select_related("certificate__equipment")
    return [_standard(one) for one in dict.fromkeys(use.certificate for use in uses.order_by("slot"))]


def _standard(certificate: EquipmentCertificate) -> dict[str, str]:
    equipment = certificate.equipment
    return {
        "code": equipment.code, "name": equipment.name, "make": equipment.maker, "type": equipment.type,
        "serial": equipment.serial_number, "certificate": certificate.number, "issuer": certificate.issuer,
        "traceability": certificate.traceability, "calibrated": _iso(certificate.calibrated_on),
        "valid": _iso(certificate.valid_to), "sha256": certificate.sha256,
    }  # fmt: skip


def _observed(result: ResultVersion) -> list[dict[str, Any]]:
    """A free table: what was typed, and the correction computed from it; no uncertainty."""
    rows = [
        {
            "point": row.point, "unit": row.unit, "reference": row.reference_text, "indication": row.indication_text,
            "error": row.correction, "note": row.note,
        }
        for row in result.observations.all()
    ]  # fmt: skip
    return [{"stage": "as_is", "unit": "", "columns": [], "points": rows}] if rows else []


def _measured(result: ResultVersion, method: Method) -> list[dict[str, Any]]:
    """A table a stage and unit, in the order in which they were measured."""
    shown = [{"name": one.name, "label": list(words.both(one.label)), "unit": one.unit} for one in method.shown]
    tables: dict[tuple[str, str], dict[str, Any]] = {}
    for point in result.points.exclude(row=SHEET_ROW):
        key = (point.stage, point.unit)
        table = tables.setdefault(key, {"stage": key[0], "unit": key[1], "columns": shown, "points": []})
        table["points"].append(_point(point, method))
    return list(tables.values())


def _stated(told: Mapping[str, Any]) -> dict[str, Any]:
    """A statement of conformity; its risks in per cent, as they are printed."""
    found = {name: told[name] for name in ("outcome", "limit", "rule", "guard", "norm", "text") if name in told}
    if "risk" in told:
        found["risk"] = percent_of(told["risk"])
    if told.get("global"):
        found["global"] = {name: percent_of(share) for name, share in told["global"].items()}
    return found


def percent_of(share: float) -> str:
    """A risk in per cent with two significant digits; below 0.01 % as "<0.01"."""
    percentage = 100 * share
    return "<0.01" if percentage < 0.01 else f"{Decimal(f'{percentage:.2g}'):f}"


def _point(point: MeasuredPoint, method: Method) -> dict[str, Any]:
    outcome, printed = point.outcome, point.outcome["printed"]
    told = point.conformity
    return {
        "point": point.point_text,
        "unit": point.unit,
        **{name: printed.get(name, "") for name in ("reference", "indication", "error", "U", "k")},
        "p": f"{Decimal(repr(outcome['p'])).normalize():f}",
        "shown": {one.name: printed[one.name] for one in method.shown},
        "accredited": bool(outcome.get("accredited")),
        "accreditation": outcome.get("accreditation", ""),
        "conformity": _stated(told),
        "has_limit": outcome.get("limit") is not None,
        "note": point.note,
        "budget": [
            {
                "label": line["label"], "kind": line["kind"], "distribution": line["distribution"], "unit": line["unit"],
                "u": f"{line['u']:.3g}", "c": f"{line['c']:.4g}", "contribution": f"{line['contribution']:.3g}",
                "dof": "" if line["dof"] is None else f"{line['dof']:.4g}",
            }
            for line in point.budget
        ],
    }  # fmt: skip
