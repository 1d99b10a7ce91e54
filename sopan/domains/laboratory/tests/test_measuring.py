"""Readings by a method: kept as typed, computed, judged, handed in, and changed with a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sopan.core.flow import Refusal
from sopan.domains.laboratory import access
from sopan.domains.laboratory.models import MeasuredPoint, RawReading, ReadingCorrection, ResultVersion, StandardUse
from sopan.domains.laboratory.operations import measuring as operations
from sopan.domains.laboratory.operations import results
from sopan.domains.laboratory.operations.measuring import PointTyped

from .cast import NOW, Cast, Play, good_sheet
from .measured_cast import WHOLE, balance_sheet, begin, certificate, codes, equip, measuring_play, version


@pytest.fixture
def cast(cast: Cast) -> Cast:
    equip(cast)
    return cast


@pytest.fixture
def play(cast: Cast) -> Play:
    return measuring_play(cast)


def submit(play: Play, cast: Cast, **changes):
    work = play.works[0]
    begin(work, cast)
    return operations.submit(work.pk, balance_sheet(cast, **changes), actor=work.analyst, now=NOW)


def test_the_results_are_computed_and_frozen_when_handed_in(play: Play, cast: Cast) -> None:
    result = submit(play, cast)
    assert isinstance(result, ResultVersion), result.measured.faults
    told = [(p.point_text, p.outcome["printed"]) for p in result.points.exclude(row=0)]
    assert [(point, one["reference"], one["indication"], one["error"], one["U"]) for point, one in told] == [
        ("50", "50.00003", "50.00010", "0.00007", "0.00030"),
        ("100", "100.00002", "100.00020", "0.00018", "0.00037"),
        ("200", "200.00007", "200.00030", "0.00023", "0.00057"),
    ]
    assert play.works[0].state == "submitted"
    assert result.method.startswith("Kalibrasi timbangan elektronik dengan anak timbangan standar; EURAMET")
    assert result.standards.startswith(
        "Anak timbangan standar 1 mg sampai 200 g, kelas E2, no. seri AT-E2-07, sertifikat"
    )


def test_the_budget_of_a_point_is_kept_with_it(play: Play, cast: Cast) -> None:
    result = submit(play, cast)
    point = result.points.get(row=3)
    assert [line["name"] for line in point.budget] == ["i", "res_zero", "res_load", "ecc", "m", "drift", "buoy"]
    total = sum(line["contribution"] ** 2 for line in point.budget) ** 0.5
    assert total == pytest.approx(point.outcome["u"], rel=1e-12)
    assert point.outcome["U"] == pytest.approx(point.outcome["k"] * point.outcome["u"], rel=1e-12)


def test_every_point_names_the_certificate_behind_it(play: Play, cast: Cast) -> None:
    result = submit(play, cast)
    uses = StandardUse.objects.filter(result=result).exclude(point=None)
    assert [(use.point.row, use.slot, use.certificate.number) for use in uses.order_by("point__row")] == [
        (row, "weight", "CONTOH-M-0317") for row in (1, 2, 3)
    ]


def test_what_was_typed_is_kept_as_typed_with_its_decimal(play: Play, cast: Cast) -> None:
    work = play.works[0]
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    rows = RawReading.objects.filter(point__row__gt=0).order_by("point__row")
    assert [(row.text, row.value, row.unit, row.entered_by, row.entered_at) for row in rows] == [
        ("50,0001", Decimal("50.0001"), "g", work.analyst, NOW),
        ("100.0002", Decimal("100.0002"), "g", work.analyst, NOW),
        ("200,0003", Decimal("200.0003"), "g", work.analyst, NOW),
    ]


def test_a_draft_keeps_what_is_no_number(play: Play, cast: Cast) -> None:
    work = play.works[0]
    begin(work, cast)
    sheet = balance_sheet(cast, points=[PointTyped("lima puluh", readings={"indication": ("tidak terbaca",)})])
    operations.save(work.pk, sheet, actor=work.analyst, now=NOW)
    point = MeasuredPoint.objects.get(row=1)
    assert (point.point_text, point.point, point.readings.get().text, point.readings.get().value) == (
        "lima puluh", None, "tidak terbaca", None,
    )  # fmt: skip


def test_saving_the_same_again_changes_nothing(play: Play, cast: Cast) -> None:
    work = play.works[0]
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    before = [list(model.objects.values()) for model in (MeasuredPoint, RawReading, StandardUse, ResultVersion)]
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW + timedelta(hours=1))
    assert [list(model.objects.values()) for model in (MeasuredPoint, RawReading, StandardUse, ResultVersion)] == before


# Changes --------------------------------------------------------------------------------------------------------------


def changed_sheet(cast: Cast, **more):
    points = [PointTyped("50", readings={"indication": ("50,0002",)}), *balance_sheet(cast).points[1:]]
    return balance_sheet(cast, points=points, **more)


def test_a_change_of_a_kept_reading_keeps_the_old_value(play: Play, cast: Cast) -> None:
    work, later = play.works[0], NOW + timedelta(minutes=10)
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    operations.save(work.pk, changed_sheet(cast), actor=work.analyst, now=later)
    told = ReadingCorrection.objects.get()
    assert (told.row, told.column, told.repeat, told.old, told.new, told.entered_at, told.changed_at) == (
        1, "indication", 1, "50,0001", "50,0002", NOW, later,
    )  # fmt: skip


def test_what_is_changed_while_it_is_typed_is_no_correction(play: Play, cast: Cast) -> None:
    work = play.works[0]
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    operations.save(work.pk, changed_sheet(cast), actor=work.analyst, now=NOW + timedelta(seconds=30))
    assert not ReadingCorrection.objects.exists()


def test_a_change_without_a_reason_is_not_handed_in(play: Play, cast: Cast) -> None:
    work, later = play.works[0], NOW + timedelta(minutes=10)
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    assert codes(operations.submit(work.pk, changed_sheet(cast), actor=work.analyst, now=later)) == {"no-reason"}
    done = operations.submit(work.pk, changed_sheet(cast, change_reason="Salah baca"), actor=work.analyst, now=later)
    assert isinstance(done, ResultVersion)
    assert [one.reason for one in ReadingCorrection.objects.all()] == ["Salah baca"]


def test_a_row_that_is_removed_is_a_correction_of_its_readings(play: Play, cast: Cast) -> None:
    work, later = play.works[0], NOW + timedelta(minutes=10)
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    operations.save(work.pk, balance_sheet(cast, points=balance_sheet(cast).points[:2]), actor=work.analyst, now=later)
    assert [(one.row, one.old, one.new) for one in ReadingCorrection.objects.all()] == [(3, "200,0003", "")]


def test_returned_results_are_copied_and_stay_as_they_were(play: Play, cast: Cast) -> None:
    submit(play, cast)
    work = play.works[0]
    results.return_work(work, reason="Ukur ulang", now=NOW)
    old, new = ResultVersion.objects.order_by("version")
    assert [p.outcome != {} for p in old.points.exclude(row=0)] == [True] * 3
    assert [(p.point_text, p.outcome) for p in new.points.exclude(row=0)] == [("50", {}), ("100", {}), ("200", {})]
    assert [r.text for p in new.points.all() for r in p.readings.all()] == [
        r.text for p in old.points.all() for r in p.readings.all()
    ]
    work.refresh_from_db()
    done = operations.submit(
        work.pk, changed_sheet(cast, change_reason="Ukur ulang"), actor=work.analyst, now=NOW + timedelta(hours=2)
    )
    assert isinstance(done, ResultVersion)
    assert ReadingCorrection.objects.get().result == done


def test_whoever_read_a_value_does_not_verify_it(play: Play, cast: Cast) -> None:
    submit(play, cast)
    work = play.works[0]
    RawReading.objects.filter(point__row=1).update(entered_by=cast.yusuf)
    assert access.may_verify(work, person_id=cast.yusuf.pk, level=1).code == "own-results"
    RawReading.objects.update(entered_by=cast.fajar)
    assert access.may_verify(work, person_id=cast.yusuf.pk, level=1) is None


# Statements of conformity ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "answers"),
    [("none", [None] * 3), ("simple", ["pass"] * 3), ("guard", ["pass", "pass", "conditionalPass"]),
     ("fraction", ["pass", "pass", "pass"])],
)  # fmt: skip
def test_conformity_follows_the_rule_of_the_order(cast: Cast, rule: str, answers: list) -> None:
    play = measuring_play(cast, decision_rule=rule, guard_fraction=Decimal("0.5") if rule == "fraction" else None)
    fields = {**balance_sheet(cast).fields, "mpe": "0,0007"}
    result = submit(play, cast, fields=fields)
    assert [p.conformity.get("outcome") for p in result.points.exclude(row=0)] == answers


def test_without_a_limit_there_is_no_statement(cast: Cast) -> None:
    result = submit(measuring_play(cast, decision_rule="simple"), cast)
    assert [p.conformity for p in result.points.exclude(row=0)] == [{}] * 3


def test_u_below_the_cmc_is_told_as_the_cmc(play: Play, cast: Cast) -> None:
    from sopan.domains.laboratory.models import ScopeLine

    ScopeLine.objects.filter(method="neraca-elektronik").update(cmc="0.001")
    result = submit(play, cast)
    told = result.points.get(row=1).outcome
    assert (told["raised"], told["U"], told["printed"]["U"], told["U_computed"] < 0.001) == (
        True,
        0.001,
        "0.0010",
        True,
    )


def test_another_method_is_not_put_under_readings(play: Play, cast: Cast) -> None:
    work = play.works[0]
    begin(work, cast)
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    done = operations.choose_method(work.pk, version(cast, "ph-meter"), actor=work.analyst, now=NOW)
    assert isinstance(done, Refusal)
    assert done.code == "begun"


def test_a_free_table_does_not_go_round_the_method(play: Play, cast: Cast) -> None:
    done = results.submit(play.works[0].pk, good_sheet(), actor=play.works[0].analyst, now=NOW)
    assert (done.code, done.field) == ("method-needed", "metode")


__all__ = ["WHOLE", "certificate", "replace"]
