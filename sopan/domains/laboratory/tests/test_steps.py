"""The steps of the laboratory, from the counter to the customer."""

from __future__ import annotations

from sopan.core.flow import Refusal
from sopan.documents.models import Number
from sopan.domains.laboratory.models import CustodyEvent, Item, Report, ResultVersion, WorkOrder
from sopan.domains.laboratory.operations import reports
from sopan.domains.laboratory.queries import tracking
from sopan.domains.orders.queries import OTHER_KIND
from sopan.engine.models import JournalEntry
from sopan.engine.operations import Done

from .cast import GAUGE, PASSPHRASE, SCALE, Cast, Play, give_certificate, make_order

W = WorkOrder.State


def test_every_instrument_of_the_order_is_expected_at_the_counter(cast: Cast) -> None:
    play = make_order(cast, SCALE, GAUGE)
    assert [(item.state, item.number) for item in play.items] == [("expected", ""), ("expected", "")]


def test_what_came_gets_a_number_and_goes_to_its_laboratory_the_rest_stays_expected(cast: Cast) -> None:
    play = make_order(cast, SCALE, GAUGE)
    assert isinstance(play.receive(absent=(2,)), Done)
    first, second = play.items
    assert (first.number, first.state, first.condition, first.received_by) == (
        "S-26-0001",
        "in_laboratory",
        "Baik",
        cast.dewi.full_name,
    )
    assert (second.number, second.state) == ("", "expected")
    assert [event.what for event in first.custody.all()] == ["received", "to_laboratory"]
    (work,) = play.works
    assert (work.parameter, work.laboratory.code, work.supervisor, work.state) == (
        "Timbangan elektronik",
        "massa-suhu",
        cast.yusuf,
        W.NEW,
    )
    assert play.task.assignee == cast.yusuf


def test_an_instrument_of_no_listed_kind_is_measured_under_its_own_name(cast: Cast) -> None:
    """A certificate says what was calibrated, not that the tariff has no name for it."""
    play = make_order(cast, {**GAUGE, "kind": OTHER_KIND, "kind_name": "Jenis lain"})
    play.receive()
    assert [work.parameter for work in play.works] == ["Pressure gauge 10 bar"]


def test_nothing_came_and_nothing_is_done(cast: Cast) -> None:
    play = make_order(cast, SCALE, GAUGE)
    refused = play.receive(absent=(1, 2))
    assert isinstance(refused, Refusal)
    assert refused.code == "nothing-came"
    assert not Number.objects.exists()


def test_an_instrument_that_came_needs_a_condition_and_a_laboratory(play: Play) -> None:
    (item,) = play.items
    errors = play.do(play.cast.dewi, typed={f"arrived_{item.pk}": "on", f"condition_{item.pk}": " "})
    assert set(errors) == {f"condition_{item.pk}", f"choice_{item.pk}"}


def test_the_ordinary_way_ends_with_a_signed_and_released_report(cast: Cast) -> None:
    give_certificate(cast.bambang)
    play = make_order(cast, SCALE, SCALE).to("sign_report")
    assert play.task.assignee == cast.bambang
    shown = play.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": _shown(play)})
    assert isinstance(shown, Done), shown
    done = play.do(cast.dewi, "ya", typed={"number": "on", "customer": "on", "pages": "on"})
    assert isinstance(done, Done), done
    assert done.ended == "finished"
    found = list(Report.objects.order_by("pk"))
    assert [report.state for report in found] == ["released", "released"]
    assert [report.number for report in found] == ["0001/LHU-KAL/BSPJI-PLG/XI/2026", "0002/LHU-KAL/BSPJI-PLG/XI/2026"]
    assert all(verdict.valid for verdict in reports.judged(play.order).values())
    assert {item.state for item in play.items} == {Item.State.READY_TO_RETURN}
    assert [event.text for event in tracking(play.order)][-1].endswith("sudah terbit.")


def _shown(play: Play) -> str:
    import json

    return json.dumps({report.pk: report.document.unsigned_sha256 for report in Report.objects.all()})


def test_the_manager_gives_the_choice_of_analysts_back_with_a_reason(play: Play) -> None:
    play.to("confirm_assignment")
    assert play.do(play.cast.agus, "tidak").code == "reason"
    play.do(play.cast.agus, "tidak", reason="Fajar sedang dinas luar")
    (work,) = play.works
    assert (work.state, work.analyst, work.remark) == (W.NEW, play.cast.fajar, "Fajar sedang dinas luar")
    play.assign({1: play.cast.maya})
    play.confirm()
    assert play.works[0].analyst == play.cast.maya


