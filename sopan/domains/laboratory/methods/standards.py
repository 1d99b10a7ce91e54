"""What a certificate says at a value: by its point, its range, between its points, or put together of several."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .units import factor


@dataclass(frozen=True, slots=True)
class Known:
    """Value of a standard with its uncertainty: ``value`` is nominal value or indication plus ``correction``."""

    value: float
    correction: float
    expanded: float
    k: float
    drift: float = 0.0  # half-width within which it may have changed since

    @property
    def u(self) -> float:
        return self.expanded / self.k


@dataclass(frozen=True, slots=True)
class _Entry:
    lower: float
    upper: float
    correction: float
    expanded: float
    k: float
    drift: float


def known_at(
    values: Sequence[Mapping[str, str]], at: float, *, unit: str, interpolate: bool = False, combine: bool = False
) -> Known | None:
    """What ``values`` of a certificate tell at ``at`` (in ``unit``); None where they tell nothing.

    A point goes before a range, a narrow range before a wide one. Between points the correction follows a line and the
    larger uncertainty holds. Loads that are put together have the sum of the uncertainties: they are taken as
    correlated, which is never too small.
    """
    entries = [entry for entry in (_entry(one, unit) for one in values) if entry is not None]
    if combine and at == 0 and entries:
        return Known(0.0, 0.0, 0.0, 2.0)  # nothing is laid on
    near = [one for one in entries if _holds(one, at)]
    if near:
        return _known(at, [min(near, key=lambda one: one.upper - one.lower)])
    if combine and (parts := _parts(entries, at)):
        return _known(at, parts)
    return _between(entries, at) if interpolate else None


def _entry(told: Mapping[str, str], unit: str) -> _Entry | None:
    times = factor(told.get("unit", ""), unit)
    if times is None:
        return None
    numbers = [float(told.get(name) or 0) * float(times) for name in ("from", "to", "correction", "U", "drift")]
    lower, upper, correction, expanded, drift = numbers
    return _Entry(lower, upper, correction, expanded, float(told.get("k") or 2), drift)


def _holds(entry: _Entry, at: float) -> bool:
    slack = 1e-9 * max(1.0, abs(at))
    return entry.lower - slack <= at <= entry.upper + slack


def _known(at: float, parts: Sequence[_Entry]) -> Known:
    correction = math.fsum(one.correction for one in parts)
    u = math.fsum(one.expanded / one.k for one in parts)
    k = min(one.k for one in parts)
    return Known(at + correction, correction, u * k, k, math.fsum(one.drift for one in parts))


def _parts(entries: Sequence[_Entry], at: float) -> list[_Entry]:
    """Points that add up to ``at``, the largest first, each used once; empty where there are none."""
    left, found = at, []
    for one in sorted((one for one in entries if one.lower == one.upper > 0), key=lambda one: -one.lower):
        if one.lower <= left + 1e-9 * max(1.0, abs(at)):
            found.append(one)
            left -= one.lower
    return found if abs(left) <= 1e-9 * max(1.0, abs(at)) else []


def _between(entries: Sequence[_Entry], at: float) -> Known | None:
    points = sorted((one for one in entries if one.lower == one.upper), key=lambda one: one.lower)
    for low, high in zip(points, points[1:], strict=False):
        if low.lower <= at <= high.lower:
            share = (at - low.lower) / (high.lower - low.lower)
            correction = low.correction + share * (high.correction - low.correction)
            wider = max(low, high, key=lambda one: one.expanded / one.k)
            return Known(at + correction, correction, wider.expanded, wider.k, max(low.drift, high.drift))
    return None
