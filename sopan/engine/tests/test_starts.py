"""How cases begin: by hand for those who may, by the calendar once a period, after another case exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import CatalogueEntry, StartRule
from sopan.catalogue.operations import bind, publish
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.engine import effects, operations, starts
from sopan.engine.audit import audit
from sopan.engine.models import CalendarMark, Case, Effect, Task
from sopan.engine.timeline import entries
from sopan.people.models import Institution

from .cast import NOW, SMALL, Cast

pytestmark = pytest.mark.django_db
REPORT = """
format: 1
identity: {number: SOP 2, name: Laporan}
actors: {clerk: {name: Petugas}, head: {name: Kepala}}
steps:
  - {no: 1, actor: clerk, activity: Menyusun laporan, time: 30 Menit}
  - {no: 2, actor: head, activity: Menandatangani laporan, time: 30 Menit, end: finished}
"""
OUTSIDE = """
format: 1
identity: {number: SOP 3, name: Rekomendasi}
actors: {pemohon: {name: PEMOHON, kind: outside}, clerk: {name: Petugas}, head: {name: Kepala}}
steps:
  - {no: 1, actor: pemohon, activity: Mengajukan, time: 10 Menit}
  - {no: 2, actor: clerk, activity: Memeriksa, time: 30 Menit}
  - {no: 3, actor: head, activity: Menyetujui, time: 30 Menit, end: finished}
