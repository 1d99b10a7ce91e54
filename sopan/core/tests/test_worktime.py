"""Working time: when a time of a procedure is over, and why."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.core.durations import parse_duration
from sopan.core.holidays_id import national_holidays, office_calendar
from sopan.core.model import Duration, TimeKind, Unit
from sopan.core.worktime import (
    OFFICE_WEEK,
    RAMADAN_WEEK,
    Pause,
    WorkingCalendar,
    add_minutes,
    add_working_days,
    due,
    due_with_pauses,
    elapsed,
    minutes_between,
    override,
    ramadan,
    working_days_between,
    zone_label,
)

WIB = ZoneInfo("Asia/Jakarta")
YEARS = range(2024, 2028)
RAMADAN_2026 = ramadan(date(2026, 2, 19), date(2026, 3, 20))
PLAIN = WorkingCalendar("Asia/Jakarta", OFFICE_WEEK)
OFFICE = office_calendar(years=YEARS, seasons=(RAMADAN_2026,))

instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 30), timezones=st.sampled_from([UTC, WIB]))
minutes = st.integers(0, 20_000)
days = st.dates(date(2024, 1, 1), date(2027, 6, 30))
numbers = st.integers(0, 200)


def wib(*parts):
    return datetime(*parts, tzinfo=WIB)


def due_of(start, printed, calendar=OFFICE, **kind):
    found = due(calendar, start, parse_duration(printed), **kind)
    return found and found.at.astimezone(WIB)


# --- hours -----------------------------------------------------------------------------------------------------------


def week_sum(week):
    return sum(end - start for hours in week.values() for start, end in hours)


def test_a_week_has_37_and_a_half_hours_and_32_and_a_half_in_ramadan():
    assert (week_sum(OFFICE_WEEK), week_sum(RAMADAN_WEEK)) == (2250, 1950)


def test_an_hour_begun_half_an_hour_before_closing_ends_next_morning():
    assert due_of(wib(2026, 11, 19, 15, 30), "60 menit") == wib(2026, 11, 20, 8, 0)


def test_an_hour_begun_before_friday_noon_jumps_the_long_break():
    assert due_of(wib(2026, 11, 20, 11, 0), "60 menit") == wib(2026, 11, 20, 13, 30)


def test_time_that_fits_ends_at_closing_and_not_next_morning():
    assert due_of(wib(2026, 11, 19, 15, 0), "1 jam") == wib(2026, 11, 19, 16, 0)


def test_time_begun_at_night_is_counted_from_the_morning():
    assert due_of(wib(2026, 11, 18, 22, 0), "30 menit") == wib(2026, 11, 19, 8, 0)


def test_seconds_are_kept():
    assert due_of(wib(2026, 11, 19, 9, 14, 30), "30 menit") == wib(2026, 11, 19, 9, 44, 30)


def test_ramadan_has_its_own_hours():
    assert due_of(wib(2026, 3, 2, 14, 30), "1 jam") == wib(2026, 3, 3, 8, 30)


def test_each_zone_has_its_own_morning():
    kaltim = WorkingCalendar("Asia/Makassar", OFFICE_WEEK)
    start = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)  # 07.00 WIB, 08.00 WITA
    assert add_minutes(PLAIN, start, 30) == datetime(2026, 11, 19, 1, 0, tzinfo=UTC)
    assert add_minutes(kaltim, start, 30) == datetime(2026, 11, 19, 0, 30, tzinfo=UTC)


def test_zones_have_their_short_names():
    zones = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    assert [zone_label(zone) for zone in zones] == ["WIB", "WITA", "WIT"]
    with pytest.raises(ValueError):
        zone_label("Europe/Berlin")


# --- days ------------------------------------------------------------------------------------------------------------


def test_ten_working_days_of_a_request_for_information():
    assert due_of(wib(2026, 3, 16, 9, 0), "10 hari kerja") == wib(2026, 4, 7, 16, 0)
    assert due_of(wib(2026, 3, 16, 9, 0), "17 hari kerja") == wib(2026, 4, 16, 16, 0)


def test_the_day_of_the_start_does_not_count_however_late_it_is():
    assert due_of(wib(2026, 11, 16, 23, 0), "1 hari kerja") == wib(2026, 11, 17, 16, 0)
    assert due_of(wib(2026, 11, 21, 9, 0), "1 hari kerja") == wib(2026, 11, 23, 16, 0)


@pytest.mark.parametrize(
    ("printed", "day_kind", "day"),
    [
        ("7 hari", "working", date(2026, 11, 25)),
        ("7 hari", "calendar", date(2026, 11, 23)),
        ("7 hari kalender", "working", date(2026, 11, 23)),
        ("7 hari kerja", "calendar", date(2026, 11, 25)),
        ("1 minggu", "working", date(2026, 11, 23)),
        ("2 minggu", "calendar", date(2026, 11, 30)),
        ("1 - 3 hari kerja", "working", date(2026, 11, 19)),
        ("1/2 hari", "working", date(2026, 11, 17)),
        ("1 bulan", "working", date(2026, 12, 16)),
        ("1/2 bulan", "working", date(2026, 12, 1)),
    ],
)
def test_the_body_says_what_a_day_is_unless_the_document_does(printed, day_kind, day):
    assert due_of(wib(2026, 11, 16, 9, 0), printed, day_kind=day_kind).date() == day


def test_calendar_time_that_ends_on_a_closed_day_moves_to_the_next_working_day():
    assert due_of(wib(2026, 7, 17, 9, 0), "1 bulan") == wib(2026, 8, 18, 16, 0)  # 17 August is a holiday
    assert due_of(wib(2026, 1, 31, 9, 0), "1 bulan") == wib(2026, 3, 2, 15, 0)  # 28 February is a Saturday


@pytest.mark.parametrize(
    "printed", ["kondisional", "tidak dapat ditentukan", "∞", "", "2 menit/berkas", "setiap bulan"]
)
def test_without_a_bound_there_is_no_due_date(printed):
    assert due_of(wib(2026, 11, 16, 9, 0), printed) is None


@pytest.mark.parametrize("unit", ["menit", "jam", "hari kerja", "hari kalender", "minggu", "bulan", "tahun"])
def test_an_absurd_time_has_no_due_date_and_no_error(unit):
    absurd = Duration(TimeKind.EXACT, amount=Decimal(10) ** 9, unit=parse_duration(f"1 {unit}").unit)
    assert due(PLAIN, wib(2026, 11, 16, 9, 0), absurd) is None
    assert due(PLAIN, wib(2026, 11, 16, 9, 0), absurd, day_kind="calendar") is None


def test_a_naive_time_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError):
        add_minutes(PLAIN, datetime(2026, 11, 16, 9, 0), 1)


# --- holidays --------------------------------------------------------------------------------------------------------

JOINT_LEAVE = {
    2024: "02-09 03-12 04-08 04-09 04-12 04-15 05-10 05-24 06-18 12-26",
    2025: "01-28 03-28 04-02 04-03 04-04 04-07 05-13 05-30 06-09 08-18 12-26",
    2026: "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24",
    2027: "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24",
}
HOLIDAYS_2026 = "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25"


def marked(year, *, joint_leave):
    found = national_holidays(year).items()
    return " ".join(f"{day:%m-%d}" for day, why in found if why.joint_leave is joint_leave)


@pytest.mark.parametrize("year", JOINT_LEAVE)
def test_joint_leave_is_that_of_the_decree(year):
    assert marked(year, joint_leave=True) == JOINT_LEAVE[year]


def test_holidays_of_2026_are_those_of_the_decree():
    assert marked(2026, joint_leave=False) == HOLIDAYS_2026


@pytest.mark.parametrize(("year", "number"), [(2024, 19), (2025, 17), (2026, 17), (2027, 18)])
def test_each_year_has_its_number_of_holidays(year, number):
    assert len(marked(year, joint_leave=False).split()) == number


def test_a_decree_closes_and_opens_days():
    friday, monday, saturday = date(2026, 11, 20), date(2026, 8, 17), date(2026, 11, 21)
    changed = override(
        OFFICE, closed={friday: "Pilkada"}, opened={monday: "Tukar hari", saturday: "Lembur"}, source="SK 1/2026"
    )
    assert [OFFICE.is_working(day) for day in (friday, monday, saturday)] == [True, False, False]
    assert [changed.is_working(day) for day in (friday, monday, saturday)] == [False, True, True]
    assert changed.hours(saturday) == OFFICE_WEEK[0]
    assert changed.closed[friday] == ("Pilkada", "SK 1/2026", False)
    again = override(changed, closed={saturday: "Batal"}, source="SK 2/2026")
    assert not again.is_working(saturday)


@pytest.mark.parametrize(
    "week",
    [{}, {0: ()}, {0: ((480, 470),)}, {0: ((480, 720), (700, 960))}, {0: ((480, 480),)}, {0: ((0, 1441),)}],
)
def test_hours_that_cannot_be_are_refused(week):
    with pytest.raises(ValueError):
        WorkingCalendar("Asia/Jakarta", week)


# --- laws ------------------------------------------------------------------------------------------------------------


@given(instants, minutes)
def test_minutes_added_are_the_minutes_between(at, number):
    assert minutes_between(OFFICE, at, add_minutes(OFFICE, at, number)) == number


@given(instants, minutes, minutes)
def test_adding_minutes_twice_is_adding_their_sum(at, a, b):
    assert add_minutes(OFFICE, add_minutes(OFFICE, at, a), b) == add_minutes(OFFICE, at, a + b)


@given(instants, instants, minutes)
def test_who_starts_later_is_not_done_earlier(a, b, number):
    first, second = sorted((a, b))
    assert add_minutes(OFFICE, first, number) <= add_minutes(OFFICE, second, number)


@given(instants, instants, instants)
def test_minutes_between_add_up(a, b, c):
    a, b, c = (at.replace(second=0, microsecond=0) for at in sorted((a, b, c)))
    assert minutes_between(OFFICE, a, b) + minutes_between(OFFICE, b, c) == minutes_between(OFFICE, a, c)
    assert minutes_between(OFFICE, b, a) == -minutes_between(OFFICE, a, b)


@given(days, numbers)
def test_working_days_added_are_the_working_days_between(day, number):
    reached = add_working_days(OFFICE, day, number)
    assert working_days_between(OFFICE, day, reached) == number
    assert working_days_between(OFFICE, reached, day) == -number


@given(days, numbers, numbers)
def test_adding_working_days_twice_is_adding_their_sum(day, a, b):
    assert add_working_days(OFFICE, add_working_days(OFFICE, day, a), b) == add_working_days(OFFICE, day, a + b)


@given(instants, st.sampled_from([Unit.MINUTE, Unit.HOUR, Unit.WORKING_DAY]), st.integers(1, 90), st.integers(1, 90))
def test_two_times_in_a_row_are_due_like_their_sum(start, unit, a, b):
    def after(at, number):
        return due(OFFICE, at, Duration(TimeKind.EXACT, amount=Decimal(number), unit=unit)).at

    assert after(after(start, a), b) == after(start, a + b)


@given(instants, st.integers(0, 4_000))
def test_the_index_counts_like_a_walk_from_minute_to_minute(at, length):
    start = at.astimezone(WIB).replace(second=0, microsecond=0)
    walk = [start + timedelta(minutes=minute) for minute in range(length)]
    worked = [
        any(opens <= now.hour * 60 + now.minute < closes for opens, closes in OFFICE.hours(now.date())) for now in walk
    ]
    assert minutes_between(OFFICE, start, start + timedelta(minutes=length)) == sum(worked)


# --- pauses ----------------------------------------------------------------------------------------------------------


def test_a_pause_puts_the_due_date_off_by_its_working_minutes():
    wait = Pause(wib(2026, 11, 20, 10, 0), wib(2026, 11, 23, 8, 0), "menunggu pembayaran")
    found = due_with_pauses(OFFICE, wib(2026, 11, 20, 9, 0), parse_duration("2 jam"), [wait])
    assert found.at == wib(2026, 11, 23, 9, 0)


def test_pauses_that_overlap_count_once_and_those_after_the_due_date_not():
    pauses = [
        Pause(wib(2026, 11, 19, 9, 30), wib(2026, 11, 19, 10, 30)),
        Pause(wib(2026, 11, 19, 10, 0), wib(2026, 11, 19, 11, 0)),
        Pause(wib(2026, 11, 19, 15, 0), None),
    ]
    found = due_with_pauses(OFFICE, wib(2026, 11, 19, 9, 0), parse_duration("1 jam"), pauses)
    assert found.at == wib(2026, 11, 19, 11, 30)


@pytest.mark.parametrize("end", [wib(2026, 11, 19, 11, 0), None])
def test_a_pause_that_begins_when_the_time_is_over_changes_nothing(end):
    late = Pause(wib(2026, 11, 19, 10, 0), end)
    found = due_with_pauses(OFFICE, wib(2026, 11, 19, 9, 0), parse_duration("1 jam"), [late])
    assert found.at == wib(2026, 11, 19, 10, 0)
    assert found.explain() == (
        "Kamis 19 November 2026, 09.00–10.00 WIB: 60 menit",
        "Jatuh tempo: Kamis 19 November 2026, 10.00 WIB",
    )


def test_while_the_clock_stands_still_nobody_knows_the_due_date():
    wait = Pause(wib(2026, 11, 19, 9, 30), None, "menunggu pelanggan")
    assert due_with_pauses(OFFICE, wib(2026, 11, 19, 9, 0), parse_duration("1 jam"), [wait]) is None
    assert elapsed(OFFICE, wib(2026, 11, 19, 9, 0), wib(2026, 11, 24, 9, 0), [wait]) == 30


@st.composite
def closed_pauses(draw, start):
    begins = draw(st.lists(st.integers(-5_000, 30_000), max_size=4))
    at = [start + timedelta(minutes=begin) for begin in begins]
    return [Pause(begin, begin + timedelta(minutes=draw(st.integers(0, 9_000)))) for begin in at]


@given(st.data(), instants, st.integers(1, 5_000))
def test_what_passes_until_the_due_date_without_pauses_is_the_time_given(data, start, number):
    pauses = data.draw(closed_pauses(start))
    given_time = Duration(TimeKind.EXACT, amount=Decimal(number), unit=Unit.MINUTE)
    found = due_with_pauses(OFFICE, start, given_time, pauses)
    assert elapsed(OFFICE, start, found.at, pauses) == number


@given(st.data(), instants, st.integers(1, 20))
def test_a_pause_never_brings_a_due_date_forward(data, start, number):
    given_time = Duration(TimeKind.EXACT, amount=Decimal(number), unit=Unit.WORKING_DAY)
    pauses = data.draw(closed_pauses(start))
    assert due_with_pauses(OFFICE, start, given_time, pauses).at >= due(OFFICE, start, given_time).at


# --- explanations ----------------------------------------------------------------------------------------------------


def told(start, printed, pauses=(), calendar=OFFICE):
    return due_with_pauses(calendar, start, parse_duration(printed), pauses).explain()


def test_minutes_are_explained_stretch_by_stretch():
    assert told(wib(2026, 8, 14, 16, 0), "1 jam") == (
        "Jumat 14 Agustus 2026, 16.00–16.30 WIB: 30 menit",
        "Sabtu 15 Agustus 2026: bukan hari kerja",
        "Minggu 16 Agustus 2026: bukan hari kerja",
        "Senin 17 Agustus 2026: libur, Hari Kemerdekaan Republik Indonesia (SKB 3 Menteri, menurut daftar pustaka holidays)",
        "Selasa 18 Agustus 2026, 07.30–08.00 WIB: 30 menit",
        "Jatuh tempo: Selasa 18 Agustus 2026, 08.00 WIB",
    )


def test_a_pause_is_explained_where_it_happened():
    wait = Pause(wib(2026, 11, 20, 10, 0), wib(2026, 11, 23, 8, 0), "menunggu pembayaran")
    assert told(wib(2026, 11, 20, 9, 0), "2 jam", [wait]) == (
        "Jumat 20 November 2026, 09.00–10.00 WIB: 60 menit",
        "Jeda Jumat 20 November 2026, 10.00 WIB sampai Senin 23 November 2026, 08.00 WIB: "
        "330 menit kerja tidak dihitung, menunggu pembayaran",
        "Senin 23 November 2026, 08.00–09.00 WIB: 60 menit",
        "Jatuh tempo: Senin 23 November 2026, 09.00 WIB",
    )


def test_working_days_are_explained_day_by_day():
    wait = Pause(wib(2026, 2, 18, 15, 30), wib(2026, 2, 19, 9, 0), "menunggu pelanggan")
    assert told(wib(2026, 2, 13, 9, 0), "2 hari kerja", [wait]) == (
        "Jumat 13 Februari 2026: hari awal, tidak dihitung",
        "Sabtu 14 Februari 2026: bukan hari kerja",
        "Minggu 15 Februari 2026: bukan hari kerja",
        "Senin 16 Februari 2026: libur, Cuti Bersama Tahun Baru Imlek (SKB 3 Menteri, menurut daftar pustaka holidays)",
        "Selasa 17 Februari 2026: libur, Tahun Baru Imlek (SKB 3 Menteri, menurut daftar pustaka holidays)",
        "Hari kerja ke-1: Rabu 18 Februari 2026",
        "Hari kerja ke-2: Kamis 19 Februari 2026 (jam kerja Ramadan)",
        "Tanpa jeda jatuh tempo Kamis 19 Februari 2026, 15.00 WIB",
        "Jeda Rabu 18 Februari 2026, 15.30 WIB sampai Kamis 19 Februari 2026, 09.00 WIB: "
        "90 menit kerja tidak dihitung, menunggu pelanggan",
        "Jatuh tempo: Jumat 20 Februari 2026, 09.30 WIB",
    )


def test_calendar_time_is_explained_with_the_days_it_moved():
    assert told(wib(2026, 1, 31, 9, 0), "1 bulan") == (
        "1 bulan sejak Sabtu 31 Januari 2026: Sabtu 28 Februari 2026",
        "Sabtu 28 Februari 2026: bukan hari kerja",
        "Minggu 1 Maret 2026: bukan hari kerja",
        "Jatuh tempo: Senin 2 Maret 2026, 15.00 WIB",
    )


def test_an_opened_day_tells_who_opened_it():
    calendar = override(OFFICE, opened={date(2026, 11, 21): "Hari pengganti"}, source="SK 1/2026")
    assert told(wib(2026, 11, 20, 16, 0), "1 jam", calendar=calendar)[1] == (
        "Sabtu 21 November 2026, 07.30–08.00 WIB: 30 menit (hari kerja, Hari pengganti: SK 1/2026)"
    )


@pytest.mark.parametrize("years", [YEARS, range(2024, 2029)])
def test_a_year_whose_joint_leave_is_not_decreed_yet_is_named(years):
    note = "Catatan: cuti bersama tahun 2028 belum tercatat dalam kalender"
    calendar = office_calendar(years=years)
    assert told(wib(2027, 12, 30, 9, 0), "60 hari kalender", calendar=calendar)[-2] == note
    decreed = override(calendar, closed={date(2028, 1, 31): "Cuti Bersama Imlek"}, source="SKB 1/2027")
    assert note not in told(wib(2027, 12, 30, 9, 0), "60 hari kalender", calendar=decreed)


@given(st.data(), instants, st.sampled_from(Unit), st.integers(1, 60), st.sampled_from(["working", "calendar"]))
def test_every_due_date_can_explain_itself(data, start, unit, number, day_kind):
    given_time = Duration(TimeKind.EXACT, amount=Decimal(number), unit=unit)
    pauses = data.draw(closed_pauses(start))
    found = due_with_pauses(OFFICE, start, given_time, pauses, day_kind=day_kind)
    assert found.explain()[-1].startswith("Jatuh tempo: ")
    if unit is Unit.MINUTE and not start.second and not start.microsecond:
        counted = [line for line in found.explain() if " menit" in line and not line.startswith("Jeda")]
        assert sum(int(line.split(": ")[1].split()[0]) for line in counted) == number
