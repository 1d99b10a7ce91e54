"""The pages of the catalogue as people meet them."""

from __future__ import annotations

import io
import sys
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from sopan.catalogue import editing, life, readings
from sopan.catalogue.editing import sha256
from sopan.catalogue.models import Appraisal, CatalogueEntry, ChangeRequest, ProcedureVersion, Reading, Revision
from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.engine import audit, operations
from sopan.engine.models import Case
from sopan.people.models import Appointment, Unit
from sopan.web.tests.cast import Cast, letter

pytestmark = pytest.mark.django_db

ARCHIVE = """
format: 1
identity: {number: SOP 8, name: Pengarsipan}
actors: {staf: {name: STAF}}
steps:
  - {no: 1, actor: staf, activity: Menerima berkas untuk disimpan, time: 1 jam, kind: start}
  - no: 2
    actor: staf
    activity: Petugas memeriksa permohonan dan kelengkapannya
    time: 3 Hari Kerja
    outputs: [Daftar arsip inaktif]
    kind: end
    end: finished
    inferred: [actor]
"""


def archive(cast: Cast) -> ProcedureVersion:
    found = load(ARCHIVE, file="arsip.yaml")
    assert isinstance(found, Procedure)
    return publish(found, institution=cast.body, now=timezone.now())


def text(answer: Any) -> str:
    return answer.content.decode()


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_in_force_listed_and_unread(cast: Cast) -> None:
    CatalogueEntry.objects.create(institution=cast.body, slug="sop-9", number="SOP 9", name="Kearsipan", place=1)
    page = text(cast.client("ana").get("/sop/"))
    for words in (
        "Surat keterangan",
        "Kearsipan",
        "Terdaftar, belum ada uraian",
        "Belum Anda baca",
        "1 belum Anda baca",
    ):
        assert words in page
    assert "Belum Anda baca" not in text(cast.client("vera").get("/sop/"))  # she does not work by it
    assert 'href="/sop/" aria-current="page"' in page.replace('title="SOP"', "").replace('" title', '"')


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("cari=arsip+inaktif", ["Pengarsipan"]),
        ("cari=INAKTIF", ["Pengarsipan"]),
        ("cari=SOP+7", ["Surat keterangan"]),
        ("cari=permohonan", ["Pengarsipan", "Surat keterangan"]),
        ("cari=permohonan+lembar", ["Surat keterangan"]),
        ("cari=tidak-ada-di-mana-pun", []),
        ("cari=%00%25_%27", []),
        ("unit=umum", ["Pengarsipan"]),
        ("siapa=saya", ["Surat keterangan"]),
        ("siapa=99999999999999999999999", []),
        ("keadaan=unread", ["Surat keterangan"]),
        ("keadaan=listed", []),
        ("keadaan=apa", ["Pengarsipan", "Surat keterangan"]),
        ("page=99&cari=surat", ["Surat keterangan"]),
    ],
)
def test_searching_and_filtering(cast: Cast, asked: str, found: list[str]) -> None:
    archive(cast)
    unit = Unit.objects.create(institution=cast.body, code="umum", name="Umum")
    CatalogueEntry.objects.create(institution=cast.body, slug="arsip", number="SOP 8", name="Pengarsipan", unit=unit)
    answer = cast.client("ana").get(f"/sop/?{asked}")
    assert answer.status_code == 200
    assert sorted(one.line.name for one in answer.context["rows"]) == found


def test_a_search_says_where_it_found_the_words(cast: Cast) -> None:
    archive(cast)
    page = text(cast.client("ana").get("/sop/?cari=inaktif"))
    assert "Output 2:" in page
    assert "Daftar arsip <mark>inaktif</mark>" in page


def test_the_list_as_a_spreadsheet(cast: Cast) -> None:
    archive(cast)
    answer = cast.client("ana").get("/sop/ekspor/?cari=inaktif")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row][:4] for row in sheet.iter_rows()]
    assert rows[4:] == [["Nomor", "Nama SOP", "Unit", "Keadaan"], ["SOP 8", "Pengarsipan", None, "Berlaku"]]


def test_contradictions_are_shown_side_by_side_and_on_the_pages(cast: Cast) -> None:
    assert "Tidak ada pertentangan" in text(cast.client("ana").get("/sop/pertentangan/"))
    archive(cast)
    page = text(cast.client("ana").get("/sop/pertentangan/"))
    assert "30 Menit" in page and "3 Hari Kerja" in page
    assert "bertentangan waktunya" in text(cast.client("ana").get("/sop/arsip/"))


# The page of an SOP ---------------------------------------------------------------------------------------------------


