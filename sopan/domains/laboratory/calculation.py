"""Results of a sheet: what its readings, its standards and the order make of each point. Nothing is written here.

The numbers come from ``methods.compute``; here it is decided which certificate stands behind a point, whether its
uncertainty may be told (CMC), and what the decision rule of the order says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.orders.models import Order
from sopan.measurement.conformity import Outcome, judge
from sopan.measurement.formula import FormulaError, parse
from sopan.measurement.inputs import InputError
from sopan.measurement.risk import global_risk, specific_risk, spread_of
from sopan.ui.formats import written

from .methods import compute
from .methods.model import SHEET_ROW, Method
from .methods.standards import Known, known_at
from .methods.units import factor
from .models import EquipmentCertificate, ScopeLine

Rule = Order.DecisionRule


@dataclass(frozen=True, slots=True)
class PointInput:
    """What is known of a point before anything is computed; ``point`` None: what was typed there is no number."""

    row: int
    point: float | None
    readings: Mapping[str, Sequence[float]]
    stage: str = "as_is"


@dataclass(frozen=True, slots=True)
class Decision:
    """How conformity is stated: the rule of the order, the part r of U that is the guard band, and its words."""

    rule: str = Rule.NONE
    fraction: Decimal = Decimal(0)
    text: str = ""
    share: Decimal | None = None  # of such instruments that keep their limits, in per cent; None: no global risk


@dataclass(frozen=True)
class PointResult:
    """A row of the table of results; ``fault`` tells why there are no numbers."""

    row: int
    point: float | None
    unit: str
    stage: str = "as_is"
    computed: compute.Row | None = None
    fault: Refusal | None = None
    certificates: Mapping[str, int] = field(default_factory=dict)  # slot -> key of the certificate
    cmc: float | None = None
    accreditation: str = ""
    limit: float | None = None
    conformity: Mapping[str, Any] = field(default_factory=dict)
    method: Method | None = None

    @property
    def raised(self) -> bool:
        """Whether U was below the CMC and is told as the CMC."""
        return self.computed is not None and self.cmc is not None and self.computed.expanded < self.cmc

    @cached_property
    def printed(self) -> dict[str, str]:
        """The numbers as they are printed, with a decimal point."""
        assert self.computed is not None
        told = compute.printed(self.computed, floor=self.cmc)
        place = Decimal(told["U"]).as_tuple().exponent if told["U"] != "0" else None
        for one in self.method.shown if self.method else ():
            value = self.computed.shown[one.name]
            told[one.name] = f"{value:.5g}" if one.unit or place is None else f"{value:.{max(0, -int(place))}f}"
        return told

    @property
    def shown(self) -> dict[str, str]:
        """The same as people read them."""
        return {name: written(text) for name, text in self.printed.items()}

    def outcome(self) -> dict[str, Any]:
        """What is kept of the point, see ``MeasuredPoint``."""
        row = self.computed
        assert row is not None
        return {
            "values": dict(row.shown), "reference": row.reference, "indication": row.indication, "error": row.error,
            "u": row.budget.u, "dof": _finite(row.budget.dof), "k": row.budget.k, "p": row.budget.p,
            "U": max(row.expanded, self.cmc or 0.0), "U_computed": row.expanded, "printed": self.printed, "cmc": self.cmc,
            "raised": self.raised, "accredited": self.cmc is not None, "accreditation": self.accreditation,
            "limit": self.limit,
        }  # fmt: skip

    def budget(self) -> list[dict[str, Any]]:
        """The lines of the budget as they are kept and shown."""
        assert self.computed is not None and self.method is not None
        return budget_lines(self.method, self.computed)


@dataclass(frozen=True)
class Calculated:
    """All points of a sheet, and what holds for the whole of it."""

    points: tuple[PointResult, ...] = ()
    summary: tuple[tuple[str, str, str], ...] = ()  # label, number as read, unit
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def good(self) -> list[PointResult]:
        return [one for one in self.points if one.computed is not None]


def budget_lines(method: Method, row: compute.Row) -> list[dict[str, Any]]:
    told = {one.name: one for one in method.inputs}
    lines = []
    for line in row.budget.lines:
        one = told[line.name]
        kind = "A" if one.readings else "B"
        shape = str(row.inputs[line.name].distribution)
        lines.append(
            {
                "name": line.name, "label": one.label, "kind": kind, "distribution": "t" if one.readings else shape,
                "value": line.value, "u": line.u, "c": line.c, "contribution": line.contribution, "dof": _finite(line.dof),
                "unit": one.unit, "source": one.source, "verified": one.verified or not one.source,
            }
        )  # fmt: skip
    return lines


def calculate(
    method: Method,
    points: Sequence[PointInput],
    *,
    unit: str,
    given: Mapping[str, float],
    choices: Mapping[str, str],
    certificates: Mapping[str, Sequence[EquipmentCertificate]],
    scope: Sequence[ScopeLine] = (),
    decision: Decision | None = None,
) -> Calculated:
    """The results of a sheet. ``given``: fields and environment as numbers; ``scope``: the lines in force that day, none
    where the results are told outside of the accreditation. What cannot be computed is told at its point.
    """
    whole = next((one for one in points if one.row == SHEET_ROW), None)
    try:
        numbers = compute.sheet_numbers(method, whole.readings if whole else {}, given)
    except compute.Incomputable as fault:
        refusal = _fault(method, fault)
        return Calculated(
            tuple(PointResult(p.row, p.point, unit, p.stage, fault=refusal) for p in points if p.row != SHEET_ROW)
        )
    found = []
    for one in points:
        if one.row != SHEET_ROW:
            found.append(_point(method, one, unit, numbers, choices, certificates, scope, decision or Decision()))
    return Calculated(tuple(found), _summary(method, numbers, unit), numbers)


def _point(
    method: Method, one: PointInput, unit: str, numbers: Mapping[str, float], choices: Mapping[str, str],
    certificates: Mapping[str, Sequence[EquipmentCertificate]], scope: Sequence[ScopeLine], decision: Decision,
) -> PointResult:  # fmt: skip
    empty = PointResult(one.row, one.point, unit, one.stage, method=method)
    if one.point is None:
        return empty
    try:
        before = compute.before_standards(method, one.point, one.readings, numbers)
        standards, used = _standards(method, before, unit, certificates)
        row = compute.row_of(method, one.readings, before, standards)
        limit = compute.limit_at(method, row.numbers, choices, one.point, unit)
        line, cmc = cmc_at(scope, one.point, unit)
    except (compute.Incomputable, InputError) as fault:
        return PointResult(one.row, one.point, unit, one.stage, fault=_fault(method, fault), method=method)
    done = PointResult(
        one.row, one.point, unit, one.stage, computed=row, certificates=used, cmc=cmc,
        accreditation=line.accreditation if line else "", limit=limit, method=method,
    )  # fmt: skip
    return _judged(done, decision)


def _standards(
    method: Method, numbers: Mapping[str, float], unit: str, certificates: Mapping[str, Sequence[EquipmentCertificate]]
) -> tuple[dict[str, Known], dict[str, int]]:
    """What the chosen certificates say at this point: the narrowest that covers it."""
    known: dict[str, Known] = {}
    used: dict[str, int] = {}
    for slot in method.standards:
        at = compute.place_of(slot.at, numbers, slot.name)
        for wanted in dict.fromkeys((method.reading_unit(unit), unit, "°C")):
            told = [
                (certificate, found)
                for certificate in certificates.get(slot.name, ())
                if (
                    found := known_at(
                        certificate.values, at, unit=wanted, interpolate=slot.interpolate, combine=slot.combine
                    )
                )
            ]
            if told:
                best, known[slot.name] = min(told, key=lambda pair: pair[1].u)
                used[slot.name] = best.pk
                break
        else:
            raise compute.Incomputable(slot.name, "standard")
    return known, used


def cmc_at(scope: Sequence[ScopeLine], point: float, unit: str) -> tuple[ScopeLine | None, float | None]:
    """The line of the scope that holds at a point, and the CMC there in ``unit``; the smallest where several hold."""
    found: list[tuple[ScopeLine, float]] = []
    for line in scope:
        times = factor(unit, line.unit)
        if times is None:
            continue
        x = point * float(times)
        slack = 1e-9 * max(1.0, abs(x))
        if float(line.lower) - slack <= x <= float(line.upper) + slack:
            cmc = cmc_value(line.cmc, x)
            if cmc is not None:
                found.append((line, cmc / float(times)))
    return min(found, key=lambda pair: pair[1], default=(None, None))


def cmc_value(text: str, x: float) -> float | None:
    """The CMC that a number or formula of x tells; None if it tells none."""
    try:
        found = parse(text.replace(",", ".")).evaluate({"x": x}, compute.PLAIN)
    except (FormulaError, KeyError, ArithmeticError, ValueError, TypeError):
        return None
    return float(found) if isinstance(found, int | float) and math.isfinite(found) and found > 0 else None


def _judged(done: PointResult, decision: Decision) -> PointResult:
    """The statement of conformity by the rule of the order; none where there is no limit or nothing was asked."""
    if decision.rule in ("", Rule.NONE) or done.limit is None or done.computed is None:
        return done
    expanded = Decimal(done.printed["U"])
    guard = {Rule.SIMPLE: Decimal(0), Rule.GUARD: expanded}.get(Rule(decision.rule), decision.fraction * expanded)
    limit = Decimal(f"{done.limit:.12g}")
    error = Decimal(done.printed["error"])
    answer = judge(error, limit=limit, guard=guard)
    u = float(expanded) / done.computed.budget.k
    risk = specific_risk(float(error), u, lower=-float(limit), upper=float(limit))
    accepted = answer in (Outcome.PASS, Outcome.CONDITIONAL_PASS)
    told = {
        "outcome": str(answer), "limit": f"{limit:f}", "rule": str(decision.rule), "guard": f"{guard:f}",
        "risk": risk if accepted else 1 - risk, "text": decision.text, "norm": done.method.limit.norm if done.method and done.method.limit else "",
    }  # fmt: skip
    if decision.share:
        told["global"] = _global(float(limit), float(guard), u, float(decision.share))
    return PointResult(**{**{name: getattr(done, name) for name in _FIELDS}, "conformity": told})


@lru_cache(maxsize=256)
def _global(limit: float, guard: float, u: float, share: float) -> dict[str, float] | None:
    """The risks for such instruments in general: accepted is what passes without condition, inside of limit − guard."""
    if u <= 0:
        return None
    found = global_risk(
        limit=limit, spread=spread_of(share / 100, limit=limit), u=u, acceptance=max(0.0, limit - guard)
    )
    return {"false_accept": found.false_accept, "false_reject": found.false_reject}


_FIELDS = (
    "row",
    "point",
    "unit",
    "stage",
    "computed",
    "fault",
    "certificates",
    "cmc",
    "accreditation",
    "limit",
    "method",
)


def _summary(method: Method, numbers: Mapping[str, float], unit: str) -> tuple[tuple[str, str, str], ...]:
    try:
        found = compute.summary(method, numbers)
    except compute.Incomputable:
        return ()
    return tuple((one.label, written(f"{found[one.name]:.3g}"), one.unit or unit) for one in method.summary)


def _fault(method: Method, fault: Exception) -> Refusal:
    """Why there is no number, with the name that the person knows."""
    labels = {slot.name: slot.label for slot in method.standards} | {one.name: one.label for one in method.inputs}
    labels |= {one.name: one.label for one in method.fields}
    if not isinstance(fault, compute.Incomputable):
        return Refusal("model", _("Model pengukuran tidak menghasilkan nilai pada titik ini. Periksa angka-angkanya."))
    name = labels.get(fault.what, fault.what)
    if fault.why == "standard":
        return Refusal("standard", _("Sertifikat %(name)s yang dipilih tidak memuat titik ini.") % {"name": name})
    if fault.why == "readings":
        return Refusal("readings", _("Pembacaan belum lengkap."))
    if fault.why in labels:
        return Refusal("missing", _("Isi %(name)s.") % {"name": labels[fault.why]})
    return Refusal("value", _("%(name)s tidak dapat dihitung dari angka-angka ini.") % {"name": name})


def _finite(number: float) -> float | None:
    return None if math.isinf(number) else number
