"""The book of SOPs: cover, table of contents with page numbers, every form; made by the worker, and from the command line."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from sopan.catalogue.loading import load_entries
from sopan.engine import effects
from sopan.engine.models import Effect
from sopan.people.models import Institution, Unit
from sopan.web.book import operations
from sopan.web.models import SopBook
from sopan.web.starting.tests.cast import make_starting_cast
from sopan.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
URL = "/sop/buku/"
ASKED = {"unit": "", "paper": "a4", "form_key": "k" * 32}


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    cast = make_starting_cast()
    load_entries(cast.body, {"entries": [{"number": "SOP 9", "name": "Arsip yang baru terdaftar", "unit": "umum"}]})
    return cast


def texts(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_the_book_has_a_contents_whose_page_numbers_are_right(cast: Cast) -> None:
    cast.client("ana").post(URL, ASKED)
    assert effects.run_due() == 1
    book = SopBook.objects.get()
    content = book.file.read()
    pages = texts(content)
    assert (book.total, book.done, book.pages) == (4, 4, len(pages))
    assert "BALAI CONTOH" in pages[0] and "4 SOP, 1 terdaftar tanpa uraian" in pages[0]
    listed = pages[1]
    assert "Bagian Umum" in listed and "Arsip yang baru terdaftar terdaftar, belum ada uraian" in listed
    page = int(listed.split("LAPORAN BULANAN")[1].split()[0])
    assert "Nomor SOP SOP 2" in pages[page - 1] and f"Halaman {page} dari {len(pages)}" in pages[page - 1]
    with pikepdf.open(io.BytesIO(content)) as file:
        meta = file.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "B")


def test_the_bookmarks_name_the_sops(cast: Cast) -> None:
    cast.client("ana").post(URL, ASKED)
    effects.run_due()
    outline = PdfReader(io.BytesIO(SopBook.objects.get().file.read())).outline
    names = str(outline)
    assert "LAPORAN BULANAN" in names and "Surat keterangan" in names


def test_a_unit_alone(cast: Cast) -> None:
    unit = Unit.objects.get(code="umum")
    cast.client("ana").post(URL, {**ASKED, "unit": unit.pk, "paper": "f4"})
    effects.run_due()
    book = SopBook.objects.get()
    content = book.file.read()
    assert book.total == 1
    assert round(float(PdfReader(io.BytesIO(content)).pages[0].mediabox.width) / 72 * 25.4) == 330
    assert "Rekomendasi" not in " ".join(texts(content))


def test_two_presses_make_one_book_and_a_third_waits(cast: Cast) -> None:
    client = cast.client("ana")
    one, two = (client.post(URL, ASKED)["Location"] for _ in range(2))
    assert one == two
    client.post(URL, {**ASKED, "form_key": "l" * 32})
    answer = client.post(URL, {**ASKED, "form_key": "m" * 32})
    assert answer.status_code == 422
    assert (SopBook.objects.count(), Effect.objects.count()) == (2, 2)


def test_the_page_tells_how_far_it_is(cast: Cast) -> None:
    client = cast.client("ana")
    url = client.post(URL, ASKED)["Location"]
    assert "0 dari 4 SOP disusun" in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert client.get(f"{url}unduh/").status_code == 404
    effects.run_due()
    assert "Unduh PDF" in client.get(url).content.decode()
    assert b"".join(client.get(f"{url}unduh/").streaming_content).startswith(b"%PDF")


def test_a_book_that_cannot_be_printed_says_why(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.body.pk).update(name="Balai 客")
    url = cast.client("ana").post(URL, ASKED)["Location"]
    effects.run_due()
    assert "客" in cast.client("ana").get(url).content.decode()
    assert SopBook.objects.get().file.name == ""


@pytest.mark.parametrize("who", ["rina", ""])
def test_it_is_for_the_staff(cast: Cast, who: str) -> None:
    made = cast.client("ana").post(URL, ASKED)["Location"]
    client = cast.client(who) if who else Client()
    for url in (URL, made, f"{made}unduh/"):
        assert client.get(url).status_code == (404 if who else 302)
    assert client.post(URL, {**ASKED, "form_key": "x" * 32}).status_code == (404 if who else 302)
    assert SopBook.objects.count() == 1


def test_the_book_of_another_institution_does_not_exist(cast: Cast) -> None:
    away = Institution.objects.create(code="lain", name="Lain", short_name="Lain")
    book = SopBook.objects.create(institution=away, asked_by=cast.ana, asked_at=timezone.now(), asked_key="x")
    for name in ("sop_book_job", "sop_book_download"):
        assert cast.client("ana").get(reverse(name, args=[book.pk])).status_code == 404


def test_a_worker_that_is_slow_holds_its_effect(cast: Cast) -> None:
    cast.client("ana").post(URL, ASKED)
    now = timezone.now()
    effect = effects.claim(worker="a", now=now)
    assert effect is not None
    effects.renew(effect, now=now + effects.LEASE)
    assert effects.claim(worker="b", now=now + effects.LEASE * 1.5) is None
    assert effects.claim(worker="b", now=now + effects.LEASE * 3) == effect
    with pytest.raises(effects.LeaseLost):
        effects.renew(effect, now=now)


def test_only_the_newest_books_are_kept_with_their_files(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "KEPT", 1)
    for place in range(2):
        cast.client("ana").post(URL, {**ASKED, "form_key": f"{place}" * 32})
        effects.run_due()
    book = SopBook.objects.get()
    assert [path.name for path in Path(book.file.path).parent.iterdir()] == [Path(book.file.path).name]


def test_from_the_command_line(cast: Cast, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("book", "balai", "--to", "pdf", "--out", str(tmp_path), stdout=out, stderr=io.StringIO())
    assert len(texts((tmp_path / "balai.pdf").read_bytes())) > 8
    for words in (["tidak-ada"], ["balai", "--unit", "tidak-ada"]):
        with pytest.raises(CommandError):
            call_command("book", *words, "--out", str(tmp_path))


def test_books_that_the_worker_has_given_up_keep_nobody_waiting(cast: Cast) -> None:
    given = {"unit": None, "paper": "a4", "by": cast.ana, "now": timezone.now()}
    asked = [operations.ask(cast.body, form_key=key, **given) for key in ("a", "b", "c")]
    assert [type(one).__name__ for one in asked] == ["SopBook", "SopBook", "Refusal"]
    later = {**given, "now": given["now"] + timedelta(hours=4)}
    assert isinstance(operations.ask(cast.body, form_key="d", **later), SopBook)


def test_a_book_that_the_worker_gave_up_says_so_and_is_tried_again(cast: Cast) -> None:
    client = cast.client("ana")
    url = client.post(URL, ASKED)["Location"]
    SopBook.objects.update(done=2)
    Effect.objects.update(status="failed", error="disk penuh", attempts=7)
    page = client.get(url).content.decode()
    assert "Buku gagal dibuat." in page and "2 dari 4 SOP" in page
    assert "disusun" not in page and "hx-trigger" not in page and 'http-equiv="refresh"' not in page
    assert "Gagal" in client.get(URL).content.decode()
    for key in ("l", "m"):  # it keeps nobody waiting
        assert client.post(URL, {**ASKED, "form_key": key * 32}).status_code == 302
    SopBook.objects.filter(pk__gt=SopBook.objects.order_by("pk")[0].pk).delete()
    Effect.objects.filter(status="waiting").delete()
    for _ in range(2):  # the second press finds it in the queue
        assert client.post(f"{url}ulangi/")["Location"] == url
    assert "0 dari 4 SOP disusun" in client.get(url).content.decode()
    assert effects.run_due() == 1
    assert "Unduh PDF" in client.get(url).content.decode()


def test_a_stranger_has_no_book_tried_again(cast: Cast) -> None:
    url = cast.client("ana").post(URL, ASKED)["Location"]
    Effect.objects.update(status="failed")
    assert cast.client("rina").post(f"{url}ulangi/").status_code == 404
    assert Client().post(f"{url}ulangi/").status_code == 302
    assert Effect.objects.get().status == "failed"
