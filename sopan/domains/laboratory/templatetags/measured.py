"""Numbers and words of measured results in templates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from sopan.measurement.conformity import Outcome
from sopan.ui.formats import written

from .. import register_queries
from ..conditions import SLOTS
from ..measuring import method_of
from ..methods.model import SHEET_ROW, Method
from ..models import EquipmentCertificate, MeasuredPoint, ReadingCorrection, ResultVersion, Verdict

register = template.Library()
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

CONFORMITY = {
    Outcome.PASS: (_("Memenuhi"), "ok"),
    Outcome.CONDITIONAL_PASS: (_("Memenuhi bersyarat"), "warn"),
    Outcome.CONDITIONAL_FAIL: (_("Tidak memenuhi bersyarat"), "warn"),
    Outcome.FAIL: (_("Tidak memenuhi"), "bad"),
}
DISTRIBUTIONS = {
    "normal": _("normal"),
    "uniform": _("persegi"),
    "triangular": _("segitiga"),
    "arcsine": _("bentuk U"),
    "t": _("t"),
}


@register.filter
def digits(value: Any, count: int) -> str:
    """A number with so many significant digits, as people here read it."""
    if value is None or value == "":
        return "–"
    text = f"{float(value):.{count}g}"
    if "e" in text:
        mantissa, _mark, power = text.partition("e")
        return f"{written(mantissa)} × 10{str(int(power)).translate(SUPERSCRIPT)}"
    return written(text)


@register.filter
def dof(value: Any) -> str:
    return "∞" if value is None or float(value) > 1e5 else written(f"{float(value):.0f}")


@register.filter
def percent(value: Any) -> str:
    """A share as percent: 0.9545 is 95; under one percent with its first digit."""
    share = 100 * float(value)
    if share >= 1 or not share:
        return written(f"{share:.0f}")
    return "< 0,01" if share < 0.01 else written(f"{share:.1g}")


@register.filter
def comma(text: Any) -> str:
    return written(str(text)) if text not in (None, "") else "–"


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key, "")


@register.filter
def conformity(outcome: str) -> Any:
    return CONFORMITY[Outcome(outcome)][0]


@register.filter
def conformity_tone(outcome: str) -> str:
    return CONFORMITY[Outcome(outcome)][1]


@register.filter
def distribution(name: str) -> Any:
    return DISTRIBUTIONS.get(name, name)


@register.filter
def verdict(value: str) -> Any:
    return Verdict(value).label


@register.filter
def plain(value: Decimal) -> str:
    """A decimal without the zeros of its column."""
    return written(f"{value.normalize():f}")


@register.filter
def stage(value: str) -> Any:
    return MeasuredPoint.Stage(value).label


@register.filter
def method(result: ResultVersion) -> Method | None:
    return method_of(result.method_version) if result.method_version else None


@register.filter
def points(result: ResultVersion) -> list[MeasuredPoint]:
    """The points with results, without the readings of the whole sheet."""
    rows = result.points.exclude(row=SHEET_ROW).prefetch_related("readings", "standard_uses__certificate__equipment")
    return [point for point in rows if point.outcome]


@register.filter
def readings(point: MeasuredPoint, method: Method) -> list[tuple[str, list[str]]]:
    """What was read at a point, a line a column, as it was typed."""
    found: dict[str, list[str]] = {}
    for one in point.readings.all():
        found.setdefault(one.column, []).append(one.text)
    return [
        (method.by_column[name].label if name in method.by_column else name, texts) for name, texts in found.items()
    ]


@register.filter
def instruments(result: ResultVersion) -> list[EquipmentCertificate]:
    """With what its conditions were read."""
    uses = result.standard_uses.filter(slot__in=SLOTS).select_related("certificate__equipment").order_by("slot")
    return list(dict.fromkeys(use.certificate for use in uses))


@register.filter
def doubts(result: ResultVersion) -> list[str]:
    """What was learned of its standards after it was measured."""
    return [one.message for one in register_queries.doubts(result)]


@register.filter
def column_of(correction: ReadingCorrection) -> str:
    """What the changed reading is called on the sheet."""
    version = correction.result.method_version
    column = method_of(version).by_column.get(correction.column) if version else None
    return column.label if column else correction.column
