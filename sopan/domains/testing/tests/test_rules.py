"""Who may do what, what is refused, and that what was typed and corrected stays."""

from __future__ import annotations

import copy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sopan.core.flow import Refusal
from sopan.documents import desks
from sopan.documents.operations import batch as batches
from sopan.domains.orders.models import Levy
from sopan.domains.orders.money import levies
from sopan.domains.testing import access, calculation, queries
from sopan.domains.testing.certificates import rules, snapshot
from sopan.domains.testing.models import Check, Competence, Parameter, Reading, Report, Sample, Worksheet
from sopan.domains.testing.operations import papers, register, sampling
from sopan.domains.testing.operations import worksheet as worksheets
from sopan.domains.testing.operations.worksheet import field_of
from sopan.engine import access as access_
from sopan.engine import blind
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.measurement.conformity import Outcome, within
from sopan.people.models import Appointment, User

from .cast import (
    NOW,
    PASSPHRASE,
    READINGS,
    REQUEST,
    SAMPLED,
    SAMPLING,
    SHEET,
    TESTING,
    Cast,
    Play,
    begin,
    give_certificate,
)

K = Report.Kind
D = Decimal


def code(done: Any) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def appoint(person: User, position: str) -> None:
    Appointment.objects.create(
        person=person, position=person.institution.positions.get(code=position), valid_from=NOW.replace(year=2025)
    )


def acting(person: User) -> Acting:
    return Acting(person.pk, person.full_name, "Jabatan", "", person.institution_id)


def key_of(play: Play, parameter: str, place: int, name: str) -> str:
    sample = queries.samples_of(play.case)[0]
    return field_of((sample.pk, sample.request.commodity.parameters.get(code=parameter).pk, place, name))


# Sampling -----------------------------------------------------------------------------------------------------------------


def test_only_the_officer_of_the_letter_samples(play: Play) -> None:
    play.request()
    play.do(play.cast.surya, officer=play.cast.lukman.pk, planned_on="2026-11-23")
    assert access_.task_for(play.cast.ahmad, play.task().pk, now=play.now) is not None  # he may see it
    assert code(play.try_(play.cast.ahmad, **SAMPLED)) == "taken"
    assert (
        engine.hand_over(play.task().pk, actor=play.cast.lukman, to=play.cast.ahmad, now=play.now).code
        == "other-officer"
    )


UNLIKELY: tuple[tuple[dict[str, str], str], ...] = (
    ({"begun_at": "2026-11-23 08:00"}, "before-issue"),
    ({"ended_at": "2026-11-24 08:00"}, "future"),
    ({"ended_at": "2026-11-23 09:59"}, "ends-first"),
    ({"lot_1": "", "quantity_1": "", "seal_1": ""}, "no-sample"),
    ({"seal_1": ""}, "form"),
    ({"lot_2": "B", "quantity_2": "1 kg", "seal_2": "bpsmb-0117"}, "seal"),
    ({"increments": "0"}, "form"),
)


def test_what_cannot_have_happened_at_the_warehouse_is_refused(play: Play) -> None:
    play.request()
    play.do(play.cast.surya, officer=play.cast.lukman.pk, planned_on="2026-11-23")
    play.now = NOW + timedelta(hours=2)
    answers = [code(play.try_(play.cast.lukman, **{**SAMPLED, **changed})) for changed, _told in UNLIKELY]
    assert answers == [told for _changed, told in UNLIKELY]
    assert not Sample.objects.exists()


def test_a_request_cannot_change_once_samples_were_taken(play: Play) -> None:
    play.request()
    play.sampled()
    found = queries.request_of(play.case)
    again = {name: getattr(found, name) for name in sampling.REQUESTED}
    assert code(sampling.record_request(play.case, again, acting=acting(play.cast.puspa), now=play.now)) == "sampled"


def test_a_guard_band_asks_for_the_uncertainty_of_every_limit(play: Play) -> None:
    Parameter.objects.filter(code="kotoran").update(expanded=None, coverage=None)
    with pytest.raises(AssertionError, match="uncertainty"):
        play.request()
    play.request(decision_rule="simple")


