"""Uploads: good files are described, and every trick is refused with words."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from sopan.core.flow import Refusal
from sopan.ui.uploads import UploadInfo, check_upload, safe_name

ALL = ("pdf", "jpg", "png", "xlsx")


def image(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, form)
    return out.getvalue()


def document(*, password: str = "", script: str = "", pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def workbook(**extra: bytes) -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = 1.5
    book.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes((side // 8 + 1) * 2000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def check(name: str, content: bytes, **options: object) -> UploadInfo | Refusal:
    return check_upload(SimpleUploadedFile(name, content), **{"kinds": ALL} | options)


@pytest.mark.parametrize(
    ("name", "content", "kind", "media_type"),
    [
        ("bukti.pdf", document(), "pdf", "application/pdf"),
        ("Bukti.JPG", image("JPEG"), "jpg", "image/jpeg"),
        ("foto.jpeg", image("JPEG"), "jpg", "image/jpeg"),
        ("foto.png", image("PNG"), "png", "image/png"),
        ("data.xlsx", workbook(), "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_good_file_is_described_and_rewound(name: str, content: bytes, kind: str, media_type: str) -> None:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    sha256 = hashlib.sha256(content).hexdigest()
    assert check_upload(file, kinds=ALL) == UploadInfo(name, kind, media_type, sha256, len(content))
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("kosong.pdf", b"", "empty"),
        ("besar.pdf", document() + b" " * 100_000, "too-large"),
        ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 500, "wrong-type"),
        ("virus.exe", b"MZ\x90\x00" + b"\x00" * 500, "wrong-type"),
        ("skrip.png", b"<svg onload=alert(1)>", "wrong-type"),
        ("halaman.html", document(), "wrong-type"),
        ("gambar.pdf", image("PNG"), "wrong-type"),
        ("tanpa-akhiran", document(), "wrong-type"),
        ("ganda.pdf.exe", document(), "wrong-type"),
        ("geser.pdf", b"<html>" + document(), "wrong-type"),
        ("dua-muka.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>" + document(), "unfit"),
        ("dua-muka.jpg", image("JPEG") + b"<SCRIPT>alert(1)</SCRIPT>", "unfit"),
        ("dua-muka.png", image("PNG") + b"<?php system('x') ?>", "unfit"),
        ("potong.jpg", image("JPEG")[:200], "unfit"),
        ("potong.png", image("PNG")[:60], "unfit"),
        ("bom.png", png_bomb(), "unfit"),
        ("kunci.pdf", document(password="rahasia"), "unfit"),
        ("program.pdf", document(script="app.alert(1)"), "unfit"),
        ("rusak.pdf", b"%PDF-1.7\n" + b"x" * 300, "unfit"),
        ("bom.xlsx", workbook(xl__big_xml=b"0" * 30_000_000), "unfit"),
        ("makro.xlsx", workbook(xl__vbaProject_bin=b"x"), "unfit"),
        ("entitas.xlsx", workbook(xl__a_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "unfit"),
        ("arsip.xlsx", b"PK\x03\x04" + b"x" * 300, "unfit"),
    ],
)
def test_a_bad_file_is_refused_with_words(name: str, content: bytes, code: str) -> None:
    refusal = check(name, content, max_bytes=80_000)
    assert (refusal.code, refusal.message != "") == (code, True)


def test_only_the_kinds_asked_for_are_taken() -> None:
    assert check("foto.png", image("PNG"), kinds=("pdf",)).code == "wrong-type"
    with pytest.raises(KeyError):
        check("foto.gif", b"GIF89a", kinds=("gif",))


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    content = workbook(**{f"xl__part{index}_dat": bytes(900_000) for index in range(80)})
    assert check("banyak.xlsx", content).code == "unfit"


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\bukti bayar.pdf", "bukti bayar.pdf"),
        ("bukti\u202efdp.exe", "buktifdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("...", "berkas"),
        ("", "berkas"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_is_safe(name: str) -> None:
    shown = safe_name(name)
    assert 0 < len(shown) <= 130
    assert not set(shown) & set('/\\<>:"|?*\r\n\0')
    assert not shown.startswith(".")


@given(
    st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
    st.binary(min_size=1, max_size=400),
)
def test_any_bytes_give_an_answer(begin: bytes, rest: bytes) -> None:
    for ending in ("pdf", "jpg", "png", "xlsx"):
        assert isinstance(check(f"a.{ending}", begin + rest), Refusal)
