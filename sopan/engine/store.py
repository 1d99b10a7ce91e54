"""The rows of one act, read and written with as few statements as each database allows.

This is the only hand-written SQL of the engine, because ``complete`` is its hottest path: one statement reads and locks
everything an act needs, and on PostgreSQL one statement writes everything it leads to. ``tests/test_store.py`` holds it
equal to the same writes through the ORM.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from .models import Case, Effect, JournalEntry, Task


@dataclass(frozen=True, slots=True)
class Locked:
    """A task and its case, locked for this transaction, and the appointment by which the person may act on it."""

    task: Task
    case: Case
    calendar_revision: int
    kind: str  # of the binding: staff, customer, outside
    slug: str
    appointed: tuple[str, str, str] | None  # kind, letter, name of the position
    done_by: str


@dataclass(slots=True)
class Act:
    """What an act writes. ``opened`` are unsaved tasks; ``effects`` unsaved outbox rows."""

    case: Case
    entry: JournalEntry
    task: Task | None = None  # the task that it completes
    cancelled: Sequence[str] = ()  # steps whose open tasks are overtaken
    opened: list[Task] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


def _columns(model: type[models.Model], alias: str) -> tuple[str, list[str]]:
    names = [f.column for f in model._meta.concrete_fields]
    return ", ".join(f"{alias}.{name}" for name in names), [f.attname for f in model._meta.concrete_fields]


_TASK_COLUMNS, _TASK_NAMES = _columns(Task, "t")
_CASE_COLUMNS, _CASE_NAMES = _columns(Case, "c")
_LOCK = f"""
SELECT {_TASK_COLUMNS}, {_CASE_COLUMNS}, i.calendar_revision, b.kind, b.slug, a.kind, a.letter, p.name
  FROM engine_task t
  JOIN engine_case c ON c.id = t.case_id
  JOIN people_institution i ON i.id = c.institution_id
  JOIN catalogue_actorbinding b ON b.id = t.binding_id
  LEFT JOIN catalogue_actorbinding_positions bp ON bp.actorbinding_id = t.binding_id
  LEFT JOIN people_appointment a ON a.position_id = bp.position_id AND a.person_id = %s
       AND a.valid_from <= %s AND (a.valid_to IS NULL OR a.valid_to > %s)
  LEFT JOIN people_position p ON p.id = a.position_id
 WHERE t.id = %s
 ORDER BY CASE WHEN a.id IS NULL THEN 1 ELSE 0 END, a.kind, a.id LIMIT 1"""  # noqa: S608 - columns of our own models


def _places(model: type[models.Model], kind: type[models.Field]) -> list[int]:
    return [place for place, column in enumerate(model._meta.concrete_fields) if isinstance(column, kind)]


_INSTANTS = {model: _places(model, models.DateTimeField) for model in (Task, Case)}
_JSON = {model: _places(model, models.JSONField) for model in (Task, Case)}


def _converted(model: type[models.Model], names: list[str], values: Sequence[Any]) -> Any:
    """A model instance from raw values: JSON comes as text, and from SQLite an instant comes without its zone."""
    row = list(values)
    for place in _INSTANTS[model]:
        if row[place] is not None and row[place].tzinfo is None:
            row[place] = row[place].replace(tzinfo=UTC)
    for place in _JSON[model]:
        row[place] = json.loads(row[place])
    return model.from_db(connection.alias, names, row)


def lock(task_id: int, *, person_id: int | None, now: datetime) -> Locked | None:
    """Lock a task with its case and tell what an act on it needs, in one statement. None if there is no such task."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + (" FOR UPDATE OF c, t" if postgresql else ""), _adapted([person_id, now, now, task_id]))
        row = cursor.fetchone()
    if row is None:
        return None
    task = _converted(Task, _TASK_NAMES, row[: len(_TASK_NAMES)])
    case = _converted(Case, _CASE_NAMES, row[len(_TASK_NAMES) : -6])
    task.case = case
    revision, kind, slug, appointed, letter, position = row[-6:]
    holds = (str(appointed), str(letter), str(position)) if appointed is not None else None
    return Locked(task, case, revision, kind, slug, holds, task.completed_name)


_DONE_BY = (
    "SELECT step FROM engine_task WHERE case_id = %s AND status = 'done' AND completed_by_id = %s AND step IN ({})"
    " ORDER BY id LIMIT 1"
)


def done_by(person_id: int, *, case_id: int, among: Sequence[str]) -> str | None:
    """The first of these steps that a person has done in a case, or None."""
    marks = ", ".join(["%s"] * len(among))
    with connection.cursor() as cursor:
        cursor.execute(_DONE_BY.format(marks), [case_id, person_id, *among])
        row = cursor.fetchone()
    return str(row[0]) if row else None


def save(act: Act) -> None:
    """Write an act. The rows were locked by ``lock`` (or by the caller), so nobody else can have changed them."""
    if connection.vendor == "postgresql":
        _save_postgresql(act)
    else:
        _save_orm_like(act)


def _adapted(values: Sequence[Any]) -> list[Any]:
    """Instants as the database stores them: SQLite keeps them as text in UTC."""
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in values]


