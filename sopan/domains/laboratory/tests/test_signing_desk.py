"""The head's list of what waits for his signature: read, tick, one passphrase, a result for each."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.test import Client

from sopan.documents import desks, operations, pdf, queries, sealed
from sopan.documents.models import IssuedDocument, ReadMark, Signature, SignerProfile, SigningBatch
from sopan.documents.operations import batch
from sopan.documents.tests.gateway import PASSWORD, USER, Gateway, Server
from sopan.documents.tests.test_operations import everything_in_the_database
from sopan.engine import operations as engine
from sopan.engine.models import Case, JournalEntry, Task
from sopan.people.models import Position, User

from .cast import NOW, PASSPHRASE, SCALE, Cast, Play, appoint, give_certificate, make_order

PAGE = "/tanda-tangan/"


@pytest.fixture(autouse=True)
def forget(db: None) -> None:
    cache.clear()


@pytest.fixture
def orders(cast: Cast) -> list[Play]:
    """Two orders, of two and of one instrument, that wait for Bambang."""
    give_certificate(cast.bambang)
    return [make_order(cast, SCALE, SCALE).to("sign_report"), make_order(cast, SCALE).to("sign_report")]


def cut(answer: Any) -> None:
    """The line is cut in the middle of an answer, which ends the request; the connection of the test stays open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_finished, "send", lambda **_told: [])
        answer.close()


def documents() -> list[IssuedDocument]:
    return list(IssuedDocument.objects.order_by("pk"))


def ticks(*chosen: IssuedDocument) -> list[str]:
    return [f"{document.pk}:{document.unsigned_sha256}" for document in chosen]


def read_all(browser: Client, *chosen: IssuedDocument) -> None:
    for document in chosen:
        answer = browser.post(f"{PAGE}{document.pk}/baca/", follow=True)
        assert (answer.status_code, answer.content) == (200, queries.content_of(document))


def press(
    browser: Client, *chosen: IssuedDocument, passphrase: str = PASSPHRASE, key: str = "kunci-1", **more: Any
) -> str:
    typed = {"paper": ticks(*chosen), "passphrase": passphrase, "form_key": key, **more}
    answer = browser.post(PAGE, typed, follow=True)
    assert answer.status_code in (200, 422), answer.status_code
    content = answer.getvalue() if answer.streaming else answer.content
    return content.decode()


def codes() -> list[str]:
    return [told["code"] for told in SigningBatch.objects.latest("pk").outcomes]


