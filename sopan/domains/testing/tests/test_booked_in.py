"""What was booked in is corrected: by whom, until when, what is kept of it, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sopan.domains.testing import access, queries
from sopan.domains.testing.models import Correction, Report, Sample
from sopan.domains.testing.operations import sampling
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import JournalEntry
from sopan.people.models import Appointment, User

from .cast import NOW, REQUEST, SAMPLED, SAMPLING, TESTING, Cast, Play, as_, begin, give_certificate
from .test_brought import brought

K = Report.Kind


def address(play: Play) -> str:
    return reverse("testing:correct", args=[play.case.pk])


def shown(play: Play, person: User, tab: str) -> str:
    return as_(person).get(reverse("case", args=[play.case.pk]), {"tab": tab}).content.decode()


def as_asked(play: Play, person: User, **changed: str) -> dict[str, Any]:
    """The form as the page shows it, with what this person changes."""
    form = as_(person).get(address(play)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()} | changed


def correct(play: Play, person: User, **changed: str) -> Any:
    return as_(person).post(address(play), as_asked(play, person, reason="Salah baca", **changed))


def kept() -> list[tuple[str, str, str, str, str]]:
    return [(str(c.sample or ""), c.what, c.old, c.new, c.reason) for c in Correction.objects.all()]


@pytest.fixture
def tests(cast: Cast) -> Play:
    """A case that only tests, with two samples that the company brought."""
    play = begin(cast, TESTING, by="fitri", key="uji")
    brought(play)
    return play


# What ------------------------------------------------------------------------------------------------------------------


def test_every_value_that_was_booked_in_is_kept_when_it_is_corrected(tests: Play) -> None:
    one, two = queries.samples_of(tests.case)
    citra = tests.cast.citra
    done = correct(
        tests, citra,
        **{f"lot_{one.pk}": "KL-2026-181", f"quantity_{one.pk}": "2 kg", f"condition_{two.pk}": "Kantong robek",
           f"seal_{two.pk}": "", f"received_at_{one.pk}": "2026-11-23 08:30", "applicant": "PT Contoh Kopi"},
    )  # fmt: skip
    assert done.status_code == 302
    assert kept() == [
        ("", "applicant", "PT Contoh Kopi Lampung", "PT Contoh Kopi", "Salah baca"),
        ("C-26-0001", "lot", "KL-2026-118", "KL-2026-181", "Salah baca"),
        ("C-26-0001", "quantity", "1 kg", "2 kg", "Salah baca"),
        ("C-26-0001", "received_at", "2026-11-23 09:00", "2026-11-23 08:30", "Salah baca"),
        ("C-26-0002", "seal", "PT-9", "", "Salah baca"),
        ("C-26-0002", "condition", "Kantong sedikit terbuka", "Kantong robek", "Salah baca"),
    ]
    one, two = queries.samples_of(tests.case)
    assert (one.lot, one.quantity, one.seal, one.received_at) == (
        "KL-2026-181",
        "2 kg",
        "",
        NOW.replace(hour=1, minute=30),
    )
    assert (two.seal, two.condition, two.lot, two.code) == ("", "Kantong robek", "KL-2026-119", "C-26-0002")
    assert correct(tests, citra, **{f"quantity_{one.pk}": "1 kg"}).status_code == 302
    assert [(c.old, c.new) for c in Correction.objects.filter(what="quantity")] == [("1 kg", "2 kg"), ("2 kg", "1 kg")]
    assert {(c.person_id, c.position) for c in Correction.objects.all()} == {
        (citra.pk, "Staf Seksi Pengawasan UPTD BPSMB")
    }


def test_the_journal_tells_what_it_was_what_it_is_and_why(tests: Play) -> None:
    one, _two = queries.samples_of(tests.case)
    correct(tests, tests.cast.citra, **{f"quantity_{one.pk}": "2 kg", "letter_number": "018/SPPC/XI/2026"})
    entry = JournalEntry.objects.get(case=tests.case, code="testing.corrected")
    assert (entry.person_id, entry.data["reason"]) == (tests.cast.citra.pk, "Salah baca")
    told = shown(tests, tests.cast.citra, "linimasa")
    assert "C-26-0001, jumlah: “1 kg” menjadi “2 kg”" in told and "Salah baca" in told
    assert "nomor surat permohonan: “017/SPPC/XI/2026” menjadi “018/SPPC/XI/2026”" in told
    panel = shown(tests, tests.cast.citra, "testing")
    assert "<s>1 kg</s> menjadi <b>2 kg</b>" in panel and address(tests) in panel


def test_who_tests_by_the_code_is_told_of_seal_and_condition_and_of_nothing_else(tests: Play) -> None:
    one, two = queries.samples_of(tests.case)
    correct(
        tests, tests.cast.citra, applicant="PT Lain Sekali",
        **{f"lot_{one.pk}": "KL-2026-181", f"condition_{two.pk}": "Kantong robek"},
    )  # fmt: skip
    for tab in ("testing", "linimasa"):
        page = shown(tests, tests.cast.fitri, tab)
        assert [word for word in ("PT Lain Sekali", "KL-2026-181", "Salah baca", address(tests)) if word in page] == []
    assert "<s>Kantong sedikit terbuka</s> menjadi <b>Kantong robek</b>" in shown(tests, tests.cast.fitri, "testing")


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_written(tests: Play) -> None:
    one, _two = queries.samples_of(tests.case)
    citra = as_(tests.cast.citra)
    before = as_asked(tests, tests.cast.citra, reason="Salah baca")
    wrong = [
        ("reason", " "), (f"lot_{one.pk}", " "), (f"condition_{one.pk}", ""), ("applicant", ""), (f"seal_{one.pk}", "pt-9"),
        (f"received_at_{one.pk}", "2099-01-01 09:00"), (f"received_at_{one.pk}", "besok"), ("letter_date", "2026-11-24"),
        (f"quantity_{one.pk}", "9" * 101), ("seen", "x"),
    ]  # fmt: skip
    for field, value in wrong:
        answer = citra.post(address(tests), before | {field: value})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), (field, value)
    assert list(citra.post(address(tests), before).context["form"].errors) == ["__all__"]  # nothing is another value
    assert kept() == []


def test_two_people_at_once_overwrite_nothing_of_each_other(tests: Play) -> None:
    one, two = queries.samples_of(tests.case)
    citra = tests.cast.citra
    mine = as_asked(
        tests, citra, reason="Salah timbang", **{f"quantity_{one.pk}": "3 kg", f"condition_{two.pk}": "Basah"}
    )
    correct(tests, citra, **{f"quantity_{one.pk}": "2 kg", f"lot_{one.pk}": "KL-2026-181"})
    answer = as_(citra).post(address(tests), mine)
    form = answer.context["form"]
    assert answer.status_code == 422 and set(form.errors) == {"__all__", f"quantity_{one.pk}"}
    seen = [
        form[f"{name}_{key}"].value() for name, key in (("quantity", one.pk), ("lot", one.pk), ("condition", two.pk))
    ]
    assert seen == ["3 kg", "KL-2026-181", "Basah"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert as_(citra).post(address(tests), again).status_code == 302
    assert [(what, old, new) for _s, what, old, new, _r in kept()] == [
        ("lot", "KL-2026-118", "KL-2026-181"), ("quantity", "1 kg", "2 kg"), ("quantity", "2 kg", "3 kg"),
        ("condition", "Kantong sedikit terbuka", "Basah"),
    ]  # fmt: skip


# Who --------------------------------------------------------------------------------------------------------------------


def test_who_books_in_corrects_and_nobody_else(tests: Play) -> None:
    cast = tests.cast
    for name in ("fitri", "intan", "kurnia", "puspa", "lukman", "wahyu"):
        assert as_(cast.people[name]).get(address(tests)).status_code == 404, name
        assert as_(cast.people[name]).post(address(tests), {"reason": "x"}).status_code == 404, name
    assert Client().get(address(tests)).status_code == 302
    position = cast.body.positions.get(code="bpsmb-analis")
    Appointment.objects.create(person=cast.citra, position=position, valid_from=NOW.replace(year=2025))
    assert as_(cast.citra).get(address(tests)).status_code == 404  # who also tests does not change what he tests


def test_where_samples_are_taken_one_office_corrects_the_letter_and_another_the_samples(play: Play) -> None:
    play.to_worksheet()
    cast, sample = play.cast, play.case.test_request.samples.get()
    may = {name: access.corrector(cast.people[name], play.case.test_request, now=NOW) for name in cast.people}
    assert {name for name, one in may.items() if one.letter} == {"puspa"}
    assert {name for name, one in may.items() if one.samples} == {"kurnia"}
    forged = as_asked(play, cast.puspa, reason="Salah ketik", warehouse="Gudang 4", **{f"seal_{sample.pk}": "X"})
    assert as_(cast.puspa).post(address(play), forged).status_code == 302
    assert correct(play, cast.kurnia, **{f"seal_{sample.pk}": "BPSMB-0171"}).status_code == 302
    assert correct(play, cast.kurnia, **{f"seal_{sample.pk}": ""}).status_code == 422  # we seal what we take
    assert [row[1:4] for row in kept()] == [
        ("warehouse", "Gudang 3, Jalan Pelabuhan Contoh", "Gudang 4"), ("seal", "BPSMB-0117", "BPSMB-0171"),
    ]  # fmt: skip


def test_a_sample_that_waits_for_its_test_is_corrected_by_who_took_it_and_both_cases_tell_it(cast: Cast) -> None:
    took = begin(cast, SAMPLING, by="citra", key="ambil")
    commodity = cast.body.commodities.get(code="kopi-contoh")
    took.do(cast.citra, **{**REQUEST, "commodity": commodity.pk})
    took.do_plain(cast.arif)
    took.do(cast.surya, officer=cast.lukman.pk, planned_on="2026-11-23")
    took.do_plain(cast.arif)
    took.now = NOW + timedelta(hours=2)
    took.do(cast.lukman, **SAMPLED)
    sample = Sample.objects.get()
    assert correct(took, cast.lukman, **{f"lot_{sample.pk}": "KL-2026-181"}).status_code == 302
    tests = begin(cast, TESTING, by="fitri", key="uji")
    acting = Acting(cast.fitri.pk, cast.fitri.full_name, "Analis", "", cast.body.pk)
    assert isinstance(sampling.choose(tests.case, [sample.pk], acting=acting, now=NOW), list)
    assert correct(took, cast.lukman, **{f"quantity_{sample.pk}": "2 kg"}).status_code == 302
    told = JournalEntry.objects.filter(code="testing.corrected").values_list("case", flat=True)
    assert sorted(told) == sorted([took.case.pk, took.case.pk, tests.case.pk])


# Until when -------------------------------------------------------------------------------------------------------------


def test_nothing_is_corrected_before_anything_was_booked_in(play: Play) -> None:
    play.request()
    assert as_(play.cast.puspa).get(address(play)).status_code == 302
    assert kept() == []


def test_a_correction_after_the_test_result_has_it_printed_and_signed_again(play: Play) -> None:
    cast = play.cast
    give_certificate(cast.surya, position="Kasi Pengawasan")
    give_certificate(cast.arif, position="Kepala UPTD")
    play.to_worksheet().tested()
    first = play.result_signed()
    sample = play.case.test_request.samples.get()
    answer = correct(play, cast.kurnia, **{f"quantity_{sample.pk}": "1,5 kg"})
    assert answer.status_code == 302
    assert play.paper(K.TEST_RESULT).state == Report.State.STALE
    refused = play.try_(cast.kurnia)
    assert refused.code == "no-result"
    back = engine.send_back(
        play.task().pk, actor=cast.kurnia, to_step="8", reason="Data contoh diperbaiki", now=play.now
    )
    assert isinstance(back, engine.Done), back
    again = play.result_signed()
    assert (again.number, again.document.version, first.document.version) == (first.number, 2, 1)
    assert [one["quantity"] for one in again.snapshot["samples"]] == ["1,5 kg"]
    play.certified()
    # From here on the certificate is out, and only an amendment could change it.
    for person, field in ((cast.kurnia, f"quantity_{sample.pk}"), (cast.puspa, "applicant")):
        assert as_(person).get(address(play)).status_code == 302
        assert as_(person).post(address(play), {field: "lain", "reason": "Terlambat"}).status_code == 302
        assert address(play) not in shown(play, person, "testing")
    sample.refresh_from_db()
    assert (sample.quantity, len(kept())) == ("1,5 kg", 1)


def test_nothing_is_corrected_once_the_results_have_left_the_case(tests: Play) -> None:
    tests.now += timedelta(days=1)
    tests.tested()
    tests.do(tests.cast.surya, "ya")
    tests.do(tests.cast.citra)
    one, _two = queries.samples_of(tests.case)
    assert correct(tests, tests.cast.citra, **{f"quantity_{one.pk}": "2 kg"}).status_code == 302
    tests.do(tests.cast.citra)
    assert tests.case.status == "finished"
    assert as_(tests.cast.citra).get(address(tests)).status_code == 302
    assert len(kept()) == 1
