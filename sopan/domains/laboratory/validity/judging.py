"""What the rules of a chart say of its points. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sopan.measurement.control import Limits, nelson, westgard

from ..models import ChartLimits, ChartPoint, ControlChart

RULES = {ControlChart.Rules.WESTGARD: westgard, ControlChart.Rules.NELSON: nelson}


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, with the points that it saw in the order in which they were taken."""

    rule: str
    rejects: bool
    points: tuple[ChartPoint, ...]


def kernel(limits: ChartLimits) -> Limits:
    """The limits as the rules want them."""
    return Limits(limits.mean, limits.s, provisional=limits.provisional)


def fired(rules: str, limits: ChartLimits, points: Sequence[ChartPoint]) -> list[Fired]:
    """What fires among the points of one version of limits. ``points`` in the order in which they were taken; those that
    were withdrawn do not count."""
    counted = [point for point in points if point.withdrawn_at is None]
    found = RULES[ControlChart.Rules(rules)]([float(point.value) for point in counted], kernel(limits))
    return [Fired(one.rule, one.rejects, tuple(counted[at] for at in one.points)) for one in found]