def test_the_page_lists_what_waits_across_cases(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    shown = as_(cast.bambang).get(PAGE).content.decode()
    assert [document.number in shown for document in documents()] == [True] * 3
    assert "PT Contoh Pangan Musi" in shown
    assert "Timbangan analitik Contoh Timbang" in shown
    assert shown.count("Belum dibaca") == 3
    assert "2 titik ukur" in shown
    read_all(as_(cast.bambang), documents()[0])
    assert as_(cast.bambang).get(PAGE).content.decode().count("Belum dibaca") == 2


def test_one_passphrase_signs_all_and_finishes_each_case_with_one_entry(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser, before = as_(cast.bambang), JournalEntry.objects.count()
    read_all(browser, *documents())
    shown = press(browser, *documents())
    assert shown.count("Ditandatangani</span>") == 3
    assert [document.status for document in documents()] == ["signed"] * 3
    assert [play.step for play in orders] == ["20", "20"]
    new = list(JournalEntry.objects.order_by("pk")[before:].values_list("case", "code"))
    assert sorted(new) == sorted((play.case.pk, "completed") for play in orders)
    made = SigningBatch.objects.get()
    assert (codes(), made.ended_at is not None) == (["signed"] * 3, True)
    assert PASSPHRASE not in caplog.text
    assert PASSPHRASE not in everything_in_the_database()


def test_the_results_come_one_by_one(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    typed = {"paper": ticks(*documents()), "passphrase": PASSPHRASE, "form_key": "kunci-1"}
    answer = browser.post(PAGE, typed)
    assert answer.streaming
    parts = iter(answer.streaming_content)
    assert "Menandatangani 3 dokumen" in next(parts).decode()
    assert [document.status for document in documents()] == ["awaiting_signature"] * 3
    assert documents()[0].number in next(parts).decode()
    assert [document.status for document in documents()] == ["signed"] + ["awaiting_signature"] * 2
    cut(answer)  # the rest stays as it was, what was signed is kept
    assert [document.status for document in documents()] == ["signed"] + ["awaiting_signature"] * 2
    told = JournalEntry.objects.filter(case=orders[0].case).latest("pk")
    assert (told.code, told.data["reports"]) == ("laboratory.signed_part", [documents()[0].number])
    assert orders[0].step == "19"


def test_the_rest_of_a_case_finishes_it(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    browser = as_(cast.bambang)
    first, second, _other = documents()
    read_all(browser, first, second)
    press(browser, first)
    assert orders[0].step == "19"
    press(browser, second, key="kunci-2")
    assert [play.step for play in orders] == ["20", "19"]


def test_what_was_signed_here_needs_no_passphrase_at_the_step(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, (_a, _b, last) = as_(cast.bambang), documents()
    read_all(browser, last)
    monkeypatch.setattr(engine, "complete", lambda *a, **k: engine.Refusal("held", "Kasus ini sedang ditahan."))
    shown = press(browser, last)
    assert "Kasus ini sedang ditahan." in browser.get(f"{PAGE}hasil/{SigningBatch.objects.get().pk}/").content.decode()
    assert shown.count("Ditandatangani</span>") == 1
    monkeypatch.undo()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    assert isinstance(orders[1].do(cast.bambang, "ya", typed={"shown": "{}"}), engine.Done)


def test_after_a_wrong_passphrase_nothing_more_is_tried(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client]
) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    press(browser, *documents(), passphrase="salah-sekali")
    assert codes() == ["wrong-passphrase", "not-tried", "not-tried"]
    assert [document.status for document in documents()] == ["awaiting_signature"] * 3
    shown = browser.get(f"{PAGE}hasil/{SigningBatch.objects.get().pk}/").content.decode()
    assert shown.count("checked") == 3  # the ones to try again are ticked
    assert "salah-sekali" not in shown + everything_in_the_database()
    press(browser, *documents(), key="kunci-2")
    assert codes() == ["signed"] * 3


def test_after_five_wrong_passphrases_the_list_waits_too(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client]
) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    for no in range(5):
        press(browser, *documents(), passphrase=f"tebakan {no}", key=f"kunci-{no}")
    press(browser, *documents(), key="kunci-9")
    assert codes() == ["too-many-tries", "not-tried", "not-tried"]


def test_only_the_failed_ones_are_tried_again(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    browser, (first, second, third) = as_(cast.bambang), documents()
    read_all(browser, first, third)
    press(browser, first, second, third)
    assert codes() == ["signed", "unread", "signed"]
    page = browser.get(f"{PAGE}hasil/{SigningBatch.objects.get().pk}/").content.decode()
    assert re.findall(r'name="paper" value="(\d+):', page) == [str(second.pk)]
    read_all(browser, second)
    press(browser, second, key="kunci-2")
    assert (codes(), Signature.objects.filter(method="certificate").count()) == (["signed"], 3)


def test_the_same_form_sent_again_signs_nothing(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    press(browser, *documents(), passphrase="salah-sekali")
    shown = press(browser, *documents())  # with the right passphrase, but the same key
    assert "Hasil penandatanganan" in shown
    assert (SigningBatch.objects.count(), [d.status for d in documents()]) == (1, ["awaiting_signature"] * 3)


def test_bytes_that_changed_after_reading_are_not_signed(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client]
) -> None:
    browser, document = as_(cast.bambang), documents()[0]
    read_all(browser, document)
    changed = queries.content_of(document).replace(b"/Title", b"/Titel")
    stale = ticks(document)
    assert operations.prepare(document, content=changed) is None
    shown = browser.post(PAGE, {"paper": stale, "passphrase": PASSPHRASE, "form_key": "k1"}).getvalue().decode()
    assert (codes(), "telah diperbarui" in shown) == (["changed"], True)
    press(browser, IssuedDocument.objects.get(pk=document.pk), key="k2")
    assert codes() == ["unread"]  # the new bytes have to be read first


def test_nobody_else_sees_reads_or_signs(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    document = documents()[0]
    for person in (cast.dewi, cast.agus, cast.fajar, cast.rina):
        browser = as_(person)
        assert browser.get(PAGE).status_code == 404
        assert browser.post(f"{PAGE}{document.pk}/baca/").status_code == 404
        assert browser.get(f"{PAGE}{document.pk}/berkas/").status_code == 404
        typed = {"paper": ticks(document), "passphrase": PASSPHRASE, "form_key": "k"}
        assert browser.post(PAGE, typed).status_code == 404
    assert (ReadMark.objects.count(), SigningBatch.objects.count()) == (0, 0)


def test_a_batch_is_shown_to_who_pressed_alone(orders: list[Play], cast: Cast, as_: Callable[[User], Client]) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    press(browser, *documents())
    pk = SigningBatch.objects.get().pk
    assert browser.get(f"{PAGE}hasil/{pk}/").status_code == 200
    assert as_(cast.dewi).get(f"{PAGE}hasil/{pk}/").status_code == 404


def test_a_signer_whose_position_has_passed_to_somebody_else_signs_nothing(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client]
) -> None:
    Position.objects.filter(code="kasubbag-tu").update(signs=True)
    appoint(cast.hendra, "kepala-balai", kind="plh")
    assert desks.waiting(cast.bambang, now=NOW) == []
    assert len(desks.waiting(cast.hendra, now=NOW)) == 3
    typed = {"paper": ticks(documents()[0]), "passphrase": PASSPHRASE, "form_key": "k"}
    assert as_(cast.bambang).post(PAGE, typed).status_code == 422
    assert SigningBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"paper": []}, "Pilih dahulu dokumen"),
        ({"paper": ["999999:x", "x", "1:2:3", "١:x", "9" * 40 + ":x"]}, "Pilih dahulu dokumen"),
        ({"passphrase": ""}, "Tuliskan passphrase"),
        ({"form_key": ""}, "tidak lengkap"),
        ({"form_key": "x" * 41}, "tidak lengkap"),
    ],
)
def test_a_form_that_says_too_little_is_told_so(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client], typed: dict[str, Any], told: str
) -> None:
    given = {"paper": ticks(documents()[0]), "passphrase": PASSPHRASE, "form_key": "k"} | typed
    answer = as_(cast.bambang).post(PAGE, given)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert SigningBatch.objects.count() == 0


