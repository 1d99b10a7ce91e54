"""Published evaluations, reproduced to the printed digits. Each names where its numbers are printed."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sopan.measurement.budget import coverage_factor, evaluate
from sopan.measurement.formula import parse
from sopan.measurement.inputs import quantity
from sopan.measurement.monte_carlo import Simulated, simulate
from sopan.measurement.report import budget_of

GAUGE_BLOCK = {
    "model": "l = ls + d0 + d1 + d2 - ls*(d_alpha*(theta_bar + Delta) + alpha_s*d_theta)",
    "inputs": {
        "ls": {"value": 50000623, "u": 25, "dof": 18},
        "d0": {"value": 215, "u": 5.8, "dof": 24},
        "d1": {"value": 0, "u": 3.9, "dof": 5},
        "d2": {"value": 0, "u": 6.7, "dof": 8},
        "alpha_s": {"value": 1.15e-5, "distribution": "uniform", "half_width": 2e-6},
        "theta_bar": {"value": -0.1, "u": 0.2},
        "Delta": {"value": 0, "distribution": "arcsine", "half_width": 0.5},
        "d_alpha": {"value": 0, "distribution": "uniform", "half_width": 1e-6, "dof": 50},
        "d_theta": {"value": 0, "distribution": "uniform", "half_width": 0.05, "dof": 2},
    },
    "p": 0.99,
}
VOLTS = [5.007, 4.994, 5.005, 4.990, 4.999]
MILLIAMPERES = [19.663, 19.639, 19.640, 19.685, 19.678]
RADIANS = [1.0456, 1.0438, 1.0468, 1.0428, 1.0433]


def same(found: float, printed: str) -> None:
    """Equal in the digits that are printed."""
    digits = len(printed.split(".")[1].split("e")[0]) if "." in printed else 0
    scale = 10 ** int(printed.split("e")[1]) if "e" in printed else 1
    assert abs(found - float(printed)) <= (0.5 + 1e-9) * scale * 10**-digits, f"{found} is not {printed}"


def found(model: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return budget_of({"model": model, "inputs": inputs, **more})


def drawn(model: str, inputs: dict[str, Any], **more: Any) -> Simulated:
    return simulate(parse(model), {name: quantity(name, told) for name, told in inputs.items()}, **more)


# JCGM 100:2008, annex H -----------------------------------------------------------------------------------------------


def test_h1_end_gauge_block() -> None:
    block = budget_of(GAUGE_BLOCK)
    same(block["value"], "50000838")
    same(block["u"], "32")
    assert math.floor(block["dof"]) == 16
    same(block["k"], "2.92")
    same(block["U"], "92")  # printed as 93, from u already rounded to 32
    contributions = {line["name"]: line["contribution"] for line in block["budget"]}
    for name, printed in {
        "ls": "25",
        "d_theta": "16.6",
        "d2": "6.7",
        "d0": "5.8",
        "d1": "3.9",
        "d_alpha": "2.9",
    }.items():
        same(contributions[name], printed)
    assert contributions["alpha_s"] == contributions["theta_bar"] == 0


def test_h1_difference_of_the_comparison_alone() -> None:
    inputs = {name: GAUGE_BLOCK["inputs"][name] for name in ("d0", "d1", "d2")}  # type: ignore[index]
    difference = found("d0 + d1 + d2", inputs)
    same(difference["u"], "9.7")
    same(difference["dof"] * (9.7 / difference["u"]) ** 4, "25.6")  # printed from u already rounded to 9.7


def correlation(a: list[float], b: list[float]) -> float:
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    both = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    return both / math.sqrt(sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b))


@pytest.mark.parametrize(
    ("model", "value", "u"),
    [("V/I*cos(phi)", "127.732", "0.071"), ("V/I*sin(phi)", "219.847", "0.2956"), ("V/I", "254.260", "0.236")],
    ids=["resistance", "reactance", "impedance"],
)
def test_h2_simultaneous_resistance_and_reactance(model: str, value: str, u: str) -> None:
    r_vi, r_vphi = correlation(VOLTS, MILLIAMPERES), correlation(VOLTS, RADIANS)
    r_iphi = correlation(MILLIAMPERES, RADIANS)
    same(r_vi, "-0.36"), same(r_vphi, "0.86"), same(r_iphi, "-0.65")
    impedance = found(
        model,
        {"V": {"readings": VOLTS}, "I": {"readings": [i / 1000 for i in MILLIAMPERES]}, "phi": {"readings": RADIANS}},
        correlations=[["V", "I", r_vi], ["V", "phi", r_vphi], ["I", "phi", r_iphi]],
    )
    same(impedance["value"], value)
    same(impedance["u"], u)
    assert round(impedance["dof"], 6) == 4


def test_h3_correction_of_a_thermometer_at_30_degrees() -> None:
    """The line's intercept and slope at 20 °C, with their correlation: -0.1712(29), 0.00218(67), r = -0.930."""
    predicted = found(
        "y1 + y2*(t - 20)",
        {"y1": {"value": -0.1712, "u": 0.0029, "dof": 9}, "y2": {"value": 0.00218, "u": 0.00067, "dof": 9}, "t": 30},
        correlations=[["y1", "y2", -0.930]],
    )
    same(predicted["value"], "-0.1494")
    same(predicted["u"], "0.0041")
    assert round(predicted["dof"], 6) == 9