# Readings -----------------------------------------------------------------------------------------------------------------


def test_readings_are_kept_as_typed_and_a_correction_keeps_the_old_one(play: Play) -> None:
    play.to_worksheet().tested()
    moist = key_of(play, "kadar-air", 1, "m2")
    play.do(play.cast.surya, "tidak", reason="Periksa m2")
    assert Worksheet.objects.get().state == "returned"
    changed = {**play.sheet(), moist: "29.6321"}
    assert code(play.try_(play.cast.fitri, **changed)) == "reason"
    play.do(play.cast.fitri, **changed, correction_reason="Salah salin")
    rows = Reading.objects.filter(name="m2", repetition=1, determination__parameter__code="kadar-air").order_by("pk")
    assert [(row.text, row.value, row.current, row.reason) for row in rows] == [
        ("29,6312", D("29.6312"), False, ""),
        ("29.6321", D("29.6321"), True, "Salah salin"),
    ]
    assert rows[1].corrects == rows[0]
    assert Reading.objects.filter(corrects=None).count() == 12 and Reading.objects.count() == 13  # the rest untouched
    assert [(one.decision, one.version, one.reason) for one in Check.objects.all()] == [("returned", 1, "Periksa m2")]
    assert queries.determinations_of(Worksheet.objects.get())[0].outcome["text"] == "11.28"


BAD = [
    "",
    "abc",
    "NaN",
    "inf",
    "1e308",
    "1,2,3,4",
    "12 345 6",
    "=1+1",
    "🙂",
    "1" * 60,
    "--1",
    "1/2",
    "\u202e12",
    "0x10",
]


def test_a_reading_that_is_no_number_is_told_at_its_field(play: Play) -> None:
    play.to_worksheet()
    name = key_of(play, "kadar-air", 1, "m1")
    for typed in BAD:
        done = play.try_(play.cast.fitri, **{**play.sheet(), name: typed})
        assert (code(done), done.field) == ("reading", name), typed
    # Divides by nothing.
    assert code(play.try_(play.cast.fitri, **{**play.sheet(), name: "25,1034"})) == "incomputable"
    assert not Reading.objects.exists()


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"tested_to": "2026-11-25"}, "dates"),
    ({"tested_from": "2026-11-24"}, "dates"),
    ({"temperature": "hangat"}, "environment"),
    ({"equipment": ""}, "form"),
)


def test_a_sheet_that_cannot_be_right_is_refused(play: Play) -> None:
    play.to_worksheet()
    answers = [code(play.try_(play.cast.fitri, **{**play.sheet(), **changed})) for changed, _told in WRONG]
    assert answers == [told for _changed, told in WRONG]


def test_a_result_from_another_laboratory_names_its_report(play: Play) -> None:
    play.to_worksheet()
    sheet = play.sheet()
    name = next(name for name in sheet if name.startswith("external_"))
    done = play.try_(play.cast.fitri, **{**sheet, name: ""})
    assert (code(done), done.field) == ("external", name)
    play.tested()
    told = next(
        part for part in snapshot.take(play.case, K.TEST_RESULT, number="", authorises={})["parts"] if part["external"]
    )
    assert (told["parameter"], told["external"]) == ("Kadar kafein", "Laboratorium Contoh Mitra, LHU-MITRA/88")


# Competence and independence ----------------------------------------------------------------------------------------------


def test_who_was_not_found_competent_on_that_day_does_not_test(play: Play) -> None:
    play.to_worksheet()
    Competence.objects.filter(person=play.cast.fitri).update(valid_to="2026-11-22")
    assert code(play.try_(play.cast.fitri, **play.sheet())) == "not-competent"
    play.tested(play.cast.intan)


def test_who_tested_does_not_check_under_any_position(play: Play) -> None:
    appoint(play.cast.fitri, "bpsmb-kasi-pengawasan")
    play.to_worksheet().tested()
    assert code(play.try_(play.cast.fitri, "ya")) == "separation"
    assert code(papers.plan_printing(play.case, K.TEST_RESULT, actor=play.cast.fitri, now=play.now)) == "own-results"
    assert code(worksheets.accept(play.case, acting=acting(play.cast.fitri), now=play.now)) == "own-results"
    assert Worksheet.objects.get().state == "submitted"


