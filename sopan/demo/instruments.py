"""Instruments that demo customers send, with what they type about them and what the laboratory reads on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sopan.domains.laboratory.models import EquipmentCertificate, MethodVersion
from sopan.domains.laboratory.operations.measuring import Measured, PointTyped


@dataclass(frozen=True)
class Instrument:
    """``points``: what is read at each point, by column; ``whole``: what is read once; ``standards``: codes of equipment
    by slot of the method, ``instruments``: those that read the conditions."""

    kind: str
    typed: dict[str, str]
    laboratory: str
    method: str
    unit: str
    points: tuple[tuple[str, Mapping[str, tuple[str, ...]]], ...]
    standards: Mapping[str, str]
    fields: Mapping[str, str]
    whole: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accessories: str = "Adaptor daya, buku manual"
    instruments: Mapping[str, str] = field(default_factory=lambda: {"env-climate": "BNT-02"})

    def measured(self, version: MethodVersion, day: date, *, visit: int = 1) -> Measured:
        """The sheet as the analyst types it; on a second visit the last point is read again."""
        points = [PointTyped(point=point, readings=readings) for point, readings in self.points]
        if visit > 1:
            column, texts = next(iter(self.points[-1][1].items()))
            again = {**self.points[-1][1], column: (*texts[:-1], texts[0] if len(texts) > 1 else self.points[-1][0])}
            points[-1] = PointTyped(point=self.points[-1][0], readings=again, note="Diukur ulang")
        return Measured(
            method=version,
            unit=self.unit,
            points=points,
            whole=self.whole,
            fields=self.fields,
            standards={slot: [_newest(version.institution_id, code)] for slot, code in self.standards.items()},
            instruments={slot: _newest(version.institution_id, code) for slot, code in self.instruments.items()},
            measured_from=day,
            measured_to=day,
            place="Laboratorium Kalibrasi",
            temperature_text="22,3 ± 0,4",
            humidity_text="52 ± 3",
            change_reason="Diukur ulang setelah dikembalikan" if visit > 1 else "",
        )


def _newest(institution_id: int, code: str) -> EquipmentCertificate:
    rows = EquipmentCertificate.objects.filter(equipment__institution=institution_id, equipment__code=code)
    return rows.select_related("equipment").latest("version")


BALANCE = Instrument(
    "neraca-analitik",
    {
        "name": "Neraca analitik",
        "make": "Contoh Timbang",
        "type": "NA-220",
        "serial_number": "NA220-0417",
        "range_lower_text": "0",
        "range_upper_text": "220",
        "range_unit": "g",
        "points": "50; 100; 200 g",
    },
    "massa-suhu",
    "neraca-elektronik",
    "g",
    (
        ("50", {"indication": ("50,0001",)}),
        ("100", {"indication": ("100,0002",)}),
        ("200", {"indication": ("200,0003",)}),
    ),
    {"weight": "STD-M-01"},
    {"resolution": "0,0001", "ecc_load": "100", "drift_share": "1", "buoyancy": "0,5", "mpe": "0,001"},
    {
        "rep": ("100,0001", "100,0002", "100,0002", "100,0000", "100,0001", "100,0003"),
        **{f"ecc_{n}": (t,) for n, t in enumerate(("100,0001", "100,0003", "99,9999", "100,0000", "100,0002"), 1)},
    },
)


def _chamber(point: float) -> dict[str, tuple[str, ...]]:
    """Nine sensors around a point, five readings each, and the indication that stays where it was set."""
    offsets, waves = (0.1, 0.6, 0.9, 0.4, 0.7, 1.1, 0.2, 0.5, 0.8), (0.0, 0.2, -0.1, 0.1, -0.2)
    found = {
        f"s{n}": tuple(f"{point + offset + wave:.1f}".replace(".", ",") for wave in waves)
        for n, offset in enumerate(offsets, 1)
    }
    return {"ind": tuple([f"{point:.0f}"] * 4 + [f"{point + 1:.0f}"]), **found}


OVEN = Instrument(
    "oven",
    {
        "name": "Oven laboratorium",
        "make": "Contoh Panas",
        "type": "OV-53",
        "serial_number": "OV53-1120",
        "size_text": "53",
        "size_unit": "L",
        "range_lower_text": "30",
        "range_upper_text": "250",
        "range_unit": "°C",
        "points": "60; 105; 180 °C",
    },
    "massa-suhu",
    "enklosur",
    "°C",
    tuple((point, _chamber(float(point))) for point in ("60", "105", "180")),
    {"logger": "STD-T-01"},
    {"res_standard": "0,1", "resolution": "1", "radiation": "0,1", "mpe": "5"},
)
PH_METER = Instrument(
    "ph-meter",
    {
        "name": "pH meter",
        "make": "Contoh Kimia",
        "type": "PH-7",
        "serial_number": "PH7-0093",
        "range_lower_text": "0",
        "range_upper_text": "14",
        "range_unit": "pH",
        "points": "4; 7; 10 pH",
    },
    "massa-suhu",
    "ph-meter",
    "pH",
    (
        ("4", {"ph": ("4,01", "4,01", "4,02", "4,01", "4,01")}),
        ("7", {"ph": ("7,02", "7,02", "7,03", "7,02", "7,02")}),
        ("10", {"ph": ("10,03", "10,03", "10,02", "10,03", "10,04")}),
    ),
    {"buffer": "STD-K-01"},
    {"resolution": "0,01", "temp_limit": "0,5", "temp_effect": "0,003", "mpe": "0,05"},
)