def test_the_page_tells_what_is_inferred_and_who_works_by_it(cast: Cast) -> None:
    archive(cast)
    bind("arsip", {"staf": ["archive"]}, institution=cast.body)
    page = text(cast.client("ana").get("/sop/arsip/"))
    for words in ("disimpulkan: pelaksana", "Arsiparis: Vera", "0 dari 1", "1 langkah memuat hal yang disimpulkan"):
        assert words in page, words
    assert page.count('<svg class="matrix"') == 2


def test_reading_is_counted_once_and_only_of_those_who_work_by_it(cast: Cast) -> None:
    page = reverse("sop_read", args=["surat", 1])
    for _ in range(2):
        assert cast.client("ana").post(page).status_code == 302
    assert cast.client("vera").post(page).status_code == 404
    assert cast.client("rina").post(page).status_code == 404
    assert [row.name for row in Reading.objects.all()] == ["Ana"]
    readers = readings.readers(ProcedureVersion.objects.get(), now=timezone.now())
    assert (len(readers.done), sorted(person.name for person in readers.missing)) == (1, ["Budi", "Citra"])
    assert "Sudah dibaca oleh <b>1 dari 3</b> pelaksana" in text(cast.client("vera").get("/sop/surat/"))


def test_who_left_is_not_counted_among_the_readers(cast: Cast) -> None:
    cast.client("budi").post(reverse("sop_read", args=["surat", 1]))
    Appointment.objects.filter(person=cast.budi).update(valid_to=timezone.now() - timedelta(hours=1))
    readers = readings.readers(ProcedureVersion.objects.get(), now=timezone.now())
    assert (len(readers.done), sorted(person.name for person in readers.missing)) == (0, ["Ana", "Citra"])


def test_a_coming_version_is_told_with_its_day_and_the_old_one_stays(cast: Cast) -> None:
    now = timezone.now()
    later = replace(letter(), identity=replace(letter().identity, name="Surat keterangan baru"))
    publish(later, institution=cast.body, now=now, effective_from=now + timedelta(days=30))
    page = text(cast.client("ana").get("/sop/surat/"))
    assert "Versi 2 mulai berlaku" in page and "Surat keterangan baru" not in page
    page = text(cast.client("ana").get("/sop/surat/v2/"))
    assert "Surat keterangan baru" in page and "Yang berlaku sekarang adalah versi 1." in page


def test_the_form_and_the_files(cast: Cast) -> None:
    client = cast.client("ana")
    for paper in ("a4", "f4", "x"):
        answer = client.get(reverse("sop_pdf", args=["surat", 1]) + f"?kertas={paper}")
        assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    for ending, begin in (("json", b"{"), ("bpmn", b"<?xml"), ("xlsx", b"PK"), ("docx", b"PK")):
        answer = client.get(reverse("sop_file", args=["surat", 1, ending]))
        assert (answer.status_code, answer["Content-Disposition"]) == (200, f'attachment; filename="surat-v1.{ending}"')
        assert answer.content.startswith(begin), ending
    assert client.get(reverse("sop_file", args=["surat", 1, "exe"])).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/sop/tidak-ada/",
        "/sop/surat/v2/",
        "/sop/surat/v0/",
        f"/sop/surat/v{2**70}/",
        "/sop/konsep/99/",
        f"/sop/konsep/{2**70}/",
    ],
)
def test_what_is_not_there_is_not_found(cast: Cast, page: str) -> None:
    assert cast.client("vera").get(page).status_code == 404


# A change, from the request to the moved case -------------------------------------------------------------------------


