"""The pages of signing in a real browser: without scripts, on a phone, and for who does not see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from sopan.documents import operations
from sopan.documents.models import IssuedDocument, SigningAttempt
from tests.journey.browser import NEEDS_BROWSER, Opened, opening
from tests.journey.inspection import faults_at_phone

from .cast import NOW, PASSPHRASE, SCALE, Cast, give_certificate, make_cast, make_order

pytestmark = [*NEEDS_BROWSER, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(live_server: Any) -> Cast:
    cache.clear()
    people = make_cast()
    give_certificate(people.bambang)
    return people


@pytest.fixture
def opened(live_server: Any) -> Iterator[Opened]:
    with opening(live_server.url) as opened:
        yield opened


def test_a_head_reads_ticks_and_signs_on_a_phone_without_scripts(cast: Cast, opened: Opened) -> None:
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


def test_the_pages_fit_a_phone_and_break_no_rule_of_wcag(cast: Cast, opened: Opened) -> None:
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
    assert [fault for page in pages for fault in faults_at_phone(page)] == []
