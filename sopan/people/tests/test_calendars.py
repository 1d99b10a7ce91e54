"""The calendar of a body: its hours, the national list, its own decrees above it, kept under a revision."""

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest

from sopan.core import workcalendar
from sopan.core.flow import Refusal
from sopan.people import calendars, keeping
from sopan.people.models import PeopleEvent

NATIONAL_DAY = date(2026, 8, 17)
JOINT_LEAVE = date(2026, 12, 24)


@pytest.fixture(autouse=True)
def nothing_kept():
    calendars.forget()


def test_the_hours_of_the_file_are_those_of_the_office_week(cast):
    known = calendars.calendar_of(cast.body)
    assert dict(known.week) == dict(workcalendar.OFFICE_WEEK)
    assert calendars.build({}, "Asia/Jakarta").week == known.week


def test_an_hour_from_thursday_afternoon_ends_on_friday(cast):
    thursday = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)  # 15.30 WIB
    known = calendars.calendar_of(cast.body)
    assert workcalendar.add_minutes(known, thursday, 60) == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_national_holidays_and_joint_leave_are_closed(cast):
    known = calendars.calendar_of(cast.body)
    assert [known.is_working(day) for day in (NATIONAL_DAY, JOINT_LEAVE, date(2026, 11, 20))] == [False, False, True]


def test_a_decree_opens_and_closes_days_and_can_be_taken_back(cast, now):
    def working():
        known = calendars.calendar_of(cast.body)
        return known.is_working(JOINT_LEAVE), known.is_working(date(2026, 11, 20))

    keeping.set_day(cast.body, JOINT_LEAVE, kind="opened", name="Layanan", source="SE 1/2026", by=cast.andi, now=now)
    keeping.set_day(
        cast.body, date(2026, 11, 20), kind="closed", name="Libur", source="SE 2/2026", by=cast.andi, now=now
    )
    assert working() == (True, False)
    keeping.forget_day(cast.body, JOINT_LEAVE, by=cast.andi, now=now)
    assert working() == (False, False)
    assert cast.body.calendar_revision == 4
    assert list(PeopleEvent.objects.values_list("code", flat=True).order_by("pk")) == [
        "day_opened",
        "day_closed",
        "day_removed",
    ]


def test_the_last_word_on_a_day_is_the_only_one(cast, now):
    for kind in ("opened", "closed"):
        keeping.set_day(cast.body, JOINT_LEAVE, kind=kind, name="x", source="SE", by=cast.andi, now=now)
    assert (len(cast.body.calendar["opened"]), len(cast.body.calendar["closed"])) == (0, 1)


def test_a_day_without_a_decree_cannot_be_forgotten(cast, now):
    assert keeping.forget_day(cast.body, NATIONAL_DAY, by=cast.andi, now=now) == Refusal(
        "day-unknown", "Tidak ada ketetapan sendiri untuk hari ini."
    )


def test_only_a_manager_changes_the_calendar(cast, now):
    for person in (cast.bambang, cast.dewi, cast.rina):
        result = keeping.set_day(cast.body, NATIONAL_DAY, kind="opened", name="x", source="y", by=person, now=now)
        assert result.code == "not-manager"
    cast.body.refresh_from_db()
    assert cast.body.calendar_revision == 1


def test_a_kept_calendar_costs_no_more_than_a_few_calls(cast):
    calendar = calendars.calendar_of(cast.body)

    def loader():
        raise AssertionError("it was kept")

    assert calendars.calendar_for(cast.body.pk, 1, loader) is calendar
    assert _seconds(lambda: calendars.calendar_for(cast.body.pk, 1, loader)) < 20 * _seconds(lambda: None)


def _seconds(call):
    return min(timeit.repeat(call, number=5_000, repeat=20))


def test_ramadan_and_other_zones(cast):
    data = {"ramadan": {"periods": [{"first": "2026-02-18", "last": "2026-03-19"}]}}
    known = calendars.build(data, "Asia/Jayapura")
    assert known.hours(date(2026, 2, 18)) == workcalendar.RAMADAN_WEEK[2]
    assert known.label == "WIT"


@pytest.mark.parametrize(
    "data",
    [
        {"week": {"senin": ["07.30-12.00"]}},
        {"week": {"monday": ["seven"]}},
        {"week": {"monday": ["12.00-07.30"]}},
        {"closed": [{"date": "17 Agustus", "name": "x", "source": "y"}]},
    ],
)
def test_data_that_are_no_calendar_are_refused(data):
    with pytest.raises(ValueError):
        calendars.build(data, "Asia/Jakarta")


def test_a_setting_keeps_its_kind_and_tells_its_source(cast, now):
    done = keeping.change_setting(
        cast.body, "auto_close_days", value="30", source="SK 5/2026", verified=True, by=cast.andi, now=now
    )
    assert done.settings["auto_close_days"] == {"value": 30, "source": "SK 5/2026", "verified": True}
    assert cast.body.setting("auto_close_days") == 30
    assert cast.body.calendar_revision == 2


@pytest.mark.parametrize(
    ("key", "value", "source", "code"),
    [
        ("auto_close_days", "-3", "SK", "value-wrong"),
        ("auto_close_days", "dua", "SK", "value-wrong"),
        ("survey_gate", "perhaps", "SK", "value-wrong"),
        ("survey_gate", "none", "  ", "source-missing"),
        ("no_such", "1", "SK", "setting-unknown"),
    ],
)
def test_a_wrong_setting_changes_nothing(cast, now, key, value, source, code):
    before = dict(cast.body.settings)
    done = keeping.change_setting(cast.body, key, value=value, source=source, verified=False, by=cast.andi, now=now)
    cast.body.refresh_from_db()
    assert (done.code, cast.body.settings) == (code, before)


def test_a_setting_changed_after_the_manager_left_is_refused(cast, now):
    held = cast.andi.appointments.get()
    held.valid_to = now - timedelta(days=1)
    held.save()
    done = keeping.change_setting(
        cast.body, "survey_gate", value="none", source="SK", verified=True, by=cast.andi, now=now
    )
    assert done.code == "not-manager"
