"""One quality certificate in a real browser: from the letter of the company to the papers in its hands, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from sopan.domains.testing.models import Handover, Report
from sopan.engine import effects
from sopan.people.models import User
from tests.journey.browser import NEEDS_BROWSER, Opened, opening
from tests.journey.inspection import faults_at_phone

from .cast import NOW, PASSPHRASE, REQUEST, SAMPLED, Cast, begin, give_certificate, make_cast, with_second_factor

pytestmark = [*NEEDS_BROWSER, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(live_server: Any) -> Cast:
    cache.clear()
    people = make_cast()
    give_certificate(people.surya, position="Kasi Pengawasan")
    give_certificate(people.arif, position="Kepala UPTD")
    for signer in (people.surya, people.arif):
        with_second_factor(signer)
    return people


@pytest.fixture
def opened(live_server: Any) -> Iterator[Opened]:
    with opening(live_server.url) as opened:
        yield opened


def test_a_certificate_through_the_browser(cast: Cast, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    play = begin(cast)
    faults: list[Any] = []
    moment = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: moment[0])

    def at(clock: str) -> None:
        hour, minute = clock.split(".")
        moment[0] = play.now = NOW.replace(hour=int(hour) - 7, minute=int(minute))

    def open_step(person: User) -> Any:
        page = opened(person, reverse("task", args=[play.task().pk]))
        faults.extend(faults_at_phone(page))
        return page

    def finish(page: Any, before: str, answer: str = "") -> None:
        with page.expect_navigation():
            page.locator(f'.exits button[value="{answer}"], .exits button:not([value])').first.click()
        told = page.locator(".note.bad, .field .e").all_inner_texts()
        play.case.refresh_from_db()
        assert not play.case.is_open or play.task().step != before, (before, told)
        page.context.close()

    def fill(page: Any, typed: dict[str, Any]) -> None:
        for name, value in typed.items():
            field = page.locator(f'.task-form [name="{name}"]')
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(str(value))
            else:
                kind = field.get_attribute("type")
                field.fill(str(value).replace(" ", "T") if kind == "datetime-local" else str(value))

    def does(person: User, typed: dict[str, Any], *, answer: str = "") -> None:
        step, page = play.task().step, open_step(person)
        fill(page, typed)
        finish(page, step, answer)

    def printed(person: User) -> None:
        page = open_step(person)
        with page.expect_navigation():
            page.locator('button[formaction*="/cetak/"]').click()
        page.context.close()
        effects.run_due(worker="test")

    at("09.20")
    does(cast.puspa, {**REQUEST, "commodity": cast.body.commodities.get(code="kopi-contoh").pk})
    play.do_plain(cast.arif)
    at("09.40")
    does(cast.surya, {"officer": cast.lukman.pk, "planned_on": "2026-11-23"})
    at("11.10")
    does(cast.lukman, SAMPLED)
    does(cast.lukman, {})
    sample = play.case.test_request.samples.get()
    does(cast.kurnia, {f"condition_{sample.pk}": "Utuh, segel utuh"})
    does(cast.fitri, play.sheet())
    at("13.00")
    printed(cast.surya)
    does(cast.surya, {"passphrase": PASSPHRASE}, answer="ya")
    does(cast.kurnia, {})
    printed(cast.kurnia)
    does(cast.kurnia, {})
    does(cast.puspa, {})
    does(cast.arif, {"passphrase": PASSPHRASE})
    does(cast.puspa, {"number": "SKRD-1", "amount": "150.000", "basis": "Perda contoh"})
    does(cast.puspa, {"receiver": "Wahyu Zulkarnain", "receipt": "KW-1", "paid_at": "2026-11-23 12:30"})

    assert play.case.status == "finished"
    assert Handover.objects.get().receiver == "Wahyu Zulkarnain"
    assert {report.document.status for report in Report.objects.select_related("document")} == {"released"}
    assert faults == []
