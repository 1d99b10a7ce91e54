"""A running case goes on by a new version: what was done stays done under its row, and the records still add up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sopan.catalogue.models import ActorBinding, ProcedureVersion
from sopan.catalogue.operations import bind, publish
from sopan.core.flow import Refusal, State
from sopan.engine import access, audit, operations, queries, timeline
from sopan.engine.models import Case, JournalEntry, Task
from sopan.engine.operations import Done
from sopan.people.models import Position

from .cast import NOW, SMALL, Cast, small_procedure

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
# A row before the first of the staff: 2, 3 and 4 become 3, 4 and 5. The head has half a day.
LONGER = SMALL.replace("no: 4,", "no: 5,").replace("to: 4}", "to: 5}").replace("to: 2, reason", "to: 3, reason")
LONGER = LONGER.replace("  - no: 3\n", "  - no: 4\n").replace("[2]", "[3]").replace("1 Hari Kerja", "2 Jam")
LONGER = LONGER.replace(
    "  - no: 2\n", "  - {no: 2, actor: clerk, activity: Membuka loket dan menerima berkas, time: 5 Menit}\n  - no: 3\n"
).replace("{label: Lengkap, to: 3}", "{label: Lengkap, to: 4}")
SHORTER = """
format: 1
identity: {number: SOP 1, name: Surat keterangan}
actors:
  customer: {name: Pelanggan, kind: customer}
  clerk: {name: Petugas}
steps:
  - {no: 1, actor: customer, activity: Mengajukan permohonan, time: 10 Menit, kind: start}
  - {no: 2, actor: clerk, activity: Menyerahkan surat, time: 15 Menit, kind: end, end: finished}
