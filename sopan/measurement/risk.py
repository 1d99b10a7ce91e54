"""The risk of a statement of conformity: that what is accepted is bad, that what is rejected is good (JCGM 106:2012).

Specific risk is that of one measured value (7); global risk is that of a process, known by its spread (9). All
distributions are normal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

_STANDARD = NormalDist()
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)
_FAR = 9.0  # standard deviations behind which nothing is left


def specific_risk(value: float, u: float, *, lower: float = -math.inf, upper: float = math.inf) -> float:
    """The probability that the true value lies outside of the limits when ``value`` was measured with ``u`` (7.3).

    Raises ValueError for a u below 0 or limits the wrong way round.
    """
    if u < 0 or lower > upper:
        raise ValueError("limits or u cannot be")
    if u == 0:
        return 0.0 if lower <= value <= upper else 1.0
    below = _STANDARD.cdf((lower - value) / u) if math.isfinite(lower) else 0.0
    above = _STANDARD.cdf((value - upper) / u) if math.isfinite(upper) else 0.0
    return below + above


@dataclass(frozen=True, slots=True)
class GlobalRisk:
    """Probabilities of a random instrument: accepted though bad, rejected though good."""

    false_accept: float
    false_reject: float


def global_risk(*, limit: float, spread: float, u: float, acceptance: float | None = None) -> GlobalRisk:
    """The global risks for symmetric limits ±``limit`` and instruments whose errors have the standard deviation ``spread``
    around zero; accepted is what is measured inside of ±``acceptance`` (left out: the limit itself). JCGM 106, 9.3, 9.4.

    Raises ValueError for numbers that are not above 0.
    """
    accepted = limit if acceptance is None else acceptance
    if min(limit, spread, u) <= 0 or accepted < 0:
        raise ValueError("limit, spread and u must be above 0")
    far = _FAR * spread
    good = _integral(-min(limit, far), min(limit, far), spread, u, accepted, inside=False)
    bad = 2 * _integral(limit, far, spread, u, accepted, inside=True) if far > limit else 0.0
    return GlobalRisk(false_accept=bad, false_reject=good)


def _integral(low: float, high: float, spread: float, u: float, accepted: float, *, inside: bool) -> float:
    """Of the density of true errors times the probability of the answer, in pieces as fine as the narrower spread."""
    pieces = max(1, min(400, math.ceil((high - low) / (4 * min(spread, u)))))
    edges = np.linspace(low, high, pieces + 1)
    total = 0.0
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        xs = (end - start) / 2 * _NODES + (start + end) / 2
        taken = [_accepts(float(x), u, accepted) for x in xs]
        answers = np.array(taken) if inside else 1 - np.array(taken)
        density = np.exp(-0.5 * (xs / spread) ** 2) / (spread * math.sqrt(2 * math.pi))
        total += float((end - start) / 2 * np.dot(_WEIGHTS, density * answers))
    return total


def _accepts(true: float, u: float, accepted: float) -> float:
    return _STANDARD.cdf((accepted - true) / u) - _STANDARD.cdf((-accepted - true) / u)


def spread_of(in_tolerance: float, *, limit: float) -> float:
    """The standard deviation of instruments of which the share ``in_tolerance`` lies inside of ±``limit``."""
    if not 0 < in_tolerance < 1:
        raise ValueError("a share between 0 and 1 is expected")
    return limit / _STANDARD.inv_cdf((1 + in_tolerance) / 2)


def guard_factor(tur: float, *, way: str) -> float:
    """Acceptance limit as a part of the tolerance by the test uncertainty ratio T/U: "rss" √(1 − 1/TUR²), "w=u" 1 − 1/TUR
    (ILAC-G8 with w = U), "rp10" 1.25 − 1/TUR. Raises ValueError for another way."""
    match way:
        case "rss":
            return math.sqrt(max(0.0, 1 - 1 / tur**2))
        case "w=u":
            return max(0.0, 1 - 1 / tur)
        case "rp10":
            return min(1.0, 1.25 - 1 / tur)
    raise ValueError(f"{way!r} is no guard band")
