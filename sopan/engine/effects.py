"""The outbox at work: claim an effect by a lease, run its handler, mark it done; try again with growing pauses.

A handler runs at least once and outside of a transaction. It wraps its own writes in ``finishing(effect)``, which marks
the effect done in the same transaction: a crash before it leaves the effect to be claimed again, a crash after it
leaves nothing to do, so those writes happen exactly once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from .models import Effect, Schedule
from .stepwork import effect_handlers

log = logging.getLogger("sopan.worker")

LEASE = timedelta(minutes=2)  # longer than any handler may take without ``renew``
PAUSES = [timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600)]  # then it is shown as failed


class LeaseLost(RuntimeError):
    """Another worker took the effect over, because this one was too slow; its writes are undone."""


def claim(*, worker: str, now: datetime) -> Effect | None:
    """Take the next effect that is due, or whose worker has died; None if there is none."""
    due = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    waiting = Effect.objects.filter(due, status=Effect.Status.WAITING, run_after__lte=now).order_by("run_after", "pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        effect = waiting.first()
        if effect is None:
            return None
        effect.leased_by, effect.leased_until = worker, now + LEASE
        effect.attempts += 1
        effect.save(update_fields=["leased_by", "leased_until", "attempts"])
    return effect


def release(dead: Callable[[str], bool]) -> int:
    """Free the effects whose worker is ``dead`` (asked by its name) before their leases run out; how many."""
    held = Effect.objects.filter(status=Effect.Status.WAITING, leased_until__isnull=False)
    holders = {name for name in held.values_list("leased_by", flat=True) if dead(name)}
    return held.filter(leased_by__in=holders).update(leased_until=None)


@contextmanager
def finishing(effect: Effect) -> Iterator[None]:
    """The transaction of a handler's writes; at its end the effect is done. Raises LeaseLost and undoes them if not ours."""
    with transaction.atomic():
        yield
        _mark_done(effect)


def _mark_done(effect: Effect) -> None:
    mine = Effect.objects.filter(
        pk=effect.pk, status=Effect.Status.WAITING, leased_by=effect.leased_by, attempts=effect.attempts
    )
    if mine.update(status=Effect.Status.DONE, done_at=timezone.now(), leased_until=None, error="") != 1:
        raise LeaseLost(f"effect {effect.pk} was taken over")
    effect.status = Effect.Status.DONE


def renew(effect: Effect, *, now: datetime) -> None:
    """Hold an effect for another lease: a handler that takes long tells that it is alive. Raises LeaseLost if too late."""
    mine = Effect.objects.filter(
        pk=effect.pk, status=Effect.Status.WAITING, leased_by=effect.leased_by, attempts=effect.attempts
    )
    if mine.update(leased_until=now + LEASE) != 1:
        raise LeaseLost(f"effect {effect.pk} was taken over")


def run(effect: Effect) -> bool:
    """Run the handler of a claimed effect. True if it is done; else it waits for another try, or is shown as failed."""
    try:
        effect_handlers[effect.key](effect)
        if effect.status != Effect.Status.DONE:
            _mark_done(effect)
    except LeaseLost:
        log.warning("effect %s (%s) was taken over by another worker", effect.pk, effect.key)
        return False
    except Exception as fault:  # whatever a handler raises: the worker goes on, the fault is kept and shown
        log.exception("effect %s (%s) failed, attempt %s", effect.pk, effect.key, effect.attempts)
        _postpone(effect, f"{type(fault).__name__}: {fault}")
        return False
    return True


def _postpone(effect: Effect, error: str) -> None:
    last = effect.attempts > len(PAUSES)
    pause = PAUSES[min(effect.attempts, len(PAUSES)) - 1]
    mine = Effect.objects.filter(
        pk=effect.pk, status=Effect.Status.WAITING, leased_by=effect.leased_by, attempts=effect.attempts
    )
    mine.update(
        status=Effect.Status.FAILED if last else Effect.Status.WAITING,
        run_after=timezone.now() + pause,
        leased_until=None,
        error=error[:4000],
    )


def try_again(effect_id: int, *, now: datetime) -> bool:
    """Put a failed effect back to the beginning of its tries. True if it had failed."""
    failed = Effect.objects.filter(pk=effect_id, status=Effect.Status.FAILED)
    return failed.update(status=Effect.Status.WAITING, run_after=now, attempts=0, leased_until=None) == 1


def run_due(*, worker: str = "here", limit: int = 1_000) -> int:
    """Run what is due now, one after another; how many handlers ran."""
    for done in range(limit):
        effect = claim(worker=worker, now=timezone.now())
        if effect is None:
            return done
        run(effect)
    return limit


# Regular jobs ---------------------------------------------------------------------------------------------------------

Job = Callable[[datetime], None]
jobs: dict[str, tuple[timedelta, Job]] = {}


def periodic(key: str, *, every: timedelta) -> Callable[[Job], Job]:
    """Register a job that one worker runs at intervals; it must be repeatable."""

    def register(job: Job) -> Job:
        if key in jobs:
            raise ValueError(f"job {key!r} is registered twice")
        jobs[key] = (every, job)
        return job

    return register


def run_jobs(*, now: datetime) -> int:
    """Run the jobs whose time has come; of several workers one gets each. How many ran."""
    ran = 0
    for key, (every, job) in list(jobs.items()):
        Schedule.objects.get_or_create(key=key, defaults={"next_at": now})
        if Schedule.objects.filter(key=key, next_at__lte=now).update(next_at=now + every, runs=F("runs") + 1):
            ran += 1
            try:
                job(now)
            except Exception:  # a job that fails must not stop the others; it comes again at its next time
                log.exception("job %s failed", key)
    return ran
