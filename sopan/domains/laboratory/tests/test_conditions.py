"""With what the conditions of a measurement were read: chosen on the sheet, judged at its day, kept with the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sopan.domains.laboratory import register_queries as queries
from sopan.domains.laboratory.certificates import page, snapshot
from sopan.domains.laboratory.conditions import READERS, reads
from sopan.domains.laboratory.models import Equipment, EquipmentCertificate, Laboratory, ResultVersion, WorkOrder
from sopan.domains.laboratory.operations import equipment as registers
from sopan.domains.laboratory.operations import judging
from sopan.domains.laboratory.operations import measuring as operations
from sopan.engine.access import Acting
from sopan.people.models import User

from .cast import NOW, Cast
from .measured_cast import DAY, balance_sheet, begin, certificate, equip, measuring_play
from .test_readings import typed

As = Callable[[User], Client]
SLOT = "env-climate"
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


def handed_in(work: WorkOrder, cast: Cast, code: str | None = "BNT-02") -> Any:
    instruments = {SLOT: certificate(cast, code)} if code else {}
    return operations.submit(work.pk, balance_sheet(cast, instruments=instruments), actor=work.analyst, now=NOW)


def told(result: Any) -> set[tuple[str, str]]:
    assert isinstance(result, operations.Unfit), result
    return {(fault.code, fault.field) for fault in result.measured.faults}


def of(code: str) -> Any:
    return EquipmentCertificate.objects.filter(equipment__code=code)


def status(cast: Cast, value: str, *, since: Any, code: str = "BNT-02") -> Any:
    one = certificate(cast, code).equipment
    return registers.set_status(one, value, since=since, reason="Jatuh", by="Yusuf", now=NOW)


def checked(cast: Cast, outcome: str, *, on: Any = DAY) -> Any:
    one = certificate(cast, "BNT-02").equipment
    return registers.add_check(one, on=on, outcome=outcome, found="+2 °C", actor=cast.yusuf, by="Yusuf", now=NOW)


# What is changed about the thermohygrometer, and what then refuses; None: nothing does.
EDGES: dict[str, tuple[Callable[[Cast], Any], str | None]] = {
    "as it is": (lambda cast: None, None),
    "valid to today": (lambda cast: of("BNT-02").update(valid_to=DAY), None),
    "expired yesterday": (lambda cast: of("BNT-02").update(valid_to=YESTERDAY), "standard-expired"),
    "valid from tomorrow": (lambda cast: of("BNT-02").update(calibrated_on=TOMORROW), "standard-expired"),
    "withdrawn": (
        lambda cast: registers.withdraw_certificate(certificate(cast, "BNT-02"), reason="Salah", by="Yusuf", now=NOW),
        "standard-withdrawn",
    ),
    "out of service today": (lambda cast: status(cast, "out_of_service", since=DAY), "standard-out-of-service"),
    "out of service tomorrow": (lambda cast: status(cast, "out_of_service", since=TOMORROW), None),
    "its check is late": (
        lambda cast: Equipment.objects.filter(code="BNT-02").update(check_months=1), "standard-check-due",
    ),
    "its check failed": (lambda cast: checked(cast, "failed"), "standard-out-of-service"),
    "of another laboratory": (
        lambda cast: Equipment.objects.filter(code="BNT-02").update(
            laboratory=Laboratory.objects.get(institution=cast.body, code="dimensi-tekanan")
        ), "instrument-elsewhere",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edge", EDGES)
def test_the_instrument_is_judged_at_the_day_of_the_measurement(work: WorkOrder, cast: Cast, edge: str) -> None:
    change, refusal = EDGES[edge]
    change(cast)
    result = handed_in(work, cast)
    if refusal is None:
        assert isinstance(result, ResultVersion), result.measured.faults
        assert result.outcome["warnings"] == []
    else:
        assert told(result) == {(refusal, SLOT)}


def test_the_expired_one_of_the_room_is_refused(work: WorkOrder, cast: Cast) -> None:
    assert told(handed_in(work, cast, "BNT-01")) == {("standard-expired", SLOT)}


def test_a_weight_reads_no_temperature(work: WorkOrder, cast: Cast) -> None:
    assert told(handed_in(work, cast, "STD-M-01")) == {("wrong-instrument", SLOT)}


def test_one_that_is_registered_must_be_named(work: WorkOrder, cast: Cast) -> None:
    """Also while none that is registered could be used: an expired one is no reason to do without."""
    assert told(handed_in(work, cast, None)) == {("no-instrument", SLOT)}
    of("BNT-02").update(valid_to=YESTERDAY)
    assert told(handed_in(work, cast, None)) == {("no-instrument", SLOT)}


def test_a_laboratory_without_any_measures_and_the_judge_sees_it(work: WorkOrder, cast: Cast, as_: As) -> None:
    Equipment.objects.filter(kind="termohigrometer").update(status="disposed", status_reason="Rusak")
    sheet = as_(work.analyst).get(reverse("laboratory:sheet", args=[work.pk])).content.decode()
    assert "Belum ada yang terdaftar untuk laboratorium ini." in sheet
    result = handed_in(work, cast, None)
    assert isinstance(result, ResultVersion), result.measured.faults
    assert result.outcome["warnings"] == [{"code": "no-thermohygrometer"}]
    page = as_(cast.yusuf).get(reverse("laboratory:results", args=[work.pk])).content.decode()
    assert "Laboratorium ini belum mendaftarkan termohigrometer" in page


def test_a_thermohygrometer_with_a_barometer_reads_the_pressure_too(cast: Cast) -> None:
    one, pressure = certificate(cast, "BNT-02"), READERS[1]
    assert not reads(one.equipment, one, pressure)
    one.values = [*one.values, {"from": "950", "to": "1050", "unit": "hPa"}]
    assert reads(one.equipment, one, pressure)
    weight = certificate(cast)
    weight.values = one.values
    assert not reads(weight.equipment, weight, pressure)


# On the page ------------------------------------------------------------------------------------------------------------


def address(work: WorkOrder) -> str:
    return reverse("laboratory:sheet", args=[work.pk])


def test_the_only_one_that_can_be_used_is_proposed(work: WorkOrder, cast: Cast, as_: As) -> None:
    sheet = as_(work.analyst).get(address(work)).content.decode()
    assert f'<option value="{certificate(cast, "BNT-02").pk}" selected>' in sheet
    assert f'<option value="{certificate(cast, "BNT-01").pk}">' in sheet
    of("BNT-01").update(valid_to=TOMORROW)
    sheet = as_(work.analyst).get(address(work)).content.decode()
    assert f'<option value="{certificate(cast, "BNT-02").pk}">' in sheet  # two could be used: the analyst tells which


@pytest.mark.parametrize("value", ["", "999999", "1' OR 1=1", "9" * 400])
def test_what_is_no_instrument_is_told_at_its_field(work: WorkOrder, cast: Cast, as_: As, value: str) -> None:
    answer = as_(work.analyst).post(address(work), typed(cast, **{SLOT: value}))
    sheet = answer.content.decode()
    assert (answer.status_code, f'href="#{SLOT}"' in sheet, f'id="{SLOT}-e"' in sheet) == (422, True, True)
    assert ResultVersion.objects.get().state == "draft"


def test_what_was_chosen_is_kept_with_the_draft_and_the_result(work: WorkOrder, cast: Cast, as_: As) -> None:
    expired, good = certificate(cast, "BNT-01"), certificate(cast, "BNT-02")
    fajar = as_(work.analyst)
    assert fajar.post(address(work), typed(cast, action="save", **{SLOT: expired.pk})).status_code == 302
    assert f'<option value="{expired.pk}" selected>' in fajar.get(address(work)).content.decode()
    answer = fajar.post(address(work), typed(cast, **{SLOT: expired.pk}))
    assert (answer.status_code, "CONTOH-U-0011" in answer.content.decode()) == (422, True)
    assert fajar.post(address(work), typed(cast, **{SLOT: good.pk})).status_code == 302
    uses = ResultVersion.objects.get().standard_uses.filter(slot=SLOT)
    assert [(use.certificate, use.point) for use in uses] == [(good, None)]
    assert "Kondisi dibaca dengan" in fajar.get(address(work)).content.decode()


# What is learned later, and what leaves the house ---------------------------------------------------------------------


def test_one_that_was_wrong_leads_to_every_result_that_used_it(work: WorkOrder, cast: Cast) -> None:
    one = certificate(cast, "BNT-02").equipment
    operations.save(work.pk, balance_sheet(cast), actor=work.analyst, now=NOW)
    assert queries.concerned(one) == []  # a draft is not yet a result
    result = handed_in(work, cast)
    checked(cast, "failed", on=TOMORROW)
    assert [told.result for told in queries.concerned(one)] == [result]
    assert queries.concerned(one, since=TOMORROW) == []
    assert queries.concerned(certificate(cast, "BNT-01").equipment) == []
    acting = Acting(cast.yusuf.pk, cast.yusuf.full_name, "Penyelia", "", cast.body.pk, None)
    work.refresh_from_db()
    refusal = judging.accept([work], level=1, acting=acting, now=NOW)
    assert refusal is not None
    assert refusal.code == "standard-in-doubt"


def test_the_certificate_says_with_what_the_conditions_were_read(work: WorkOrder, cast: Cast) -> None:
    result = handed_in(work, cast)
    ResultVersion.objects.filter(pk=result.pk).update(state="approved")
    work.refresh_from_db()
    part = snapshot.part_of(work)
    assert [one["code"] for one in part["instruments"]] == ["BNT-02"]
    assert [one["code"] for one in part["equipment"]] == ["STD-M-01"]
    printed = page._Page({"languages": ["id"], "parts": [part]}, page.words.LABELS).facts(part)
    assert ("Kondisi dibaca dengan", "Termohigrometer ruang suhu, TH3-0021 (CONTOH-U-0024)") in printed
    assert "Kondisi dibaca dengan" not in dict(
        page._Page({"languages": ["id"], "parts": []}, page.words.LABELS).facts({**part, "instruments": []})
    )
