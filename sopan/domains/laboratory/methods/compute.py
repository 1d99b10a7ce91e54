"""From readings to results: the numbers of a point, its budget, and the row of the table of results.

Nothing is rounded here; ``printed`` tells how the numbers of a row are written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean, stdev

from sopan.measurement.budget import Budget, evaluate
from sopan.measurement.formula import Algebra, Formula
from sopan.measurement.inputs import DIVISORS, Distribution, InputError
from sopan.measurement.inputs import Quantity as Known_quantity
from sopan.measurement.monte_carlo import Simulated, disagreement, simulate
from sopan.measurement.rounding import reported

from .model import Across, Input, Method, Quantity, Take
from .standards import Known
from .units import factor

PLAIN: Algebra = {
    name: getattr(math, name)
    for name in ("sqrt", "exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")
} | {"ln": math.log}
TRIALS = 100_000
TOLERATED = 0.1  # of U

Readings = Mapping[str, Sequence[float]]


class Incomputable(ValueError):
    """A number cannot be had; ``what`` names it: a quantity, an input, a standard, the model."""

    def __init__(self, what: str, why: str = "") -> None:
        super().__init__(f"{what}: {why}" if why else what)
        self.what, self.why = what, why


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of results, unrounded, with the budget behind it."""

    reference: float
    indication: float
    error: float
    budget: Budget
    shown: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    inputs: Mapping[str, Known_quantity] = field(default_factory=dict)

    @property
    def expanded(self) -> float:
        return self.budget.expanded


def sheet_numbers(method: Method, readings: Readings, given: Mapping[str, float]) -> dict[str, float]:
    """The quantities of the whole sheet beside what is ``given``: fields and environment. Raises ``Incomputable``."""
    numbers = dict(given)
    for one in method.quantities:
        if one.sheet:
            numbers[one.name] = _quantity(one, readings, numbers)
    return numbers


def before_standards(
    method: Method, point: float, readings: Readings, numbers: Mapping[str, float]
) -> dict[str, float]:
    """The numbers of a point that need no standard: the place where its standards are looked up follows from them."""
    found = {**numbers, "point": point}
    for one in method.quantities:
        if not one.sheet and _ready(one, found):
            found[one.name] = _quantity(one, readings, found)
    return found


def place_of(formula: Formula, numbers: Mapping[str, float], what: str) -> float:
    """Where the certificate of a standard is read. Raises ``Incomputable``."""
    return _number(formula, numbers, what)


def row_of(method: Method, readings: Readings, numbers: Mapping[str, float], standards: Mapping[str, Known]) -> Row:
    """The results of a point. ``numbers`` as from ``before_standards``. Raises ``Incomputable``."""
    found = {**numbers, **_of_standards(standards)}
    for one in method.quantities:
        if one.name not in found:
            found[one.name] = _quantity(one, readings, found)
    inputs: dict[str, Known_quantity] = {}
    for told in method.inputs:
        inputs[told.name] = _input(told, readings, found)
        found[told.name] = inputs[told.name].value
    budget = evaluate(method.model, _with_numbers(method.model, inputs, found), p=method.p)
    found["result"] = budget.value
    return Row(
        reference=_number(method.reference, found, "reference"),
        indication=_number(method.indication, found, "indication"),
        error=_number(method.error, found, "error"),
        budget=_only(budget, inputs),
        shown={one.name: _number(one.formula, found, one.name) for one in method.shown},
        numbers=found,
        inputs=inputs,
    )


def summary(method: Method, numbers: Mapping[str, float]) -> dict[str, float]:
    """The results of the whole sheet. Raises ``Incomputable``."""
    return {one.name: _number(one.formula, numbers, one.name) for one in method.summary}


def limit_at(
    method: Method, numbers: Mapping[str, float], choices: Mapping[str, str], point: float, unit: str
) -> float | None:
    """The largest permissible error at a point; None where the method has none there."""
    limit = method.limit
    if limit is None:
        return None
    if limit.formula is not None:
        found = _number(limit.formula, numbers, "limit")
        return found if found > 0 else None
    table = limit.table.get(choices.get(limit.choose, ""), {})
    to_nominal, to_unit = factor(unit, limit.nominal_unit), factor(limit.limit_unit, unit)
    if to_nominal is None or to_unit is None:
        return None
    at = point * float(to_nominal)
    told = next((value for nominal, value in table.items() if math.isclose(nominal, at, rel_tol=1e-9)), None)
    return None if told is None else told * float(to_unit)


def checked(method: Method, row: Row) -> Simulated | None:
    """What Monte Carlo finds where an end of its interval is off by a tenth of U or more; None where it agrees.

    JCGM 101:2008, 8.1, asks for less; but with few degrees of freedom both are estimates, and a warning that always stands
    there is not read.
    """
    whole = _with_numbers(method.model, row.inputs, row.numbers)
    found = simulate(method.model, whole, p=method.p, trials=TRIALS)
    low, high = row.budget.value - row.expanded, row.budget.value + row.expanded
    apart = max(abs(low - found.interval[0]), abs(high - found.interval[1]))
    return found if disagreement(row.budget, found) and apart > TOLERATED * row.expanded else None


def printed(row: Row, *, floor: float | None = None) -> dict[str, str]:
    """Reference, indication, error and U as they are written: U with two digits, the others to the same place.

    ``floor`` is a CMC under which U must not be told: rounding goes up where it would fall below.
    """
    expanded = Decimal(repr(max(row.expanded, floor or 0.0)))
    _value, shown = reported(Decimal(0), expanded)
    if floor is not None and shown and shown < Decimal(repr(floor)):
        shown += Decimal(1).scaleb(int(shown.as_tuple().exponent))
    numbers = {"reference": row.reference, "indication": row.indication, "error": row.error}
    if not shown:
        return {name: repr(value) for name, value in numbers.items()} | {"U": "0"}
    place = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    told = {name: _placed(value, place) for name, value in numbers.items()}
    return told | {"U": f"{shown:f}", "k": f"{row.budget.k:.2f}"}


