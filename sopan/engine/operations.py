"""The only code that changes cases, tasks, journal and outbox. One act is one transaction.

Each operation takes ``now`` and tells an expected "no" as a ``Refusal``; what it changed, it tells in the journal.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import bindings, procedure, version_in_force
from sopan.core import flow
from sopan.core.flow import Refusal
from sopan.core.journal import GENESIS, canonical, entry_hash
from sopan.core.model import ActorKind, Exit, Procedure, Step
from sopan.people.models import Company, Institution, User

from . import access, clock, store
from .access import Acting
from .models import Attachment, Case, Comment, Draft, Effect, JournalEntry, Pause, Task
from .plain import PLAIN
from .stepwork import Planned, Result, StepWork, decisions, step_works

if TYPE_CHECKING:
    from sopan.ui.uploads import UploadInfo

__all__ = ["Acting", "Done", "Refusal"]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the tasks that it opened, and whether it was this press or an earlier one of the same form."""

    case_id: int
    opened: tuple[int, ...] = ()
    repeated: bool = False
    ended: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


MAX_REASON = 2_000  # characters
MAX_COMMENT = 10_000


def reason_fault(reason: str, *, required: bool = True) -> Refusal | None:
    """What is wrong with a reason that was typed: it is missing, or too long. It is never cut: people rely on its end."""
    if required and not reason.strip():
        return Refusal("reason", _("Tuliskan alasannya."), field="reason")
    return _too_long(reason, MAX_REASON, field="reason")


def _too_long(text: str, most: int, *, field: str) -> Refusal | None:
    if len(text) <= most:
        return None
    told = _("Paling panjang %(most)s karakter, dan ini %(count)s. Persingkat, atau lampirkan sebagai berkas.")
    return Refusal("too-long", told % {"most": most, "count": len(text)}, field=field)


