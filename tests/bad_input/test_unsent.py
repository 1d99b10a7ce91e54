"""What was typed outlives the end of a log-in, an old form, somebody faster, and a database that is busy."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client

from sopan.domains.laboratory.queries import work_orders
from sopan.engine import operations as engine
from sopan.engine.models import Task
from sopan.ui.unsent import SECRET

from .crawl import Form, Found, forms_of
from .world import PASSWORD, World, picture

TYPED = 'Kelengkapan belum <b>lengkap</b> & "perlu" diperbaiki\r\nbaris kedua — ±5 °C'
pytestmark = pytest.mark.xdist_group("bad_input")  # one process builds the world


def first_form(page: str, client: Client, *, role: str, action: str) -> Form:
    found = forms_of(client.get(page).content.decode(), role=role, page=page)
    return next(form for form in found if form.action == action)


def sent_by(client: Client, form: Form, **typed: Any) -> Any:
    """As a browser sends it, with the token of the page and the origin of the site."""
    token = next(one.values[0] for one in form.fields if one.name == "csrfmiddlewaretoken")
    data = {**form.filled(), "csrfmiddlewaretoken": token, **typed}
    return client.post(form.action, data, HTTP_ORIGIN="http://testserver")


def log_in(client: Client, world: World, name: str, *, to: str) -> Any:
    page = client.get("/akun/login/", {"next": to}).content.decode()
    form = next(form for form in forms_of(page, role=name, page="/akun/login/") if form.name == "account_login")
    return sent_by(client, form, login=world.people[name].email, password=PASSWORD, next=to)


# The log-in has ended -------------------------------------------------------------------------------------------------


def turned_away(world: World, name: str, page: str, action: str, /, **typed: Any) -> tuple[Client, str]:
    """A person whose session ends between opening a form and sending it; the address to log in and come back."""
    client = world.client(name, enforce_csrf_checks=True)
    form = first_form(page, client, role=name, action=action)
    Session.objects.all().delete()
    answer = sent_by(client, form, **typed)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/akun/login/?next=")
    return client, answer["Location"]


FORMS = {
    "a task": ("dewi", "/tugas/{task}/", "/tugas/{task}/selesai/", {"reason": TYPED, "answer": "tidak"}, "5"),
    "sending back": ("dewi", "/tugas/{task}/", "/tugas/{task}/kembalikan/", {"back_reason": TYPED}, "11"),
    "a note": ("dewi", "/kasus/{case}/?tab=catatan", "/kasus/{case}/catatan/", {"text": TYPED, "to": "internal"}, "5"),
    "the order": ("rina", "/pesanan/{case}/isi/laporan/", "/pesanan/{case}/isi/laporan/", {"note": TYPED}, "4"),
    "a message": ("rina", "/pesanan/{case}/pesan/", "/pesanan/{case}/pesan/", {"text": TYPED}, "4"),
    "results": (
        "fajar",
        "/laboratorium/pekerjaan/{work}/",
        "/laboratorium/pekerjaan/{work}/",
        {"method": "Metode X", "notes": TYPED, "reference": ["50,001", "100,002"], "action": "save"},
        "14",
    ),
}


@pytest.mark.parametrize("key", FORMS)
def test_what_was_sent_after_the_log_in_ended_is_offered_again_and_can_be_sent(world: World, key: str) -> None:
    name, page, action, typed, step = FORMS[key]
    ids = ids_of(world, step)
    client, login = turned_away(world, name, page.format(**ids), action.format(**ids), **typed)
    to = action.format(**ids)
    assert login == f"/akun/login/?next={to}"
    assert log_in(client, world, name, to=to)["Location"] == to
    offered = client.get(to)
    assert offered.status_code == 200
    text = offered.content.decode()
    assert "Isian Anda belum terkirim" in text
    form = next(form for form in forms_of(text, role=name, page=to) if any(f.name == "unsent" for f in form.fields))
    hidden = [(one.name, html.unescape(one.values[0])) for one in form.fields if one.kind == "hidden"]
    for name_of_field, value in typed.items():
        for one in [value] if isinstance(value, str) else value:
            assert (name_of_field, one) in hidden
    token = dict(hidden)["csrfmiddlewaretoken"]
    data: dict[str, list[str]] = {}
    for field, value in hidden:
        data.setdefault(field, []).append(value)
    answer = client.post(form.action, {**data, "csrfmiddlewaretoken": token}, HTTP_ORIGIN="http://testserver")
    assert answer.status_code in (200, 302, 409, 422)
    assert "Isian Anda belum terkirim" not in client.get(to, follow=True).content.decode()


def ids_of(world: World, step: str) -> dict[str, int]:
    task, order = world.task(step), world.order(step)
    work = work_orders(order).first()
    return {"task": task.pk, "case": task.case_id, "work": work.pk if work else 0}


def test_the_task_is_finished_by_what_was_offered_again(world: World) -> None:
    task = world.task("5")
    to = f"/tugas/{task.pk}/selesai/"
    client, _login = turned_away(world, "dewi", f"/tugas/{task.pk}/", to, reason=TYPED, answer="tidak")
    log_in(client, world, "dewi", to=to)
    page = client.get(to).content.decode()
    form = next(form for form in forms_of(page, role="dewi", page=to) if any(f.name == "unsent" for f in form.fields))
    sent_by(client, form, answer="tidak", reason=TYPED, unsent="")
    assert Task.objects.get(pk=task.pk).status == Task.Status.DONE


def test_what_was_typed_can_be_discarded(world: World) -> None:
    task = world.task("5")
    to = f"/tugas/{task.pk}/selesai/"
    client, _login = turned_away(world, "dewi", f"/tugas/{task.pk}/", to, reason=TYPED, answer="tidak")
    log_in(client, world, "dewi", to=to)
    page = client.get(to).content.decode()
    form = next(form for form in forms_of(page, role="dewi", page=to) if any(f.name == "unsent" for f in form.fields))
    assert sent_by(client, form, unsent="discard")["Location"] == to
    assert client.get(to)["Location"] == f"/tugas/{task.pk}/"
    assert Task.objects.get(pk=task.pk).status == Task.Status.OPEN


def test_nobody_else_is_shown_what_a_person_typed(world: World) -> None:
    """Two people of the counter share a machine: the second logs in where the first one's log-in ended."""
    task = world.task("5")
    to = f"/tugas/{task.pk}/selesai/"
    client, _login = turned_away(world, "dewi", f"/tugas/{task.pk}/", to, reason="rahasia loket", answer="tidak")
    log_in(client, world, "putri", to=to)
    assert client.get(to)["Location"] == f"/tugas/{task.pk}/"
    assert "rahasia loket" not in client.get(f"/tugas/{task.pk}/").content.decode()


