"""Bad values in every form of the product, found by following links; and what some fields say about some of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from .crawl import ROLES, Form, Found, forms_of
from .world import World

pytestmark = pytest.mark.xdist_group("bad_input")  # one process builds the world
ANSWERS = {200, 302, 400, 409, 413, 422}
KEPT = ("django_session", "engine_draft", '"cache"', "people_peopleevent")  # may be written though an act is refused
CUT = "a part of what was typed"
DRAFT = re.compile(r'^UPDATE "orders_order" SET "draft" = ')
RESULTS = re.compile(rf'"laboratory_(resultversion|observation|workorder)"|{CUT}')  # the draft of a results sheet
# Forms whose answer is a message on another page, where nothing was typed that is worth more than a word.
TOLD_ELSEWHERE = {"view_save", "bulk"}

END = "TAMAT"  # stands at the end of what is long, so that a cut is seen

NUMBERS = ("-1", "1e308", "NaN", "-Infinity", "1.250.000,5", "0", "9" * 30)
DATES = ("2026-02-30", "0000-01-01", "9999-12-31T23:59", "31/12/9999", "2026-13-45T99:99")
ODD = (
    "{{ 7|add:7 }}{% debug %}%(x)s{0.__class__}",
    b"\xed\xa0\x80\xff".decode("utf-8", "surrogateescape"),
    "\u202egpj.exe\u2066",
    "👩‍🔬 Z̸̡̛a̷͓l̵̨g̶͍o̷͝",
    "'; DROP TABLE engine_case; --",
    '=HYPERLINK("http://jahat.example";"x")',
    "../../../../etc/passwd",
)
VALUES: dict[str, tuple[str, ...]] = {  # of several, each field gets the next one
    "nothing": ("",),
    "spaces": (" \t\u00a0 ",),
    "long": ("Panjang sekali. " * 1_500 + END,),
    "lines": ("baris\r\n" * 10_000,),
    "control": ("a\x00b\x07\x0b\x1b[2J",),
    "script": ("<script>alert(1)</script>",),
    "attribute": ('"><img src=x onerror=alert(1)>',),
    "numbers": NUMBERS,
    "numbers again": NUMBERS[3:] + NUMBERS[:3],
    "dates": DATES,
    "dates again": DATES[2:] + DATES[:2],
    "odd": ODD,
    "odd again": ODD[3:] + ODD[:3],
}


def spoilt(form: Form, values: tuple[str, ...]) -> dict[str, list[str]]:
    """The form with these values in the fields into which a person types, in turn."""
    data = form.filled()
    names = [one.name for one in form.fields if one.typed or one.kind == "password"]
    for place, name in enumerate(dict.fromkeys(names)):
        data[name] = [values[place % len(values)]] * names.count(name)
    return data


def sent(client: Any, form: Form, data: dict[str, list[str]]) -> tuple[Any, list[str]]:
    """The answer, and the statements that wrote something worth keeping."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(name in sql for name in KEPT):
            if not DRAFT.match(sql):
                written.append(sql[:160])
            if "Panjang sekali. Panjang" in str(params) and END not in str(params):
                written.append(CUT)
        return execute(sql, params, many, context)

    body = urlencode(data, doseq=True, errors="surrogateescape")
    with connection.execute_wrapper(watch):
        answer = client.generic(
            form.method.upper(),
            form.action if form.method == "post" else f"{form.action.partition('?')[0]}?{body}",
            body if form.method == "post" else "",
            "application/x-www-form-urlencoded",
        )
    return answer, written