class _Refused(Exception):
    """Carries a refusal out of a transaction, so that what a work wrote before is undone."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def work_of(step: Step) -> StepWork:
    """What a step does: the work that a domain registered, or that of a plain step."""
    return step_works[step.work] if step.work else PLAIN


# Starting -------------------------------------------------------------------------------------------------------------


def start(
    slug: str,
    *,
    institution: Institution,
    actor: User | None,
    entry: str = "",
    company: Company | None = None,
    title: str = "",
    subject: str = "",
    number: str = "",
    start_key: str | None = None,
    assign: Mapping[str, int] | None = None,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> Case:
    """Start a case of the version in force at one of its entries; the same ``start_key`` again gives the same case.

    Side effects: case, first tasks, journal entry "started". Raises DoesNotExist for a procedure that is not in force.
    """
    if start_key and (before := Case.objects.filter(start_key=start_key).first()):
        return before
    version = version_in_force(slug, institution=institution)
    acting = access.as_person(actor, None) if actor else access.system_acting(institution.pk)
    command = flow.Start(entry)
    events = flow.decide(procedure(version.pk), flow.State(), command)
    if isinstance(events, Refusal):
        raise ValueError(f"{slug} cannot start at {entry!r}: {events.code}")
    case = Case(
        institution=institution,
        procedure=version,
        number=number,
        title=title,
        company=company,
        subject=subject or (company.name if company else ""),
        tracking=secrets.token_urlsafe(16),
        start_key=start_key,
        opened_at=now,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            journal = _Act(case, version, institution.calendar_revision, acting, now)
            journal.apply(command, events, code="started", data=dict(facts or {}), assign=assign or {})
            journal.write()
    except IntegrityError:
        if start_key and (before := Case.objects.filter(start_key=start_key).first()):
            return before  # two presses at once: the other one was first
        raise
    return case


# Completing: the one hot door -----------------------------------------------------------------------------------------


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
        except _Refused as no:
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
    acting = _acting(locked, actor)
    if acting is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    task, case = locked.task, locked.case
    closed = _closed(task, case, actor, form_key)
    if closed is not None:
        return closed
    proc = procedure(case.procedure_id)
    step = proc.by_id[task.step]
    work = work_of(step)
    for refusal in _refusals(task, step, work, acting, answer, reason):
        return refusal
    if work.prepares and "prepared" not in data:
        raise _Unprepared(work, task, acting)
    result = work.perform(task, data, actor=acting, answer=answer, now=now)
    if isinstance(result, Refusal):
        raise _Refused(result)
    if step.decision:
        answer = decisions[step.decision](case, result.facts)
    return _finish(locked, acting, proc, step, result, answer=answer, reason=reason, form_key=form_key, now=now)


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


def _acting(locked: store.Locked, actor: User) -> Acting | None:
    """As ``access.acting_for``, from what the lock read."""
    if not actor.is_active or actor.institution_id != locked.task.institution_id:
        return None
    if locked.kind == ActorKind.CUSTOMER:
        return (
            access.as_person(actor, None) if actor.company_id and actor.company_id == locked.task.company_id else None
        )
    if locked.appointed is None or actor.is_customer:
        return None
    kind, letter, position = locked.appointed
    title = position if kind == "definitive" else f"{kind.capitalize()}. {position}"
    return Acting(actor.pk, actor.full_name, title, letter, actor.institution_id, None)


def _closed(task: Task, case: Case, actor: User, form_key: str) -> Done | Refusal | None:
    """Why the task cannot be finished any more, or that this very form has finished it already."""
    if task.status == Task.Status.DONE:
        if form_key and task.form_key == form_key and task.completed_by_id == actor.pk:
            return Done(case.pk, repeated=True)
        return Refusal("done-already", _told_done(task))
    if task.status == Task.Status.CANCELLED:
        return Refusal("overtaken", _("Langkah ini tidak berlaku lagi: kasus telah dikembalikan atau diakhiri."))
    if case.status == Case.Status.HELD:
        return Refusal("held", _("Kasus ini sedang ditahan. Lanjutkan kasus sebelum menyelesaikan langkah."))
    if task.assignee_id not in (None, actor.pk):
        name = User.objects.get(pk=task.assignee_id).full_name
        return Refusal("taken", _("Tugas ini sedang dikerjakan oleh %(name)s.") % {"name": name})
    return None


def _told_done(task: Task) -> str:
    at = timezone.localtime(task.completed_at)
    return _("Sudah diselesaikan oleh %(name)s pada %(at)s. Isian Anda tidak dikirim dan masih ada di bawah.") % {
        "name": task.completed_name or _("sistem"),
        "at": formats.date_format(at, "DATETIME_FORMAT"),
    }


def _finish(
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
        raise _Refused(replace(events, message=_message(events.code)))
    _close(task, acting, answer=answer, reason=reason, form_key=form_key, now=now, revision=locked.calendar_revision)
    for name in ("number", "title", "subject"):
        if value := getattr(result, name):
            setattr(case, name, value)
    act = _Act(case, case.procedure_id, locked.calendar_revision, acting, now)
    data: dict[str, Any] = {"task": task.pk, "visit": task.visit}
    if reason:
        data["reason"] = reason
    if result.facts:
        data["facts"] = dict(result.facts)
    act.apply(command, events, code="completed", data=data, assign=result.assign, task=task)
    act.plan(result.effects)
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


def _message(code: str) -> str:
    return {
        "unknown-answer": _("Pilih salah satu jawaban yang tersedia."),
        "not-open": _("Langkah ini tidak terbuka lagi."),
        "held": _("Kasus ini sedang ditahan."),
        "ended": _("Kasus ini sudah berakhir."),
        "already-acted": _("Bagian Anda pada langkah ini sudah selesai."),
        "not-done-before": _("Langkah tujuan belum pernah dikerjakan pada kasus ini."),
        "not-held": _("Kasus ini tidak sedang ditahan."),
    }.get(code, _("Tindakan ini tidak dapat dilakukan sekarang."))


# What every act writes ------------------------------------------------------------------------------------------------


class _Act:
    """Gathers the rows of one act on a locked case and writes them together."""

    def __init__(
        self, case: Case, version: ProcedureVersion | int, revision: int, acting: Acting, now: datetime
    ) -> None:
        self.case, self.acting, self.now, self.revision = case, acting, now, revision
        self.version_id = version.pk if isinstance(version, ProcedureVersion) else version
        self.procedure = procedure(self.version_id)
        self.task: Task | None = None  # that it completes
        self.cancelled: list[str] = []
        self.opened: list[Task] = []
        self.effects: list[Effect] = []

    @property
    def opened_ids(self) -> tuple[int, ...]:
        return tuple(task.pk for task in self.opened)

    def apply(
        self,
        command: flow.Command,
        events: Sequence[flow.Event],
        *,
        code: str,
        data: dict[str, Any],
        assign: Mapping[str, int] | None = None,
        task: Task | None = None,
    ) -> None:
        """Evolve the case by the events, and prepare the rows that follow from them."""
        state = flow.play(flow.State.from_data(self.case.state), events)
        self.case.state = state.to_data()
        self.task = task
        self.cancelled = [e.step for e in events if isinstance(e, flow.Cancelled)]
        if task is not None and any(isinstance(e, flow.Completed) for e in events):
            others = self.procedure.by_id[task.step].actors
            if len(others) > 1:  # enough that one of several has acted
                self.cancelled.append(task.step)
        for event in events:
            if isinstance(event, flow.Opened):
                self._open(event, assign or {})
        self._status(state)
        entry: dict[str, Any] = {
            "do": command_to_data(command),
            "events": [flow.event_to_data(event) for event in events],
        }
        if assign:
            entry["assign"] = dict(assign)
        self.enter(code, {**data, **entry})

    def _open(self, event: flow.Opened, assign: Mapping[str, int]) -> None:
        step = self.procedure.by_id[event.step]
        bound = bindings(self.version_id)
        due = clock.due(self.case.institution_id, self.revision, self.now, step.time)
        for actor in step.actors:
            queue = bound[actor]
            task = Task(
                institution_id=self.case.institution_id,
                case=self.case,
                binding_id=queue.binding_id,
                company_id=self.case.company_id if queue.kind is ActorKind.CUSTOMER else None,
                step=step.id,
                visit=event.visit,
                actor=actor,
                assignee_id=assign.get(step.id),
                opened_at=self.now,
                due_at=due.at if due else None,
            )
            self.opened.append(task)
            work_of(step).reopened(task, now=self.now)

    def _status(self, state: flow.State) -> None:
        if state.outcome is not None:
            self.case.status, self.case.closed_at = str(state.outcome), self.now
            self.case.held_since = None
        elif state.held:
            self.case.status, self.case.held_since = Case.Status.HELD, self.case.held_since or self.now
        else:
            self.case.status, self.case.held_since = Case.Status.OPEN, None

    def enter(self, code: str, data: Mapping[str, Any]) -> None:
        """Prepare the journal entry: the next of the chain of the case."""
        case, acting = self.case, self.acting
        plain = json.loads(canonical(data))  # what is hashed is what will be read back: dates and decimals as text
        case.journal_length += 1
        case.journal_head = entry_hash(
            case.journal_head or GENESIS,
            hashed_fields(case.pk, case.journal_length, self.now, code, plain, acting),
        )
        self.entry = JournalEntry(
            institution_id=case.institution_id,
            case_id=case.pk,
            seq=case.journal_length,
            at=self.now,
            code=code,
            data=plain,
            person_id=acting.person_id,
            name=acting.name,
            position=acting.position,
            letter=acting.letter,
            hash=case.journal_head,
        )

    def plan(self, effects: Sequence[Planned]) -> None:
        self.effects = [
            Effect(
                institution_id=self.case.institution_id,
                case_id=self.case.pk,
                key=planned.key,
                data=dict(planned.data),
                created_at=self.now,
                run_after=self.now + planned.after,
            )
            for planned in effects
        ]

    def write(self) -> None:
        store.save(store.Act(self.case, self.entry, self.task, self.cancelled, self.opened, self.effects))


def hashed_fields(
    case_id: int, seq: int, at: datetime, code: str, data: Mapping[str, Any], acting: Acting
) -> dict[str, Any]:
    """The fields of an entry under the names by which core.journal hashes them."""
    return {
        "case": case_id,
        "seq": seq,
        "at": at,
        "code": code,
        "data": data,
        "actor_id": acting.person_id,
        "actor_name": acting.name,
        "actor_position": acting.position,
        "letter": acting.letter,
    }


def command_to_data(command: flow.Command) -> list[Any]:
    return [type(command).__name__.lower(), *(getattr(command, name) for name in command.__slots__)]


_COMMANDS: dict[str, Any] = {
    kind.__name__.lower(): kind
    for kind in (flow.Start, flow.Complete, flow.SendBack, flow.Hold, flow.Resume, flow.Withdraw)
}


def command_from_data(data: Sequence[Any]) -> flow.Command:
    command: flow.Command = _COMMANDS[data[0]](*data[1:])
    return command


def _locked_case(case_id: int) -> tuple[Case, int]:
    """Lock a case inside a transaction; with the revision of its institution's calendar."""
    cases = Case.objects.select_related("procedure", "institution")
    if connection.features.has_select_for_update_of:
        cases = cases.select_for_update(of=("self",))
    case = cases.get(pk=case_id)
    return case, case.institution.calendar_revision