# What an open task is given; all else of it begins empty, and as a constant costs no parameter. psycopg keeps the
# parsed form of a statement only while it has at most 50 parameters.
_GIVEN = (
    "institution_id",
    "case_id",
    "binding_id",
    "company_id",
    "step",
    "visit",
    "actor",
    "status",
    "assignee_id",
    "opened_at",
    "due_at",
)


def _task_values(task: Task) -> list[Any]:
    return [getattr(task, name) for name in _GIVEN]


def _blank(column: models.Field) -> str:
    return "NULL" if column.null else "0" if isinstance(column, models.IntegerField) else "''"


_REST = [f for f in Task._meta.concrete_fields if not f.primary_key and f.attname not in _GIVEN]
_INSERT_TASK = (
    f"INSERT INTO engine_task ({', '.join([*_GIVEN, *(f.column for f in _REST)])})"  # noqa: S608 - our own columns
    f" VALUES ({', '.join([*['%s'] * len(_GIVEN), *map(_blank, _REST)])}) RETURNING id"
)
_COMPLETE = (
    "UPDATE engine_task SET status = %s, completed_at = %s, completed_by_id = %s, completed_name = %s,"
    " completed_position = %s, answer = %s, reason = %s, form_key = %s, worked_minutes = %s"
    " WHERE id = %s AND status = 'open'"
)
_CASE = (
    "UPDATE engine_case SET status = %s, state = %s, number = %s, title = %s, subject = %s, closed_at = %s,"
    " held_since = %s, journal_length = %s, journal_head = %s WHERE id = %s"
)
_CANCEL = "UPDATE engine_task SET status = 'cancelled', completed_at = %s WHERE case_id = %s AND status = 'open' AND step IN ({})"
_JOURNAL = (
    "INSERT INTO engine_journalentry (institution_id, case_id, seq, at, code, data, person_id, name, position, letter, hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _completion(task: Task) -> list[Any]:
    return [
        task.status,
        task.completed_at,
        task.completed_by_id,
        task.completed_name,
        task.completed_position,
        task.answer,
        task.reason,
        task.form_key,
        task.worked_minutes,
        task.pk,
    ]


def _case_values(case: Case) -> list[Any]:
    return [
        case.status,
        json.dumps(case.state, separators=(",", ":")),
        case.number,
        case.title,
        case.subject,
        case.closed_at,
        case.held_since,
        case.journal_length,
        case.journal_head,
        case.pk,
    ]


def _entry_values(entry: JournalEntry) -> list[Any]:
    data = json.dumps(entry.data, separators=(",", ":"), ensure_ascii=False)
    return [
        entry.institution_id,
        entry.case_id,
        entry.seq,
        entry.at,
        entry.code,
        data,
        entry.person_id,
        entry.name,
        entry.position,
        entry.letter,
        entry.hash,
    ]


class LostUpdate(RuntimeError):
    """A locked row changed under us: a broken promise, never an expected refusal."""


def _save_orm_like(act: Act) -> None:
    with connection.cursor() as cursor:
        if act.task is not None:
            cursor.execute(_COMPLETE, _adapted(_completion(act.task)))
            if cursor.rowcount != 1:
                raise LostUpdate(f"task {act.task.pk} was not open")
        if act.cancelled:
            marks = ", ".join(["%s"] * len(act.cancelled))
            cursor.execute(_CANCEL.format(marks), _adapted([act.entry.at, act.case.pk, *act.cancelled]))
        for task in act.opened:
            cursor.execute(_INSERT_TASK, _adapted(_task_values(task)))
            task.pk = cursor.fetchone()[0]
        cursor.execute(_CASE, _adapted(_case_values(act.case)))
        cursor.execute(_JOURNAL, _adapted(_entry_values(act.entry)))
    if act.effects:
        Effect.objects.bulk_create(act.effects)


def _save_postgresql(act: Act) -> None:
    """All writes as data-modifying parts of one statement: one round trip.

    The parts see the same snapshot, so a step that is cancelled and opened again in one act goes the plain way: the
    index that allows one open task a step would see both.
    """
    reopened = {task.step for task in act.opened} & {*act.cancelled, act.task.step if act.task else ""}
    if reopened or len(act.opened) > 1 or act.effects:
        return _save_orm_like(act)
    parts, values = [], []
    if act.task is not None:
        parts.append(f"done AS ({_COMPLETE} RETURNING id)")
        values += _completion(act.task)
    if act.cancelled:
        parts.append(f"gone AS ({_CANCEL.format(', '.join(['%s'] * len(act.cancelled)))})")
        values += [act.entry.at, act.case.pk, *act.cancelled]
    if act.opened:
        parts.append(f"new AS ({_INSERT_TASK})")
        values += _task_values(act.opened[0])
    parts += [f"case_ AS ({_CASE})", f"entry AS ({_JOURNAL})"]
    values += [*_case_values(act.case), *_entry_values(act.entry)]
    done = "(SELECT count(*) FROM done)" if act.task is not None else "1"
    new = "(SELECT id FROM new)" if act.opened else "NULL::bigint"
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {done}, {new}", values)  # noqa: S608
        changed, opened = cursor.fetchone()
    if changed != 1:
        raise LostUpdate(f"task {act.task.pk if act.task else None} was not open")
    if act.opened:
        act.opened[0].pk = opened
    return None