def test_returned_results_are_kept_and_the_work_goes_on_in_a_copy(play: Play) -> None:
    play.to("verify_results")
    (work,) = play.works
    assert isinstance(
        play.do(play.cast.yusuf, "tidak", typed={f"return_{work.pk}": "on"}, reason="Titik 100 diulang"), Done
    )
    (work,) = play.works
    assert (work.state, work.version, work.remark) == (W.MEASURING, 2, "Titik 100 diulang")
    old, new = work.results.order_by("version")
    assert (old.state, new.state) == (ResultVersion.State.SUPERSEDED, ResultVersion.State.DRAFT)
    typed = [[row.reference_text for row in version.observations.all()] for version in (old, new)]
    assert typed == [["50,00003", "100.00002"], ["50,00003", "100.00002"]]
    assert [(v.level, v.decision, v.reason) for v in old.verifications.all()] == [(1, "returned", "Titik 100 diulang")]
    play.to("number_report")
    assert play.works[0].results.get(state="approved").version == 2


def test_only_the_marked_results_go_back_and_the_others_wait(cast: Cast) -> None:
    play = make_order(cast, SCALE, SCALE).to("verify_results")
    first, second = play.works
    play.do(cast.yusuf, "tidak", typed={f"return_{second.pk}": "on"}, reason="Ulangi")
    assert [work.state for work in play.works] == [W.SUBMITTED, W.MEASURING]
    play.to("validate_results")
    assert [(work.state, work.version) for work in play.works] == [(W.VERIFIED, 1), (W.VERIFIED, 2)]


def test_marks_and_yes_contradict_each_other(cast: Cast) -> None:
    play = make_order(cast, SCALE, SCALE).to("verify_results")
    assert play.do(cast.yusuf, "ya", typed={f"return_{play.works[0].pk}": "on"}).code == "marked"
    assert play.do(cast.yusuf, "tidak", reason="Ulangi").code == "nothing-marked"
    assert {work.state for work in play.works} == {W.SUBMITTED}


def test_the_manager_returns_results_and_both_judgements_are_made_again(play: Play) -> None:
    play.to("validate_results")
    play.do(play.cast.agus, "tidak", typed={f"return_{play.works[0].pk}": "on"}, reason="Suhu di luar batas")
    assert (play.works[0].state, play.works[0].version) == (W.MEASURING, 2)
    play.to("number_report")
    levels = [(v.result.version, v.level, v.decision) for v in _verifications(play)]
    assert levels == [(1, 1, "accepted"), (1, 2, "returned"), (2, 1, "accepted"), (2, 2, "accepted")]


def _verifications(play: Play) -> list:
    from sopan.domains.laboratory.models import Verification

    return list(Verification.objects.filter(result__work_order__item__order=play.order).order_by("pk"))


def test_a_step_back_over_all_opens_all_results_again(play: Play) -> None:
    from sopan.engine import operations

    play.to("number_report")
    done = operations.send_back(
        play.task.pk, actor=play.cast.hendra, to_step="14", reason="Standar salah", now=play.now
    )
    assert isinstance(done, Done), done
    assert (play.works[0].state, play.works[0].version) == (W.MEASURING, 2)
    play.to("number_report")
    assert isinstance(play.number(), Done)


def test_a_late_instrument_is_received_beside_the_step_and_holds_the_order_up(cast: Cast, as_) -> None:
    play = make_order(cast, SCALE, GAUGE)
    play.receive(absent=(2,))
    play.to("enter_results")
    late = play.items[1]
    choice = f"{play.works[0].laboratory_id}:{cast.yusuf.pk}"
    answer = as_(cast.dewi).post(
        f"/laboratorium/sampel/{late.pk}/terima/",
        {f"arrived_{late.pk}": "on", f"condition_{late.pk}": "Baik", f"choice_{late.pk}": choice},
    )
    assert answer.status_code == 302, answer.content.decode()
    work = play.works[1]
    assert (work.item.number, work.state) == ("S-26-0002", W.NEW)
    play.submit(play.works[0])
    assert play.do(cast.fajar).code == "not-submitted"
    typed = {f"checked_{work.item_id}": "on", f"parameter_{work.pk}": "Tekanan", f"analyst_{work.pk}": cast.maya.pk}
    assert as_(cast.yusuf).post(f"/laboratorium/pekerjaan/{work.pk}/analis/", typed).status_code == 302
    assert as_(cast.agus).post(f"/laboratorium/pekerjaan/{work.pk}/persetujuan/", {"answer": "ya"}).status_code == 302
    work = play.works[1]
    assert (work.state, work.analyst, work.parameter) == (W.CONFIRMED, cast.maya, "Tekanan")
    play.submit(work)
    assert isinstance(play.do(cast.fajar), Done)
    codes = list(
        JournalEntry.objects.filter(case=play.case, code__startswith="laboratory.").values_list("code", flat=True)
    )
    assert codes == [
        "laboratory.received_late",
        "laboratory.submitted",
        "laboratory.assigned_late",
        "laboratory.confirmed_late",
        "laboratory.submitted",
    ]


