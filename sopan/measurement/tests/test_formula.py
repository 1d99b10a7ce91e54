"""What a technical manager may write as a model, and what is refused."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.measurement.formula import FUNCTIONS, FormulaError, parse

PLAIN: Any = {name: getattr(math, name, math.log) for name in FUNCTIONS}


def value(text: str, **values: float) -> float:
    return float(parse(text).evaluate(values, PLAIN))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2*3", 7),
        ("(1 + 2)*3", 9),
        ("8/4/2", 1),
        ("10 - 4 - 3", 3),
        ("2^3^2", 512),
        ("2**3", 8),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("--3", 3),
        ("2 − 3", -1),
        ("6 ÷ 4 × 2", 3),
        ("2·3", 6),
        ("1.5e-3*1E3", 1.5),
        (".5 + 5.", 5.5),
        ("sqrt(16) + exp(0)", 5),
        ("log(exp(2)) + ln(exp(1)) + log10(1000)", 6),
        ("cos(pi)", -1),
    ],
)
def test_the_arithmetic_of_school(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected)


def test_the_names_are_the_inputs_in_their_order_and_the_result_has_its_own() -> None:
    formula = parse("l = ls + d − ls*(δα*θ + alpha_s*dθ) + pi")
    assert formula.result == "l"
    assert formula.names == ("ls", "d", "δα", "θ", "alpha_s", "dθ")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 0),
        ("1 +", 3),
        ("(1 + 2", 0),
        ("1 + 2)", 5),
        ("a b", 2),
        ("2a", 1),
        ("a, b", 1),
        ("a = b = c", 6),
        ("f(2)", 0),
        ("__import__('os')", 11),
        ("a.b", 1),
        ("a[0]", 1),
        ("a if b else c", 2),
        ("lambda: 1", 6),
        ("1;2", 1),
        ("“a”", 0),
        ("x\x00", 1),
    ],
)
def test_everything_else_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text)
    assert refused.value.at == at


@pytest.mark.parametrize("text", ["(" * 5_000, "2" + "^2" * 2_000, "-" * 4_999 + "1", "1" + "+1" * 2_400, "x" * 5_001])
def test_a_hostile_formula_ends_in_an_answer(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError:
        return
    assert math.isfinite(value(text)) and formula.names == ()


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        parse(text)
    except FormulaError as refused:
        assert 0 <= refused.at <= len(text)


@given(st.text(alphabet="0123456789.+-*/()eabx ^", max_size=40))
def test_what_parses_names_all_its_inputs(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError:
        return
    with suppress(ArithmeticError, ValueError):  # no value there; but never a name that is missing
        formula.evaluate(dict.fromkeys(formula.names, 2.0), PLAIN)
