"""Budgets: how inputs are read, what is refused, and what holds for every linear model."""

from __future__ import annotations

import io
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.measurement.budget import evaluate
from sopan.measurement.formula import FormulaError, parse
from sopan.measurement.inputs import InputError, Quantity, quantity
from sopan.measurement.report import budget_of
from sopan.measurement.rounding import reported, significant


def test_readings_are_evaluated_by_type_a() -> None:
    found = quantity("t", {"readings": [20.1, "20,2", 20.3, 20.2]})
    assert found.value == pytest.approx(20.2)
    assert found.u == pytest.approx(0.0408248, abs=1e-7)
    assert found.dof == 3


@pytest.mark.parametrize(
    ("distribution", "divisor"), [("uniform", 3), ("triangular", 6), ("arcsine", 2), ("normal", 1.959963984540054**2)]
)
def test_half_widths_are_divided_as_the_distribution_asks(distribution: str, divisor: float) -> None:
    found = quantity("x", {"value": 1, "distribution": distribution, "half_width": 0.6})
    assert found.u == pytest.approx(0.6 / math.sqrt(divisor))
    assert math.isinf(found.dof)


@pytest.mark.parametrize(
    "told",
    [
        {"value": "x"},
        {"value": math.nan},
        {"value": 1, "u": -1},
        {"value": 1, "u": math.inf},
        {"value": 1e400},
        {"value": True},
        {"value": None, "u": 1},
        {"u": 1},
        {"value": 1, "u": 1, "dof": 0},
        {"value": 1, "u": 1, "dof": "many"},
        {"value": 1, "u": 1, "half_width": 1},
        {"value": 1, "half_width": 1, "distribution": "gauss"},
        {"value": 1, "u": 1, "distribution": "uniform"},
        {"value": 1, "half_width": -1},
        {"value": 1, "sigma": 1},
        {"readings": [1]},
        {"readings": []},
        {"readings": "1 2 3"},
        {"readings": [1, None]},
        {"readings": [1, 2], "dof": 5},
        [1, 2],
        "1 ± 2",
        None,
    ],
)
def test_an_input_that_cannot_be_evaluated_is_refused_by_its_name(told: Any) -> None:
    with pytest.raises(InputError, match="^mass"):
        quantity("mass", told)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"model": "a+b", "inputs": {"a": 1}}, "^b:"),
        ({"model": "1/a", "inputs": {"a": 0}}, "no value"),
        ({"model": "sqrt(a)", "inputs": {"a": {"value": -1, "u": 0.1}}}, "no value"),
        ({"model": "a^0.5", "inputs": {"a": -1}}, "not real"),
        ({"model": "exp(a)", "inputs": {"a": 1e5}}, "no value"),
        ({"model": "a", "inputs": {"a": 1}, "p": 1}, "probability"),
        ({"model": "a", "inputs": {"a": 1}, "p": "high"}, "^p is"),
        ({"model": "a", "inputs": []}, "object"),
        (
            {"model": "a+b", "inputs": {"a": {"value": 1, "u": 1}, "b": 1}, "correlations": [["a", "c", 0.5]]},
            "c is not",
        ),
        ({"model": "a+b", "inputs": {"a": 1, "b": 1}, "correlations": [["a", "b", 1.5]]}, "from -1 to 1"),
        ({"model": "a+b", "inputs": {"a": 1, "b": 1}, "correlations": [["a", "b", 0.1], ["b", "a", 0.2]]}, "twice"),
        ({"model": "a+b", "inputs": {"a": 1, "b": 1}, "correlations": ["ab"]}, "is not"),
        ({"model": "a", "inputs": {"a": 1}, "unit": "g"}, "'unit'"),
        ({"inputs": {}}, "model"),
        ([], "model"),
    ],
)
def test_a_budget_that_cannot_be_is_refused_with_the_reason(told: Any, what: str) -> None:
    with pytest.raises(InputError, match=what):
        budget_of(told)


def test_correlations_that_cannot_all_be_true_are_refused() -> None:
    inputs = {name: {"value": 1, "u": 1} for name in "abc"}
    pairs = [["a", "b", 1], ["b", "c", 1], ["a", "c", -1]]
    with pytest.raises(InputError, match="together"):
        budget_of({"model": "a+b+c", "inputs": inputs, "correlations": pairs})


def test_correlated_inputs_of_different_degrees_of_freedom_take_the_smallest_and_say_so() -> None:
    inputs = {"a": {"value": 1, "u": 1, "dof": 4}, "b": {"value": 1, "u": 1}}
    found = budget_of({"model": "a+b", "inputs": inputs, "correlations": [["a", "b", 1]]})
    assert found["u"] == pytest.approx(2)
    assert found["dof"] == pytest.approx(4)
    assert any("smallest" in warning for warning in found["warnings"])


def test_what_the_model_does_not_use_is_told() -> None:
    assert budget_of({"model": "a", "inputs": {"a": 1, "b": 2}})["warnings"] == ["b: the model does not use it."]