def test_a_change_from_the_request_to_the_running_case(cast: Cast) -> None:
    """Ana asks, Vera takes it and writes, Budi checks, Adi reviews, Citra approves; Vera moves the running case."""
    case = cast.begin()
    ana, vera, budi, adi, citra = map(cast.client, ("ana", "vera", "budi", "adi", "citra"))
    asked = ana.post(
        "/sop/surat/usulan/", {"what": "Waktu langkah 1 menjadi 45 menit", "why": "Terlalu singkat", "step": "1"}
    )
    assert asked.status_code == 302
    request = ChangeRequest.objects.get()
    assert request.what in text(vera.get("/sop/konsep/")) and request.what not in text(ana.get("/sop/konsep/"))
    taken = vera.post(reverse("request_answer", args=[request.pk]), {"take": "1", "answer": "Baik"})
    revision = Revision.objects.get()
    assert taken.url == reverse("revision", args=[revision.pk])
    assert "Baik" in text(ana.get("/sop/surat/"))  # who asked sees the answer

    content = deepcopy(revision.content)
    content["steps"][0]["time"] = "45 Menit"
    editing.save(revision.pk, actor=cast.vera, content=content, edit=revision.edit, now=timezone.now())
    revision.refresh_from_db()
    page = reverse("revision", args=[revision.pk])
    sent = {"edit": revision.edit, "what": revision.what, "why": revision.why, "send": "1"}
    assert vera.post(f"{page}uraian/", sent).status_code == 302
    assert "<del>30</del>" in text(budi.get(page)) and "<ins>45</ins>" in text(budi.get(page))
    assert "Setuju, teruskan" not in text(vera.get(page))
    for client, state in ((budi, "checking"), (adi, "reviewing"), (citra, "approving")):
        assert '<span class="cnt">1</span>' in text(client.get("/sop/"))  # the badge of the menu
        given = {"state": state, "seen": sha256(content), "comment": "Sudah dilihat"}
        wrong = client.post(f"{page}setuju/", {**given, "effective_from": "31-31-2026"})
        assert wrong.status_code == 422 and "Sudah dilihat" in text(wrong)  # never taken for "at once"
        assert client.post(f"{page}setuju/", given).status_code == 302, state
    assert ProcedureVersion.objects.get(version=2).published_by == "Citra, Kepala Balai"

    page = "/sop/surat/pindah/"
    assert "Dapat dipindahkan" in text(vera.get(page))
    assert ana.get(page).status_code == 404
    given = {"case": case.pk, "seen": case.journal_length, "reason": "Waktu baru"}
    assert vera.post(page, {**given, "reason": ""}).status_code == 422
    assert vera.post(page, given).status_code == 302
    assert Case.objects.get(pk=case.pk).procedure.version == 2
    assert "dipindahkan dari versi 1 ke versi 2" in text(ana.get(f"/kasus/{case.pk}/?tab=linimasa"))
    assert audit.audit().faults == []


def test_what_was_typed_is_kept_when_it_cannot_be_sent(cast: Cast) -> None:
    vera = cast.client("vera")
    assert vera.post("/sop/surat/ubah/").status_code == 302
    revision = Revision.objects.get()
    page = reverse("revision_describe", args=[revision.pk])
    seen = {"edit": revision.edit, "seen": life.described(revision)}
    answer = vera.post(page, {**seen, "what": "Waktu langkah 1", "why": "", "send": "1"})
    assert answer.status_code == 422
    assert "Waktu langkah 1" in text(answer) and "Tuliskan alasan perubahan." in text(answer)
    answer = vera.post(page, {**seen, "what": "x", "why": "y", "effective_from": "2020-01-01"})
    assert answer.status_code == 422 and "sebelum hari ini" in text(answer)
    answer = vera.post(page, {**seen, "what": "Pelaksana langkah 2", "why": "y"})  # as from another window
    assert answer.status_code == 422 and "Yang tersimpan sekarang" in text(answer)
    assert "Waktu langkah 1" in text(answer) and "Pelaksana langkah 2" in text(answer)
    assert f'name="seen" value="{life.described(Revision.objects.get())}"' in text(answer)
    assert Revision.objects.get().state == "draft"


def test_a_refusal_is_told_on_the_page_of_the_revision(cast: Cast) -> None:
    """Too early, too late, without a reason, by an author: never a broken page."""
    vera = cast.client("vera")
    vera.post("/sop/surat/ubah/")
    page = reverse("revision", args=[Revision.objects.get().pk])
    posts = {
        "setuju": [{"state": "checking", "seen": "x"}, {"state": "apa"}, {}],
        "kembalikan": [{"state": "checking", "reason": ""}, {"state": "checking", "reason": "Salah"}, {}],
        "batalkan": [{"drop_reason": ""}, {}, {"drop_reason": "x" * 5_000}],
        "uraian": [{"what": "x" * 5_000, "send": "1"}, {"what": "a", "why": "b", "send": "1", "edit": "-7"}],
    }
    for act, given in posts.items():
        for typed in given:
            answer = vera.post(f"{page}{act}/", typed)
            assert answer.status_code == 422, (act, typed, answer.status_code)
            assert 'role="alert"' in text(answer)
    assert (Revision.objects.get().state, ProcedureVersion.objects.count()) == ("draft", 1)


def test_a_drafter_opens_one_revision_and_comes_back_to_it(cast: Cast) -> None:
    vera = cast.client("vera")
    first, second = (vera.post("/sop/surat/ubah/").headers["Location"] for _ in range(2))
    assert first == second
    assert cast.client("ana").post("/sop/surat/ubah/").status_code == 404
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("name", ["Konsep", "Surat", "!!!", "impor"])
def test_a_new_sop_takes_no_name_that_is_taken(cast: Cast, name: str) -> None:
    assert cast.client("vera").post("/sop/konsep/baru/", {"name": name}).status_code == 422
    assert not Revision.objects.exists()


