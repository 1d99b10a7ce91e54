"""Whatever is changed behind the door is found and named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sopan.engine import audit, operations
from sopan.engine.models import Case, JournalEntry, Seal, Task

from .cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    case = operations.start("surat", institution=cast.institution, actor=cast.rina, company=cast.company, now=NOW)
    for person, answer in ((cast.rina, ""), (cast.ana, "ya"), (cast.citra, "ya")):
        task = Task.objects.get(case=case, status="open")
        operations.complete(task.pk, actor=person, answer=answer, now=NOW)
    audit.seal(cast.institution, now=NOW)
    assert audit.audit().ok
    return case


def faults() -> list[str]:
    return [str(fault) for fault in audit.audit().faults]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Orang lain"},
        {"position": "Jabatan lain"},
        {"letter": "SK-1"},
        {"at": NOW + timedelta(seconds=1)},
        {"code": "held"},
        {"data": {"events": []}},
        {"person_id": None},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_entry_is_named(case: Case, change: dict[str, object]) -> None:
    JournalEntry.objects.filter(case=case, seq=3).update(**change)
    assert faults() == [f"case {case.pk}, entry 3: content"]


def test_a_removed_entry_is_named(case: Case) -> None:
    JournalEntry.objects.filter(case=case, seq=2).delete()
    assert faults()[0] == f"case {case.pk}, entry 2: sequence"


def test_a_cut_tail_with_matching_rows_is_shown_by_the_seal(case: Case) -> None:
    last = case.journal.order_by("-seq")[0]
    before = case.journal.get(seq=last.seq - 1)
    last.delete()
    Case.objects.filter(pk=case.pk).update(journal_length=before.seq, journal_head=before.hash)
    assert any("was sealed with 4 entries" in fault for fault in faults())


def test_a_removed_case_is_shown(case: Case) -> None:
    Task.objects.all().delete()
    JournalEntry.objects.all().delete()
    Case.objects.all().delete()
    assert any(f"case {case.pk}: was sealed" in fault for fault in faults())


def test_a_changed_seal_is_shown(case: Case) -> None:
    Seal.objects.update(heads=[])
    assert any("was changed" in fault for fault in faults())


@pytest.mark.parametrize("change", [{"status": "open"}, {"completed_name": "Orang lain"}, {"step": "9"}])
def test_a_changed_task_is_shown(case: Case, change: dict[str, object]) -> None:
    Task.objects.filter(case=case, step="2").update(**change)
    assert faults()


def test_a_state_that_does_not_follow_from_the_journal_is_shown(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(state={"o": {}, "v": {}, "e": "finished"})
    assert faults() == [f"case {case.pk}: its state is not that of its journal"]


def test_a_seal_holds_only_what_grew(case: Case, cast: Cast) -> None:
    assert audit.seal(cast.institution, now=NOW + timedelta(hours=1)) is None
    operations.comment(case.pk, actor=cast.ana, text="Catatan", now=NOW)
    later = audit.seal(cast.institution, now=NOW + timedelta(hours=2))
    assert [head[:2] for head in later.heads] == [[case.pk, 5]]
    assert audit.audit().ok