"""
BOUND = {"clerk": ["clerk"], "head": ["head"]}


def offered(
    body: Institution, slug: str, text: str, starts: list[dict[str, Any]], bound: Any = BOUND
) -> CatalogueEntry:
    """A procedure of the list, published, with its bindings and rules."""
    procedure = load(text, file=f"{slug}.yaml")
    assert isinstance(procedure, Procedure), procedure
    publish(procedure, institution=body, now=NOW - timedelta(days=400))
    bind(slug, bound, institution=body)
    load_entries(body, {"entries": [{"procedure": slug, "name": procedure.identity.name, "starts": starts}]})
    return CatalogueEntry.objects.get(institution=body, slug=slug)


def report(cast: Cast, *rules: dict[str, Any], **more: Any) -> CatalogueEntry:
    return offered(cast.institution, "laporan", REPORT, list(rules), **more)


def code(done: object) -> str:
    return done.code if isinstance(done, Refusal) else "started"


# By hand --------------------------------------------------------------------------------------------------------------


def test_only_holders_of_the_first_step_may_start(cast: Cast) -> None:
    report(cast, {"by": "person"})
    people = {name: getattr(cast, name) for name in ("ana", "budi", "citra", "vera", "hasan", "rina", "tono")}
    seen = {name for name, person in people.items() if starts.offers(person, now=NOW)}
    assert seen == {"ana", "budi"}
    told = {name: code(starts.begin(person, "laporan", title="x", now=NOW)) for name, person in people.items()}
    assert told == dict.fromkeys(people, "not-found") | {"ana": "started", "budi": "started"}
    assert Case.objects.count() == 2


def test_what_is_switched_off_or_not_in_force_is_not_offered(cast: Cast) -> None:
    entry = report(cast, {"by": "person"})
    assert len(starts.offers(cast.ana, now=NOW)) == 1
    assert starts.offers(cast.ana, now=NOW - timedelta(days=500)) == []
    entry.starts.update(active=False)
    assert starts.offers(cast.ana, now=NOW) == []
    assert code(starts.begin(cast.ana, "laporan", title="x", now=NOW)) == "not-found"


def test_a_case_tells_who_started_it_in_which_position(cast: Cast) -> None:
    report(cast, {"by": "person"})
    case = starts.begin(cast.ana, "laporan", title="Laporan November", now=NOW)
    assert isinstance(case, Case)
    row = case.journal.get(seq=1)
    assert (row.code, row.name, row.position, row.data["by"]) == ("started", "Ana", "Petugas Loket", "person")
    assert case.title == "Laporan November"
    assert audit().ok


def test_the_second_press_gives_the_same_case(cast: Cast) -> None:
    report(cast, {"by": "person"})
    one = starts.begin(cast.ana, "laporan", title="x", form_key="k" * 32, now=NOW)
    two = starts.begin(cast.ana, "laporan", title="x", form_key="k" * 32, now=NOW)
    other = starts.begin(cast.budi, "laporan", title="x", form_key="k" * 32, now=NOW)
    assert one == two != other
    assert Case.objects.count() == 2


def test_a_procedure_that_would_get_stuck_is_refused_with_the_reason(cast: Cast) -> None:
    report(cast, {"by": "person"}, bound={"clerk": ["clerk"]})
    no = starts.begin(cast.ana, "laporan", title="x", now=NOW)
    assert isinstance(no, Refusal)
    assert no.code == "unbound" and "Kepala" in no.message
    assert not Case.objects.exists()


def test_a_customer_starts_for_his_own_company_alone(cast: Cast) -> None:
    offered(cast.institution, "surat", SMALL, [{"by": "customer"}])
    assert [offer.entry.slug for offer in starts.offers(cast.rina, now=NOW)] == ["surat"]
    assert starts.offers(cast.ana, now=NOW) == []
    case = starts.begin(cast.rina, "surat", title="Surat", now=NOW)
    assert isinstance(case, Case)
    assert (case.company, case.subject) == (cast.company, "PT Contoh")
    assert code(starts.begin(cast.rina, "surat", title="x", company=cast.tono.company, now=NOW)) == "not-found"


def test_a_company_of_another_institution_does_not_exist(cast: Cast) -> None:
    offered(cast.institution, "surat", SMALL, [{"by": "person"}])
    away = Institution.objects.create(code="lain", name="Lain", short_name="Lain")
    foreign = away.companies.create(name="PT Asing")
    assert code(starts.begin(cast.ana, "surat", title="x", company=foreign, now=NOW)) == "not-found"


# For somebody outside -------------------------------------------------------------------------------------------------


def test_staff_record_what_somebody_outside_does_and_it_is_told(cast: Cast) -> None:
    offered(cast.institution, "rekomendasi", OUTSIDE, [{"by": "person"}])
    offer = starts.offers(cast.ana, now=NOW)[0]
    assert offer.on_behalf == "PEMOHON"
    assert starts.offers(cast.citra, now=NOW) == []
    case = starts.begin(cast.ana, "rekomendasi", title="Rekomendasi", now=NOW)
    assert isinstance(case, Case)
    task = Task.objects.get(case=case, status="open")
    for person in (cast.citra, cast.vera, cast.hasan, cast.rina):
        assert code(operations.complete(task.pk, actor=person, now=NOW)) == "not-found"
    assert isinstance(operations.complete(task.pk, actor=cast.budi, now=NOW), operations.Done)
    told = [one.title for one in entries(case)]
    assert told == ["Selesai langkah 1, Mengajukan (dicatat atas nama PEMOHON)", "Kasus dimulai atas nama PEMOHON"]
    assert audit().ok


def test_a_customer_with_an_account_acts_himself(cast: Cast) -> None:
    offered(cast.institution, "surat", SMALL, [{"by": "person"}])
    his = starts.begin(cast.ana, "surat", title="x", company=cast.company, now=NOW)
    walked_in = starts.begin(cast.ana, "surat", title="x", now=NOW)
    assert isinstance(his, Case) and isinstance(walked_in, Case)
    assert code(operations.complete(his.tasks.get().pk, actor=cast.ana, now=NOW)) == "not-found"
    assert code(operations.complete(walked_in.tasks.get().pk, actor=cast.rina, now=NOW)) == "not-found"
    assert isinstance(operations.complete(his.tasks.get().pk, actor=cast.rina, now=NOW), operations.Done)
    assert isinstance(operations.complete(walked_in.tasks.get().pk, actor=cast.ana, now=NOW), operations.Done)


def test_who_records_may_end_a_case_nobody_has_touched(cast: Cast) -> None:
    offered(cast.institution, "rekomendasi", OUTSIDE, [{"by": "person"}])
    case = starts.begin(cast.ana, "rekomendasi", title="x", now=NOW)
    assert isinstance(case, Case)
    assert code(operations.cancel(case.pk, actor=cast.citra, reason="salah", now=NOW)) == "not-holding"
    assert isinstance(operations.cancel(case.pk, actor=cast.ana, reason="salah", now=NOW), operations.Done)


# By the calendar ------------------------------------------------------------------------------------------------------


def at(day: int, hour: int = 9, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour - 7, tzinfo=UTC)


def test_a_month_starts_once_when_the_office_opens(cast: Cast) -> None:
    rule = report(cast, {"by": "calendar", "every": "month"}).starts.get()
    starts.start_by_calendar(NOW)  # first seen: November has begun before
    starts.start_by_calendar(at(1, 7))
    assert not Case.objects.exists()
    for _ in range(3):
        starts.start_by_calendar(at(1, 8))
    case = Case.objects.get()
    assert (case.title, case.start_key) == ("Desember 2026", f"calendar:{rule.pk}:2026-12")
    assert "missed" not in case.journal.get().data
    assert starts.next_of(rule, cast.institution, now=at(1, 8)).key == "2027-01"  # type: ignore[union-attr]
    assert audit().ok


def test_two_workers_at_the_border_of_a_period_start_one_case(cast: Cast) -> None:
    rule = report(cast, {"by": "calendar", "every": "month"}).starts.get()
    starts.follow(rule, now=NOW)
    stale = CalendarMark.objects.get()
    first = starts.follow(rule, now=at(1, 8))
    CalendarMark.objects.update(upto=stale.upto)  # as the other one had read it before
    second = starts.follow(rule, now=at(1, 8))
    assert first == second
    assert Case.objects.count() == 1


def test_after_an_outage_the_current_period_begins_and_the_missed_ones_are_told(cast: Cast) -> None:
    rule = report(cast, {"by": "calendar", "every": "month"}).starts.get()
    starts.follow(rule, now=datetime(2026, 8, 20, 2, tzinfo=UTC))
    case = starts.follow(rule, now=at(3))
    assert isinstance(case, Case)
    assert case.title == "Desember 2026"
    assert Case.objects.count() == 1
    assert CalendarMark.objects.get().missed == ["2026-09", "2026-10", "2026-11"]
    assert entries(case)[0].title == "Kasus dimulai oleh kalender untuk Desember 2026. 3 periode sebelumnya terlewat"


def test_a_rule_that_the_document_does_not_tell_waits_to_be_switched_on(cast: Cast) -> None:
    rule = report(cast, {"by": "calendar", "every": "working_day", "inferred": True}).starts.get()
    assert rule.active is False
    starts.start_by_calendar(at(1))
    starts.start_by_calendar(at(2))
    assert not Case.objects.exists()
    StartRule.objects.update(active=True)
    starts.switched_on(rule, now=at(2, 12))
    starts.start_by_calendar(at(2, 15))
    assert not Case.objects.exists()
    starts.start_by_calendar(at(3))
    assert Case.objects.get().title == "3 Desember 2026"


def test_what_cannot_begin_is_told_at_the_rule_and_begins_when_it_can(cast: Cast) -> None:
    entry = report(cast, {"by": "calendar", "every": "month"}, bound={"clerk": ["clerk"]})
    starts.start_by_calendar(NOW)
    starts.start_by_calendar(at(1))
    mark = CalendarMark.objects.get()
    assert "Kepala" in mark.problem
    assert not Case.objects.exists()
    bind(entry.slug, {"head": ["head"]}, institution=cast.institution)
    starts.start_by_calendar(at(2))
    assert Case.objects.get().title == "Desember 2026"
    mark.refresh_from_db()
    assert (mark.problem, mark.period) == ("", "2026-12")


def test_a_rule_that_fails_does_not_hold_up_the_others(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="sopan.worker")
    entry = report(cast, {"by": "calendar", "every": "month"})
    first = entry.starts.get()
    StartRule.objects.create(entry=entry, by="calendar", every="never")
    StartRule.objects.create(entry=entry, by="calendar", every="month")
    first.delete()
    starts.start_by_calendar(NOW)
    starts.start_by_calendar(at(1))
    assert Case.objects.count() == 1


# After another case ---------------------------------------------------------------------------------------------------


def finish(case: Case, cast: Cast) -> None:
    for person in (cast.ana, cast.citra):
        done = operations.complete(Task.objects.get(case=case, status="open").pk, actor=person, now=timezone.now())
        assert isinstance(done, operations.Done), done


@pytest.fixture
def chained(cast: Cast) -> Case:
    offered(cast.institution, "rekomendasi", OUTSIDE, [{"by": "procedure", "after": "laporan"}])
    report(cast, {"by": "person"})
    case = starts.begin(cast.ana, "laporan", title="Laporan", now=timezone.now())
    assert isinstance(case, Case)
    return case


def test_a_finished_case_is_followed_by_one_and_both_tell_it(cast: Cast, chained: Case) -> None:
    finish(chained, cast)
    effects.run_due()
    following = Case.objects.get(procedure__slug="rekomendasi")
    assert following.after == chained
    assert list(chained.followed_by.all()) == [following]
    assert f"Dilanjutkan dengan {following}" in entries(chained)[0].title
    assert entries(following)[0].title == f"Kasus dimulai setelah {chained} selesai"
    assert audit().ok


def test_the_effect_run_twice_starts_one_case(cast: Cast, chained: Case) -> None:
    finish(chained, cast)
    effects.run_due()
    Effect.objects.update(status="waiting")
    effects.run_due()
    assert Case.objects.filter(procedure__slug="rekomendasi").count() == 1


def test_a_withdrawn_case_is_followed_by_nothing(cast: Cast, chained: Case) -> None:
    operations.cancel(chained.pk, actor=cast.ana, reason="tidak jadi", now=timezone.now())
    assert not Effect.objects.exists()


def test_what_cannot_follow_is_kept_as_failed_work_and_can_be_tried_again(cast: Cast, chained: Case) -> None:
    cast.institution.bindings.get(slug="rekomendasi", actor="head").positions.clear()
    finish(chained, cast)
    effect = effects.claim(worker="w", now=timezone.now())
    assert effect is not None and effects.run(effect) is False
    effect.refresh_from_db()
    assert "Kepala" in effect.error
    assert not Case.objects.filter(procedure__slug="rekomendasi").exists()
    bind("rekomendasi", BOUND, institution=cast.institution)
    Effect.objects.update(run_after=timezone.now())
    effects.run_due()
    assert Case.objects.filter(procedure__slug="rekomendasi").count() == 1
