"""A DCC from elsewhere, read as the certificate of a standard: versions 2 and 3 of the schema, XML or inside of a PDF.

What is read: number, laboratory, day, and the points with correction, U and k. How long the certificate is good for is no
part of a DCC: the laboratory decides it. Whatever is not understood is refused by name; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from sopan.core.flow import Refusal

from . import agreement, schema
from .units import plain
from .xml import DCC, SI, Element

LARGEST = 10_000_000  # bytes
NS = {"dcc": DCC, "si": SI}
VERSIONS = ("2.", "3.")
# Words of the good practice -> what they are here. The value of a standard is told in one of these ways.
WORDS = {
    "basic_nominalValue": "nominal", "basic_referenceValue": "reference", "basic_measuredValue": "measured",
    "basic_measurementError": "error", "basic_correction": "correction", "basic_measurementCorrection": "correction",
}  # fmt: skip


class _NoValues(ValueError):
    """A table that cannot be read; its text is for the person."""


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    """What a DCC tells of a standard; ``values`` as ``EquipmentCertificate`` keeps them."""

    number: str
    issuer: str
    calibrated_on: date
    serials: tuple[str, ...]
    name: str
    values: tuple[Mapping[str, str], ...]


def read(content: bytes) -> ReadCertificate | Refusal:
    """The certificate in a DCC, or in the PDF that carries one. Total: any bytes give a certificate or a refusal.

    Refusals: too-large, no-dcc, not-xml, document-type, not-a-dcc, version, no-head, no-values, values.
    """
    if len(content) > LARGEST:
        return _no("too-large", _("Berkas ini terlalu besar."))
    if content.startswith(b"%PDF-"):
        found = _inside(content)
        if found is None:
            return _no("no-dcc", _("PDF ini tidak memuat sertifikat digital (DCC)."))
        content = found
    if (
        b"<!DOCTYPE" in content
        or b"<!ENTITY" in content
        or "<!DOCTYPE".encode("utf-16-le") in content
        or "<!DOCTYPE".encode("utf-16-be") in content
    ):
        return _no("document-type", _("Berkas XML dengan DOCTYPE atau ENTITY tidak diterima."))
    try:
        root = etree.fromstring(content, schema.parser())
    except (etree.LxmlError, ValueError):
        return _no("not-xml", _("Berkas ini bukan XML yang utuh."))
    return _read(root)


def _no(code: str, message: str) -> Refusal:
    return Refusal(code, message, "file")


def _inside(content: bytes) -> bytes | None:
    try:
        return agreement.embedded(content)
    except Exception:  # a broken file makes the reader fail in any way it likes
        return None


def _read(root: Element) -> ReadCertificate | Refusal:
    if root.getroottree().docinfo.doctype:
        return _no("document-type", _("Berkas XML dengan DOCTYPE atau ENTITY tidak diterima."))
    if root.tag != f"{{{DCC}}}digitalCalibrationCertificate":
        return _no("not-a-dcc", _("Berkas XML ini bukan sertifikat digital (DCC)."))
    version = root.get("schemaVersion", "")
    if not version.startswith(VERSIONS):
        return _no("version", _("DCC versi “%(version)s” tidak dikenal.") % {"version": version[:20]})
    number = _text(root, ".//dcc:coreData/dcc:uniqueIdentifier")
    issuer = _text(root, ".//dcc:calibrationLaboratory/dcc:contact/dcc:name/dcc:content")
    try:
        day = date.fromisoformat(_text(root, ".//dcc:coreData/dcc:endPerformanceDate")[:10])
    except ValueError:
        day = None
    if not (number and issuer and day):
        return _no("no-head", _("Nomor, laboratorium, atau tanggal kalibrasi tidak ada dalam DCC ini."))
    try:
        values = tuple(_values(root))
    except _NoValues as fault:
        return _no("values", str(fault))
    if not values:
        return _no("no-values", _("DCC ini tidak memuat hasil dengan ketidakpastian yang dapat dipakai."))
    serials = root.findall(".//dcc:items/dcc:item/dcc:identifications/dcc:identification/dcc:value", NS)
    return ReadCertificate(
        number=number[:100],
        issuer=issuer[:200],
        calibrated_on=day,
        serials=tuple(" ".join((one.text or "").split()) for one in serials),
        name=_text(root, ".//dcc:items/dcc:item/dcc:name/dcc:content"),
        values=values,
    )


def _text(root: Element, path: str) -> str:
    return " ".join((root.findtext(path, namespaces=NS) or "").split())


@dataclass(frozen=True, slots=True)
class _Column:
    values: list[Decimal]
    unit: str
    expanded: list[Decimal]
    k: list[Decimal]


def _values(root: Element) -> Iterator[Mapping[str, str]]:
    """The points of every table whose words are known; results before an adjustment do not count."""
    for result in root.iter(f"{{{DCC}}}measurementResult"):
        status = [one.text for one in result.iter(f"{{{DCC}}}status")]
        if "beforeAdjustment" in status or "beforeRepair" in status:
            continue
        for table in result.findall(".//dcc:results//dcc:list", NS):
            columns = _columns(table)
            if columns:
                yield from _points(columns)


def _columns(table: Element) -> dict[str, _Column]:
    found = {}
    for quantity in table.findall("dcc:quantity", NS):
        meaning = next((WORDS[word] for word in (quantity.get("refType") or "").split() if word in WORDS), None)
        listed = quantity.find("si:realListXMLList", NS)
        real = quantity.find("si:real", NS)
        if meaning is None or (listed is None and real is None):
            continue
        found[meaning] = _column(listed, "XMLList") if listed is not None else _column(real, "")
    return found


def _column(element: Element | None, ending: str) -> _Column:
    assert element is not None
    values = _numbers(element, f"si:value{ending}")
    unit = plain((_text(element, f"si:unit{ending}").split() or [""])[0])
    if unit is None:
        told = _text(element, f"si:unit{ending}")
        raise _NoValues(_("Satuan “%(unit)s” dalam DCC ini tidak dikenal.") % {"unit": told[:40]})
    if len(set(_text(element, f"si:unit{ending}").split())) > 1:
        raise _NoValues(_("Satuan dalam satu kolom DCC ini berbeda-beda."))
    expanded = _numbers(element, f".//si:valueExpandedMU{ending}") or _numbers(element, f".//si:uncertainty{ending}")
    k = _numbers(element, f".//si:coverageFactor{ending}")
    return _Column(values, unit, _filled(expanded, len(values)), _filled(k, len(values)))


def _numbers(element: Element, path: str) -> list[Decimal]:
    texts = _text(element, path).split()
    try:
        found = [Decimal(text) for text in texts]
    except InvalidOperation:
        raise _NoValues(_("DCC ini memuat angka yang tidak terbaca.")) from None
    if not all(one.is_finite() and abs(one.adjusted()) < 30 for one in found):
        raise _NoValues(_("DCC ini memuat angka yang tidak terbaca."))
    return found


def _filled(numbers: list[Decimal], count: int) -> list[Decimal]:
    """One for all, or one each."""
    if len(numbers) == 1:
        return numbers * count
    if numbers and len(numbers) != count:
        raise _NoValues(_("Panjang daftar angka dalam DCC ini tidak sama."))
    return numbers


def _points(columns: Mapping[str, _Column]) -> Iterator[Mapping[str, str]]:
    """A row a point: where it holds, its correction, U and k."""
    if len({len(one.values) for one in columns.values()}) > 1 or len({one.unit for one in columns.values()}) > 1:
        raise _NoValues(_("Panjang daftar atau satuan dalam satu tabel DCC ini tidak sama."))
    certain = next(
        (
            one
            for name in ("error", "correction", "measured", "reference")
            if (one := columns.get(name)) and one.expanded
        ),
        None,
    )
    at, corrections = _corrections(columns)
    if certain is None or not corrections:
        return
    if not certain.k or not all(k >= 1 for k in certain.k) or not all(u > 0 for u in certain.expanded):
        raise _NoValues(_("Ketidakpastian atau faktor cakupan dalam DCC ini tidak masuk akal."))
    for point, correction, expanded, k in zip(at, corrections, certain.expanded, certain.k, strict=True):
        told = {"from": point, "to": point, "correction": correction, "U": expanded, "k": k}
        yield {name: f"{number:f}" for name, number in told.items()} | {"unit": certain.unit}


def _corrections(columns: Mapping[str, _Column]) -> tuple[list[Decimal], list[Decimal]]:
    """The points, and what is added to the indication or the nominal value there to be right."""
    names = {name: one.values for name, one in columns.items()}
    at = names.get("measured") or names.get("nominal") or names.get("reference") or []
    if "correction" in names:
        return at, names["correction"]
    if "error" in names:
        return at, [-one for one in names["error"]]
    if "reference" in names and "measured" in names:
        return at, [right - shown for right, shown in zip(names["reference"], names["measured"], strict=True)]
    if "measured" in names and "nominal" in names:  # a weight, a block: what it is against what it should be
        return names["nominal"], [
            found - wanted for found, wanted in zip(names["measured"], names["nominal"], strict=True)
        ]
    return [], []
