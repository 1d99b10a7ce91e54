"""What analysts type, and what it means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.core.flow import Refusal
from sopan.domains.laboratory.numbers import correction_text, parse_condition, parse_number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20,05", "20.05"),
        ("20.05", "20.05"),
        ("20,050", "20.050"),
        ("1.234", "1.234"),  # one mark is the decimal mark
        ("1,234", "1.234"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("-0,3", "-0.3"),
        ("−0,3", "-0.3"),
        ("– 0,3", "-0.3"),
        ("+0,3", "0.3"),
        (",5", "0.5"),
        ("5,", "5"),
        ("0", "0"),
        (" 7 ", "7"),
        ("1,5e-3", "0.0015"),
        ("1.5E3", "1500"),
    ],
)
def test_a_number_is_read_with_comma_or_point(typed: str, meant: str) -> None:
    assert parse_number(typed) == Decimal(meant)


def test_the_decimals_that_were_typed_are_kept() -> None:
    assert str(parse_number("20,050")) == "20.050"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number-missing"),
        ("   ", "number-missing"),
        ("abc", "number-unclear"),
        ("1,2,3", "number-unclear"),
        ("12.34.567", "number-unclear"),
        ("1.23,4,5", "number-unclear"),
        ("12.34,5", "number-unclear"),
        ("1..2", "number-unclear"),
        (".", "number-unclear"),
        ("-", "number-unclear"),
        ("--1", "number-unclear"),
        ("NaN", "number-unclear"),
        ("Infinity", "number-unclear"),
        ("=1+1", "number-unclear"),
        ("20 g", "number-unclear"),
        ("٣", "number-unclear"),
        ("1_000", "number-unclear"),
        ("1e99", "number-large"),
        ("1e999", "number-unclear"),
        ("0,12345678901", "number-large"),
        ("99999999999999,9999999999", "number-large"),  # SQLite would keep 100000000000000, and never give it back
        ("9" * 41, "number-long"),
    ],
)
def test_what_is_no_number_is_told(typed: str, code: str) -> None:
    found = parse_number(typed)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.message


@given(st.text(max_size=60))
def test_every_text_gives_a_number_or_a_refusal(text: str) -> None:
    found = parse_number(text)
    assert isinstance(found, Refusal) or found.is_finite()


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_a_decimal_written_with_a_comma_comes_back(value: Decimal) -> None:
    assert parse_number(f"{value:f}".replace(".", ",")) == value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23,1", "23.1"),
        ("23,1 °C", "23.1"),
        ("23,1 ± 0,5", "23.1"),
        ("55 % RH", "55"),
        ("(55)", None),
        ("23 ± x", None),
    ],
)
def test_conditions_may_carry_a_tolerance(typed: str, meant: str | None) -> None:
    found = parse_condition(typed)
    if meant is None:
        assert isinstance(found, Refusal)
    else:
        assert found == Decimal(meant)


@pytest.mark.parametrize(
    ("reference", "indication", "correction"),
    [
        ("20,00", "20,05", "−0,05"),
        ("20.00", "20.05", "−0.05"),
        ("100", "99,9998", "0,0002"),
        ("100,0000", "100,0000", "0,0000"),
        ("0,3", "0,1", "0,2"),  # exact: no binary fractions
        ("50,00", "50", "0,00"),
    ],
)
def test_the_correction_is_exact_and_keeps_the_finer_decimals(reference: str, indication: str, correction: str) -> None:
    assert correction_text(reference, indication) == correction


def test_no_correction_without_two_numbers() -> None:
    assert isinstance(correction_text("20,0", ""), Refusal)
