"""Acts on a task through its page: finishing, drafts, two people, reasons, taking, returning, holding, notes, files."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from sopan.engine import operations
from sopan.engine.models import Attachment, Case, Comment, Draft, JournalEntry, Task
from sopan.people.models import Appointment
from sopan.web.panel import restore, secret_names

from .cast import Cast, rows

pytestmark = pytest.mark.django_db


def finish(cast: Cast, task: Task, who: str, **sent: Any) -> HttpResponse:
    return cast.client(who).post(f"/tugas/{task.pk}/selesai/", {"answer": "ya", "pemohon": "Sari", **sent})


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_a_plain_step_keeps_what_was_typed_and_ticked(cast: Cast) -> None:
    case = cast.begin()
    answer = finish(cast, cast.task(case), "ana", catatan="Baik", **{"check-0": "on"})
    assert answer.status_code == 302
    facts = JournalEntry.objects.get(case=case, code="completed").data["facts"]
    assert facts == {"pemohon": "Sari", "catatan": "Baik", "checked": ["Formulir"]}
    assert "Nama pemohon: Sari" in text(cast.client("ana").get(f"/kasus/{case.pk}/?tab=linimasa"))


def test_after_finishing_the_next_task_of_the_same_view_opens(cast: Cast) -> None:
    now = timezone.now()
    first = cast.begin("K-1", subject="PT Sungai", now=now - timedelta(minutes=3))
    cast.begin("K-2", subject="CV Gunung", now=now - timedelta(minutes=2))
    third = cast.begin("K-3", subject="PT Sungai", now=now - timedelta(minutes=1))
    answer = finish(cast, cast.task(first), "ana", dari="cari=sungai")
    assert answer["Location"] == f"/tugas/{cast.task(third).pk}/?dari=cari%3Dsungai"
    answer = finish(cast, cast.task(third), "ana", dari="cari=sungai")
    assert answer["Location"] == "/tugas/?cari=sungai"


def test_the_message_tells_what_happened_and_what_comes_next(cast: Cast) -> None:
    case = cast.begin()
    client = cast.client("ana")
    answer = client.post(f"/tugas/{cast.task(case).pk}/selesai/", {"answer": "ya", "pemohon": "Sari"}, follow=True)
    told = "K-1: langkah 1 · Periksa permohonan selesai (Lengkap). Berikutnya langkah 2 · Setujui surat (Kepala)."
    assert told in text(answer)


def test_a_wrong_field_is_told_at_the_field_and_nothing_is_lost(cast: Cast) -> None:
    case = cast.begin()
    before = rows()
    answer = finish(cast, cast.task(case), "ana", pemohon="", catatan="<i>Panjang</i>")
    assert answer.status_code == 422
    assert 'href="#id_pemohon"' in text(answer)
    assert "&lt;i&gt;Panjang&lt;/i&gt;" in text(answer)
    assert rows() == before


def test_a_reason_is_asked_for_at_its_field_where_the_way_out_needs_one(cast: Cast) -> None:
    case = cast.begin()
    before = rows()
    answer = finish(cast, cast.task(case), "ana", answer="tidak", reason="  ", catatan="Tetap ada")
    assert answer.status_code == 422
    assert ('href="#reason"' in text(answer), "Tetap ada" in text(answer)) == (True, True)
    assert rows() == before
    assert finish(cast, cast.task(case), "ana", answer="tidak", reason="KTP belum ada", pemohon="").status_code == 302
    assert JournalEntry.objects.filter(code="completed").get().data["reason"] == "KTP belum ada"


@pytest.mark.parametrize("answer", ["", "lain", "<b>"])
def test_an_answer_that_does_not_exist_is_refused(cast: Cast, answer: str) -> None:
    case = cast.begin()
    before = rows()
    assert finish(cast, cast.task(case), "ana", answer=answer).status_code == 422
    assert rows() == before


def test_pressing_twice_does_it_once(cast: Cast) -> None:
    task = cast.task(cast.begin())
    assert finish(cast, task, "ana", form_key="k").status_code == 302
    after = rows()
    assert finish(cast, task, "ana", form_key="k").status_code == 302
    assert rows() == after


def test_who_lost_the_race_is_told_who_won_and_keeps_what_he_typed(cast: Cast) -> None:
    task = cast.task(cast.begin())
    finish(cast, task, "budi", form_key="b")
    before = rows()
    answer = finish(cast, task, "ana", form_key="a", pemohon="Yang saya ketik", reason="Alasan saya")
    assert answer.status_code == 409
    assert "Sudah diselesaikan oleh Budi" in text(answer)
    assert ("Yang saya ketik" in text(answer), "Alasan saya" in text(answer)) == (True, True)
    assert rows() == before


def test_a_task_that_a_colleague_took_cannot_be_finished(cast: Cast) -> None:
    task = cast.task(cast.begin())
    operations.take(task.pk, actor=cast.budi, now=timezone.now())
    answer = finish(cast, task, "ana", pemohon="Yang saya ketik")
    assert (answer.status_code, "Budi" in text(answer), "Yang saya ketik" in text(answer)) == (409, True, True)


def test_separation_is_told_before_and_refused_at_the_act(cast: Cast) -> None:
    position = Appointment.objects.get(person=cast.citra).position
    Appointment.objects.create(person=cast.ana, position=position, valid_from=timezone.now() - timedelta(days=1))
    case = cast.begin()
    cast.check(case)
    task, why = cast.task(case), "Yang menyetujui bukan yang memeriksa."
    assert why in text(cast.client("ana").get(f"/tugas/{task.pk}/"))
    before = rows()
    answer = finish(cast, task, "ana")
    assert (answer.status_code, why in text(answer)) == (422, True)
    assert rows() == before


# Drafts ---------------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_unchecked_and_put_back_with_its_time(cast: Cast) -> None:
    case = cast.begin()
    task, client = cast.task(case), cast.client("ana")
    sent = {"pemohon": "", "catatan": "Setengah jalan", "check-0": "on", "reason": "R", "form_key": "k", "dari": "x"}
    assert client.post(f"/tugas/{task.pk}/konsep/", sent).status_code == 200
    assert Draft.objects.get().data == {
        "pemohon": [""],
        "catatan": ["Setengah jalan"],
        "check-0": ["on"],
        "reason": ["R"],
    }
    page = text(client.get(f"/tugas/{task.pk}/"))
    assert ("Setengah jalan" in page, "Konsep Anda dari" in page, " checked" in page) == (True, True, True)
    assert "Setengah jalan" not in text(cast.client("budi").get(f"/tugas/{task.pk}/"))
    finish(cast, task, "ana")
    assert Draft.objects.count() == 0


def test_a_draft_of_a_finished_task_is_refused(cast: Cast) -> None:
    task = cast.task(cast.begin())
    finish(cast, task, "budi")
    assert cast.client("ana").post(f"/tugas/{task.pk}/konsep/", {"pemohon": "x"}).status_code == 409
    assert Draft.objects.count() == 0


class Secret(forms.Form):
    passphrase = forms.CharField(widget=forms.PasswordInput)
    pin = forms.CharField()
    note = forms.CharField()
    secret_fields = ("pin",)


def test_secrets_are_neither_kept_nor_put_back() -> None:
    form = Secret()
    assert secret_names(form) == {"passphrase", "pin"}
    restore(form, {"passphrase": ["a"], "pin": ["b"], "note": ["c"]})
    assert form.initial == {"note": "c"}


# Who does it ----------------------------------------------------------------------------------------------------------


def test_taking_giving_back_and_handing_over(cast: Cast) -> None:
    case = cast.begin()
    task, client = cast.task(case), cast.client("ana")
    client.post(f"/tugas/{task.pk}/ambil/")
    assert cast.task(case).assignee == cast.ana
    client.post(f"/tugas/{task.pk}/lepas/")
    assert cast.task(case).assignee is None
    client.post(f"/tugas/{task.pk}/alihkan/", {"to": cast.budi.pk})
    assert cast.task(case).assignee == cast.budi


@pytest.mark.parametrize("to", ["vera", "hasan", "citra", "rina", ""])
def test_a_task_is_handed_only_to_who_may_do_it(cast: Cast, to: str) -> None:
    case = cast.begin()
    before = rows()
    pk = cast.people[to].pk if to else ""
    assert cast.client("ana").post(f"/tugas/{cast.task(case).pk}/alihkan/", {"to": pk}).status_code == 422
    assert rows() == before


def test_taking_what_another_has_is_told(cast: Cast) -> None:
    case = cast.begin()
    task = cast.task(case)
    operations.take(task.pk, actor=cast.budi, now=timezone.now())
    answer = cast.client("ana").post(f"/tugas/{task.pk}/ambil/", follow=True)
    assert "sudah diambil oleh Budi" in text(answer)
    assert cast.task(case).assignee == cast.budi


def test_sending_back_needs_a_step_that_was_done_and_a_reason(cast: Cast) -> None:
    case = cast.begin()
    cast.check(case)
    task, client, before = cast.task(case), cast.client("citra"), rows()
    for sent in ({"to_step": "1", "back_reason": " "}, {"to_step": "3", "back_reason": "x"}, {}):
        assert client.post(f"/tugas/{task.pk}/kembalikan/", sent).status_code == 422
    assert rows() == before
    typed = client.post(f"/tugas/{task.pk}/kembalikan/", {"to_step": "3", "back_reason": "Yang saya ketik"})
    assert "Yang saya ketik" in text(typed)
    client.post(f"/tugas/{task.pk}/kembalikan/", {"to_step": "1", "back_reason": "Salah alamat"})
    assert (cast.task(case).step, cast.task(case).visit) == ("1", 2)
    assert "putaran ke-2" in text(cast.client("ana").get(f"/tugas/{cast.task(case).pk}/"))


# The case -------------------------------------------------------------------------------------------------------------


def test_a_held_case_cannot_be_worked_on_until_it_goes_on(cast: Cast) -> None:
    case = cast.begin()
    client = cast.client("ana")
    assert client.post(f"/kasus/{case.pk}/tahan/", {"case_reason": ""}).status_code == 422
    client.post(f"/kasus/{case.pk}/tahan/", {"case_reason": "Kantor tutup"})
    assert Case.objects.get().status == "held"
    answer = finish(cast, cast.task(case), "ana", pemohon="Yang saya ketik")
    assert (answer.status_code, "Yang saya ketik" in text(answer)) == (409, True)
    client.post(f"/kasus/{case.pk}/lanjutkan/")
    assert finish(cast, cast.task(case), "ana").status_code == 302


def test_a_case_is_cancelled_on_a_page_that_asks_for_the_reason(cast: Cast) -> None:
    case = cast.begin()
    client = cast.client("ana")
    assert client.get(f"/kasus/{case.pk}/batalkan/").status_code == 200
    assert client.post(f"/kasus/{case.pk}/batalkan/", {"case_reason": " "}).status_code == 422
    assert Case.objects.get().status == "open"
    client.post(f"/kasus/{case.pk}/batalkan/", {"case_reason": "Dobel"})
    assert Case.objects.get().status == "withdrawn"


def test_notes_are_internal_unless_they_are_sent_to_the_customer(cast: Cast) -> None:
    case = cast.begin()
    client = cast.client("ana")
    client.post(f"/kasus/{case.pk}/catatan/", {"text": "Untuk rekan", "to": "internal"})
    client.post(f"/kasus/{case.pk}/catatan/", {"text": "Untuk pelanggan", "to": "customer"})
    assert list(Comment.objects.order_by("pk").values_list("internal", flat=True)) == [True, False]
    assert client.post(f"/kasus/{case.pk}/catatan/", {"text": " "}).status_code == 422


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


def test_a_file_is_kept_for_what_it_serves(cast: Cast) -> None:
    case = cast.begin()
    url = f"/kasus/{case.pk}/berkas/"
    upload = SimpleUploadedFile("ktp.png", png(), content_type="text/html")
    cast.client("ana").post(url, {"file": upload, "label": "KTP pemohon"})
    kept = Attachment.objects.get()
    assert (kept.label, kept.name, kept.media_type) == ("KTP pemohon", "ktp.png", "image/png")
    assert (kept.customer_may_see, kept.person) == (False, cast.ana)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.exe", b"MZ\x90\x00"),
        ("ktp.png", b"MZ\x90\x00"),
        ("ktp.pdf", b"<script>alert(1)</script>"),
        ("kosong.pdf", b""),
        ("data.xlsx", b"PK\x03\x04rusak"),
    ],
)
def test_a_file_of_another_kind_than_it_says_is_refused(cast: Cast, name: str, content: bytes) -> None:
    case = cast.begin()
    before = rows()
    answer = cast.client("ana").post(
        f"/kasus/{case.pk}/berkas/", {"file": SimpleUploadedFile(name, content), "label": "x", "tab": "dokumen"}
    )
    assert (answer.status_code, Attachment.objects.count()) == (422, 0)
    assert rows() == before


def test_the_page_asks_no_more_questions_when_the_case_grows(cast: Cast) -> None:
    case = cast.begin()

    def asked() -> int:
        client = cast.client("ana")
        client.get(f"/kasus/{case.pk}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/kasus/{case.pk}/").status_code == 200
        return len(queries)

    now = timezone.now()
    operations.comment(case.pk, actor=cast.ana, text="Satu", now=now)
    one = asked()
    for word in ("Dua", "Tiga"):
        operations.comment(case.pk, actor=cast.budi, text=word, now=now)
    assert asked() == one
