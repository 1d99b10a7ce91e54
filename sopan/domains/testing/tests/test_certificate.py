"""One quality certificate from the request to the hand-over; its numbers beside those of a spreadsheet."""

from __future__ import annotations

import io
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from sopan.documents import queries as issued
from sopan.documents import verification
from sopan.domains.laboratory.tests.spreadsheet import FUNCTIONS, Spreadsheet
from sopan.domains.orders.models import Levy
from sopan.domains.testing import queries
from sopan.domains.testing.certificates import rules
from sopan.domains.testing.models import Assignment, Handover, Report, Sampling
from sopan.engine.audit import audit
from sopan.engine.models import JournalEntry

from .cast import Play, give_certificate

WORKED = Path(__file__).parent / "worked" / "sertifikat-mutu.xlsx"
K = Report.Kind


def half_up(number: float, places: int) -> float:
    return float(Decimal(f"{number:.12g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


class Sheet(Spreadsheet):
    """The recap of the spreadsheet: parameter -> result and statement."""

    def recap(self) -> dict[str, tuple[str, str]]:
        rows = ((self.value("Rekapitulasi", f"A{n}"), n) for n in (2, 3, 4))
        return {
            code: (f"{self.value('Rekapitulasi', f'C{n}'):.2f}", self.value("Rekapitulasi", f"H{n}"))
            for code, n in rows
        }


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    monkeypatch.setitem(FUNCTIONS, "ROUND", half_up)
    monkeypatch.setitem(FUNCTIONS, "IF", lambda test, yes, no: yes if test else no)
    return Sheet(WORKED).recap()


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_certificate_from_request_to_hand_over(play: Play, computed: dict[str, tuple[str, str]]) -> None:
    cast = play.cast
    give_certificate(cast.surya, position="Kasi Pengawasan")
    give_certificate(cast.arif, position="Kepala UPTD")
    play.to_worksheet()
    assert Assignment.objects.get().number == "001/SPT/BPSMB/XI/2026"
    assert Sampling.objects.get().number == "001/LPC/BPSMB/XI/2026"
    assert [one.code for one in queries.samples_of(play.case)] == ["C-26-0001"]
    play.tested()

    found = {row.parameter.code: row.outcome for row in queries.determinations_of(play.case.worksheet)}
    assert {code: (one["text"], one["conformity"]["outcome"]) for code, one in found.items()} == computed | {
        "serangga-hidup": ("tidak ada", "pass")
    }

    result = play.result_signed()
    certificate = play.certified()
    assert (result.number, certificate.number) == ("0001/TR/BPSMB/XI/2026", "0001/SM/BPSMB/XI/2026")
    for paper in (result, certificate):
        assert rules.lint(paper.snapshot) == []
        judged = verification.judged(paper.document)
        assert judged is not None and judged.valid, judged
        printed = words_of(issued.content_of(paper.document))
        for text, _outcome in computed.values():
            assert text.replace(".", ",") in printed
        assert "PT Contoh Kopi Lampung" in printed and "C-26-0001" in printed and "001/LPC/BPSMB/XI/2026" in printed
    inside = PdfReader(io.BytesIO(issued.content_of(certificate.document))).attachments
    assert inside["test-result.pdf"] == [issued.content_of(result.document)]
    assert issued.by_token(certificate.document.token) is None  # not yet handed over

    play.do(cast.puspa, number="SKRD-1", amount="150000", basis="Perda contoh")
    unpaid = play.try_(cast.puspa, receiver="Wahyu Zulkarnain")
    assert unpaid.code == "levy-unpaid"
    play.do(cast.puspa, receiver="Wahyu Zulkarnain", receipt="KW-1", paid_at="2026-11-23 12:00")

    assert play.case.status == "finished"
    assert Levy.objects.get().receipt == "KW-1"
    assert Handover.objects.get().receiver == "Wahyu Zulkarnain"
    assert issued.by_token(certificate.document.token) == certificate.document
    assert [entry.person_id for entry in JournalEntry.objects.filter(case=play.case, code="completed").order_by("seq")] == [
        person.pk
        for person in (cast.puspa, cast.arif, cast.surya, cast.lukman, cast.lukman, cast.kurnia, cast.fitri, cast.surya,
                       cast.kurnia, cast.kurnia, cast.puspa, cast.arif, cast.puspa, cast.puspa)
    ]  # fmt: skip
    assert audit().ok


def test_the_spreadsheet_shows_how_it_computes() -> None:
    cells = [cell.value for sheet in Spreadsheet(WORKED).book for row in sheet.iter_rows() for cell in row]
    assert sum(isinstance(value, str) and value.startswith("=") for value in cells) == 16
