"""Tariffs, bills and numbers, by the examples of the field."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.domains.orders import rules
from sopan.domains.orders.rules import NoLine, Quantity, match_line, parse_number

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Row:
    kind: str
    description: str
    measure: str = ""
    unit: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_open: bool = False
    upper_open: bool = False
    valid_from: date = date(2021, 1, 1)
    valid_to: date | None = None


OVEN_SMALL = Row("oven", "Oven ≤ 2.500 L", "Volume", "L", upper=Decimal(2500))
OVEN_LARGE = Row("oven", "Oven > 2.500 L", "Volume", "L", lower=Decimal(2500), lower_open=True)
BALANCE_10 = Row("timbangan", "0–10 kg", "Kapasitas", "kg", lower=Decimal(0), upper=Decimal(10))
BALANCE_150 = Row("timbangan", "11–150 kg", "Kapasitas", "kg", lower=Decimal(11), upper=Decimal(150))
PH = Row("ph-meter", "pH meter")
LINES = [OVEN_SMALL, OVEN_LARGE, BALANCE_10, BALANCE_150, PH]


def kg(value: str) -> Quantity:
    return Quantity(Decimal(value), "kg")


@pytest.mark.parametrize(
    ("kind", "quantity", "line"),
    [
        ("oven", Quantity(Decimal(2500), "L"), OVEN_SMALL),
        ("oven", Quantity(Decimal(2501), "L"), OVEN_LARGE),
        ("oven", Quantity(Decimal("2500.000000001"), "L"), OVEN_LARGE),
        ("oven", Quantity(Decimal(2_500_000), "mL"), OVEN_SMALL),
        ("timbangan", kg("0"), BALANCE_10),
        ("timbangan", kg("10"), BALANCE_10),
        ("timbangan", kg("11"), BALANCE_150),
        ("timbangan", Quantity(Decimal(10_000), "g"), BALANCE_10),
        ("ph-meter", None, PH),
    ],
)
def test_a_value_finds_its_line(kind, quantity, line):
    assert match_line(LINES, kind, quantity, TODAY) is line


@pytest.mark.parametrize(
    ("kind", "quantity", "code"),
    [
        ("timbangan", kg("10.5"), "out-of-range"),
        ("timbangan", kg("150.001"), "out-of-range"),
        ("timbangan", kg("-1"), "out-of-range"),
        ("timbangan", None, "size-missing"),
        ("timbangan", Quantity(Decimal(5), "L"), "unit"),
        ("timbangan", Quantity(Decimal(5), ""), "unit"),
        ("teleskop", None, "unknown-kind"),
    ],
)
def test_a_value_in_no_range_is_said_to_be_in_none(kind, quantity, code):
    found = match_line(LINES, kind, quantity, TODAY)
    assert isinstance(found, NoLine)
    assert (found.code, bool(found)) == (code, False)


def test_the_sentence_names_the_value_that_is_in_no_range():
    found = match_line(LINES, "timbangan", kg("10.5"), TODAY)
    assert found.reason == "Tidak ada baris tarif untuk 10,5 kg."


def test_two_lines_for_one_value_are_told_and_never_settled_silently():
    twice = [*LINES, Row("ph-meter", "pH meter lama")]
    found = match_line(twice, "ph-meter", None, TODAY)
    assert found.code == "ambiguous"
    assert "pH meter; pH meter lama" in found.reason


@pytest.mark.parametrize(
    ("day", "price"),
    [(date(2025, 12, 31), "lama"), (date(2026, 1, 1), "baru"), (date(2026, 12, 31), "baru"), (date(2027, 1, 1), None)],
)
def test_a_line_holds_from_its_first_to_its_last_day(day, price):
    old = Row("oven", "lama", valid_to=date(2025, 12, 31))
    new = Row("oven", "baru", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    found = match_line([old, new], "oven", None, day)
    assert (found.description if found else None) == price
    assert price or found.code == "not-in-force"


@given(st.decimals(min_value=0, max_value=10_000, places=3))
def test_every_volume_of_an_oven_has_exactly_one_line(volume):
    found = match_line(LINES, "oven", Quantity(volume, "L"), TODAY)
    assert found is (OVEN_SMALL if volume <= 2500 else OVEN_LARGE)


@given(st.decimals(min_value=0, max_value=200, places=3))
def test_the_hole_between_the_ranges_of_a_balance_stays_a_hole(capacity):
    found = match_line(LINES, "timbangan", Quantity(capacity, "kg"), TODAY)
    if capacity <= 10:
        assert found is BALANCE_10
    elif 11 <= capacity <= 150:
        assert found is BALANCE_150
    else:
        assert found.code == "out-of-range"


# Numbers as they are typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,5", "10.5"), ("10.5", "10.5"), ("2.500", "2500"), ("1.250.000,75", "1250000.75"), ("2500", "2500"),
        ("-30", "-30"), ("−30", "-30"), (" 0 ", "0"), ("+7", "7"), ("1 250", "1250"),
    ],
)  # fmt: skip
def test_numbers_are_read_the_indonesian_way(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "10 kg", "1e5", "NaN", "Infinity", "1,2,3", "1.2.3", "12.34.567", "=1+1", "<b>1</b>", "٣", "9" * 16,
     "0,1234567891", "--5", "-", "1..5", "\x00", "0x10"],
)  # fmt: skip
def test_what_is_no_number_is_told_as_none(text):
    assert parse_number(text) is None


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_none(text):
    value = parse_number(text)
    assert value is None or value.is_finite()


@given(st.decimals(min_value=-999_999, max_value=999_999, places=3))
def test_what_is_written_is_read_back(value):
    from sopan.ui import formats

    assert parse_number(formats.number(value)) == value


# Bills


@pytest.mark.parametrize("text", ["820261112004412", "8202 6111 2004 412", "820-261-112-004-412"])
def test_a_billing_code_has_fifteen_digits(text):
    assert rules.billing_code(text) == "820261112004412"


@pytest.mark.parametrize("text", ["", "82026111200441", "8202611120044123", "82026111200441X", "٨٢٠٢٦١١١٢٠٠٤٤١٢"])
def test_anything_else_is_no_billing_code(text):
    assert rules.billing_code(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8F21A3K9P0B7C6D5", "8F21A3K9P0B7C6D5"),
        ("8f21 a3k9 p0b7 c6d5", "8F21A3K9P0B7C6D5"),
        ("8F21A3K9P0", None),
        ("8F21A3K9P0B7C6D5X", None),
        ("8F21A3K9P0B7C6D-", None),
    ],
)
def test_an_ntpn_has_sixteen_letters_and_digits(text, value):
    assert rules.ntpn(text) == value


def test_a_bill_expires_to_the_second():
    issued = datetime(2026, 11, 14, 2, 14, 7, tzinfo=UTC)
    ends = rules.expiry(issued, days=7)
    assert ends == issued + timedelta(days=7)
    assert not rules.expired(ends, ends)
    assert rules.expired(ends, ends + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("3750000", "Tiga juta tujuh ratus lima puluh ribu rupiah"),
        ("1000", "Seribu rupiah"),
        ("11", "Sebelas rupiah"),
        ("9000000", "Sembilan juta rupiah"),
    ],
)
def test_amounts_are_written_in_words(amount, words):
    assert rules.amount_in_words(Decimal(amount)) == words


def test_a_survey_with_a_gap_is_incomplete():
    full = dict.fromkeys(rules.ELEMENTS, 4)
    assert rules.missing_answers(full) == []
    assert rules.missing_answers({**full, "sarana": 5, "biaya": 0}) == ["biaya", "sarana"]
    assert len(rules.missing_answers({})) == 9
