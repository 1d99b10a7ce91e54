"""From readings to a result and its statement of conformity, by what the register says of the parameter.

Numbers are judged as they are printed: whoever reads the paper comes to the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.laboratory.methods.compute import PLAIN
from sopan.domains.orders.models import Order
from sopan.measurement.conformity import Outcome, within, worst
from sopan.measurement.formula import FormulaError, parse
from sopan.measurement.rounding import significant

from .models import Parameter

Rule = Order.DecisionRule


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision rule of the request, and the part r of U that is the guard band where the rule asks for one."""

    rule: str = Rule.NONE
    fraction: Decimal = Decimal(0)


def one_result(parameter: Parameter, readings: Mapping[str, Decimal]) -> float | Refusal:
    """What one repetition gives by the formula of the parameter; without a formula the reading itself."""
    values = {name: float(value) for name, value in readings.items()}
    formula = "" if parameter.subcontracted_to else parameter.formula
    try:
        found = parse(formula).evaluate(values, PLAIN) if formula else next(iter(values.values()))
    except (FormulaError, KeyError, StopIteration, ArithmeticError, ValueError, TypeError):
        return _incomputable(parameter)
    return float(found) if isinstance(found, int | float) and math.isfinite(found) else _incomputable(parameter)


def _incomputable(parameter: Parameter) -> Refusal:
    text = _("%(name)s: bacaan ini tidak dapat dihitung dengan rumus “%(formula)s”. Periksa angkanya.")
    return Refusal("incomputable", text % {"name": parameter.name, "formula": parameter.formula})


def mean(results: Sequence[float]) -> Decimal:
    """The mean of the repetitions, before it is rounded; the noise of binary arithmetic is cut off."""
    return Decimal(f"{fmean(results):.12g}")


def printed(parameter: Parameter, value: Decimal) -> str:
    """The result as it is printed, with a decimal point."""
    rounded = value.quantize(Decimal(1).scaleb(-parameter.decimals), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}"


def expanded(parameter: Parameter) -> str:
    """U of the method as it is printed, to two significant digits; "" where it is not known."""
    return f"{significant(parameter.expanded):f}" if parameter.expanded is not None else ""


def guard_of(parameter: Parameter, decision: Decision) -> Decimal | None:
    """The width of the guard band; None where the rule asks for one and U is not known."""
    if decision.rule == Rule.SIMPLE:
        return Decimal(0)
    told = expanded(parameter)
    if not told:
        return None
    return Decimal(told) * (1 if decision.rule == Rule.GUARD else decision.fraction)


def conformity(parameter: Parameter, text: str, decision: Decision) -> dict[str, str]:
    """The statement on a printed result; empty where none was asked for, or the limit was not compared with its source."""
    if decision.rule == Rule.NONE or not parameter.has_limit or not parameter.verified:
        return {}
    if parameter.kind == Parameter.Kind.TEXT:
        good = text.strip().casefold() == parameter.expected.strip().casefold()
        answer, guard = Outcome.PASS if good else Outcome.FAIL, Decimal(0)
    else:
        width = guard_of(parameter, decision)
        if width is None:
            return {}
        guard = width
        answer = within(Decimal(text), lower=parameter.lower, upper=parameter.upper, guard=guard)
    return {
        "outcome": str(answer),
        "limit": parameter.limit_text,
        "rule": str(decision.rule),
        "guard": f"{guard.normalize():f}",
        "norm": parameter.reference or parameter.commodity.standard,
    }


def outcome_of(
    parameter: Parameter, text: str, decision: Decision, *, repetitions: Iterable[float] = ()
) -> dict[str, Any]:
    """What is frozen of a determination: everything that the papers print of it."""
    return {
        "name": parameter.name,
        "unit": parameter.unit,
        "method": parameter.method,
        "text": text,
        "repetitions": [f"{one:.12g}" for one in repetitions],
        "limit": parameter.limit_text if parameter.verified else "",
        "reference": parameter.reference,
        "U": expanded(parameter) if parameter.kind == Parameter.Kind.NUMBER else "",
        "k": f"{parameter.coverage.normalize():f}" if parameter.coverage is not None else "",
        "external": parameter.subcontracted_to,
        "conformity": conformity(parameter, text, decision),
    }


def overall(outcomes: Iterable[Mapping[str, Any]]) -> str:
    """The answer for all that was tested: that of the worst; "" where nothing was stated."""
    stated = [Outcome(one["conformity"]["outcome"]) for one in outcomes if one.get("conformity")]
    found = worst(stated)
    return str(found) if found is not None else ""
