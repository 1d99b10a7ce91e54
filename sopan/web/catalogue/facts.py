"""What the records tell of a procedure in a period: beside the form of monitoring and evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from sopan.catalogue.models import ProcedureVersion
from sopan.engine.models import Case, Task


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of all versions of a procedure between two moments; ``on_time`` in percent, None without a dated step."""

    opened: int
    finished: int
    stopped: int  # rejected or withdrawn
    steps: int  # done with a due time
    on_time: int | None
    rounds: int  # steps that opened again


def facts(version: ProcedureVersion, *, since: datetime, until: datetime) -> Facts:
    of = {"procedure__institution_id": version.institution_id, "procedure__slug": version.slug}
    closed = Q(closed_at__gte=since, closed_at__lt=until)
    cases = Case.objects.filter(**of).aggregate(
        opened=Count("pk", filter=Q(opened_at__gte=since, opened_at__lt=until)),
        finished=Count("pk", filter=closed & Q(status=Case.Status.FINISHED)),
        stopped=Count("pk", filter=closed & Q(status__in=[Case.Status.REJECTED, Case.Status.WITHDRAWN])),
    )
    done = Q(status=Task.Status.DONE, due_at__isnull=False, completed_at__gte=since, completed_at__lt=until)
    tasks = Task.objects.filter(**{f"case__{name}": value for name, value in of.items()}).aggregate(
        steps=Count("pk", filter=done),
        kept=Count("pk", filter=done & Q(completed_at__lte=F("due_at"))),
        rounds=Count("pk", filter=Q(visit__gt=1, opened_at__gte=since, opened_at__lt=until)),
    )
    share = round(100 * tasks["kept"] / tasks["steps"]) if tasks["steps"] else None
    return Facts(**cases, steps=tasks["steps"], on_time=share, rounds=tasks["rounds"])
