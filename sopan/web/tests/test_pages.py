"""Every address of the staff: who is let in, and that a stranger is told that there is no such page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from sopan.engine import operations
from sopan.engine.models import Attachment, Case, Effect, SavedView, Task
from sopan.web.urls import urlpatterns

from .cast import Cast, rows

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"home", "health"}
STAFF = {"inbox", "inbox_export", "bulk", "view_save", "cases", "search"}  # every member of staff; each sees his own
MANAGERS = {"effects", "effect_again"}
OF_A_TASK = {
    "task",
    "task_complete",
    "task_draft",
    "task_files",
    "task_take",
    "task_give_back",
    "task_hand_over",
    "task_send_back",
}
OF_A_CASE = {"case", "case_hold", "case_resume", "case_cancel", "case_comment", "case_attach", "attachment"}
OF_A_PERSON = {"view_delete"}
OF_WHO_WORKS_BLIND = {"case_unblind", "unblindings"}  # nobody here; see the tests of the laboratory
ONLY_GET = {"task", "case", "attachment", "inbox", "inbox_export", "cases", "search", "effects"}


@pytest.fixture
def things(cast: Cast) -> dict[str, int]:
    """A case at the head's step with a file and a view of Ana's, and a failed effect."""
    case = cast.begin()
    cast.check(case)
    now = timezone.now()
    attachment = Attachment(
        case=case, label="KTP", name="ktp.pdf", media_type="application/pdf", size=4, sha256="a" * 64, at=now
    )
    attachment.by_name = "Ana"
    attachment.file.save("ktp.pdf", ContentFile(b"%PDF"), save=True)
    effect = Effect.objects.create(
        institution=cast.body, case=case, key="x", status="failed", created_at=now, run_after=now, error="Rusak"
    )
    view = SavedView.objects.create(person=cast.ana, name="Milik saya", query="petugas=saya")
    return {
        "task_id": cast.task(case).pk,
        "case_id": case.pk,
        "attachment_id": attachment.pk,
        "effect_id": effect.pk,
        "view_id": view.pk,
    }


def address(name: str, things: dict[str, int]) -> str:
    pattern = next(one for one in urlpatterns if isinstance(one, URLPattern) and one.name == name)
    return reverse(name, kwargs={key: things[key] for key in pattern.pattern.converters})


def all_names() -> set[str]:
    return {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}


def test_every_address_stands_in_the_table() -> None:
    assert all_names() == OPEN_TO_ALL | STAFF | MANAGERS | OF_A_TASK | OF_A_CASE | OF_A_PERSON | OF_WHO_WORKS_BLIND


def both(client: Client, url: str) -> list[int]:
    sent: dict[str, Any] = {"answer": "ya", "reason": "x", "to_step": "1", "back_reason": "x", "case_reason": "x"}
    sent |= {"text": "x", "confirmed": "1", "act": "complete", "pemohon": "x"}
    return [client.get(url).status_code, client.post(url, sent).status_code]


@pytest.mark.parametrize("name", sorted(OF_A_TASK | OF_A_CASE | OF_A_PERSON | MANAGERS))
@pytest.mark.parametrize("who", ["vera", "hasan", "tono"])
def test_a_stranger_is_told_that_there_is_no_such_page_and_changes_nothing(
    cast: Cast, things: dict[str, int], name: str, who: str
) -> None:
    before = rows()
    assert set(both(cast.client(who), address(name, things))) <= {404, 405}
    assert rows() == before


@pytest.mark.parametrize("name", sorted(all_names() - OPEN_TO_ALL))
def test_a_visitor_is_asked_to_log_in_and_changes_nothing(cast: Cast, things: dict[str, int], name: str) -> None:
    before, url = rows(), address(name, things)
    for answer in (Client().get(url), Client().post(url, {"answer": "ya"})):
        assert answer.status_code in (302, 405)
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("account_login"))
    assert rows() == before


@pytest.mark.parametrize("name", sorted(all_names() - OPEN_TO_ALL - {"attachment"}))
def test_the_customer_of_the_case_has_pages_of_his_own(cast: Cast, things: dict[str, int], name: str) -> None:
    before = rows()
    assert set(both(cast.client("rina"), address(name, things))) <= {404, 405}
    assert rows() == before


@pytest.mark.parametrize("name", sorted(OF_A_TASK - {"task"}))
def test_who_may_read_a_case_may_not_act_on_the_tasks_of_others(cast: Cast, things: dict[str, int], name: str) -> None:
    before = rows()
    client = cast.client("ana")
    assert client.get(address("task", things)).status_code == 200
    assert client.post(address(name, things), {"answer": "ya", "to_step": "1", "back_reason": "x"}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("name", ["case_hold", "case_resume", "case_cancel"])
def test_who_does_not_hold_the_case_now_may_not_steer_it(cast: Cast, things: dict[str, int], name: str) -> None:
    before = rows()
    assert cast.client("ana").post(address(name, things), {"case_reason": "x"}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("name", sorted(OF_A_TASK | OF_A_CASE | OF_A_PERSON | {"effect_again"}))
def test_numbers_that_no_database_holds_are_no_pages(cast: Cast, things: dict[str, int], name: str) -> None:
    cast.with_second_factor("adi")
    url = address(name, dict.fromkeys(things, 10**30))
    for who in ("ana", "adi"):
        assert set(both(cast.client(who), url)) <= {404, 405}


def test_a_customer_gets_only_the_files_that_are_meant_for_him(cast: Cast, things: dict[str, int]) -> None:
    url = address("attachment", things)
    assert cast.client("rina").get(url).status_code == 404
    Attachment.objects.update(customer_may_see=True)
    assert cast.client("rina").get(url).status_code == 200
    assert cast.client("tono").get(url).status_code == 404
    answer = cast.client("ana").get(url)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="ktp.pdf"'


@pytest.mark.parametrize(
    ("name", "page"),
    [("task_complete", "task"), ("task_send_back", "task"), ("case_comment", "case"), ("bulk", "inbox")],
)
def test_the_address_of_an_act_leads_back_to_its_page(cast: Cast, things: dict[str, int], name: str, page: str) -> None:
    before = rows()
    answer = cast.client("citra").get(address(name, things))
    assert (answer.status_code, answer["Location"]) == (302, address(page, things))
    assert rows() == before


# The door, health, search, lists --------------------------------------------------------------------------------------


def test_the_root_leads_everybody_to_his_work(cast: Cast) -> None:
    assert cast.client("ana").get("/")["Location"] == "/tugas/"
    for who in ("", "rina"):
        target = cast.client(who).get("/")["Location"]
        assert target not in ("/", "/tugas/")
        assert cast.client(who).get(target).status_code == 200


def test_health_needs_no_log_in(db: None) -> None:
    answer = Client().get("/sehat/")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_scanned_number_opens_its_case(cast: Cast) -> None:
    case = cast.begin("K-1")
    cast.begin("K-10")
    client = cast.client("ana")
    assert client.get("/cari?q=k-1")["Location"] == f"/kasus/{case.pk}/"
    assert [str(found) for found, _steps in client.get("/cari?q=contoh").context["rows"]] == ["K-10", "K-1"]
    assert cast.client("vera").get("/cari?q=K-1").context["rows"] == []


def test_a_text_is_found_anywhere_in_number_title_or_customer_whatever_its_case(cast: Cast) -> None:
    cast.begin("ORD-2026/0042", "PT Sinar ÉLOK 50% Jaya")
    client = cast.client("ana")

    def found(text: str) -> list[int]:
        pages = (
            client.get(path, {name: text}) for path, name in (("/kasus/", "cari"), ("/tugas/", "cari"), ("/cari", "q"))
        )
        cases, inbox, search = pages
        rows = len(cases.context["rows"]), len(search.context["rows"]) if search.context else 1
        return [*rows, inbox.context["shown"]]

    for text in ("ord-2026", "/0042", "0042", "domisili", "SURAT", "sinar", "jaya", "ÉLOK", "50% j"):
        assert found(text) == [1, 1, 1], text
    for text in ("0043", "5_%", "%", "_", "\\"):
        assert found(text) == [int(text == "%")] * 3, text


def test_cases_are_narrowed_by_status_procedure_and_text(cast: Cast) -> None:
    first = cast.begin("K-1", subject="PT Sungai")
    cast.begin("K-2", subject="CV Gunung")
    operations.cancel(first.pk, actor=cast.ana, reason="Dobel", now=timezone.now())
    client = cast.client("ana")

    def found(query: str) -> list[str]:
        return [str(case) for case, _steps in client.get("/kasus/" + query).context["rows"]]

    assert found("") == ["K-2", "K-1"]
    assert found("?status=withdrawn") == ["K-1"]
    assert found("?status=lain&cari=gunung") == ["K-2"]
    assert found("?sop=lain") == []
    assert [str(case) for case, _ in cast.client("vera").get("/kasus/").context["rows"]] == []


def test_failed_work_is_put_back_by_who_manages_accounts(cast: Cast, things: dict[str, int]) -> None:
    cast.with_second_factor("adi")
    client = cast.client("adi")
    assert "Rusak" in client.get("/pekerjaan/").content.decode()
    client.post(address("effect_again", things))
    assert Effect.objects.get().status == "waiting"


def test_work_of_another_institution_is_not_to_be_seen(cast: Cast, things: dict[str, int]) -> None:
    cast.with_second_factor("adi")
    other = type(cast.body).objects.create(code="lain", name="Balai Lain", short_name="Lain")
    Effect.objects.update(institution=other)
    client = cast.client("adi")
    assert "Rusak" not in client.get("/pekerjaan/").content.decode()
    assert client.post(address("effect_again", things)).status_code == 404
    assert Effect.objects.get().status == "failed"


def test_every_page_of_a_case_is_shown(cast: Cast, things: dict[str, int]) -> None:
    case = Case.objects.get()
    operations.comment(case.pk, actor=cast.ana, text="<b>Hai</b>", internal=True, now=timezone.now())
    for who in ("ana", "citra"):
        client = cast.client(who)
        for tab in ("", "bagan", "linimasa", "dokumen", "catatan", "lain"):
            answer = client.get(f"/kasus/{case.pk}/?tab={tab}")
            assert answer.status_code == 200
            assert "<b>Hai</b>" not in answer.content.decode()
    assert Task.objects.filter(status="open").count() == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_case_shows_its_procedure_drawn(cast: Cast, things: dict[str, int], language: str) -> None:
    """A row of the drawing in each row of the table; what the drawing shows stands in words beside it."""
    client = cast.client("ana")
    client.cookies["django_language"] = language
    page = client.get(f"/kasus/{Case.objects.get().pk}/").content.decode()
    drawn = re.findall(r'<td class="draw" colspan="(\d+)">(.*?)</td>', page, re.S)
    assert len(drawn) == len(re.findall(r"<tr class=\"(?:done|now|todo|skipped)\"", page)) > 1
    assert all('aria-hidden="true"' in cell and '<span class="vh">' in cell for _, cell in drawn)
    assert sum("captions" in cell and ' now"' in cell for _, cell in drawn) == 1
    widths = [int(width) for width in re.findall(r'<col class="w(\d+)">', page)]
    assert {int(columns) for columns, _ in drawn} == {len(widths)}
    assert {int(width) for width in re.findall(r'<svg class="matrix" width="(\d+)"', page)} == {sum(widths)}
    sheet = Path(find("web/web.css")).read_text()
    assert all(f"col.w{width} {{ width: {width}px; }}" in sheet for width in widths)