def test_who_corrected_one_reading_does_not_check_either(play: Play) -> None:
    """The engine compares who finished the step; here somebody else finished it the second time."""
    appoint(play.cast.fitri, "bpsmb-kasi-pengawasan")
    play.to_worksheet().tested()
    play.do(play.cast.surya, "tidak", reason="Ulangi")
    changed = {**play.sheet(), key_of(play, "kotoran", 1, "mk"): "1,285", "correction_reason": "Salah salin"}
    play.do(play.cast.intan, **changed)
    assert access.may_check(Worksheet.objects.get(), person_id=play.cast.fitri.pk).code == "own-results"
    assert access.may_check(Worksheet.objects.get(), person_id=play.cast.intan.pk).code == "own-results"
    assert access.may_check(Worksheet.objects.get(), person_id=play.cast.surya.pk) is None


@pytest.fixture
def with_keys(play: Play) -> Play:
    give_certificate(play.cast.surya, position="Kasi Pengawasan")
    give_certificate(play.cast.arif, position="Kepala UPTD")
    return play


def test_who_checked_does_not_sign_the_certificate(with_keys: Play) -> None:
    play = with_keys
    appoint(play.cast.surya, "bpsmb-kepala")
    play.to_worksheet().tested()
    play.result_signed()
    play.do(play.cast.kurnia)
    paper = play.printed(K.CERTIFICATE, play.cast.kurnia)
    play.do(play.cast.kurnia)
    play.do(play.cast.puspa)
    given = {"passphrase": PASSPHRASE, "shown": paper.document.unsigned_sha256}
    assert code(play.try_(play.cast.surya, **given)) == "own-check"
    assert code(play.try_(play.cast.arif, **{**given, "shown": "0" * 64})) == "changed"
    assert code(play.try_(play.cast.arif, **{**given, "passphrase": "salah"})) == "wrong-passphrase"
    play.do(play.cast.arif, **given)


def test_nothing_is_signed_that_was_printed_before_the_results_changed(with_keys: Play) -> None:
    play = with_keys
    play.to_worksheet().tested()
    before = play.printed(K.TEST_RESULT, play.cast.surya)
    play.do(play.cast.surya, "tidak", reason="Ulangi")
    play.do(play.cast.fitri, **{**play.sheet(), key_of(play, "kotoran", 1, "mk"): "1,30", "correction_reason": "Salah"})
    given = {"passphrase": PASSPHRASE, "shown": before.document.unsigned_sha256}
    assert code(play.try_(play.cast.surya, "ya", **given)) == "not-printed"
    again = play.result_signed()
    assert again.number == before.number and again.document.signed_sha256


def test_goods_that_fail_get_no_certificate_unless_the_body_decides_so(with_keys: Play) -> None:
    play = with_keys
    dirty = {**READINGS, "kotoran": [{"m": "300", "mk": "3"}, {"m": "300", "mk": "3"}]}
    play.to_worksheet()
    play.do(play.cast.fitri, **play.sheet(dirty))
    assert queries.answer_of(Worksheet.objects.get()) == "fail"
    play.result_signed()
    play.do(play.cast.kurnia)
    assert (
        code(papers.plan_printing(play.case, K.CERTIFICATE, actor=play.cast.kurnia, now=play.now)) == "not-conforming"
    )
    body = play.cast.body
    body.settings = {**body.settings, "failed_goods": {"value": "certificate"}}
    body.save()
    assert play.printed(K.CERTIFICATE, play.cast.kurnia).snapshot["answer"] == "fail"


# Limits and their source --------------------------------------------------------------------------------------------------


def test_a_limit_that_nobody_compared_makes_no_statement(play: Play) -> None:
    Parameter.objects.update(verified=False, compared_with="")
    play.to_worksheet().tested()
    assert queries.answer_of(Worksheet.objects.get()) == ""
    told = snapshot.take(play.case, K.TEST_RESULT, number="", authorises={})
    assert all(not part["tables"][0]["points"][0]["limit"] for part in told["parts"])
    assert "without" in told["statements"]


