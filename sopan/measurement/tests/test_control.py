"""Control charts fire at the patterns that their rules name, and at nothing else; scores mean what the standards say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopan.measurement.control import (
    Limits,
    en_score,
    limits,
    nelson,
    repeat_limit,
    westgard,
    z_score,
    zeta_score,
)

CHART = Limits(mean=10, s=0.5)


def fired(found: list) -> list[tuple[str, bool, tuple[int, ...]]]:
    return [(signal.rule, signal.rejects, signal.points) for signal in found]


def values(*z: float) -> list[float]:
    return [CHART.at(one) for one in z]


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        ((0, 1.9, -1.9), []),
        ((2.1,), [("1-2s", False, (0,))]),
        ((0, -3.1), [("1-3s", True, (1,))]),
        ((2.2, 2.3), [("1-2s", False, (0,)), ("1-2s", False, (1,)), ("2-2s", True, (0, 1))]),
        ((2.2, -2.2), [("1-2s", False, (0,)), ("1-2s", False, (1,)), ("R-4s", True, (0, 1))]),
        ((1.1, 1.2, 1.1, 1.3), [("4-1s", True, (0, 1, 2, 3))]),
        ((1.1, 1.2, 0.9, 1.3), []),
        ((0.1,) * 10, [("10x", True, tuple(range(10)))]),
        ((-0.1,) * 9, []),
    ],
)
def test_westgard(z: tuple[float, ...], expected: list) -> None:
    assert fired(westgard(values(*z), CHART)) == expected


@pytest.mark.parametrize(
    ("rule", "z", "points"),
    [
        ("Nelson 1", (0, 3.1), (1,)),
        ("Nelson 2", (0.2,) * 9, tuple(range(9))),
        ("Nelson 3", (-1, -0.5, 0, 0.5, 0.9, 1.3), tuple(range(6))),
        ("Nelson 4", (0.1, -0.1) * 7, tuple(range(14))),
        ("Nelson 5", (2.1, 0, 2.2), (0, 1, 2)),
        ("Nelson 6", (1.1, 1.2, 0, 1.3, 1.1), tuple(range(5))),
        ("Nelson 7", (0.5, -0.4, 0.9) * 5, tuple(range(15))),
        ("Nelson 8", (1.5, -1.2, 1.1, -1.4, -1.3, 1.2, 1.9, -1.8), tuple(range(8))),
    ],
)
def test_nelson(rule: str, z: tuple[float, ...], points: tuple[int, ...]) -> None:
    assert (rule, True, points) in fired(nelson(values(*z), CHART))
    shorter = values(*z[:-1])
    assert rule not in [signal.rule for signal in nelson(shorter, CHART)]


@given(st.lists(st.floats(-4, 4), max_size=40))
def test_a_mirrored_chart_fires_the_same_rules(z: list[float]) -> None:
    assert fired(westgard(z, Limits(0, 1))) == fired(westgard([-one for one in z], Limits(0, 1)))
    assert fired(nelson(z, Limits(0, 1))) == fired(nelson([-one for one in z], Limits(0, 1)))


def test_limits_are_mean_and_standard_deviation_and_provisional_below_twenty() -> None:
    found = limits([10.0, 10.2, 9.8, 10.1, 9.9, 10.0, 10.0])
    assert found.mean == pytest.approx(10)
    assert found.s == pytest.approx(0.129099, abs=1e-6)
    assert found.provisional
    assert not limits([10.0, 10.2] * 10).provisional


@pytest.mark.parametrize("wrong", [[], [1.0] * 6, [1.0] * 20])
def test_limits_are_not_made_from_too_little(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="need|spread"):
        limits(wrong)


def test_scores_of_proficiency_tests() -> None:
    assert z_score(10.3, 10, 0.1).verdict == "unsatisfactory"
    assert z_score(10.25, 10, 0.1).verdict == "questionable"
    assert z_score(9.8, 10, 0.1).verdict == "satisfactory"
    assert zeta_score(10.3, 0.1, 10, 0.1).value == pytest.approx(2.1213, abs=1e-4)
    assert zeta_score(10.3, 0.1, 10, 0.1).verdict == "questionable"
    assert en_score(10.3, 0.2, 10, 0.2).value == pytest.approx(1.0607, abs=1e-4)
    assert en_score(10.3, 0.2, 10, 0.2).verdict == "unsatisfactory"
    assert en_score(10.2, 0.2, 10, 0.2).verdict == "satisfactory"
    for wrong in (lambda: z_score(1, 1, 0), lambda: zeta_score(1, 0, 1, 0), lambda: en_score(1, 0, 1, float("nan"))):
        with pytest.raises(ValueError, match="above 0"):
            wrong()


def test_repeats_differ_by_no_more_than_the_critical_range() -> None:
    assert repeat_limit(0.1) == pytest.approx(0.28)
    assert repeat_limit(0.1, 4) == pytest.approx(0.36)
    with pytest.raises(ValueError, match="2 to 10"):
        repeat_limit(0.1, 11)
