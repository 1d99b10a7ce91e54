"""Printing: PDF/A-3b, the same bytes for the same input, and data that is never markup."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from sopan.documents import pdf, qr, templates

from .conftest import NOW

INSTITUTION = {"name": "Balai", "parent_name": "", "address": "Jalan 1", "contact": "", "accreditation": ""}
templates.register("tests.letter", Path(__file__).parent / "typst" / "letter.typ")


def letter(*, rows: int = 3, **fields: Any) -> dict[str, Any]:
    data = {"title": "Laporan", "number": "1/2026", "language": "id", "owner": "PT Sinar", "institution": INSTITUTION}
    return data | {"rows": [f"Baris {row}" for row in range(rows)]} | fields


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def template_of(tmp_path: Path, key: str, source: str) -> str:
    path = tmp_path / f"{key}.typ"
    path.write_text(source)
    templates.register(f"tests.{tmp_path}.{key}", path)
    return f"tests.{tmp_path}.{key}"


def test_a_document_says_that_it_is_pdf_a_3b_and_carries_its_fonts_and_files(tmp_path: Path) -> None:
    made = pdf.render(
        "tests.letter", letter(), at=NOW, attachments=[pdf.Attached("data.xml", b"<a/>", "application/xml", "Data")]
    )
    reader = PdfReader(io.BytesIO(made))
    marks = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in marks
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in marks
    assert reader.attachments["data.xml"] == [b"<a/>"]
    fonts = [font["/DescendantFonts"][0] for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"]) for font in fonts)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.render("tests.letter", letter(rows=200), at=NOW))
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert (done.returncode, "No syntax or stream encoding errors" in done.stdout) == (0, True)


def test_the_same_input_makes_the_same_bytes_in_every_thread() -> None:
    made: list[str] = []

    def one() -> None:
        made.append(hashlib.sha256(pdf.render("tests.letter", letter(), at=NOW)).hexdigest())

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(set(made))) == (8, 1)


@pytest.mark.parametrize(
    "hostile", ['#import "x"', "$x$", "*tebal* _miring_", "<script>", "\\", '"', '#read("/etc/passwd")']
)
def test_what_people_typed_is_printed_as_typed(hostile: str) -> None:
    assert hostile in text_of(pdf.render("tests.letter", letter(owner=hostile), at=NOW))


def test_signs_of_measurement_are_printed() -> None:
    signs = "± 0,5 µm · 20 °C · 10 kΩ · m² · √2 · Δ ≤ ≥ × – —"
    made = pdf.render("tests.letter", letter(owner=signs), at=NOW)
    assert not [sign for sign in "±µ°Ω²√Δ≤≥×–—" if sign not in text_of(made)]


def test_letters_that_no_font_has_are_named() -> None:
    refusal = pdf.render("tests.letter", letter(owner="PT 中国"), at=NOW)
    assert (refusal.code, "“中”" in refusal.message, "“国”" in refusal.message) == ("glyph", True, True)


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../secret")',
        '#set text(font: "Nope")\nx',
        "#undefined",
        '#import "@preview/x:1.0.0": y',
    ],
)
def test_a_template_cannot_leave_its_folder_and_a_warning_is_an_error(source: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("rahasia")
    (tmp_path / "inner").mkdir()
    with pytest.raises(pdf.TemplateError):
        pdf.render(template_of(tmp_path / "inner", "bad", source), {}, at=NOW)


def test_a_template_key_is_taken_once() -> None:
    with pytest.raises(ValueError):
        templates.register("tests.letter", Path(__file__).parent / "typst" / "letter.typ")
    with pytest.raises(LookupError):
        pdf.render("tests.unknown", {}, at=NOW)


@pytest.mark.parametrize("rows", [1, 25, 30, 33, 36, 38, 40, 45, 60])
def test_the_place_of_the_signature_stays_free_however_long_the_text(rows: int) -> None:
    page = PdfReader(io.BytesIO(pdf.render("tests.letter", letter(rows=rows), at=NOW))).pages[-1]
    heights: list[float] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_rest: heights.append(cm[3] * tm[5] + cm[5]) if text.strip() else None
    )
    millimetre = 72 / 25.4
    foot, top = (
        pdf.MEASURES["bottom"] * millimetre,
        (pdf.MEASURES["bottom"] + pdf.MEASURES["stamp_height"]) * millimetre,
    )
    assert heights
    assert [height for height in heights if foot < height < top] == []


def test_a_forked_child_is_told_instead_of_hanging() -> None:
    pdf.render("tests.letter", letter(), at=NOW)
    child = os.fork()
    if child == 0:
        try:
            pdf.render("tests.letter", letter(), at=NOW)
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_a_qr_code_can_be_drawn_into_a_document(tmp_path: Path) -> None:
    key = template_of(tmp_path, "qr", '#import "@local/sopan:1.0.0": picture\n#picture("qr", width: 3cm)')
    assert pdf.render(key, {}, at=NOW, images={"qr": qr.svg("https://sopan.example/v/x/")}).startswith(b"%PDF-1.7")
