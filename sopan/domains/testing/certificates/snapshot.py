"""What a paper says, as plain data in the shape that the rules of ISO/IEC 17025:2017, 7.8, look at.

Taken when it is sent to be printed and kept with it. Numbers are texts with a decimal point, as printed; dates ISO 8601.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sopan.documents import templates
from sopan.domains.laboratory.access import positions_of, step_doing
from sopan.domains.laboratory.certificates.words import LANGUAGES
from sopan.domains.laboratory.numbers import parse_span
from sopan.domains.orders.models import Order
from sopan.engine.models import Case
from sopan.people.models import Position

from .. import queries
from ..calculation import overall
from ..models import Check, Determination, Report, Request, Sample, Sampling, Worksheet
from . import words

FORMAT = 1
KINDS = {Report.Kind.TEST_RESULT: "test_report", Report.Kind.CERTIFICATE: "quality_certificate"}
SIGNS = {Report.Kind.TEST_RESULT: "testing.test_result", Report.Kind.CERTIFICATE: "testing.sign_certificate"}

Snapshot = dict[str, Any]


def take(case: Case, kind: str, *, number: str, authorises: Mapping[str, str]) -> Snapshot:
    """The snapshot of a paper of a case whose results were handed in. ``authorises``: name and position of who answers
    for the results, and the day. Raises LookupError where there is no request or worksheet."""
    request, sheet = queries.request_of(case), queries.worksheet_of(case)
    if request is None or sheet is None:
        raise LookupError(f"case {case.pk} has nothing to report")
    zone = ZoneInfo(request.institution.zone)
    samples, rows = queries.samples_of(case), queries.determinations_of(sheet)
    sampling = Sampling.objects.filter(request=request).first()
    basis = queries.paper_of(case, Report.Kind.TEST_RESULT) if kind == Report.Kind.CERTIFICATE else None
    answer = overall(row.outcome for row in rows)
    return {
        "format": FORMAT,
        "kind": KINDS[Report.Kind(kind)],
        "title": words.TITLES[Report.Kind(kind)],
        "languages": list(LANGUAGES.get(request.language, LANGUAGES["id"])),
        "number": number,
        "laboratory": {**templates.letterhead(request.institution), "country": "ID"},
        "customer": {"name": request.applicant, "address": request.address, "contact": ""},
        "item": _item(request, samples, zone),
        "samples": [_sample(one, zone) for one in samples],
        "sampling": _sampling(request, sampling, zone) if sampling is not None else None,
        "decision": _decision(request),
        "answer": answer,
        "standard": request.commodity.standard,
        "invented": request.commodity.invented,
        "basis": {"number": basis.number, "on": _signed_on(basis, zone)} if basis is not None else None,
        "parts": [_part(sheet, row) for row in rows],
        "equipment": sheet.equipment,
        "authorised_by": dict(authorises),
        "authorisation": "record" if kind == Report.Kind.CERTIFICATE else "signature",  # who authorises signs the other
        "signed_by": {"position": _office(case, kind)},
        "interval": None,
        "amends": None,
        "statements": _statements(samples, rows, stated=bool(answer)),
    }


def checked_by(case: Case) -> dict[str, str]:
    """Who accepted the results of a case last: name, position, day."""
    accepted = Check.objects.filter(worksheet__case=case, decision=Check.Decision.ACCEPTED)
    last = accepted.order_by("-at", "-pk").first()
    if last is None:
        return {}
    zone = ZoneInfo(case.institution.zone)
    return {"name": last.name, "position": last.position, "on": last.at.astimezone(zone).date().isoformat()}


def _office(case: Case, kind: str) -> str:
    step = step_doing(case, SIGNS[Report.Kind(kind)])
    keys = positions_of(case, step.actors[0]) if step is not None else []
    return " / ".join(Position.objects.filter(pk__in=keys).values_list("name", flat=True))


def _signed_on(paper: Report, zone: ZoneInfo) -> str:
    at = paper.document.signed_at if paper.document is not None else None
    return at.astimezone(zone).date().isoformat() if at is not None else ""


def _item(request: Request, samples: Sequence[Sample], zone: ZoneInfo) -> dict[str, Any]:
    supplied = {
        "name": request.commodity.name, "lot": request.lot, "quantity": request.quantity,
        "warehouse": request.warehouse, "destination": request.destination,
        "letter": f"{request.letter_number}, {request.letter_date.isoformat()}",
    }  # fmt: skip
    received = [_day(one.received_at, zone) for one in samples]
    return {
        "number": ", ".join(one.code for one in samples),
        "supplied": supplied,
        "condition": "; ".join(dict.fromkeys(one.condition for one in samples)),
        "received": min(received, default=""),
        "sampled_by": "customer" if any(one.origin == Sample.Origin.CUSTOMER for one in samples) else "laboratory",
    }


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat() if at is not None else ""


def _sample(one: Sample, zone: ZoneInfo) -> dict[str, str]:
    return {
        "code": one.code, "lot": one.lot, "quantity": one.quantity, "seal": one.seal, "condition": one.condition,
        "received": _day(one.received_at, zone),
    }  # fmt: skip


def _sampling(request: Request, found: Sampling, zone: ZoneInfo) -> dict[str, Any]:
    begun, ended = found.begun_at.astimezone(zone), found.ended_at.astimezone(zone)
    return {
        "plan": found.method, "place": found.place, "begun": begun.isoformat(timespec="minutes"),
        "ended": ended.isoformat(timespec="minutes"), "lot_size": found.lot_size, "increments": str(found.increments),
        "conditions": found.conditions, "deviation": found.deviation, "officer": found.taken_by_name,
        "report": found.number, "assignment": request.assignment.number, "witness": found.witness,
    }  # fmt: skip


def _decision(request: Request) -> dict[str, str] | None:
    if request.decision_rule == Order.DecisionRule.NONE:
        return None
    fraction = "" if request.guard_fraction is None else f"{request.guard_fraction.normalize():f}"
    return {"rule": request.decision_rule, "fraction": fraction, "text": ""}


def _part(sheet: Worksheet, row: Determination) -> dict[str, Any]:
    """One parameter of one sample."""
    told = row.outcome
    external = told["external"] and f"{told['external']}, {row.external_report}"
    point = {
        "point": told["name"], "unit": told["unit"] or "–", "indication": told["text"], "U": told["U"], "k": told["k"],
        "conformity": told["conformity"], "has_limit": bool(told["limit"]), "limit": told["limit"], "note": "",
        "observed": row.value is None,
    }  # fmt: skip
    return {
        "parameter": told["name"],
        "sample": row.sample.code,
        "place": sheet.place,
        "performed_at": "laboratory",
        "begin": sheet.tested_from.isoformat() if sheet.tested_from else "",
        "end": sheet.tested_to.isoformat() if sheet.tested_to else "",
        "environment": _environment(sheet),
        "method": {"code": row.parameter.code, "version": "", "name": told["method"], "norms": []},
        "deviation": sheet.deviation.strip(),
        "equipment": [],
        "external": external,
        "tables": [{"stage": "as_is", "unit": told["unit"], "columns": [], "points": [point]}],
        "notes": "",
    }


def _environment(sheet: Worksheet) -> list[dict[str, str]]:
    found = []
    for name, unit in (("temperature", "°C"), ("humidity", "%")):
        text = getattr(sheet, name).strip()
        if text and isinstance(parse_span(text), tuple):
            found.append({"name": name, "text": text if unit[-1] in text else f"{text} {unit}"})
    return found


def _statements(samples: Sequence[Sample], rows: Sequence[Determination], *, stated: bool) -> dict[str, Any]:
    brought = any(one.origin == Sample.Origin.CUSTOMER for one in samples)
    only = "only" if brought else "sampled"
    found: dict[str, Any] = {"only": list(words.STATEMENTS[only])}
    if brought:
        found["as_received"] = list(words.STATEMENTS["as_received"])
    found |= {key: list(words.STATEMENTS[key]) for key in ("customer_data", "issued", "copy")}
    if any(row.outcome["U"] for row in rows):
        found["uncertainty"] = list(words.STATEMENTS["uncertainty"])
    if not stated:
        found["without"] = list(words.STATEMENTS["without"])
    return found | {"end": list(words.LABELS["end"])}
