"""The pages of signing in a real browser: without scripts, on a phone, and for who does not see them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from sopan.documents import operations
from sopan.documents.models import IssuedDocument, SigningAttempt
from sopan.people.models import User

from .cast import NOW, PASSPHRASE, SCALE, Cast, give_certificate, make_cast, make_order

CHROME = os.environ.get("CHROME") or shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROME).exists(), reason="no Chromium (set CHROME to its path)"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROME, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def cast(live_server: Any) -> Cast:
    cache.clear()
    people = make_cast()
    give_certificate(people.bambang)
    return people


@pytest.fixture
def opened(chromium: Any, live_server: Any) -> Callable[..., Any]:
    """``opened(person, path)``: a page of this person; ``scripts=False`` switches scripts off."""

    def open_page(person: User | None, path: str, *, width: int = 390, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale="id-ID", java_script_enabled=scripts
        )
        if person is not None:
            client = Client()
            client.force_login(person)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return open_page


def test_a_head_reads_ticks_and_signs_on_a_phone_without_scripts(cast: Cast, opened: Callable[..., Any]) -> None:
    make_order(cast, SCALE, SCALE).to("sign_report")
    documents = list(IssuedDocument.objects.order_by("pk"))
    page = opened(cast.bambang, "/tanda-tangan/", scripts=False)
    for document in documents:
        with page.context.expect_page() as tab:
            page.click(f"button[form=read-{document.pk}]")
        tab.value.wait_for_load_state()
        assert tab.value.url.endswith(f"/tanda-tangan/{document.pk}/berkas/")
        page.check(f"#paper-{document.pk}")
    page.fill("input[name=passphrase]", PASSPHRASE)
    page.click("text=Tanda tangani yang dipilih")
    page.wait_for_selector("a:has-text('Lihat hasil')")
    assert page.locator(".outcomes .chip.ok").count() == 2
    page.click("text=Lihat hasil")
    assert "2 ditandatangani, 0 tidak." in page.inner_text("main")
    assert {document.status for document in IssuedDocument.objects.all()} == {"signed"}


def test_the_pages_fit_a_phone_and_break_no_rule_of_wcag(cast: Cast, opened: Callable[..., Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    make_order(cast, SCALE).to("sign_report")
    document = IssuedDocument.objects.get()
    SigningAttempt.objects.create(
        document=document, person=cast.bambang, method="bsre_v1", document_sha256=document.unsigned_sha256,
        started_at=NOW, outcome="unclear",
    )  # fmt: skip
    pages = [
        opened(cast.bambang, "/tanda-tangan/"),
        opened(cast.bambang, "/akun/sertifikat/"),
        opened(cast.dewi, f"/dokumen/{document.pk}/basah/"),
    ]
    operations.sign_document(
        document,
        person=cast.bambang,
        title="Kepala Balai",
        passphrase=PASSPHRASE,
        previewed_sha256=document.unsigned_sha256,
        now=NOW,
    )
    operations.release(document, now=NOW)
    pages.append(opened(None, f"/v/{document.token}/"))
    faults = []
    for page in pages:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        faults += [(page.url, wide)] if wide else []
        faults += [(page.url, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
    assert faults == []
