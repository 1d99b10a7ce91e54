"""Statements of conformity: an error with its uncertainty against a limit, by a decision rule (ISO/IEC 17025:2017, 7.8.6).

Guard bands as in ILAC-G8:09/2019, 4.2: without one (w = 0) the answer is pass or fail; with one there are four answers, and
only errors inside of limit − w pass without condition.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    """The words of the Digital Calibration Certificate."""

    PASS = "pass"  # noqa: S105
    CONDITIONAL_PASS = "conditionalPass"  # noqa: S105
    CONDITIONAL_FAIL = "conditionalFail"
    FAIL = "fail"


def judge(error: Decimal, *, limit: Decimal, guard: Decimal = Decimal(0)) -> Outcome:
    """Whether ``error`` lies inside of ±``limit``; ``guard`` is the width w of the guard band, 0 or more.

    All three are the numbers as they are printed: whoever reads them comes to the same answer. Raises ValueError for a
    limit that is not above 0, a negative guard, or numbers that are not finite.
    """
    if not all(number.is_finite() for number in (error, limit, guard)) or limit <= 0 or guard < 0:
        raise ValueError(f"{error} cannot be judged by {limit} with {guard}")
    return within(error, lower=-limit, upper=limit, guard=guard)


def within(value: Decimal, *, lower: Decimal | None, upper: Decimal | None, guard: Decimal = Decimal(0)) -> Outcome:
    """Whether ``value`` lies between two limits, or on the right side of the one that is given; see ``judge``.

    Raises ValueError without a limit, for a negative guard, or for numbers that are not finite.
    """
    told = [number for number in (lower, upper) if number is not None]
    if not told or not all(number.is_finite() for number in (value, guard, *told)) or guard < 0:
        raise ValueError(f"{value} cannot be judged by {lower} and {upper} with {guard}")
    room = min(([] if upper is None else [upper - value]) + ([] if lower is None else [value - lower]))
    if not guard:
        return Outcome.PASS if room >= 0 else Outcome.FAIL
    if room >= guard:
        return Outcome.PASS
    if room >= 0:
        return Outcome.CONDITIONAL_PASS
    return Outcome.CONDITIONAL_FAIL if room >= -guard else Outcome.FAIL


def worst(outcomes: list[Outcome]) -> Outcome | None:
    """The answer for a whole instrument: that of its worst point; None without points."""
    return max(outcomes, key=list(Outcome).index, default=None)
