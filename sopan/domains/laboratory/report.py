"""What a report says: a snapshot of one instrument and its approved results, worded in the language of the order.

The contents follow ISO/IEC 17025:2017, 7.8.2 and 7.8.4. Results are printed as they were typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone, translation

from sopan.documents import templates
from sopan.domains.orders.models import Order
from sopan.ui import formats

from .methods.model import SHEET_ROW
from .models import Item, MeasuredPoint, Report, ResultVersion, Verification, WorkOrder
from .numbers import written

TEMPLATE = "laboratory.report"
templates.register(TEMPLATE, Path(__file__).parent / "typst" / "report.typ")

LANGUAGES = {  # of the order -> those of the report, the one that rules first
    Order.Language.INDONESIAN: ("id",),
    Order.Language.ENGLISH: ("en",),
    Order.Language.BOTH: ("id", "en"),
}
LABELS = {  # key -> Indonesian, English
    "title": ("Laporan Hasil Kalibrasi", "Calibration Report"),
    "number": ("Nomor E-LHU", "Report number"),
    "order": ("Nomor order", "Order number"),
    "customer": ("Pelanggan", "Customer"),
    "address": ("Alamat", "Address"),
    "instrument": ("Identitas alat", "Instrument"),
    "name": ("Nama alat", "Name"),
    "make": ("Merek", "Manufacturer"),
    "type": ("Tipe", "Type"),
    "serial": ("Nomor seri", "Serial number"),
    "range": ("Rentang ukur", "Range"),
    "sample": ("Nomor sampel", "Sample number"),
    "condition": ("Kondisi saat diterima", "Condition as received"),
    "received": ("Tanggal diterima", "Date received"),
    "issued": ("Tanggal terbit", "Date of issue"),
    "issued_text": ("tanggal tanda tangan elektronik di bawah", "date of the electronic signature below"),
    "supplied": ("Keterangan dari pelanggan", "Information supplied by the customer"),
    "results": ("Hasil kalibrasi", "Calibration results"),
    "parameter": ("Parameter", "Parameter"),
    "laboratory": ("Laboratorium", "Laboratory"),
    "dates": ("Tanggal kalibrasi", "Date of calibration"),
    "place": ("Tempat kalibrasi", "Place of calibration"),
    "environment": ("Kondisi lingkungan", "Environmental conditions"),
    "temperature": ("suhu", "temperature"),
    "humidity": ("kelembapan relatif", "relative humidity"),
    "method": ("Metode", "Method"),
    "standards": ("Standar yang digunakan", "Standards used"),
    "point": ("Titik ukur", "Point"),
    "unit": ("Satuan", "Unit"),
    "reference": ("Nilai standar", "Reference value"),
    "indication": ("Penunjukan alat", "Indication"),
    "correction": ("Koreksi", "Correction"),
    "note": ("Catatan", "Note"),
    "notes": ("Catatan", "Notes"),
    "formula": ("Koreksi = nilai standar − penunjukan alat.", "Correction = reference value − indication."),
    "authorised": ("Disahkan secara teknis oleh", "Technically authorised by"),
    "only": (
        "Hasil dalam laporan ini hanya berlaku untuk alat yang disebut di atas, dalam keadaan saat dikalibrasi.",
        "The results in this report relate only to the instrument named above, in its state when calibrated.",
    ),
    "copy": (
        "Laporan ini hanya boleh digandakan seutuhnya, kecuali dengan persetujuan tertulis Balai.",
        "This report shall not be reproduced except in full without written approval of the institution.",
    ),
    "end": ("Akhir laporan", "End of report"),
}


def content(report: Report) -> dict[str, Any]:
    """Everything that the template prints, as text. Only approved versions of results are read."""
    order, item = report.order, report.item
    labels = {key: _label(texts, order.language) for key, texts in LABELS.items()}
    words = LANGUAGES[order.language]
    with translation.override(words[0]), timezone.override(order.institution.zone):
        return {
            "language": order.language,
            "labels": labels,
            "institution": templates.letterhead(order.institution),
            "number": report.number,
            "head": _head(report, labels),
            "supplied": _supplied(item, labels),
            "handled": _handled(item, labels, words),
            "parts": [_part(work, labels, words) for work in item.work_orders.select_related("laboratory", "item")],
        }


def _label(texts: tuple[str, str], language: str) -> str:
    """Both where both are asked for; once where they are written alike."""
    told = {"id": texts[0], "en": texts[1]}
    return " / ".join(dict.fromkeys(told[one] for one in LANGUAGES[language]))


def _rows(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, text) for label, text in rows if text]


def _head(report: Report, labels: dict[str, str]) -> list[tuple[str, str]]:
    company = report.order.company
    address = ", ".join(part for part in (" ".join(company.address.split()), company.city) if part)
    return _rows(
        [
            (labels["number"], report.number),
            (labels["order"], report.order.reference),
            (labels["customer"], company.name),
            (labels["address"], address),
            (labels["issued"], labels["issued_text"]),
        ]
    )


def _supplied(item: Item, labels: dict[str, str]) -> list[tuple[str, str]]:
    """What the customer told about the instrument: marked as his, as 7.8.2.2 of the standard wants it."""
    asked = item.order_item
    return _rows(
        [
            (labels["name"], asked.name),
            (labels["make"], asked.make),
            (labels["type"], asked.type),
            (labels["serial"], asked.serial_number),
            (labels["range"], asked.range_text),
        ]
    )


def _handled(item: Item, labels: dict[str, str], words: Sequence[str]) -> list[tuple[str, str]]:
    received = formats.long_dates(item.received_at, words) if item.received_at else ""
    return _rows(
        [(labels["sample"], item.number), (labels["received"], received), (labels["condition"], item.condition)]
    )


def _part(work: WorkOrder, labels: dict[str, str], words: Sequence[str]) -> dict[str, Any]:
    """One parameter. Raises DoesNotExist if its results are not approved: such a report must not be printed."""
    result = work.results.get(version=work.version, state=ResultVersion.State.APPROVED)
    return {
        "facts": _rows(
            [
                (labels["parameter"], work.parameter),
                (labels["laboratory"], str(work.laboratory)),
                (labels["dates"], _period(result.measured_from, result.measured_to, words)),
                (labels["place"], result.place),
                (labels["environment"], _environment(result, labels)),
                (labels["method"], result.method),
                (
                    labels["standards"],
                    "\n".join(line.strip() for line in result.standards.splitlines() if line.strip()),
                ),
            ]
        ),
        "table": _measured(result) if result.method_version_id else _observed(result),
        "notes": result.notes.strip(),
        "authorised": _authorised(result, words),
    }


def _observed(result: ResultVersion) -> list[list[str]]:
    return [
        [row.point, row.unit, row.reference_text, row.indication_text, row.correction, row.note]
        for row in result.observations.all()
    ]


def _measured(result: ResultVersion) -> list[list[str]]:
    """The points as they were printed when the results were handed in; the uncertainty stands beside each."""
    rows = []
    for point in result.points.exclude(row=SHEET_ROW):
        told = point.outcome["printed"]
        correction = Decimal(told["reference"]) - Decimal(told["indication"])
        told = {name: written(text) for name, text in {**told, "correction": f"{correction:f}"}.items()}
        beside = [f"U = {told['U']} {point.unit}; k = {told['k']}", point.note]
        if point.stage != MeasuredPoint.Stage.AS_IS:
            beside.append(point.get_stage_display())
        values = [told["reference"], told["indication"], told["correction"]]
        rows.append([point.point_text, point.unit, *values, "; ".join(part for part in beside if part)])
    return rows


def _period(first: date | None, last: date | None, words: Sequence[str]) -> str:
    days = dict.fromkeys(formats.long_dates(day, words) for day in (first, last) if day)
    return " – ".join(days)


def _environment(result: ResultVersion, labels: dict[str, str]) -> str:
    temperature, humidity = _with_unit(result.temperature_text, "°C"), _with_unit(result.humidity_text, "%")
    return f"{labels['temperature']} {temperature}; {labels['humidity']} {humidity}"


def _with_unit(text: str, unit: str) -> str:
    return text if unit[-1] in text else f"{text} {unit}"


def _authorised(result: ResultVersion, words: Sequence[str]) -> str:
    last = result.verifications.filter(level=2, decision=Verification.Decision.ACCEPTED).last()
    if last is None:
        return ""
    who = f"{last.name}, {last.position}" if last.position else last.name
    return f"{who}, {formats.long_dates(last.at, words)}"
