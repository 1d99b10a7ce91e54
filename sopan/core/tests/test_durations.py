"""What the column Waktu may say, and what it means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.core.durations import in_calendar_days, parse_duration, words
from sopan.core.model import Duration, TimeKind, Unit

K, U = TimeKind, Unit

PRINTED = [
    # printed, kind, amount, unit, words
    ("30 Menit", K.EXACT, "30", U.MINUTE, "30 menit"),
    ("10 menit.", K.EXACT, "10", U.MINUTE, "10 menit"),
    ("15'", K.EXACT, "15", U.MINUTE, "15 menit"),
    ("14 Hari Kerja", K.EXACT, "14", U.WORKING_DAY, "14 hari kerja"),
    ("14 hari\n  kerja", K.EXACT, "14", U.WORKING_DAY, "14 hari kerja"),
    ("1 (satu) hari kerja", K.EXACT, "1", U.WORKING_DAY, "1 hari kerja"),
    ("1 Hari", K.EXACT, "1", U.DAY, "1 hari"),
    ("60 hari kalender", K.EXACT, "60", U.DAY, "60 hari kalender"),
    ("1 minggu", K.EXACT, "1", U.WEEK, "1 minggu"),
    ("1 bulan", K.EXACT, "1", U.MONTH, "1 bulan"),
    ("1 tahun", K.EXACT, "1", U.YEAR, "1 tahun"),
    ("1/4 jam", K.EXACT, "0.25", U.HOUR, "1/4 jam"),
    ("¼ jam", K.EXACT, "0.25", U.HOUR, "1/4 jam"),
    ("1 1/2 jam", K.EXACT, "1.5", U.HOUR, "1,5 jam"),
    ("1½ jam", K.EXACT, "1.5", U.HOUR, "1,5 jam"),
    ("0,5 jam", K.EXACT, "0.5", U.HOUR, "1/2 jam"),
    ("2.5 jam", K.EXACT, "2.5", U.HOUR, "2,5 jam"),
    ("1.000 menit", K.EXACT, "1000", U.MINUTE, "1.000 menit"),
    ("0.125 jam", K.EXACT, "0.125", U.HOUR, "0,125 jam"),
    ("maks 14 hari", K.MAX, "14", U.DAY, "maks 14 hari"),
    ("Maksimal 3 hari kerja", K.MAX, "3", U.WORKING_DAY, "maks 3 hari kerja"),
    ("Paling lama 2 jam", K.MAX, "2", U.HOUR, "maks 2 jam"),
    ("± 5 Jam", K.APPROXIMATE, "5", U.HOUR, "± 5 jam"),
    ("+/- 20 menit", K.APPROXIMATE, "20", U.MINUTE, "± 20 menit"),
    ("1 - 3 Hari Kerja", K.RANGE, "3", U.WORKING_DAY, "1–3 hari kerja"),
    ("10–15 menit", K.RANGE, "15", U.MINUTE, "10–15 menit"),
    ("1 hari s/d 3 hari", K.RANGE, "3", U.DAY, "1–3 hari"),
    ("2 menit/berkas", K.RATE, "2", U.MINUTE, "2 menit per berkas"),
    ("15 menit per sampel", K.RATE, "15", U.MINUTE, "15 menit per sampel"),
    ("setiap 3 bulan", K.CADENCE, "3", U.MONTH, "setiap 3 bulan"),
    ("1 bulan (laporan bulanan)", K.CADENCE, "1", U.MONTH, "setiap 1 bulan"),
    ("Setiap hari kerja", K.CADENCE, "1", U.WORKING_DAY, "setiap 1 hari kerja"),
    ("Setiap akhir tahun", K.CADENCE, "1", U.YEAR, "setiap 1 tahun"),
    ("semesteran", K.CADENCE, "6", U.MONTH, "setiap 6 bulan"),
    ("Setiap rapat", K.CADENCE, None, None, "Setiap rapat"),
    ("Kondisional", K.CONDITIONAL, None, None, "Kondisional"),
    ("Sesuai juknis", K.CONDITIONAL, None, None, "Sesuai juknis"),
    ("Tidak Dapat Ditentukan", K.UNDETERMINED, None, None, "Tidak Dapat Ditentukan"),
    ("5 hari kerja 135 menit", K.UNDETERMINED, None, None, "5 hari kerja 135 menit"),
    ("30 Menit Surat", K.UNDETERMINED, None, None, "30 Menit Surat"),
    ("3 - 1 hari", K.UNDETERMINED, None, None, "3 - 1 hari"),
    ("1/0 jam", K.UNDETERMINED, None, None, "1/0 jam"),
    ("30", K.UNDETERMINED, None, None, "30"),
    ("081234567890 menit", K.UNDETERMINED, None, None, "081234567890 menit"),
    ("∞", K.UNBOUNDED, None, None, "tidak terbatas"),
    ("", K.MISSING, None, None, "tidak tercantum"),
    (" – ", K.MISSING, None, None, "tidak tercantum"),
]


@pytest.mark.parametrize(("printed", "kind", "amount", "unit", "told"), PRINTED)
def test_a_printed_time_has_a_meaning_and_words(printed, kind, amount, unit, told):
    read = parse_duration(printed)
    assert (read.kind, read.amount, read.unit) == (kind, amount and Decimal(amount), unit)
    assert read.printed == printed
    assert words(read) == told


def test_a_range_keeps_its_lower_end():
    assert parse_duration("1 - 3 Hari Kerja").least == Decimal(1)


def test_a_rate_tells_for_what():
    assert parse_duration("2 menit/berkas").per == "berkas"


@pytest.mark.parametrize("printed", ["30", "maks 30", "± 30", "10 - 30"])
def test_a_bare_number_takes_the_unit_of_the_heading(printed):
    read = parse_duration(printed, header_unit=U.MINUTE)
    assert (read.amount, read.unit) == (Decimal(30), U.MINUTE)


def test_a_printed_unit_wins_over_the_heading():
    assert parse_duration("2 jam", header_unit=U.MINUTE).unit is U.HOUR


def test_only_a_document_that_says_so_means_calendar_days():
    assert in_calendar_days(parse_duration("60 hari kalender"))
    assert not in_calendar_days(parse_duration("60 hari"))


@given(
    st.one_of(st.text(), st.from_regex(r"(maks|±|setiap)? ?[0-9/,.\- ]{0,12} ?(menit|jam|hari kerja|bulan)?(/| )\w*"))
)
def test_any_text_gives_a_duration_that_keeps_it(printed):
    read = parse_duration(printed, header_unit=U.MINUTE)
    assert read.printed == printed
    assert isinstance(words(read), str)


@given(
    kind=st.sampled_from([K.EXACT, K.MAX, K.APPROXIMATE]),
    amount=st.decimals("0.01", "9999", places=2),
    unit=st.sampled_from(Unit),
)
def test_words_can_be_read_again(kind, amount, unit):
    told = words(Duration(kind, "", amount, unit))
    assert parse_duration(told) == Duration(kind, told, amount, unit)
