"""Who may see and do what on cases and tasks. Default is no; who may not see is told "not found" (None here).

Everything is asked of the appointments at the moment of the act, never of a role that was copied earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sopan.catalogue.models import ActorBinding, ProcedureVersion
from sopan.catalogue.queries import bindings, in_force, procedure
from sopan.core.around import recorders
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, Step
from sopan.people import reading
from sopan.people.models import Appointment, User

from . import store
from .models import Case, Task


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, as history copies it: the person, and the position in which he acts at that moment."""

    person_id: int | None
    name: str
    position: str = ""
    letter: str = ""
    institution_id: int = 0
    company_id: int | None = None
    on_behalf: str = ""  # name of the actor outside for whom a member of the staff records what he did

    @property
    def is_customer(self) -> bool:
        return self.company_id is not None


def system_acting(institution_id: int, *, name: str = "Sistem") -> Acting:
    """The system itself, for what happens by rule: a reported payment, a closing after so many days."""
    return Acting(None, name, institution_id=institution_id)


def held(user: User, *, now: datetime) -> list[Appointment]:
    """The appointments of a person that hold at ``now``, the definitive ones first."""
    rows = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), person=user, valid_from__lte=now)
    return list(rows.select_related("position").order_by("kind", "pk"))


def as_person(user: User, appointment: Appointment | None) -> Acting:
    """The person acting under an appointment, for a company, or in his own name."""
    return Acting(
        user.pk,
        user.full_name,
        appointment.title if appointment else "",
        appointment.letter if appointment else "",
        user.institution_id,
        user.company_id,
    )


class Queue(NamedTuple):
    """A task queue: that of an actor of a procedure."""

    binding_id: int
    slug: str
    actor: str


def queues(user: User, *, now: datetime) -> list[Queue]:
    """The task queues of the positions that a person holds now."""
    if user.is_customer or not user.is_active:
        return []
    return reading.once(user, "queues", lambda: _queues(user, now), now=now)


def _queues(user: User, now: datetime) -> list[Queue]:
    rows = ActorBinding.objects.filter(
        Q(positions__appointments__valid_to__isnull=True) | Q(positions__appointments__valid_to__gt=now),
        positions__appointments__person=user,
        positions__appointments__valid_from__lte=now,
    )
    return sorted({Queue(*row) for row in rows.values_list("pk", "slug", "actor")})


def binding_ids(user: User, *, now: datetime) -> list[int]:
    """The keys of the task queues of the positions that a person holds now."""
    return [queue.binding_id for queue in queues(user, now=now)]


def serving(user: User, *, now: datetime) -> list[ProcedureVersion]:
    """The versions in force of the procedures in which a member of staff takes part now, by name, without their content."""
    slugs = {queue.slug for queue in queues(user, now=now)}
    rows = ProcedureVersion.objects.filter(in_force(now), institution_id=user.institution_id, slug__in=slugs)
    return reading.once(user, "serving", lambda: list(rows.defer("content").order_by("name")) if slugs else [], now=now)


def versions_doing(user: User, work: str, *, now: datetime) -> list[int]:
    """Keys of all versions, also old ones, in which the step with this work falls to a position that a person holds now."""
    mine = queues(user, now=now)
    rows = ProcedureVersion.objects.filter(institution_id=user.institution_id, slug__in={queue.slug for queue in mine})
    versions = reading.once(user, "versions", lambda: list(rows.values_list("pk", flat=True)) if mine else [], now=now)
    return [pk for pk in versions if not _doing(pk, work).isdisjoint(queue.binding_id for queue in mine)]


def _step_doing(version_id: int, work: str) -> Step | None:
    return next((step for step in procedure(version_id).steps if step.work == work), None)


def _doing(version_id: int, work: str) -> set[int]:
    """The queues of the step with this work."""
    step = _step_doing(version_id, work)
    if step is None:
        return set()
    bound = bindings(version_id)
    return {bound[actor].binding_id for actor in step.actors if actor in bound}


