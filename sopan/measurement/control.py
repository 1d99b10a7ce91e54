"""Ensuring the validity of results (ISO/IEC 17025:2017, 7.7): control charts, proficiency tests, repeats.

The rules have the names under which laboratories know them: Westgard's multirules and Nelson's eight tests (ISO 7870-2 has
the same patterns). A rule that fires names the points that it saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import fmean, stdev
from typing import Literal

FEWEST = 7  # points that limits are computed from; ISO 7870-2 wants more, and the chart says so
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and standard deviation of a chart; ``provisional`` where they come from fewer than 20 points."""

    mean: float
    s: float
    provisional: bool = False

    def z(self, value: float) -> float:
        """Distance from the centre in standard deviations."""
        return (value - self.mean) / self.s

    def at(self, z: float) -> float:
        return self.mean + z * self.s


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that fired. ``rejects``: the method is out of control; otherwise it is a warning. ``points`` from 0."""

    rule: str
    rejects: bool
    points: tuple[int, ...]


def limits(values: Sequence[float]) -> Limits:
    """Limits from values of a method in control. Raises ValueError for fewer than 7, or for values without spread."""
    if len(values) < FEWEST:
        raise ValueError(f"limits need {FEWEST} values or more; there are {len(values)}")
    s = stdev(values)
    if not s or not isfinite(s):
        raise ValueError("the values have no spread to compute limits from")
    return Limits(fmean(values), s, provisional=len(values) < ENOUGH)


def westgard(values: Sequence[float], chart: Limits) -> list[Signal]:
    """The multirules of Westgard (Clin. Chem. 27, 1981): 1-2s warns; 1-3s, 2-2s, R-4s, 4-1s and 10x reject."""
    z = [chart.z(value) for value in values]
    found = [
        *_each(z, "1-2s", False, lambda one: 2 < abs(one) <= 3),
        *_each(z, "1-3s", True, lambda one: abs(one) > 3),
        *_runs(z, "2-2s", 2, lambda part: _same_side(part, 2)),
        *_runs(z, "R-4s", 2, lambda part: min(part) < -2 and max(part) > 2),
        *_runs(z, "4-1s", 4, lambda part: _same_side(part, 1)),
        *_runs(z, "10x", 10, lambda part: _same_side(part, 0)),
    ]
    return sorted(found, key=lambda signal: (signal.points[-1], signal.rule))


def nelson(values: Sequence[float], chart: Limits) -> list[Signal]:
    """Nelson's eight tests for special causes (J. Qual. Technol. 16, 1984)."""
    z = [chart.z(value) for value in values]
    found = [
        *_each(z, "Nelson 1", True, lambda one: abs(one) > 3),
        *_runs(z, "Nelson 2", 9, lambda part: _same_side(part, 0)),
        *_runs(z, "Nelson 3", 6, _monotonous),
        *_runs(z, "Nelson 4", 14, _alternating),
        *_runs(z, "Nelson 5", 3, lambda part: _most_beyond(part, 2, 2)),
        *_runs(z, "Nelson 6", 5, lambda part: _most_beyond(part, 4, 1)),
        *_runs(z, "Nelson 7", 15, lambda part: all(abs(one) < 1 for one in part)),
        *_runs(z, "Nelson 8", 8, lambda part: all(abs(one) > 1 for one in part)),
    ]
    return sorted(found, key=lambda signal: (signal.points[-1], signal.rule))


def _each(z: Sequence[float], rule: str, rejects: bool, fires: Callable[[float], bool]) -> Iterator[Signal]:
    return (Signal(rule, rejects, (at,)) for at, one in enumerate(z) if fires(one))


def _runs(z: Sequence[float], rule: str, length: int, fires: Callable[[Sequence[float]], bool]) -> Iterator[Signal]:
    for end in range(length, len(z) + 1):
        if fires(z[end - length : end]):
            yield Signal(rule, True, tuple(range(end - length, end)))


def _same_side(part: Sequence[float], beyond: float) -> bool:
    return all(one > beyond for one in part) or all(one < -beyond for one in part)


def _monotonous(part: Sequence[float]) -> bool:
    steps = [b - a for a, b in zip(part, part[1:], strict=False)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternating(part: Sequence[float]) -> bool:
    steps = [b - a for a, b in zip(part, part[1:], strict=False)]
    return all(a * b < 0 for a, b in zip(steps, steps[1:], strict=False))


def _most_beyond(part: Sequence[float], least: int, beyond: float) -> bool:
    """At least so many of them lie beyond that line on one side; the newest is one of them, so it is told once."""
    above = [one > beyond for one in part]
    below = [one < -beyond for one in part]
    return any(side[-1] and sum(side) >= least for side in (above, below))


# Proficiency tests and repeats ----------------------------------------------------------------------------------------

Verdict = Literal["satisfactory", "questionable", "unsatisfactory"]


@dataclass(frozen=True, slots=True)
class Score:
    """A performance score of a proficiency test (ISO 13528:2022) and what it means (ISO/IEC 17043)."""

    name: str
    value: float
    verdict: Verdict


def z_score(result: float, assigned: float, sigma: float) -> Score:
    """z = (x − x_pt) / σ_pt; 2 and 3 are the limits of warning and action."""
    return _by_two_and_three("z", (result - assigned) / _positive(sigma, "sigma"))


def zeta_score(result: float, u: float, assigned: float, u_assigned: float) -> Score:
    """ζ = (x − x_pt) / √(u² + u_pt²), with standard uncertainties."""
    return _by_two_and_three("ζ", (result - assigned) / _positive(sqrt(u * u + u_assigned * u_assigned), "u"))


def en_score(result: float, expanded: float, assigned: float, expanded_assigned: float) -> Score:
    """E_n = (x − x_pt) / √(U² + U_pt²), with expanded uncertainties; satisfactory up to 1."""
    combined = _positive(sqrt(expanded * expanded + expanded_assigned * expanded_assigned), "U")
    value = (result - assigned) / combined
    return Score("En", value, "satisfactory" if abs(value) <= 1 else "unsatisfactory")


def _by_two_and_three(name: str, value: float) -> Score:
    size = abs(value)
    verdict: Verdict = "satisfactory" if size <= 2 else "questionable" if size < 3 else "unsatisfactory"
    return Score(name, value, verdict)


def _positive(number: float, name: str) -> float:
    if not number > 0 or not isfinite(number):
        raise ValueError(f"{name} is {number:g}; it must be above 0")
    return number


def repeat_limit(s_r: float, times: int = 2) -> float:
    """The difference that ``times`` results under repeatability conditions keep within with 95 % probability.

    ISO 5725-6:1994, 4.1.4: 2.8 s for two results, the critical range factor f(n) s for more. Raises ValueError beyond 10.
    """
    factors = {2: 2.8, 3: 3.3, 4: 3.6, 5: 3.9, 6: 4.0, 7: 4.2, 8: 4.3, 9: 4.4, 10: 4.5}
    if times not in factors:
        raise ValueError(f"critical range factors are tabled for 2 to 10 results, not {times}")
    return factors[times] * _positive(s_r, "s_r")
