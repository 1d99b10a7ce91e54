"""Bad files at every place that takes files: refused by name, with what is taken and up to which size; nothing is lost."""

from __future__ import annotations

import html
import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from openpyxl import Workbook, load_workbook
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from sopan.domains.laboratory.queries import items
from sopan.engine.models import Attachment, Case, JournalEntry
from sopan.ui.uploads import safe_name

from .world import World, picture

pytestmark = pytest.mark.xdist_group("bad_input")  # one process builds the world


def pdf(*, password: str = "", opening: str = "", on_page: bool = False) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(200, 200)
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    if opening:
        writer.root_object[NameObject(opening)] = action
    if on_page:
        page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """A picture of few bytes that would need gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9_000)) + chunk(b"IEND", b"")
    )


def archive(*, bomb: int = 0, nested: bool = False, workbook: bool = False) -> bytes:
    out = io.BytesIO()
    if workbook:
        Workbook().save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b"0" * bomb or b"<x/>")
        if nested:
            parts.writestr("xl/media/inner.zip", archive(bomb=30_000_000))
    return out.getvalue()


BAD: dict[str, tuple[str, bytes]] = {
    "empty": ("kosong.pdf", b""),
    "program for Windows": ("bukti.pdf", b"MZ\x90\x00" + bytes(2_000)),
    "program for Linux": ("bukti.png", b"\x7fELF\x02\x01" + bytes(2_000)),
    "program by its name": ("bukti.pdf.exe", pdf()),
    "drawing with a script": ("gambar.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "drawing called a picture": ("gambar.png", b'<svg onload="alert(1)"/>'),
    "page": ("bukti.html", b"<!doctype html><script>alert(1)</script>"),
    "picture that is a page too": ("dua.png", picture(size=(9, 9)).read() + b"<script>alert(1)</script>"),
    "picture that would fill the memory": ("bom.png", png(50_000, 50_000)),
    "picture that ends early": ("potong.png", picture(size=(90, 90)).read()[:70]),
    "locked": ("kunci.pdf", pdf(password="x")),
    "program on opening": ("buka.pdf", pdf(opening="/OpenAction")),
    "program on the page": ("halaman.pdf", pdf(on_page=True)),
    "nothing inside": ("rusak.pdf", b"%PDF-1.7\n" + b"x" * 99),
    "archive": ("arsip.zip", archive()),
    "document of Word": ("surat.docx", archive()),
    "bomb of Word": ("bom.docx", archive(bomb=30_000_000)),
    "bomb": ("bom.xlsx", archive(bomb=30_000_000, workbook=True)),
    "bomb in a bomb": ("dalam.xlsx", archive(nested=True)),
    "too large": ("besar.pdf", b"%PDF-1.7\n" + bytes(10 * 1024 * 1024)),
    "long name": ("n" * 700 + ".exe", b"MZ"),
    "way out": ("../../../etc/passwd.exe", b"MZ"),
    "direction": ("bukti\u202efdp.exe", b"MZ"),
    "markup in the name": ('"><img src=x onerror=alert(1)>.exe', b"MZ"),
    "no ending": ("bukti", pdf()),
}


def upload(key: str) -> SimpleUploadedFile:
    name, content = BAD[key]
    file = SimpleUploadedFile("x", content, "application/pdf")
    file._name = name  # as a browser may send it; Django takes the last part on its own
    return file


def refused(answer: HttpResponse, key: str, *, taken: str, status: int) -> None:
    page = html.unescape(answer.content.decode())
    name = BAD[key][0]
    assert answer.status_code == status
    assert any(f"“{safe_name(one)}”" in page for one in (name, name[-255:], name.replace("\\", "/").split("/")[-1]))
    assert taken in page
    assert "paling besar 10 MB" in page
    assert "<img src=x" not in answer.content.decode()


def state() -> tuple[Any, ...]:
    return (
        Attachment.objects.count(),
        JournalEntry.objects.count(),
        list(Case.objects.order_by("pk").values_list("pk", "journal_length")),
    )


@pytest.mark.parametrize("key", BAD)
def test_a_bad_file_is_refused_by_name_wherever_it_is_given(world: World, key: str) -> None:
    before = state()
    case, bill, task = world.cases["5"], world.cases["9"], world.task("11")
    first, second = items(world.order("11"))[:2]
    counter = world.client("dewi")

    kept = counter.post(f"/kasus/{case.pk}/berkas/", {"file": upload(key), "label": "Foto", "tab": "dokumen"})
    refused(kept, key, taken="PDF, JPG, PNG, XLSX", status=422)

    proof = world.client("rina").post(f"/pesanan/{bill.pk}/tagihan/", {"proof": upload(key)})
    refused(proof, key, taken="PDF, JPG, PNG", status=200)

    typed = {
        f"{name}_{item.pk}": f"{name} {item.pk}" for item in (first, second) for name in ("condition", "accessories")
    }
    choice = next(value for value in _choices(counter, task.pk) if value)
    typed |= {
        f"{name}_{item.pk}": value
        for item in (first, second)
        for name, value in (("arrived", "on"), ("choice", choice))
    }
    photos = {f"photo_{first.pk}": picture(), f"photo_{second.pk}": upload(key)}
    received = counter.post(f"/tugas/{task.pk}/selesai/", {**typed, **photos, "answer": ""})
    refused(received, key, taken="JPG, PNG", status=422)
    page = html.unescape(received.content.decode())
    assert [
        text for name, text in typed.items() if name.startswith(("condition", "accessories")) and text not in page
    ] == []

    assert state() == before


def _choices(client: Any, task_id: int) -> list[str]:
    from .crawl import forms_of

    page = f"/tugas/{task_id}/"
    found = forms_of(client.get(page).content.decode(), role="dewi", page=page)
    form = next(form for form in found if form.action.endswith("/selesai/"))
    return next(one.values for one in form.fields if one.name.startswith("choice_"))


@pytest.mark.parametrize("key", BAD)
def test_a_bad_copy_is_answered_by_the_verification(world: World, key: str) -> None:
    """Whatever it is, it is compared or refused in words, and never said to be genuine."""
    answer = world.client().post("/v/", {"file": upload(key)})
    page = html.unescape(answer.content.decode())
    assert answer.status_code in (200, 422)
    assert "Berkas ini asli" not in page
    if not BAD[key][1].startswith(b"%PDF-"):
        assert "bukan PDF" in page
        assert "paling besar 10 MB" in page


def test_a_good_file_with_a_strange_name_is_kept_under_a_safe_one(world: World) -> None:
    case = world.cases["5"]
    names = {
        "n" * 700 + ".png": "n" * 116 + ".png",
        "../../etc/\u202ebukti.png": "bukti.png",
        "C:\\fotoku\\alat 1.png": "alat 1.png",
        "a%0D%0AX-Injected: 1.png": "a%0D%0AX-Injected 1.png",
        "=CMD|x.png": "=CMDx.png",
    }
    for width, (name, kept) in enumerate(names.items(), 20):  # the same content again would be the same file
        file = picture(size=(width, 9))
        file._name = name
        answer = world.client("dewi").post(f"/kasus/{case.pk}/berkas/", {"file": file, "label": "Foto"})
        assert answer.status_code == 302
        row = Attachment.objects.latest("pk")
        assert row.name == kept
        download = world.client("dewi").get(f"/berkas/{row.pk}/")
        assert download["Content-Disposition"].startswith("attachment; filename=")
        assert "X-Injected" not in download
        assert (download["X-Content-Type-Options"], download["Content-Type"]) == ("nosniff", "image/png")


def test_a_name_longer_than_any_file_can_have_is_an_unreadable_request(world: World) -> None:
    file = picture()
    file._name = "n" * 1_000 + ".png"
    answer = world.client("dewi").post(f"/kasus/{world.cases['5'].pk}/berkas/", {"file": file, "label": "Foto"})
    assert answer.status_code == 400
    assert "Belum ada yang disimpan" in answer.content.decode()


# What leaves the product ----------------------------------------------------------------------------------------------

FORMULAS = (
    '=HYPERLINK("http://jahat.example")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A0",
    "a\x00b",
)


def test_no_cell_of_an_exported_list_is_a_formula(world: World) -> None:
    cases = list(Case.objects.filter(tasks__status="open", tasks__binding__name__icontains="CS").distinct()[:1])
    chance = random.Random(7)
    for case in cases or [world.cases["5"]]:
        for formula in FORMULAS:
            Case.objects.filter(pk=case.pk).update(subject=formula[:200], title=chance.choice(FORMULAS)[:200])
            content = world.client("dewi").get("/tugas/ekspor/?petugas=unit&cari=").content
            cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
            assert [cell.value for cell in cells if cell.data_type == "f"] == []
            risky = [cell for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))]
            assert [cell.value for cell in risky if not cell.quotePrefix] == []
            seen = {str(cell.value) for cell in cells}
            assert formula.replace("\x00", "").strip() in {one.strip() for one in seen}