def _serves(user: User, slug: str, *, now: datetime) -> Appointment | None:
    """The appointment by which a member of staff takes part in a procedure, if any."""
    if user.is_customer or not user.is_active:
        return None
    return (
        Appointment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=now),
            person=user,
            valid_from__lte=now,
            position__bindings__slug=slug,
            position__institution_id=user.institution_id,
        )
        .select_related("position")
        .order_by("kind", "pk")
        .first()
    )


def case_for(user: User, case_id: int, *, now: datetime) -> Case | None:
    """A case that this person may see: staff who take part in its procedure, users of its company. Else None."""
    case = Case.objects.select_related("procedure", "institution", "company").filter(pk=case_id).first()
    if case is None or not user.is_authenticated or not user.is_active or case.institution_id != user.institution_id:
        return None
    if user.is_customer:
        return case if case.company_id is not None and case.company_id == user.company_id else None
    return case if _serves(user, case.procedure.slug, now=now) else None


def task_for(user: User, task_id: int, *, now: datetime) -> Task | None:
    """A task of a case that this person may see. A customer sees only the tasks of his own side."""
    task = Task.objects.select_related("case__procedure", "case__institution", "case__company", "binding").filter(
        pk=task_id
    )
    found = task.first()
    if found is None or case_for(user, found.case_id, now=now) is None:
        return None
    if ":" in found.step:  # of a row that the version of the case no longer has: the journal tells of it
        return None
    return None if user.is_customer and found.binding.kind != ActorKind.CUSTOMER else found


def acting_for(user: User, task: Task, *, now: datetime) -> Acting | None:
    """As whom this person may act on the task now, or None if the step is not his."""
    if not user.is_active or user.institution_id != task.institution_id:
        return None
    if task.binding.kind == ActorKind.CUSTOMER and task.company_id is not None:
        return as_person(user, None) if user.company_id and user.company_id == task.company_id else None
    if user.is_customer:
        return None
    if task.binding.kind != ActorKind.STAFF:
        return recording(user, task, now=now)
    appointment = (
        Appointment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=now),
            person=user,
            valid_from__lte=now,
            position__bindings=task.binding_id,
        )
        .select_related("position")
        .order_by("kind", "pk")
        .first()
    )
    return as_person(user, appointment) if appointment else None


def recording(user: User, task: Task, *, now: datetime) -> Acting | None:
    """As whom a member of the staff records what somebody outside has done who has no account here, or None.

    The positions that are bound to the outsider may; where none is, those who deal with him just before or after, unless
    a domain has work of its own for the step.
    """
    if user.is_customer or not user.is_active or user.institution_id != task.institution_id:
        return None
    proc = procedure(task.case.procedure_id)
    queues = [task.binding_id]
    if not task.binding.positions.exists():
        if proc.by_id[task.step].work:
            return None
        queues = [bindings(task.case.procedure_id)[actor].binding_id for actor in recorders(proc, task.step)]
    appointment = (
        Appointment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=now),
            person=user,
            valid_from__lte=now,
            position__bindings__in=queues,
        )
        .select_related("position")
        .order_by("kind", "pk")
        .first()
    )
    if appointment is None:
        return None
    return replace(as_person(user, appointment), on_behalf=proc.actor_by_id[task.actor].name)


def acting_on_case(user: User, case: Case, *, now: datetime) -> Acting | None:
    """As whom a person comments on or adds to a case that he may see."""
    if user.is_customer:
        return as_person(user, None) if user.is_active and user.company_id == case.company_id else None
    appointment = _serves(user, case.procedure.slug, now=now)
    return as_person(user, appointment) if appointment else None