def test_of_a_visitor_nothing_is_kept(world: World) -> None:
    visitor = world.client(enforce_csrf_checks=True)
    form = first_form("/lacak/", visitor, role="", action="/lacak/")
    form.action = f"/tugas/{world.task('5').pk}/selesai/"
    before = Session.objects.count()
    assert sent_by(visitor, form, reason="x").status_code == 302
    assert Session.objects.count() == before


def test_passwords_are_never_kept(world: World, forms: Found) -> None:
    """The passphrase of a certificate above all; and the name of every secret input is known to be one."""
    task = world.task("19")
    to = f"/tugas/{task.pk}/selesai/"
    passphrase = "frasa-rahasia-771"
    client, _login = turned_away(world, "bambang", f"/tugas/{task.pk}/", to, passphrase=passphrase, answer="ya")
    kept = [row.get_decoded() for row in Session.objects.all()]
    assert [one["unsent"]["path"] for one in kept] == [to]
    assert passphrase not in str(kept)
    secret = {one.name for form in forms.forms for one in form.fields if one.kind == "password"}
    assert secret
    assert [name for name in secret if not SECRET.search(name)] == []


def test_a_file_that_was_lost_is_named(world: World) -> None:
    case = world.cases["9"]
    to = f"/pesanan/{case.pk}/tagihan/"
    client, _login = turned_away(world, "rina", to, to, proof=picture("bukti-saya.png"))
    log_in(client, world, "rina", to=to)
    assert "bukti-saya.png" in client.get(to).content.decode()


# The form is old ------------------------------------------------------------------------------------------------------


def test_an_old_form_is_told_and_what_was_typed_can_be_sent_from_there(world: World) -> None:
    task = world.task("5")
    client = world.client("dewi", enforce_csrf_checks=True)
    form = first_form(f"/tugas/{task.pk}/", client, role="dewi", action=f"/tugas/{task.pk}/selesai/")
    client.cookies["csrftoken"] = "b" * 32  # another log-in in the same browser
    answer = sent_by(client, form, reason=TYPED, answer="tidak")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Halaman sudah terlalu lama terbuka" in page
    assert "Belum ada yang disimpan" in page
    offered = next(one for one in forms_of(page, role="dewi", page="/") if one.action == form.action)
    assert ("reason", TYPED) in [(one.name, one.values[0]) for one in offered.fields]
    assert sent_by(client, offered, reason=TYPED, answer="tidak").status_code == 302
    assert Task.objects.get(pk=task.pk).status == Task.Status.DONE


