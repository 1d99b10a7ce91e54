"""Finishing a step: the one hot door, for people and by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.core import flow
from sopan.core.flow import Refusal
from sopan.core.model import Exit, Procedure, Step
from sopan.people.models import User

from .. import access, clock, store
from ..access import Acting
from ..following import followers
from ..models import Case, Task
from ..stepwork import Planned, Result, StepWork, decisions
from .acts import (
    Act,
    Done,
    Refused,
    acting_of,
    closed,
    locked_case,
    message_of,
    reason_fault,
    work_of,
)


def complete(
    task_id: int,
    *,
    actor: User,
    answer: str = "",
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    form_key: str = "",
    now: datetime,
) -> Done | Refusal:
    """Finish a task as ``actor`` with ``answer``: access, separation, obstacles, work, flow, rows and journal together.

    Side effects: those of the work of the step; the task is done, following tasks open, effects are put into the
    outbox. Refused (and nothing changed) if it is not his, was done before, is held, or the work says no. The same
    ``form_key`` again tells the first result.
    """
    given = {**(data or {}), "reason": reason}  # a work may have to keep why something came back

    def attempt() -> Done | Refusal:
        try:
            with transaction.atomic():
                return _complete(
                    task_id, actor=actor, answer=answer, data=given, reason=reason, form_key=form_key, now=now
                )
        except Refused as no:
            return no.refusal

    try:
        return attempt()
    except _Unprepared as first:
        prepared = first.work.prepare(first.task, given, actor=first.acting, answer=answer, now=now)
    if isinstance(prepared, Refusal):
        return prepared
    given["prepared"] = prepared
    return attempt()


class _Unprepared(Exception):
    """The act is allowed, but its work has something slow to do first, outside of the transaction."""

    def __init__(self, work: StepWork, task: Task, acting: Acting) -> None:
        self.work, self.task, self.acting = work, task, acting


def _complete(
    task_id: int, *, actor: User, answer: str, data: Mapping[str, Any], reason: str, form_key: str, now: datetime
) -> Done | Refusal:
    locked = store.lock(task_id, person_id=actor.pk, now=now)
    if locked is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    acting = acting_of(locked, actor, now=now)
    if acting is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    task, case = locked.task, locked.case
    refusal = closed(task, case, actor, form_key)
    if refusal is not None:
        return refusal
    proc = procedure(case.procedure_id)
    step = proc.by_id[task.step]
    work = work_of(step)
    for refusal in _refusals(task, step, work, acting, answer, reason):
        return refusal
    if work.prepares and "prepared" not in data:
        raise _Unprepared(work, task, acting)
    result = work.perform(task, data, actor=acting, answer=answer, now=now)
    if isinstance(result, Refusal):
        raise Refused(result)
    if step.decision:
        answer = decisions[step.decision](case, result.facts)
    return finish(locked, acting, proc, step, result, answer=answer, reason=reason, form_key=form_key, now=now)


def _refusals(task: Task, step: Step, work: StepWork, acting: Acting, answer: str, reason: str) -> Iterator[Refusal]:
    """Why a step cannot be finished by this person with this answer."""
    apart = access.separated(task.case_id, step, person_id=acting.person_id)
    if apart is not None:
        yield apart
    way = flow.way_out(step, answer)
    fault = reason_fault(reason, required=way is not None and way.reason)
    if fault is not None:
        yield fault
    yield from work.obstacles(task, actor=acting, answer=answer)


def finish(
    locked: store.Locked,
    acting: Acting,
    proc: Procedure,
    step: Step,
    result: Result,
    *,
    answer: str,
    reason: str,
    form_key: str,
    now: datetime,
) -> Done | Refusal:
    task, case = locked.task, locked.case
    command = flow.Complete(step.id, task.actor, answer)
    events = flow.decide(proc, flow.State.from_data(case.state), command)
    if isinstance(events, Refusal):
        raise Refused(replace(events, message=message_of(events.code)))
    _close(task, acting, answer=answer, reason=reason, form_key=form_key, now=now, revision=locked.calendar_revision)
    for name in ("number", "title", "subject"):
        if value := getattr(result, name):
            setattr(case, name, value)
    act = Act(case, case.procedure_id, locked.calendar_revision, acting, now)
    data: dict[str, Any] = {"task": task.pk, "visit": task.visit}
    if acting.on_behalf:
        data["on_behalf"] = acting.on_behalf
    if reason:
        data["reason"] = reason
    if result.facts:
        data["facts"] = dict(result.facts)
    act.apply(command, events, code="completed", data=data, assign=result.assign, task=task)
    ended = () if case.is_open else followers(case)
    act.plan((*result.effects, *ended))
    act.write()
    return Done(case.pk, act.opened_ids, ended=case.status if not case.is_open else "", facts=result.facts)


def _close(
    task: Task, acting: Acting, *, answer: str, reason: str, form_key: str, now: datetime, revision: int
) -> None:
    task.status = Task.Status.DONE
    task.completed_at = now
    task.completed_by_id = acting.person_id
    task.completed_name = acting.name
    task.completed_position = acting.position
    task.answer, task.reason, task.form_key = answer, reason, form_key
    open_for = clock.worked(task.institution_id, revision, task.opened_at, now)
    task.worked_minutes = max(0, open_for - task.paused_minutes)


def complete_by_system(
    case_id: int,
    *,
    step_work: str,
    answer: str = "",
    facts: Mapping[str, Any] | None = None,
    effects: Sequence[Planned] = (),
    name: str = "Sistem",
    now: datetime,
) -> Done | Refusal:
    """Finish, by rule, the open step that carries this work, without asking its work: a reported payment, a time-out.

    Side effects as ``complete``; the journal names the system, or ``name`` for somebody who has no account yet. Call
    it inside the transaction of the change that causes it. Refused if no such step is open.
    """
    with transaction.atomic():
        case, revision = locked_case(case_id)
        proc = procedure(case.procedure_id)
        open_tasks = Task.objects.filter(case=case, status=Task.Status.OPEN).order_by("pk")
        task = next((task for task in open_tasks if proc.by_id[task.step].work == step_work), None)
        if task is None:
            return Refusal("not-open", message_of("not-open"))
        task.case = case
        if case.status == Case.Status.HELD:
            return Refusal("held", message_of("held"))
        acting = access.system_acting(case.institution_id, name=name)
        locked = store.Locked(task, case, revision, "", "", None, "")
        result = Result(facts=facts or {}, effects=tuple(effects))
        step = proc.by_id[task.step]
        try:
            return finish(locked, acting, proc, step, result, answer=answer, reason="", form_key="", now=now)
        except Refused as no:
            return no.refusal


def note(
    case_id: int,
    *,
    acting: Acting,
    code: str,
    data: Mapping[str, Any] | None = None,
    effects: Sequence[Planned] = (),
    now: datetime,
) -> None:
    """Record an act of a domain in the journal of a case, with its effects, in the caller's transaction."""
    with transaction.atomic():
        case, revision = locked_case(case_id)
        act = Act(case, case.procedure_id, revision, acting, now)
        act.enter(code, data or {})
        act.plan(effects)
        act.write()


def answers(step: Step) -> Sequence[Exit]:
    """The buttons of a step: its exits, or none where a named decision answers."""
    return () if step.decision else step.exits