def test_a_model_of_exact_numbers_has_no_uncertainty() -> None:
    found = budget_of({"model": "2*a", "inputs": {"a": 3}})
    assert (found["value"], found["u"], found["U"], found["dof"]) == (6, 0, 0, None)
    assert found["budget"] == [{"name": "a", "u": 0.0, "c": 2.0, "contribution": 0.0, "dof": None}]


def test_a_sensitivity_that_vanishes_is_seen_by_the_draws() -> None:
    found = budget_of({"model": "x^2", "inputs": {"x": {"value": 0, "u": 1}}})
    assert found["u"] == 0
    assert found["monte_carlo"]["u"] == pytest.approx(math.sqrt(2), abs=0.01)
    assert any("JCGM 101" in warning for warning in found["warnings"])


numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 6))
positive = st.floats(1e-3, 1e3).map(lambda x: round(x, 6))


@settings(max_examples=50, deadline=None)
@given(c=st.tuples(numbers, numbers), u=st.tuples(positive, positive), r=st.floats(-1, 1))
def test_two_correlated_inputs_follow_the_law_of_propagation(
    c: tuple[float, float], u: tuple[float, float], r: float
) -> None:
    """JCGM 100:2008, 5.2.2, equation 16."""
    inputs = {"a": Quantity("a", 1, u[0]), "b": Quantity("b", 2, u[1])}
    found = evaluate(parse(f"({c[0]})*a + ({c[1]})*b"), inputs, correlations={("a", "b"): r})
    a, b = c[0] * u[0], c[1] * u[1]
    assert found.u == pytest.approx(math.sqrt(max(0, a * a + b * b + 2 * r * a * b)), rel=1e-6, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(us=st.lists(st.tuples(positive, st.integers(1, 50)), min_size=1, max_size=6))
def test_degrees_of_freedom_lie_between_the_smallest_and_the_sum(us: list[tuple[float, int]]) -> None:
    """JCGM 100:2008, G.4.1."""
    inputs = {f"x{at}": Quantity(f"x{at}", 1, u, dof) for at, (u, dof) in enumerate(us)}
    found = evaluate(parse("+".join(inputs)), inputs)
    assert min(dof for _, dof in us) - 1e-6 <= found.dof <= sum(dof for _, dof in us) + 1e-6


# As it is reported ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "u", "printed"),
    [
        ("50000838.049", "92.483", ("50000838", "92")),
        ("1.23449", "0.0996", ("1.23", "0.10")),
        ("1.23449", "0.0994", ("1.234", "0.099")),
        ("12.345", "0.125", ("12.35", "0.13")),
        ("100.0005", "0", ("100.0005", "0")),
        ("1234.5", "123", ("1.23E+3", "1.2E+2")),
        ("-0.00012345", "0.0000123", ("-0.000123", "0.000012")),
    ],
)
def test_an_uncertainty_has_two_digits_and_the_value_ends_where_it_ends(
    value: str, u: str, printed: tuple[str, str]
) -> None:
    assert tuple(map(str, reported(Decimal(value), Decimal(u)))) == printed


@given(
    number=st.decimals(min_value=Decimal("1e-9"), max_value=Decimal("1e9"), allow_nan=False), digits=st.integers(1, 4)
)
def test_significant_digits_are_as_many_as_asked(number: Decimal, digits: int) -> None:
    shown = significant(number, digits)
    assert len(shown.as_tuple().digits) == digits
    assert abs(shown - number) <= Decimal("0.5").scaleb(shown.as_tuple().exponent)  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "u"), [("1", "-1"), ("NaN", "1"), ("1", "Infinity")])
def test_what_is_no_result_is_not_reported(value: str, u: str) -> None:
    with pytest.raises(ValueError, match="cannot be reported"):
        reported(Decimal(value), Decimal(u))


# The command ----------------------------------------------------------------------------------------------------------

LENGTH = {"model": "L = a + b", "inputs": {"a": {"readings": [10.1, 10.2, 10.3]}, "b": {"value": 0, "u": 0.1}}}


def run(*args: str) -> str:
    said = io.StringIO()
    call_command("budget", *args, stdout=said)
    return said.getvalue()


def test_the_command_prints_json_and_a_table(tmp_path: Path) -> None:
    file = tmp_path / "length.json"
    file.write_text(json.dumps(LENGTH))
    told = json.loads(run(str(file), "--json"))
    assert set(told) == {"value", "u", "dof", "k", "U", "budget", "monte_carlo", "warnings"}
    assert told == budget_of(LENGTH)
    assert "U = k u" in run(str(file))


@pytest.mark.parametrize("text", ["{", "[]", '{"model": "a(", "inputs": {}}', "null", '"x"', "[" * 100_000])
def test_the_command_refuses_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text)
    with pytest.raises(CommandError) as refused:
        run(str(file))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "none.json"))


def test_a_formula_is_refused_at_its_place() -> None:
    with pytest.raises(FormulaError, match="character 3"):
        budget_of({"model": "a+*b", "inputs": {}})