def _placed(value: float, place: Decimal) -> str:
    written = Decimal(repr(value)).quantize(place, ROUND_HALF_UP)
    return f"{written if written else abs(written):f}"


def _ready(one: Quantity, found: Mapping[str, float]) -> bool:
    return one.formula is None or all(name in found for name in one.formula.names)


def _of_standards(standards: Mapping[str, Known]) -> dict[str, float]:
    found = {}
    for name, one in standards.items():
        found |= {
            name: one.value, f"{name}_correction": one.correction, f"{name}_U": one.expanded, f"{name}_k": one.k,
            f"{name}_u": one.u, f"{name}_drift": one.drift,
        }  # fmt: skip
    return found


def _quantity(one: Quantity, readings: Readings, numbers: Mapping[str, float]) -> float:
    if one.formula is not None:
        return _number(one.formula, numbers, one.name)
    if one.across is not None:
        return _across(one, readings)
    assert one.of is not None and one.take is not None
    return _taken(one.take, _series(one.of, readings, one.name), one.name)


def _series(of: Formula, readings: Readings, what: str) -> list[float]:
    """The formula for each repetition. Raises ``Incomputable`` where readings are missing."""
    columns = {name: readings.get(name, ()) for name in of.names}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1 or not min(lengths):
        raise Incomputable(what, "readings")
    return [_number(of, {name: values[at] for name, values in columns.items()}, what) for at in range(lengths.pop())]


def _taken(take: Take, series: Sequence[float], what: str) -> float:
    match take:
        case Take.MEAN:
            return fmean(series)
        case Take.SPREAD:
            return max(series) - min(series)
        case Take.LARGEST:
            return max(series)
        case Take.SMALLEST:
            return min(series)
        case Take.COUNT:
            return float(len(series))
    if len(series) < 2:
        raise Incomputable(what, "readings")
    return stdev(series)


def _across(one: Quantity, readings: Readings) -> float:
    columns = {name: readings.get(name, ()) for name in one.columns}
    if any(not values for values in columns.values()):
        raise Incomputable(one.name, "readings")
    means = {name: fmean(values) for name, values in columns.items()}
    if one.across is Across.LARGEST_SPAN:
        return max(max(values) - min(values) for values in columns.values())
    if one.across is Across.MEAN:
        return fmean(means.values())
    origin = fmean(readings[one.origin])
    return max(abs(mean - origin) for mean in means.values())


def _number(formula: Formula, numbers: Mapping[str, float], what: str) -> float:
    missing = [name for name in formula.names if name not in numbers]
    if missing:
        raise Incomputable(what, missing[0])
    try:
        found = formula.evaluate(numbers, PLAIN)
    except (ArithmeticError, ValueError, TypeError):
        raise Incomputable(what, "value") from None
    if isinstance(found, complex) or not math.isfinite(found):
        raise Incomputable(what, "value")
    return float(found)


def _input(told: Input, readings: Readings, numbers: Mapping[str, float]) -> Known_quantity:
    dof = _number(told.dof, numbers, told.name) if told.dof else math.inf
    if dof < 1:
        raise Incomputable(told.name, "dof")
    if told.readings is not None:
        return _type_a(told, _series(told.readings, readings, told.name), numbers, dof)
    value = _number(told.value, numbers, told.name) if told.value else 0.0
    if told.half_width is not None:
        half = abs(_number(told.half_width, numbers, told.name))
        kind = Distribution(told.distribution)
        return Known_quantity(told.name, value, half / DIVISORS[kind], dof, kind, half)
    u = abs(_number(told.u, numbers, told.name)) if told.u else 0.0
    return Known_quantity(told.name, value, u, dof)


def _type_a(told: Input, series: Sequence[float], numbers: Mapping[str, float], dof: float) -> Known_quantity:
    """Mean and s/√n; with ``pooled`` its standard deviation and degrees of freedom (JCGM 100:2008, 4.2.4)."""
    if told.pooled is not None:
        u = _number(told.pooled, numbers, told.name) / math.sqrt(len(series))
        return Known_quantity(told.name, fmean(series), u, dof)
    if len(series) < 2:
        return Known_quantity(told.name, series[0], 0.0)
    return Known_quantity(told.name, fmean(series), stdev(series) / math.sqrt(len(series)), len(series) - 1)


def _with_numbers(
    model: Formula, inputs: Mapping[str, Known_quantity], numbers: Mapping[str, float]
) -> dict[str, Known_quantity]:
    """The inputs, and the plain numbers that the model names beside them, as exactly known."""
    plain = {
        name: Known_quantity(name, numbers[name], 0.0) for name in model.names if name not in inputs and name in numbers
    }
    missing = [name for name in model.names if name not in inputs and name not in plain]
    if missing:
        raise Incomputable("model", missing[0])
    return {**inputs, **plain}


def _only(budget: Budget, inputs: Mapping[str, Known_quantity]) -> Budget:
    lines = tuple(line for line in budget.lines if line.name in inputs)
    return Budget(budget.value, budget.u, budget.dof, budget.k, budget.p, lines, budget.warnings)


__all__ = [
    "Incomputable", "InputError", "Row", "before_standards", "checked", "limit_at", "place_of", "printed", "row_of",
    "sheet_numbers", "summary",
]  # fmt: skip