def test_changing_a_limit_makes_it_unverified_until_it_is_compared(cast: Cast) -> None:
    row = Parameter.objects.get(code="kadar-air")
    by, on = acting(cast.surya), NOW.date()
    values = {"upper": D("12.5"), "reference": row.reference, "expanded": row.expanded, "coverage": row.coverage}
    assert register.save_parameter(row, values, acting=by, on=on).verified is False
    kept = register.save_parameter(row, {**values, "compared_with": "Salinan nomor 3"}, acting=by, on=on)
    assert (kept.verified, kept.verified_by_name, kept.compared_with) == (True, cast.surya.full_name, "Salinan nomor 3")
    assert register.save_parameter(row, values, acting=by, on=on).verified is True  # nothing changed


CONTRADICTIONS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"lower": D(3), "upper": D(2)}, "limits"),
    ({"expanded": D(1), "coverage": None}, "uncertainty"),
    ({"compared_with": "Salinan"}, "compared"),
    ({"formula": "100 * (", "readings": []}, "formula"),
    ({"formula": "100 * m / x", "readings": [{"name": "m", "label": "m", "unit": "g"}]}, "reading-missing"),
    ({"formula": "__import__('os')", "readings": []}, "formula"),
)


def test_a_parameter_that_contradicts_itself_is_refused(cast: Cast) -> None:
    row = Parameter.objects.get(code="kadar-air")
    by = acting(cast.surya)
    answers = [code(register.save_parameter(row, values, acting=by, on=NOW.date())) for values, _told in CONTRADICTIONS]
    assert answers == [told for _values, told in CONTRADICTIONS]


def test_nobody_finds_himself_competent(cast: Cast) -> None:
    row = cast.body.commodities.get(code="kopi-contoh")
    told = {"first": NOW.date(), "last": None, "evidence": "Sertifikat", "now": NOW}
    assert code(register.grant(row, person=cast.surya, acting=acting(cast.surya), **told)) == "own"
    assert code(register.grant(row, person=cast.wahyu, acting=acting(cast.surya), **told)) == "person"
    assert isinstance(register.grant(row, person=cast.citra, acting=acting(cast.surya), **told), Competence)


@pytest.mark.parametrize(
    ("value", "lower", "upper", "guard", "answer"),
    [
        ("12.00", None, "12", "0", Outcome.PASS), ("12.01", None, "12", "0", Outcome.FAIL),
        ("11.75", None, "12", "0.25", Outcome.PASS), ("11.76", None, "12", "0.25", Outcome.CONDITIONAL_PASS),
        ("12.25", None, "12", "0.25", Outcome.CONDITIONAL_FAIL), ("12.26", None, "12", "0.25", Outcome.FAIL),
        ("1.00", "1", None, "0", Outcome.PASS), ("0.99", "1", None, "0", Outcome.FAIL),
        ("1.05", "1", "3", "0.1", Outcome.CONDITIONAL_PASS), ("2.95", "1", "3", "0.1", Outcome.CONDITIONAL_PASS),
    ],
)  # fmt: skip
def test_statements_on_one_sided_and_two_sided_limits(
    value: str, lower: str | None, upper: str | None, guard: str, answer: Outcome
) -> None:
    ends = {"lower": D(lower) if lower else None, "upper": D(upper) if upper else None}
    assert within(D(value), **ends, guard=D(guard)) is answer


def test_a_result_is_judged_as_it_is_printed() -> None:
    row = Parameter(name="x", unit="%", decimals=1, upper=D("12"), verified=True, reference="S")
    row.commodity = Parameter.commodity.field.related_model(standard="S")
    text = calculation.printed(row, D("12.049"))
    assert (text, calculation.conformity(row, text, calculation.Decision("simple"))["outcome"]) == ("12.0", "pass")
    assert calculation.printed(row, D("-0.04")) == "0.0"


