"""Sending a case back, holding it, letting it go on, ending it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.core import flow
from sopan.core.flow import Refusal
from sopan.people.models import User

from .. import access, clock, store
from ..access import Acting
from ..models import Case, Pause, Task
from .acts import (
    Act,
    Done,
    acting_of,
    closed,
    locked_case,
    message_of,
    reason_fault,
)


@transaction.atomic
def send_back(task_id: int, *, actor: User, to_step: str, reason: str, now: datetime) -> Done | Refusal:
    """Send the case from this task back to a step that was done before; what was done stays. A reason is required."""
    locked = store.lock(task_id, person_id=actor.pk, now=now)
    acting = acting_of(locked, actor, now=now) if locked else None
    if locked is None or acting is None or acting.is_customer:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    refusal = closed(locked.task, locked.case, actor, "")
    if refusal is not None:
        return refusal
    fault = reason_fault(reason)
    if fault is not None:
        return fault
    task, case = locked.task, locked.case
    command = flow.SendBack(task.step, to_step)
    events = flow.decide(procedure(case.procedure_id), flow.State.from_data(case.state), command)
    if isinstance(events, Refusal):
        return replace(events, message=message_of(events.code))
    Task.objects.filter(pk=task.pk).update(reason=reason, completed_by_id=acting.person_id, completed_name=acting.name)
    act = Act(case, case.procedure_id, locked.calendar_revision, acting, now)
    act.apply(command, events, code="sent_back", data={"task": task.pk, "reason": reason})
    act.write()
    return Done(case.pk, act.opened_ids)


def hold(case_id: int, *, actor: User, reason: str, now: datetime) -> Done | Refusal:
    """Stop the clock of a case and all its steps, with a reason."""
    return _steer(case_id, flow.Hold(), actor=actor, reason=reason, code="held", now=now)


def resume(case_id: int, *, actor: User, reason: str = "", now: datetime) -> Done | Refusal:
    """Let a held case go on; due times are pushed out by the working time of the pause."""
    return _steer(case_id, flow.Resume(), actor=actor, reason=reason or "-", code="resumed", now=now)


def cancel(case_id: int, *, actor: User, reason: str, now: datetime) -> Done | Refusal:
    """End a case as withdrawn. Nothing that was done is removed."""
    return _steer(case_id, flow.Withdraw(), actor=actor, reason=reason, code="withdrawn", now=now)


@transaction.atomic
def _steer(
    case_id: int, command: flow.Command, *, actor: User, reason: str, code: str, now: datetime
) -> Done | Refusal:
    if access.case_for(actor, case_id, now=now) is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    case, revision = locked_case(case_id)
    refusal = access.may_steer(actor, case, now=now)
    if refusal is not None:
        return refusal
    fault = reason_fault(reason)
    if fault is not None:
        return fault
    acting = access.acting_on_case(actor, case, now=now)
    assert acting is not None  # who may steer takes part
    return _apply_to_case(case, revision, command, acting, reason=reason, code=code, now=now)


def _apply_to_case(
    case: Case, revision: int, command: flow.Command, acting: Acting, *, reason: str, code: str, now: datetime
) -> Done | Refusal:
    events = flow.decide(procedure(case.procedure_id), flow.State.from_data(case.state), command)
    if isinstance(events, Refusal):
        return replace(events, message=message_of(events.code))
    if isinstance(command, flow.Hold):
        Pause.objects.create(case=case, began_at=now, reason=reason[:250])
    elif isinstance(command, flow.Resume):
        _push_out(case, revision, now=now)
    act = Act(case, case.procedure_id, revision, acting, now)
    act.apply(command, events, code=code, data={"reason": reason})
    act.write()
    return Done(case.pk, ended=case.status if not case.is_open else "")


def withdraw_by_customer(case_id: int, *, actor: User, reason: str, now: datetime) -> Done | Refusal:
    """End a case at the customer's wish. Whether he still may is the domain's rule, asked before."""
    with transaction.atomic():
        found = access.case_for(actor, case_id, now=now)
        if found is None or not actor.is_customer:
            return Refusal("not-found", _("Kasus ini tidak ada."))
        fault = reason_fault(reason)
        if fault is not None:
            return fault
        case, revision = locked_case(case_id)
        acting = access.as_person(actor, None)
        return _apply_to_case(case, revision, flow.Withdraw(), acting, reason=reason, code="withdrawn", now=now)


def _push_out(case: Case, revision: int, *, now: datetime) -> None:
    pause = Pause.objects.filter(case=case, ended_at__isnull=True).order_by("-began_at").first()
    if pause is None:
        return
    pause.ended_at = now
    pause.save(update_fields=["ended_at"])
    for task in Task.objects.filter(case=case, status=Task.Status.OPEN):
        since = max(pause.began_at, task.opened_at)
        minutes = clock.worked(case.institution_id, revision, since, now)
        task.paused_minutes += minutes
        if task.due_at is not None and task.due_at > since:  # what was overdue before stays overdue
            task.due_at = clock.later(case.institution_id, revision, task.due_at, minutes)
        task.save(update_fields=["due_at", "paused_minutes"])
