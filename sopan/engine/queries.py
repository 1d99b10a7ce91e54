"""Reads: inboxes, the page of a case, counts. Every list is read from an index, in the order shown, by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from sopan.catalogue.models import ActorBinding, ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.core.flow import State
from sopan.core.forecast import served_at
from sopan.core.model import ActorKind, Duration, Procedure, Step
from sopan.people import reading
from sopan.people.models import User
from sopan.ui.source import translated

from . import access, blind, clock
from .access import binding_ids
from .models import Case, Task

PAGE = 30
CAP = 1_000  # counts beyond it are shown as "1.000+": counting a million rows costs more than it tells

Key = tuple[datetime | None, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of tasks and the key after which the next one begins, or None."""

    tasks: list[Task]
    next: Key | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the inbox is narrowed to; all of it stands in the address."""

    mine: str = ""  # "" mine and what nobody took, "taken" only mine, "free" only what nobody took, "unit" all
    step: str = ""
    slug: str = ""
    search: str = ""
    due_before: datetime | None = None
    due_after: datetime | None = None
    undated: bool = False  # only what has no due time


def inbox(
    user: User, *, filters: Filters = Filters(), after: Key | None = None, size: int = PAGE, now: datetime
) -> Page:
    """Open tasks of the positions that a person holds now, the nearest due first; tasks without a due time last.

    One limited query a queue, merged: one query over all queues would sort all their rows (204 ms at a million tasks
    where the merged ones take under 2).
    """
    ids = _page_ids(user, filters, after, size + 1, now)
    tasks = {task.pk: task for task in _listed(Task.objects.filter(pk__in=ids))}
    found = [tasks[pk] for pk in ids if pk in tasks]
    more = len(found) > size
    return Page(found[:size], (found[size - 1].due_at, found[size - 1].pk) if more else None)


def _listed(found: QuerySet[Task]) -> list[Task]:
    """Tasks with what a list shows of them. Queues and procedures are few: each is fetched once, not with every row."""
    tasks = list(found.select_related("case", "assignee"))
    queues = ActorBinding.objects.in_bulk({task.binding_id for task in tasks})
    versions = ProcedureVersion.objects.defer("content").in_bulk({task.case.procedure_id for task in tasks})
    for task in tasks:
        task.binding, task.case.procedure = queues[task.binding_id], versions[task.case.procedure_id]
    return tasks


def _page_ids(user: User, filters: Filters, after: Key | None, limit: int, now: datetime) -> list[int]:
    queues = _queues(user, now)
    tasks = _filtered(Task.objects.filter(status=Task.Status.OPEN, **{queues.column: _ANY}), user, filters, now)
    ids: list[int] = []
    if not filters.undated and (after is None or after[0] is not None):
        dated = tasks.filter(due_at__isnull=False)
        if after is not None:
            at, pk = after
            dated = dated.filter(due_at__gte=at).filter(Q(due_at__gt=at) | Q(pk__gt=pk))
        ids = _first(dated, queues, limit)
    if len(ids) < limit and filters.due_before is None and filters.due_after is None:
        undated = tasks.filter(due_at__isnull=True)
        if after is not None and after[0] is None:
            undated = undated.filter(pk__gt=after[1])
        ids += _first(undated, queues, limit - len(ids))
    return ids


@dataclass(frozen=True, slots=True)
class _Queues:
    """The queues that an inbox merges: one column of the tasks, and its values."""

    column: str
    values: Sequence[int]


def _queues(user: User, now: datetime) -> _Queues:
    if user.is_customer:
        return _Queues("company_id", [user.company_id] if user.is_active and user.company_id else [])
    return _Queues("binding_id", binding_ids(user, now=now))


_ANY = -(2**52)  # stands for the queue while the query of one queue is put into words


def _first(tasks: QuerySet[Task], queues: _Queues, limit: int) -> list[int]:
    """Ids of the first ``limit`` tasks of the queues together, by due time: one statement of one limited part a queue."""
    rows = _each(tasks.order_by("due_at", "pk").values_list("due_at", "pk")[:limit], queues)
    return [pk for _due, pk in sorted(rows, key=lambda row: (row[0] or "", row[1]))[:limit]]


def _each(tasks: QuerySet[Task, Any], queues: _Queues, around: str = "{}") -> list[tuple[Any, ...]]:
    """The rows of all queues together. ``tasks`` are those of the queue ``_ANY``, limited; ``around`` takes the union."""
    if not queues.values:
        return []
    words, given = tasks.query.sql_with_params()
    parts = " UNION ALL ".join(f"SELECT * FROM ({words}) AS q{place}" for place in range(len(queues.values)))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            around.format(parts), [value if part == _ANY else part for value in queues.values for part in given]
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _filtered(tasks: QuerySet[Task], user: User, filters: Filters, now: datetime) -> QuerySet[Task]:
    if filters.mine == "taken":
        tasks = tasks.filter(assignee=user)
    elif filters.mine == "free":
        tasks = tasks.filter(assignee__isnull=True)
    elif filters.mine != "unit" and not user.is_customer:
        tasks = tasks.filter(Q(assignee__isnull=True) | Q(assignee=user))
    if filters.step:
        tasks = tasks.filter(step=filters.step)
    if filters.slug:
        tasks = tasks.filter(case__procedure__slug=filters.slug)
    if filters.search:
        tasks = tasks.filter(blind.matching(filters.search, user, now=now, path="case__"))
    if filters.due_before:
        tasks = tasks.filter(due_at__lt=filters.due_before)
    if filters.due_after:
        tasks = tasks.filter(due_at__gte=filters.due_after)
    if filters.undated:
        tasks = tasks.filter(due_at__isnull=True)
    return tasks


def count(user: User, *, filters: Filters = Filters(), now: datetime) -> int:
    """How many tasks of the inbox match, up to ``CAP``."""
    return counts(user, [filters], now=now)[0]


def counts(user: User, several: Sequence[Filters], *, now: datetime) -> list[int]:
    """How many tasks of the inbox match each of the filters, up to ``CAP`` each."""
    queues = _queues(user, now)
    return [_count(queues, user, filters, now) for filters in several]


def _count(queues: _Queues, user: User, filters: Filters, now: datetime) -> int:
    tasks = _filtered(Task.objects.filter(status=Task.Status.OPEN, **{queues.column: _ANY}), user, filters, now)
    # The outer limit lets the database stop as soon as there are enough, in whichever queue.
    enough = f"SELECT COUNT(*) FROM (SELECT * FROM ({{}}) AS q LIMIT {CAP}) AS n"  # noqa: S608 - a number of ours
    counted = _each(tasks.values_list("pk")[:CAP], queues, enough)
    return int(counted[0][0]) if counted else 0


def served(user: User, *, now: datetime) -> list[str]:
    """The procedures (slugs) in which a member of staff takes part now."""
    return sorted({queue.slug for queue in access.queues(user, now=now)})


def waiting_outside(user: User, *, filters: Filters = Filters(), size: int = PAGE, now: datetime) -> list[Task]:
    """Open tasks of customers and outsiders in the procedures that this person serves: nobody's clock runs.

    Of ``filters`` procedure, step and search count.
    """
    asked = Filters(mine="unit", step=filters.step, slug=filters.slug, search=filters.search)
    outside = _outside(user, now)
    tasks = _filtered(Task.objects.filter(binding_id=_ANY, status=Task.Status.OPEN), user, asked, now)
    rows = _each(tasks.order_by("due_at", "pk").values_list("binding_id", "due_at", "pk")[:size], outside)
    place = {queue: no for no, queue in enumerate(outside.values)}
    rows.sort(key=lambda row: (place[row[0]], row[1] is None, row[1] or "", row[2]))
    ids = [pk for _queue, _due, pk in rows[:size]]
    found = {task.pk: task for task in _listed(Task.objects.filter(pk__in=ids))} if ids else {}
    return [found[pk] for pk in ids if pk in found]


def count_waiting_outside(user: User, *, now: datetime) -> int:
    """How many tasks ``waiting_outside`` has, up to ``CAP``."""
    return _count(_outside(user, now), user, Filters(mine="unit"), now)


def _outside(user: User, now: datetime) -> _Queues:
    """The queues of customers and outsiders in the procedures that a member of staff serves, but not the outsiders for
    whom he records: those stand in his own inbox."""
    queues = ActorBinding.objects.filter(institution_id=user.institution_id, slug__in=served(user, now=now))
    others = (
        queues.exclude(kind=ActorKind.STAFF).exclude(pk__in=binding_ids(user, now=now)).values_list("pk", flat=True)
    )
    return _Queues("binding_id", reading.once(user, "outside", lambda: list(others), now=now))


@dataclass(frozen=True, slots=True)
class Row:
    """A step of a procedure as one case sees it."""

    step: Step
    state: str  # done, now, todo, skipped
    tasks: tuple[Task, ...]  # all rounds, in time
    actors: tuple[str, ...]

    @property
    def last(self) -> Task | None:
        return self.tasks[-1] if self.tasks else None


def table(case: Case) -> list[Row]:
    """The steps of the case's procedure with who did them, when, and how long it took."""
    proc = procedure(case.procedure_id)
    rounds: dict[str, list[Task]] = {}
    for task in Task.objects.filter(case=case).select_related("assignee").order_by("pk"):
        rounds.setdefault(task.step, []).append(task)
    return [_row(proc, step, tuple(rounds.get(step.id, ()))) for step in proc.steps]


