"""Test Result and Sertifikat Mutu signed on paper: printed, scanned, uploaded, confirmed by the hand that signed, told to the public."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from sopan.documents import queries as issued
from sopan.documents.models import InkScan, IssuedDocument, Signature
from sopan.domains.testing.models import Report, Worksheet
from sopan.engine.models import JournalEntry
from sopan.people.models import User

from .cast import Cast, Play, as_

K = Report.Kind


@pytest.fixture(autouse=True)
def forget(db: None) -> None:
    cache.clear()


@pytest.fixture
def tested(play: Play, cast: Cast) -> Play:
    """Nobody who signs here has an electronic certificate."""
    play.to_worksheet().tested()
    return play


def document(play: Play, kind: str) -> IssuedDocument:
    found = play.paper(kind).document
    assert found is not None
    return found


def upload(play: Play, kind: str, by: User, *, content: bytes = b"") -> Any:
    """The print comes back from the scanner, a few bytes longer."""
    paper = document(play, kind)
    content = content or issued.content_of(paper) + b"%pindai\n"
    day = timezone.localtime().date().isoformat()
    given = {"file": SimpleUploadedFile("pindai.pdf", content), "signed_on": day}
    return as_(by).post(reverse("ink", args=[paper.pk]), given)


def confirm(play: Play, kind: str, by: User, **typed: str) -> Any:
    scan = InkScan.objects.latest("pk")
    given = {"answer": "ya", "shown": scan.sha256} | typed
    return as_(by).post(reverse("ink-confirm", args=[document(play, kind).pk]), given)


def result_in_ink(play: Play) -> None:
    cast = play.cast
    play.printed(K.TEST_RESULT, cast.surya)
    assert upload(play, K.TEST_RESULT, cast.kurnia).status_code == 302
    assert confirm(play, K.TEST_RESULT, cast.surya).status_code == 302


def certificate_printed(play: Play) -> None:
    play.do(play.cast.kurnia)
    play.printed(K.CERTIFICATE, play.cast.kurnia)
    play.do(play.cast.kurnia)
    play.do(play.cast.puspa)


def page(play: Play, person: User, *, tab: str = "testing") -> str:
    return as_(person).get(reverse("case", args=[play.case.pk]), {"tab": tab}).content.decode()


def test_both_papers_go_from_print_to_verification_in_ink(tested: Play) -> None:
    cast = tested.cast
    tested.printed(K.TEST_RESULT, cast.surya)
    paper = document(tested, K.TEST_RESULT)
    ink = reverse("ink", args=[paper.pk])
    assert ink in page(tested, cast.kurnia)
    assert cast.surya.full_name in as_(cast.kurnia).get(ink).content.decode()
    made = as_(cast.kurnia).get(reverse("ink-print", args=[paper.pk]))
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(made.content)).pages)
    assert "Ditandatangani di atas kertas oleh" in text and cast.surya.full_name in text

    assert upload(tested, K.TEST_RESULT, cast.kurnia).status_code == 302
    assert (document(tested, K.TEST_RESULT).status, tested.work()) == ("awaiting_signature", "testing.test_result")
    assert "Pindaian menunggu konfirmasi Anda" in as_(cast.surya).get(reverse("signing")).content.decode()
    assert confirm(tested, K.TEST_RESULT, cast.surya).status_code == 302
    # The step is done as by an electronic signature: the results are accepted, and the case goes on.
    assert (tested.work(), Worksheet.objects.get().state) == ("testing.receive_result", "approved")

    certificate_printed(tested)
    assert upload(tested, K.CERTIFICATE, cast.puspa).status_code == 302
    assert confirm(tested, K.CERTIFICATE, cast.arif).status_code == 302
    assert (document(tested, K.CERTIFICATE).status, tested.work()) == ("signed", "testing.receipt")
    rows = Signature.objects.order_by("pk")
    assert [(row.document.kind, row.method, row.person, row.position, row.scan.uploaded_by) for row in rows] == [
        (K.TEST_RESULT, "wet_ink", cast.surya, "Kepala Seksi Pengawasan UPTD BPSMB", cast.kurnia),
        (K.CERTIFICATE, "wet_ink", cast.arif, "Kepala UPTD Balai Pengawasan dan Sertifikasi Mutu Barang", cast.puspa),
    ]

    tested.do(cast.puspa, number="SKRD-1", amount="150.000", basis="Perda contoh")
    tested.do(cast.puspa, receiver="Wahyu", receipt="KW-1", paid_at="2026-11-23 12:00")
    assert tested.case.status == "finished"
    for kind, signer in ((K.TEST_RESULT, cast.surya), (K.CERTIFICATE, cast.arif)):
        paper = document(tested, kind)
        shown = Client().get(reverse("verify", args=[paper.token])).content.decode()
        hash_ = " ".join(paper.signed_sha256[at : at + 4] for at in range(0, 64, 4))
        told = ("ditandatangani di atas kertas", "Tanda tangan basah", signer.full_name, hash_, paper.number)
        assert [word for word in told if word not in shown] == [] and "PAdES" not in shown
        got = as_(cast.wahyu).get(reverse("document-read", args=[paper.pk]))
        content = b"".join(got) if got.streaming else got.content
        assert content == issued.content_of(paper)
        checked = Client().post(reverse("verify-check"), {"file": SimpleUploadedFile("a.pdf", content)})
        assert paper.number in checked.content.decode()
    told = page(tested, cast.puspa, tab="linimasa")
    assert told.count("indaian") >= 2


def test_nobody_but_the_office_uploads_and_nobody_but_the_signer_confirms(tested: Play) -> None:
    cast = tested.cast
    tested.printed(K.TEST_RESULT, cast.surya)
    for name in ("fitri", "intan", "puspa", "lukman", "citra", "arif", "wahyu", "baskara"):
        assert upload(tested, K.TEST_RESULT, cast.people[name]).status_code == 404, name
    upload(tested, K.TEST_RESULT, cast.kurnia)
    for name in ("kurnia", "fitri", "puspa", "arif", "wahyu"):
        assert confirm(tested, K.TEST_RESULT, cast.people[name]).status_code == 404, name
    assert document(tested, K.TEST_RESULT).status == "awaiting_signature"


def test_a_scan_that_is_refused_signs_nothing_and_the_case_tells_why(tested: Play) -> None:
    cast = tested.cast
    tested.printed(K.TEST_RESULT, cast.surya)
    upload(tested, K.TEST_RESULT, cast.kurnia)
    assert confirm(tested, K.TEST_RESULT, cast.surya, answer="tidak", reason="Halaman 2 hilang").status_code == 302
    assert (document(tested, K.TEST_RESULT).status, tested.work()) == ("awaiting_signature", "testing.test_result")
    entry = JournalEntry.objects.get(case=tested.case, code="documents.ink_rejected")
    assert entry.data["reason"] == "Halaman 2 hilang"
    assert upload(tested, K.TEST_RESULT, cast.kurnia).status_code == 302
    assert confirm(tested, K.TEST_RESULT, cast.surya).status_code == 302
    assert tested.work() == "testing.receive_result"


def test_a_print_of_results_that_were_given_back_is_not_signed_in_ink(tested: Play) -> None:
    """What came back from the scanner states the old results."""
    cast = tested.cast
    tested.printed(K.TEST_RESULT, cast.surya)
    upload(tested, K.TEST_RESULT, cast.kurnia)
    tested.do(cast.surya, "tidak", reason="Ulangi")
    assert confirm(tested, K.TEST_RESULT, cast.surya).status_code == 404
    assert upload(tested, K.TEST_RESULT, cast.kurnia).status_code == 404
    tested.now += timedelta(minutes=10)
    tested.tested()
    assert confirm(tested, K.TEST_RESULT, cast.surya).status_code == 404
    paper = tested.printed(K.TEST_RESULT, cast.surya)
    # The scan of the old print is none of the new one, and does not keep its place.
    assert confirm(tested, K.TEST_RESULT, cast.surya).status_code == 404
    assert InkScan.objects.get().state == "outdated"
    assert paper.document.status == "awaiting_signature"
    assert upload(tested, K.TEST_RESULT, cast.kurnia).status_code == 302
    assert confirm(tested, K.TEST_RESULT, cast.surya).status_code == 302
    assert tested.work() == "testing.receive_result"


def test_who_checked_in_ink_does_not_sign_the_certificate_in_ink(tested: Play) -> None:
    cast = tested.cast
    result_in_ink(tested)
    certificate_printed(tested)
    upload(tested, K.CERTIFICATE, cast.puspa)
    assert confirm(tested, K.CERTIFICATE, cast.surya).status_code == 404
    assert document(tested, K.CERTIFICATE).status == "awaiting_signature"
