"""Who may do what in the laboratory: each rule with somebody who tries to break it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from sopan.core.flow import Refusal
from sopan.domains.laboratory import access
from sopan.domains.laboratory.models import (
    Item,
    Laboratory,
    Observation,
    Report,
    ResultVersion,
    Verification,
    WorkOrder,
)
from sopan.domains.laboratory.operations import judging, results
from sopan.domains.laboratory.queries import signer
from sopan.engine.models import Draft, Effect, JournalEntry, Task
from sopan.engine.operations import Done

from .cast import GAUGE, NOW, PASSPHRASE, SCALE, Cast, Play, appoint, give_certificate, good_sheet, make_order

PEOPLE = ("dewi", "hendra", "yusuf", "ratna", "agus", "fajar", "maya", "rizki", "bambang", "rina", "tono")
MODELS = (Item, WorkOrder, ResultVersion, Observation, Verification, Report, JournalEntry, Task, Effect)


def everything() -> list[list[dict]]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.fixture
def measuring(play: Play) -> Play:
    return play.to("enter_results")


# The addresses -------------------------------------------------------------------------------------------------------

ADDRESSES = {  # address -> who gets further than "not found", at step 14 with Fajar's work order
    "/laboratorium/pekerjaan/{work}/": {"fajar"},
    "/laboratorium/pekerjaan/{work}/konsep/": {"fajar"},
    "/laboratorium/pekerjaan/{work}/hasil/": {"fajar", "yusuf", "agus", "hendra"},
    "/laboratorium/pekerjaan/{work}/analis/": {"yusuf"},
    "/laboratorium/pekerjaan/{work}/persetujuan/": {"agus"},
    "/laboratorium/tugas/{task}/analis/": set(),
    "/laboratorium/tugas/{task}/verifikasi/": set(),
    "/laboratorium/sampel/{item}/": {"dewi", "hendra", "yusuf", "ratna", "agus", "fajar", "maya", "rizki", "bambang"},
    "/laboratorium/sampel/{item}/terima/": {"dewi"},
    "/laboratorium/sampel/{item}/serahkan/": {"dewi"},
    "/laboratorium/kasus/{case}/label/": {
        "dewi",
        "hendra",
        "yusuf",
        "ratna",
        "agus",
        "fajar",
        "maya",
        "rizki",
        "bambang",
    },
    "/laboratorium/kasus/{case}/cetak/": {"dewi"},
    "/laboratorium/kasus/{case}/laporan/": {"dewi"},
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_else_is_told_that_it_does_not_exist_and_nothing_changes(measuring: Play, address: str, as_) -> None:
    keys = {
        "work": measuring.works[0].pk,
        "task": measuring.task.pk,
        "item": measuring.items[0].pk,
        "case": measuring.case.pk,
    }
    url = address.format(**keys)
    before = everything()
    for name in PEOPLE:
        for method in ("get", "post"):
            status = getattr(as_(getattr(measuring.cast, name)), method)(url).status_code
            if name in ADDRESSES[address]:
                assert status in (200, 302, 405, 409, 422), (name, method, status)
            else:
                assert status in (404, 405), (name, method, status)
    nothing = everything()
    if not address.endswith(("pekerjaan/{work}/", "konsep/")):  # Fajar's own empty draft is his to save
        assert nothing == before


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_is_not_logged_in_is_sent_to_the_log_in(measuring: Play, address: str) -> None:
    keys = {
        "work": measuring.works[0].pk,
        "task": measuring.task.pk,
        "item": measuring.items[0].pk,
        "case": measuring.case.pk,
    }
    answer = Client().post(address.format(**keys))
    assert answer.status_code in (302, 405)
    if answer.status_code == 302:
        assert "/akun/" in answer.url


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("key", [99, 2**63, 10**30])
def test_what_is_not_there_is_not_found(cast: Cast, address: str, key: int, as_) -> None:
    url = address.format(work=key, task=key, item=key, case=key)
    for name in ("dewi", "fajar", "yusuf", "agus"):
        assert as_(getattr(cast, name)).post(url).status_code in (404, 405)


# Measuring -----------------------------------------------------------------------------------------------------------


def test_an_analyst_of_the_same_laboratory_cannot_write_into_anothers_sheet(measuring: Play) -> None:
    work = measuring.works[0]
    for person in (
        measuring.cast.maya,
        measuring.cast.rizki,
        measuring.cast.yusuf,
        measuring.cast.agus,
        measuring.cast.rina,
    ):
        refused = measuring.submit(work, person=person)
        assert isinstance(refused, Refusal)
        assert refused.code == "not-found"
    assert not ResultVersion.objects.exists()


def test_an_analyst_of_another_laboratory_cannot_be_chosen(play: Play) -> None:
    play.to("assign_analysts")
    work = play.works[0]
    assert f"analyst_{work.pk}" in play.assign({1: play.cast.rizki})  # not among the choices
    assert access.may_measure(work, analyst=play.cast.rizki, now=NOW).code == "other-laboratory"


def test_the_penyelia_cannot_choose_himself(play: Play) -> None:
    appoint(play.cast.yusuf, "analis-massa-suhu")
    play.to("assign_analysts")
    assert f"analyst_{play.works[0].pk}" in play.assign({1: play.cast.yusuf})
    assert access.may_measure(play.works[0], analyst=play.cast.yusuf, now=NOW).code == "own-verification"


def test_an_analyst_whose_appointment_ended_writes_no_more(measuring: Play) -> None:
    measuring.cast.fajar.appointments.update(valid_to=NOW - timedelta(minutes=1))
    assert measuring.submit(measuring.works[0]).code == "not-found"


def test_nobody_measures_before_the_choice_is_confirmed(play: Play) -> None:
    play.to("confirm_assignment")
    assert play.submit(play.works[0]).code == "not-measuring"


def test_an_analyst_cannot_finish_the_step_for_work_that_is_not_his(cast: Cast) -> None:
    play = make_order(cast).to("enter_results")
    play.submit(play.works[0])
    Task.objects.filter(pk=play.task.pk).update(assignee=None)
    assert play.do(cast.maya).code == "other-analyst"
    assert isinstance(play.do(cast.fajar), Done)


def test_the_step_waits_for_the_results_of_every_analyst(cast: Cast) -> None:
    play = make_order(cast, SCALE, SCALE).to("assign_analysts")
    play.assign({1: cast.fajar, 2: cast.maya})
    play.confirm()
    assert play.task.assignee is None
    play.submit(play.works[0])
    refused = play.do(cast.fajar)
    assert refused.code == "not-submitted"
    assert "S-26-0002" in refused.message


# Judging -------------------------------------------------------------------------------------------------------------


def test_who_measured_cannot_verify_through_a_second_position(play: Play) -> None:
    appoint(play.cast.fajar, "penyelia-massa-suhu")
    play.to("verify_results")
    Task.objects.filter(case=play.case, step="14").update(
        completed_by=play.cast.maya
    )  # so that the engine's own rule is silent
    Task.objects.filter(pk=play.task.pk).update(assignee=None)
    assert play.do(play.cast.fajar, "ya").code == "own-results"
    work = play.works[0]
    assert play.do(play.cast.fajar, "tidak", typed={f"return_{work.pk}": "on"}, reason="Ulangi").code == "own-results"
    assert work.state == WorkOrder.State.SUBMITTED


def test_who_typed_a_single_row_of_an_earlier_version_cannot_verify(play: Play) -> None:
    play.to("enter_results")
    work = play.works[0]
    WorkOrder.objects.filter(pk=work.pk).update(analyst=play.cast.maya)
    results.save(work.pk, good_sheet(), actor=play.cast.maya, now=NOW)
    WorkOrder.objects.filter(pk=work.pk).update(analyst=play.cast.fajar)
    play.measure()
    appoint(play.cast.maya, "penyelia-massa-suhu")
    Task.objects.filter(pk=play.task.pk).update(assignee=None)
    assert play.do(play.cast.maya, "ya").code == "own-results"


def test_a_penyelia_of_another_laboratory_cannot_verify(play: Play) -> None:
    play.to("verify_results")
    Task.objects.filter(pk=play.task.pk).update(assignee=None)
    assert play.do(play.cast.ratna, "ya").code == "other-laboratory"
    assert play.do(play.cast.ratna, "tidak", reason="Ulangi").code == "other-laboratory"


def test_a_penyelia_of_another_laboratory_keeps_no_part_of_a_verification(play: Play, as_) -> None:
    play.to("verify_results")
    as_(play.cast.ratna).post(f"/laboratorium/tugas/{play.task.pk}/verifikasi/")
    assert not Verification.objects.exists()
    assert play.works[0].state == WorkOrder.State.SUBMITTED


def test_who_verified_or_measured_cannot_validate(play: Play) -> None:
    for person in (play.cast.yusuf, play.cast.fajar):
        appoint(person, "mt")
    play.to("validate_results")
    Task.objects.filter(case=play.case, status="done").update(completed_by=play.cast.dewi)
    assert play.do(play.cast.yusuf, "ya").code == "own-verification"
    assert play.do(play.cast.fajar, "ya").code == "own-results"
    assert isinstance(play.do(play.cast.agus, "ya"), Done)


def test_the_manager_does_not_confirm_his_own_appointment_as_analyst(play: Play) -> None:
    appoint(play.cast.agus, "analis-massa-suhu")
    play.to("assign_analysts")
    play.assign({1: play.cast.agus})
    assert play.do(play.cast.agus, "ya").code == "own-results"


def test_results_are_accepted_once(play: Play) -> None:
    play.to("verify_results")
    works = play.works
    play.verify()
    acting = access.supervises(play.cast.yusuf, works[0], now=NOW)
    assert judging.accept(works, level=1, acting=acting, now=NOW).code == "changed"
    assert Verification.objects.count() == 1


# Numbers, printing, signing ------------------------------------------------------------------------------------------


def test_nothing_is_numbered_before_all_is_approved(play: Play) -> None:
    play.to("number_report")
    WorkOrder.objects.update(state=WorkOrder.State.VERIFIED)
    assert play.number().code == "not-approved"
    assert not Report.objects.exists()


def test_no_signature_is_asked_for_before_printing(play: Play) -> None:
    play.to("render_report")
    assert play.request().code == "not-rendered"


def test_printing_is_asked_for_once_however_often_it_is_pressed(play: Play, as_) -> None:
    play.to("render_report")
    for _press in range(3):
        as_(play.cast.dewi).post(f"/laboratorium/kasus/{play.case.pk}/cetak/")
    assert Effect.objects.filter(key="laboratory.render_report").count() == 1


def sign(play: Play, person=None, *, passphrase: str = PASSPHRASE, shown: dict | None = None):
    hashes = {report.pk: report.document.unsigned_sha256 for report in Report.objects.exclude(state="replaced")}
    typed = {"passphrase": passphrase, "shown": json.dumps(hashes if shown is None else shown)}
    return play.do(person or play.cast.bambang, "ya", typed=typed)


@pytest.fixture
def signing(play: Play) -> Play:
    give_certificate(play.cast.bambang)
    return play.to("sign_report")


def test_a_wrong_passphrase_is_told_at_its_field_changes_nothing_and_is_kept_nowhere(signing: Play, caplog) -> None:
    before = everything()
    refused = sign(signing, passphrase="Salah-Sekali-77")
    assert (refused.code, refused.field) == ("wrong-passphrase", "passphrase")
    assert everything() == before
    kept = json.dumps([list(m.objects.values()) for m in (*MODELS, Draft)], default=str) + caplog.text
    assert "Salah-Sekali-77" not in kept
    assert isinstance(sign(signing), Done)
    assert PASSPHRASE not in json.dumps([list(m.objects.values()) for m in (*MODELS, Draft)], default=str) + caplog.text


def test_an_empty_passphrase_is_told_at_its_field(signing: Play) -> None:
    assert sign(signing, passphrase="").field == "passphrase"


@pytest.mark.parametrize("shown", [{}, {"x": 1}, [], None])
def test_bytes_that_were_not_shown_are_not_signed(signing: Play, shown: object) -> None:
    typed = {"passphrase": PASSPHRASE, "shown": json.dumps(shown)}
    assert signing.do(signing.cast.bambang, "ya", typed=typed).code == "changed"
    assert Report.objects.get().document.status == "awaiting_signature"


def test_the_plh_signs_while_the_head_is_away(signing: Play) -> None:
    appoint(signing.cast.hendra, "kepala-balai", kind="plh", letter="PRIN-7")
    give_certificate(signing.cast.hendra)
    found = signer(signing.case, now=NOW)
    assert (found.person, found.title) == (signing.cast.hendra, "Plh. Kepala Balai")
    Task.objects.filter(pk=signing.task.pk).update(assignee=None)
    assert sign(signing).code == "not-signer"
    assert isinstance(sign(signing, signing.cast.hendra), Done)
    signature = Report.objects.get().document.signatures.get(role="signs")
    assert (signature.position, signature.letter) == ("Plh. Kepala Balai", "PRIN-7")


def test_after_a_return_from_the_head_the_reports_are_printed_anew(signing: Play) -> None:
    assert isinstance(signing.do(signing.cast.bambang, "tidak", reason="Salah ketik nama"), Done)
    assert signing.request().code == "not-rendered"
    signing.to("sign_report")
    assert isinstance(sign(signing), Done)
    assert [(r.version, r.state) for r in Report.objects.all()] == [(1, "signed")]


def test_a_report_drawn_back_at_the_last_check_gets_a_new_version_and_the_old_is_never_public(signing: Play) -> None:
    sign(signing)
    old = Report.objects.get().document
    assert isinstance(signing.do(signing.cast.dewi, "tidak", reason="Alamat pelanggan salah"), Done)
    signing.to("sign_report")
    sign(signing)
    done = signing.do(signing.cast.dewi, "ya", typed={"number": "on", "customer": "on", "pages": "on"})
    assert isinstance(done, Done), done
    first, second = Report.objects.order_by("version")
    assert (first.state, second.state, first.number) == ("replaced", "released", second.number)
    old.refresh_from_db()
    assert (old.released_at, old.is_public) == (None, False)
    assert second.document.status == "released"


def test_the_release_needs_every_tick_and_a_valid_signature(signing: Play) -> None:
    sign(signing)
    ticks = {"number": "on", "customer": "on", "pages": "on"}
    for missing in ticks:
        refused = signing.do(signing.cast.dewi, "ya", typed={k: v for k, v in ticks.items() if k != missing})
        assert (refused.code, refused.field) == ("unchecked", missing)
    authority = next(iter((signing_folder()).iterdir()))
    authority.unlink()  # the root that the certificate leads to is no longer trusted
    assert signing.do(signing.cast.dewi, "ya", typed=ticks).code == "signature-not-valid"
    assert Report.objects.get().document.status == "signed"


def signing_folder():
    from sopan.documents.certificates import trust_folder

    return trust_folder()


def test_reports_are_made_of_approved_results_alone(play: Play) -> None:
    from sopan.domains.laboratory.certificates.snapshot import take

    play.to("render_report")
    report = Report.objects.get()
    points = take(report)["parts"][0]["tables"][0]["points"]
    assert [point["reference"] for point in points] == ["50,00003", "100.00002"]
    ResultVersion.objects.update(state="submitted")
    with pytest.raises(ResultVersion.DoesNotExist):
        take(report)


def test_laboratories_are_loaded_once(cast: Cast) -> None:
    from sopan.domains.laboratory.loading import load_laboratories

    from .cast import data_of

    load_laboratories(cast.body, data_of("institution.yaml"))
    assert [(lab.code, lab.penyelia.code, lab.analis.code) for lab in Laboratory.objects.order_by("pk")] == [
        ("massa-suhu", "penyelia-massa-suhu", "analis-massa-suhu"),
        ("dimensi-tekanan", "penyelia-dimensi-tekanan", "analis-dimensi-tekanan"),
    ]
    with pytest.raises(LookupError):
        load_laboratories(
            cast.body, {"laboratories": [{"code": "x", "name": "X", "supervisors": "?", "analysts": "?"}]}
        )


assert GAUGE
