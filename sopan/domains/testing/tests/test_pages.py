"""The pages of the testing domain: each step as its person opens it, the register, and who is told nothing."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from sopan.domains.orders.models import Levy
from sopan.domains.testing import queries
from sopan.domains.testing.models import Competence, Parameter, Report
from sopan.engine import effects

from .cast import NOW, PASSPHRASE, TESTING, Cast, Play, as_, begin, give_certificate

K = Report.Kind


def opened(play: Play, browser: Client) -> str:
    answer = browser.get(reverse("task", args=[play.task().pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_step_can_be_opened_and_is_finished_from_its_page(play: Play) -> None:
    cast = play.cast
    give_certificate(cast.surya, position="Kasi Pengawasan")
    give_certificate(cast.arif, position="Kepala UPTD")
    surya, kurnia, puspa, arif = (as_(person) for person in (cast.surya, cast.kurnia, cast.puspa, cast.arif))
    assert "Nomor surat permohonan (SPPC)" in opened(play, puspa)
    play.request()
    assert "Petugas pengambil contoh" in opened(play, surya)
    play.sampled()
    assert "Kondisi contoh KL-2026-118" in opened(play, kurnia)
    play.booked()

    page = opened(play, as_(cast.fitri))
    assert "C-26-0001" in page and "Massa cawan kosong (g), ulangan 1" in page
    assert "PT Contoh Kopi Lampung" not in page and "KL-2026-118" not in page  # the analyst works by the code
    sent = as_(cast.fitri).post(
        reverse("task_complete", args=[play.task().pk]),
        {**play.sheet(), "temperature": "hangat", "form_key": "kunci-lembar-0001"},
    )
    assert sent.status_code == 422 and "hangat" in sent.content.decode() and "25,1034" in sent.content.decode()
    play.tested()

    assert "11,25" in opened(play, surya) or "11.25" in opened(play, surya)
    asked = surya.post(reverse("testing:print", args=[play.case.pk, K.TEST_RESULT]))
    assert asked.status_code == 302
    effects.run_due(worker="test")
    shown = play.paper(K.TEST_RESULT).document
    assert shown is not None
    page = opened(play, surya)
    assert shown.unsigned_sha256 in page and reverse("document-read", args=[shown.pk]) in page
    given = {"answer": "ya", "passphrase": PASSPHRASE, "shown": shown.unsigned_sha256, "form_key": "kunci-tr-00000001"}
    surya.post(reverse("task_complete", args=[play.task().pk]), given)
    play.case.refresh_from_db()
    assert play.paper(K.TEST_RESULT).document.status == "signed"

    assert "0001/TR/BPSMB/XI/2026" in opened(play, kurnia)
    play.do(cast.kurnia)
    assert as_(cast.fitri).post(reverse("testing:print", args=[play.case.pk, K.CERTIFICATE])).status_code == 404
    kurnia.post(reverse("testing:print", args=[play.case.pk, K.CERTIFICATE]))
    effects.run_due(worker="test")
    assert "0001/SM/BPSMB/XI/2026" in opened(play, kurnia)
    play.do(cast.kurnia)
    assert "0001/SM/BPSMB/XI/2026" in opened(play, puspa)
    play.do(cast.puspa)
    page = opened(play, arif)
    certificate = play.paper(K.CERTIFICATE).document
    assert certificate is not None and certificate.unsigned_sha256 in page
    play.do(cast.arif, passphrase=PASSPHRASE, shown=certificate.unsigned_sha256)
    assert "Saat penyerahan" in opened(play, puspa)
    play.do(cast.puspa, number="SKRD-1", amount="150.000", basis="Perda contoh")
    assert "Belum dibayar" in opened(play, puspa)
    play.do(cast.puspa, receiver="Wahyu", receipt="KW-1", paid_at="2026-11-23 12:00")

    case = puspa.get(reverse("case", args=[play.case.pk]), {"tab": "testing"})
    assert "001/LPC/BPSMB/XI/2026" in case.content.decode()
    assert as_(cast.wahyu).get(reverse("document-read", args=[certificate.pk])).status_code == 200
    assert as_(cast.baskara).get(reverse("document-read", args=[certificate.pk])).status_code == 404
    assert Client().get(reverse("verify", args=[certificate.token])).status_code == 200


def test_the_customer_gets_no_paper_before_the_hand_over(play: Play) -> None:
    give_certificate(play.cast.surya, position="Kasi Pengawasan")
    play.to_worksheet().tested()
    document = play.result_signed().document
    assert document is not None
    for person in (play.cast.wahyu, play.cast.baskara):
        assert as_(person).get(reverse("document-read", args=[document.pk])).status_code == 404


def test_the_register_is_read_by_who_tests_and_kept_by_who_answers_for_the_results(cast: Cast) -> None:
    row = Parameter.objects.get(code="kadar-air")
    pages = [reverse("testing:commodities"), reverse("testing:commodity", args=[row.commodity_id])]
    kept = [
        reverse("testing:parameter", args=[row.pk]),
        reverse("testing:parameter-new", args=[row.commodity_id]),
        reverse("testing:competence-new", args=[row.commodity_id]),
    ]
    expected = {
        "surya": (200, 200),
        "fitri": (200, 404),
        "kurnia": (200, 404),
        "wahyu": (404, 404),
        "baskara": (404, 404),
    }
    for name, (reads, keeps) in expected.items():
        browser = as_(cast.people[name])
        assert [browser.get(page).status_code for page in pages] == [reads] * 2, name
        assert [browser.get(page).status_code for page in kept] == [keeps] * 3, name
    assert [Client().get(page).status_code for page in (*pages, *kept)] == [302] * 5


def test_the_keeper_changes_a_limit_and_names_the_copy_of_the_standard(cast: Cast) -> None:
    surya, row = as_(cast.surya), Parameter.objects.get(code="kadar-air")
    typed = {
        "name": row.name, "kind": "number", "unit": row.unit, "method": row.method, "repetitions": "2", "decimals": "2",
        "readings": "m0; Cawan; g\nm1; Cawan dan contoh; g\nm2; Kering; g", "formula": row.formula, "upper": "12,5",
        "reference": "Standar contoh, tabel 1", "expanded": "0,25", "coverage": "2", "place": "10", "active": "on",
    }  # fmt: skip
    address = reverse("testing:parameter", args=[row.pk])
    assert surya.post(address, {**typed, "readings": "m0 Cawan g"}).status_code == 422
    assert surya.post(address, {**typed, "formula": "100 * x"}).status_code == 422
    assert surya.post(address, typed).status_code == 302
    row.refresh_from_db()
    assert (str(row.upper.normalize()), row.verified, row.readings[0]) == (
        "12.5", False, {"name": "m0", "label": "Cawan", "unit": "g"},
    )  # fmt: skip
    surya.post(address, {**typed, "compared_with": "Salinan 3"})
    row.refresh_from_db()
    assert (row.verified, row.verified_by_name) == (True, cast.surya.full_name)
    new = {"person": cast.citra.pk, "first": "2026-11-01", "evidence": "KOMP-9"}
    assert surya.post(reverse("testing:competence-new", args=[row.commodity_id]), new).status_code == 302
    assert Competence.objects.filter(person=cast.citra).count() == 1
    added = {**typed, "name": "Kadar abu", "readings": "a; Abu; %", "formula": "", "expanded": "", "coverage": ""}
    assert surya.post(reverse("testing:parameter-new", args=[row.commodity_id]), added).status_code == 302
    assert row.commodity.parameters.filter(name="Kadar abu", verified=False).count() == 1


def test_samples_are_taken_into_a_case_that_only_tests_by_its_analyst(play: Play) -> None:
    play.to_worksheet()
    sample = queries.samples_of(play.case)[0]
    sample.tested_in = None
    sample.save()
    tests = begin(play.cast, TESTING, by="fitri", key="uji")
    address = reverse("testing:choose", args=[tests.case.pk])
    assert "C-26-0001" in opened(tests, as_(play.cast.fitri))
    assert as_(play.cast.kurnia).post(address, {"sample": sample.pk}).status_code == 404
    as_(play.cast.fitri).post(address, {"sample": ["99999999999999999999", "x"]})
    assert queries.samples_of(tests.case) == []
    as_(play.cast.fitri).post(address, {"sample": sample.pk})
    assert queries.samples_of(tests.case) == [sample]
    assert "Massa cawan kosong" in opened(tests, as_(play.cast.fitri))


def test_a_levy_may_be_set_before_its_step_by_who_makes_the_receipt(play: Play) -> None:
    play.request()
    address = reverse("testing:levy", args=[play.case.pk])
    assert as_(play.cast.kurnia).get(address).status_code == 404
    puspa = as_(play.cast.puspa)
    assert puspa.post(address, {"number": "", "amount": "x", "basis": ""}).status_code == 422
    puspa.post(address, {"number": "SKRD-2", "amount": "150.000", "basis": "Perda contoh"})
    assert puspa.post(address, {"receipt": "KW-2", "paid_at": "2099-01-01 10:00"}).status_code == 422
    puspa.post(address, {"receipt": "KW-2", "paid_at": f"{NOW:%Y-%m-%d} 09:00"})
    assert [(levy.number, levy.receipt) for levy in Levy.objects.all()] == [("SKRD-2", "KW-2")]