def test_a_page_left_open_says_that_its_documents_are_signed_already(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client]
) -> None:
    browser, (first, second, _third) = as_(cast.bambang), documents()
    read_all(browser, first, second)
    press(browser, first)
    shown = press(browser, first, key="kunci-2")
    assert f"sudah Anda tandatangani: {first.number}." in shown
    assert "Pilih dahulu dokumen" not in shown
    press(browser, second, first, key="kunci-3")  # what still waits is signed
    assert SigningBatch.objects.count() == 2
    assert "Pilih dahulu dokumen" in press(as_(cast.bambang), key="kunci-4")


def test_no_certificate_is_told_before_a_passphrase_is_asked(cast: Cast, as_: Callable[[User], Client]) -> None:
    make_order(cast, SCALE).to("sign_report")
    shown = as_(cast.bambang).get(PAGE).content.decode()
    assert ("Anda belum dapat menandatangani" in shown, 'type="password"' in shown) == (True, False)


# Somebody authorises before


@pytest.fixture
def strict(cast: Cast) -> Play:
    """An order of a body where the Manajer Teknis signs too."""
    cast.body.settings["report_authorisation"] = {"value": "signature"}
    cast.body.save()
    give_certificate(cast.agus, position="Manajer Teknis")
    give_certificate(cast.bambang)
    return make_order(cast, SCALE).to("sign_report")


