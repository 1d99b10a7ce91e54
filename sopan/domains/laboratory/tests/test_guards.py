"""Each guard of handing in, tried from both sides of its edge: it refuses, at its place, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from sopan.domains.laboratory.models import (
    CompetenceGrant,
    Equipment,
    EquipmentCertificate,
    MethodVersion,
    ResultVersion,
    ScopeLine,
    WorkOrder,
)
from sopan.domains.laboratory.operations import equipment as registers
from sopan.domains.laboratory.operations import judging, methods
from sopan.domains.laboratory.operations import measuring as operations
from sopan.domains.laboratory.operations.measuring import PointTyped
from sopan.domains.laboratory.register_queries import doubts
from sopan.domains.orders.models import Order
from sopan.engine.access import Acting
from sopan.engine.models import JournalEntry

from .cast import NOW, Cast
from .measured_cast import DAY, balance_sheet, begin, certificate, equip, measuring_play

YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    equip(cast)
    return cast


@pytest.fixture
def work(cast: Cast) -> WorkOrder:
    work = measuring_play(cast).works[0]
    begin(work, cast)
    return work


def handed_in(work: WorkOrder, cast: Cast, **changes: Any) -> Any:
    return operations.submit(work.pk, balance_sheet(cast, **changes), actor=work.analyst, now=NOW)


def told(result: Any) -> set[tuple[str, str]]:
    """Code and place of what refuses; nothing was handed in."""
    assert isinstance(result, operations.Unfit), result
    assert not ResultVersion.objects.exclude(state="draft").exists()
    return {(fault.code, fault.field) for fault in result.measured.faults}


def certificates() -> Any:
    return EquipmentCertificate.objects.filter(equipment__code="STD-M-01")


def grants(cast: Cast) -> Any:
    return CompetenceGrant.objects.filter(person=cast.fajar, method="neraca-elektronik")


EXPIRED = ("standard-expired", "std_weight")
INCOMPETENT = ("not-competent", "metode")
INVALID = ("method-invalid", "id_measured_from")

# What is changed, and what then refuses; None: nothing does.
EDGES: dict[str, tuple[Callable[[Cast], Any], tuple[str, str] | None]] = {
    "standard valid to yesterday": (lambda cast: certificates().update(valid_to=YESTERDAY), EXPIRED),
    "standard valid to today": (lambda cast: certificates().update(valid_to=DAY), None),
    "standard valid from tomorrow": (lambda cast: certificates().update(calibrated_on=TOMORROW), EXPIRED),
    "standard valid from today": (lambda cast: certificates().update(calibrated_on=DAY), None),
    "standard withdrawn": (
        lambda cast: registers.withdraw_certificate(certificate(cast), reason="Jatuh", by="Yusuf", now=NOW),
        ("standard-withdrawn", "std_weight"),
    ),
    "standard out of service since today": (
        lambda cast: registers.set_status(
            certificate(cast).equipment, "out_of_service", since=DAY, reason="Jatuh", by="Yusuf", now=NOW
        ),
        ("standard-out-of-service", "std_weight"),
    ),
    "standard out of service from tomorrow": (
        lambda cast: registers.set_status(
            certificate(cast).equipment, "out_of_service", since=TOMORROW, reason="Dikirim", by="Yusuf", now=NOW
        ),
        None,
    ),
    "standard out of service today, used again since tomorrow": (
        lambda cast: [
            registers.set_status(certificate(cast).equipment, status, since=day, reason="Jatuh", by="Yusuf", now=NOW)
            for status, day in (("out_of_service", DAY), ("in_use", TOMORROW))
        ],
        ("standard-out-of-service", "std_weight"),
    ),
    "standard out of service from tomorrow, used again later": (
        lambda cast: [
            registers.set_status(certificate(cast).equipment, status, since=day, reason="Dikirim", by="Yusuf", now=NOW)
            for status, day in (("out_of_service", TOMORROW), ("in_use", TOMORROW + timedelta(days=5)))
        ],
        None,
    ),
    "check failed today": (lambda cast: checked(cast, DAY, "failed"), ("standard-out-of-service", "std_weight")),
    "check failed, status changed behind it": (
        lambda cast: (checked(cast, DAY, "failed"), Equipment.objects.update(status="in_use", status_reason="")),
        ("standard-check-failed", "std_weight"),
    ),
    "check passed": (lambda cast: checked(cast, DAY, "passed"), None),
    "check late": (
        lambda cast: Equipment.objects.filter(code="STD-M-01").update(check_months=6),
        ("standard-check-due", "std_weight"),
    ),
    "method ended yesterday": (lambda cast: MethodVersion.objects.update(valid_to=YESTERDAY), INVALID),
    "method ends today": (lambda cast: MethodVersion.objects.update(valid_to=DAY), None),
    "method begins tomorrow": (lambda cast: MethodVersion.objects.update(valid_from=TOMORROW), INVALID),
    "never granted": (lambda cast: grants(cast).delete(), INCOMPETENT),
    "granted from tomorrow": (lambda cast: grants(cast).update(valid_from=TOMORROW), INCOMPETENT),
    "granted to yesterday": (lambda cast: grants(cast).update(valid_to=YESTERDAY), INCOMPETENT),
    "granted to today": (lambda cast: grants(cast).update(valid_to=DAY), None),
    "revoked today": (lambda cast: revoked(cast, DAY), INCOMPETENT),
    "revoked tomorrow": (lambda cast: revoked(cast, TOMORROW), None),
    "granted to another": (lambda cast: grants(cast).update(person=cast.maya), INCOMPETENT),
    "granted another method": (lambda cast: grants(cast).update(method="ph-meter"), INCOMPETENT),
}  # fmt: skip


def checked(cast: Cast, on: date, outcome: str) -> Any:
    one = certificate(cast).equipment
    return registers.add_check(one, on=on, outcome=outcome, found="100,0005 g", actor=cast.yusuf, by="Yusuf", now=NOW)


def revoked(cast: Cast, on: date) -> Any:
    return methods.revoke(grants(cast).get(), on=on, reason="Belum uji ulang", by="Agus")


@pytest.mark.parametrize("edge", EDGES)
def test_a_guard_refuses_on_its_side_of_the_edge(work: WorkOrder, cast: Cast, edge: str) -> None:
    change, refusal = EDGES[edge]
    change(cast)
    result = handed_in(work, cast)
    if refusal is None:
        assert isinstance(result, ResultVersion), result.measured.faults
    else:
        assert told(result) == {refusal}


def test_what_holds_today_does_not_hold_for_a_measurement_before(work: WorkOrder, cast: Cast) -> None:
    """The day of the measurement counts, not the day of handing in."""
    work.item.received_at = NOW - timedelta(days=5)
    work.item.save()
    certificates().update(calibrated_on=DAY - timedelta(days=1))
    early = {"measured_from": DAY - timedelta(days=3)}
    assert told(handed_in(work, cast, **early)) == {EXPIRED}
    assert isinstance(handed_in(work, cast, measured_from=YESTERDAY), ResultVersion)


def test_a_newer_certificate_takes_the_place_of_an_older_one(work: WorkOrder, cast: Cast) -> None:
    old = certificate(cast)
    new = registers.Certificate("BARU-1", "Laboratorium acuan", "SI", DAY, DAY + timedelta(days=365), old.values)
    registers.add_certificate(old.equipment, new, actor=cast.yusuf, by="Yusuf", now=NOW)
    assert told(handed_in(work, cast, standards={"weight": [old]})) == {("standard-superseded", "std_weight")}
    assert isinstance(handed_in(work, cast, standards={"weight": [certificate(cast)]}), ResultVersion)


def test_without_a_standard_nothing_is_handed_in(work: WorkOrder, cast: Cast) -> None:
    found = told(handed_in(work, cast, standards={}))
    assert ("no-standard", "std_weight") in found


def test_a_thermometer_is_no_weight(work: WorkOrder, cast: Cast) -> None:
    found = told(handed_in(work, cast, standards={"weight": [certificate(cast, "STD-T-02")]}))
    assert ("wrong-standard", "std_weight") in found


def test_a_point_that_the_certificate_does_not_hold(work: WorkOrder, cast: Cast) -> None:
    points = [PointTyped("0,0003", readings={"indication": ("0,0003",)})]
    assert told(handed_in(work, cast, points=points)) == {("standard", "point-1")}


@pytest.mark.parametrize(
    ("temperature", "deviation", "refused"),
    [("15", "", False), ("14,9", "", True), ("30", "", False), ("30,1", "", True), ("29,8 ± 0,2", "", False),
     ("29,8 ± 0,3", "", True), ("31", "AC mati; hasil diulang", False), ("31", "   ", True)],
)  # fmt: skip
def test_the_environment_is_inside_of_its_limits_or_it_is_told_why(
    work: WorkOrder, cast: Cast, temperature: str, deviation: str, refused: bool
) -> None:
    result = handed_in(work, cast, temperature_text=temperature, deviation=deviation)
    if refused:
        assert told(result) == {("environment", "id_temperature_text")}
    else:
        assert isinstance(result, ResultVersion), result.measured.faults


def test_a_point_outside_of_the_scope_needs_the_mark_and_the_consent(work: WorkOrder, cast: Cast) -> None:
    ScopeLine.objects.filter(method="neraca-elektronik").update(upper=100)
    assert told(handed_in(work, cast)) == {("outside-scope", "point-3")}
    assert told(handed_in(work, cast, accredited=False)) == {("no-consent", "id_outside_scope")}
    Order.objects.update(accepts_unaccredited=True)
    assert told(handed_in(work, cast)) == {("outside-scope", "point-3")}  # consent alone does not mark it
    result = handed_in(work, cast, accredited=False)
    assert [p.outcome["accredited"] for p in result.points.exclude(row=0)] == [False] * 3


def test_cs_records_the_consent_and_the_journal_tells_it(work: WorkOrder, cast: Cast, as_: Any) -> None:
    address = reverse("laboratory:consent", args=[work.item.order.case_id])
    for name in ("fajar", "yusuf", "agus", "hendra", "rina"):
        assert as_(getattr(cast, name)).post(address, {"what": "unaccredited", "evidence": "Surel"}).status_code == 404
    assert as_(cast.dewi).post(address, {"what": "unaccredited", "evidence": " "}).status_code == 422
    assert not Order.objects.get().accepts_unaccredited
    assert (
        as_(cast.dewi).post(address, {"what": "unaccredited", "evidence": "Surel Rina, 22 November 2026"}).status_code
        == 302
    )
    assert Order.objects.get().accepts_unaccredited
    assert JournalEntry.objects.latest("pk").data["evidence"] == "Surel Rina, 22 November 2026"


def test_a_scope_that_has_ended_is_none(work: WorkOrder, cast: Cast) -> None:
    ScopeLine.objects.filter(method="neraca-elektronik").update(valid_to=YESTERDAY)
    assert told(handed_in(work, cast)) == {("outside-scope", f"point-{row}") for row in (1, 2, 3)}


def test_every_guard_speaks_at_once(work: WorkOrder, cast: Cast) -> None:
    certificates().update(valid_to=YESTERDAY)
    grants(cast).delete()
    MethodVersion.objects.update(valid_to=YESTERDAY)
    found = told(handed_in(work, cast, temperature_text="40"))
    assert found == {EXPIRED, INCOMPETENT, INVALID, ("environment", "id_temperature_text")}


def test_the_guards_do_not_trust_what_a_caller_computed(work: WorkOrder, cast: Cast) -> None:
    """Whoever calls the operation with a sheet that says "no faults" is judged all the same."""
    certificates().update(valid_to=YESTERDAY)
    assert told(handed_in(work, cast, faults=())) == {EXPIRED}


def test_nobody_hands_in_for_another(work: WorkOrder, cast: Cast) -> None:
    for person in (cast.maya, cast.rizki, cast.yusuf, cast.agus, cast.dewi, cast.bambang, cast.rina):
        assert operations.submit(work.pk, balance_sheet(cast), actor=person, now=NOW).code == "not-found"
        assert operations.save(work.pk, balance_sheet(cast), actor=person, now=NOW).code == "not-found"
        assert operations.choose_method(work.pk, None, actor=person, now=NOW).code == "not-found"


def test_what_was_handed_in_is_not_changed(work: WorkOrder, cast: Cast) -> None:
    assert isinstance(handed_in(work, cast), ResultVersion)
    assert handed_in(work, cast).code == "not-measuring"


# What is learned later ------------------------------------------------------------------------------------------------

LATER: dict[str, tuple[Callable[[Cast], Any], bool]] = {
    "nothing": (lambda cast: None, False),
    "its certificate was withdrawn": (
        lambda cast: registers.withdraw_certificate(certificate(cast), reason="Salah", by="Yusuf", now=NOW), True,
    ),
    "the next check failed": (lambda cast: checked(cast, TOMORROW, "failed"), True),
    "the check of the day failed": (lambda cast: checked(cast, DAY, "failed"), True),
    "the next check passed": (lambda cast: checked(cast, TOMORROW, "passed"), False),
    "a check failed after one that passed": (
        lambda cast: (checked(cast, TOMORROW, "passed"), checked(cast, TOMORROW + timedelta(days=9), "failed")), False,
    ),
    "a check had failed before": (lambda cast: checked(cast, YESTERDAY, "failed"), False),
    "it was sent away later": (
        lambda cast: registers.set_status(
            certificate(cast).equipment, "out_of_service", since=TOMORROW, reason="Dikirim", by="Yusuf", now=NOW
        ), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("later", LATER)
def test_results_on_a_standard_that_became_doubtful_stand_only_with_a_reason(
    work: WorkOrder, cast: Cast, later: str
) -> None:
    change, doubtful = LATER[later]
    result = handed_in(work, cast)
    change(cast)
    assert bool(doubts(result)) is doubtful
    acting = Acting(cast.yusuf.pk, cast.yusuf.full_name, "Penyelia", "", cast.body.pk, None)
    work.refresh_from_db()
    refusal = judging.accept([work], level=1, acting=acting, now=NOW)
    assert (None if refusal is None else refusal.code) == ("standard-in-doubt" if doubtful else None)
    if doubtful:
        assert judging.accept([work], level=1, acting=acting, now=NOW, reason="Sisa muatan dihitung") is None
        assert result.verifications.get().reason == "Sisa muatan dihitung"