@pytest.mark.parametrize("origin", ["https://jahat.example", "null", ""])
def test_what_another_site_sent_is_not_offered(world: World, origin: str) -> None:
    """Else a foreign page could put an act before a person that needs only his press."""
    client = world.client("dewi", enforce_csrf_checks=True)
    headers = {"HTTP_ORIGIN": origin} if origin else {}
    data = {"csrfmiddlewaretoken": "x" * 64, "reason": "Dari luar", "answer": "ya"}
    answer = client.post(f"/tugas/{world.task('5').pk}/selesai/", data, **headers)
    assert answer.status_code == 403
    assert "Dari luar" not in answer.content.decode()
    assert "Belum ada yang disimpan" in answer.content.decode()


# Somebody was faster --------------------------------------------------------------------------------------------------


def test_who_comes_second_keeps_what_he_typed(world: World) -> None:
    task = world.task("5")
    client = world.client("dewi")
    done = engine.complete(task.pk, actor=world.people["putri"], answer="ya", now=world.now)
    assert isinstance(done, engine.Done), done
    answer = client.post(f"/tugas/{task.pk}/selesai/", {"answer": "tidak", "reason": TYPED})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Putri Maharani" in page
    assert html.escape("Kelengkapan belum <b>lengkap</b>") in page


def test_an_order_that_a_colleague_sent_keeps_what_was_typed(world: World) -> None:
    order = world.order("5")
    client = world.client("doni")
    answer = client.post(
        f"/pesanan/{order.case_id}/isi/laporan/", {"language": "id", "decision_rule": "none", "note": TYPED}
    )
    assert answer.status_code == 409
    assert html.escape("Kelengkapan belum <b>lengkap</b>") in answer.content.decode()


# The database is busy -------------------------------------------------------------------------------------------------


def busy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError("database is locked")
    return execute(sql, params, many, context)


def test_a_busy_database_is_told_and_keeps_what_was_typed(world: World) -> None:
    task = world.task("5")
    client = world.client("dewi", raise_request_exception=False)
    with connection.execute_wrapper(busy):
        answer = client.post(
            f"/tugas/{task.pk}/selesai/", {"answer": "tidak", "reason": TYPED, "csrfmiddlewaretoken": "x"}
        )
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Sistem sedang sibuk" in page
    assert html.escape("Kelengkapan belum <b>lengkap</b>") in page
    assert answer["Content-Security-Policy"]
    assert Task.objects.get(pk=task.pk).status == Task.Status.OPEN


def test_another_fault_of_the_database_is_a_fault_of_ours(world: World) -> None:
    def broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise OperationalError("no such column: x")

    client = world.client(raise_request_exception=False)
    with connection.execute_wrapper(broken):
        answer = client.get("/layanan/")
    assert answer.status_code == 500
    assert "Ada kesalahan pada sistem" in answer.content.decode()


# Pages for what cannot be answered ------------------------------------------------------------------------------------


def too_many_fields(client: Client) -> Any:
    return client.post("/lacak/", {f"f{n}": "1" for n in range(6_000)})


def ten_megabytes(client: Client) -> Any:
    return client.post("/lacak/", {"number": "A" * 10_000_000, "code": "x"})


def announced(client: Client) -> Any:
    return client.generic("POST", "/lacak/", b"", "text/plain", CONTENT_LENGTH=str(10**12))


@pytest.mark.parametrize("send", [too_many_fields, ten_megabytes, announced])
def test_what_is_too_large_is_told_with_the_limits(world: World, send: Any) -> None:
    answer = send(world.client())
    page = answer.content.decode()
    assert answer.status_code == 413
    for text in ("Kiriman terlalu besar", "Belum ada yang disimpan", "paling besar 10 MB", "2,4 MB"):
        assert text in page


@pytest.mark.parametrize(
    ("status", "send", "title"),
    [
        (400, lambda c: c.get("/layanan/", HTTP_HOST="jahat.example"), "Permintaan tidak dapat dibaca"),
        (404, lambda c: c.get("/tidak-ada/"), "Halaman tidak ditemukan"),
        (413, too_many_fields, "Kiriman terlalu besar"),
    ],
)
def test_pages_of_errors_are_ours(world: World, status: int, send: Any, title: str) -> None:
    """In Indonesian, with the head of the site, and nothing from outside."""
    answer = send(world.client())
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert '<html lang="id"' in page
    assert "https://" not in page.replace("https://testserver", "")
    assert answer["Content-Security-Policy"]
