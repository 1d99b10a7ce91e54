"""Commodities, parameters and competences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.measurement.formula import FormulaError, parse
from sopan.people.models import User

from ..models import Commodity, Competence, Parameter

TEXTS = ("name", "kind", "unit", "method", "formula", "expected", "reference", "subcontracted_to", "note")
NUMBERS = ("repetitions", "decimals", "lower", "upper", "expanded", "coverage", "place", "active")
LIMITS = ("lower", "upper", "expected", "reference", "unit", "kind")


def save_parameter(parameter: Parameter, values: Mapping[str, Any], *, acting: Acting, on: date) -> Parameter | Refusal:
    """Add or change a parameter. With ``compared_with`` the keeper says that he compared its limit with that copy of the
    standard; any change of the limit without it makes the limit unverified again. Side effect: the row.

    Refusals: formula, reading-missing, limits, uncertainty, compared (each with its field).
    """
    refusal = _wrong(values)
    if refusal is not None:
        return refusal
    before = tuple(getattr(parameter, name) for name in LIMITS) if parameter.pk else None
    for name in (*TEXTS, *NUMBERS):
        if name in values:
            setattr(parameter, name, values[name])
    parameter.readings = list(values.get("readings", parameter.readings))
    parameter.own = True
    compared = str(values.get("compared_with") or "").strip()
    if compared:
        parameter.verified, parameter.compared_with = True, compared[:250]
        parameter.verified_by_name, parameter.verified_on = acting.name, on
    elif before != tuple(getattr(parameter, name) for name in LIMITS):
        parameter.verified, parameter.compared_with = False, ""
        parameter.verified_by_name, parameter.verified_on = "", None
    parameter.save()
    return parameter


def _wrong(values: Mapping[str, Any]) -> Refusal | None:
    lower, upper = values.get("lower"), values.get("upper")
    if lower is not None and upper is not None and lower > upper:
        return Refusal("limits", _("Batas bawah lebih besar daripada batas atas."), "upper")
    if (values.get("expanded") is None) != (values.get("coverage") is None):
        return Refusal("uncertainty", _("Isi ketidakpastian U bersama faktor cakupan k."), "coverage")
    has_limit = lower is not None or upper is not None or values.get("expected")
    if values.get("compared_with") and not (has_limit and values.get("reference")):
        return Refusal("compared", _("Isi dahulu batas dan acuannya."), "reference")
    return _wrong_formula(values)


def _wrong_formula(values: Mapping[str, Any]) -> Refusal | None:
    """A formula uses the readings that the sheet asks for, and no others."""
    if not values.get("formula"):
        return None
    try:
        names = set(parse(values["formula"]).names)
    except FormulaError as error:
        text = _("Rumus tidak dapat dibaca pada huruf ke-%(at)s.")
        return Refusal("formula", text % {"at": error.at + 1}, "formula")
    asked = {one["name"] for one in values.get("readings") or ()}
    if missing := names - asked:
        text = _("Rumus memakai bacaan yang tidak ada: %(names)s.")
        return Refusal("reading-missing", text % {"names": ", ".join(sorted(missing))}, "readings")
    return None


@transaction.atomic
def grant(
    commodity: Commodity, *, person: User, first: date, last: date | None, evidence: str, acting: Acting, now: datetime
) -> Competence | Refusal:
    """Find somebody competent to test a commodity. Side effect: the row. Refusals: person, evidence, last, own."""
    if person.institution_id != commodity.institution_id or person.is_customer or not person.is_active:
        return Refusal("person", _("Pilih pegawai dari daftar."), "person")
    if person.pk == acting.person_id:
        return Refusal("own", _("Kompetensi Anda sendiri dinyatakan oleh orang lain."), "person")
    if not evidence.strip():
        return Refusal("evidence", _("Isi bukti kompetensinya."), "evidence")
    if last is not None and last < first:
        return Refusal("last", _("Tanggal akhir mendahului tanggal awal."), "last")
    return Competence.objects.create(
        commodity=commodity, person=person, valid_from=first, valid_to=last, evidence=evidence.strip()[:250],
        granted_by_name=acting.name, granted_at=now,
    )  # fmt: skip
