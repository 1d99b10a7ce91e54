"""The inbox: who sees what, filters in the address, pages by key, saved views, bulk acts, the spreadsheet."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sopan.engine import operations
from sopan.engine.models import SavedView, Task
from sopan.people.models import Appointment
from sopan.web.viewing import Viewing, key_from, key_text

from .cast import Cast, rows

pytestmark = pytest.mark.django_db
INBOX = "/tugas/"


def shown(cast: Cast, name: str, query: str = "") -> list[str]:
    """Numbers of the cases in the inbox of a person, in order."""
    answer = cast.client(name).get(INBOX + query)
    assert answer.status_code == 200
    return [str(line.task.case) for group in answer.context["groups"] for line in group.lines]


def test_a_person_sees_the_tasks_of_the_positions_that_he_holds(cast: Cast) -> None:
    cast.begin("K-1")
    second = cast.begin("K-2")
    cast.check(second)
    assert shown(cast, "ana") == ["K-1"]
    assert shown(cast, "budi") == ["K-1"]
    assert shown(cast, "citra") == ["K-2"]
    assert shown(cast, "vera") == []


def test_whose_appointment_is_over_sees_nothing(cast: Cast) -> None:
    cast.check(cast.begin("K-1"))
    assert shown(cast, "hasan") == []
    Appointment.objects.filter(person=cast.hasan).update(valid_to=timezone.now() + timedelta(hours=1))
    assert shown(cast, "hasan") == ["K-1"]


def test_a_task_that_a_colleague_took_is_shown_only_on_request(cast: Cast) -> None:
    case = cast.begin()
    operations.take(cast.task(case).pk, actor=cast.budi, now=timezone.now())
    assert shown(cast, "ana") == []
    assert shown(cast, "ana", "?petugas=unit") == ["K-1"]
    assert shown(cast, "budi", "?petugas=saya") == ["K-1"]
    assert shown(cast, "budi", "?petugas=bebas") == []


def test_filters_stand_in_the_address(cast: Cast) -> None:
    cast.begin("K-1", subject="PT Sungai")
    cast.begin("K-2", subject="CV Gunung")
    assert shown(cast, "ana", "?cari=sungai") == ["K-1"]
    assert shown(cast, "ana", "?langkah=1&sop=surat") == ["K-1", "K-2"]
    assert shown(cast, "ana", "?langkah=2") == []
    assert shown(cast, "ana", "?sop=lain") == []
    assert shown(cast, "ana", "?batas=terlambat") == []


def test_tasks_are_grouped_by_how_urgent_they_are(cast: Cast) -> None:
    late = cast.begin("K-1", now=timezone.now() - timedelta(days=7))
    held = cast.begin("K-2", now=timezone.now() - timedelta(days=7))
    operations.hold(held.pk, actor=cast.ana, reason="Menunggu kantor", now=timezone.now())
    answer = cast.client("ana").get(INBOX)
    found = {
        group.name: [(str(line.task.case), line.left.tone) for line in group.lines]
        for group in answer.context["groups"]
    }
    assert found == {"Terlambat": [(str(late), "bad")], "Menunggu pihak luar": [(str(held), "wait")]}


def test_what_waits_for_the_customer_is_grey_and_cannot_be_ticked(cast: Cast) -> None:
    case = cast.begin(now=timezone.now() - timedelta(days=30))
    cast.check(case, answer="tidak", reason="KTP belum ada")
    Task.objects.filter(status="open").update(due_at=timezone.now() - timedelta(days=20))
    answer = cast.client("ana").get(INBOX)
    (group,) = answer.context["groups"]
    assert (group.name, group.lines[0].left.tone) == ("Menunggu pihak luar", "wait")
    assert 'name="task"' not in answer.content.decode()


def test_pages_follow_each_other_by_key(cast: Cast) -> None:
    now = timezone.now()
    for number in range(60):
        cast.begin(f"K-{number:02}", now=now - timedelta(minutes=100 - number))
    first = cast.client("ana").get(INBOX)
    second = cast.client("ana").get(INBOX + "?" + first.context["following"])
    both = [str(line.task.case) for page in (first, second) for group in page.context["groups"] for line in group.lines]
    assert sorted(both) == [f"K-{number:02}" for number in range(60)]
    assert second.context["following"] == ""


@pytest.mark.parametrize("text", ["", "x", "-", "1-", "x-", "99999999999999999999-1", "1-99999999999999999999", "²-1"])
def test_a_broken_key_is_the_first_page(cast: Cast, text: str) -> None:
    cast.begin()
    assert key_from(text) is None
    assert shown(cast, "ana", f"?after={text}") == ["K-1"]


def test_a_key_survives_the_address() -> None:
    at = timezone.now()
    assert key_from(key_text((at, 12))) == (at, 12)
    assert key_from(key_text((None, 12))) == (None, 12)


def test_the_page_asks_the_same_number_of_questions_for_one_row_and_for_three(cast: Cast) -> None:
    def asked() -> int:
        client = cast.client("ana")
        client.get(INBOX)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(INBOX).status_code == 200
        return len(queries)

    cast.begin("K-1")
    operations.take(Task.objects.get().pk, actor=cast.ana, now=timezone.now())
    one = asked()
    for number in ("K-2", "K-3"):
        case = cast.begin(number)
        operations.take(cast.task(case).pk, actor=cast.ana, now=timezone.now())
    assert asked() == one


def test_counters_count_what_they_filter(cast: Cast) -> None:
    cast.begin("K-1", now=timezone.now() - timedelta(days=7))
    cast.begin("K-2")
    answer = cast.client("ana").get(INBOX)
    counters = {box["name"]: box["count"] for box in answer.context["counters"]}
    assert (counters["Terlambat"], counters["Belum diambil"]) == ("1", "2")
    assert shown(cast, "ana", "?batas=terlambat") == ["K-1"]


def test_a_view_is_saved_under_a_name_and_deleted_again(cast: Cast) -> None:
    client = cast.client("ana")
    client.post("/tugas/tampilan/", {"name": " Milik  saya ", "query": "petugas=saya&lain=1"})
    view = SavedView.objects.get()
    assert (view.person, view.name, view.query) == (cast.ana, "Milik saya", "petugas=saya")
    assert "Milik saya" in client.get(INBOX).content.decode()
    assert "Milik saya" not in cast.client("budi").get(INBOX).content.decode()
    assert cast.client("budi").post(f"/tugas/tampilan/{view.pk}/hapus/").status_code == 404
    assert SavedView.objects.count() == 1
    client.post(f"/tugas/tampilan/{view.pk}/hapus/")
    assert SavedView.objects.count() == 0


def test_an_empty_inbox_says_why(cast: Cast) -> None:
    assert "Tidak ada yang menunggu Anda" in cast.client("ana").get(INBOX).content.decode()
    assert "belum memegang jabatan" in cast.client("vera").get(INBOX).content.decode()
    assert "Tidak ada tugas yang cocok" in cast.client("ana").get(INBOX + "?cari=zzz").content.decode()


def test_an_unknown_filter_is_left_out() -> None:
    assert Viewing.read({"petugas": "<b>", "batas": "kapan", "cari": " x\x00 "}) == Viewing(search="x")


# The spreadsheet ------------------------------------------------------------------------------------------------------


def test_the_spreadsheet_holds_what_is_shown_under_its_filters_and_no_formula(cast: Cast) -> None:
    cast.begin("=1+1", subject="@SUM(A1)")
    cast.begin("K-2", subject="\tlain")
    answer = cast.client("ana").get("/tugas/ekspor/?cari=sum")
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    values = [cell.value for cell in cells]
    assert "Pelanggan atau nomor: sum" in values
    assert "K-2" not in values
    assert {cell.value: (cell.data_type, cell.quotePrefix) for cell in cells if cell.value[0] in "=@"} == {
        "=1+1": ("s", True),
        "@SUM(A1)": ("s", True),
    }


# Several at once ------------------------------------------------------------------------------------------------------


def ticked(cast: Cast, *cases: object, **more: str) -> dict[str, object]:
    return {"task": [cast.task(case).pk for case in cases], **more}


def test_several_tasks_are_taken_at_once(cast: Cast) -> None:
    cases = [cast.begin("K-1"), cast.begin("K-2")]
    operations.take(cast.task(cases[1]).pk, actor=cast.budi, now=timezone.now())
    answer = cast.client("ana").post(reverse("bulk"), ticked(cast, *cases, act="take"))
    assert (answer.context["done"], answer.context["failed"]) == (1, 1)
    assert [cast.task(case).assignee for case in cases] == [cast.ana, cast.budi]


def test_several_tasks_are_finished_after_a_page_that_lists_them(cast: Cast) -> None:
    cases = [cast.begin("K-1"), cast.begin("K-2")]
    for case in cases:
        cast.check(case)
    client, before = cast.client("citra"), rows()
    asked = client.post(reverse("bulk"), ticked(cast, *cases, act="complete"))
    assert "K-1" in asked.content.decode()
    assert rows() == before
    sent = ticked(cast, *cases, act="complete", confirmed="1", answer="ya", form_key="k1")
    assert client.post(reverse("bulk"), sent).context["done"] == 2
    assert [cast.task(case).step for case in cases] == ["3", "3"]
    after = rows()
    assert client.post(reverse("bulk"), {**sent}).context["done"] == 2  # the second press
    assert rows() == after


def test_bulk_refuses_without_a_reason_where_one_is_needed(cast: Cast) -> None:
    case = cast.begin()
    cast.check(case)
    before = rows()
    sent = ticked(cast, case, act="complete", confirmed="1", answer="tidak", reason=" ")
    answer = cast.client("citra").post(reverse("bulk"), sent)
    assert answer.status_code == 422
    assert "Tuliskan alasannya." in answer.content.decode()
    assert rows() == before


def test_bulk_refuses_steps_that_differ_or_ask_for_something(cast: Cast) -> None:
    first, second = cast.begin("K-1"), cast.begin("K-2")
    operations.complete(cast.task(second).pk, actor=cast.ana, answer="ya", data={"pemohon": "x"}, now=timezone.now())
    before = rows()
    for cases in ([first], [first, second]):
        cast.client("ana").post(reverse("bulk"), ticked(cast, *cases, act="complete", confirmed="1", answer="ya"))
    assert rows() == before


def test_bulk_cannot_reach_the_tasks_of_others(cast: Cast) -> None:
    case = cast.begin()
    cast.check(case)
    before = rows()
    for name in ("ana", "vera", "hasan", "adi"):
        cast.client(name).post(reverse("bulk"), ticked(cast, case, act="take"))
        cast.client(name).post(reverse("bulk"), ticked(cast, case, act="complete", confirmed="1", answer="ya"))
    assert rows() == before
