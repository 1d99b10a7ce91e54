"""Moving a running case to the version of its procedure that is in force now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.catalogue.access import rights
from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import Bound, bindings, in_force, procedure
from sopan.core import moving
from sopan.core.flow import Open, Refusal, State
from sopan.core.model import ActorKind, Procedure
from sopan.core.moving import Obstacle, Plan
from sopan.people.models import User

from .. import clock
from ..access import Acting
from ..models import Case, Task
from ..unbound import stuck, unbound
from .acts import Act, Done, locked_case, reason_fault, work_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do with a case: each open or waiting step with its row in the new version, or why it cannot go.

    ``stuck`` tells why it could go, but would come to a step that nobody can do.
    """

    case: Case
    steps: tuple[tuple[str, str, str], ...]  # no and name before, no and name after or "", why not or ""
    possible: bool
    stuck: str = ""


def target_of(case: Case, *, now: datetime) -> ProcedureVersion | None:
    """The version that a running case could move to: the one in force, if it is another one."""
    rows = ProcedureVersion.objects.filter(in_force(now), institution=case.institution_id, slug=case.procedure.slug)
    return rows.exclude(pk=case.procedure_id).first()


def without_positions(target: ProcedureVersion) -> dict[str, str]:
    """The actors of the staff (id -> name) behind whom no position stands; asked once for all previews."""
    return unbound(target.institution_id, [target.slug]).get(target.slug, {})


def preview(case: Case, target: ProcedureVersion, *, without: Mapping[str, str]) -> Preview:
    """What ``move`` would do; nothing is changed. ``without`` are the actors of ``without_positions``."""
    old, new = procedure(case.procedure_id), procedure(target.pk)
    state = State.from_data(case.state)
    found = moving.plan(old, new, state)
    faults = {obstacle.step: told(obstacle) for obstacle in found.obstacles}
    steps = tuple(
        (_named(old, step), _named(new, found.mapping.get(step, "")), faults.get(step, ""))
        for step in (*state.open, *state.waiting)
    )
    no = _stuck(new, found, state, without) if found.possible else None
    return Preview(case, steps, found.possible and no is None, no.message if no is not None else "")


def _stuck(new: Procedure, plan: Plan, state: State, without: Mapping[str, str]) -> Refusal | None:
    return stuck(new, [plan.mapping[step] for step in (*state.open, *state.waiting)], without)


def _named(proc: Procedure, step: str) -> str:
    found = proc.by_id.get(step)
    return f"{found.no} · {found.title}" if found else ""


def told(obstacle: Obstacle) -> str:
    """Why an open step cannot go along, in words."""
    return {
        "gone": _("Langkah ini tidak ada lagi di versi baru."),
        "work": _("Pekerjaan khusus langkah ini berbeda di versi baru."),
        "acted": _("Sebagian pelaksana sudah bertindak, dan aturannya berbeda di versi baru."),
        "join": _("Langkah ini tidak lagi menunggu cabang lain di versi baru."),
    }[obstacle.code]


@transaction.atomic
def move(case_id: int, *, actor: User, reason: str, seen: int, now: datetime) -> Done | Refusal:
    """Let a running case go on by the version in force now. ``seen`` is the length of the journal that the person saw.

    For who drafts or approves procedures. Refusals: not-found, reason, ended, changed (somebody has acted meanwhile),
    newest (there is no other version), stuck (an open step has no place in the new version: nothing is changed), and
    unbound (it would come to an actor behind whom no position stands).
    Side effects: version and state of the case; its tasks carry the ids of the new rows; open ones stay with their
    queue and who took them, are due by the new time, go where their actor is gone and open for a new actor; one journal
    entry "moved" that tells both versions by their SHA-256 and which row became which.
    """
    known = Case.objects.select_related("procedure").filter(pk=case_id, institution_id=actor.institution_id).first()
    holds = rights(actor, now=now).of(known.procedure.slug).keeper if known is not None else None
    if holds is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    if (fault := reason_fault(reason)) is not None:
        return fault
    case, revision = locked_case(case_id)
    target = target_of(case, now=now)
    if not case.is_open:
        return Refusal("ended", _("Kasus ini sudah berakhir."))
    if target is None:
        return Refusal("newest", _("Kasus ini sudah memakai versi yang berlaku."))
    if case.journal_length != seen:
        return Refusal("changed", _("Kasus ini sudah bergerak sejak Anda melihatnya. Lihat lagi sebelum memindahkan."))
    state = State.from_data(case.state)
    plan = moving.plan(procedure(case.procedure_id), procedure(target.pk), state)
    if not plan.possible:
        return Refusal("stuck", " ".join(dict.fromkeys(told(obstacle) for obstacle in plan.obstacles)))
    no = _stuck(procedure(target.pk), plan, state, without_positions(target))
    if no is not None:
        return no
    acting = Acting(actor.pk, actor.full_name, holds.title, holds.letter, actor.institution_id)
    return _move(case, target, plan, state, Act(case, target, revision, acting, now), reason)


