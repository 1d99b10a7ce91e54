"""Who judges results does so without being told whose instrument it is; being told all the same is recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from sopan.core.flow import Refusal
from sopan.engine import blind
from sopan.engine import operations as engine
from sopan.engine.models import JournalEntry, Unblinding
from sopan.people.models import Position, User
from sopan.people.queries import holders_of

from .cast import GAUGE, NOW, SCALE, Cast, Play, appoint, make_order

As = Callable[[User], Client]
WHO = "PT Contoh Pangan Musi"
WHY = "Pelanggan minta alat disetel; perlu dihubungi"


@pytest.fixture
def measured(cast: Cast) -> Play:
    """A scale of the laboratory of Yusuf that is being measured; Ratna leads the other laboratory."""
    return make_order(cast, SCALE).to("enter_results")


def shown(browser: Client, play: Play, tab: str = "") -> str:
    return browser.get(reverse("case", args=[play.case.pk]), {"tab": tab}).content.decode()


def opening(play: Play) -> str:
    return reverse("case_unblind", args=[play.case.pk])


def test_who_judges_is_told_with_a_reason_and_from_then_on(measured: Play, cast: Cast, as_: As) -> None:
    yusuf = as_(cast.yusuf)
    before = shown(yusuf, measured)
    assert (WHO in before, opening(measured) in before) == (False, True)
    assert WHO not in yusuf.get(opening(measured)).content.decode()
    refused = yusuf.post(opening(measured), {"reason": " "})
    assert (refused.status_code, WHO in shown(yusuf, measured), Unblinding.objects.count()) == (422, False, 0)
    assert yusuf.post(opening(measured), {"reason": WHY}).status_code == 302
    after = shown(yusuf, measured)
    assert (WHO in after, opening(measured) in after) == (True, False)
    assert measured.case.number in yusuf.get(reverse("cases"), {"q": "Pangan", "cari": "Pangan"}).content.decode()
    assert WHO not in shown(as_(cast.agus), measured)  # what one was told the other was not


def test_the_journal_says_who_when_and_why_and_the_analyst_is_not_told_it(measured: Play, cast: Cast, as_: As) -> None:
    as_(cast.agus).post(opening(measured), {"reason": f"{WHO} menelepon"})
    entry = JournalEntry.objects.get(case=measured.case, code="unblinded")
    assert (entry.person, entry.position, entry.at, entry.data["reason"]) == (
        cast.agus, "Manajer Teknis", NOW, f"{WHO} menelepon",
    )  # fmt: skip
    told = shown(as_(cast.dewi), measured, "linimasa")
    assert "Identitas pelanggan dibuka" in told and f"{WHO} menelepon" in told
    for person in (cast.fajar, cast.yusuf):
        assert "menelepon" not in shown(as_(person), measured, "linimasa")


def test_told_twice_is_written_once(measured: Play, cast: Cast) -> None:
    first = engine.unblind(measured.case.pk, actor=cast.yusuf, reason=WHY, now=NOW)
    assert engine.unblind(measured.case.pk, actor=cast.yusuf, reason="lagi", now=NOW) == first
    assert JournalEntry.objects.filter(case=measured.case, code="unblinded").count() == 1


def test_nobody_else_has_the_customer_told_him(measured: Play, cast: Cast, as_: As) -> None:
    # The analyst, the Penyelia of another laboratory, who knows anyway, and the customer.
    for person in (cast.fajar, cast.maya, cast.ratna, cast.dewi, cast.hendra, cast.siti, cast.rina):
        assert as_(person).get(opening(measured)).status_code == 404, person
        assert as_(person).post(opening(measured), {"reason": WHY}).status_code == 404, person
        done = engine.unblind(measured.case.pk, actor=person, reason=WHY, now=NOW)
        assert isinstance(done, Refusal) and done.code == "not-found", person
    assert not Unblinding.objects.exists()


def test_who_leads_a_laboratory_and_measures_in_it_is_told_with_a_record_too(measured: Play, cast: Cast) -> None:
    appoint(cast.yusuf, "analis-massa-suhu")
    assert blind.is_blind(cast.yusuf, measured.case, now=NOW) and blind.may_open(cast.yusuf, measured.case, now=NOW)


def test_who_looks_after_the_management_system_sees_every_opening_and_nobody_else_does(
    measured: Play, cast: Cast, as_: As
) -> None:
    other = make_order(cast, GAUGE).to("enter_results")
    as_(cast.yusuf).post(opening(measured), {"reason": WHY})
    as_(cast.agus).post(opening(other), {"reason": "Satuan titik ukur tidak jelas"})
    page = reverse("unblindings")
    refused = {name: as_(person).get(page).status_code for name, person in cast.people.items() if name != "bambang"}
    overseers = {name for name, status in refused.items() if status == 200}
    holders = holders_of(Position.objects.get(code="kasubbag-tu"), NOW)
    assert {cast.people[name] for name in overseers} == set(holders)
    shown_ = as_(cast.people[overseers.pop()]).get(page).content.decode()
    told = (
        measured.case.number,
        other.case.number,
        cast.yusuf.full_name,
        cast.agus.full_name,
        WHY,
        "23 November 2026",
    )
    assert [word for word in told if word not in shown_] == []
    assert shown_.index("Satuan titik ukur") < shown_.index(WHY)  # the newest first
    assert Client().get(page).status_code == 302


def test_once_the_report_has_its_number_nobody_has_to_be_told(cast: Cast, as_: As) -> None:
    play = make_order(cast, SCALE).to("sign_report")
    for person in (cast.yusuf, cast.agus):
        page = shown(as_(person), play)
        assert (WHO in page, opening(play) in page) == (True, False)
        assert as_(person).get(opening(play)).status_code == 404
    assert WHO not in shown(as_(cast.fajar), play)


def test_a_list_of_results_names_no_customer_whose_instrument_is_measured(measured: Play, cast: Cast) -> None:
    found = blind.hidden(cast.yusuf, now=NOW)
    assert found is not None
    assert list(type(measured.case).objects.filter(found)) == [measured.case]
    engine.unblind(measured.case.pk, actor=cast.yusuf, reason=WHY, now=NOW)
    assert not type(measured.case).objects.filter(blind.hidden(cast.yusuf, now=NOW)).exists()
    assert list(type(measured.case).objects.filter(blind.hidden(cast.agus, now=NOW))) == [measured.case]