def test_h5_mean_of_the_daily_means_of_a_zener_standard() -> None:
    means = [
        10.000172,
        10.000116,
        10.000013,
        10.000144,
        10.000106,
        10.000031,
        10.000060,
        10.000125,
        10.000163,
        10.000041,
    ]
    standard = found("V", {"V": {"readings": means}})
    same(standard["value"], "10.000097")
    same(standard["u"] * math.sqrt(10) * 1e6, "57")
    assert standard["dof"] == 9


# JCGM 101:2008 and 102:2011 -------------------------------------------------------------------------------------------


def test_s1_9_2_sums_of_four_quantities() -> None:
    normal = {name: {"value": 0, "u": 1} for name in "abcd"}
    same(found("a+b+c+d", normal)["u"], "2.0")
    by_draws = drawn("a+b+c+d", normal)
    same(by_draws.u, "2.0"), same(by_draws.interval[0], "-3.9"), same(by_draws.interval[1], "3.9")
    flat = {name: {"value": 0, "distribution": "uniform", "half_width": math.sqrt(3)} for name in "abcd"}
    by_draws = drawn("a+b+c+d", flat)
    same(by_draws.u, "2.0")
    assert by_draws.interval == pytest.approx((-3.88, 3.88), abs=0.015)


def test_s1_9_2_4_one_dominant_rectangle() -> None:
    inputs = {name: {"value": 0, "distribution": "uniform", "half_width": math.sqrt(3)} for name in "abc"}
    inputs["d"] = {"value": 0, "distribution": "uniform", "half_width": 10 * math.sqrt(3)}
    by_draws = drawn("a+b+c+d", inputs)
    assert by_draws.u == pytest.approx(10.15, abs=0.02)
    assert by_draws.interval == pytest.approx((-17.0, 17.0), abs=0.05)
    linear = found("a+b+c+d", inputs)
    assert any("JCGM 101" in warning for warning in linear["warnings"]), "the linear interval would be ±19.9"


def test_s1_9_3_mass_calibration_where_the_first_order_misses_the_air_density() -> None:
    model = "(mR + dm)*(1 + (rho_a - 1.2)*(1/rho_w - 1/rho_r)) - 100000"
    inputs = {
        "mR": {"value": 100000.0, "u": 0.05},
        "dm": {"value": 1.234, "u": 0.02},
        "rho_a": {"value": 1.2, "distribution": "uniform", "half_width": 0.1},
        "rho_w": {"value": 8000, "distribution": "uniform", "half_width": 1000},
        "rho_r": {"value": 8000, "distribution": "uniform", "half_width": 50},
    }
    linear = found(model, inputs)
    same(linear["u"], "0.0539")
    assert (linear["value"] - linear["U"], linear["value"] + linear["U"]) == pytest.approx((1.1285, 1.3395), abs=1e-4)
    same(linear["monte_carlo"]["u"], "0.0755")
    by_draws = drawn(model, inputs)
    assert by_draws.shortest == pytest.approx((1.0839, 1.3832), abs=0.002)
    assert any("JCGM 101" in warning for warning in linear["warnings"])


def test_s1_9_5_gauge_block_by_draws() -> None:
    inputs: Any = GAUGE_BLOCK["inputs"]
    by_draws = drawn(str(GAUGE_BLOCK["model"]), inputs, p=0.99)
    assert by_draws.value - 50000000 == pytest.approx(838, abs=0.5)
    assert by_draws.u == pytest.approx(36, abs=0.5)
    assert by_draws.interval == pytest.approx((50000745, 50000932), abs=1.5)


def test_s2_9_2_polar_form_of_a_small_vector() -> None:
    inputs = {"re": {"value": 0.001, "u": 0.01}, "im": {"value": 0, "u": 0.01}}
    magnitude, phase = found("sqrt(re^2 + im^2)", inputs), found("atan(im/re)", inputs)
    same(magnitude["u"], "0.010")
    same(phase["u"], "10.0")
    same(magnitude["monte_carlo"]["value"], "0.013")
    same(magnitude["monte_carlo"]["u"], "0.007")
    assert magnitude["warnings"]
    assert phase["warnings"]


# NIST, NPL, EURACHEM ---------------------------------------------------------------------------------------------------