def test_a_withdrawn_sop_says_so_and_who(cast: Cast) -> None:
    citra = cast.client("citra")
    assert citra.post("/sop/surat/cabut/", {"reason": ""}).status_code == 422
    assert citra.post("/sop/surat/cabut/", {"reason": "Diganti aturan baru"}).status_code == 302
    page = text(cast.client("ana").get("/sop/surat/"))
    assert "Dicabut oleh Citra, Kepala Balai." in page and "Diganti aturan baru" in page
    assert citra.get("/sop/surat/cabut/").status_code == 404


def test_a_version_that_waits_is_taken_back_by_who_approves(cast: Cast) -> None:
    now = timezone.now()
    later = replace(letter(), identity=replace(letter().identity, name="Surat keterangan baru"))
    publish(later, institution=cast.body, now=now, effective_from=now + timedelta(days=30))
    citra, page = cast.client("citra"), "/sop/surat/v2/tarik/"
    assert page in text(citra.get("/sop/surat/v2/")) and page not in text(citra.get("/sop/surat/"))
    for who in ("ana", "vera", "rina"):
        client = cast.client(who)
        assert (client.get(page).status_code, client.post(page, {"reason": "x"}).status_code) == (404, 404)
    assert citra.get("/sop/surat/v1/tarik/").status_code == 404
    assert "Versi 1 tetap berlaku." in text(citra.get(page))
    assert citra.post(page, {"reason": " "}).status_code == 422
    for _ in range(2):  # the second press is told, not refused with a fault
        assert citra.post(page, {"reason": "Anggaran belum ada"}).status_code == 302
    shown = text(cast.client("ana").get("/sop/surat/v2/"))
    assert "Ditarik oleh Citra, Kepala Balai, sebelum berlaku." in shown and "Anggaran belum ada" in shown
    assert "mulai berlaku" not in text(cast.client("ana").get("/sop/surat/"))
    assert "Versi 2 mulai" not in text(cast.client("ana").get("/sop/"))


def test_a_version_that_cannot_be_written_is_not_opened_and_the_reason_is_told(cast: Cast) -> None:
    first, *rest = letter().steps
    odd = replace(letter(), steps=(replace(first, time=replace(first.time, printed="sebentar")), *rest))
    publish(odd, institution=cast.body, now=timezone.now())
    answer = cast.client("vera").post("/sop/surat/ubah/", follow=True)
    assert (answer.status_code, Revision.objects.count()) == (200, 0)
    assert "Versi 2 tidak dapat disunting" in text(answer)


# Two versions ---------------------------------------------------------------------------------------------------------


def test_the_differences_are_looked_for_once_a_page(cast: Cast) -> None:
    vera = cast.client("vera")
    vera.post("/sop/surat/ubah/")
    revision = Revision.objects.get()
    publish(
        replace(letter(), identity=replace(letter().identity, name="Lain")), institution=cast.body, now=timezone.now()
    )
    for page in (f"/sop/konsep/{revision.pk}/", f"/sop/konsep/{revision.pk}/banding/", "/sop/surat/banding/"):
        calls: list[str] = []

        def seen(frame: FrameType, event: str, _arg: object, calls: list[str] = calls) -> None:
            if event == "call" and frame.f_code.co_name == "differences":
                calls.append(event)

        sys.setprofile(seen)
        try:
            assert vera.get(page).status_code == 200
        finally:
            sys.setprofile(None)
        assert calls == ["call"], page


def test_two_versions_side_by_side(cast: Cast) -> None:
    changed = letter()
    steps = (
        replace(changed.steps[0], activity="Petugas memeriksa permohonan beserta kelengkapannya"),
        *changed.steps[1:],
    )
    publish(replace(changed, steps=steps), institution=cast.body, now=timezone.now())
    page = text(cast.client("ana").get("/sop/surat/banding/"))
    assert "<del>dan</del>" in page and "<ins>beserta</ins>" in page
    assert "1 langkah berubah" in page
    assert page.count("diff-changed") >= 4  # the row and its symbol, in both drawings
    for query in ("?dari=1&ke=1", "?dari=2&ke=1"):
        assert cast.client("ana").get(f"/sop/surat/banding/{query}").status_code == 200
    for query in ("?dari=9", "?dari=1&ke=77"):
        assert cast.client("ana").get(f"/sop/surat/banding/{query}").status_code == 404


# Monitoring and evaluation --------------------------------------------------------------------------------------------


