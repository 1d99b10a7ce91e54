"""A report speaks the language that the customer asked for, or both: labels, dates, page foot and signature."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from pypdf import PdfReader

from sopan.documents import queries as documents
from sopan.documents import stamp
from sopan.documents.bilingual import told
from sopan.domains.laboratory.certificates import words
from sopan.domains.laboratory.models import Report
from sopan.ui import formats

from .cast import PASSPHRASE, SCALE, Cast, give_certificate, make_order

MAY = datetime(2026, 5, 5, 2, 14, tzinfo=UTC)


def printed(cast: Cast, language: str) -> tuple[Report, str]:
    """A signed report and all that it says."""
    give_certificate(cast.bambang)
    order = make_order(cast, SCALE, language=language).to("sign_report")
    made = Report.objects.get()
    shown = json.dumps({made.pk: made.document.unsigned_sha256})
    order.do(cast.bambang, "ya", typed={"passphrase": PASSPHRASE, "shown": shown})
    made.document.refresh_from_db()
    pages = PdfReader(io.BytesIO(documents.content_of(made.document))).pages
    return made, " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("language", "said", "not_said", "tagged"),
    [
        ("id", ["LAPORAN HASIL KALIBRASI", "Tanggal kalibrasi", "Halaman 1 dari"], ["Calibration", "Page 1"], "id"),
        ("en", ["CALIBRATION REPORT", "Date of calibration", "Page 1 of"], ["Kalibrasi :", "Halaman", "Tanggal"], "en"),
        (
            "both",
            ["LAPORAN HASIL KALIBRASI / CALIBRATION REPORT", "Tanggal kalibrasi / Date of calibration", "/ Page 1 of"],
            ["Parameter / Parameter"],
            "id",
        ),
    ],
)
def test_a_report_is_printed_in_the_language_of_the_order(
    cast: Cast, language: str, said: list[str], not_said: list[str], tagged: str
) -> None:
    made, text = printed(cast, language)
    assert [words for words in said if words not in text] == []
    assert [words for words in not_said if words in text] == []
    assert made.document.language == language
    content = PdfReader(io.BytesIO(documents.content_of(made.document)))
    assert content.trailer["/Root"]["/Lang"] == tagged


def test_the_language_of_the_order_rules_and_not_that_of_who_prints(cast: Cast) -> None:
    with translation.override("en"):
        made, text = printed(cast, "id")
    assert "Disahkan secara teknis oleh" in text
    assert [label for label, _value in made.document.facts] == ["Alat", "Merek, tipe", "Nomor seri"]


def test_dates_of_two_languages_stand_side_by_side_where_they_differ() -> None:
    assert formats.long_dates(date(2026, 5, 5), ("id", "en")) == "5 Mei 2026 / 5 May 2026"
    assert formats.long_dates(date(2026, 11, 21), ("id", "en")) == "21 November 2026"
    assert formats.long_dates(date(2026, 5, 5), ("en",)) == "5 May 2026"


def test_a_label_that_both_languages_share_stands_once() -> None:
    labels = {
        language: [told(words.LABELS[key], languages) for key in ("parameter", "make")]
        for language, languages in words.LANGUAGES.items()
    }
    assert labels == {
        "id": ["Parameter", "Merek"],
        "en": ["Parameter", "Manufacturer"],
        "both": ["Parameter", "Merek / Manufacturer"],
    }


def test_the_moment_of_a_signature_is_told_in_the_language_of_the_document() -> None:
    told = {language: stamp.worded(MAY, zone="Asia/Jakarta", language=language) for language in ("id", "en", "both")}
    assert told == {
        "id": "5 Mei 2026, 09.14 WIB",
        "en": "5 May 2026, 09:14 WIB",
        "both": "5 Mei 2026 / 5 May 2026, 09.14 WIB",
    }