# What a paper must hold -----------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(play: Play) -> dict[str, Any]:
    play.to_worksheet().tested()
    return snapshot.take(
        play.case, K.TEST_RESULT, number="", authorises={"name": "A", "position": "B", "on": "2026-11-23"}
    )


BROKEN = {
    "7.8.5 a": lambda told: told["sampling"].update(begun=""),
    "7.8.5 b": lambda told: told["sampling"].update(lot_size=""),
    "7.8.5 c": lambda told: told["sampling"].update(place=""),
    "7.8.5 d": lambda told: told["sampling"].update(report=""),
    "7.8.5 e": lambda told: told["sampling"].update(conditions=""),
    "7.8.5": lambda told: told["sampling"].update(deviation=None),
    "7.8.2.1 k": lambda told: told["sampling"].update(plan=""),
    "7.8.3.1 c": lambda told: told["parts"][0]["tables"][0]["points"][0].update(k=""),
    "7.8.3.1 a": lambda told: told["parts"][0].update(environment=[]),
    "7.8.2.1 a": lambda told: told.update(title=""),
    "7.8.2.1 b": lambda told: told["laboratory"].update(address=""),
    "7.8.2.1 c": lambda told: told["parts"][0].update(place=""),
    "7.8.2.1 e": lambda told: told["customer"].update(name=""),
    "7.8.2.1 f": lambda told: told["parts"][0]["method"].update(name=""),
    "7.8.2.1 g": lambda told: told["item"].update(condition=""),
    "7.8.2.1 h": lambda told: told["item"].update(received=""),
    "7.8.2.1 i": lambda told: told["parts"][0].update(begin=""),
    "7.8.2.1 l": lambda told: told["statements"].pop("only"),
    "7.8.2.1 m": lambda told: told["parts"][0]["tables"][0]["points"][0].update(indication=""),
    "7.8.2.1 n": lambda told: told["parts"][0].update(deviation=None),
    "7.8.2.1 o": lambda told: told.update(authorised_by={}),
    "7.8.2.1 p": lambda told: told["parts"][0].update(external=None),
    "7.8.2.2": lambda told: told["statements"].pop("customer_data"),
    "7.8.6.2": lambda told: told["decision"].update(rule="simple"),
}


def test_each_element_that_is_taken_out_is_missed(whole: dict[str, Any]) -> None:
    assert rules.lint(whole) == []
    for clause, spoil in BROKEN.items():
        told = copy.deepcopy(whole)
        spoil(told)
        assert clause in {one.clause for one in rules.lint(told)}, clause


def test_a_paper_that_would_miss_something_gets_no_number(play: Play) -> None:
    play.to_worksheet().tested()
    play.case.test_request.sampling.delete()
    assert code(papers.plan_printing(play.case, K.TEST_RESULT, actor=play.cast.surya, now=play.now)) == "incomplete"
    assert not Report.objects.exists()


def test_a_sample_that_was_brought_is_reported_as_received(play: Play) -> None:
    play.to_worksheet()
    Sample.objects.update(origin="customer")
    play.case.test_request.sampling.delete()
    play.tested()
    told = snapshot.take(
        play.case, K.TEST_RESULT, number="", authorises={"name": "A", "position": "B", "on": "2026-11-23"}
    )
    assert "as_received" in told["statements"] and rules.lint(told) == []
    del told["statements"]["as_received"]
    assert [one.clause for one in rules.lint(told)] == ["7.8.2.2"]


# Money ----------------------------------------------------------------------------------------------------------------------


def test_before_work_the_levy_comes_first(play: Play) -> None:
    body = play.cast.body
    body.settings = {**body.settings, "payment_policy": {"value": "before_work"}}
    body.save()
    play.to_worksheet()
    assert code(play.try_(play.cast.fitri, **play.sheet())) == "not-assessed"
    puspa = acting(play.cast.puspa)
    levy = levies.assess(play.case, number="SKRD-7", amount=D(100), basis="Perda contoh", acting=puspa, now=play.now)
    assert code(play.try_(play.cast.fitri, **play.sheet())) == "levy-unpaid"
    levies.receive(levy, receipt="KW-7", paid_at=play.now, acting=puspa, now=play.now)
    play.tested()
    assert Levy.objects.get().receipt == "KW-7"


