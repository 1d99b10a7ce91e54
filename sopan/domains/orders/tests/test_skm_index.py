"""The satisfaction index by its published vectors, and what must never come out of it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.domains.orders.rules import ELEMENTS
from sopan.domains.orders.skm import index as skm

CODES = tuple(ELEMENTS)


@pytest.mark.parametrize(
    ("mean", "value", "grade"),
    [
        ("4", "100.00", "A"),
        ("3.532", "88.30", "B"),
        ("3.5324", "88.31", "A"),
        ("2.5996", "64.99", "D"),
        ("2.60", "65.00", "C"),
        ("3.064", "76.60", "C"),
        ("3.0644", "76.61", "B"),
        ("1", "25.00", "D"),
    ],
)
def test_nine_equal_means_give_the_published_value_and_class(mean, value, grade):
    assert skm.of_means([Decimal(mean)] * 9)[1:] == (Decimal(value), grade)


def test_a_weight_of_eleven_hundredths_would_miss_the_top():
    assert Decimal(4) * 9 * Decimal("0.11") * 25 == Decimal("99.00")
    assert skm.index([dict.fromkeys(CODES, 4)], codes=CODES).value == Decimal("100.00")


def test_sums_and_means_of_each_element_are_told_by_code():
    found = skm.index([dict.fromkeys(CODES, 4), {**dict.fromkeys(CODES, 3), "biaya": 1}], codes=CODES)
    by_code = {element.code: (element.total, element.mean) for element in found.elements}
    assert by_code["biaya"] == (5, Fraction(5, 2))
    assert by_code["sarana"] == (7, Fraction(7, 2))
    assert (found.respondents, found.value, found.grade) == (2, Decimal("84.72"), "B")


def test_the_order_of_the_elements_changes_nothing():
    rows = [{code: place % 4 + 1 for place, code in enumerate(CODES)}]
    assert skm.index(rows, codes=CODES).value == skm.index(rows, codes=CODES[::-1]).value


def test_without_respondents_there_is_no_index():
    assert skm.index([], codes=CODES) is None


@pytest.mark.parametrize("wrong", [0, 5, -1, True, 2.5, "4"])
def test_an_answer_outside_of_the_scale_is_not_counted(wrong):
    with pytest.raises(ValueError, match="biaya"):
        skm.index([{**dict.fromkeys(CODES, 4), "biaya": wrong}], codes=CODES)


@pytest.mark.parametrize("value", ["24.99", "100.01", "0"])
def test_a_value_that_no_survey_can_give_has_no_class(value):
    with pytest.raises(ValueError, match="not from"):
        skm.grade(Decimal(value))


@given(st.lists(st.fixed_dictionaries({code: st.integers(1, 4) for code in CODES}), min_size=1, max_size=40))
def test_the_index_is_the_plain_mean_of_the_means(rows):
    found = skm.index(rows, codes=CODES)
    total = Fraction(sum(sum(row.values()) for row in rows), 9 * len(rows))
    assert found.mean == total
    assert abs(Fraction(found.value) - total * 25) <= Fraction(1, 200)
    assert skm.grade(found.value) == found.grade


@pytest.mark.parametrize(
    ("population", "nearest", "enough"),
    [
        (10, 10, 10), (15, 14, 15), (20, 19, 20), (25, 24, 24), (30, 28, 28), (35, 32, 33), (60, 52, 53), (70, 59, 60),
        (100, 80, 80), (150, 108, 109), (180, 123, 123), (200, 132, 132), (250, 152, 152), (450, 207, 208),
        (500, 217, 218), (1000, 278, 278), (1500, 306, 306), (5000, 357, 357), (10000, 370, 370), (50000, 381, 382),
        (1000000, 384, 384),
    ],
)  # fmt: skip
def test_the_sample_of_krejcie_and_morgan(population, nearest, enough):
    assert (skm.printed(population), skm.target(population)) == (nearest, enough)


def test_the_sample_of_nobody_is_nothing_and_of_one_is_one():
    assert (skm.target(0), skm.target(1)) == (0, 1)
    with pytest.raises(ValueError, match="at least one"):
        skm.sample_size(0)
