"""The printed certificate: what it says, that it is PDF/A-3 with its digital form inside, and that both say the same."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from pypdf import PdfReader

from sopan.documents import pdf
from sopan.domains.laboratory.certificates import page
from sopan.domains.laboratory.certificates.snapshot import Snapshot
from sopan.domains.laboratory.dcc import attachment
from sopan.domains.laboratory.methods.load import shipped
from sopan.ui.formats import written

from .reported import judged, of_method, part, whole

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
METHODS = sorted(shipped())


def printed(told: Snapshot) -> bytes:
    made = pdf.render(page.TEMPLATE, page.content(told), at=AT, attachments=attachment.of(told))
    assert isinstance(made, bytes), made
    return made


def text_of(content: bytes) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).split())


def digital(content: bytes) -> bytes:
    return PdfReader(io.BytesIO(content)).attachments[attachment.NAME][0]


def numbers_of(content: bytes) -> list[list[str]]:
    """Every list of numbers of the digital form: values, uncertainties, factors."""
    wanted = ("valueXMLList", "valueExpandedMUXMLList", "coverageFactorXMLList")
    return [
        str(one.text).split()
        for one in etree.fromstring(digital(content)).iter()
        if one.tag.rpartition("}")[2] in wanted
    ]


def missing(content: bytes, *, language: str) -> list[str]:
    """Numbers of the digital form that the page does not say digit by digit."""
    words = set(text_of(content).split())
    as_printed = written if language == "id" else lambda number: number.replace("-", "−")
    lists = numbers_of(content)
    return [
        one
        for several in lists[1:]
        for one in several
        if not {as_printed(one), f"±{as_printed(one.lstrip('-'))}"} & words
    ]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", METHODS)
def test_the_page_and_its_digital_form_say_the_same_numbers(code: str, language: str) -> None:
    content = printed(of_method(code, languages=[language]))
    assert len(numbers_of(content)) >= 5
    assert missing(content, language=language) == []


UNITLESS = {"k", "Kesesuaian"}


@pytest.mark.parametrize("code", METHODS)
def test_every_column_of_results_says_its_unit_in_its_head(code: str) -> None:
    told = of_method(code, languages=["id"])
    (results,) = page.content(told)["parts"][0]["tables"]
    units = dict(results["heads"])
    unit = told["parts"][0]["tables"][0]["unit"]
    assert {unit for label, unit in units.items() if label in UNITLESS} <= {""}
    assert [label for label, unit in units.items() if label not in UNITLESS and not unit] == []
    assert {units[label] for label in ("Titik ukur", "U")} == {unit}
    text = text_of(printed(told))
    assert text.count(f" {unit} ") >= len([one for one in units.values() if one == unit])


def test_a_limit_and_a_column_of_the_method_have_the_unit_of_the_table_and_a_number_has_none() -> None:
    told = judged(languages=["id", "en"])
    for table in told["parts"][0]["tables"]:
        table["columns"].append({"name": "ratio", "label": ["Nisbah", "Ratio"], "unit": "1"})
        for one in table["points"]:
            one["shown"]["ratio"] = "0.5"
    heads = dict(page.content(told)["parts"][0]["tables"][0]["heads"])
    assert [heads[one] for one in ("Batas / Limit", "Sebaran / Spread", "Nisbah / Ratio", "k")] == ["g", "g", "", ""]


def test_another_digit_would_be_seen() -> None:
    told = whole()
    content = pdf.render(page.TEMPLATE, page.content(whole()), at=AT, attachments=attachment.of(told))
    told["parts"][0]["tables"][0]["points"][0]["error"] = "0.00008"
    other = pdf.render(page.TEMPLATE, page.content(whole()), at=AT, attachments=attachment.of(told))
    assert missing(content, language="id") == []
    assert missing(other, language="id") == ["0.00008"]


ELEMENTS = [
    "0007/KAL/XI/2026", "ORD-2026-11-0412", "BALAI CONTOH", "Jalan Contoh 1", "LK-000-IDN", "PT Contoh Pangan Musi", "Rina",
    "Jalan Pelanggan 2", "Neraca analitik", "Contoh Timbang", "T-1", "SN-1", "0–220 g", "S-26-0001", "Baik",
    "20 November 2026", "23 November 2026", "24 November 2026", "Laboratorium Massa", "22,3 ± 0,4 °C", "52 %",
    "EURAMET Calibration Guide No. 18", "AT-07", "CONTOH-M-0317", "SNSU-BSN", "Agus Contoh", "Manajer Teknis",
]  # fmt: skip


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (["id"], ["SERTIFIKAT KALIBRASI", "hanya berlaku untuk alat", "sebagaimana diterima", "digandakan seutuhnya",
                  "Keterangan dari pelanggan", "95,45 %", "Sistem Internasional Satuan", "Akhir sertifikat", "Halaman 1 dari"]),
        (["en"], ["CALIBRATION CERTIFICATE", "relate only to the instrument", "as received", "except in full",
                  "supplied by the customer", "95.45 %", "International System of Units", "End of certificate", "Page 1 of"]),
    ],
    ids=["id", "en"],
)  # fmt: skip
def test_the_template_prints_every_element(languages: list[str], said: list[str]) -> None:
    text = text_of(printed(whole(languages=languages)))
    if languages == ["en"]:
        assert [one for one in said if one not in text] == []
        return
    assert [one for one in [*said, *ELEMENTS] if one not in text] == []


def test_a_statement_of_conformity_stands_with_its_rule_limit_and_specification() -> None:
    text = text_of(printed(judged()))
    for said in ("jalur penjaga w = U", "±0,001", "memenuhi bersyarat", "tidak memenuhi", "OIML R 76-1", "Sebelum penyetelan",
                 "Sesudah penyetelan"):  # fmt: skip
        assert said in text


def test_an_amendment_says_what_it_replaces_what_changed_and_why() -> None:
    amends = {"number": "0001/KAL/I/2026", "what": "Nomor seri: SN-1", "why": "Salah ketik", "sha256": "cd" * 32}
    text = text_of(printed(whole(amends=amends)))
    for said in ("Pengganti sertifikat nomor : 0001/KAL/I/2026", "Yang berubah : Nomor seri: SN-1", "Salah ketik"):
        assert said in text


def test_the_annex_has_the_budget_of_every_point() -> None:
    told = of_method("neraca-elektronik", languages=["id"], annex=True)
    text = text_of(printed(told))
    assert text.count("Penyimpangan pojok") >= 3
    assert "Lampiran: anggaran ketidakpastian" not in text_of(printed(of_method("neraca-elektronik", languages=["id"])))


def test_results_outside_of_the_scope_are_marked() -> None:
    told = whole()
    told["parts"][0]["tables"][0]["points"][1]["accredited"] = False
    assert text_of(printed(told)).count("di luar lingkup akreditasi") == 1


@pytest.mark.parametrize("languages", [["id"], ["id", "en"]], ids="-".join)
def test_it_is_pdf_a_3b_tagged_with_its_fonts_and_an_associated_file(languages: list[str], tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printed(of_method("manometer", languages=languages, annex=True)))
    assert subprocess.run(["qpdf", "--check", path], capture_output=True).returncode == 0
    with pikepdf.open(path) as document, document.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "B")
        assert document.Root.MarkInfo.Marked
        assert len(document.Root.OutputIntents) == 1
        assert [str(one.AFRelationship) for one in document.Root.AF] == ["/Alternative"]
        assert (
            str(document.Root.AF[0].EF.F.Subtype) == "/application#2Fxml"
            or document.Root.AF[0].EF.F.Subtype == "/application/xml"
        )
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all("yes yes" in " ".join(line.split()) for line in fonts), fonts


def test_the_same_snapshot_makes_the_same_bytes() -> None:
    assert printed(whole()) == printed(whole())


def test_a_free_table_has_no_digital_form_and_says_so() -> None:
    rows = [{"point": "50", "unit": "g", "reference": "50,1", "indication": "50.0", "error": "0,1", "note": "stabil"}]
    method: dict[str, Any] = {
        "code": "",
        "version": "",
        "name": ["IK-1", "IK-1"],
        "norms": [],
        "p": "",
        "measurand": [],
    }
    told = whole(kind="calibration_report", parts=[
        part(method=method, tables=[{"stage": "as_is", "unit": "", "columns": [], "points": rows}],
             equipment=[{"text": "Anak timbangan E2"}])])  # fmt: skip
    told["statements"] = {"simplified": ["Laporan sederhana", "Simplified"], "end": ["Akhir", "End"]}
    content = printed(told)
    assert PdfReader(io.BytesIO(content)).attachments == {}
    for said in ("50,1 50.0 0,1 stabil", "Laporan sederhana", "Koreksi = nilai standar"):
        assert said in text_of(content)
