"""The outbox: after the commit, at least once, writes exactly once, tried again with pauses, then shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from sopan.engine import access, effects, operations
from sopan.engine.models import Case, Effect, Schedule
from sopan.engine.stepwork import Planned, effect_handlers

from .cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    return operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)


@pytest.fixture
def handler() -> Iterator[object]:
    """A handler that writes the title of its case, and can be told to fail before or after it."""

    class Handler:
        fails = ""
        ran = 0

        def __call__(self, effect: Effect) -> None:
            self.ran += 1
            if self.fails == "before":
                raise RuntimeError("the printer is on fire")
            with effects.finishing(effect):
                effect.case.title += "x"
                effect.case.save(update_fields=["title"])
            if self.fails == "after":
                raise RuntimeError("killed after the commit")

    handler = Handler()
    effect_handlers.add("test.write", handler)
    yield handler
    del effect_handlers._things["test.write"]


def plan(case: Case, cast: Cast) -> Effect:
    acting = access.as_person(cast.ana, None)
    operations.note(
        case.pk, acting=acting, code="tested", effects=(Planned("test.write", {"a": 1}),), now=timezone.now()
    )
    return Effect.objects.get()


def title(case: Case) -> str:
    case.refresh_from_db()
    return case.title


def test_an_effect_runs_once_and_is_done(case: Case, cast: Cast, handler) -> None:
    effect = plan(case, cast)
    assert effects.run_due() == 1
    assert effects.run_due() == 0
    effect.refresh_from_db()
    assert (effect.status, title(case)) == ("done", "x")


def test_an_act_that_is_undone_leaves_no_effect(case: Case, cast: Cast, handler) -> None:
    with pytest.raises(InterruptedError), transaction.atomic():
        plan(case, cast)
        raise InterruptedError
    assert Effect.objects.count() == 0


def test_a_failing_handler_is_tried_again_with_growing_pauses_and_then_shown(case: Case, cast: Cast, handler) -> None:
    handler.fails = "before"
    effect = plan(case, cast)
    pauses = []
    for _ in range(len(effects.PAUSES) + 1):
        Effect.objects.update(run_after=timezone.now())
        effects.run_due(limit=1)
        effect.refresh_from_db()
        pauses.append(effect.run_after - timezone.now())
    assert all(a < b for a, b in zip(pauses[:5], pauses[1:6], strict=True))
    assert (effect.status, effect.error) == ("failed", "RuntimeError: the printer is on fire")
    assert effects.run_due() == 0
    handler.fails = ""
    assert effects.try_again(effect.pk, now=timezone.now())
    assert not effects.try_again(effect.pk, now=timezone.now())
    effects.run_due()
    assert title(case) == "x"


def test_a_handler_that_dies_after_its_commit_has_written_once(case: Case, cast: Cast, handler) -> None:
    handler.fails = "after"
    plan(case, cast)
    effects.run_due()
    Effect.objects.update(run_after=timezone.now())
    effects.run_due()
    assert (handler.ran, title(case)) == (1, "x")


def test_the_effect_of_a_killed_worker_is_claimed_when_its_lease_is_over(case: Case, cast: Cast, handler) -> None:
    plan(case, cast)
    now = timezone.now()
    dead = effects.claim(worker="dead", now=now)
    assert effects.claim(worker="next", now=now + effects.LEASE - timedelta(seconds=1)) is None
    taken = effects.claim(worker="next", now=now + effects.LEASE + timedelta(seconds=1))
    assert taken.attempts == 2
    assert effects.run(taken)
    assert not effects.run(dead)  # the slow one comes back from the dead: its writes are undone
    assert title(case) == "x"


def test_a_regular_job_runs_once_in_its_time() -> None:
    ran = []
    effects.jobs["test.job"] = (timedelta(hours=1), ran.append)
    try:
        now = timezone.now()
        for minutes in (0, 30, 61, 62):
            effects.run_jobs(now=now + timedelta(minutes=minutes))
        assert ran == [now, now + timedelta(minutes=61)]
        assert Schedule.objects.get(key="test.job").runs == 2
    finally:
        del effects.jobs["test.job"]
