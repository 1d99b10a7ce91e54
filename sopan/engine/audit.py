"""Whether the records can be trusted: chains, seals, and the rows against the replayed journal.

``check_case`` recomputes the chain of a case, replays its acts through core.flow (each must be decided again in just
the same way) and compares the state and the open tasks with the rows. ``seal`` ties the heads of all chains of an
institution together, so that a cut tail or a removed case shows too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.core import flow, moving
from sopan.core.journal import GENESIS, canonical, merkle_root, verify_chain
from sopan.people.models import Institution

from .access import Acting
from .effects import periodic
from .models import Case, Effect, JournalEntry, Seal, Task
from .operations import command_from_data, hashed_fields


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with a case or a seal."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Audit:
    """What was looked at, and what is wrong."""

    cases: int = 0
    entries: int = 0
    seals: int = 0
    effects_done: int = 0
    effects_waiting: int = 0
    effects_failed: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults


def audit(*, chunk: int = 500) -> Audit:
    """Look at everything; memory stays bounded, cases are read in chunks."""
    found = Audit()
    last = 0
    while cases := list(Case.objects.filter(pk__gt=last).order_by("pk")[:chunk]):
        last = cases[-1].pk
        entries = _by_case(JournalEntry.objects.filter(case_id__gte=cases[0].pk, case_id__lte=last))
        for case in cases:
            found.cases += 1
            found.entries += len(entries.get(case.pk, ()))
            found.faults += list(check_case(case, entries.get(case.pk, [])))[:1]
    orphans = JournalEntry.objects.filter(~Exists(Case.objects.filter(pk=OuterRef("case_id"))))
    found.faults += [Fault(f"case {pk}", "was removed") for pk in set(orphans.values_list("case_id", flat=True))]
    for institution in Institution.objects.all():
        found.faults += _check_seals(institution, found)
    _count_effects(found)
    return found


def _by_case(rows: Any) -> dict[int, list[JournalEntry]]:
    chains: dict[int, list[JournalEntry]] = {}
    for row in rows.order_by("case_id", "seq").iterator():
        chains.setdefault(row.case_id, []).append(row)
    return chains


def _count_effects(found: Audit) -> None:
    found.effects_done = Effect.objects.filter(status=Effect.Status.DONE).count()
    found.effects_waiting = Effect.objects.filter(status=Effect.Status.WAITING).count()
    found.effects_failed = Effect.objects.filter(status=Effect.Status.FAILED).count()


def check_case(case: Case, entries: Sequence[JournalEntry]) -> Iterator[Fault]:
    """What is wrong with a case, worst first; nothing if it is whole."""
    where = f"case {case.pk}"
    broken = verify_chain(list(_chained(entries)), head=case.journal_head or GENESIS)
    if broken is not None:
        yield Fault(f"{where}, entry {broken.place + 1}", str(broken.reason))
        return
    if case.journal_length != len(entries):
        yield Fault(where, f"has {len(entries)} entries instead of {case.journal_length}")
    yield from _replay(where, case, entries)


def _chained(entries: Sequence[JournalEntry]) -> Iterator[dict[str, Any]]:
    previous = GENESIS
    for row in entries:
        acting = Acting(row.person_id, row.name, row.position, row.letter)
        fields = hashed_fields(row.case_id, row.seq, row.at, row.code, row.data, acting)
        yield {**fields, "previous": previous, "hash": row.hash}
        previous = row.hash


def _replay(where: str, case: Case, entries: Sequence[JournalEntry]) -> Iterator[Fault]:
    state = flow.State()
    version = next((row.data["from"]["version"] for row in entries if row.code == "moved"), case.procedure_id)
    for row in entries:
        if row.code == "moved":
            if (wrong := _wrong_move(row, version, state)) is not None:
                yield Fault(f"{where}, entry {row.seq}", wrong)
                return
            version, state = row.data["to"]["version"], moving.moved(state, row.data["mapping"])
            continue
        if "events" not in row.data:
            continue
        told = [flow.event_from_data(event) for event in row.data["events"]]
        again = flow.decide(procedure(version), state, command_from_data(row.data["do"]))
        if again != told:
            yield Fault(f"{where}, entry {row.seq}", "does not follow from the procedure")
            return
        state = flow.play(state, told)
    if version != case.procedure_id:
        yield Fault(where, "follows another version than its journal tells")
    if state.to_data() != case.state:
        yield Fault(where, "its state is not that of its journal")
    open_now = set(Task.objects.filter(case=case, status=Task.Status.OPEN).values_list("step", flat=True))
    if open_now != set(state.open):
        yield Fault(where, f"open tasks {sorted(open_now)} instead of {sorted(state.open)}")
    yield from _check_done(where, case, entries)


def _wrong_move(row: JournalEntry, version: int, state: flow.State) -> str | None:
    """What is wrong with a move: both versions must be those that it names, and each open step must have gone along."""
    names = {row.data[side]["version"]: row.data[side]["sha256"] for side in ("from", "to")}
    contents = dict(ProcedureVersion.objects.filter(pk__in=names).values_list("pk", "content"))
    if (
        row.data["from"]["version"] != version
        or {pk: hashlib.sha256(content.encode()).hexdigest() for pk, content in contents.items()} != names
    ):
        return "moves between other versions than there are"
    mapping = row.data["mapping"]
    old, new = procedure(version), procedure(row.data["to"]["version"])
    rows = set(mapping) <= set(old.by_id) and set(mapping.values()) <= set(new.by_id)
    if not rows or len(set(mapping.values())) != len(mapping) or not {*state.open, *state.waiting} <= set(mapping):
        return "moves to rows that there are not"
    return None


def _check_done(where: str, case: Case, entries: Sequence[JournalEntry]) -> Iterator[Fault]:
    """Each done task was completed by just one entry, by the person and with the answer that its row tells."""
    told = {row.data["task"]: row for row in entries if row.code == "completed"}
    if len(told) != sum(row.code == "completed" for row in entries):
        yield Fault(where, "a task was completed twice")
    moves = [row for row in entries if row.code == "moved"]
    done = Task.objects.filter(case=case, status=Task.Status.DONE)
    for task in done:
        row = told.pop(task.pk, None)
        if row is None or _as_told(row, moves) != _as_done(task):
            yield Fault(f"{where}, task {task.pk}", "is not as its journal tells")
    if told:
        yield Fault(where, f"task {next(iter(told))} is completed in the journal alone")


LOOK_BACK = 1_000


def _as_told(row: JournalEntry, moves: Sequence[JournalEntry]) -> tuple[Any, ...]:
    """What the entry tells of its task, under the name that its step has since the last move."""
    _, step, actor, answer = row.data["do"]
    for move in moves:
        if move.seq > row.seq:
            step = moving.renamed(step, move.data["mapping"], move.data["from"]["number"])
    return (
        step,
        actor,
        answer,
        row.data["visit"],
        row.data.get("reason", ""),
        row.person_id,
        row.name,
        row.position,
        row.at,
    )


def _as_done(task: Task) -> tuple[Any, ...]:
    acted = (task.completed_by_id, task.completed_name, task.completed_position, task.completed_at)
    return task.step, task.actor, task.answer, task.visit, task.reason, *acted


# Seals ----------------------------------------------------------------------------------------------------------------


@periodic("engine.seal", every=timedelta(hours=1))
def seal_all(now: datetime) -> None:
    for institution in Institution.objects.all():
        seal(institution, now=now)


@transaction.atomic
def seal(institution: Institution, *, now: datetime) -> Seal | None:
    """Seal the heads of the chains that grew since the last seal; None if none did."""
    last, upto = list(Seal.objects.filter(institution=institution).order_by("-pk")[:3]), _newest_entry()
    sealed = {tuple(head) for one in last for head in one.heads}
    # An entry may get its number before the last seal and be committed after it: look back a little.
    since = (last[0].upto if last else 0) - LOOK_BACK
    grown = Case.objects.filter(journal__pk__gt=since, institution=institution).order_by("pk").distinct()
    now_at = grown.values_list("pk", "journal_length", "journal_head")
    heads = [list(head) for head in now_at if head not in sealed]
    if not heads:
        return None
    root = merkle_root([canonical(head).decode() for head in heads])
    previous = last[0].hash if last else ""
    return Seal.objects.create(
        institution=institution,
        at=now,
        root=root,
        previous=previous,
        heads=heads,
        upto=upto,
        hash=_seal_hash(previous, root, now),
    )


def _newest_entry() -> int:
    return JournalEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _seal_hash(previous: str, root: str, at: datetime) -> str:
    return hashlib.sha256(canonical({"previous": previous, "root": root, "at": at})).hexdigest()


def _check_seals(institution: Institution, found: Audit) -> list[Fault]:
    faults: list[Fault] = []
    previous = ""
    newest: dict[int, tuple[int, str]] = {}
    for one in Seal.objects.filter(institution=institution).order_by("pk").iterator():
        found.seals += 1
        root = merkle_root([canonical(head).decode() for head in one.heads])
        if one.previous != previous or one.root != root or one.hash != _seal_hash(previous, root, one.at):
            faults.append(Fault(f"seal {one.pk}", "was changed, or one before it was removed"))
        previous = one.hash
        newest |= {case_id: (length, head) for case_id, length, head in one.heads}
    return faults + list(_check_sealed(newest))


def _check_sealed(newest: dict[int, tuple[int, str]]) -> Iterator[Fault]:
    """Each sealed head must still stand at its place in its chain."""
    ids = sorted(newest)
    for begin in range(0, len(ids), 500):
        part = ids[begin : begin + 500]
        rows = JournalEntry.objects.filter(case_id__in=part).values_list("case_id", "seq", "hash")
        hashes = {(case_id, seq): digest for case_id, seq, digest in rows}
        for case_id in part:
            length, head = newest[case_id]
            if hashes.get((case_id, length)) != head:
                yield Fault(f"case {case_id}", f"was sealed with {length} entries, which are gone or changed")
