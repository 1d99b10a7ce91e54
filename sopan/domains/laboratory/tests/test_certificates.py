"""From measured results to a signed certificate: what keeps it from its number, its snapshot, and both of its forms."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import queries as documents
from sopan.documents.certificates import trust_roots
from sopan.domains.laboratory.certificates.snapshot import fingerprint
from sopan.domains.laboratory.examining import Verdict, examine
from sopan.domains.laboratory.models import Item, Report, ResultVersion
from sopan.domains.laboratory.operations import measuring as operations
from sopan.people.models import Company

from .cast import NOW, PASSPHRASE, Cast, Play, give_certificate
from .measured_cast import balance_sheet, begin, equip, measuring_play


@pytest.fixture
def play(cast: Cast) -> Play:
    """A balance, measured by its method and approved; it waits for its number."""
    equip(cast)
    play = measuring_play(cast)
    work = play.works[0]
    begin(work, cast)
    done = operations.submit(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    assert isinstance(done, ResultVersion), done.measured.faults
    play.do(work.analyst)
    return play.to("number_report")


def test_a_measured_instrument_gets_a_certificate_with_both_forms(play: Play) -> None:
    give_certificate(play.cast.bambang)
    play.to("sign_report")
    report = Report.objects.select_related("document").get()
    shown = json.dumps({report.pk: report.document.unsigned_sha256})
    play.do(play.cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": shown})
    report.document.refresh_from_db()
    content = documents.content_of(report.document)
    found = examine(content, trust_roots=trust_roots())
    assert (found.verdict, found.pdf_a, found.dcc, found.problems) == (Verdict.VALID, "3B", True, ())
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    for said in (
        "SERTIFIKAT KALIBRASI",
        "100,00002 100,00020 0,00018 0,00037",
        "CONTOH-M-0317",
        "Agus Prasetyo",
        report.number,
    ):
        assert said in text


def test_what_is_missing_is_told_at_the_step_and_no_number_is_given(play: Play) -> None:
    Item.objects.update(condition="")
    refused = play.number()
    assert isinstance(refused, Refusal)
    assert refused.message == (
        "S-26-0001: Identitas atau kondisi alat belum lengkap: kondisi saat diterima (ISO/IEC 17025:2017, 7.8.2.1 g). "
        "Perbaiki di: penerimaan alat."
    )
    assert Report.objects.count() == 0
    Item.objects.update(condition="Baik")
    assert not isinstance(play.number(), Refusal)
    assert Report.objects.count() == 1


def test_the_page_of_the_step_shows_what_is_missing(play: Play, as_: Any) -> None:
    Company.objects.update(name="")
    page = as_(play.cast.hendra).get(f"/tugas/{play.task.pk}/").content.decode()
    assert "7.8.2.1 e" in page
    assert "data perusahaan pelanggan" in page


def test_advice_on_the_next_calibration_keeps_a_report_from_its_number(play: Play) -> None:
    ResultVersion.objects.update(notes="Kalibrasi ulang disarankan setelah 12 bulan.")
    refused = play.number()
    assert isinstance(refused, Refusal)
    assert "7.8.4.3" in refused.message


def test_the_snapshot_is_kept_with_its_hash_and_nothing_later_changes_it(play: Play) -> None:
    play.to("render_report")
    play.print()
    report = Report.objects.get()
    assert report.snapshot_sha256 == fingerprint(report.snapshot)
    assert (report.snapshot["format"], report.snapshot["number"]) == (1, report.number)
    before = documents.content_of(report.document)
    Company.objects.update(name="PT Lain")
    report.refresh_from_db()
    assert report.snapshot["customer"]["name"] == "PT Contoh Pangan Musi"
    assert b"PT Lain" not in before
    assert report.snapshot_sha256 == fingerprint(report.snapshot)


def test_printed_anew_it_says_what_holds_then(play: Play) -> None:
    play.to("render_report")
    play.print()
    first = Report.objects.get().snapshot_sha256
    Company.objects.update(name="PT Contoh Berganti Nama")
    play.print()
    report = Report.objects.get()
    assert report.snapshot["customer"]["name"] == "PT Contoh Berganti Nama"
    assert report.snapshot_sha256 != first
