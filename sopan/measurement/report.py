"""A budget from data to data: what ``sopan budget`` reads and prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sopan.measurement.budget import Budget, Line, evaluate
from sopan.measurement.formula import parse
from sopan.measurement.inputs import MOST_INPUTS, InputError, Quantity, quantity
from sopan.measurement.monte_carlo import Simulated, disagreement, simulate

KEYS = frozenset({"model", "inputs", "correlations", "p"})


def budget_of(told: Any) -> dict[str, Any]:
    """The budget of ``{"model", "inputs", "correlations", "p"}`` as JSON-able data, with its Monte Carlo check.

    Infinite degrees of freedom are null. Raises ``InputError`` or ``FormulaError``.
    """
    if not isinstance(told, Mapping) or not isinstance(told.get("model"), str):
        raise InputError("A budget is an object with model, a text, and inputs.")
    if unknown := sorted(set(told) - KEYS):
        raise InputError(f"{unknown[0]!r} is not known; known are {', '.join(sorted(KEYS))}.")
    formula, inputs, pairs = parse(told["model"]), _inputs(told.get("inputs", {})), _pairs(told.get("correlations", []))
    p = told.get("p", 0.95)
    if isinstance(p, bool) or not isinstance(p, int | float):
        raise InputError(f"p is {p!r}, but a probability is expected, as 0.95.")
    found = evaluate(formula, inputs, correlations=pairs, p=p)
    simulated = simulate(formula, inputs, correlations=pairs, p=p)
    warning = disagreement(found, simulated)
    return _data(found, simulated, [*found.warnings, *([warning] if warning else [])])


def _inputs(told: Any) -> dict[str, Quantity]:
    if not isinstance(told, Mapping):
        raise InputError("inputs is an object: name and what is known of it.")
    if len(told) > MOST_INPUTS:
        raise InputError(f"There are {len(told)} inputs; at most {MOST_INPUTS} are evaluated.")
    return {name: quantity(name, one) for name, one in told.items()}


def _pairs(told: Any) -> dict[tuple[str, str], float]:
    pairs: dict[tuple[str, str], float] = {}
    if isinstance(told, str) or not isinstance(told, Sequence):
        raise InputError("correlations is a list of [name, name, r].")
    for one in told:
        match one:
            case [str(a), str(b), int() | float() as r] if math.isfinite(r) and not isinstance(r, bool):
                if pairs.setdefault((a, b), r) != r:
                    raise InputError(f"The correlation of {a} and {b} is told twice.")
            case _:
                raise InputError(f"The correlation {one!r} is not [name, name, r].")
    return pairs


def _data(found: Budget, simulated: Simulated, warnings: list[str]) -> dict[str, Any]:
    return {
        "value": found.value,
        "u": found.u,
        "dof": _finite(found.dof),
        "k": found.k,
        "U": found.expanded,
        "budget": [_line(line) for line in found.lines],
        "monte_carlo": {"value": simulated.value, "u": simulated.u, "interval": list(simulated.interval)},
        "warnings": warnings,
    }


def _line(line: Line) -> dict[str, Any]:
    told = {"name": line.name, "u": line.u, "c": line.c, "contribution": line.contribution}
    return {**told, "dof": _finite(line.dof)}


def _finite(number: float) -> float | None:
    return None if math.isinf(number) else number
