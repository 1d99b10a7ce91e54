"""What the one door does: acts, refusals with reasons, returns, several people, holding, the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sopan.core.flow import Refusal
from sopan.engine import access, operations
from sopan.engine.audit import audit
from sopan.engine.models import Case, JournalEntry, Task
from sopan.people.models import Appointment, Position

from .cast import NOW, Cast

pytestmark = pytest.mark.django_db
SLUG = "surat"


def begin(cast: Cast, **more: object) -> Case:
    return operations.start(
        SLUG, institution=cast.institution, actor=cast.rina, company=cast.company, title="Surat", now=NOW, **more
    )


def open_task(case: Case, step: str | None = None) -> Task:
    tasks = Task.objects.filter(case=case, status="open")
    return tasks.get(step=step) if step else tasks.get()


def act(case: Case, person: object, answer: str = "", minutes: int = 0, **more: object) -> object:
    return operations.complete(
        open_task(case).pk, actor=person, answer=answer, now=NOW + timedelta(minutes=minutes), **more
    )


def rows() -> tuple[int, ...]:
    return (
        Case.objects.count(),
        Task.objects.count(),
        Task.objects.filter(status="done").count(),
        JournalEntry.objects.count(),
    )


def test_a_case_runs_from_start_to_end(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    act(case, cast.ana, "ya", 10)
    act(case, cast.citra, "ya", 20)
    done = act(case, cast.ana, "", 30)
    assert isinstance(done, operations.Done)
    assert done.ended == "finished"
    case.refresh_from_db()
    assert (case.status, case.closed_at) == ("finished", NOW + timedelta(minutes=30))
    assert [entry.code for entry in case.journal.order_by("seq")] == ["started", *["completed"] * 4]
    assert audit().ok


def test_history_copies_name_and_position_of_the_moment(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    task = open_task(case)
    act(case, cast.ana, "ya")
    Position.objects.filter(code="clerk").update(name="Jabatan baru")
    task.refresh_from_db()
    assert (task.completed_name, task.completed_position) == ("Ana", "Petugas Loket")


def test_a_deputy_acts_as_deputy(cast: Cast) -> None:
    Appointment.objects.filter(person=cast.hasan).update(valid_to=NOW + timedelta(days=1))
    case = begin(cast)
    act(case, cast.rina)
    act(case, cast.ana, "ya")
    act(case, cast.hasan, "ya")
    entry = case.journal.order_by("seq").last()
    assert (entry.name, entry.position, entry.letter) == ("Hasan", "Plh. Kepala Balai", "PRIN-1")


@pytest.mark.parametrize("stranger", ["vera", "citra", "tono", "rina", "hasan"])
def test_who_does_not_hold_the_position_is_told_that_there_is_no_such_task(cast: Cast, stranger: str) -> None:
    case = begin(cast)
    act(case, cast.rina)
    before = rows()
    refusal = act(case, getattr(cast, stranger), "ya")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-found"
    assert rows() == before


def test_an_inactive_person_may_nothing(cast: Cast) -> None:
    case = begin(cast)
    cast.rina.is_active = False
    assert act(case, cast.rina).code == "not-found"
    assert access.task_for(cast.rina, open_task(case).pk, now=NOW) is None


def test_an_appointment_holds_from_its_first_to_before_its_last_moment(cast: Cast) -> None:
    end = NOW + timedelta(hours=1)
    Appointment.objects.filter(person=cast.hasan).update(valid_to=end)
    case = begin(cast)
    act(case, cast.rina)
    act(case, cast.ana, "ya")
    task = open_task(case)
    assert access.acting_for(cast.hasan, task, now=end - timedelta(microseconds=1)) is not None
    assert access.acting_for(cast.hasan, task, now=end) is None


def test_separation_is_checked_on_the_person_not_on_the_position(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    act(case, cast.budi, "ya")  # Budi is clerk and head
    before = rows()
    refusal = act(case, cast.budi, "ya")
    assert refusal.code == "separation"
    assert "Yang menandatangani bukan yang memeriksa." in refusal.message
    assert operations.take(open_task(case).pk, actor=cast.budi, now=NOW).code == "separation"
    assert operations.hand_over(open_task(case).pk, actor=cast.citra, to=cast.budi, now=NOW).code == "separation"
    assert rows() == before
    assert [person.name for person in access.eligible(open_task(case), now=NOW)] == ["Citra"]


def test_separation_holds_after_a_return_and_in_other_cases_not_at_all(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    act(case, cast.budi, "ya")
    act(case, cast.citra, "tidak", reason="Nama salah")
    act(case, cast.ana, "ya")
    assert act(case, cast.budi, "ya").code == "separation"
    other = begin(cast)
    act(other, cast.rina)
    act(other, cast.ana, "ya")
    assert isinstance(act(other, cast.budi, "ya"), operations.Done)


def test_a_return_needs_a_reason_and_keeps_what_was_done(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    assert act(case, cast.ana, "tidak").field == "reason"
    act(case, cast.ana, "tidak", reason="KTP belum ada")
    again = open_task(case)
    assert (again.step, again.visit) == ("1", 2)
    assert Task.objects.filter(case=case, status="done").count() == 2
    assert audit().ok


def test_sending_back_reopens_an_earlier_step(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    act(case, cast.ana, "ya")
    task = open_task(case)
    assert operations.send_back(task.pk, actor=cast.citra, to_step="1", reason=" ", now=NOW).field == "reason"
    assert operations.send_back(task.pk, actor=cast.citra, to_step="4", reason="x", now=NOW).code == "not-done-before"
    assert operations.send_back(task.pk, actor=cast.ana, to_step="1", reason="x", now=NOW).code == "not-found"
    operations.send_back(task.pk, actor=cast.citra, to_step="1", reason="Ada yang salah", now=NOW)
    assert open_task(case).step == "1"
    assert audit().ok


def test_the_second_of_two_is_told_who_and_when(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    task = open_task(case)
    operations.complete(task.pk, actor=cast.ana, answer="ya", form_key="a", now=NOW)
    refusal = operations.complete(task.pk, actor=cast.budi, answer="tidak", reason="x", form_key="b", now=NOW)
    assert refusal.code == "done-already"
    assert "Ana" in refusal.message
    assert "23 November 2026" in refusal.message


def test_pressing_twice_has_one_effect_and_tells_the_first_result(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    task = open_task(case)
    first = operations.complete(task.pk, actor=cast.ana, answer="ya", form_key="k", now=NOW)
    before = rows()
    second = operations.complete(task.pk, actor=cast.ana, answer="ya", form_key="k", now=NOW)
    assert (first.repeated, second.repeated) == (False, True)
    assert rows() == before


def test_starting_twice_with_one_key_makes_one_case(cast: Cast) -> None:
    assert begin(cast, start_key="k").pk == begin(cast, start_key="k").pk
    assert Case.objects.count() == 1


def test_an_unknown_answer_changes_nothing(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    before = rows()
    assert act(case, cast.ana, "barangkali").code == "unknown-answer"
    assert act(case, cast.ana).code == "unknown-answer"
    assert rows() == before
    assert open_task(case).status == "open"


def test_a_taken_task_is_finished_by_its_taker_alone(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    task = open_task(case)
    operations.take(task.pk, actor=cast.ana, now=NOW)
    assert operations.take(task.pk, actor=cast.budi, now=NOW).code == "taken"
    assert act(case, cast.budi, "ya").code == "taken"
    operations.give_back(task.pk, actor=cast.ana, now=NOW)
    operations.take(task.pk, actor=cast.budi, now=NOW)
    operations.hand_over(task.pk, actor=cast.budi, to=cast.ana, now=NOW)
    assert operations.hand_over(task.pk, actor=cast.ana, to=cast.vera, now=NOW).code == "not-theirs"
    assert operations.hand_over(task.pk, actor=cast.ana, to=cast.rina, now=NOW).code == "not-theirs"
    assert isinstance(act(case, cast.ana, "ya"), operations.Done)
    assert audit().ok


def test_due_times_are_working_time(cast: Cast) -> None:
    case = begin(cast)
    friday = datetime(2026, 11, 27, 9, 15, tzinfo=UTC)  # 16.15 WIB, a quarter of an hour before closing
    operations.complete(open_task(case).pk, actor=cast.rina, now=friday)
    assert open_task(case).due_at == datetime(2026, 11, 30, 0, 45, tzinfo=UTC)  # Monday 07.45 WIB
    operations.complete(open_task(case).pk, actor=cast.ana, answer="ya", now=datetime(2026, 11, 30, 1, 0, tzinfo=UTC))
    assert case.tasks.get(step="2").worked_minutes == 45


def test_a_held_case_waits_and_its_due_times_move_by_the_working_time_of_the_pause(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    due = open_task(case).due_at
    assert operations.hold(case.pk, actor=cast.citra, reason="x", now=NOW).code == "not-holding"
    assert operations.hold(case.pk, actor=cast.ana, reason="", now=NOW).field == "reason"
    operations.hold(case.pk, actor=cast.ana, reason="Menunggu pendapat hukum", now=NOW)
    assert act(case, cast.ana, "ya").code == "held"
    operations.resume(case.pk, actor=cast.ana, now=NOW + timedelta(days=1))
    assert open_task(case).due_at == due + timedelta(days=1)
    assert isinstance(act(case, cast.ana, "ya", 24 * 60 + 5), operations.Done)
    assert audit().ok


def test_cancelling_ends_the_case_and_closes_its_tasks(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    task = open_task(case)
    operations.cancel(case.pk, actor=cast.ana, reason="Permohonan ganda", now=NOW)
    case.refresh_from_db()
    task.refresh_from_db()
    assert (case.status, task.status) == ("withdrawn", "cancelled")
    assert operations.complete(task.pk, actor=cast.ana, answer="ya", now=NOW).code == "overtaken"
    assert audit().ok


def test_the_system_finishes_by_rule_only_what_is_open(cast: Cast) -> None:
    case = begin(cast)
    refusal = operations.complete_by_system(case.pk, step_work="no.such", now=NOW)
    assert refusal.code == "not-open"


def test_drafts_are_kept_for_the_person_whose_task_it_is(cast: Cast) -> None:
    case = begin(cast)
    act(case, cast.rina)
    task = open_task(case)
    operations.save_draft(task.pk, actor=cast.ana, data={"catatan": "baru sebagian"}, now=NOW)
    assert task.drafts.get(person=cast.ana).data == {"catatan": "baru sebagian"}
    assert operations.save_draft(task.pk, actor=cast.citra, data={}, now=NOW).code == "not-found"
    assert operations.save_draft(task.pk, actor=cast.tono, data={}, now=NOW).code == "not-found"


def test_a_customer_cannot_write_an_internal_note_nor_on_another_company(cast: Cast) -> None:
    case = begin(cast)
    row = operations.comment(case.pk, actor=cast.rina, text="Halo", internal=True, now=NOW)
    assert row.internal is False
    assert operations.comment(case.pk, actor=cast.tono, text="Halo", now=NOW).code == "not-found"
    assert operations.comment(case.pk, actor=cast.vera, text="Halo", now=NOW).code == "not-found"
    assert audit().ok
