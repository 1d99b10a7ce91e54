"""Instruments that demo customers send, with what they type about them and what the laboratory reads on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sopan.domains.laboratory.operations.results import Reading, Sheet


@dataclass(frozen=True)
class Instrument:
    """``readings``: point, reference, indication as an analyst types them."""

    kind: str
    typed: dict[str, str]
    laboratory: str
    unit: str
    readings: tuple[tuple[str, str, str], ...]
    method: str
    standards: str
    accessories: str = "Adaptor daya, buku manual"
    notes: str = field(default="")

    def sheet(self, day: date, *, visit: int = 1) -> Sheet:
        """The results sheet; a second visit corrects the last reading."""
        rows = [Reading(point, self.unit, reference, indication) for point, reference, indication in self.readings]
        if visit > 1:
            last = rows[-1]
            rows[-1] = Reading(last.point, last.unit, last.reference_text, last.reference_text, "Diukur ulang")
        return Sheet(
            rows=rows,
            measured_from=day,
            measured_to=day,
            place="Laboratorium Kalibrasi",
            temperature_text="20,3 ± 0,4",
            humidity_text="52 ± 3",
            method=self.method,
            standards=self.standards,
            notes=self.notes,
        )


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
    "g",
    (("50", "50,00003", "50,0001"), ("100", "100,00002", "100,0002"), ("200", "200,00007", "200,0003")),
    "IK-KAL-01, perbandingan dengan anak timbangan standar",
    "Anak timbangan standar kelas E2, no. seri AT-E2-07",
)
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
    "°C",
    (("60", "60,4", "60,0"), ("105", "105,9", "105,0"), ("180", "181,2", "180,0")),
    "IK-KAL-04, sembilan titik sensor",
    "Perekam suhu standar dengan termokopel tipe K, no. seri RS-11",
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
    "pH",
    (("4", "4,005", "4,01"), ("7", "7,000", "7,02"), ("10", "10,012", "10,03")),
    "IK-KAL-07, larutan penyangga bersertifikat",
    "Larutan penyangga pH 4, 7, 10 bersertifikat",
)
