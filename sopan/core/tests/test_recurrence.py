"""What comes again and again: one occurrence a period, never on a closed day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.core.holidays_id import national_holidays
from sopan.core.recurrence import Every, following, occurrences
from sopan.core.workcalendar import OFFICE_WEEK, WorkingCalendar

CALENDAR = WorkingCalendar(
    "Asia/Jakarta", OFFICE_WEEK, closed=dict(national_holidays(2026)) | dict(national_holidays(2027))
)


def days(every: Every, first: date, last: date, **more: int) -> list[tuple[str, str]]:
    return [(one.key, one.day.isoformat()) for one in occurrences(every, CALENDAR, first, last, **more)]


def test_a_month_begins_on_its_day_or_on_the_next_working_day() -> None:
    found = days(Every.MONTH, date(2026, 8, 1), date(2026, 12, 31))
    assert found == [
        ("2026-08", "2026-08-03"),  # the first is a Saturday
        ("2026-09", "2026-09-01"),
        ("2026-10", "2026-10-01"),
        ("2026-11", "2026-11-02"),  # a Sunday
        ("2026-12", "2026-12-01"),
    ]
    assert days(Every.MONTH, date(2026, 8, 17), date(2026, 8, 31), day=17) == [("2026-08", "2026-08-18")]


def test_the_last_day_of_a_short_month_stands_for_the_31st() -> None:
    assert days(Every.MONTH, date(2027, 2, 1), date(2027, 4, 2), day=31) == [
        ("2027-01", "2027-02-01"),  # 31 January 2027 is a Sunday
        ("2027-02", "2027-03-01"),
        ("2027-03", "2027-03-31"),
    ]


@pytest.mark.parametrize(
    ("every", "more", "told"),
    [
        (Every.WEEK, {"day": 3}, ("2026-W48", "2026-11-25")),
        (Every.QUARTER, {}, ("2026-Q4", "2026-10-01")),
        (Every.SEMESTER, {"day": 5}, ("2026-S2", "2026-07-06")),
        (Every.YEAR, {"month": 2, "day": 10}, ("2026", "2026-02-10")),
        (Every.WORKING_DAY, {}, ("2026-11-23", "2026-11-23")),
    ],
)
def test_each_kind_of_period_has_its_key_and_its_day(every: Every, more: dict[str, int], told: tuple[str, str]) -> None:
    day = date.fromisoformat(told[1])
    assert days(every, day, day, **more) == [told]


def test_a_working_day_is_never_a_closed_one() -> None:
    found = days(Every.WORKING_DAY, date(2026, 12, 21), date(2026, 12, 31))
    assert "2026-12-25" not in dict(found)
    assert all(CALENDAR.is_working(date.fromisoformat(day)) for _key, day in found)


def test_it_is_due_when_the_office_opens() -> None:
    one = occurrences(Every.MONTH, CALENDAR, date(2026, 12, 1), date(2026, 12, 1))[0]
    assert one.at == datetime(2026, 12, 1, 0, 30, tzinfo=UTC)  # 07.30 WIB


@given(
    every=st.sampled_from(Every),
    day=st.one_of(st.none(), st.integers(1, 31)),
    month=st.one_of(st.none(), st.integers(1, 12)),
    start=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    split=st.integers(0, 120),
)
def test_looking_twice_finds_the_same_as_looking_once(
    every: Every, day: int | None, month: int | None, start: date, split: int
) -> None:
    end, middle = start + timedelta(days=120), start + timedelta(days=split)
    whole = occurrences(every, CALENDAR, start, end, day=day, month=month)
    parts = occurrences(every, CALENDAR, start, middle, day=day, month=month) + occurrences(
        every, CALENDAR, middle + timedelta(days=1), end, day=day, month=month
    )
    assert parts == whole
    assert len({one.key for one in whole}) == len(whole)
    for one, later in pairwise(whole):
        if one.at < later.at:
            assert following(every, CALENDAR, one.at, day=day, month=month).at == later.at
