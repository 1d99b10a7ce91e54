"""``sopan draw``: the same procedure as pages, as the official form, as a table for the screen."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pypdf import PdfReader

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.operations import publish

from .cast import letter, make_cast


def draw(tmp_path: Path, *words: str) -> list[Path]:
    out = io.StringIO()
    call_command("draw", *words, "--out", str(tmp_path), stdout=out)
    return [Path(line) for line in out.getvalue().split()]


def test_the_form_is_a_pdf_of_the_archival_kind_with_numbered_pages(tmp_path: Path) -> None:
    (path,) = draw(tmp_path, "sippt-kalibrasi", "--to", "pdf")
    with pikepdf.open(path) as file:
        assert (file.open_metadata()["pdfaid:part"], file.open_metadata()["pdfaid:conformance"]) == ("3", "B")
    pages = PdfReader(path).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 3
    assert all(f"Halaman {place} dari 3" in text for place, text in enumerate(texts, 1))
    for words in ("Nomor SOP SOP 31/BSPJI-3", "Disahkan oleh", "Kepala BSPJI Palembang", "Dasar Hukum", "Keterkaitan"):
        assert words in texts[0]
    assert all("Kegiatan" in text and "KEPALA BALAI" in text for text in texts[1:])
    assert "NIP" not in " ".join(texts)
    assert float(pages[0].mediabox.width) > float(pages[0].mediabox.height)


def test_pages_are_svg_of_the_chosen_paper(tmp_path: Path) -> None:
    pages = draw(tmp_path, "sippt-kalibrasi", "--to", "svg", "--paper", "f4")
    assert [path.name for path in pages] == ["sippt-kalibrasi-1.svg", "sippt-kalibrasi-2.svg"]
    assert all('width="330mm" height="215mm"' in path.read_text() for path in pages)


def test_a_file_anywhere_can_be_drawn(tmp_path: Path) -> None:
    source = Path(__file__).parents[3] / "procedures/bspji-palembang/sippt-kalibrasi.yaml"
    copy = tmp_path / "lain.yaml"
    copy.write_text(source.read_text())
    (path,) = draw(tmp_path, str(copy), "--to", "html")
    assert path.name == "lain.html"
    assert len(re.findall('<svg class="matrix"', path.read_text())) == 22


def test_what_is_not_there_or_not_readable_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file of that name"):
        draw(tmp_path, "tidak-ada")
    wrong = tmp_path / "salah.yaml"
    wrong.write_text("format: 1\nsteps: []\n")
    with pytest.raises(CommandError, match="salah.yaml"):
        draw(tmp_path, str(wrong))
    wrong.write_text(
        (Path(__file__).parents[3] / "procedures/bspji-palembang/sippt-kalibrasi.yaml")
        .read_text()
        .replace("PELANGGAN", "客户")
    )
    with pytest.raises(CommandError, match="客"):
        draw(tmp_path, str(wrong), "--to", "pdf")


@pytest.mark.django_db
def test_a_published_version_is_drawn_with_the_names_of_its_institution(tmp_path: Path) -> None:
    cast = make_cast()
    publish(replace(letter(), notes=("diubah",)), institution=cast.body, now=timezone.now())
    for words, number in (([], 2), (["--version", "1"], 1)):
        (path,) = draw(tmp_path, "surat", "--institution", "balai", "--to", "pdf", *words)
        assert ProcedureVersion.objects.filter(version=number).exists()
        assert "BALAI CONTOH" in PdfReader(path).pages[0].extract_text()
    for wrong in (["--institution", "lain"], ["--institution", "balai", "--version", "9"], ["--version", "1"]):
        with pytest.raises(CommandError):
            draw(tmp_path, "surat", *wrong)