# By rule --------------------------------------------------------------------------------------------------------------


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
        case, revision = _locked_case(case_id)
        proc = procedure(case.procedure_id)
        open_tasks = Task.objects.filter(case=case, status=Task.Status.OPEN).order_by("pk")
        task = next((task for task in open_tasks if proc.by_id[task.step].work == step_work), None)
        if task is None:
            return Refusal("not-open", _message("not-open"))
        task.case = case
        if case.status == Case.Status.HELD:
            return Refusal("held", _message("held"))
        acting = access.system_acting(case.institution_id, name=name)
        locked = store.Locked(task, case, revision, "", "", None, "")
        result = Result(facts=facts or {}, effects=tuple(effects))
        step = proc.by_id[task.step]
        try:
            return _finish(locked, acting, proc, step, result, answer=answer, reason="", form_key="", now=now)
        except _Refused as no:
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
        case, revision = _locked_case(case_id)
        act = _Act(case, case.procedure_id, revision, acting, now)
        act.enter(code, data or {})
        act.plan(effects)
        act.write()


# Taking, giving back, handing over ------------------------------------------------------------------------------------


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
    acting = _acting(locked, actor) if locked else None
    if locked is None or acting is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    task, case = locked.task, locked.case
    if task.status != Task.Status.OPEN:
        return Refusal("done-already", _told_done(task) if task.completed_by_id else _message("not-open"))
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
    act = _Act(case, case.procedure_id, locked.calendar_revision, acting, now)
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


