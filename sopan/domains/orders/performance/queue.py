"""How many orders are in front of a new one, and how long orders really take: for everybody, without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sopan.catalogue.queries import procedure
from sopan.core.model import ActorKind
from sopan.engine.models import Case, Task
from sopan.people.models import Institution
from sopan.ui.source import translated

from .. import queries
from . import turnaround

LOOKED_BACK = timedelta(days=180)
ENOUGH = 5  # finished orders from which a median is told


@dataclass(frozen=True, slots=True)
class Queue:
    """``phases``: name and how many orders are in it. ``days``: working days that orders took us in the middle."""

    phases: list[tuple[str, int]]
    in_front: int
    days: int | None
    counted: int


def now_waiting(institution: Institution, *, now: datetime) -> Queue:
    """The queue at this moment: orders that were sent and wait for the staff, by phase."""
    slug = queries.order_procedure(institution)
    waiting = Task.objects.filter(
        institution=institution,
        status=Task.Status.OPEN,
        case__status=Case.Status.OPEN,
        case__procedure__slug=slug,
        case__order__submitted_at__isnull=False,
        binding__kind=ActorKind.STAFF.value,
    )
    phases: dict[str, set[int]] = {}
    cases: set[int] = set()
    for case, version, step in waiting.values_list("case_id", "case__procedure_id", "step"):
        found = procedure(version).by_id.get(step)
        if found is None:
            continue
        phases.setdefault(translated(found.phase), set()).add(case)
        cases.add(case)
    done = Case.objects.filter(
        institution=institution, procedure__slug=slug, status=Case.Status.FINISHED, closed_at__gte=now - LOOKED_BACK
    )
    rows = list(done.order_by("-closed_at").values_list("pk", "procedure_id")[:100])
    minutes = [split.us + split.signature for split in turnaround.of_cases(rows).values()]
    middle = turnaround.middle(minutes) if len(minutes) >= ENOUGH else None
    per_day = turnaround.minutes_a_day(institution)
    days = None if middle is None else max(1, -(-middle // per_day))
    return Queue([(name, len(found)) for name, found in phases.items()], len(cases), days, len(minutes))
