"""Units of the same measure, so that a certificate in grams serves readings in milligrams."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

_TABLES: tuple[Mapping[str, Decimal], ...] = (
    {"kg": Decimal(1000), "g": Decimal(1), "mg": Decimal("0.001"), "µg": Decimal("0.000001")},
    {"L": Decimal(1000), "mL": Decimal(1), "µL": Decimal("0.001")},
    {"bar": Decimal(100_000), "mbar": Decimal(100), "Pa": Decimal(1), "hPa": Decimal(100), "kPa": Decimal(1000), "MPa": Decimal(1_000_000)},
    {"°C": Decimal(1)},
)  # fmt: skip
_SPELLED = {"l": "L", "ml": "mL", "ul": "µL", "μL": "µL", "ug": "µg", "μg": "µg", "C": "°C", "⁰C": "°C"}


def factor(unit: str, to: str) -> Decimal | None:
    """By what a number in ``unit`` is multiplied to be in ``to``; None if they do not belong together."""
    source, goal = (_SPELLED.get(one.strip(), one.strip()) for one in (unit, to))
    if source == goal:
        return Decimal(1)
    for table in _TABLES:
        if source in table and goal in table:
            return table[source] / table[goal]
    return None
