"""Each shipped method against a spreadsheet in which the same is computed by visible formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopan.domains.laboratory.methods import compute
from sopan.domains.laboratory.methods.load import load, shipped
from sopan.domains.laboratory.methods.model import Method
from sopan.domains.laboratory.methods.standards import known_at

from .spreadsheet import Spreadsheet

FOLDER = Path(__file__).parent / "worked"
METHODS = sorted(shipped())


class Example:
    """The data of a worked example, as the product takes it and as the spreadsheet computes it."""

    def __init__(self, code: str) -> None:
        self.sheet = Spreadsheet(FOLDER / f"{code}.xlsx")
        self.method = load(shipped()[code], file=f"{code}.yaml")
        assert isinstance(self.method, Method), self.method
        self.told: dict[str, dict[str, list]] = {}
        for kind, name, *values in self.sheet.rows("Data"):
            self.told.setdefault(kind, {})[name] = values
        self.budget = {row[0]: row[1:] for row in self.sheet.rows("Anggaran") if row}

    @property
    def unit(self) -> str:
        return str(self.told["unit"]["unit"][0])

    @property
    def point(self) -> float:
        return float(self.told["point"]["point"][0])

    def readings(self) -> dict[str, list[float]]:
        return self.told["reading"] | self.told.get("sheet_reading", {})

    def given(self) -> dict[str, float]:
        told = self.told["field"] | self.told["environment"]
        return {name: float(values[0]) for name, values in told.items()}

    def certificate(self, slot: str) -> list[dict[str, str]]:
        rows = [self.told["standard"][slot], *self.told.get("standard2", {}).values()]
        keys = ("from", "to", "unit", "correction", "U", "k", "drift")
        return [{key: str(value) for key, value in zip(keys, row, strict=True)} for row in rows]

    def computed(self) -> compute.Row:
        readings = self.readings()
        numbers = compute.before_standards(
            self.method, self.point, readings, compute.sheet_numbers(self.method, readings, self.given())
        )
        standards = {}
        for slot in self.method.standards:
            at = compute.place_of(slot.at, numbers, slot.name)
            unit = self.told["standard"][slot.name][2]
            known = known_at(
                self.certificate(slot.name), at, unit=unit, interpolate=slot.interpolate, combine=slot.combine
            )
            assert known is not None
            standards[slot.name] = known
        return compute.row_of(self.method, readings, numbers, standards)


@pytest.mark.parametrize("code", METHODS)
def test_the_budget_is_that_of_the_spreadsheet(code: str) -> None:
    example = Example(code)
    row = example.computed()
    for line in row.budget.lines:
        estimate, u, *rest = example.budget[line.name]
        assert line.value == pytest.approx(estimate, rel=1e-12, abs=1e-15), line.name
        assert line.u == pytest.approx(u, rel=1e-9, abs=1e-15), line.name
        assert line.contribution == pytest.approx(_contribution(example, line.name), rel=1e-5, abs=1e-15), line.name
    assert {line.name for line in row.budget.lines} == set(example.budget) - {
        "hasil", "u", "dof", "k", "U", "reference", "indication", "error",
    }  # fmt: skip


def _contribution(example: Example, name: str) -> float:
    sheet = example.sheet.book["Anggaran"]
    line = next(cell.row for cell in sheet["A"] if cell.value == name)
    return float(example.sheet.value("Anggaran", f"F{line}"))


@pytest.mark.parametrize("code", METHODS)
def test_the_result_is_that_of_the_spreadsheet(code: str) -> None:
    example = Example(code)
    row = example.computed()
    out = {name: values[0] for name, values in example.budget.items() if len(values) == 1}
    assert row.budget.value == pytest.approx(out["hasil"], rel=1e-12)
    assert row.budget.u == pytest.approx(out["u"], rel=1e-6)
    assert row.budget.k == pytest.approx(out["k"], rel=1e-4)
    assert row.expanded == pytest.approx(out["U"], rel=1e-4)
    for name in ("reference", "indication", "error"):
        assert getattr(row, name) == pytest.approx(out[name], rel=1e-12, abs=1e-12)


def test_the_weight_of_ea_4_02_is_what_the_publication_prints() -> None:
    """EA-4/02 M, supplement 2: 10 000,025 g ± 59 mg."""
    row = Example("anak-timbangan").computed()
    assert (round(row.indication, 3), round(row.budget.u, 4), round(row.expanded, 3)) == (10000.025, 0.0293, 0.059)


Z = {  # ISO 8655-6, as printed in the manual of a pipette maker: µL/mg at 101.3 kPa
    20.0: 1.0029, 21.0: 1.0031, 22.0: 1.0033, 23.0: 1.0035,
}  # fmt: skip


@pytest.mark.parametrize("temperature", Z)
def test_the_factor_z_is_that_of_the_published_table(temperature: float) -> None:
    example = Example("volume-gravimetri")
    example.told["environment"] |= {"temperature": [temperature], "humidity": [50], "pressure": [1013]}
    example.told["reading"]["water"] = [temperature]
    example.told["standard"]["thermometer"][:4] = [temperature, temperature, "°C", 0]
    example.told["field"] |= {"expansion": [0]}
    assert example.computed().shown["z"] == pytest.approx(Z[temperature], abs=1.01e-4)


@pytest.mark.parametrize("code", METHODS)
def test_the_spreadsheet_shows_how_it_computes(code: str) -> None:
    cells = [
        cell.value for row in Spreadsheet(FOLDER / f"{code}.xlsx").book["Anggaran"].iter_rows(min_row=2) for cell in row
    ]
    formulas = [value for value in cells if isinstance(value, str) and value.startswith("=")]
    assert len(formulas) >= 4 * len(Example(code).method.inputs)