def faults(form: Form, data: dict[str, list[str]], answer: Any, written: list[str]) -> Iterator[str]:
    if answer.status_code not in ANSWERS:
        yield f"status {answer.status_code}"
        return
    if CUT in written and answer.status_code != 422:  # a results sheet keeps what fits, and tells what does not
        yield "kept a part of what was typed"
    if answer.status_code in (302, 413) or form.method == "get" or "html" not in answer["Content-Type"]:
        return
    page = answer.content.decode()
    if "<script>alert(1)" in page or "<img src=x" in page:
        yield "markup came through"
    if written and not (form.name == "laboratory:sheet" and all(RESULTS.search(sql) for sql in written)):
        yield f"refused, but wrote {written}"
    saved = form.name == "laboratory:sheet" and answer.status_code == 200
    if not saved and 'class="e"' not in page and "note bad" not in page and 'role="alert"' not in page:
        yield "refused without a word"
    shown = re.sub(r"\r\n?", "\n", html.unescape(page).replace("\x00", ""))
    for one in form.fields:
        for value in data.get(one.name, []) if one.typed else []:
            seen = value.replace("\x00", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            if re.sub(r"\r\n?", "\n", seen).strip() not in shown:
                yield f"lost what was typed into {one.name}"
    if form.method == "post" and any(one.kind == "password" for one in form.fields):
        for again in forms_of(page, role=form.role, page=form.page):
            if any(one.kind == "password" and one.values != [""] for one in again.fields):
                yield "shows a password again"


def test_every_form_bears_every_bad_value(world: World, forms: Found, quiet: None) -> None:
    """No fault of ours, a word about what is wrong, everything typed still there, and no row changed."""
    found: list[str] = []
    tried = 0
    clients = {role: world.client(role) for role in ROLES}
    cookies = {role: client.cookies.copy() for role, client in clients.items()}
    for form in forms.forms:
        if not any(one.typed for one in form.fields):
            continue
        for key, values in VALUES.items():
            client = clients[form.role]
            client.cookies = cookies[form.role].copy()
            before = transaction.savepoint()
            data = spoilt(form, values)
            try:
                answer, written = sent(client, form, data)
                wrong = [] if form.name in TOLD_ELSEWHERE else list(faults(form, data, answer, written))
                if answer.status_code == 302 and form.role and answer["Location"].startswith("/"):
                    page = client.get(answer["Location"], follow=True)
                    if b"<script>alert(1)" in page.content or b"<img src=x" in page.content:
                        wrong.append("markup came through on the next page")
            except Exception as fault:
                wrong = [f"{type(fault).__name__}: {fault}"[:300]]
            transaction.savepoint_rollback(before)
            tried += 1
            found += [f"{form.name} ({form.role or 'visitor'}), {key}: {one}" for one in wrong]
    assert not found, f"{len(found)} of {tried}:\n" + "\n".join(found)
    assert tried > 500, tried


# A reason, a note and a draft are kept whole or refused ---------------------------------------------------------------


def refused(answer: Any, *, typed: str, status: int = 422) -> None:
    page = html.unescape(answer.content.decode())
    assert answer.status_code == status
    assert typed in page
    assert "Paling panjang" in page or "Terlalu panjang" in page


LONG = "kata " * 4_999 + END


def test_a_long_reason_is_refused_and_not_cut(world: World) -> None:
    task, case = world.task("11"), world.cases["11"]
    client = world.client("dewi")
    rina = world.client("rina")
    offered = world.cases["7"].pk
    refused(client.post(f"/tugas/{task.pk}/kembalikan/", {"to_step": "10", "back_reason": LONG}), typed=LONG)
    refused(client.post(f"/kasus/{case.pk}/tahan/", {"case_reason": LONG}), typed=LONG)
    refused(client.post(f"/kasus/{case.pk}/batalkan/", {"case_reason": LONG}), typed=LONG)
    refused(client.post(f"/kasus/{case.pk}/catatan/?tab=catatan", {"text": LONG, "tab": "catatan"}), typed=LONG)
    refused(client.post(f"/tugas/{world.task('5').pk}/selesai/", {"answer": "tidak", "reason": LONG}), typed=LONG)
    refused(rina.post(f"/pesanan/{offered}/penawaran/", {"answer": "tidak", "reason": LONG}), typed=LONG, status=200)


def test_a_long_draft_of_the_order_is_refused_and_not_cut(world: World) -> None:
    order = world.order("4")
    address = f"/pesanan/{order.case_id}/isi/laporan/"
    answer = world.client("rina").post(address, {"draft": "1", "note": LONG})
    refused(answer, typed=LONG, status=200)
    assert "wishes" not in world.order("4").draft
    kept = LONG[:15_000]
    assert world.client("rina").post(address, {"draft": "1", "note": kept}).status_code == 302
    assert world.order("4").draft["wishes"]["note"] == kept


def test_drafts_of_an_order_have_a_number(world: World) -> None:
    """Their names come from the address: nobody can fill the disk with them."""
    order, client = world.order("4"), world.client("rina")
    order.draft = {f"item:new:{n}": {"name": "x"} for n in range(150)}
    order.save()
    address = f"/pesanan/{order.case_id}/isi/konsep/"
    assert client.post(f"{address}?page=item:new:lain", {"name": "y"}).status_code == 409
    assert client.post(f"{address}?page=item:new:3", {"name": "y"}).status_code == 204
