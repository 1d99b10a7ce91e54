"""Starting a case in the browser, by staff and by customers; nobody else, never twice."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sopan.engine.models import Case, Task
from sopan.web.tests.cast import Cast, rows

from .cast import REPORT, listed

pytestmark = pytest.mark.django_db
SLUGS = ("laporan", "rekomendasi", "layanan", "surat", "tidak-ada")
KEY = {"form_key": "k" * 32}


def started(cast: Cast, who: str, slug: str, **more: object) -> Case:
    answer = cast.client(who).post(reverse("start", args=[slug]), {"title": "Perihal", **KEY, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.order_by("-pk")[0]


def test_the_list_shows_what_each_may_start_by_unit(cast: Cast) -> None:
    page = cast.client("ana").get(reverse("start_list")).content.decode()
    assert page.index("LAPORAN BULANAN") > page.index("Bagian Umum")
    assert "langkah pertama dicatat atas nama PEMOHON" in page
    assert "Belum ada SOP yang dapat Anda mulai" in cast.client("vera").get(reverse("start_list")).content.decode()


def test_the_list_is_searched_by_words_of_name_and_number(cast: Cast) -> None:
    for text, found in (("bulanan lap", True), ("sop 2", True), ("surat", False)):
        page = cast.client("ana").get(reverse("start_list"), {"cari": text}).content.decode()
        assert ("LAPORAN BULANAN" in page) is found


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("who", ["citra", "vera", "hasan"])
def test_who_may_not_start_is_told_that_there_is_no_such_page(cast: Cast, who: str, slug: str) -> None:
    before = rows()
    client = cast.client(who)
    assert client.get(reverse("start", args=[slug])).status_code == 404
    assert client.post(reverse("start", args=[slug]), {"title": "x", **KEY}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("slug", ["laporan", "rekomendasi", "surat"])
def test_a_customer_starts_only_what_is_open_to_customers(cast: Cast, slug: str) -> None:
    assert cast.client("rina").post(reverse("start", args=[slug]), {"title": "x", **KEY}).status_code == 404
    assert not Case.objects.exists()


def test_a_visitor_is_asked_to_log_in(cast: Cast) -> None:
    for url in (reverse("start_list"), reverse("start", args=["laporan"])):
        assert Client().get(url)["Location"].startswith(reverse("account_login"))
        assert Client().post(url, {"title": "x"}).status_code in (302, 405)
    assert not Case.objects.exists()


def test_the_second_press_leads_to_the_same_case(cast: Cast) -> None:
    client, url = cast.client("ana"), reverse("start", args=["laporan"])
    one, two = (client.post(url, {"title": "Laporan", **KEY}) for _ in range(2))
    assert one["Location"] == two["Location"]
    assert Case.objects.count() == 1


def test_what_is_missing_is_told_and_what_was_typed_is_kept(cast: Cast) -> None:
    answer = cast.client("ana").post(
        reverse("start", args=["layanan"]), {"title": "", "company": cast.company.pk, **KEY}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_title"' in page
    assert f'<option value="{cast.company.pk}" selected>' in page
    assert KEY["form_key"] in page


def test_a_procedure_that_would_get_stuck_is_not_started_and_the_drafter_is_led_on(cast: Cast) -> None:
    cast.body.bindings.get(slug="laporan", actor="head").positions.clear()
    answer = cast.client("ana").post(reverse("start", args=["laporan"]), {"title": "x", **KEY})
    assert answer.status_code == 422
    assert "belum ada jabatan untuk pelaksana Kepala" in answer.content.decode()
    assert not Case.objects.exists()
    assert "Belum siap" in cast.client("ana").get(reverse("start_list")).content.decode()


def test_staff_record_the_step_of_somebody_outside_on_the_page_of_the_case(cast: Cast) -> None:
    case = started(cast, "ana", "rekomendasi")
    page = cast.client("ana").get(reverse("case", args=[case.pk])).content.decode()
    assert "Langkah ini dilakukan oleh PEMOHON" in page
    task = Task.objects.get(case=case, status="open")
    answer = cast.client("ana").post(reverse("task_complete", args=[task.pk]), {"check-0": "on"})
    assert answer.status_code == 302
    assert Task.objects.get(case=case, status="open").step == "2"


def test_the_list_asks_the_database_no_more_for_more_procedures(cast: Cast) -> None:
    client, asked = cast.client("ana"), []
    for more in ((), ("laporan-2", "laporan-3", "laporan-4")):
        for slug in more:
            listed(cast, slug, REPORT, [{"by": "person"}])
        client.get(reverse("start_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("start_list"))
        asked.append(len(queries))
    assert asked[0] == asked[1]