# The procedures that only sample, and only test -------------------------------------------------------------------------


def test_sampling_and_testing_as_cases_of_their_own(cast: Cast) -> None:
    cast.body.settings = {**cast.body.settings, "payment_policy": {"value": "before_work"}}  # no receipt: nothing waits
    cast.body.save()
    taken = begin(cast, SAMPLING, by="citra", key="ambil")
    commodity = cast.body.commodities.get(code="kopi-contoh")
    taken.do(cast.citra, **{**REQUEST, "commodity": commodity.pk})
    taken.do(cast.arif)
    taken.do(cast.surya, officer=cast.ahmad.pk, planned_on="2026-11-23")
    taken.do(cast.arif)
    taken.now = NOW.replace(hour=4)
    taken.do(cast.ahmad, **SAMPLED)
    assert [one.code for one in queries.untested(cast.body)] == ["C-26-0001"]

    assert {SAMPLING, TESTING} <= blind.slugs(cast.fitri, now=taken.now)  # nobody tells the analyst whose it is
    assert not blind.slugs(cast.surya, now=taken.now) & {SAMPLING, TESTING}
    tested = begin(cast, TESTING, by="fitri", key="uji")
    tested.now = taken.now
    assert code(tested.try_(cast.fitri, **SHEET)) == "no-sample"
    keys = list(queries.untested(cast.body).values_list("pk", flat=True))
    fitri = acting(cast.fitri)
    assert isinstance(sampling.choose(tested.case, keys, acting=fitri, now=tested.now), list)
    assert code(sampling.choose(tested.case, keys, acting=fitri, now=tested.now)) == "taken"
    tested.tested()
    assert code(tested.try_(cast.fitri, "ya")) == "not-found"
    tested.do(cast.surya, "ya")
    tested.do(cast.citra)
    tested.do(cast.citra)
    assert tested.case.status == "finished"
    assert Check.objects.get().name == cast.surya.full_name


# The signing desk -----------------------------------------------------------------------------------------------------------


def test_the_desk_holds_what_waits_for_a_person_and_goes_on_once_it_is_signed(with_keys: Play) -> None:
    play, cast = with_keys, with_keys.cast
    play.to_worksheet().tested()
    play.printed(K.TEST_RESULT, cast.surya)
    assert [one.document.number for one in desks.waiting(cast.surya, now=play.now)] == ["0001/TR/BPSMB/XI/2026"]
    for person in (cast.fitri, cast.arif, cast.kurnia, cast.wahyu):
        assert desks.waiting(person, now=play.now) == []
    paper = desks.waiting(cast.surya, now=play.now)[0]
    assert (paper.owner, paper.summary) == ("PT Contoh Kopi Lampung", "Biji kopi (contoh) · C-26-0001")
    assert desks.office_for(cast.kurnia, paper.document, now=play.now) is not None
    assert desks.office_for(cast.fitri, paper.document, now=play.now) is None
    batch, _new = batches.begin(cast.surya, form_key="kunci-meja-1", now=play.now)
    batches.mark_read(paper, person=cast.surya, now=play.now)
    chosen = [batches.Chosen(paper, paper.document.unsigned_sha256)]
    told = list(batches.sign_each(batch, chosen, passphrase=PASSPHRASE, clock=lambda: play.now))
    assert [one.code for one in told] == ["signed"]
    play.case.refresh_from_db()
    assert play.task().step == "9" and Worksheet.objects.get().state == "approved"
    assert desks.waiting(cast.surya, now=play.now) == []


def test_who_tested_finds_nothing_on_the_desk_even_as_head_of_the_section(with_keys: Play) -> None:
    play, cast = with_keys, with_keys.cast
    play.to_worksheet().tested()
    play.printed(K.TEST_RESULT, cast.surya)
    Appointment.objects.filter(person=cast.surya).update(valid_to=NOW)
    appoint(cast.fitri, "bpsmb-kasi-pengawasan")
    assert desks.waiting(cast.fitri, now=play.now) == []
