"""5,000 requests as no browser sends them: never an exception, never slow, never to another site, nothing secret told."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase

from .crawl import ROLES, Found
from .fuzz import PASSPHRASE, Maker, Request, session_of
from .world import SECRETS, World, picture

pytestmark = pytest.mark.xdist_group("bad_input")  # one process builds the world

SEED = int(os.environ.get("SOPAN_FUZZ_SEED", "20261121"))
ONLY = os.environ.get("SOPAN_FUZZ_ONLY", "")  # the number of one request, to send it alone
COUNT = 5_000
SLOW = 2.0  # seconds of processor time: the machine may be busy with other things
TOLD = re.compile(r"Traceback \(most recent|md5\$|argon2\$|uji-saja|for tests alone|-----BEGIN|/site-packages/")
EXPECTED = {200, 204, 301, 302, 304, 400, 403, 404, 405, 409, 413, 422, 429}


@pytest.mark.filterwarnings("ignore:No directory at")
def test_requests_as_no_browser_sends_them(world: World, forms: Found, quiet: None) -> None:
    maker = Maker(SEED, world, forms)
    clients = {role: world.client(role) for role in ROLES}
    sessions = {role: session_of(client) for role, client in clients.items()}
    found: list[str] = []
    seen: Counter[int] = Counter()
    for number in [int(ONLY)] if ONLY else range(COUNT):
        request = maker.make(number)
        before = transaction.savepoint()
        started = time.process_time()
        try:
            answer = request.send(clients[request.role], sessions[request.role])
            wrong = _wrong(request, answer, time.process_time() - started)
            seen[answer.status_code] += 1
        except Exception:
            wrong = traceback.format_exc()[-1500:]
        transaction.savepoint_rollback(before)
        if wrong:
            found.append(f"seed {SEED}, {_short(request)}\n  {wrong}")
            if len(found) == int(os.environ.get("SOPAN_FUZZ_MOST", "5")):
                break
    assert not found, "\n\n".join(found)
    if not ONLY:
        assert seen[200] > COUNT / 10, f"most requests did not reach a page: {seen}"
        assert set(seen) <= EXPECTED, seen


def _short(request: Request) -> str:
    text = repr(request)
    return text if len(text) < 1200 else f"{text[:1200]}…"


def _wrong(request: Request, answer: HttpResponseBase, seconds: float) -> str:
    """What an answer must not be; "" if it is well."""
    if answer.status_code >= 500 or answer.status_code not in EXPECTED:
        return f"status {answer.status_code}"
    if seconds > SLOW:
        return f"took {seconds:.1f} s"
    if (to := answer.get("Location", "")) and not _ours(to, request):
        return f"leads to {to!r}"
    if "X-Injected" in answer or answer.cookies.get("a"):
        return "a header was smuggled in"
    if answer.get("X-Content-Type-Options") != "nosniff" or answer.get("X-Frame-Options") != settings.X_FRAME_OPTIONS:
        return f"lacks security headers: {dict(answer.items())}"
    if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        return _wrong_page(answer, readable=request.readable)
    return ""


def _ours(to: str, request: Request) -> bool:
    """Whether a browser that follows this stays on the site."""
    address = urlsplit(urljoin("http://testserver/", to.replace("\\", "/").strip()))
    return address.scheme in ("http", "https") and address.hostname == "testserver"


def _wrong_page(answer: HttpResponseBase, *, readable: bool) -> str:
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy or "unsafe" in policy:
        return f"policy is {policy!r}"
    page = answer.content.decode(errors="replace")
    if (leak := TOLD.search(page)) is not None:
        return f"tells {leak.group()!r}"
    if (readable and PASSPHRASE in page) or any(secret in page for secret in SECRETS):
        return "shows a password"
    if "<script>alert(1)" in page or "<img src=x" in page:
        return "lets markup through"
    return ""


def test_a_host_that_is_not_ours_is_refused(world: World) -> None:
    answer = world.client().get("/layanan/", HTTP_HOST="jahat.example")
    assert answer.status_code == 400
    assert "jahat" not in answer.content.decode()
    assert answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 19, "-1", "x", ""])
def test_a_number_that_no_row_has_is_no_error(world: World, number: str) -> None:
    """Python refuses to read whole numbers of more than 4,300 digits."""
    task, case = world.task("5"), world.cases["5"]
    counter, manager, rina = (world.client(name) for name in ("dewi", "andi", "rina"))
    assert counter.post("/tugas/sekaligus/", {"task": number, "act": "take"}).status_code == 302
    sent = {"task": number, "file": picture(), "label": "Foto"}
    assert counter.post(f"/kasus/{case.pk}/berkas/", sent)["Location"] == f"/kasus/{case.pk}/?tab=dokumen"
    assert manager.get("/pengaturan/kalender/", {"tahun": number}).status_code == 200
    offer = rina.post(f"/pesanan/{world.cases['7'].pk}/penawaran/", {"task": number, "answer": "?"})
    assert offer.status_code in (200, 404)
    assert counter.post(f"/tugas/{task.pk}/alihkan/", {"to": number}).status_code == 422


@pytest.mark.parametrize(
    "target", ["ya", "account_login", "https://jahat.example/", "//jahat.example", "/\\jahat.example"]
)
def test_a_way_back_is_a_path_of_this_site(world: World, target: str) -> None:
    answer = world.client().post("/bahasa", {"language": "en", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_way_back_may_be_any_path(world: World) -> None:
    assert world.client().post("/bahasa", {"language": "en", "next": "/layanan/?a=1"})["Location"] == "/layanan/?a=1"
