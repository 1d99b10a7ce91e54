"""The four ways in which a case begins, as people meet them: by hand, by a customer at his telephone, by the calendar, and
after a finished case of another procedure.

The pages on which cases begin are inspected as they came (see ``tests.journey.inspection``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from sopan.catalogue.models import StartRule
from sopan.engine import effects, starts
from sopan.engine.models import Case
from sopan.engine.periods import period_name
from sopan.web.starting.tests.cast import Cast, make_starting_cast
from sopan.web.tests.test_plain import photo
from tests.journey.browser import NEEDS_BROWSER, chromium, let_in
from tests.journey.inspection import Inspection
from tests.journey.people import Person
from tests.journey.server import Server

pytestmark = [*NEEDS_BROWSER, pytest.mark.django_db(transaction=True)]


class OfBeginning(Inspection):
    """Looks at the pages on which cases begin; those of tasks and cases are looked at by the journeys of others."""

    def look(self, page: Page, *, customer: bool) -> None:
        if re.match(r"/(mulai|permohonan|sop)/", urlsplit(page.url).path):
            super().look(page, customer=customer)


class Office:
    """Ana works at the counter, Citra is the head and drafts SOPs, Rina is a customer with a telephone."""

    def __init__(self, cast: Cast, browser: Any, server: Server) -> None:
        self.cast, self.browser, self.server = cast, browser, server
        self.inspection = OfBeginning(server.url)
        self.ana, self.citra, self.rina = (self.person(name) for name in ("ana", "citra", "rina"))
        self.rina.page.set_viewport_size({"width": 390, "height": 800})

    def person(self, name: str) -> Person:
        user = self.cast.people[name]
        person = Person(self.browser, self.server, self.inspection, email=user.email, staff=not user.is_customer)
        let_in(person.context, self.cast.client(name), self.server.url)
        return person


@pytest.fixture
def office(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Office]:
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()
    cast = make_starting_cast()
    with chromium() as browser:
        yield Office(cast, browser, Server(live_server.url, tmp_path, {}))


def test_a_case_begins_in_each_of_its_four_ways(office: Office, tmp_path: Path) -> None:
    follows(office)
    first = by_hand(office)
    after_another(office, first)
    by_the_calendar(office)
    by_a_customer(office, tmp_path)
    assert office.inspection.faults == []


def follows(office: Office) -> None:
    """Citra says on the page of the procedure that it begins after the monthly report, and that this begins each month."""
    citra = office.citra
    for slug, choice in (
        ("rekomendasi", {"Siapa yang memulai": "SOP lain", "Setelah SOP ini selesai": "SOP 2 LAPORAN BULANAN"}),
        ("laporan", {"Siapa yang memulai": "Kalender", "Setiap": "Setiap bulan"}),
    ):
        citra.visit(f"/sop/{slug}/mulai/")
        citra.page.locator("summary", has_text="Tambah cara mulai").click()
        for label, value in choice.items():
            citra.field(label).select_option(label=value)
        citra.press("Tambah cara mulai")
    assert set(StartRule.objects.exclude(by__in=["person", "customer"]).values_list("by", "active")) == {
        ("procedure", True),
        ("calendar", True),
    }


def by_hand(office: Office) -> Case:
    """Ana begins the report and does the first step; Citra signs it."""
    ana, citra = office.ana, office.citra
    ana.visit("/mulai/")
    ana.follow(re.compile("Mulai"), within=ana.page.locator("li, tr, .rowl", has_text="LAPORAN BULANAN").last)
    ana.fill({"Perihal": "Laporan Oktober"})
    ana.press("Mulai kasus")
    ana.sees("Laporan Oktober")
    for person in (ana, citra):
        person.take_up("Laporan Oktober", "1" if person is ana else "2")
        for box in person.task.get_by_role("checkbox").all():
            box.check()
        person._leave(person.task.locator("button.p").last)
    case = Case.objects.get(title="Laporan Oktober")
    assert case.status == "finished"
    return case


def after_another(office: Office, first: Case) -> None:
    """The worker begins what follows; each of the two cases leads to the other."""
    effects.run_due()
    second = Case.objects.get(after=first)
    assert second.procedure.slug == "rekomendasi"
    office.ana.visit(f"/kasus/{first.pk}/")
    office.ana.sees(str(second))
    office.ana.visit(f"/kasus/{second.pk}/")
    office.ana.sees(str(first))


def by_the_calendar(office: Office) -> None:
    """When the month begins the case stands in Ana's list, named by its period; the page of the rule tells which it was."""
    rule = StartRule.objects.select_related("entry__institution").get(by="calendar")
    due = starts.next_of(rule, office.cast.body, now=timezone.now())
    assert due is not None
    for _worker in range(2):
        starts.start_by_calendar(due.at)
    case = Case.objects.get(title=period_name(due.key))
    office.ana.take_up(case.title, "1")
    office.citra.visit("/sop/laporan/mulai/")
    office.citra.sees(str(case), case.title)


def by_a_customer(office: Office, folder: Path) -> None:
    """Rina, at her telephone, begins what is open to customers, and sends what it asks for."""
    rina, picture = office.rina, folder / "contoh.png"
    picture.write_bytes(photo().read())
    rina.visit("/mulai/")
    rina.follow(re.compile("Layanan contoh"))
    rina.fill({"Perihal": "Contoh kopi"})
    rina.press("Mulai permohonan")
    rina.sees("Menunggu Anda")
    rina.fill({"Jumlah contoh": "3"})
    if not rina.page.locator("input[type=file]").first.is_visible():
        rina.page.locator("details.more > summary").first.click()
    rina.page.locator("input[type=file]").first.set_input_files(picture)
    rina.press("Kirim", within=rina.task)
    rina.sees("Petugas memeriksa permohonan Anda.")
    office.ana.take_up("Contoh kopi", "2")
