"""A company comes in person: who begins its case at the counter, for whom, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import StartRule
from sopan.core.flow import Refusal
from sopan.domains.testing import counter, queries
from sopan.domains.testing.models import Request
from sopan.engine.models import Case
from sopan.people.models import Appointment, Company, Institution, PeopleEvent, User
from sopan.people.operations import register_customer

from .cast import CERTIFICATE, LATER, NOW, REQUEST, SAMPLING, TESTING, Cast, Play, as_, data_of
from .test_brought import TYPED

NEW = {
    "name": "CV Pala Contoh", "npwp": "01.234.567.8-901.000", "address": "Jalan Pala 2", "city": "Bandar Lampung",
    "phone": "0721-000000",
}  # fmt: skip


@pytest.fixture
def cast(cast: Cast) -> Cast:
    listed = data_of("catalogue.yaml")
    mine = [row for row in listed["entries"] if row.get("procedure") in (CERTIFICATE, SAMPLING, TESTING)]
    load_entries(cast.body, {**listed, "entries": mine})
    return cast


def address(slug: str) -> str:
    return reverse("testing:counter", args=[slug])


def at_counter(person: User, slug: str, *, key: str = "kunci-loket-1", **typed: Any) -> Any:
    return as_(person).post(address(slug), {"form_key": key, **typed})


def begun(answer: Any) -> Case:
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.order_by("-pk").first()


# Who --------------------------------------------------------------------------------------------------------------------


def test_who_records_letters_and_who_books_samples_in_begins_at_the_counter(cast: Cast) -> None:
    found = {
        name: {one.entry.slug for one in counter.counters(person, now=NOW)} for name, person in cast.people.items()
    }
    assert {name: slugs for name, slugs in found.items() if slugs} == {
        "puspa": {CERTIFICATE}, "citra": {SAMPLING, TESTING},
    }  # fmt: skip
    for name, person in cast.people.items():
        allowed = found[name]
        assert as_(person).get(reverse("testing:counters")).status_code == (200 if allowed else 404), name
        assert ("Loket pengujian" in as_(person).get("/", follow=True).content.decode()) == bool(allowed), name
        for slug in (CERTIFICATE, SAMPLING, TESTING, "tidak-ada"):
            assert as_(person).get(address(slug)).status_code == (200 if slug in allowed else 404), (name, slug)
            if slug not in allowed:
                assert at_counter(person, slug, **NEW).status_code == 404, (name, slug)
    assert Client().get(address(TESTING)).status_code == 302
    assert (Case.objects.count(), Company.objects.filter(name=NEW["name"]).count()) == (0, 0)


def test_who_tests_does_not_begin_for_a_company_and_is_not_told_for_whom_it_was_begun(cast: Cast) -> None:
    position = cast.body.positions.get(code="bpsmb-analis")
    case = begun(at_counter(cast.citra, TESTING, **NEW))
    play = Play(cast, case)
    for path in (reverse("case", args=[case.pk]), reverse("task", args=[play.task().pk]), reverse("inbox")):
        page = as_(cast.fitri).get(path, {"tab": "linimasa"}).content.decode()
        assert NEW["name"] not in page, path
    Appointment.objects.create(person=cast.citra, position=position, valid_from=NOW.replace(year=2025))
    assert {one.entry.slug for one in counter.counters(cast.citra, now=LATER)} == {SAMPLING}


def test_a_procedure_that_nobody_may_begin_by_hand_is_not_begun_at_the_counter(cast: Cast) -> None:
    StartRule.objects.filter(entry__slug=TESTING).update(active=False)
    assert {one.entry.slug for one in counter.counters(cast.citra, now=NOW)} == {SAMPLING}
    assert at_counter(cast.citra, TESTING, **NEW).status_code == 404


# For whom ---------------------------------------------------------------------------------------------------------------


def test_a_known_company_is_chosen_and_its_letter_is_typed_in_for_it(cast: Cast) -> None:
    company = cast.wahyu.company
    answer = at_counter(cast.puspa, CERTIFICATE, company=company.pk)
    case = begun(answer)
    play = Play(cast, case)
    assert answer.url == reverse("task", args=[play.task().pk])
    page = as_(cast.puspa).get(answer.url).content.decode()
    assert "Nomor surat permohonan (SPPC)" in page and f'value="{company.name}"' in page
    play.request()
    request = Request.objects.get(case=case)
    assert (request.company, request.letter_number, case.subject) == (company, "017/SPPC/XI/2026", REQUEST["applicant"])
    assert as_(cast.wahyu).get(reverse("application", args=[case.pk])).status_code == 200
    assert as_(cast.baskara).get(reverse("application", args=[case.pk])).status_code == 404


def test_a_new_company_is_recorded_and_its_samples_are_booked_in(cast: Cast) -> None:
    answer = at_counter(cast.citra, TESTING, **NEW)
    case = begun(answer)
    company = Company.objects.get(name=NEW["name"])
    assert (case.company, company.npwp, company.institution, company.users.count()) == (
        company,
        "012345678901000",
        cast.body,
        0,
    )
    event = PeopleEvent.objects.get(code="company_recorded")
    assert (event.person_id, event.by_position) == (cast.citra.pk, "Staf Seksi Pengawasan UPTD BPSMB")
    assert answer.url == reverse("testing:bring", args=[case.pk])
    form = as_(cast.citra).get(answer.url).context["form"]
    assert (form["applicant"].value(), form["address"].value()) == (NEW["name"], "Jalan Pala 2, Bandar Lampung")
    commodity = cast.body.commodities.get(code="kopi-contoh")
    typed = {**TYPED, "applicant": NEW["name"], "commodity": commodity.pk}
    assert as_(cast.citra).post(answer.url, typed).status_code == 302
    assert [one.code for one in queries.samples_of(case)] == ["C-26-0001", "C-26-0002"]
    assert Request.objects.get().company == company


def test_the_same_press_twice_makes_one_case_and_one_company(cast: Cast) -> None:
    first = begun(at_counter(cast.citra, TESTING, **NEW))
    assert begun(at_counter(cast.citra, TESTING, **NEW)) == first
    assert (Case.objects.count(), Company.objects.filter(name=NEW["name"]).count()) == (1, 1)


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(cast: Cast) -> None:
    other = Company.objects.create(institution=cast.body, name="PT Sudah Ada", npwp="0012345678901000")
    wrong: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"name", "address", "city"}),
        ({**NEW, "company": other.pk}, {"company"}),
        ({"company": "99999999"}, {"company"}),
        ({**NEW, "npwp": "12"}, {"npwp"}),
        (NEW, {"npwp"}),  # the same number with a 0 before it
        ({**NEW, "npwp": "", "phone": "besok"}, {"phone"}),
        ({**NEW, "npwp": "", "name": "x" * 201}, {"name"}),
    ]
    for typed, fields in wrong:
        answer = at_counter(cast.citra, TESTING, **typed)
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, fields), typed
        assert all(value in answer.content.decode() for name, value in typed.items() if name in ("address", "city"))
    assert (Case.objects.count(), Company.objects.filter(name=NEW["name"]).count()) == (0, 0)


def test_a_company_of_another_body_is_not_chosen(cast: Cast) -> None:
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain", zone="Asia/Jakarta")
    theirs = Company.objects.create(institution=other, name="PT Orang Lain")
    assert at_counter(cast.citra, TESTING, company=theirs.pk).status_code == 422
    done = counter.begin(cast.citra, TESTING, company=theirs, form_key="k", now=NOW)
    assert isinstance(done, Refusal) and done.code == "not-found"


def test_a_company_of_the_counter_gets_its_first_account_by_registering_and_only_one(cast: Cast) -> None:
    case = begun(at_counter(cast.citra, TESTING, **NEW))
    told = {"name": "Nama Lain", "npwp": NEW["npwp"], "address": "", "city": "", "phone": ""}

    def registers(email: str) -> User | Refusal:
        person = {"name": "Pala Contoh", "email": email, "phone": "0812"}
        return register_customer(institution=cast.body, company=told, person=person, password="sandi-2026-x", now=NOW)  # noqa: S106

    owner = registers("pala@contoh.example")
    assert isinstance(owner, User)
    assert (owner.company, owner.company.name, owner.is_active) == (case.company, NEW["name"], False)
    again = registers("lain@contoh.example")
    assert isinstance(again, Refusal) and again.code == "company-known"
