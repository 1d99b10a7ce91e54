"""Results as they are reported: the uncertainty with two significant digits, the value to the same place.

JCGM 100:2008, 7.2.6; ILAC-P14:09/2020, 5.4: at most two significant digits, ordinary rounding.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def significant(number: Decimal, digits: int = 2) -> Decimal:
    """``number`` rounded to so many significant digits; zero stays zero."""
    if not number:
        return Decimal(0)
    place = Decimal(1).scaleb(number.adjusted() - digits + 1)
    rounded = number.quantize(place, ROUND_HALF_UP)
    if rounded.adjusted() > number.adjusted():  # 0.0996 with two digits is 0.10, not 0.100
        rounded = rounded.quantize(place.scaleb(1), ROUND_HALF_UP)
    return rounded


def reported(value: Decimal, expanded: Decimal, *, digits: int = 2) -> tuple[Decimal, Decimal]:
    """Value and expanded uncertainty as they are printed. An uncertainty of zero leaves the value as it is.

    Raises ValueError for a negative uncertainty or numbers that are not finite.
    """
    if not (value.is_finite() and expanded.is_finite()) or expanded < 0:
        raise ValueError(f"{value} ± {expanded} cannot be reported")
    if not expanded:
        return value, Decimal(0)
    shown = significant(expanded, digits)
    exponent = shown.as_tuple().exponent
    assert isinstance(exponent, int)
    return value.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP), shown
