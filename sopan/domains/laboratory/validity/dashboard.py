"""The part of the dashboard that tells how the control charts stand, for all staff: numbers and states, no results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sopan.domains.orders.performance.parts import dashboard_parts
from sopan.people.models import Institution

from ..models import ProficiencyTest
from . import queries


def part(body: Institution, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """Charts, the last proficiency tests and open findings; None where the body keeps none."""
    charts = [one for one in queries.charts(body) if one.chart.closed_at is None]
    tests = ProficiencyTest.objects.filter(institution=body, withdrawn_at=None)
    if not charts and not tests.exists():
        return None
    told = {"charts": charts, "tests": tests[:3], "open": queries.open_findings(body).count()}
    return "laboratory/validity/_dashboard.html", told


dashboard_parts.add("validity", part)
