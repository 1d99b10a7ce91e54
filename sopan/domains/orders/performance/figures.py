"""The figures of the dashboard for a service and a period. Few statements, whatever the number of orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure, version_in_force
from sopan.core.model import ActorKind, Procedure
from sopan.engine import clock
from sopan.engine.models import Case, Task
from sopan.people.models import Institution
from sopan.ui.source import translated

from ..models import Bill, Levy
from ..service.periods import Period
from . import turnaround
from .turnaround import Split

AGES = ((5, "ok"), (10, "info"), (20, "wait"), (30, "warn"), (None, "bad"))  # working days, and how they are shown
CASES = 5_000  # finished cases that are looked at; a period has rarely more


@dataclass
class StepFigures:
    """One step over a period: how often it was done, how often in time, how long it took in the middle."""

    id: str
    no: str
    name: str
    actor: str
    done: int = 0
    dated: int = 0
    punctual: int = 0
    minutes: list[int] = field(default_factory=list)

    @property
    def share(self) -> Decimal | None:
        """Punctual of those that had a due time, in percent."""
        return Decimal(self.punctual * 100) / self.dated if self.dated else None

    @property
    def middle(self) -> int | None:
        return turnaround.middle(self.minutes)


def tone_of(share: Decimal | None) -> str:
    """How a share of punctual steps is shown; never by colour alone, the number stands beside it."""
    if share is None:
        return "wait"
    return "ok" if share >= 90 else "warn" if share >= 60 else "bad"


def in_force(institution: Institution, slug: str, *, now: datetime) -> Procedure | None:
    """The procedure of a service as it is in force, else as it was published last."""
    try:
        return procedure(version_in_force(slug, institution=institution, now=now).pk)
    except ProcedureVersion.DoesNotExist:
        last = ProcedureVersion.objects.filter(institution=institution, slug=slug).order_by("-pk").first()
        return procedure(last.pk) if last else None


def steps(institution: Institution, proc: Procedure, slug: str, period: Period) -> list[StepFigures]:
    """The steps of a procedure with what was done in a period."""
    begin, end = period.bounds(institution.zone)
    found = {
        step.id: StepFigures(
            step.id, step.no, translated(step.title), translated(proc.actor_by_id[step.actors[0]].name)
        )
        for step in proc.steps
    }
    done = Task.objects.filter(
        institution=institution,
        case__procedure__slug=slug,
        status=Task.Status.DONE,
        completed_at__gte=begin,
        completed_at__lt=end,
    )
    rows = done.values_list("step", "due_at", "completed_at", "worked_minutes", "completed_by_id")
    for step, due, at, worked, person in rows.iterator(chunk_size=5_000):
        figures = found.get(step)
        if figures is None or person is None:  # what a rule did took nobody's time
            continue
        figures.done += 1
        figures.minutes.append(worked or 0)
        if due is not None:
            figures.dated += 1
            figures.punctual += at <= due
    return list(found.values())


def punctual(figures: Iterable[StepFigures]) -> Decimal | None:
    """The share of all dated steps that were done in time."""
    rows = list(figures)
    dated = sum(one.dated for one in rows)
    return Decimal(sum(one.punctual for one in rows) * 100) / dated if dated else None


def finished(institution: Institution, slug: str, period: Period) -> list[tuple[int, int]]:
    """The cases that finished in a period: case and version."""
    begin, end = period.bounds(institution.zone)
    rows = Case.objects.filter(
        institution=institution,
        procedure__slug=slug,
        status=Case.Status.FINISHED,
        closed_at__gte=begin,
        closed_at__lt=end,
    )
    return list(rows.order_by("-closed_at").values_list("pk", "procedure_id")[:CASES])


def splits(institution: Institution, slug: str, period: Period) -> list[Split]:
    return list(turnaround.of_cases(finished(institution, slug, period)).values())


def middle_split(rows: list[Split]) -> dict[str, int]:
    """The median of each part over cases, in working minutes."""
    return {part: turnaround.middle([getattr(row, part) for row in rows]) or 0 for part in turnaround.PARTS}


def running(institution: Institution, slug: str, *, at: datetime | None = None) -> int:
    """The cases that are open, or were open at a moment."""
    cases = Case.objects.filter(institution=institution, procedure__slug=slug)
    if at is None:
        return cases.filter(status__in=(Case.Status.OPEN, Case.Status.HELD)).count()
    return cases.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at), opened_at__lte=at).count()


def money(institution: Institution, period: Period) -> Decimal:
    """What was paid in a period: bills and levies."""
    begin, end = period.bounds(institution.zone)
    bills = Bill.objects.filter(
        order__institution=institution, status=Bill.Status.PAID, paid_at__gte=begin, paid_at__lt=end
    ).aggregate(sum=Sum("amount"))["sum"]
    levies = Levy.objects.filter(institution=institution, paid_at__gte=begin, paid_at__lt=end)
    return (bills or Decimal(0)) + (levies.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


def weeks(institution: Institution, slug: str, *, now: datetime, count: int = 12) -> list[tuple[str, tuple[int, int]]]:
    """Orders that came in each of the last weeks: how many of them are finished, how many still run."""
    zone = ZoneInfo(institution.zone)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=count - 1)
    found = {first + timedelta(weeks=place): [0, 0] for place in range(count)}
    rows = Case.objects.filter(institution=institution, procedure__slug=slug, opened_at__gte=first)
    for opened, status in rows.values_list("opened_at", "status"):
        local = opened.astimezone(zone)
        week = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        if week in found:
            found[week][status in (Case.Status.OPEN, Case.Status.HELD)] += 1
    return [(f"M{week.isocalendar().week}", (done, still)) for week, (done, still) in found.items()]


def ages(institution: Institution, slug: str, *, now: datetime) -> list[tuple[str, str, int]]:
    """The open cases by the working days since they were opened: name of the class, tone, how many."""
    per_day = turnaround.minutes_a_day(institution)
    counts = [0] * len(AGES)
    opened = Case.objects.filter(
        institution=institution, procedure__slug=slug, status__in=(Case.Status.OPEN, Case.Status.HELD)
    ).values_list("opened_at", flat=True)
    by_day: dict[Any, int] = {}
    for at in opened:
        by_day[at.date()] = by_day.get(at.date(), 0) + 1
    for day, number in by_day.items():
        begin = datetime.combine(day, datetime.min.time(), ZoneInfo("UTC"))
        days = clock.worked(institution.pk, institution.calendar_revision, min(begin, now), now) / per_day
        counts[next(place for place, (most, _tone) in enumerate(AGES) if most is None or days <= most)] += number
    names = ["0–5", "6–10", "11–20", "21–30", "> 30"]
    return [(name, tone, count) for name, (_most, tone), count in zip(names, AGES, counts, strict=True)]


def load(institution: Institution, *, now: datetime) -> list[dict[str, Any]]:
    """Open tasks by who has them, the most first; what nobody took stands under the name of its queue."""
    rows = Task.objects.filter(
        institution=institution, status=Task.Status.OPEN, binding__kind=ActorKind.STAFF.value
    ).values("assignee__name", "binding__name")
    told = rows.annotate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    sums: dict[str, list[int]] = {}
    for row in told:
        name = row["assignee__name"] or row["binding__name"]
        held = sums.setdefault(name, [0, 0])
        held[0] += row["count"]
        held[1] += row["late"]
    found = [{"name": name, "count": count, "late": late} for name, (count, late) in sums.items()]
    return sorted(found, key=lambda row: (-row["count"], row["name"]))[:15]
