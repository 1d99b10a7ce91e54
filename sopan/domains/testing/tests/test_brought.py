"""Samples that a company brings itself: who books them in, that the analyst is told nothing of it, and what papers say."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.documents import pdf
from sopan.domains.testing import access, queries
from sopan.domains.testing.certificates import page, rules, snapshot
from sopan.domains.testing.models import Report, Request, Sample
from sopan.domains.testing.operations import sampling
from sopan.engine.access import Acting
from sopan.engine.models import JournalEntry
from sopan.people.models import Appointment, User

from .cast import NOW, READINGS, REQUEST, SHEET, TESTING, Cast, Play, as_, begin

TYPED = {
    **{name: text for name, text in REQUEST.items() if name != "warehouse"},
    "received_at": "2026-11-23 09:00", "lot_1": "KL-2026-118", "quantity_1": "1 kg", "condition_1": "Utuh, kering",
    "lot_2": "KL-2026-119", "quantity_2": "1 kg", "seal_2": "PT-9", "condition_2": "Kantong sedikit terbuka",
}  # fmt: skip
TOLD = ("PT Contoh Kopi Lampung", "Jalan Contoh 1", "017/SPPC/XI/2026", "KL-2026-118")


@pytest.fixture
def tests(cast: Cast) -> Play:
    """A case that only tests, begun by an analyst."""
    return begin(cast, TESTING, by="fitri", key="uji")


def address(play: Play) -> str:
    return reverse("testing:bring", args=[play.case.pk])


def typed(play: Play, **changed: str) -> dict[str, Any]:
    return {**TYPED, "commodity": play.cast.body.commodities.get(code="kopi-contoh").pk, **changed}


def brought(play: Play, **changed: str) -> list[Sample]:
    answer = as_(play.cast.citra).post(address(play), typed(play, **changed))
    assert answer.status_code == 302, answer.content.decode()
    return queries.samples_of(play.case)


def shown(play: Play, person: User) -> str:
    return as_(person).get(reverse("case", args=[play.case.pk]), {"tab": "testing"}).content.decode()


# Who --------------------------------------------------------------------------------------------------------------------


def test_the_staff_of_the_section_books_in_and_nobody_else(tests: Play) -> None:
    cast = tests.cast
    for person in (cast.fitri, cast.intan, cast.kurnia, cast.puspa, cast.lukman, cast.wahyu):
        assert as_(person).get(address(tests)).status_code == 404, person
        assert as_(person).post(address(tests), typed(tests)).status_code == 404, person
    assert Client().get(address(tests)).status_code == 302
    assert not Request.objects.exists()
    assert "Daftarkan contoh yang diantar" in as_(cast.citra).get(address(tests)).content.decode()
    assert address(tests) in shown(tests, cast.citra)
    assert address(tests) not in shown(tests, cast.fitri)


def test_who_also_tests_does_not_receive(tests: Play) -> None:
    citra = tests.cast.citra
    assert access.receiver(citra, tests.case, now=NOW) is not None
    position = tests.cast.body.positions.get(code="bpsmb-analis")
    Appointment.objects.create(person=citra, position=position, valid_from=NOW.replace(year=2025))
    assert access.receiver(citra, tests.case, now=NOW) is None


def test_a_case_that_takes_its_samples_itself_has_no_such_page(play: Play) -> None:
    play.to_worksheet()
    for person in (play.cast.citra, play.cast.kurnia):
        assert as_(person).get(address(play)).status_code == 404


def test_nothing_is_booked_in_once_the_worksheet_was_handed_in(tests: Play) -> None:
    brought(tests)
    tests.now += timedelta(days=1)
    tests.tested()
    assert as_(tests.cast.citra).get(address(tests)).status_code == 404


# What -------------------------------------------------------------------------------------------------------------------


def test_a_sample_that_was_brought_gets_its_code_and_is_tested_as_received(tests: Play) -> None:
    found = brought(tests)
    assert [(one.code, one.origin, one.condition, one.seal) for one in found] == [
        ("C-26-0001", "customer", "Utuh, kering", ""),
        ("C-26-0002", "customer", "Kantong sedikit terbuka", "PT-9"),
    ]
    assert {(one.received_at, one.received_by_name) for one in found} == {
        (NOW.replace(hour=2, minute=0), tests.cast.citra.full_name)
    }
    request = Request.objects.get()
    assert (request.case, request.applicant, request.decision_rule, request.letter_date) == (
        tests.case, "PT Contoh Kopi Lampung", "guard", date(2026, 11, 20),
    )  # fmt: skip
    entry = JournalEntry.objects.get(case=tests.case, code="testing.brought")
    assert (entry.person_id, entry.data) == (tests.cast.citra.pk, {"samples": ["C-26-0001", "C-26-0002"]})

    tests.now += timedelta(days=1)
    tests.tested()
    tests.do(tests.cast.surya, "ya")
    recap = as_(tests.cast.citra).get(reverse("task", args=[tests.task().pk])).content.decode()
    assert "diuji sebagaimana diterima" in recap
    tests.do(tests.cast.citra)
    tests.do(tests.cast.citra)
    assert tests.case.status == "finished"


def test_the_analyst_is_told_the_codes_alone(tests: Play) -> None:
    brought(tests)
    for text in (as_(tests.cast.fitri).get(reverse("task", args=[tests.task().pk])).content.decode(),
                 shown(tests, tests.cast.fitri)):  # fmt: skip
        assert "C-26-0001" in text and "Diantar pemohon" in text
        assert [told for told in TOLD if told in text] == []
    assert TOLD[0] in shown(tests, tests.cast.citra)


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(tests: Play) -> None:
    wrong = {
        "received_at": {"received_at": "2099-01-01 09:00"},
        "letter_date": {"letter_date": "2026-11-24"},
        "lot_1": {"lot_1": "", "quantity_1": "", "condition_1": "", "lot_2": "", "quantity_2": "", "seal_2": "",
                  "condition_2": ""},
        "condition_1": {"condition_1": " "},
        "seal_2": {"seal_1": "pt-9"},
        "guard_fraction": {"decision_rule": "fraction"},
        "applicant": {"applicant": ""},
    }  # fmt: skip
    citra = as_(tests.cast.citra)
    for field, changed in wrong.items():
        answer = citra.post(address(tests), typed(tests, **changed))
        assert (answer.status_code, field in answer.context["form"].errors) == (422, True), (
            field,
            answer.context["form"].errors,
        )
        assert "017/SPPC/XI/2026" in answer.content.decode()
    assert (Request.objects.count(), Sample.objects.count()) == (0, 0)


def test_an_r_that_was_left_of_another_rule_refuses_nothing(tests: Play) -> None:
    left = {"decision_rule": "simple", "guard_fraction": "9"}
    assert as_(tests.cast.citra).post(address(tests), typed(tests, **left)).status_code == 302
    assert Request.objects.get().guard_fraction is None


def test_a_case_tests_the_samples_of_one_request(tests: Play, cast: Cast) -> None:
    brought(tests)
    again = as_(cast.citra).post(address(tests), typed(tests, letter_number="18"))
    assert (again.status_code, Request.objects.count(), Sample.objects.count()) == (422, 1, 2)
    assert as_(cast.citra).get(address(tests)).status_code == 302
    acting = Acting(cast.fitri.pk, cast.fitri.full_name, "Analis", "", cast.body.pk)
    keys = [one.pk for one in queries.samples_of(tests.case)]
    other = begin(cast, TESTING, by="intan", key="lain")
    taken = sampling.choose(other.case, keys, acting=acting, now=NOW)
    assert isinstance(taken, Refusal) and taken.code == "taken"


# On paper ---------------------------------------------------------------------------------------------------------------


def test_a_paper_marks_what_the_company_said_and_judges_the_sample_as_received(tests: Play) -> None:
    brought(tests)
    tests.now += timedelta(days=1)
    tests.tested(**SHEET)
    tests.do(tests.cast.surya, "ya")
    authorised = {"name": "A", "position": "B", "on": "2026-11-24"}
    told = snapshot.take(tests.case, Report.Kind.TEST_RESULT, number="", authorises=authorised)
    told["signed_by"] = {"position": "Kepala Seksi"}  # in this procedure nobody signs it
    assert rules.lint(told) == []
    content = page.content({**told, "languages": ["id"]})
    assert dict(content["supplied"])["Lot"] == "KL-2026-118"
    assert content["samples"]["heads"][1] == "Lot menurut pemohon"
    assert (content["sampling"], content["answer"][0].startswith("Contoh sebagaimana diterima ")) == ([], True)
    assert any("sebagaimana diterima" in text for text in content["statements"])
    made = pdf.render(page.TEMPLATE, content, at=NOW)
    assert isinstance(made, bytes)
    text = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(made)).pages).split())
    assert "Keterangan dari pemohon" in text and "Lot menurut pemohon" in text


def test_numbers_are_set_as_the_language_reads_them_and_an_observation_as_it_was_written(tests: Play) -> None:
    brought(tests)
    tests.now += timedelta(days=1)
    seen = "tidak ada; biji ke-abu-abuan 0.5 cm."
    tests.tested(**tests.sheet({**READINGS, "serangga-hidup": [{"hasil": seen}]}))
    tests.do(tests.cast.surya, "ya")
    told = snapshot.take(
        tests.case, Report.Kind.TEST_RESULT, number="", authorises={"name": "", "position": "", "on": ""}
    )
    told["parts"][0]["tables"][0]["points"][0]["indication"] = "-0.30"

    def results(*languages: str) -> list[str]:
        """The column of results of the first sample."""
        content = page.content({**told, "languages": list(languages)})
        return [row[3] for row in content["results"][0]["rows"]]

    assert results("id") == results("id", "en") == ["−0,30", "0,43", "1,62", seen]
    assert results("en") == ["−0.30", "0.43", "1.62", seen]