def test_the_form_of_a_period_is_made_once_with_the_questions_as_they_were_asked(cast: Cast) -> None:
    year = timezone.localdate().year
    page = f"/sop/surat/v1/evaluation/{year}/"
    adi = cast.client("adi")
    assert f"Evaluasi tahun {year} belum dibuat untuk 1 SOP." in text(adi.get("/sop/evaluasi/?jenis=evaluation"))
    shown = adi.get(page)
    assert "belum dikonfirmasi" in text(shown)
    answers = {row["id"]: "ya" for row in shown.context["rows"]}
    missing = adi.post(page, {**answers, "conclusion": ""})
    assert missing.status_code == 422 and "checked" in text(missing)
    assert adi.post(page, {**answers, "mudah": "mungkin", "conclusion": "Baik"}).status_code == 422
    assert adi.post(page, {**answers, "mudah-note": "Jelas", "conclusion": "Tetap dipakai"}).status_code == 302
    again = cast.client("vera").post(page, {**answers, "conclusion": "Lain"})
    assert again.status_code == 422 and "sudah diisi oleh Adi" in text(again)
    made = Appraisal.objects.get()
    assert made.answers["mudah"]["note"] == "Jelas"
    assert "Tetap dipakai" in text(cast.client("ana").get(page))
    sheet = load_workbook(io.BytesIO(adi.get(f"/sop/evaluasi/ekspor/?jenis=evaluation&masa={year}").content)).active
    assert sheet.max_row == 5 + len(answers) + 1  # title, what it is, heads; the answers; the conclusion


@pytest.mark.parametrize(
    "place", ["evaluation/2099", "monitoring/2026", "evaluation/2026-1", "lain/2026", "monitoring/2026-3"]
)
def test_a_period_that_there_is_not_has_no_form(cast: Cast, place: str) -> None:
    assert cast.client("adi").get(f"/sop/surat/v1/{place}/").status_code == 404


def test_who_only_works_by_it_fills_in_no_form(cast: Cast) -> None:
    page = f"/sop/surat/v1/evaluation/{timezone.localdate().year}/"
    assert (cast.client("ana").get(page).status_code, cast.client("ana").post(page).status_code) == (404, 404)


# Queries --------------------------------------------------------------------------------------------------------------


def another(cast: Cast, number: int) -> None:
    found = load(ARCHIVE.replace("SOP 8", f"SOP {number}"), file=f"arsip-{number}.yaml")
    assert isinstance(found, Procedure)
    publish(found, institution=cast.body, now=timezone.now())
    CatalogueEntry.objects.create(institution=cast.body, slug=f"arsip-{number}", name=f"Arsip {number}", place=number)
    revision = editing.open_revision(cast.body, actor=cast.vera, slug=f"baru-{number}", now=timezone.now())
    assert isinstance(revision, Revision)
    ChangeRequest.objects.create(
        institution=cast.body,
        slug="surat",
        what="a",
        why="b",
        person=cast.ana,
        name="Ana",
        at=timezone.now(),
        state="open",
    )
    cast.begin(number=f"K-{number + 100}")


@pytest.mark.parametrize(
    "page",
    [
        "/sop/",
        "/sop/?cari=arsip",
        "/sop/surat/",
        "/sop/konsep/",
        "/sop/pertentangan/",
        "/sop/evaluasi/",
        "/sop/ekspor/",
    ],
)
def test_a_page_asks_as_often_for_three_rows_as_for_one(cast: Cast, page: str) -> None:
    def asked() -> int:
        client = cast.client("vera")
        client.get(page)  # what a process keeps of versions is read
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    another(cast, 1)
    before = asked()
    another(cast, 2)
    another(cast, 3)
    assert asked() == before


def test_the_preview_of_moves_asks_as_often_for_three_cases_as_for_one(cast: Cast) -> None:
    def asked() -> int:
        client.get("/sop/surat/pindah/")
        with CaptureQueriesContext(connection) as queries:
            assert text(client.get("/sop/surat/pindah/")).count("Dapat dipindahkan") == len(cast.cases)
        return len(queries)

    changed, now = letter(), timezone.now()
    steps = (replace(changed.steps[0], remarks="Baru"), *changed.steps[1:])
    for number in range(3):
        cast.begin(number=f"K-{number}")
    late = cast.cases[1:]
    publish(replace(changed, steps=steps), institution=cast.body, now=now)
    client = cast.client("vera")
    of_three = asked()
    for case in late:
        cancelled = operations.cancel(case.pk, actor=cast.ana, reason="Batal", now=now)
        assert not isinstance(cancelled, operations.Refusal)
    cast.cases = cast.cases[:1]
    assert asked() == of_three
