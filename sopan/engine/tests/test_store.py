"""The hand-written SQL writes the same rows as the ORM would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.forms import model_to_dict

from sopan.engine import operations, store
from sopan.engine.models import Case, Effect, JournalEntry, Task

from .cast import NOW, Cast

pytestmark = pytest.mark.django_db


def save_by_orm(act: store.Act) -> None:
    """What ``store.save`` does, as one would write it without a stopwatch."""
    if act.task is not None:
        act.task.save()
    Task.objects.filter(case=act.case, status="open", step__in=act.cancelled).update(
        status="cancelled", completed_at=act.entry.at
    )
    for task in act.opened:
        task.save(force_insert=True)
    act.case.save()
    act.entry.save(force_insert=True)
    Effect.objects.bulk_create(act.effects)


def everything() -> list[dict[str, Any]]:
    return [
        model_to_dict(row) | {"data": getattr(row, "data", None)}
        for model in (Case, Task, JournalEntry, Effect)
        for row in model.objects.order_by("pk")
    ]


def play(cast: Cast) -> None:
    case = operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)
    case.tracking = "same"
    acts = [
        (cast.rina, "", ""),
        (cast.ana, "tidak", "Ada \"tanda\" 'petik' – 漢字"),
        (cast.rina, "", ""),
        (cast.ana, "ya", ""),
        (cast.citra, "tidak", "Perbaiki"),
        (cast.ana, "ya", ""),
        (cast.citra, "ya", ""),
    ]
    for number, (person, answer, reason) in enumerate(acts):
        task = Task.objects.get(case=case, status="open")
        now = NOW + timedelta(minutes=number * 45, microseconds=number)
        done = operations.complete(task.pk, actor=person, answer=answer, reason=reason, form_key=f"k{number}", now=now)
        assert isinstance(done, operations.Done), done


def played(cast: Cast) -> list[dict[str, Any]]:
    """Play in a savepoint that is undone, so that both plays give the same ids where the database allows it."""
    rows: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            play(cast)
            rows = everything()
            raise InterruptedError
    except InterruptedError:
        return rows


def without_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    varying = {"id", "case", "tracking", "hash", "journal_head"}
    kept = [{key: value for key, value in row.items() if key not in varying} for row in rows]
    for row in kept:
        if isinstance(row.get("data"), dict):
            row["data"].pop("task", None)
    return kept


def test_the_sql_and_the_orm_write_the_same_rows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    by_sql = played(cast)
    monkeypatch.setattr(store, "save", save_by_orm)
    by_orm = played(cast)
    assert without_ids(by_sql) == without_ids(by_orm)
    assert len(by_sql) == 1 + 8 + 8 + 1  # and an effect, which tells the customer of the return


def test_a_completion_takes_few_statements(cast: Cast, django_assert_num_queries: Any) -> None:
    case = operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)
    operations.complete(Task.objects.get(case=case).pk, actor=cast.rina, now=NOW)
    task = Task.objects.get(case=case, status="open")
    # Two of them are the savepoint that the test's own transaction makes of the operation's.
    with django_assert_num_queries(2 + (2 if connection.vendor == "postgresql" else 5)):
        operations.complete(task.pk, actor=cast.ana, answer="ya", now=NOW)


def test_a_row_that_changed_under_the_lock_is_loud(cast: Cast) -> None:
    case = operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)
    task = Task.objects.get(case=case)
    locked = store.lock(task.pk, person_id=cast.rina.pk, now=NOW)
    Task.objects.update(status="done")
    entry = JournalEntry(institution_id=cast.institution.pk, case=case, seq=99, at=NOW, code="x", data={}, hash="x")
    with pytest.raises(store.LostUpdate), transaction.atomic():
        store.save(store.Act(case=locked.case, entry=entry, task=locked.task))
    assert not JournalEntry.objects.filter(seq=99).exists()
