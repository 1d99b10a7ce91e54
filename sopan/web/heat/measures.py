"""How long the steps of a procedure took, against their standard: one aggregated query, whatever the number of tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from sopan.core.model import ActorKind, Procedure, Step
from sopan.engine.models import Task

# The share on time from which a step is called cool, warm, hot; below the last it is very hot.
LEVELS = ((0.95, 1), (0.80, 2), (0.60, 3))
HOTTEST = 4
FEWEST = 3  # tasks from which a median tells something


@dataclass(frozen=True, slots=True)
class Measured:
    """A step over a period. Times are working minutes, pauses left out; None where nothing was done.

    ``level``: 1 cool … 4 very hot, 0 where it has no standard, is done by somebody outside, or was hardly done.
    """

    step: Step
    outside: bool
    count: int = 0
    median: int | None = None
    p90: int | None = None
    on_time: int = 0
    dated: int = 0  # of the tasks, those with a due time
    repeated: int = 0  # openings after the first: the case had come back

    @property
    def share(self) -> float | None:
        return self.on_time / self.dated if self.dated else None

    @property
    def level(self) -> int:
        share = self.share
        if share is None or self.outside or self.dated < FEWEST:
            return 0
        return next((level for least, level in LEVELS if share >= least), HOTTEST)


@dataclass(frozen=True, slots=True)
class _Row:
    minutes: int
    count: int
    dated: int
    late: int
    repeated: int


def measure(
    procedure: Procedure, *, version_ids: Iterable[int], since: datetime | None, until: datetime | None
) -> list[Measured]:
    """The steps in their order, measured over the tasks that were finished in the period (``until`` excluded)."""
    rows = _rows(version_ids, since, until)
    return [_measured(procedure, step, rows.get(step.id, ())) for step in procedure.steps]


def _rows(version_ids: Iterable[int], since: datetime | None, until: datetime | None) -> Mapping[str, Sequence[_Row]]:
    """How many tasks of a step took how many minutes: the database counts, so its answer does not grow with the tasks."""
    tasks = Task.objects.filter(
        case__procedure_id__in=list(version_ids), status=Task.Status.DONE, worked_minutes__isnull=False
    )
    if since is not None:
        tasks = tasks.filter(completed_at__gte=since)
    if until is not None:
        tasks = tasks.filter(completed_at__lt=until)
    grouped = tasks.order_by("step", "worked_minutes").values_list("step", "worked_minutes")
    counted = grouped.annotate(
        Count("pk"),
        dated=Count("pk", filter=Q(due_at__isnull=False)),
        late=Count("pk", filter=Q(completed_at__gt=F("due_at"))),
        repeated=Count("pk", filter=Q(visit__gt=1)),
    )
    found: dict[str, list[_Row]] = {}
    for step, *numbers in counted:
        found.setdefault(step, []).append(_Row(*numbers))
    return found


def _measured(procedure: Procedure, step: Step, rows: Sequence[_Row]) -> Measured:
    outside = procedure.actor_by_id[step.actors[0]].kind is not ActorKind.STAFF
    dated = sum(row.dated for row in rows)
    return Measured(
        step,
        outside,
        count=sum(row.count for row in rows),
        median=quantile(rows, 0.5),
        p90=quantile(rows, 0.9),
        on_time=dated - sum(row.late for row in rows),
        dated=dated,
        repeated=sum(row.repeated for row in rows),
    )


def quantile(rows: Sequence[_Row], part: float) -> int | None:
    """The least number of minutes within which at least this part of the tasks was done. ``rows`` are sorted."""
    total = sum(row.count for row in rows)
    seen = 0
    for row in rows:
        seen += row.count
        if seen >= part * total:
            return row.minutes
    return None