def may_steer(user: User, case: Case, *, now: datetime) -> Refusal | None:
    """Whether this person may hold, resume or cancel a case: who has it now, or handed it to the outside last."""
    if user.is_customer:
        return Refusal("not-yours", _("Hanya pegawai yang dapat melakukan ini."))
    mine = set(binding_ids(user, now=now))
    tasks = Task.objects.filter(case=case)
    inside = tasks.filter(status=Task.Status.OPEN, binding__kind=ActorKind.STAFF)
    if set(inside.values_list("binding_id", flat=True)) & mine:
        return None
    last = tasks.filter(status=Task.Status.DONE, binding__kind=ActorKind.STAFF).order_by("-completed_at", "-pk").first()
    if not inside.exists() and last is not None and last.binding_id in mine:
        return None
    if last is None and not inside.exists() and _records_any(user, tasks, now=now):
        return None
    return Refusal("not-holding", _("Kasus ini sedang dipegang oleh petugas lain."))


def _records_any(user: User, tasks: QuerySet[Task], *, now: datetime) -> bool:
    """Whether the person may record an open step of somebody outside: then the case is his to steer as long as no staff
    has acted."""
    waiting = tasks.filter(status=Task.Status.OPEN).select_related("case", "binding")
    return any(acting_for(user, task, now=now) is not None for task in waiting)


def separated(case_id: int, step: Step, *, person_id: int | None) -> Refusal | None:
    """Separation of duty: this person must not have acted in the steps that the procedure names, in this case."""
    if person_id is None or not step.separation:
        return None
    named = sorted({other for rule in step.separation for other in rule.steps})
    clash = store.done_by(person_id, case_id=case_id, among=named)
    return _separation_refusal(step, clash) if clash else None


def may_do(user: User, cases: Mapping[int, int], work: str, *, now: datetime) -> set[int]:
    """Of these cases (key of the case -> of its version) those whose step with this work is open, his, and not kept from
    him by a separation of duty. Two queries, however many cases."""
    mine = set(binding_ids(user, now=now))
    doing = {pk: _step_doing(pk, work) for pk in set(versions_doing(user, work, now=now)) & set(cases.values())}
    asked = {case: step for case, version in cases.items() if (step := doing.get(version)) is not None}
    if not asked:
        return set()
    tasks = Task.objects.filter(case__in=asked, status=Task.Status.OPEN, binding__in=mine)
    found = {case for case, step in tasks.values_list("case_id", "step") if asked[case].id == step}
    apart = {case: {other for rule in asked[case].separation for other in rule.steps} for case in found}
    acts = (
        Task.objects.filter(case__in=found, status=Task.Status.DONE, completed_by=user) if any(apart.values()) else None
    )
    done = set() if acts is None else set(acts.values_list("case_id", "step"))
    return {case for case in found if not any((case, other) in done for other in apart[case])}


def _separation_refusal(step: Step, clash: str) -> Refusal:
    why = next((rule.why for rule in step.separation if clash in rule.steps and rule.why), "")
    message = _("Anda telah mengerjakan langkah %(step)s kasus ini, sehingga langkah ini harus dikerjakan orang lain.")
    return Refusal("separation", f"{message % {'step': clash}} {why}".strip())


def eligible(task: Task, *, now: datetime) -> Iterable[User]:
    """The people who may be handed this task: holders of its positions now, whom no separation rule excludes."""
    step = procedure(task.case.procedure_id).by_id[task.step]
    people = User.objects.filter(
        Q(appointments__valid_to__isnull=True) | Q(appointments__valid_to__gt=now),
        appointments__valid_from__lte=now,
        appointments__position__bindings=task.binding_id,
        is_active=True,
    ).distinct()
    return [person for person in people.order_by("name") if separated(task.case_id, step, person_id=person.pk) is None]


def customer_binding(version_id: int) -> int | None:
    """The queue of the customer in a version, if the procedure has one."""
    return next((b.binding_id for b in bindings(version_id).values() if b.kind is ActorKind.CUSTOMER), None)
