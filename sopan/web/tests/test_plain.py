"""A plain step in the browser: its checklist with files, its outputs, its remark; nothing that was given is lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.engine import operations, timeline
from sopan.engine.models import Attachment, Draft, Task

from .cast import Cast, rows

pytestmark = pytest.mark.django_db


def photo(name: str = "ktp.png", color: str = "white") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), color).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


GIVEN = {"answer": "ya", "pemohon": "Sari", "check-0": "on", "output-0": "LP-12/2026", "plain-remark": "Berkas baik"}


def test_files_come_with_the_answer_and_stand_under_what_they_serve(cast: Cast) -> None:
    case = cast.begin()
    task = cast.task(case)
    sent = {**GIVEN, "file-1": photo(), "output-file-0": photo("lembar.png", "red")}
    answer = cast.client("ana").post(reverse("task_complete", args=[task.pk]), sent)
    assert answer.status_code == 302
    assert set(Attachment.objects.values_list("label", "name", "task_id")) == {
        ("KTP pemohon", "ktp.png", task.pk),
        ("Lembar periksa", "lembar.png", task.pk),
    }
    told = next(one for one in timeline.entries(case) if one.code == "completed")
    assert told.detail == (
        "Nama pemohon: Sari · Diperiksa: Formulir · Lembar periksa: LP-12/2026 · Keterangan: Berkas baik"
    )


def test_the_next_person_sees_what_was_typed_before(cast: Cast) -> None:
    case = cast.begin()
    cast.client("ana").post(reverse("task_complete", args=[cast.task(case).pk]), GIVEN)
    page = cast.client("citra").get(reverse("task", args=[cast.task(case).pk])).content.decode()
    assert "Isian langkah sebelumnya (1)" in page
    assert "Lembar periksa: LP-12/2026" in page


def test_files_of_a_form_that_cannot_be_finished_are_kept(cast: Cast) -> None:
    case = cast.begin()
    task = cast.task(case)
    answer = cast.client("ana").post(
        reverse("task_complete", args=[task.pk]), {"answer": "ya", "file-1": photo(), "plain-remark": "Sudah dicek"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ktp.png" in page and "Sudah dicek" in page
    assert Attachment.objects.count() == 1
    assert cast.task(case) == task


def test_files_can_be_kept_before_the_step_is_finished(cast: Cast) -> None:
    case = cast.begin()
    task = cast.task(case)
    url = reverse("task_files", args=[task.pk])
    for _ in range(2):  # the same press twice
        answer = cast.client("ana").post(url, {"file-1": photo(), "pemohon": "Sari"})
        assert answer.status_code == 302
    assert Attachment.objects.count() == 1
    assert Draft.objects.get().data["pemohon"] == ["Sari"]
    assert "ktp.png" in cast.client("ana").get(reverse("task", args=[task.pk])).content.decode()


def test_a_file_that_is_something_else_is_refused_at_its_input(cast: Cast) -> None:
    case = cast.begin()
    task = cast.task(case)
    wrong = SimpleUploadedFile("ktp.png", b"<script>", "image/png")
    for name in ("task_complete", "task_files"):
        wrong.seek(0)
        answer = cast.client("ana").post(reverse(name, args=[task.pk]), {**GIVEN, "file-1": wrong})
        assert answer.status_code == 422
        assert 'href="#id_file-1"' in answer.content.decode()
    assert not Attachment.objects.exists()
    assert cast.task(case) == task


@pytest.mark.parametrize("who", ["citra", "vera", "hasan", "rina", "tono"])
def test_nobody_else_leaves_a_file(cast: Cast, who: str) -> None:
    task = cast.task(cast.begin())
    before = rows()
    for name in ("task_complete", "task_files"):
        assert cast.client(who).post(reverse(name, args=[task.pk]), {**GIVEN, "file-1": photo()}).status_code == 404
    assert rows() == before
    assert not Attachment.objects.exists()


def test_a_file_that_comes_too_late_is_not_kept(cast: Cast) -> None:
    case = cast.begin()
    task = cast.task(case)
    cast.check(case, by="budi")
    cast.client("ana").post(reverse("task_complete", args=[task.pk]), {**GIVEN, "file-1": photo()})
    assert not Attachment.objects.exists()
    assert Task.objects.get(pk=task.pk).completed_by == cast.budi


FIELDS = """
format: 1
identity: {number: SOP 8, name: Pemindaian}
actors: {counter: {name: Petugas}}
steps:
  - no: 1
    actor: counter
    activity: Memindai surat
    time: 10 Menit
    outputs: [Pindaian]
    fields: [{id: file_scan, label: Nama berkas pindaian}, {id: output_0, label: Keluaran pertama}]
    end: finished
"""


def test_fields_may_be_called_as_the_inputs_of_requirements_and_outputs_begin(cast: Cast) -> None:
    procedure = load(FIELDS, file="pemindaian.yaml")
    assert isinstance(procedure, Procedure)
    publish(procedure, institution=cast.body, now=timezone.now() - timedelta(days=1))
    bind("pemindaian", {"counter": ["counter"]}, institution=cast.body)
    case = operations.start("pemindaian", institution=cast.body, actor=cast.ana, now=timezone.now())
    task = cast.task(case)
    page = cast.client("ana").get(reverse("task", args=[task.pk])).content.decode()
    assert "Nama berkas pindaian" in page and "Keluaran pertama" in page
    sent = {"file_scan": "surat.pdf", "output_0": "satu", "output-0": "dua"}
    cast.client("ana").post(reverse("task_complete", args=[task.pk]), sent)
    told = next(one for one in timeline.entries(case) if one.code == "completed")
    assert told.detail == "Nama berkas pindaian: surat.pdf · Keluaran pertama: satu · Pindaian: dua"
