"""The uncertainty budget of a measurement: estimate, combined and expanded uncertainty, and who contributes what.

Law of propagation of uncertainty (JCGM 100:2008, 5), evaluated by the GUM Tree Calculator; effective degrees of freedom by
Welch and Satterthwaite (G.4), with correlated inputs as one ensemble (Willink 2007); coverage factor from Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import GTC
import numpy as np
from GTC import reporting

from sopan.measurement.formula import Algebra, Formula
from sopan.measurement.inputs import InputError, Quantity

ALGEBRA: Algebra = {
    "sqrt": GTC.sqrt,
    "exp": GTC.exp,
    "log": GTC.log,
    "ln": GTC.log,
    "log10": GTC.log10,
    "sin": GTC.sin,
    "cos": GTC.cos,
    "tan": GTC.tan,
    "asin": GTC.asin,
    "acos": GTC.acos,
    "atan": GTC.atan,
    "sinh": GTC.sinh,
    "cosh": GTC.cosh,
    "tanh": GTC.tanh,
}

Correlations = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the budget: standard uncertainty ``u`` of the input, sensitivity coefficient ``c``, ``contribution`` |c|·u
    in the unit of the result."""

    name: str
    value: float
    u: float
    c: float
    contribution: float
    dof: float


@dataclass(frozen=True, slots=True)
class Budget:
    """``value`` ± ``expanded``, where ``expanded`` is ``k`` times the combined standard uncertainty ``u``."""

    value: float
    u: float
    dof: float
    k: float
    p: float
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]

    @property
    def expanded(self) -> float:
        return self.k * self.u


def evaluate(
    formula: Formula, inputs: Mapping[str, Quantity], *, correlations: Correlations | None = None, p: float = 0.95
) -> Budget:
    """The budget at coverage probability ``p``.

    Raises ``InputError`` for a quantity that is missing, a correlation that cannot be, and a model that has no value there.
    """
    if not 0.5 <= p < 1:
        raise InputError(f"The coverage probability is {p:g}; it is from 0.5 to below 1.")
    if missing := [name for name in formula.names if name not in inputs]:
        raise InputError(f"{missing[0]}: the model names it, but it is not among the inputs.")
    pairs = _checked(correlations or {}, inputs)
    used = {name: inputs[name] for name in formula.names}
    numbers, warnings = _uncertain(used, pairs)
    warnings += [f"{name}: the model does not use it." for name in inputs if name not in used]
    result = _result(formula, numbers)
    value, u = GTC.value(result), GTC.uncertainty(result)
    if not (math.isfinite(value) and math.isfinite(u)):
        raise InputError("The model has no finite value at these inputs.")
    dof = GTC.dof(result) if u else math.inf
    warnings += [note for one in used.values() for note in one.warnings]
    return Budget(value, u, dof, coverage_factor(dof, p), p, _lines(formula, used), tuple(warnings))


def coverage_factor(dof: float, p: float) -> float:
    """Student's t for ``p``; degrees of freedom are cut to the next lower integer (JCGM 100:2008, G.4.1, note 1)."""
    whole = dof if math.isinf(dof) else max(1, math.floor(dof + 1e-9))
    return float(reporting.k_factor(whole, 100 * p))


def _result(formula: Formula, numbers: Mapping[str, Any]) -> Any:
    try:
        result = formula.evaluate(numbers, ALGEBRA)
        if isinstance(result, complex):  # what Python makes of a root of a negative number
            raise ValueError("the result is not real")
        return result + GTC.constant(0)  # a model of numbers alone gives an uncertain number too
    except (ArithmeticError, ValueError, TypeError) as fault:
        raise InputError(f"The model has no value at these inputs: {fault}.") from None


def _checked(correlations: Correlations, inputs: Mapping[str, Quantity]) -> dict[tuple[str, str], float]:
    """The correlations between different known inputs, each pair once. Raises ``InputError`` for what cannot be."""
    pairs: dict[tuple[str, str], float] = {}
    for (a, b), r in correlations.items():
        if a not in inputs or b not in inputs:
            raise InputError(f"The correlation of {a} and {b}: {b if a in inputs else a} is not among the inputs.")
        if a == b or not -1 <= r <= 1:
            raise InputError(f"The correlation of {a} and {b} is {r:g}; it is from -1 to 1, between two inputs.")
        if pairs.get((b, a), r) != r:
            raise InputError(f"The correlation of {a} and {b} is told twice.")
        if (b, a) not in pairs:
            pairs[a, b] = r
    return pairs


def ensembles(names: Sequence[str], pairs: Correlations) -> list[list[str]]:
    """The inputs in groups: those that correlations tie together, directly or through others, and single ones."""
    group = {name: [name] for name in names}
    for (a, b), r in pairs.items():
        if r and group[a] is not group[b]:
            group[a] += group[b]
            for name in group[b]:
                group[name] = group[a]
    return list({id(one): one for one in group.values()}.values())


def _uncertain(used: Mapping[str, Quantity], pairs: Correlations) -> tuple[dict[str, Any], list[str]]:
    """The inputs as uncertain numbers, exact ones as they are; and what had to be assumed."""
    numbers: dict[str, Any] = {one.name: one.value for one in used.values() if one.exact}
    uncertain = [name for name in used if name not in numbers]
    pairs = {pair: r for pair, r in pairs.items() if set(pair) <= set(uncertain)}
    warnings = []
    for names in ensembles(uncertain, pairs):
        members = [used[name] for name in names]
        dof = min(one.dof for one in members)
        if dof != max(one.dof for one in members):
            warnings.append(
                f"{', '.join(names)}: correlated inputs with different degrees of freedom; the smallest, {dof:g}, is used."
            )
        if len(names) == 1:
            numbers[names[0]] = GTC.ureal(members[0].value, members[0].u, dof, label=names[0])
        else:
            _possible(names, pairs)
            made = GTC.multiple_ureal([one.value for one in members], [one.u for one in members], dof, names)
            numbers |= dict(zip(names, made, strict=True))
    for (a, b), r in pairs.items():
        if r:
            GTC.set_correlation(r, numbers[a], numbers[b])
    return numbers, warnings


def matrix(names: Sequence[str], pairs: Correlations) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The correlation matrix of ``names``."""
    place = {name: at for at, name in enumerate(names)}
    found = np.eye(len(names))
    for (a, b), r in pairs.items():
        if a in place and b in place:
            found[place[a], place[b]] = found[place[b], place[a]] = r
    return found


def _possible(names: Sequence[str], pairs: Correlations) -> None:
    if np.linalg.eigvalsh(matrix(names, pairs)).min() < -1e-9:
        raise InputError(f"The correlations of {', '.join(names)} cannot all be true together.")


def _lines(formula: Formula, used: Mapping[str, Quantity]) -> tuple[Line, ...]:
    """The lines of the budget. The sensitivity coefficients are derivatives, so exact inputs have theirs too."""
    unit = {name: GTC.ureal(one.value, 1.0, label=name) for name, one in used.items()}
    result = _result(formula, unit)
    lines = []
    for name, one in used.items():
        c = float(reporting.sensitivity(result, unit[name])) + 0.0  # no minus zero
        lines.append(Line(name, one.value, one.u, c, abs(c) * one.u, one.dof))
    return tuple(lines)
