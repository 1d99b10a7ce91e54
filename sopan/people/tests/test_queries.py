"""Positions act, not people: who holds what is asked of a moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sopan.people import queries
from sopan.people.models import Appointment, PeopleEvent

DAY = timedelta(days=1)


def hold(person, code, kind, start, end=None):
    position = person.institution.positions.get(code=code)
    return Appointment.objects.create(
        person=person, position=position, kind=kind, valid_from=start, valid_to=end, letter="PRIN-1"
    )


def test_an_appointment_holds_from_its_first_moment_up_to_but_not_at_its_end(cast, now):
    held = hold(cast.agus, "kepala-balai", "plh", now, now + DAY)
    key = {held.position_id}
    tick = timedelta(microseconds=1)
    before, first, last, after = now - tick, now, now + DAY - tick, now + DAY
    assert [bool(key & queries.positions_at(cast.agus, at)) for at in (before, first, last, after)] == [
        False,
        True,
        True,
        False,
    ]


def test_definitive_appointments_come_first(cast, now):
    hold(cast.lestari, "cs", "plt", now - 3 * DAY)
    hold(cast.lestari, "mt", "plh", now - 5 * DAY, now + DAY)
    titles = [appointment.title for appointment in queries.appointments_at(cast.lestari, now)]
    assert titles == ["Kepala Subbagian Tata Usaha", "Plt. Customer Service", "Plh. Manajer Teknis"]


def test_a_deputy_acts_under_a_title_that_says_so(cast, now):
    office = cast.body.positions.get(code="kepala-balai")
    in_a_week = now + 8 * DAY
    assert queries.acting_title(cast.lestari, now, positions=[office.pk]) == ""
    assert queries.acting_title(cast.lestari, in_a_week, positions=[office.pk]) == "Plh. Kepala Balai"
    assert [person.name for person in queries.holders_of(office, now)] == ["Bambang Wirawan"]
    assert [person.name for person in queries.holders_of([office.pk], in_a_week)] == [
        "Bambang Wirawan",
        "Lestari Handayani",
    ]


def test_an_expired_deputy_holds_nothing(cast, now):
    office = cast.body.positions.get(code="kepala-balai")
    later = now + 20 * DAY
    assert office.pk not in queries.positions_at(cast.lestari, later)
    assert [person.name for person in queries.holders_of(office, later)] == ["Bambang Wirawan"]


def test_a_deactivated_person_holds_nothing(cast, now):
    cast.bambang.is_active = False
    cast.bambang.save()
    office = cast.body.positions.get(code="kepala-balai")
    assert queries.positions_at(cast.bambang, now) == set()
    assert queries.holders_of(office, now) == []


def test_holders_are_told_once_however_often_they_hold(cast, now):
    hold(cast.dewi, "cs", "plt", now - DAY)
    office = cast.body.positions.get(code="cs")
    assert [person.name for person in queries.holders_of(office, now)] == ["Dewi Anggraini", "Putri Maharani"]


def test_a_customer_acts_as_his_company(cast, now):
    assert queries.acting_title(cast.rina, now) == "PT Contoh Pangan Musi"


def test_an_appointment_cannot_end_before_it_begins(cast, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        hold(cast.agus, "cs", "plh", now, now - DAY)


def test_what_happened_to_people_is_never_rewritten(cast, now):
    event = PeopleEvent.objects.create(institution=cast.body, at=now, code="activated")
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
