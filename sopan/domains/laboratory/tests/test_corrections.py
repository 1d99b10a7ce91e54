"""An amendment corrects results: a new version beside the old one, judged by the same rules, printed by the new report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from sopan.core.flow import Refusal
from sopan.domains.laboratory.models import Report, ReportChange, ResultVersion, WorkOrder
from sopan.domains.laboratory.operations import changes, corrections, results
from sopan.domains.laboratory.operations.results import Reading
from sopan.engine import effects
from sopan.engine.models import Case, JournalEntry
from sopan.people.models import User
from tests.standing import standing

from .cast import NOW, Cast, Play, appoint, good_sheet
from .test_changes import ask, decide, released, report, sign

RIGHT = [Reading("50", "g", "50,00003", "50,0009", ""), Reading("100", "g", "100.00002", "100.0002", "stabil")]


@pytest.fixture(scope="module")
def done(built: Cast, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A released report, once for all tests: signing takes a while."""
    folder = tmp_path_factory.mktemp("corrections")
    files = override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "files")
    with files, standing(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        yield released(built)


@pytest.fixture(autouse=True)
def data_folder() -> None:
    """The folder of the module holds: its files belong to the report that all tests share."""


@pytest.fixture
def play(done: Play, db: None) -> Play:
    return done


def work() -> WorkOrder:
    rows = WorkOrder.objects.select_related("item__order__case__procedure", "item__order_item", "laboratory", "analyst")
    return rows.get()


def opened(play: Play, **told: Any) -> ReportChange:
    made = ask(play, what="Penunjukan pada 50 g", corrections={}, works=[work().pk], **told)
    assert isinstance(made, ReportChange), made
    done = decide(play, made)
    assert isinstance(done, ReportChange), done
    return done


def submit(play: Play, **sheet: Any) -> Any:
    return results.submit(work().pk, good_sheet(**{"rows": RIGHT, **sheet}), actor=play.cast.fajar, now=NOW)


def judge(who: User, **told: Any) -> Any:
    return corrections.judge(work(), **{"accept": True, **told}, actor=who, now=NOW)


def code(done: object) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def test_the_new_report_prints_the_new_value_and_the_old_version_is_kept(play: Play) -> None:
    opened(play)
    assert [(one.version, one.state) for one in work().results.all()] == [(1, "approved"), (2, "draft")]
    assert isinstance(submit(play), ResultVersion)
    assert isinstance(judge(play.cast.yusuf), WorkOrder)
    assert not Report.objects.exclude(amends=None).exists()
    assert isinstance(judge(play.cast.agus), WorkOrder)
    assert [(one.version, one.state) for one in work().results.all()] == [(1, "superseded"), (2, "approved")]
    effects.run_due()
    new = Report.objects.select_related("document").get(amends=report())
    assert new.state == "requested", new.fault
    values = [
        [point["indication"] for point in one.snapshot["parts"][0]["tables"][0]["points"]] for one in (report(), new)
    ]
    assert values == [["50,0001", "100.0002"], ["50,0009", "100.0002"]]
    assert new.snapshot["amends"]["what"] == "Penunjukan pada 50 g"
    sign(play, new)
    assert [Report.objects.get(pk=one.pk).state for one in (report(), new)] == ["replaced", "released"]


def test_the_case_may_be_over(play: Play) -> None:
    Case.objects.update(status=Case.Status.FINISHED)
    assert code(submit(play)) == "held"
    opened(play)
    assert isinstance(submit(play), ResultVersion)
    judge(play.cast.yusuf)
    judge(play.cast.agus)
    assert ReportChange.objects.get().amendment is not None


def test_texts_and_results_change_together(play: Play) -> None:
    made = ask(play, corrections={"serial": "SN-9"}, works=[work().pk])
    assert isinstance(made, ReportChange)
    decide(play, made)
    submit(play)
    judge(play.cast.yusuf)
    judge(play.cast.agus)
    new = Report.objects.get(amends=report())
    assert new.snapshot["item"]["supplied"]["serial"] == "SN-9"
    assert new.snapshot["authorised_by"]["name"] == play.cast.agus.full_name


def test_results_are_not_opened_before_the_signer_agrees_nor_by_a_revocation(play: Play) -> None:
    made = ask(play, corrections={}, works=[work().pk])
    assert isinstance(made, ReportChange)
    assert (work().state, work().version) == ("approved", 1)
    assert code(submit(play)) in ("not-measuring", "held")
    decide(play, made, approve=False, remark="Tidak perlu")
    assert (work().state, work().version) == ("approved", 1)
    gone = ask(play, kind="revoke", works=[work().pk])
    assert isinstance(gone, ReportChange)
    decide(play, gone)
    assert work().state == "approved"


def test_work_of_another_instrument_cannot_be_named(play: Play) -> None:
    assert code(ask(play, corrections={}, works=[work().pk + 1])) == "nothing-changes"
    assert code(ask(play, corrections={}, works=[])) == "nothing-changes"


def test_who_judges_a_correction(play: Play) -> None:
    opened(play)
    assert code(judge(play.cast.yusuf)) == "not-found"  # nothing was handed in yet
    submit(play)
    for name in ("fajar", "maya", "ratna", "agus", "hendra", "dewi", "bambang", "rina"):
        assert code(judge(getattr(play.cast, name))) == "not-found", name
    judge(play.cast.yusuf)
    for name in ("fajar", "maya", "ratna", "yusuf", "hendra", "dewi", "bambang", "rina"):
        assert code(judge(getattr(play.cast, name))) == "not-found", name


def test_a_second_position_makes_no_second_person(play: Play) -> None:
    opened(play)
    submit(play)
    appoint(play.cast.fajar, "penyelia-massa-suhu")
    assert code(judge(play.cast.fajar)) == "own-results"
    judge(play.cast.yusuf)
    appoint(play.cast.yusuf, "mt")
    assert code(judge(play.cast.yusuf)) == "own-verification"


def test_another_analyst_does_not_write_the_correction(play: Play) -> None:
    opened(play)
    done = results.submit(work().pk, good_sheet(rows=RIGHT), actor=play.cast.maya, now=NOW)
    assert code(done) == "not-found"


def test_a_correction_is_given_back_with_a_reason_and_the_released_version_stays(play: Play) -> None:
    opened(play)
    submit(play)
    assert isinstance(judge(play.cast.yusuf, accept=False, reason=""), Refusal)
    judge(play.cast.yusuf, accept=False, reason="Periksa titik 50 g")
    assert [(one.version, one.state) for one in work().results.all()] == [
        (1, "approved"), (2, "superseded"), (3, "draft"),
    ]  # fmt: skip
    assert (work().state, work().remark) == ("measuring", "Periksa titik 50 g")


def test_what_the_amendment_would_miss_keeps_it_from_being_made(play: Play) -> None:
    opened(play)
    submit(play, measured_to=date(2026, 11, 23))
    judge(play.cast.yusuf)
    ResultVersion.objects.filter(version=2).update(place="")
    refused = judge(play.cast.agus)
    assert isinstance(refused, Refusal) and "7.8.2.1 c" in refused.message
    assert work().state == "verified"


def test_while_results_are_corrected_no_other_amendment_is_asked_but_a_revocation_is(play: Play) -> None:
    opened(play)
    assert code(ask(play)) == "asked"
    gone = ask(play, kind="revoke")
    assert isinstance(gone, ReportChange)
    decide(play, gone)
    submit(play)
    judge(play.cast.yusuf)
    judge(play.cast.agus)
    assert not Report.objects.exclude(amends=None).exists()  # what is revoked has no amendment


def test_it_is_done_in_the_browser_and_the_journal_tells_it(play: Play, as_: Callable[[User], Client]) -> None:
    cast, pk = play.cast, work().pk
    address = reverse("laboratory:report-changes", args=[report().pk])
    typed = changes.told(report().snapshot) | {
        "kind": "amend",
        "reason": "Salah baca",
        "what": "Titik 50 g",
        "works": pk,
    }
    assert as_(cast.hendra).post(address, typed).status_code == 302
    assert as_(cast.bambang).post(address, {"answer": "ya"}).status_code == 302
    listed, page = reverse("laboratory:corrections"), reverse("laboratory:correction", args=[pk])
    sheet = reverse("laboratory:sheet", args=[pk])
    assert sheet in as_(cast.fajar).get(listed).content.decode()
    assert as_(cast.fajar).get(sheet).status_code == 200
    submit(play)
    assert as_(cast.agus).get(page).status_code == 404
    assert as_(cast.yusuf).post(page, {"answer": "tidak", "reason": ""}).status_code == 422
    assert as_(cast.yusuf).post(page, {"answer": "ya"}).status_code == 302
    assert "50,0009" in as_(cast.agus).get(page).content.decode()
    assert as_(cast.agus).post(page, {"answer": "ya"}).status_code == 302
    told = list(JournalEntry.objects.order_by("pk").values_list("code", flat=True))
    assert told[-6:] == [
        "laboratory.change_asked", "laboratory.correcting", "laboratory.submitted", "laboratory.correction_judged",
        "laboratory.correction_judged", "laboratory.amending",
    ]  # fmt: skip