# Sending back, holding, cancelling ------------------------------------------------------------------------------------


@transaction.atomic
def send_back(task_id: int, *, actor: User, to_step: str, reason: str, now: datetime) -> Done | Refusal:
    """Send the case from this task back to a step that was done before; what was done stays. A reason is required."""
    locked = store.lock(task_id, person_id=actor.pk, now=now)
    acting = _acting(locked, actor) if locked else None
    if locked is None or acting is None or acting.is_customer:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    closed = _closed(locked.task, locked.case, actor, "")
    if closed is not None:
        return closed
    fault = reason_fault(reason)
    if fault is not None:
        return fault
    task, case = locked.task, locked.case
    command = flow.SendBack(task.step, to_step)
    events = flow.decide(procedure(case.procedure_id), flow.State.from_data(case.state), command)
    if isinstance(events, Refusal):
        return replace(events, message=_message(events.code))
    Task.objects.filter(pk=task.pk).update(reason=reason, completed_by_id=acting.person_id, completed_name=acting.name)
    act = _Act(case, case.procedure_id, locked.calendar_revision, acting, now)
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
    case, revision = _locked_case(case_id)
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
        return replace(events, message=_message(events.code))
    if isinstance(command, flow.Hold):
        Pause.objects.create(case=case, began_at=now, reason=reason[:250])
    elif isinstance(command, flow.Resume):
        _push_out(case, revision, now=now)
    act = _Act(case, case.procedure_id, revision, acting, now)
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
        case, revision = _locked_case(case_id)
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


