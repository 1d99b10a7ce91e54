"""The format of methods: what it takes, and that every mistake is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as settings_of_django
from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.domains.laboratory.methods import wording
from sopan.domains.laboratory.methods.load import examine, load, shipped
from sopan.domains.laboratory.methods.model import Method
from sopan.domains.laboratory.methods.standards import known_at
from sopan.domains.laboratory.methods.units import factor

PH = shipped()["ph-meter"]


@pytest.mark.parametrize("code", sorted(shipped()))
def test_every_shipped_method_is_one(code: str) -> None:
    method = examine(shipped()[code], file=f"{code}.yaml")
    assert isinstance(method, Method), method
    assert method.code == code
    assert {"temperature", "humidity"} <= set(method.environment)
    assert all(norm.name for norm in method.norms)


# What is changed in a good file, and a part of what is told.
MISTAKES = {
    "unknown key": ("resolution: {label", "resolution: {labell: x, label", "labell"),
    "unknown name in a formula": ("half_width: buffer_drift", "half_width: buffer_drif", "buffer_drif"),
    "no formula": ("half_width: buffer_drift", "half_width: 'buffer_drift +'", "formula ends"),
    "a function that is none": (
        "half_width: buffer_drift",
        "half_width: 'eval(buffer_drift)'",
        "'eval' is no function",
    ),
    "a name taken twice": ("ph_mean: {mean: ph}", "resolution: {mean: ph}", "taken"),
    "a reserved name": ("ph_mean: {mean: ph}", "point: {mean: ph}", "taken"),
    "a quantity told in two ways": ("ph_mean: {mean: ph}", "ph_mean: {mean: ph, stdev: ph}", "2 ways"),
    "an input told in two ways": ("u: buffer_u", "u: buffer_u, half_width: buffer_U", "u and half_width"),
    "an input that the model leaves out": ("pb + keep + temp", "pb + temp", "does not use the input 'keep'"),
    "a number that is none": ('from: "20"', "from: dua puluh", "dua puluh"),
    "a comma in a number": ('from: "20"', 'from: "20,5"', "20,5"),
    "repeats that are none": ("repeats: 5", "repeats: 0", "0"),
    "no model": ('model: "C = pb + keep + temp - px - res"', "", "no model"),
    "an unknown distribution": ("half_width: buffer_drift", "half_width: buffer_drift, distribution: flat", "flat"),
    "an unknown condition": ("humidity:", "wind:", "wind"),
    "another format": ("format: 1", "format: 2", "2"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(mistake: str) -> None:
    old, new, told = MISTAKES[mistake]
    assert PH.count(old) >= 1
    problems = load(PH.replace(old, new, 1), file="ph-meter.yaml")
    assert not isinstance(problems, Method)
    assert any(told in f"{one.what} {one.fix}" for one in problems), [str(one) for one in problems]
    assert all(one.line >= 1 for one in problems)


# What has the right form, but cannot be meant, and a part of what the screen tells.
def senseless_texts() -> dict[str, tuple[str, str]]:
    alone = re.sub(r", (u|half_width): (\"[^\"]*\"|[a-z_]+)", "", PH.replace("readings: ph}", "value: ph_mean}"))
    return {
        "an environment without room": (PH.replace('from: "20"', 'from: "99"', 1), "from lebih besar daripada to"),
        "a default that nobody could type": (
            PH.replace("resolution: {label", "resolution: {default: kecil, label", 1), "default berisi “kecil”",
        ),
        "a standard deviation of one reading": (PH.replace("repeats: 5", "repeats: 1", 1), "tidak mempunyai simpangan baku"),
        "a probability over one": (PH + '\np: "95.45"\n', "angka antara 0 dan 1"),
        "a budget without uncertainty": (alone, "Tidak ada masukan yang berketidakpastian"),
    }  # fmt: skip


@pytest.mark.parametrize("mistake", sorted(senseless_texts()))
def test_what_cannot_be_meant_is_not_put_in_force(mistake: str) -> None:
    text, told = senseless_texts()[mistake]
    assert isinstance(load(text), Method)  # versions from before these were asked stay readable
    problems = examine(text)
    assert not isinstance(problems, Method)
    assert [told in wording.problem(one) for one in problems] == [True] * len(problems)


def test_a_fault_of_a_formula_is_told_at_its_line() -> None:
    text = PH.replace("half_width: buffer_drift", "half_width: buffer_drif").replace("- px - res", "- px - ress + res")
    problems = load(text)
    assert not isinstance(problems, Method)
    lines = text.splitlines()
    assert ["buffer_drif}" in lines[problems[0].line - 1], lines[problems[1].line - 1].startswith("model:")] == [
        True,
        True,
    ]


OTHER_MISTAKES = (
    "", "a", "[1]", "- a", "a: &x 1", "a: !x 1", "a: 1\n---\nb: 2", "format: 1\nformat: 1", "{[a]: 1}", "a: \x07", "code: [1, 2]",
    "fields: 1", "readings: {1a: {label: x}}", "units: []", "a: " + "[" * 20, "'", "kinds: {a: 1}",
)  # fmt: skip


@pytest.mark.parametrize("text", [*(PH.replace(old, new, 1) for old, new, _told in MISTAKES.values()), *OTHER_MISTAKES])
def test_on_the_screen_every_mistake_is_told_in_indonesian(text: str) -> None:
    problems = load(text, file="method.yaml")
    assert not isinstance(problems, Method) and problems
    for one in problems:
        said = wording.problem(one)
        assert not said.startswith("Isi baris ini"), one
        assert not set(re.sub("“.*?”", "", said).split()) & {"The", "is", "Write", "this", "known", "a", "here"}, said


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PH) - 1), st.integers(0, 40), st.text(max_size=12))
def test_no_mistake_is_without_words(at: int, length: int, put: str) -> None:
    found = load(PH[:at] + put + PH[at + length :], file="x.yaml")
    told = [] if isinstance(found, Method) else [wording.problem(one) for one in found]
    assert not [one for one in told if one.startswith("Isi baris ini")]


def test_all_mistakes_are_told_at_once() -> None:
    text = PH.replace("half_width: buffer_drift", "half_width: nothing").replace("u: buffer_u", "u: neither")
    problems = load(text, file="ph-meter.yaml")
    assert {word for word in ("nothing", "neither") if any(word in one.what for one in problems)} == {
        "nothing",
        "neither",
    }


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(PH) - 1), st.integers(0, 40), st.text(max_size=12))
def test_no_text_raises(at: int, length: int, put: str) -> None:
    found = load(PH[:at] + put + PH[at + length :], file="x.yaml")
    assert isinstance(found, Method) or found


# Certificates ----------------------------------------------------------------------------------------------------------

VALUES = [
    {"from": "1", "to": "1", "unit": "g", "correction": "0.00001", "U": "0.00003", "k": "2"},
    {"from": "2", "to": "2", "unit": "g", "correction": "0.00002", "U": "0.00004", "k": "2"},
    {"from": "0", "to": "5", "unit": "g", "correction": "0", "U": "0.001", "k": "2"},
]


def test_a_point_goes_before_a_range() -> None:
    assert known_at(VALUES, 1, unit="g").expanded == 0.00003
    assert known_at(VALUES, 1.5, unit="g").expanded == 0.001
    assert known_at(VALUES, 6, unit="g") is None


def test_a_certificate_in_grams_serves_milligrams() -> None:
    found = known_at(VALUES, 1000, unit="mg")
    assert (found.value, found.expanded) == pytest.approx((1000.01, 0.03))
    assert known_at(VALUES, 1, unit="bar") is None


def test_weights_laid_together_add_their_uncertainties() -> None:
    found = known_at(VALUES[:2], 3, unit="g", combine=True)
    assert (found.value, found.expanded) == pytest.approx((3.00003, 0.00007))
    assert known_at(VALUES[:2], 4, unit="g", combine=True) is None  # each weight is there once


def test_between_two_points_the_correction_follows_a_line() -> None:
    found = known_at(VALUES[:2], 1.5, unit="g", interpolate=True)
    assert (found.correction, found.expanded) == pytest.approx((0.000015, 0.00004))
    assert known_at(VALUES[:2], 1.5, unit="g") is None


def test_units_that_do_not_belong_together() -> None:
    assert factor("g", "mL") is None
    assert float(factor("bar", "kPa")) == 100
    assert float(factor("ul", "mL")) == 0.001


def test_the_example_of_the_documentation_is_a_method() -> None:
    page = (Path(settings_of_django.BASE_DIR) / "docs/howto/add-a-method.md").read_text()
    example = page.split("```yaml\n")[1].split("```")[0]
    assert isinstance(load(example, file="ph-meter.yaml"), Method)