def _move(case: Case, target: ProcedureVersion, plan: Plan, state: State, act: Act, reason: str) -> Done:
    before = case.procedure
    after = moving.moved(state, plan.mapping)
    _rename(case, plan, before.version)
    changed = _open_tasks(case, after, act)
    case.state = after.to_data()
    data: dict[str, Any] = {
        "from": {"version": before.pk, "number": before.version, "sha256": before.sha256},
        "to": {"version": target.pk, "number": target.version, "sha256": target.sha256},
        "mapping": dict(plan.mapping),
        "reason": reason,
        **changed,
    }
    act.enter("moved", data)
    act.write()
    Case.objects.filter(pk=case.pk).update(procedure=target)
    return Done(case.pk, act.opened_ids)


def _rename(case: Case, plan: Plan, version: int) -> None:
    """All tasks get the ids of the new rows; in two rounds, for what was 4 may become 5 while 5 becomes 6."""
    tasks = list(Task.objects.filter(case=case).only("pk", "step"))
    names = {task.pk: moving.renamed(task.step, plan.mapping, version) for task in tasks}
    changing = [task for task in tasks if names[task.pk] != task.step]
    for task in changing:
        task.step = f"~{task.step}"
    Task.objects.bulk_update(changing, ["step"])
    for task in changing:
        task.step = names[task.pk]
    Task.objects.bulk_update(changing, ["step"])


def _open_tasks(case: Case, state: State, act: Act) -> dict[str, list[int]]:
    """Keep, end and open tasks, so that each open step has just those of its actors."""
    bound = bindings(act.version_id)
    open_now = {(task.step, task.actor): task for task in Task.objects.filter(case=case, status=Task.Status.OPEN)}
    kept: list[int] = []
    for key, here in state.open.items():
        step = act.procedure.by_id[key]
        for actor in step.actors:
            task = open_now.pop((key, actor), None)
            if task is not None:
                _queue(task, bound[actor], case)
                task.due_at = _due(task, act)
                task.save(update_fields=["binding", "company", "assignee", "due_at"])
                kept.append(task.pk)
            elif actor not in here.acted:
                act.opened.append(_new_task(act, key, actor, here))
    ended = [task.pk for task in open_now.values()]
    Task.objects.filter(pk__in=ended).update(status=Task.Status.CANCELLED, completed_at=act.now)
    return {"kept": sorted(kept), "ended": sorted(ended)}


def _queue(task: Task, queue: Bound, case: Case) -> None:
    """Another queue is another kind of actor: who took the task is none of its people."""
    if task.binding_id != queue.binding_id:
        task.binding_id, task.assignee_id = queue.binding_id, None
    task.company_id = case.company_id if queue.kind is ActorKind.CUSTOMER else None


def _due(task: Task, act: Act) -> datetime | None:
    """By the new time from when the step opened; what was on hold is given again."""
    time = act.procedure.by_id[task.step].time
    found = clock.due(task.institution_id, act.revision, task.opened_at, time)
    if found is None:
        return None
    if not task.paused_minutes:
        return found.at
    return clock.later(task.institution_id, act.revision, found.at, task.paused_minutes)


def _new_task(act: Act, key: str, actor: str, here: Open) -> Task:
    queue = bindings(act.version_id)[actor]
    step = act.procedure.by_id[key]
    due = clock.due(act.case.institution_id, act.revision, act.now, step.time)
    task = Task(
        institution_id=act.case.institution_id,
        case=act.case,
        binding_id=queue.binding_id,
        company_id=act.case.company_id if queue.kind is ActorKind.CUSTOMER else None,
        step=key,
        visit=here.visit,
        actor=actor,
        opened_at=act.now,
        due_at=due.at if due else None,
    )
    work_of(step).reopened(task, now=act.now)
    return task
