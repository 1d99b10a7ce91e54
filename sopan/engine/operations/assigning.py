"""Taking a task, giving it back, handing it over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.people.models import User

from .. import access, store
from ..models import Task
from .acts import (
    Act,
    Done,
    acting_of,
    message_of,
    told_done,
    work_of,
)


def take(task_id: int, *, actor: User, now: datetime) -> Done | Refusal:
    """Take a task out of the queue. Refused if somebody else has it (who and since when is told by its row)."""
    return _assign(task_id, actor=actor, to=actor, code="taken", now=now)


def give_back(task_id: int, *, actor: User, now: datetime) -> Done | Refusal:
    """Put a task that one has taken back into the queue."""
    return _assign(task_id, actor=actor, to=None, code="given_back", now=now)


def hand_over(task_id: int, *, actor: User, to: User, now: datetime) -> Done | Refusal:
    """Hand a task to a colleague who may do it."""
    return _assign(task_id, actor=actor, to=to, code="handed_over", now=now)


@transaction.atomic
def _assign(task_id: int, *, actor: User, to: User | None, code: str, now: datetime) -> Done | Refusal:
    locked = store.lock(task_id, person_id=actor.pk, now=now)
    acting = acting_of(locked, actor, now=now) if locked else None
    if locked is None or acting is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    task, case = locked.task, locked.case
    if task.status != Task.Status.OPEN:
        return Refusal("done-already", told_done(task) if task.completed_by_id else message_of("not-open"))
    if task.assignee_id == (to.pk if to else None):
        return Done(case.pk, repeated=True)
    if task.assignee_id not in (None, actor.pk) and code != "handed_over":
        name = User.objects.get(pk=task.assignee_id).full_name
        return Refusal("taken", _("Tugas ini sudah diambil oleh %(name)s.") % {"name": name})
    refusal = _may_have(task, to, now=now) if to is not None else None
    if refusal is not None:
        return refusal
    task.assignee = to
    task.save(update_fields=["assignee"])
    act = Act(case, case.procedure_id, locked.calendar_revision, acting, now)
    act.enter(
        code, {"task": task.pk, "step": task.step, "to": to.full_name if to else "", "to_id": to.pk if to else None}
    )
    act.write()
    return Done(case.pk)


def _may_have(task: Task, person: User, *, now: datetime) -> Refusal | None:
    """Whether a person may be given a task: position, separation, and the work's own rule; checked again at the act."""
    if access.acting_for(person, task, now=now) is None:
        return Refusal(
            "not-theirs", _("%(name)s tidak memegang jabatan untuk langkah ini.") % {"name": person.full_name}
        )
    step = procedure(task.case.procedure_id).by_id[task.step]
    if access.separated(task.case_id, step, person_id=person.pk) is not None:
        text = _("%(name)s telah mengerjakan langkah lain kasus ini yang harus dikerjakan orang berbeda.")
        return Refusal("separation", text % {"name": person.full_name})
    return work_of(step).assignable(task, person_id=person.pk)