# Comments, files, drafts ----------------------------------------------------------------------------------------------


@transaction.atomic
def comment(case_id: int, *, actor: User, text: str, internal: bool = True, now: datetime) -> Comment | Refusal:
    """A note to colleagues, or a message between staff and customer. A customer's is never internal."""
    seen = access.case_for(actor, case_id, now=now)
    acting = access.acting_on_case(actor, seen, now=now) if seen else None
    if seen is None or acting is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    if not text.strip():
        return Refusal("empty", _("Tuliskan pesannya."), field="text")
    too_long = _too_long(text, MAX_COMMENT, field="text")
    if too_long is not None:
        return too_long
    row = Comment.objects.create(
        case_id=case_id, at=now, person=actor, name=acting.name, text=text, internal=internal and not actor.is_customer
    )
    digest = entry_hash(GENESIS, hashed_fields(case_id, 0, now, "comment", {"text": text}, acting))
    note(
        case_id,
        acting=acting,
        code="commented",
        data={"comment": row.pk, "internal": row.internal, "sha256": digest},
        now=now,
    )
    return row


@transaction.atomic
def attach(
    case_id: int,
    *,
    actor: User,
    upload: Any,
    info: UploadInfo,
    label: str,
    task_id: int | None = None,
    customer_may_see: bool = False,
    now: datetime,
) -> Attachment | Refusal:
    """Keep a checked file with a case, for a requirement or an output. The same file again is kept once.

    ``info`` is what ``sopan.ui.uploads.check_upload`` said of ``upload``. Side effects: the file, journal entry.
    """
    seen = access.case_for(actor, case_id, now=now)
    acting = access.acting_on_case(actor, seen, now=now) if seen else None
    if seen is None or acting is None:
        return Refusal("not-found", _("Kasus ini tidak ada."))
    row, created = Attachment.objects.get_or_create(
        case_id=case_id,
        sha256=info.sha256,
        label=label[:250],
        defaults={
            "task_id": task_id,
            "name": info.name,
            "media_type": info.media_type,
            "size": info.size,
            "file": upload,
            "at": now,
            "person": actor,
            "by_name": acting.name,
            "customer_may_see": customer_may_see or actor.is_customer,
        },
    )
    if created:
        data = {"attachment": row.pk, "name": row.name, "label": row.label, "sha256": row.sha256}
        note(case_id, acting=acting, code="attached", data=data, now=now)
    return row


def save_draft(task_id: int, *, actor: User, data: Mapping[str, Any], now: datetime) -> Draft | Refusal:
    """Keep what a person has typed so far, unchecked. Only for a task that is his and open; secrets are the caller's
    to leave out."""
    task = access.task_for(actor, task_id, now=now)
    if task is None or access.acting_for(actor, task, now=now) is None:
        return Refusal("not-found", _("Tugas ini tidak ada."))
    if task.status != Task.Status.OPEN:
        return Refusal("done-already", _told_done(task) if task.completed_at else _message("not-open"))
    draft, _created = Draft.objects.update_or_create(
        task=task, person=actor, defaults={"data": dict(data), "saved_at": now}
    )
    return draft


def answers(step: Step) -> Sequence[Exit]:
    """The buttons of a step: its exits, or none where a named decision answers."""
    return () if step.decision else step.exits
