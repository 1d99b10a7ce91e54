"""Times as printed -> working minutes and how they are meant."""

from __future__ import annotations

import pytest

from sopan.core.model import Unit
from sopan.exchange.times import read_time, unit_of_heading


@pytest.mark.parametrize(
    ("printed", "minutes", "kind"),
    [
        ("15 Menit", 15, "exact"),
        ("1/4 jam", 15, "exact"),
        ("1,5 jam", 90, "exact"),
        ("24 jam", 1440, "exact"),
        ("2 Hari Kerja", 900, "exact"),
        ("1 hari", 450, "exact"),
        ("1 minggu", 2250, "exact"),
        ("1 bulan", None, "exact"),
        ("1 tahun", None, "exact"),
        ("7 hari kalender", None, "exact"),
        ("maks 14 hari", 6300, "max"),
        ("Paling lama 3 hari kerja", 1350, "max"),
        ("1 hari kerja (maksimal)", 450, "max"),
        ("± 5 Jam", 300, "approx"),
        ("1 - 3 Hari Kerja", 1350, "range"),
        ("30 menit - 1 jam", 60, "range"),
        ("1 jam 30 menit", 90, "exact"),
        ("2 x 24 jam", 2880, "exact"),
        ("90 detik", 1.5, "exact"),
        ("2 menit/berkas", 2, "rate"),
        ("30 menit (per berkas)", 30, "rate"),
        ("60 Menit (1 Jam)", 60, "exact"),
        ("60 Menit (2 Jam)", None, "undetermined"),
        ("Maks 1x24 jam", 1440, "max"),
        ("1 kali 24 jam", 1440, "exact"),
        ("kurang dari 1 jam", 60, "max"),
        ("1 hari kerja setelah berkas lengkap", 450, "exact"),
        ("15 menit sebelum acara", None, "undetermined"),
        ("120 Menit / 3 Hari", None, "undetermined"),
        ("Sesuai juknis", None, "conditional"),
        ("Kondisional", None, "conditional"),
        ("∞", None, "unbounded"),
        ("Tidak Dapat Ditentukan", None, "undetermined"),
        ("Setiap hari kerja", None, "undetermined"),
        ("1 T.A", None, "undetermined"),
        ("", None, "missing"),
        ("-", None, "missing"),
        ("60", None, "undetermined"),
    ],
)
def test_times(printed, minutes, kind):
    reading = read_time(printed)
    assert (reading.minutes, reading.kind, reading.read_as) == (minutes, kind, "")


@pytest.mark.parametrize(
    ("printed", "read_as", "minutes"),
    [
        ("7 harl", "7 hari", 3150),
        ("1O menit", "10 menit", 10),
        ("l jam", "1 jam", 60),
        ("5 menlt", "5 menit", 5),
        ("3 hr", "3 hari", 1350),
        ("+ 10 menit", "± 10 menit", 10),
        (": 10 menit", "10 menit", 10),
        ("1 jam 30 mnt", "1 jam 30 menit", 90),
    ],
)
def test_misread_times_say_what_they_are_taken_for(printed, read_as, minutes):
    reading = read_time(printed)
    assert (reading.read_as, reading.minutes) == (read_as, minutes)


def test_a_time_of_zero_is_no_time():
    reading = read_time("0 menit")
    assert reading.minutes is None
    assert reading.suspicious


def test_the_unit_of_the_head():
    assert unit_of_heading("WAKTU (dalam menit)") is Unit.MINUTE
    assert unit_of_heading("Waktu (hari kerja)") is Unit.WORKING_DAY
    assert unit_of_heading("Waktu") is None
    assert read_time("60", header_unit=Unit.MINUTE).minutes == 60
    assert read_time("2 jam", header_unit=Unit.MINUTE).minutes == 120
