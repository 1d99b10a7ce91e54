"""What every act on a case has in common: who acts, why it may be too late, and the rows it writes together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import bindings, procedure
from sopan.core import flow
from sopan.core.flow import Refusal
from sopan.core.journal import GENESIS, canonical, entry_hash
from sopan.core.model import ActorKind, Step
from sopan.people.models import User

from .. import access, clock, store
from ..access import Acting
from ..models import Case, Effect, JournalEntry, Task
from ..plain import PLAIN
from ..stepwork import TELL_CUSTOMER, Planned, StepWork, step_works


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the tasks that it opened, and whether it was this press or an earlier one of the same form."""

    case_id: int
    opened: tuple[int, ...] = ()
    repeated: bool = False
    ended: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


MAX_REASON = 2_000  # characters


def reason_fault(reason: str, *, required: bool = True) -> Refusal | None:
    """What is wrong with a reason that was typed: it is missing, or too long. It is never cut: people rely on its end."""
    if required and not reason.strip():
        return Refusal("reason", _("Tuliskan alasannya."), field="reason")
    return too_long(reason, MAX_REASON, field="reason")


def too_long(text: str, most: int, *, field: str) -> Refusal | None:
    if len(text) <= most:
        return None
    told = _("Paling panjang %(most)s karakter, dan ini %(count)s. Persingkat, atau lampirkan sebagai berkas.")
    return Refusal("too-long", told % {"most": most, "count": len(text)}, field=field)


class Refused(Exception):
    """Carries a refusal out of a transaction, so that what a work wrote before is undone."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def work_of(step: Step) -> StepWork:
    """What a step does: the work that a domain registered, or that of a plain step."""
    return step_works[step.work] if step.work else PLAIN


def message_of(code: str) -> str:
    return {
        "unknown-answer": _("Pilih salah satu jawaban yang tersedia."),
        "not-open": _("Langkah ini tidak terbuka lagi."),
        "held": _("Kasus ini sedang ditahan."),
        "ended": _("Kasus ini sudah berakhir."),
        "already-acted": _("Bagian Anda pada langkah ini sudah selesai."),
        "not-done-before": _("Langkah tujuan belum pernah dikerjakan pada kasus ini."),
        "not-held": _("Kasus ini tidak sedang ditahan."),
    }.get(code, _("Tindakan ini tidak dapat dilakukan sekarang."))


def acting_of(locked: store.Locked, actor: User, *, now: datetime) -> Acting | None:
    """As ``access.acting_for``, from what the lock read."""
    if not actor.is_active or actor.institution_id != locked.task.institution_id:
        return None
    if locked.kind == ActorKind.CUSTOMER and locked.task.company_id is not None:
        return (
            access.as_person(actor, None) if actor.company_id and actor.company_id == locked.task.company_id else None
        )
    if locked.kind != ActorKind.STAFF:
        return access.recording(actor, locked.task, now=now)
    if locked.appointed is None or actor.is_customer:
        return None
    kind, letter, position = locked.appointed
    title = position if kind == "definitive" else f"{kind.capitalize()}. {position}"
    return Acting(actor.pk, actor.full_name, title, letter, actor.institution_id, None)


def closed(task: Task, case: Case, actor: User, form_key: str) -> Done | Refusal | None:
    """Why the task cannot be finished any more, or that this very form has finished it already."""
    if task.status == Task.Status.DONE:
        if form_key and task.form_key == form_key and task.completed_by_id == actor.pk:
            return Done(case.pk, repeated=True)
        return Refusal("done-already", told_done(task))
    if task.status == Task.Status.CANCELLED:
        return Refusal("overtaken", _("Langkah ini tidak berlaku lagi: kasus telah dikembalikan atau diakhiri."))
    if case.status == Case.Status.HELD:
        return Refusal("held", _("Kasus ini sedang ditahan. Lanjutkan kasus sebelum menyelesaikan langkah."))
    if task.assignee_id not in (None, actor.pk):
        name = User.objects.get(pk=task.assignee_id).full_name
        return Refusal("taken", _("Tugas ini sedang dikerjakan oleh %(name)s.") % {"name": name})
    return None


def told_done(task: Task) -> str:
    at = timezone.localtime(task.completed_at)
    return _("Sudah diselesaikan oleh %(name)s pada %(at)s. Isian Anda tidak dikirim dan masih ada di bawah.") % {
        "name": task.completed_name or _("sistem"),
        "at": formats.date_format(at, "DATETIME_FORMAT"),
    }


class Act:
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
        effects = [*self.effects, *self._told()]
        store.save(store.Act(self.case, self.entry, self.task, self.cancelled, self.opened, effects))

    def _told(self) -> list[Effect]:
        """What tells a customer of plain steps that have come to him; of what he did himself he knows."""
        mine = self.acting.company_id
        comes = [task for task in self.opened if task.company_id is not None and task.company_id != mine]
        return [
            Effect(
                institution_id=self.case.institution_id,
                case_id=self.case.pk,
                key=TELL_CUSTOMER,
                data={"step": task.step, "visit": task.visit},
                created_at=self.now,
                run_after=self.now,
            )
            for task in comes
            if not self.procedure.by_id[task.step].work
        ]


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


def locked_case(case_id: int) -> tuple[Case, int]:
    """Lock a case inside a transaction; with the revision of its institution's calendar."""
    cases = Case.objects.select_related("procedure", "institution")
    if connection.features.has_select_for_update_of:
        cases = cases.select_for_update(of=("self",))
    case = cases.get(pk=case_id)
    return case, case.institution.calendar_revision
