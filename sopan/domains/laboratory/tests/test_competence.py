"""Who is chosen to measure is authorised for a method that fits the instrument, on the day of the choice (6.2.5, 6.2.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from sopan.core.flow import Refusal
from sopan.domains.laboratory.models import CompetenceGrant, WorkOrder
from sopan.domains.laboratory.operations import assignment
from sopan.domains.laboratory.operations.assignment import Assignment
from sopan.engine.operations import Done
from sopan.people.models import Institution, User
from tests.standing import standing

from .cast import NOW, SCALE, Cast, Play, make_order
from .measured_cast import BALANCE, DAY, equip

TERMOMETER = {"kind": "termometer", "kind_name": "Termometer", "name": "Termometer digital"}


@pytest.fixture(scope="module")
def equipped(built: Cast, django_db_blocker: Any) -> Iterator[Cast]:
    with standing(django_db_blocker):
        equip(built)
        yield built


@pytest.fixture
def cast(equipped: Cast, db: None) -> Cast:
    return equipped.copy()


def choose(play: Play, analyst: User) -> Any:
    return play.assign({1: analyst})


def refused(done: Any) -> str:
    assert isinstance(done, Refusal), done
    return done.code


def test_an_analyst_without_a_grant_is_not_chosen_and_another_one_is(cast: Cast) -> None:
    play = make_order(cast, TERMOMETER).to("assign_analysts")
    done = choose(play, cast.maya)  # of the laboratory, but not authorised for thermometers
    assert refused(done) == "not-competent"
    assert "Maya" in done.message and "Kompetensi" in done.message
    assert {work.state for work in play.works} == {WorkOrder.State.NEW}
    assert isinstance(choose(play, cast.fajar), Done)


@pytest.mark.parametrize(
    ("change", "chosen"),
    [
        ({"valid_to": DAY - timedelta(days=1)}, False),
        ({"valid_to": DAY}, True),
        ({"valid_from": DAY + timedelta(days=1)}, False),
        ({"valid_from": DAY}, True),
        ({"revoked_on": DAY, "revoked_reason": "Pindah"}, False),
        ({"revoked_on": DAY + timedelta(days=1), "revoked_reason": "Pindah"}, True),
    ],
)
def test_the_grant_counts_today(cast: Cast, change: dict[str, Any], chosen: bool) -> None:
    CompetenceGrant.objects.filter(person=cast.fajar, method="neraca-elektronik").update(**change)
    play = make_order(cast, BALANCE).to("assign_analysts")
    assert isinstance(choose(play, cast.fajar), Done) is chosen


def test_a_grant_of_another_body_does_not_count(cast: Cast) -> None:
    other = Institution.objects.create(code="lain", name="Balai Lain", short_name="Lain")
    CompetenceGrant.objects.filter(person=cast.fajar).update(institution=other)
    play = make_order(cast, BALANCE).to("assign_analysts")
    assert refused(choose(play, cast.fajar)) == "not-competent"


def test_where_no_method_fits_nothing_is_asked(cast: Cast) -> None:
    CompetenceGrant.objects.all().delete()
    play = make_order(cast, SCALE).to("assign_analysts")
    assert isinstance(choose(play, cast.maya), Done)


def test_a_further_parameter_and_a_late_instrument_are_asked_too(cast: Cast) -> None:
    play = make_order(cast, TERMOMETER, {**TERMOMETER, "serial_number": "SN-9"})
    play.receive(absent=(2,))
    work = play.works[0]
    further = [Assignment(work.item, work, "Suhu", cast.fajar), Assignment(work.item, None, "Suhu tinggi", cast.maya)]
    with transaction.atomic():
        assert refused(assignment.assign(further, acting=None, now=NOW)) == "not-competent"  # type: ignore[arg-type]
        transaction.set_rollback(True)
    late = Assignment(work.item, work, "Suhu", cast.maya)
    assert refused(assignment.assign_late(late, actor=cast.yusuf, now=NOW)) == "not-competent"


def test_a_grant_that_ended_since_keeps_the_choice_from_being_confirmed(cast: Cast) -> None:
    play = make_order(cast, BALANCE).to("confirm_assignment")
    CompetenceGrant.objects.filter(person=cast.fajar).update(revoked_on=DAY, revoked_reason="Pindah")
    assert refused(play.confirm()) == "not-competent"
    assert isinstance(play.do(cast.agus, "tidak", reason="Pilih yang berwenang"), Done)


def test_the_form_tells_who_is_authorised_and_proposes_the_only_one(cast: Cast, as_: Callable[[User], Client]) -> None:
    play = make_order(cast, TERMOMETER).to("assign_analysts")
    page = as_(cast.yusuf).get(f"/tugas/{play.task.pk}/").content.decode()
    assert "(belum berwenang)" in page
    option = next(line for line in page.split("<option") if cast.fajar.full_name in line)
    assert "selected" in option and "belum berwenang" not in option


def test_where_nobody_is_authorised_the_form_says_so(cast: Cast, as_: Callable[[User], Client]) -> None:
    CompetenceGrant.objects.filter(method="termometer").delete()
    play = make_order(cast, TERMOMETER).to("assign_analysts")
    page = as_(cast.yusuf).get(f"/tugas/{play.task.pk}/").content.decode()
    assert "Belum ada analis yang berwenang" in page
