from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import timezone, translation

from sopan.ui import formats

AT = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)
HARD = "\u00a0"


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"), timezone.override("Asia/Jakarta"):
        yield


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (1250000, "Rp 1.250.000"),
        (0, "Rp 0"),
        (999, "Rp 999"),
        (Decimal("1250000.50"), "Rp 1.250.000,50"),
        (Decimal("1250000.00"), "Rp 1.250.000"),
        ("-2500", "−Rp 2.500"),
        (Decimal("0.005"), "Rp 0,01"),
    ],
)
def test_money_shows_cents_only_where_there_are_any(amount, shown):
    assert formats.rupiah(amount).replace(HARD, " ") == shown


def test_money_never_breaks_after_rp():
    assert formats.rupiah(1) == f"Rp{HARD}1"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (3750000, "Tiga juta tujuh ratus lima puluh ribu rupiah"),
        (1000, "Seribu rupiah"),
        (11, "Sebelas rupiah"),
        (100, "Seratus rupiah"),
        (0, "Nol rupiah"),
        (2000000001, "Dua miliar satu rupiah"),
        (Decimal("10.50"), "Sepuluh rupiah lima puluh sen"),
    ],
)
def test_money_in_words(amount, words):
    assert formats.in_words(amount) == words


def test_dates_and_times_name_month_and_zone():
    assert formats.long_date(AT) == "21 November 2026"
    assert formats.short_date(date(2026, 8, 5)) == "5 Agu 2026"
    assert formats.weekday_date(AT) == "Sabtu, 21 November 2026"
    assert formats.clock(AT) == "09.14 WIB"
    assert formats.long_datetime(AT) == "21 November 2026, 09.14 WIB"
    assert formats.short_datetime(AT) == "21 Nov 2026 09.14 WIB"


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Jakarta", "09.14 WIB"), ("Asia/Makassar", "10.14 WITA"), ("Asia/Jayapura", "11.14 WIT")]
)
def test_each_zone_has_its_name(zone, shown):
    with timezone.override(zone):
        assert formats.clock(AT) == shown


def test_the_date_is_the_one_of_the_zone():
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # already the 21st in Jakarta
    assert formats.long_date(late) == "21 November 2026"


def test_english_changes_words_and_marks():
    with translation.override("en"):
        assert formats.long_datetime(AT) == "21 November 2026, 09:14 WIB"
        assert formats.weekday_date(AT) == "Saturday, 21 November 2026"
        assert formats.rupiah(1250000).replace(HARD, " ") == "Rp 1,250,000"
        assert formats.in_words(1000) == "One thousand rupiah"
        assert formats.number(Decimal("1250.5")) == "1,250.5"


@pytest.mark.parametrize(
    ("minutes", "day", "shown"),
    [
        (0, None, "0 menit"),
        (35, None, "35 menit"),
        (60, None, "1 jam"),
        (124, None, "2 j 4 m"),
        (449, 450, "7 j 29 m"),
        (450, 450, "1 hari kerja"),
        (1400, 450, "3 hari kerja"),
        (-124, None, "2 j 4 m"),
        (3 * 1440, None, "3 hari"),
        (timedelta(minutes=35), None, "35 menit"),
    ],
)
def test_durations(minutes, day, shown):
    assert formats.duration(minutes, day) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (35, "Sisa 35 menit"),
        (0, "Sisa 0 menit"),
        (-1, "Terlambat 1 menit"),
        (timedelta(minutes=-124), "Terlambat 2 j 4 m"),
    ],
)
def test_what_is_left(minutes, shown):
    assert formats.remaining(minutes) == shown


def test_identifiers_are_grouped():
    assert formats.npwp("0010612421308000") == "0010 6124 2130 8000"
    assert formats.npwp("01.234.567.8-901.000") == "01.234.567.8-901.000"
    assert formats.npwp("12") == "12"
    assert formats.in_groups("820261112004412") == "8202 6111 2004 412"
    assert formats.in_groups("198807262010121004", (8, 6, 1, 3)) == "19880726 201012 1 004"
    assert formats.phone("+6281277112034") == "0812-7711-2034"
    assert formats.phone("081277112034") == "0812-7711-2034"
    assert formats.phone("(0711) 412 482") == "(0711) 412 482"
    assert formats.phone("+65 6123 4567") == "+65 6123 4567"
    assert formats.initials("Dewi Lestari Putri") == "DL"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (319488, "312 KB"),
        (1468006, "1,4 MB"),
        (10 * 1024 * 1024, "10 MB"),
        (100 * 1024 * 1024, "100 MB"),
    ],
)
def test_file_sizes(count, shown):
    assert formats.file_size(count) == shown


def test_filters_leave_nothing_empty_and_escape_what_was_typed():
    render = (
        engines["django"].from_string("{{ a|rupiah }}|{{ b|date_id }}|{{ c|phone }}|{{ d|duration_words:450 }}").render
    )
    assert render({"a": None, "b": "", "c": "<b>", "d": 900}) == "||&lt;b&gt;|2 hari kerja"
