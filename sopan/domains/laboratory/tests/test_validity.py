"""Control charts, proficiency tests, repeats: what opens a finding, who answers and closes it, and that nothing goes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sopan.core.flow import Refusal
from sopan.domains.laboratory.models import (
    ChartPoint,
    ControlChart,
    Finding,
    FindingAct,
    ProficiencyTest,
    RepeatCheck,
)
from sopan.domains.laboratory.validity import charts, findings, queries, trials
from sopan.domains.laboratory.validity.charts import Typed
from sopan.domains.laboratory.validity.loading import load_validity

from .cast import NOW, Cast, appoint, data_of
from .validity_cast import HEAD, REFERENCE, add, add_all, at, chart, laboratory, limited

pytestmark = pytest.mark.django_db


def code(done: object) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def told() -> list[tuple[int, list[str], str]]:
    return [(one.point.number, one.rules, one.state) for one in Finding.objects.exclude(point=None).order_by("pk")]


# Charts ----------------------------------------------------------------------------------------------------------------


def test_a_point_keeps_what_was_typed_and_with_what(cast: Cast) -> None:
    made = add(chart(cast), " 100,00010 ", day=0, by=cast.fajar)
    assert (made.text, made.value, made.instrument) == ("100,00010", Decimal("100.00010"), "Neraca NA-02")
    assert (made.entered_by, made.entered_at, made.limits) == (cast.fajar, NOW, None)


def test_points_are_not_judged_before_there_are_limits(cast: Cast) -> None:
    add_all(chart(cast), ["100", "200", "-5"], by=cast.fajar)
    assert told() == []


@pytest.mark.parametrize("text", ["", "abc", "1e308", "NaN", "=1+1", "1,2,3", "٣", "1" * 60])
def test_what_is_no_number_is_refused_at_its_field(cast: Cast, text: str) -> None:
    done = add(chart(cast), text, day=0, by=cast.fajar)
    assert isinstance(done, Refusal) and done.field == "text"
    assert not ChartPoint.objects.exists()


def test_a_point_of_tomorrow_and_the_same_press_twice_are_refused(cast: Cast) -> None:
    one = chart(cast)
    tomorrow = Typed("100", NOW + timedelta(days=1))
    assert code(charts.add_point(one, tomorrow, actor=cast.fajar, by="Fajar", now=NOW)) == "future"
    add(one, "100", day=1, by=cast.fajar)
    assert code(add(one, "100", day=1, by=cast.fajar)) == "same"
    assert isinstance(add(one, "100", day=2, by=cast.fajar), ChartPoint)


def test_limits_come_from_the_reference_period_and_are_provisional_below_twenty(cast: Cast) -> None:
    one = limited(cast)
    found = one.limits.get()
    assert found.mean == pytest.approx(100)
    assert found.s == pytest.approx(0.000102598, rel=1e-5)
    assert (found.count, found.provisional, found.set_by) == (20, False, cast.yusuf)
    short = chart(cast, name="Lain")
    add_all(short, REFERENCE[:7], by=cast.fajar)
    done = charts.set_limits(
        short, first_day=at(0).date(), last_day=at(7).date(), reason="Awal", actor=None, by="Y", now=NOW
    )
    assert done.provisional


@pytest.mark.parametrize(("texts", "expected"), [(REFERENCE[:6], "few"), (["100"] * 9, "no-spread")])
def test_limits_are_not_set_from_too_little(cast: Cast, texts: list[str], expected: str) -> None:
    one = chart(cast)
    add_all(one, texts, by=cast.fajar)
    done = charts.set_limits(
        one, first_day=at(0).date(), last_day=at(20).date(), reason="Awal", actor=None, by="Y", now=NOW
    )
    assert code(done) == expected
    assert not one.limits.exists()


def test_limits_need_a_reason_and_days_in_order(cast: Cast) -> None:
    one = chart(cast)
    days = {"first_day": at(3).date(), "last_day": at(1).date()}
    told = {"actor": None, "by": "Y", "now": NOW}
    assert code(charts.set_limits(one, **days, reason="x", **told)) == "order"
    assert (
        code(charts.set_limits(one, first_day=at(1).date(), last_day=at(3).date(), reason=" ", **told)) == "no-reason"
    )


@pytest.mark.parametrize(
    ("rules", "texts", "expected"),
    [
        ("westgard", ["100,0001"], []),
        ("westgard", ["100,00025"], []),  # 1-2s warns only
        ("westgard", ["100,0004"], [(21, ["1-3s"], "open")]),
        ("westgard", ["100,00025", "100,00026"], [(22, ["2-2s"], "open")]),
        ("westgard", ["100,00025", "99,99975"], [(22, ["R-4s"], "open")]),
        ("westgard", ["100,00012"] * 4, [(24, ["4-1s"], "open")]),
        ("nelson", ["100,0004"], [(21, ["Nelson 1"], "open")]),
        ("nelson", ["100", "100,00025", "100,00026"], [(23, ["Nelson 5"], "open")]),
    ],
)
def test_a_broken_rule_opens_a_finding_that_names_it(
    cast: Cast, rules: str, texts: list[str], expected: list[Any]
) -> None:
    add_all(limited(cast, rules=rules), texts, by=cast.fajar, since=20)
    assert told() == expected


def test_a_rule_that_goes_on_firing_extends_its_open_finding_and_opens_another_one_after_its_end(cast: Cast) -> None:
    one = limited(cast)
    add_all(one, ["100,00012"] * 6, by=cast.fajar, since=20)
    assert told() == [(24, ["4-1s"], "open")]
    finding = Finding.objects.get()
    assert [signal["points"][-1] for signal in finding.signals] == [24, 25, 26]
    close(finding, cast)
    add(one, "100,00012", day=30, by=cast.fajar)
    assert told() == [(24, ["4-1s"], "closed"), (27, ["4-1s"], "open")]


def test_a_point_that_is_entered_late_is_judged_where_it_belongs(cast: Cast) -> None:
    one = limited(cast)
    add(one, "100,00025", day=30, by=cast.fajar)
    add(one, "100,00026", day=25, by=cast.fajar)
    assert [(signal["rule"], signal["points"]) for signal in Finding.objects.get().signals] == [("2-2s", [22, 21])]


def test_new_limits_are_a_new_version_and_what_was_judged_stays(cast: Cast) -> None:
    one = limited(cast)
    before = add_all(one, ["100,0002", "100,0000"] * 4, by=cast.fajar, since=20)
    done = charts.set_limits(
        one, first_day=at(20).date(), last_day=at(27).date(), reason="Anak timbangan baru", actor=cast.yusuf, by="Y", now=NOW
    )  # fmt: skip
    assert done.version == 2
    assert done.mean == pytest.approx(100.0001)
    assert {ChartPoint.objects.get(pk=point.pk).limits.version for point in before} == {1}
    assert add(one, "100,0001", day=40, by=cast.fajar).limits == done


def test_points_after_the_reference_period_are_judged_when_the_first_limits_are_set(cast: Cast) -> None:
    one = chart(cast)
    add_all(one, [*REFERENCE, "100,0004"], by=cast.fajar)
    charts.set_limits(
        one, first_day=at(0).date(), last_day=at(19).date(), reason="Awal", actor=cast.yusuf, by="Y", now=NOW
    )
    assert told() == [(21, ["1-3s"], "open")]


def test_limits_are_not_set_from_points_with_an_open_finding(cast: Cast) -> None:
    one = limited(cast)
    add(one, "100,0004", day=20, by=cast.fajar)
    days = {"first_day": at(0).date(), "last_day": at(20).date()}
    told = {"reason": "Lagi", "actor": cast.yusuf, "by": "Y", "now": NOW}
    assert code(charts.set_limits(one, **days, **told)) == "findings-open"
    close(Finding.objects.get(), cast)
    assert charts.set_limits(one, **days, **told).version == 2


def test_a_withdrawn_point_stays_no_longer_counts_and_its_finding_is_still_to_be_answered(cast: Cast) -> None:
    one = limited(cast)
    wrong = add(one, "100,0004", day=20, by=cast.fajar)
    done = charts.withdraw_point(wrong, reason="Salah tulis", actor=cast.yusuf, now=NOW)
    assert (done.withdrawn_at, done.withdrawn_reason, done.text) == (NOW, "Salah tulis", "100,0004")
    assert ChartPoint.objects.filter(chart=one).count() == 21
    assert told() == [(21, ["1-3s"], "open")]
    add(one, "100,00025", day=21, by=cast.fajar)  # with the withdrawn one it would be 2-2s
    assert len(told()) == 1


def test_points_that_come_together_by_a_withdrawal_are_judged(cast: Cast) -> None:
    one = limited(cast)
    add_all(one, ["100,00025", "100,0000", "100,00026"], by=cast.fajar, since=20)
    assert told() == []
    charts.withdraw_point(ChartPoint.objects.get(number=22), reason="Salah alat", actor=cast.yusuf, now=NOW)
    assert told() == [(23, ["2-2s"], "open")]


def test_who_may_withdraw_a_point(cast: Cast) -> None:
    one = limited(cast)
    own = add(one, "100,0001", day=20, by=cast.yusuf)
    assert code(charts.withdraw_point(own, reason="Salah", actor=cast.yusuf, now=NOW)) == "own-entry"
    assert code(charts.withdraw_point(own, reason=" ", actor=cast.agus, now=NOW)) == "no-reason"
    for name in ("fajar", "maya", "ratna", "rizki", "dewi", "hendra", "rina", "bambang"):
        assert code(charts.withdraw_point(own, reason="Salah", actor=getattr(cast, name), now=NOW)) == "not-found", name
    assert charts.withdraw_point(own, reason="Salah", actor=cast.agus, now=NOW).withdrawn_name
    assert code(charts.withdraw_point(own, reason="Lagi", actor=cast.agus, now=NOW)) == "withdrawn"


def test_a_chart_is_closed_with_a_reason_when_its_findings_are_and_takes_no_more_points(cast: Cast) -> None:
    one = limited(cast)
    add(one, "100,0004", day=20, by=cast.fajar)
    assert code(charts.end(one, reason="Neraca dihapuskan", by="Yusuf", now=NOW)) == "findings-open"
    close(Finding.objects.get(), cast)
    assert code(charts.end(one, reason="", by="Yusuf", now=NOW)) == "no-reason"
    assert charts.end(one, reason="Neraca dihapuskan", by="Yusuf", now=NOW).closed_at == NOW
    assert code(add(one, "100", day=22, by=cast.fajar)) == "closed"


def test_a_laboratory_has_one_chart_a_name(cast: Cast) -> None:
    chart(cast)
    assert code(charts.set_up(laboratory(cast), head=HEAD, by="Yusuf", now=NOW)) == "name-taken"
    other = charts.set_up(laboratory(cast, "dimensi-tekanan"), head=HEAD, by="Ratna", now=NOW)
    assert isinstance(other, ControlChart)


# Findings ----------------------------------------------------------------------------------------------------------------


def close(finding: Finding, cast: Cast) -> None:
    done = findings.answer(finding, cause="Anak timbangan kotor", action="Dibersihkan", actor=cast.fajar, now=NOW)
    assert isinstance(done, FindingAct), done
    assert isinstance(findings.close(finding, actor=cast.yusuf, now=NOW), FindingAct)


@pytest.fixture
def finding(cast: Cast) -> Finding:
    add(limited(cast), "100,0004", day=20, by=cast.fajar)
    return Finding.objects.get()


def test_a_finding_is_closed_only_with_cause_and_action(cast: Cast, finding: Finding) -> None:
    assert code(findings.close(finding, actor=cast.yusuf, now=NOW)) == "not-answered"
    assert code(findings.answer(finding, cause=" ", action="x", actor=cast.fajar, now=NOW)) == "no-cause"
    assert code(findings.answer(finding, cause="x", action="", actor=cast.fajar, now=NOW)) == "no-action"
    close(finding, cast)
    assert [(act.act, act.person, act.at) for act in finding.acts.all()] == [
        ("answered", cast.fajar, NOW), ("closed", cast.yusuf, NOW),
    ]  # fmt: skip
    for act in (
        findings.close(finding, actor=cast.agus, now=NOW),
        findings.give_back(finding, remark="x", actor=cast.agus, now=NOW),
    ):
        assert code(act) == "not-answered"
    assert code(findings.answer(finding, cause="x", action="y", actor=cast.fajar, now=NOW)) == "answered"


def test_who_answers_does_not_close(cast: Cast, finding: Finding) -> None:
    findings.answer(finding, cause="Kotor", action="Dibersihkan", actor=cast.yusuf, now=NOW)
    assert code(findings.close(finding, actor=cast.yusuf, now=NOW)) == "own-answer"
    assert code(findings.give_back(finding, remark="Kurang", actor=cast.yusuf, now=NOW)) == "own-answer"
    assert isinstance(findings.close(finding, actor=cast.agus, now=NOW), FindingAct)


def test_a_second_position_makes_no_second_person(cast: Cast, finding: Finding) -> None:
    appoint(cast.fajar, "penyelia-massa-suhu")
    findings.answer(finding, cause="Kotor", action="Dibersihkan", actor=cast.fajar, now=NOW)
    assert code(findings.close(finding, actor=cast.fajar, now=NOW)) == "own-answer"


def test_an_answer_is_given_back_with_a_remark_and_stays(cast: Cast, finding: Finding) -> None:
    findings.answer(finding, cause="Kotor", action="Dibersihkan", actor=cast.fajar, now=NOW)
    assert code(findings.give_back(finding, remark=" ", actor=cast.yusuf, now=NOW)) == "no-remark"
    findings.give_back(finding, remark="Mengapa kotor?", actor=cast.yusuf, now=NOW)
    close(finding, cast)
    assert [act.act for act in finding.acts.all()] == ["answered", "returned", "answered", "closed"]


def test_who_may_answer_and_close(cast: Cast, finding: Finding) -> None:
    for name in ("ratna", "rizki", "dewi", "hendra", "siti", "rina", "tono", "bambang", "lestari"):
        person = getattr(cast, name)
        assert code(findings.answer(finding, cause="x", action="y", actor=person, now=NOW)) == "not-found", name
    findings.answer(finding, cause="Kotor", action="Dibersihkan", actor=cast.maya, now=NOW)
    for name in ("fajar", "maya", "ratna", "rizki", "dewi", "hendra", "rina", "bambang"):
        assert code(findings.close(finding, actor=getattr(cast, name), now=NOW)) == "not-found", name
    assert isinstance(findings.close(finding, actor=cast.yusuf, now=NOW), FindingAct)


# Proficiency tests and repeats -----------------------------------------------------------------------------------------

TEST = {
    "method": "neraca-elektronik", "provider": "Penyelenggara contoh", "round": "2026-1", "item": "Anak timbangan 100 g",
    "quantity": "Massa konvensional", "unit": "g", "note": "",
}  # fmt: skip
NUMBERS = {
    "assigned": "10", "assigned_u": "0,2", "assigned_k": "2", "sigma": "0,1", "result": "10,2", "expanded": "0,2", "k": "2",
}  # fmt: skip


def record_test(cast: Cast, **numbers: str) -> Any:
    return trials.record_test(
        laboratory(cast), words=TEST, typed=NUMBERS | numbers, on=at(0).date(), actor=cast.yusuf, by="Yusuf", now=NOW
    )  # fmt: skip


def test_a_proficiency_test_has_the_scores_that_its_numbers_allow(cast: Cast) -> None:
    made = record_test(cast)
    assert [(one["name"], round(one["value"], 4), one["verdict"]) for one in made.scores] == [
        ("En", 0.7071, "satisfactory"), ("ζ", 1.4142, "satisfactory"), ("z", 2.0, "satisfactory"),
    ]  # fmt: skip
    assert (made.verdict, made.result_text, made.result) == ("satisfactory", "10,2", Decimal("10.2"))
    assert [one["name"] for one in record_test(cast, sigma="").scores] == ["En", "ζ"]
    assert [one["name"] for one in record_test(cast, assigned_u="").scores] == ["z"]
    assert [one["name"] for one in record_test(cast, expanded="").scores] == ["z"]
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("result", "verdict", "opened"),
    [("10,25", "questionable", 0), ("10,2999", "unsatisfactory", 1), ("9,7", "unsatisfactory", 1)],
)
def test_the_worst_score_judges_and_what_is_not_satisfactory_opens_a_finding(
    cast: Cast, result: str, verdict: str, opened: int
) -> None:
    made = record_test(cast, result=result)
    assert made.verdict == verdict
    assert Finding.objects.filter(test=made).count() == opened


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("assigned", ""), ("result", "x"), ("assigned_u", "0"), ("assigned_u", "-1"), ("sigma", "0"), ("expanded", "NaN"),
        ("k", "0"), ("k", ""), ("assigned_k", "1e9"), ("result", "1e308"),
    ],
)  # fmt: skip
def test_a_test_with_a_wrong_number_is_refused_at_its_field(cast: Cast, name: str, text: str) -> None:
    done = record_test(cast, **{name: text})
    assert isinstance(done, trials.Faults) and {one.field for one in done.refusals} == {name}
    assert not ProficiencyTest.objects.exists()


def test_a_test_without_anything_to_score_by_is_refused(cast: Cast) -> None:
    done = record_test(cast, assigned_u="", sigma="")
    assert [one.code for one in done.refusals] == ["no-score"]


REPEAT = {
    "method": "neraca-elektronik", "kind": "retained", "subject": "S-26-0001", "quantity": "Massa", "unit": "g",
    "basis": "limit", "source": "IK-KAL-01", "note": "",
}  # fmt: skip


def record_repeat(cast: Cast, second: str, limit: str, **words: str) -> Any:
    typed = {"first": "10,00", "second": second, "limit": limit}
    return trials.record_repeat(
        laboratory(cast), words=REPEAT | words, typed=typed, on=at(0).date(), actor=cast.fajar, by="Fajar", now=NOW
    )  # fmt: skip


@pytest.mark.parametrize(
    ("second", "limit", "basis", "difference", "allowed", "verdict"),
    [
        ("10,28", "0,28", "limit", "0.28", "0.28", "satisfactory"),
        ("9,71", "0,28", "limit", "-0.29", "0.28", "unsatisfactory"),
        ("10,28", "0,1", "s_r", "0.28", "0.28", "satisfactory"),  # 2.8 s, without the noise of binary numbers
        ("10,281", "0,1", "s_r", "0.281", "0.28", "unsatisfactory"),
    ],
)
def test_a_repeat_is_held_against_its_limit(
    cast: Cast, second: str, limit: str, basis: str, difference: str, allowed: str, verdict: str
) -> None:
    made = record_repeat(cast, second, limit, basis=basis)
    assert (made.difference, made.allowed, made.verdict) == (Decimal(difference), Decimal(allowed), verdict)
    assert Finding.objects.filter(repeat=made).count() == (verdict == "unsatisfactory")


def test_numbers_at_the_edge_are_kept(cast: Cast) -> None:
    made = trials.record_repeat(
        laboratory(cast), words=REPEAT, typed={"first": "-99999999999999", "second": "99999999999999", "limit": "1"},
        on=at(0).date(), actor=cast.fajar, by="Fajar", now=NOW,
    )  # fmt: skip
    assert RepeatCheck.objects.get(pk=made.pk).difference == Decimal("199999999999998")


def test_a_test_is_withdrawn_by_another_keeper_and_its_finding_stays(cast: Cast) -> None:
    made = record_test(cast, result="11")
    assert code(trials.withdraw(made, reason="Salah alat", actor=cast.yusuf, now=NOW)) == "own-entry"
    for name in ("fajar", "ratna", "rizki", "dewi", "rina"):
        assert code(trials.withdraw(made, reason="Salah", actor=getattr(cast, name), now=NOW)) == "not-found", name
    assert trials.withdraw(made, reason="Salah alat", actor=cast.agus, now=NOW).withdrawn_reason == "Salah alat"
    assert code(trials.withdraw(made, reason="Salah alat", actor=cast.agus, now=NOW)) == "withdrawn"
    assert Finding.objects.get(test=made).state == "open"


# The data of the demo -------------------------------------------------------------------------------------------------


def test_the_demo_has_a_chart_with_a_closed_finding_and_is_loaded_once(cast: Cast) -> None:
    data = data_of("laboratory.yaml")
    assert load_validity(cast.body, data, now=NOW) == 1
    assert load_validity(cast.body, data, now=NOW) == 0
    assert told() == [(24, ["1-3s"], "closed")]
    one = queries.charts(cast.body)[0]
    assert (len(one.points), one.state, one.newest.count) == (27, ("ok", "Terkendali"), 20)
    assert [(point.point.number, point.kind) for point in one.points if point.kind != "good"] == [
        (22, "warn"),
        (24, "bad"),
    ]
    marked = [one.chart.note, *(row.note for model in (ProficiencyTest, RepeatCheck) for row in model.objects.all())]
    assert all(note.startswith("Data contoh") for note in marked)