def test_nist_tn_1900_e13_thermal_expansion() -> None:
    rod = found(
        "(L1 - L0)/(L0*(T1 - T0))",
        {
            "L0": {"value": 1.4999, "u": 0.0001, "dof": 3},
            "T0": {"value": 288.15, "u": 0.02, "dof": 3},
            "L1": {"value": 1.5021, "u": 0.0002, "dof": 3},
            "T1": {"value": 373.10, "u": 0.05, "dof": 3},
        },
    )
    same(rod["value"], "1.7266e-05")
    same(rod["u"], "1.76e-06")


def test_npl_dem_es_011_logarithm() -> None:
    logarithm = found("log(x)", {"x": {"value": 0.6, "distribution": "uniform", "half_width": 0.5}})
    same(logarithm["value"], "-0.511")
    same(logarithm["u"], "0.481")
    assert logarithm["monte_carlo"]["value"] == pytest.approx(-0.665, abs=0.002)
    assert logarithm["monte_carlo"]["u"] == pytest.approx(0.606, abs=0.002)
    assert any("JCGM 101" in warning for warning in logarithm["warnings"])


def test_eurachem_a1_cadmium_calibration_standard() -> None:
    standard = found(
        "1000*m*P/(100 + dV_flask + dV_T + dV_rep)",
        {
            "m": {"value": 100.28, "u": 0.05},
            "P": {"value": 0.9999, "distribution": "uniform", "half_width": 0.0001},
            "dV_flask": {"value": 0, "distribution": "triangular", "half_width": 0.1},
            "dV_T": {"value": 0, "distribution": "uniform", "half_width": 0.084},
            "dV_rep": {"value": 0, "u": 0.02},
        },
    )
    same(standard["value"], "1002.7")
    same(standard["u"], "0.835199")
    contributions = {line["name"]: line["contribution"] for line in standard["budget"]}
    printed = {"m": "0.49995", "dV_T": "0.486284", "dV_flask": "0.40935", "dV_rep": "0.20054", "P": "0.0578967"}
    for name, digits in printed.items():
        same(contributions[name], digits)


def test_eurachem_a2_sodium_hydroxide() -> None:
    solution = found(
        "1000*rep*m*P/(M*V)",
        {
            "rep": {"value": 1, "u": 0.0005},
            "m": {"value": 0.3888, "u": 0.00013},
            "P": {"value": 1, "distribution": "uniform", "half_width": 0.0005},
            "M": {"value": 204.2212, "u": 0.0038},
            "V": {"value": 18.64, "u": 0.013},
        },
    )
    same(solution["value"], "0.10214")
    same(solution["u"], "0.00010")


def test_eurachem_a3_acid_base_titration() -> None:
    flat: Any = {"value": 0, "distribution": "uniform"}
    slope: Any = {"value": 0, "distribution": "triangular"}
    acid = found(
        "1000*R*(0.3888 + gross - tare)*P*(14.89 + cal2 + temp2)"
        "/((18.64 + cal1 + temp1)*(8*C + 5*H + 4*O + K)*(15 + cal + temp))",
        {
            "R": {"value": 1, "u": 0.001},
            "tare": flat | {"half_width": 0.00015},
            "gross": flat | {"half_width": 0.00015},
            "P": flat | {"value": 1, "half_width": 0.0005},
            "cal2": slope | {"half_width": 0.03},
            "temp2": flat | {"half_width": 15 * 2.1e-4 * 4},
            "cal1": slope | {"half_width": 0.03},
            "temp1": flat | {"half_width": 19 * 2.1e-4 * 4},
            "C": flat | {"value": 12.0107, "half_width": 0.0008},
            "H": flat | {"value": 1.00794, "half_width": 0.00007},
            "O": flat | {"value": 15.9994, "half_width": 0.0003},
            "K": flat | {"value": 39.0983, "half_width": 0.0001},
            "cal": slope | {"half_width": 0.02},
            "temp": flat | {"half_width": 15 * 2.1e-4 * 4},
        },
    )
    same(acid["value"], "0.10139")
    same(acid["u"], "0.0001843")
    contributions = {line["name"]: line["contribution"] for line in acid["budget"]}
    for name, digits in {"R": "1.01387e-04", "cal2": "8.33938e-05", "temp1": "5.01198e-05", "C": "1.83443e-06"}.items():
        same(contributions[name], digits)


# Student's t ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dof", "p", "printed"),
    [
        (1, 0.95, "12.71"),
        (4, 0.95, "2.78"),
        (9, 0.95, "2.26"),
        (16, 0.99, "2.92"),
        (50, 0.95, "2.01"),
        (math.inf, 0.95, "1.960"),
    ],
)
def test_coverage_factors_of_table_g2(dof: float, p: float, printed: str) -> None:
    same(coverage_factor(dof, p), printed)


def test_degrees_of_freedom_are_cut_to_an_integer() -> None:
    assert coverage_factor(16.99, 0.95) == coverage_factor(16, 0.95)
    budget = evaluate(parse("a"), {"a": quantity("a", {"value": 1, "u": 1, "dof": 1.9})})
    assert budget.k == coverage_factor(1, 0.95)
