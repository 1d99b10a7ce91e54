"""Risk against numbers that others published, and statements of conformity at their edges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sopan.measurement.conformity import Outcome, judge, worst
from sopan.measurement.risk import global_risk, guard_factor, specific_risk, spread_of

# Draft NCSLI RP-19, measurement with a quarter of the spread of the instruments: share in tolerance -> false accept in %,
# of all instruments and of the accepted ones.
RP19 = {
    0.60: (4.83860326, 8.26008199), 0.70: (3.92234109, 5.72322042), 0.80: (2.85583037, 3.63227145),
    0.90: (1.59995312, 1.79880430), 0.95: (0.87100925, 0.92389664), 0.99: (0.19991684, 0.20243866),
}  # fmt: skip


@pytest.mark.parametrize(("share", "percent"), RP19.items())
def test_false_accept_of_rp_19(share: float, percent: tuple[float, float]) -> None:
    spread = spread_of(share, limit=1)
    found = global_risk(limit=1, spread=spread, u=spread / 4)
    accepted = share - found.false_reject + found.false_accept
    assert 100 * found.false_accept == pytest.approx(percent[0], abs=1e-6)
    assert 100 * found.false_accept / accepted == pytest.approx(percent[1], abs=1e-6)


def test_deaver_with_two_sigma_limits() -> None:
    found = global_risk(limit=1, spread=1 / 2, u=1 / 8)
    assert (round(found.false_accept, 3), round(found.false_reject, 3)) == (0.008, 0.015)


def test_deaver_with_a_guard_band() -> None:
    found = global_risk(limit=1, spread=1 / 2, u=1 / 4, acceptance=0.91)
    assert (round(found.false_accept, 3), round(found.false_reject, 3)) == (0.008, 0.066)


@pytest.mark.parametrize(("mean", "risk"), [(10, 0.01242), (10.5, 0.10574)])
def test_specific_risk_of_two_limits(mean: float, risk: float) -> None:
    assert specific_risk(mean, 0.4, lower=9, upper=11) == pytest.approx(risk, abs=5e-6)


def test_guard_bands_at_tur_2_5() -> None:
    found = [guard_factor(2.5, way=way) for way in ("rss", "w=u", "rp10")]
    assert found == pytest.approx([0.9165151, 0.6, 0.85], abs=1e-7)


def test_w_is_u_keeps_the_specific_risk_of_a_pass_under_2_5_percent() -> None:
    """ILAC-G8, table 1: w = U, one-sided: at most 2.5 % where the value lies on the acceptance limit."""
    assert specific_risk(1 - 0.2, 0.1, upper=1) == pytest.approx(0.02275, abs=1e-5)


def test_without_uncertainty_the_answer_is_sure() -> None:
    assert (specific_risk(1, 0, lower=-1, upper=1), specific_risk(1.1, 0, lower=-1, upper=1)) == (0, 1)


D = Decimal
EDGES = [  # error, limit, guard, answer: both sides of every edge
    ("0.5", "0.5", "0", Outcome.PASS), ("0.51", "0.5", "0", Outcome.FAIL), ("-0.5", "0.5", "0", Outcome.PASS),
    ("-0.51", "0.5", "0", Outcome.FAIL), ("0.40", "0.5", "0.1", Outcome.PASS), ("-0.40", "0.5", "0.1", Outcome.PASS),
    ("0.41", "0.5", "0.1", Outcome.CONDITIONAL_PASS), ("0.50", "0.5", "0.1", Outcome.CONDITIONAL_PASS),
    ("0.51", "0.5", "0.1", Outcome.CONDITIONAL_FAIL), ("-0.60", "0.5", "0.1", Outcome.CONDITIONAL_FAIL),
    ("0.61", "0.5", "0.1", Outcome.FAIL), ("0", "0.5", "0.6", Outcome.CONDITIONAL_PASS),
]  # fmt: skip


@pytest.mark.parametrize(("error", "limit", "guard", "answer"), EDGES)
def test_a_statement_at_its_edges(error: str, limit: str, guard: str, answer: Outcome) -> None:
    assert judge(D(error), limit=D(limit), guard=D(guard)) is answer


@pytest.mark.parametrize(
    ("error", "limit", "guard"), [("NaN", "1", "0"), ("0", "0", "0"), ("0", "-1", "0"), ("0", "1", "-1")]
)
def test_what_cannot_be_judged_is_refused(error: str, limit: str, guard: str) -> None:
    with pytest.raises(ValueError):
        judge(D(error), limit=D(limit), guard=D(guard))


def test_an_instrument_is_as_good_as_its_worst_point() -> None:
    assert worst([Outcome.PASS, Outcome.CONDITIONAL_FAIL, Outcome.CONDITIONAL_PASS]) is Outcome.CONDITIONAL_FAIL
    assert worst([]) is None