def _row(proc: Procedure, step: Step, tasks: tuple[Task, ...]) -> Row:
    if any(task.status == Task.Status.OPEN for task in tasks):
        state = "now"
    elif tasks and tasks[-1].status == Task.Status.DONE:
        state = "done"
    else:
        state = "todo"
    return Row(step, state, tasks, tuple(proc.actor_by_id[actor].name for actor in step.actors))


def open_steps(case: Case) -> list[Step]:
    """The steps that are open now."""
    proc = procedure(case.procedure_id)
    return [proc.by_id[key] for key in State.from_data(case.state).open]


def expected_at(case: Case, *, now: datetime) -> datetime | None:
    """When the case will have been served by the times of its procedure; None while nobody can tell."""
    if case.status != Case.Status.OPEN:
        return None
    body = case.institution
    tasks = Task.objects.filter(case=case, status=Task.Status.OPEN).values_list("step", "due_at")

    def reached(start: datetime, time: Duration) -> datetime | None:
        due = clock.due(body.pk, body.calendar_revision, start, time)
        return due.at if due else None

    return served_at(procedure(case.procedure_id), dict(tasks), now=now, reached=reached)


def public_status(case: Case) -> str:
    """Where the case stands, in the plain words of the procedure for customers and the public."""
    if not case.is_open:
        return str(Case.Status(case.status).label)
    return next((translated(step.public) for step in open_steps(case) if step.public), str(Case.Status("open").label))


