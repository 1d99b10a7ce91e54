"""The six kinds: what the customer says of the instrument, and what a spreadsheet holds of its measurement.

The spreadsheets are those of the worked examples. Data stands on their first page; on the second everything is computed by
formulas that can be read, which ``Spreadsheet`` evaluates without any code of the product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from sopan.domains.laboratory.methods.load import load, shipped
from sopan.domains.laboratory.methods.model import Method
from sopan.domains.laboratory.tests.spreadsheet import Spreadsheet

FOLDER = Path(__file__).resolve().parent.parent.parent / "sopan/domains/laboratory/tests/worked"
OTHER = "lainnya"  # a kind that the tariff does not name


@dataclass(frozen=True)
class Kind:
    """``code`` names the method and its spreadsheet, ``kind`` the tariff's kind, ``typed`` what the customer types."""

    code: str
    kind: str
    typed: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.typed["name"]

    @cached_property
    def method(self) -> Method:
        """The shipped method: it knows the labels of what is typed."""
        found = load(shipped()[self.code], file=f"{self.code}.yaml")
        assert isinstance(found, Method), found
        return found

    def standard(self, slot: str) -> str:
        """The code of the standard whose certificate holds what the spreadsheet holds."""
        return f"LK-{self.code}-{slot}"

    @cached_property
    def sheet(self) -> Spreadsheet:
        return Spreadsheet(FOLDER / f"{self.code}.xlsx")

    @cached_property
    def told(self) -> dict[str, dict[str, list[Any]]]:
        """The page "Data" by kind of row and name."""
        found: dict[str, dict[str, list[Any]]] = {}
        for kind, name, *values in self.sheet.rows("Data"):
            found.setdefault(kind, {})[name] = values
        return found

    def data(self, kind: str) -> dict[str, list[str]]:
        """Rows of one kind, their numbers as plain decimals with a point."""
        return {name: [plain(value) for value in values] for name, values in self.told.get(kind, {}).items()}

    @property
    def unit(self) -> str:
        return str(self.told["unit"]["unit"][0])

    @property
    def point(self) -> str:
        return self.data("point")["point"][0]

    def certificate(self, slot: str) -> list[dict[str, str]]:
        """The values of the certificate of a standard; one that is told at two points has a row more."""
        rows = [self.data("standard")[slot], *self.data("standard2").values()]
        keys = ("from", "to", "unit", "correction", "U", "k", "drift")
        return [dict(zip(keys, row, strict=True)) for row in rows]

    def certified(self) -> dict[str, str]:
        """What the certificate must print, computed from the second page alone: U with two digits, the rest to its place."""
        page = self.sheet.book["Anggaran"]
        named = {cell.value: cell.row for cell in page["A"] if cell.value}
        cells = {
            name: Decimal(repr(self.sheet.value("Anggaran", f"B{named[name]}")))
            for name in ("reference", "indication", "error", "U", "k")
        }
        place = Decimal(1).scaleb(cells["U"].adjusted() - 1)
        rounded = {name: value.quantize(place, ROUND_HALF_UP) for name, value in cells.items()}
        rounded["k"] = cells["k"].quantize(Decimal("0.01"), ROUND_HALF_UP)
        return {name: f"{value if value else abs(value):f}" for name, value in rounded.items()}


def plain(value: Any) -> str:
    return f"{Decimal(repr(value)):f}" if isinstance(value, int | float) else str(value)


KINDS = (
    Kind(
        "neraca-elektronik",
        "neraca-analitik",
        {
            "name": "Neraca analitik", "make": "Contoh Timbang", "type": "NA-220", "serial_number": "NA220-0061",
            "range_lower_text": "0", "range_upper_text": "220", "range_unit": "g", "points": "200 g",
        },
    ),
    Kind(
        "anak-timbangan",
        "anak-timbangan-m",
        {
            "name": "Anak timbangan 10 kg", "make": "Contoh Massa", "type": "M1", "serial_number": "AT10-0062",
            "size_text": "10", "size_unit": "kg", "points": "10000 g",
        },
    ),
    Kind(
        "termometer",
        OTHER,
        {
            "name": "Termometer digital", "make": "Contoh Suhu", "type": "TD-3", "serial_number": "TD3-0063",
            "range_lower_text": "0", "range_upper_text": "100", "range_unit": "°C", "points": "50 °C",
        },
    ),
    Kind(
        "enklosur",
        "oven",
        {
            "name": "Oven laboratorium", "make": "Contoh Panas", "type": "OV-53", "serial_number": "OV53-0064",
            "size_text": "53", "size_unit": "L", "range_lower_text": "30", "range_upper_text": "250", "range_unit": "°C",
            "points": "105 °C",
        },
    ),
    Kind(
        "manometer",
        OTHER,
        {
            "name": "Manometer 10 bar", "make": "Contoh Tekan", "type": "MN-10", "serial_number": "MN10-0065",
            "range_lower_text": "0", "range_upper_text": "10", "range_unit": "bar", "points": "6 bar",
        },
    ),
    Kind(
        "ph-meter",
        "ph-meter",
        {
            "name": "pH meter", "make": "Contoh Kimia", "type": "PH-7", "serial_number": "PH7-0066",
            "range_lower_text": "0", "range_upper_text": "14", "range_unit": "pH", "points": "7 pH",
        },
    ),
)  # fmt: skip
# Shipped too, and not one of the six of that order.
VOLUME = Kind(
    "volume-gravimetri",
    OTHER,
    {
        "name": "Mikropipet 1000 µL", "make": "Contoh Volume", "type": "MP-1000", "serial_number": "MP1000-0067",
        "range_lower_text": "100", "range_upper_text": "1000", "range_unit": "µL", "points": "1000 µL",
    },
)  # fmt: skip