def test_after_the_report_numbers_an_instrument_comes_too_late(cast: Cast, as_) -> None:
    play = make_order(cast, SCALE, GAUGE)
    play.receive(absent=(2,))
    play.to("render_report")
    late = play.items[1]
    choice = f"{play.works[0].laboratory_id}:{cast.yusuf.pk}"
    typed = {f"arrived_{late.pk}": "on", f"condition_{late.pk}": "Baik", f"choice_{late.pk}": choice}
    answer = as_(cast.dewi).post(f"/laboratorium/sampel/{late.pk}/terima/", typed)
    assert answer.status_code == 409
    assert Item.objects.get(pk=late.pk).number == ""
    assert Report.objects.count() == 1


def test_two_laboratories_choose_and_verify_each_for_itself(cast: Cast, as_) -> None:
    play = make_order(cast, SCALE, GAUGE)
    play.receive(to={2: "dimensi-tekanan"})
    assert play.task.assignee is None
    mine = play.assignments({1: cast.fajar})
    assert play.do(cast.yusuf, typed=mine).code == "others"
    assert as_(cast.yusuf).post(f"/laboratorium/tugas/{play.task.pk}/analis/", mine).status_code == 302
    assert [work.state for work in play.works] == [W.ASSIGNED, W.NEW]
    assert isinstance(play.do(cast.ratna, typed=play.assignments({2: cast.rizki})), Done)
    play.to("verify_results")
    assert play.do(cast.yusuf, "ya").code == "missing"
    assert as_(cast.yusuf).post(f"/laboratorium/tugas/{play.task.pk}/verifikasi/").status_code == 302
    assert [work.state for work in play.works] == [W.VERIFIED, W.SUBMITTED]
    assert isinstance(play.do(cast.ratna, "ya"), Done)
    play.to("number_report")


def test_one_parameter_more_is_one_more_work_order(play: Play) -> None:
    play.to("assign_analysts")
    typed = play.assignments({1: play.cast.fajar})
    item = play.items[0].pk
    errors = play.do(play.cast.yusuf, typed=typed | {f"more_parameter_{item}": "Repeatability"})
    assert set(errors) == {f"more_analyst_{item}"}
    more = {f"more_parameter_{item}": "Repeatability", f"more_analyst_{item}": play.cast.maya.pk}
    assert isinstance(play.do(play.cast.yusuf, typed=typed | more), Done)
    assert [(w.parameter, w.analyst, w.state) for w in play.works] == [
        ("Timbangan elektronik", play.cast.fajar, W.ASSIGNED),
        ("Repeatability", play.cast.maya, W.ASSIGNED),
    ]


def test_an_instrument_is_given_back_once(cast: Cast, as_) -> None:
    give_certificate(cast.bambang)
    play = make_order(cast).to("sign_report")
    item = play.items[0]
    assert as_(cast.dewi).post(f"/laboratorium/sampel/{item.pk}/serahkan/", {"receiver": "Rina"}).status_code == 409
    play.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": _shown(play)})
    play.do(cast.dewi, "ya", typed={"number": "on", "customer": "on", "pages": "on"})
    assert as_(cast.dewi).post(f"/laboratorium/sampel/{item.pk}/serahkan/", {"receiver": "Rina"}).status_code == 302
    assert as_(cast.dewi).post(f"/laboratorium/sampel/{item.pk}/serahkan/", {"receiver": "Rina"}).status_code == 409
    returned = CustodyEvent.objects.filter(item=item, what="returned")
    assert [event.detail for event in returned] == ["Rina"]