def done_steps_before(task: Task) -> list[Step]:
    """Steps of the case that were done before this one: where it may be sent back to."""
    proc = procedure(task.case.procedure_id)
    here = proc.by_id[task.step]
    visits = State.from_data(task.case.state).visits
    return [step for step in proc.steps if step.sequence < here.sequence and step.id in visits]


def search(user: User, text: str, *, size: int = 20, now: datetime) -> Sequence[Case]:
    """Cases that this person may see whose number, customer or title holds ``text``."""
    found = blind.matching(text, user, now=now)
    return visible_cases(user, now=now).filter(found).order_by("-opened_at", "-pk")[:size]


def visible_cases(user: User, *, now: datetime) -> QuerySet[Case]:
    """The cases that this person may see, as ``access.case_for`` tells it of one."""
    cases = Case.objects.filter(institution_id=user.institution_id)
    cases = cases.select_related("procedure").defer("procedure__content", "sought")  # not shown, and long
    if user.is_customer:
        return cases.filter(company_id=user.company_id) if user.is_active and user.company_id else cases.none()
    # By the versions and not through the join: the rows then come from the index in the order of the list, unsorted.
    versions = ProcedureVersion.objects.filter(institution_id=user.institution_id, slug__in=served(user, now=now))
    return cases.filter(procedure__in=versions.values("pk"))
