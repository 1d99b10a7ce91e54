"""Input quantities of a measurement model: how each is known, as data.

Type A from readings, type B from a standard uncertainty or from a half-width with a distribution (JCGM 100:2008, 4.2, 4.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, stdev
from typing import Any

MOST_INPUTS = 200
MOST_READINGS = 100_000
NORMAL_95 = 1.959963984540054  # half-width of a 95 % interval of a normal distribution, in standard deviations


class InputError(ValueError):
    """An input quantity is not told in a way that can be evaluated; the message names it."""


class Distribution(StrEnum):
    """The distribution that describes what is known of a quantity."""

    NORMAL = "normal"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    ARCSINE = "arcsine"


# Half-width divided by the standard uncertainty: JCGM 100:2008, 4.3.7, 4.3.9; JCGM 101:2008, 6.4.6 for the arcsine.
DIVISORS = {
    Distribution.UNIFORM: math.sqrt(3),
    Distribution.TRIANGULAR: math.sqrt(6),
    Distribution.ARCSINE: math.sqrt(2),
    Distribution.NORMAL: NORMAL_95,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An input quantity: estimate, standard uncertainty, degrees of freedom (``inf``: exactly known uncertainty).

    ``half_width`` is that of the limits for distributions with limits.
    """

    name: str
    value: float
    u: float
    dof: float = math.inf
    distribution: Distribution = Distribution.NORMAL
    half_width: float = 0.0
    warnings: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        return self.u == 0


def quantity(name: str, told: Any) -> Quantity:
    """A quantity from data: a number, ``{"value", "u", "dof"}``, ``{"readings"}``, or ``{"value", "distribution",
    "half_width", "dof"}``. Raises ``InputError``.
    """
    if not isinstance(told, Mapping):
        return Quantity(name, _number(name, "value", told), 0.0)
    if "readings" in told:
        return _type_a(name, told)
    known = {"value", "u", "dof", "distribution", "half_width"}
    if unknown := sorted(set(told) - known):
        raise InputError(f"{name}: {unknown[0]!r} is not known; known are readings, {', '.join(sorted(known))}.")
    value, dof = _number(name, "value", told.get("value")), _dof(name, told.get("dof"))
    if "half_width" in told:
        return _type_b(name, value, dof, told)
    u = _number(name, "u", told.get("u", 0))
    if u < 0:
        raise InputError(f"{name}: the standard uncertainty u is {u:g}; it cannot be negative.")
    if told.get("distribution", "normal") != "normal":
        raise InputError(f"{name}: a {told['distribution']} distribution needs half_width.")
    return Quantity(name, value, u, dof)


def _type_a(name: str, told: Mapping[str, Any]) -> Quantity:
    """Mean of the readings and its standard deviation, n − 1 degrees of freedom: JCGM 100:2008, 4.2."""
    if unknown := sorted(set(told) - {"readings"}):
        raise InputError(f"{name}: {unknown[0]!r} cannot stand beside readings.")
    told_readings = told["readings"]
    if isinstance(told_readings, str) or not isinstance(told_readings, Sequence) or len(told_readings) < 2:
        raise InputError(f"{name}: a type A evaluation needs two readings or more.")
    if len(told_readings) > MOST_READINGS:
        raise InputError(f"{name}: more than {MOST_READINGS} readings.")
    readings = [_number(name, f"reading {place}", one) for place, one in enumerate(told_readings, 1)]
    u = stdev(readings) / math.sqrt(len(readings))
    same = f"{name}: all readings are equal; the resolution of the instrument must be an input of its own."
    return Quantity(name, fmean(readings), u, len(readings) - 1, warnings=() if u else (same,))


def _type_b(name: str, value: float, dof: float, told: Mapping[str, Any]) -> Quantity:
    if "u" in told:
        raise InputError(f"{name}: tell either u or half_width.")
    half_width = _number(name, "half_width", told["half_width"])
    if half_width < 0:
        raise InputError(f"{name}: half_width is {half_width:g}; it cannot be negative.")
    try:
        distribution = Distribution(told.get("distribution", "uniform"))
    except ValueError:
        raise InputError(f"{name}: the distribution is one of {', '.join(Distribution)}.") from None
    notes = []
    if distribution is Distribution.NORMAL:
        notes.append(f"{name}: the half-width of the normal distribution is read as that of a 95 % interval.")
    return Quantity(
        name, value, half_width / DIVISORS[distribution], dof, distribution, half_width, warnings=tuple(notes)
    )


def _number(name: str, what: str, told: Any) -> float:
    """A finite number; text with a decimal point or comma is read as one."""
    if isinstance(told, str):
        told = told.strip().replace(",", ".")
    if not isinstance(told, bool) and isinstance(told, int | float | str):
        try:
            number = float(told)
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
    raise InputError(f"{name}: {what} is {told!r}, but a finite number is expected.")


def _dof(name: str, told: Any) -> float:
    if told is None or told in ("inf", "∞", math.inf):
        return math.inf
    dof = _number(name, "dof", told)
    if dof < 1:
        raise InputError(f"{name}: dof is {dof:g}; degrees of freedom are 1 or more.")
    return dof