def test_the_manajer_teknis_authorises_and_the_head_signs(
    strict: Play, cast: Cast, as_: Callable[[User], Client]
) -> None:
    document = documents()[0]
    assert desks.waiting(cast.bambang, now=NOW) == []
    shown = json_of(document)
    assert strict.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": shown}).code == "not-authorised"
    browser = as_(cast.agus)
    assert "Anda mengesahkan hasilnya sebagai" in browser.get(PAGE).content.decode()
    read_all(browser, document)
    press(browser, document)
    told = JournalEntry.objects.filter(case=strict.case).latest("pk")
    assert (told.code, told.data["role"], strict.step) == ("laboratory.signed_part", "authorises", "19")
    document = documents()[0]
    browser = as_(cast.bambang)
    read_all(browser, document)
    press(browser, document, key="kunci-2")
    assert strict.step == "20"
    rows = queries.signatures_of(documents()[0])
    assert [(row.person, row.role) for row in rows] == [(cast.agus, "authorises"), (cast.bambang, "signs")]


def json_of(document: IssuedDocument) -> str:
    return f'{{"{document.laboratory_report.pk}": "{document.unsigned_sha256}"}}'


def test_where_it_is_not_asked_for_the_approval_in_the_system_is_kept(orders: list[Play], cast: Cast) -> None:
    rows = [queries.authorisation_of(document) for document in documents()]
    assert {(row.person, row.method, row.position) for row in rows} == {(cast.agus, "click", "Manajer Teknis")}


# At a service


@pytest.fixture
def gateway(orders: list[Play], cast: Cast, settings: Any) -> Iterator[Gateway]:
    play = Gateway(NOW)
    play.know("1671000000000001", cast.bambang.name, passphrase=PASSPHRASE)
    SignerProfile.objects.create(
        person=cast.bambang, method="bsre_v1", nik_sealed=sealed.seal("1671000000000001"), changed_at=NOW
    )
    with Server(play) as server:
        settings.ESIGN_URL, settings.ESIGN_USER, settings.ESIGN_PASSWORD = server.url, USER, PASSWORD
        yield play


def test_a_lost_answer_among_others_is_found_out_and_the_others_are_signed(
    gateway: Gateway, cast: Cast, as_: Callable[[User], Client]
) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    gateway.faults += ["html", "lost"]
    press(browser, *documents())
    assert (codes(), gateway.signed) == (["unclear", "signed", "signed"], 2)
    first = documents()[0]
    page = browser.get(PAGE).content.decode()
    assert "Jawaban layanan hilang" in page
    press(browser, first, key="kunci-2")
    assert (codes(), gateway.signed) == (["unclear"], 2)
    press(browser, first, key="kunci-3", anew=[first.pk])
    assert (codes(), gateway.signed) == (["signed"], 3)


def test_a_service_that_is_gone_is_not_tried_for_each(
    gateway: Gateway, cast: Cast, as_: Callable[[User], Client], settings: Any
) -> None:
    browser = as_(cast.bambang)
    read_all(browser, *documents())
    settings.ESIGN_URL = "http://127.0.0.1:9"
    press(browser, *documents())
    assert codes() == ["service-unreachable", "not-tried", "not-tried"]


def test_a_revoked_person_is_told_before_a_passphrase_is_asked(
    gateway: Gateway, cast: Cast, as_: Callable[[User], Client]
) -> None:
    gateway.people["1671000000000001"].status = "REVOKE"
    shown = as_(cast.bambang).get(PAGE).content.decode()
    assert ("sudah dicabut" in shown, 'type="password"' in shown) == (True, False)
    step = Task.objects.filter(status="open").earliest("pk")
    shown = as_(cast.bambang).get(f"/tugas/{step.pk}/").content.decode()
    assert ("sudah dicabut" in shown, 'type="password"' in shown) == (True, False)


def test_a_case_that_is_held_does_not_wait_for_a_signature(orders: list[Play], cast: Cast) -> None:
    Case.objects.filter(pk=orders[0].case.pk).update(status="held")
    assert [paper.case.pk for paper in desks.waiting(cast.bambang, now=NOW)] == [orders[1].case.pk]
    assert (batch.MOST, pdf.MEASURES["stamp_width"]) == (50, 88)


def test_the_pages_name_no_file_of_the_server(
    orders: list[Play], cast: Cast, as_: Callable[[User], Client], data_folder: Path
) -> None:
    browser = as_(cast.bambang)
    assert str(data_folder) not in browser.get(PAGE).content.decode()
    assert browser.get(f"{PAGE}..%2F..%2Fetc%2Fpasswd/baca/").status_code == 404