"""


def newer(cast: Cast, text: str) -> ProcedureVersion:
    return publish(small_procedure(text), institution=cast.institution, now=LATER)


@pytest.fixture
def case(cast: Cast) -> Case:
    """It waits for the head, who is to sign."""
    Position.objects.filter(code="archive").update(drafts_procedures=True)
    case = operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)
    for person, answer in ((cast.rina, ""), (cast.ana, "ya")):
        operations.complete(open_task(case).pk, actor=person, answer=answer, now=NOW)
    operations.take(open_task(case).pk, actor=cast.citra, now=NOW)
    return Case.objects.get(pk=case.pk)


def open_task(case: Case) -> Task:
    return Task.objects.get(case=case, status="open")


def move(case: Case, cast: Cast, **changes: object) -> Done | Refusal:
    given = {"actor": cast.vera, "reason": "Aturan baru", "seen": case.journal_length, "now": LATER, **changes}
    return operations.move(case.pk, **given)  # type: ignore[arg-type]


def test_the_open_step_goes_along_with_its_queue_and_who_took_it_and_is_due_by_the_new_time(
    case: Case, cast: Cast
) -> None:
    before = open_task(case)
    version = newer(cast, LONGER)
    assert move(case, cast) == Done(case.pk)
    after = open_task(case)
    assert (after.pk, after.step, after.binding_id, after.assignee) == (before.pk, "4", before.binding_id, cast.citra)
    assert after.due_at == NOW + timedelta(hours=2)  # from when it opened
    case.refresh_from_db()
    assert case.procedure == version
    assert dict(State.from_data(case.state).visits) == {"1": 1, "3": 1, "4": 1}
    assert audit.audit().faults == []


def test_what_was_done_stands_at_its_row_and_separation_still_holds(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    case.refresh_from_db()
    states = {row.step.no: row.state for row in queries.table(case)}
    assert states == {"1": "done", "2": "todo", "3": "done", "4": "now", "5": "todo"}
    Task.objects.filter(pk=open_task(case).pk).update(assignee=None)
    Task.objects.filter(case=case, step="3").update(completed_by=cast.budi)
    done = operations.complete(open_task(case).pk, actor=cast.budi, answer="ya", now=LATER)
    assert isinstance(done, Refusal) and done.code == "separation"


def test_it_goes_on_to_its_end_by_the_new_version(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    operations.complete(open_task(case).pk, actor=cast.citra, answer="tidak", reason="Salah nama", now=LATER)
    assert open_task(case).step == "3"
    for person, answer in ((cast.ana, "ya"), (cast.citra, "ya"), (cast.ana, "")):
        done = operations.complete(open_task(case).pk, actor=person, answer=answer, now=LATER)
        assert isinstance(done, Done), done
    case.refresh_from_db()
    assert case.status == "finished"
    assert audit.audit().faults == []


def test_a_case_moves_twice(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    publish(small_procedure(SMALL), institution=cast.institution, now=LATER + timedelta(hours=1))
    case.refresh_from_db()
    assert isinstance(move(case, cast, now=LATER + timedelta(hours=2)), Done)
    assert open_task(case).step == "3"
    assert audit.audit().faults == []


def test_the_journal_tells_each_act_by_the_version_of_its_day(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    case.refresh_from_db()
    titles = [entry.title for entry in timeline.entries(case)]
    assert titles == [
        "Kasus dipindahkan dari versi 1 ke versi 2 SOP-nya",
        "Mengambil langkah 3, Menandatangani surat",
        "Selesai langkah 2, Memeriksa permohonan: Lengkap",
        "Selesai langkah 1, Mengajukan permohonan",
        "Kasus dimulai",
    ]
    entry = JournalEntry.objects.filter(case=case).latest("seq")
    assert (entry.code, entry.name, entry.position) == ("moved", "Vera", "Arsiparis")
    assert entry.data["from"]["sha256"] != entry.data["to"]["sha256"]
    assert entry.data["mapping"] == {"1": "1", "2": "3", "3": "4", "4": "5"}


def test_an_open_step_without_a_row_keeps_the_case_where_it_is(case: Case, cast: Cast) -> None:
    version = newer(cast, SHORTER)
    done = move(case, cast)
    assert isinstance(done, Refusal) and done.code == "stuck"
    case.refresh_from_db()
    assert (case.procedure.version, case.journal_length) == (1, 4)
    shown = operations.preview(case, version, without={})
    assert (shown.possible, shown.steps) == (
        False,
        (("3 · Menandatangani surat", "", "Langkah ini tidak ada lagi di versi baru."),),
    )


def test_a_done_row_that_is_gone_is_not_taken_for_another(cast: Cast) -> None:
    """Checking is gone, and another row has its number now: who checked is not shown as who did that."""
    Position.objects.filter(code="archive").update(drafts_procedures=True)
    case = operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)
    for person, answer in ((cast.rina, ""), (cast.ana, "ya"), (cast.citra, "ya")):
        operations.complete(open_task(case).pk, actor=person, answer=answer, now=NOW)
    newer(cast, SHORTER)
    case.refresh_from_db()
    assert isinstance(move(case, cast), Done)
    case.refresh_from_db()
    assert {row.step.no: row.state for row in queries.table(case)} == {"1": "done", "2": "now"}
    assert sorted(Task.objects.filter(case=case).values_list("step", flat=True)) == ["1", "2", "v1:2", "v1:3"]
    assert audit.audit().faults == []
    gone = Task.objects.get(case=case, step="v1:2")
    assert access.task_for(cast.ana, gone.pk, now=LATER) is None


def test_another_actor_gets_a_task_of_his_own(case: Case, cast: Cast) -> None:
    text = SMALL.replace("  head: {name: Kepala}", "  head: {name: Kepala}\n  archive: {name: Arsiparis}")
    text = text.replace("    actor: head\n", "    actor: archive\n")
    newer(cast, text)
    bind("surat", {"archive": ["archive"]}, institution=cast.institution)
    assert isinstance(move(case, cast), Done)
    task = open_task(case)
    assert (task.actor, task.binding, task.assignee) == ("archive", ActorBinding.objects.get(actor="archive"), None)
    assert Task.objects.get(case=case, actor="head").status == "cancelled"
    assert audit.audit().faults == []


def test_a_case_does_not_go_where_an_actor_has_no_position(case: Case, cast: Cast) -> None:
    text = SMALL.replace("  head: {name: Kepala}", "  head: {name: Kepala}\n  archive: {name: Arsiparis}")
    version = newer(cast, text.replace("no: 4, actor: clerk", "no: 4, actor: archive"))
    shown = operations.preview(case, version, without=operations.without_positions(version))
    assert (shown.possible, "Arsiparis" in shown.stuck) == (False, True)
    done = move(case, cast)
    assert isinstance(done, Refusal) and done.code == "unbound"
    bind("surat", {"archive": ["archive"]}, institution=cast.institution)
    assert isinstance(move(case, cast), Done)


# Who may, and when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ana", "budi", "citra", "hasan", "rina", "tono"])
def test_only_who_drafts_or_approves_moves_a_case(case: Case, cast: Cast, who: str) -> None:
    newer(cast, LONGER)
    done = move(case, cast, actor=getattr(cast, who))
    assert isinstance(done, Refusal) and done.code == "not-found"
    assert Case.objects.get(pk=case.pk).procedure.version == 1


def test_a_move_needs_a_reason_a_newer_version_and_the_case_as_it_was_seen(case: Case, cast: Cast) -> None:
    def code(**changes: object) -> str:
        return getattr(move(case, cast, **changes), "code", "done")

    assert code() == "newest"
    newer(cast, LONGER)
    assert code(reason=" ") == "reason"
    assert code(seen=3) == "changed"
    assert code() == "done"
    assert code(seen=5) == "newest"


def test_a_case_that_is_over_stays_with_its_version(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    operations.cancel(case.pk, actor=cast.citra, reason="Batal", now=LATER)
    case.refresh_from_db()
    done = move(case, cast)
    assert isinstance(done, Refusal) and done.code == "ended"


# Behind the door ------------------------------------------------------------------------------------------------------


def faults() -> list[str]:
    return [str(fault) for fault in audit.audit().faults]


def test_a_version_changed_without_an_act_is_found(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    Case.objects.filter(pk=case.pk).update(procedure=ProcedureVersion.objects.get(version=1))
    assert faults() == [f"case {case.pk}: follows another version than its journal tells"]


def test_a_changed_mapping_is_found(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    entry = JournalEntry.objects.get(case=case, code="moved")
    JournalEntry.objects.filter(pk=entry.pk).update(data={**entry.data, "mapping": {"3": "5"}})
    assert faults() == [f"case {case.pk}, entry 5: content"]


def test_a_version_whose_content_was_changed_afterwards_is_found(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    row = ProcedureVersion.objects.get(version=2)
    ProcedureVersion.objects.filter(pk=row.pk).update(content=row.content.replace("Menyerahkan", "Membuang"))
    assert faults() == [f"case {case.pk}, entry 5: moves between other versions than there are"]


def test_a_done_task_named_otherwise_after_the_move_is_found(case: Case, cast: Cast) -> None:
    newer(cast, LONGER)
    move(case, cast)
    Task.objects.filter(case=case, step="3").update(step="2")
    assert [fault.split(": ")[1] for fault in faults()] == ["is not as its journal tells"]


def test_what_was_typed_before_a_move_is_told_under_the_row_where_it_was_typed(case: Case, cast: Cast) -> None:
    done = operations.complete(open_task(case).pk, actor=cast.citra, answer="tidak", reason="Ejaan", now=NOW)
    assert isinstance(done, Done)
    before = timeline.typed_before(case, reader=access.system_acting(cast.institution.pk))
    newer(cast, LONGER)
    case.refresh_from_db()
    assert isinstance(move(case, cast), Done)
    case.refresh_from_db()
    after = timeline.typed_before(case, reader=access.system_acting(cast.institution.pk))
    assert [told.quote for told in before] == ["Ejaan"]
    assert after == before
