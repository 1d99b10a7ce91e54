"""Propagation of distributions by Monte Carlo: JCGM 101:2008. A check of the linear method, which says where that fails."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sopan.measurement.budget import Budget, Correlations, ensembles, matrix
from sopan.measurement.formula import Algebra, Formula
from sopan.measurement.inputs import Distribution, InputError, Quantity

Draws = np.ndarray[Any, np.dtype[np.float64]]
TRIALS = 1_000_000  # JCGM 101:2008, 7.2.2: enough for two digits of a 95 % interval
SEED = 101  # the same input gives the same answer
ALGEBRA: Algebra = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
}


@dataclass(frozen=True, slots=True)
class Simulated:
    """Mean, standard deviation and probabilistically symmetric coverage interval of the result; ``shortest`` is the
    shortest interval of the same probability."""

    value: float
    u: float
    interval: tuple[float, float]
    shortest: tuple[float, float]
    p: float
    lost: float  # share of the draws at which the model has no value


def simulate(
    formula: Formula,
    inputs: Mapping[str, Quantity],
    *,
    correlations: Correlations | None = None,
    p: float = 0.95,
    trials: int = TRIALS,
    seed: int = SEED,
) -> Simulated:
    """The distribution of the result. Raises ``InputError`` where the model has no value at most of the draws."""
    used = {name: inputs[name] for name in formula.names}
    draws = _draw(used, dict(correlations or {}), trials, np.random.default_rng(seed))
    with np.errstate(all="ignore"):
        found = np.broadcast_to(np.asarray(formula.evaluate(draws, ALGEBRA), dtype=float), (trials,))
    good = found[np.isfinite(found)]
    if len(good) < trials / 2:
        raise InputError("The model has no value at most of the simulated inputs.")
    ordered = np.sort(good)
    u = float(ordered.std(ddof=1))
    return Simulated(float(ordered.mean()), u, _symmetric(ordered, p), _shortest(ordered, p), p, 1 - len(good) / trials)


def disagreement(budget: Budget, found: Simulated) -> str:
    """Why the linear method does not hold here, or "": JCGM 101:2008, 8.1, with two significant digits of u.

    The endpoints of both coverage intervals must agree within the numerical tolerance of the uncertainty.
    """
    if found.lost > 0.001:
        return f"The model has no value at {found.lost:.1%} of the inputs that are possible."
    if not budget.u and not found.u:
        return ""
    tolerance = 0.5 * 10 ** (math.floor(math.log10(found.u)) - 1)
    low, high = budget.value - budget.expanded, budget.value + budget.expanded
    apart = max(abs(low - found.interval[0]), abs(high - found.interval[1]))
    if apart <= max(tolerance, 0.05 * found.u):
        return ""
    return (
        f"Monte Carlo gives {found.interval[0]:.6g} to {found.interval[1]:.6g}, the linear method {low:.6g} to {high:.6g}: "
        "they do not agree in two digits of u (JCGM 101, 8.1); use the Monte Carlo interval."
    )


def _draw(used: Mapping[str, Quantity], pairs: Correlations, trials: int, rng: np.random.Generator) -> dict[str, Any]:
    draws: dict[str, Any] = {one.name: one.value for one in used.values() if one.exact}
    uncertain = [name for name in used if name not in draws]
    pairs = {pair: r for pair, r in pairs.items() if set(pair) <= set(uncertain)}
    for names in ensembles(uncertain, pairs):
        if len(names) == 1:
            draws[names[0]] = _single(used[names[0]], trials, rng)
        else:
            draws |= _joint([used[name] for name in names], matrix(names, pairs), trials, rng)
    return draws


def _single(one: Quantity, trials: int, rng: np.random.Generator) -> Draws:
    """JCGM 101:2008, table 1."""
    if one.distribution is Distribution.NORMAL:
        spread = rng.standard_normal(trials) if math.isinf(one.dof) else rng.standard_t(one.dof, trials)
        return one.value + one.u * spread
    half_width: Any = one.half_width
    if not math.isinf(one.dof):  # limits that are not exactly known: 6.4.3; the dof tell how well (JCGM 100, G.4.2)
        half_width = one.half_width * (1 + (2 * rng.random(trials) - 1) * min(1.0, math.sqrt(1 / (2 * one.dof))))
    match one.distribution:
        case Distribution.UNIFORM:
            spread = 2 * rng.random(trials) - 1
        case Distribution.TRIANGULAR:
            spread = rng.random(trials) + rng.random(trials) - 1
        case _:
            spread = np.sin(2 * np.pi * rng.random(trials))
    return one.value + half_width * spread


def _joint(
    members: list[Quantity], correlation: np.ndarray[Any, np.dtype[np.float64]], trials: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Correlated inputs as a joint normal distribution, or a joint t distribution of the smallest degrees of freedom."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    spread = root @ rng.standard_normal((len(members), trials))
    dof = min(one.dof for one in members)
    if not math.isinf(dof):
        spread /= np.sqrt(rng.chisquare(dof, trials) / dof)
    return {one.name: one.value + one.u * row for one, row in zip(members, spread, strict=True)}


def _symmetric(ordered: Draws, p: float) -> tuple[float, float]:
    low, high = np.quantile(ordered, [(1 - p) / 2, (1 + p) / 2])
    return float(low), float(high)


def _shortest(ordered: Draws, p: float) -> tuple[float, float]:
    held = min(len(ordered) - 1, max(1, round(p * len(ordered))))
    widths = ordered[held:] - ordered[: len(ordered) - held]
    at = int(widths.argmin())
    return float(ordered[at]), float(ordered[at + held])
