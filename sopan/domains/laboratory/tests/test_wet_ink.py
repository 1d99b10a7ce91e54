"""Signing on paper: the office uploads, the signer confirms, the public is told how it was signed and who says so."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from sopan.documents import operations as documents
from sopan.documents import queries, verification
from sopan.documents.models import InkScan, IssuedDocument, Signature
from sopan.documents.operations import ink
from sopan.engine.access import Acting
from sopan.engine.models import JournalEntry
from sopan.people.models import User

from .cast import NOW, PASSPHRASE, SCALE, Cast, Play, appoint, give_certificate, make_order
from .test_signing_desk import json_of

As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def forget(db: None) -> None:
    cache.clear()


@pytest.fixture
def waiting(cast: Cast) -> Play:
    return make_order(cast, SCALE).to("sign_report")


def document() -> IssuedDocument:
    return IssuedDocument.objects.get()


def page() -> str:
    return f"/dokumen/{document().pk}/basah/"


def upload(browser: Client, content: bytes | None = None, *, day: str = "2026-11-23", name: str = "pindai.pdf") -> Any:
    content = queries.content_of(document()) + b"%pindai\n" if content is None else content
    return browser.post(page(), {"file": SimpleUploadedFile(name, content), "signed_on": day})


def confirm(browser: Client, **typed: str) -> Any:
    scan = InkScan.objects.latest("pk")
    return browser.post(f"/tanda-tangan/{document().pk}/basah/", {"answer": "ya", "shown": scan.sha256} | typed)


def test_the_print_carries_what_was_read_with_qr_code_and_signer(waiting: Play, cast: Cast, as_: As) -> None:
    answer = as_(cast.dewi).get(page() + "cetak/")
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
    before = PdfReader(io.BytesIO(queries.content_of(document()))).pages
    assert "".join(one.extract_text() for one in before)[:200] in text
    assert ("Ditandatangani di atas kertas oleh:" in text, cast.bambang.full_name in text) == (True, True)
    assert document().status == "awaiting_signature"


def test_a_scan_alone_signs_nothing_and_the_signer_makes_it_the_document(waiting: Play, cast: Cast, as_: As) -> None:
    assert upload(as_(cast.dewi)).status_code == 302
    assert document().status == "awaiting_signature"
    told = JournalEntry.objects.filter(case=waiting.case).latest("pk")
    assert (told.code, told.data["day"]) == ("documents.ink_uploaded", "2026-11-23")
    browser = as_(cast.bambang)
    assert "Pindaian menunggu konfirmasi Anda" in browser.get("/tanda-tangan/").content.decode()
    assert confirm(browser).status_code == 302
    row = Signature.objects.exclude(method="click").get()
    assert (row.method, row.person, row.level, row.scan.uploaded_by, row.scan.state) == (
        "wet_ink",
        cast.bambang,
        "",
        cast.dewi,
        "confirmed",
    )
    assert (document().status, document().signed_sha256, waiting.step) == ("signed", row.scan.sha256, "20")
    assert verification.judged(document()).valid


def test_the_public_is_told_that_it_is_ink_who_says_so_and_the_hash(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    confirm(as_(cast.bambang))
    documents.release(document(), now=NOW)
    shown = Client().get(f"/v/{document().token}/").content.decode()
    grouped = " ".join(document().signed_sha256[at : at + 4] for at in range(0, 64, 4))
    expected = [
        "ditandatangani di atas kertas", "Tanda tangan basah", cast.dewi.full_name, "Customer Service",
        "23 November 2026", grouped, cast.bambang.full_name, "Hasil disahkan oleh", "Manajer Teknis",
    ]  # fmt: skip
    assert [text for text in expected if text not in shown] == []
    assert "PAdES" not in shown


def test_nobody_but_the_signer_confirms(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    for person in (cast.dewi, cast.agus, cast.hendra, cast.fajar, cast.rina):
        assert confirm(as_(person)).status_code == 404
    assert document().status == "awaiting_signature"


def test_nobody_but_the_office_uploads_prints_or_sees_scans(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    scan = InkScan.objects.get()
    for person in (cast.agus, cast.fajar, cast.rina, cast.tono):
        browser = as_(person)
        found = [
            browser.get(page()),
            browser.get(page() + "cetak/"),
            browser.get(f"{page()}{scan.pk}/"),
            upload(browser),
        ]
        assert [answer.status_code for answer in found] == [404] * 4
    assert as_(cast.bambang).get(f"{page()}{scan.pk}/").status_code == 200
    assert as_(cast.dewi).get(f"{page()}{scan.pk + 1}/").status_code == 404


def test_the_signer_does_not_upload_his_own_scan(waiting: Play, cast: Cast, as_: As) -> None:
    appoint(cast.bambang, "cs")
    answer = upload(as_(cast.bambang))
    assert (answer.status_code, "bukan penanda tangannya sendiri" in answer.content.decode()) == (422, True)
    appointed = Acting(cast.bambang.pk, cast.bambang.full_name, "Customer Service", "", cast.body.pk)
    scan = ink.keep_scan(
        document(), content=b"%PDF-1", signed_on=NOW.date(), by=cast.bambang, acting=appointed, now=NOW
    )
    refusal = ink.confirm_scan(scan, person=cast.bambang, title="K", previewed_sha256=scan.sha256, now=NOW)
    assert refusal.code == "same-person"


def test_a_rejected_scan_gives_way_to_another(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    browser = as_(cast.bambang)
    assert confirm(browser, answer="tidak").status_code == 422  # without a reason
    assert confirm(browser, answer="tidak", reason="Halaman 2 hilang").status_code == 302
    told = JournalEntry.objects.filter(case=waiting.case).latest("pk")
    assert (told.code, told.data["reason"]) == ("documents.ink_rejected", "Halaman 2 hilang")
    assert confirm(browser).status_code == 404
    assert upload(as_(cast.dewi)).status_code == 302
    assert confirm(browser).status_code == 302


def test_a_scan_that_was_not_shown_is_not_confirmed(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    assert confirm(as_(cast.bambang), shown="0" * 64).status_code == 422
    assert document().status == "awaiting_signature"


def test_two_scans_do_not_wait_at_once(waiting: Play, cast: Cast, as_: As) -> None:
    assert upload(as_(cast.dewi)).status_code == 302
    assert upload(as_(cast.dewi)).status_code == 422
    assert InkScan.objects.count() == 1


def test_a_scan_of_an_earlier_printing_is_not_confirmed(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    changed = queries.content_of(document()).replace(b"/Title", b"/Titel")
    assert documents.prepare(document(), content=changed) is None
    assert confirm(as_(cast.bambang)).status_code == 404
    assert InkScan.objects.get().state == "outdated"
    assert upload(as_(cast.dewi)).status_code == 302  # the old one does not keep the place of the new one
    assert document().status == "awaiting_signature"


def test_what_was_signed_electronically_takes_no_ink(waiting: Play, cast: Cast, as_: As) -> None:
    upload(as_(cast.dewi))
    give_certificate(cast.bambang)
    waiting.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": json_of(document())})
    assert document().status == "signed"
    assert confirm(as_(cast.bambang)).status_code == 404
    assert "tidak menunggu tanda tangan" in as_(cast.dewi).get(page()).content.decode()


def test_a_body_may_take_no_ink(waiting: Play, cast: Cast, as_: As) -> None:
    cast.body.settings["wet_ink"] = {"value": "never"}
    cast.body.save()
    assert upload(as_(cast.dewi)).status_code == 422
    assert as_(cast.dewi).get(page() + "cetak/").status_code == 409


@pytest.mark.parametrize(
    ("content", "day", "name"),
    [
        (b"", "2026-11-23", "a.pdf"),
        (b"MZ\x90", "2026-11-23", "a.pdf"),
        (b"%PDF-1.7\nbroken", "2026-11-23", "../../etc/passwd.pdf"),
        (None, "2026-11-24", "a.pdf"),  # tomorrow
        (None, "2026-11-01", "a.pdf"),  # before the document was made
        (None, "kemarin", "a.pdf"),
        (None, "", "a.pdf"),
        (None, "2026-11-23", "a.exe"),
    ],
)
def test_what_is_no_scan_of_this_document_is_told(
    waiting: Play, cast: Cast, as_: As, content: bytes | None, day: str, name: str
) -> None:
    answer = upload(as_(cast.dewi), content, day=day, name=name)
    assert (answer.status_code, InkScan.objects.count()) == (422, 0)


def test_a_name_of_a_file_leads_nowhere(waiting: Play, cast: Cast, as_: As, data_folder: Path) -> None:
    before = {path for path in data_folder.rglob("*") if path.is_file()}
    assert upload(as_(cast.dewi), name="../../../keluar.pdf").status_code == 302
    new = {path for path in data_folder.rglob("*") if path.is_file()} - before
    assert [path.parent.parent.parent.name for path in new] == ["files"]
