"""A DCC from a snapshot. Every number in it is a text of the snapshot, so it has the digits that are printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

import sopan

from ..certificates.snapshot import CERTIFICATE
from . import results
from .units import siunitx
from .xml import DCC, SI, VERSION, Build, Element

Told = Mapping[str, Any]


def possible(snapshot: Told) -> bool:
    """Whether a DCC can be made: a certificate with uncertainties, all of whose units D-SI can tell."""
    if snapshot["kind"] != CERTIFICATE:
        return False
    units = {
        one["unit"] for part in snapshot["parts"] for table in part["tables"] for one in table["columns"] if one["unit"]
    }
    units |= {table["unit"] for part in snapshot["parts"] for table in part["tables"]}
    return all(siunitx(unit) is not None for unit in units)


def write(snapshot: Told) -> bytes:
    """The DCC as a file. Raises ValueError for a snapshot of which none can be made."""
    if not possible(snapshot):
        raise ValueError("this snapshot cannot be told as a DCC")
    build = Build(snapshot["languages"])
    root = etree.Element(f"{{{DCC}}}digitalCalibrationCertificate", nsmap={"dcc": DCC, "si": SI})
    root.set("schemaVersion", VERSION)
    _administrative(build, build.add(root, "administrativeData"), snapshot)
    results.write(
        build, build.add(root, "measurementResults"), snapshot, software=lambda parent: _software(build, parent)
    )
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _software(build: Build, parent: Element) -> None:
    one = build.add(parent, "software")
    build.say(one, "name", "Sopan")
    build.add(one, "release", f"v{sopan.__version__}")
    build.add(one, "type", "application")


def _administrative(build: Build, data: Element, told: Told) -> None:
    _software(build, build.add(data, "dccSoftware"))
    _core(build, build.add(data, "coreData"), told)
    _item(build, build.add(build.add(data, "items"), "item"), told["item"])
    _laboratory(build, build.add(data, "calibrationLaboratory"), told["laboratory"])
    _persons(build, build.add(data, "respPersons"), told)
    _contact(build, build.add(data, "customer"), told["customer"])
    _statements(build, build.add(data, "statements"), told)


def _core(build: Build, core: Element, told: Told) -> None:
    build.add(core, "countryCodeISO3166_1", told["laboratory"]["country"])
    for language in told["languages"]:
        build.add(core, "usedLangCodeISO639_1", language)
    build.add(core, "mandatoryLangCodeISO639_1", told["languages"][0])
    build.add(core, "uniqueIdentifier", told["number"])
    _identification(
        build,
        build.add(core, "identifications"),
        "calibrationLaboratory",
        told["order"],
        ("Nomor order", "Order number"),
    )
    if told["item"]["received"]:
        build.add(core, "receiptDate", told["item"]["received"])
    build.add(core, "beginPerformanceDate", min(part["begin"] for part in told["parts"]))
    build.add(core, "endPerformanceDate", max(part["end"] for part in told["parts"]))
    places = {part["performed_at"] for part in told["parts"]}
    build.add(core, "performanceLocation", places.pop() if len(places) == 1 else "other")
    if (amends := told["amends"]) is not None:
        change = build.add(core, "reportAmendedSubstituted")
        build.add(change, "typeOfChange", "substituted")
        build.add(change, "replacedUniqueIdentifier", amends["number"])
        before = build.add(core, "previousReport")
        build.say(before, "referral", ("Sertifikat yang diganti", "Certificate that is replaced"))
        build.add(before, "referralID", amends["number"])
        build.add(before, "procedure", "SHA-256")
        build.add(before, "value", amends["sha256"])
        build.say(before, "description", f"{amends['what']}; {amends['why']}")


def _identification(
    build: Build, parent: Element, issuer: str, value: str, name: tuple[str, str], ref_type: str = ""
) -> None:
    one = build.add(parent, "identification", ref_type=ref_type)
    build.add(one, "issuer", issuer)
    build.add(one, "value", value)
    build.say(one, "name", name)


def _item(build: Build, item: Element, told: Told) -> None:
    supplied = told["supplied"]
    build.say(item, "name", supplied["name"])
    told_by = ("Keterangan dari pelanggan", "Information supplied by the customer")
    condition = build.say(
        item, "description", [f"{told_by[0]}. {told['condition']}", f"{told_by[1]}. {told['condition']}"]
    )
    assert condition is not None
    if supplied["make"]:
        build.say(build.add(item, "manufacturer"), "name", supplied["make"])
    if supplied["type"]:
        build.add(item, "model", supplied["type"])
    several = build.add(item, "identifications")
    _identification(build, several, "calibrationLaboratory", told["number"], ("Nomor sampel", "Sample number"))
    if supplied["serial"]:
        _identification(
            build, several, "manufacturer", supplied["serial"], ("Nomor seri", "Serial number"), "basic_serialNumber"
        )


def _contact(build: Build, contact: Element, told: Told) -> None:
    build.say(contact, "name", told["name"])
    for name, key in (("eMail", "email"), ("phone", "phone")):
        if told.get(key):
            build.add(contact, name, told[key])
    build.say(build.add(contact, "location"), "further", told["address"])


def _laboratory(build: Build, laboratory: Element, told: Told) -> None:
    if told["accreditation"]:
        build.add(laboratory, "calibrationLaboratoryCode", told["accreditation"])
    _contact(build, build.add(laboratory, "contact"), told)


def _persons(build: Build, several: Element, told: Told) -> None:
    """Who authorised the results by name; who signs by office: the signature of the PDF tells who held it."""
    authorised = told["authorised_by"]
    one = build.add(several, "respPerson")
    build.say(build.add(one, "person"), "name", authorised["name"])
    build.add(one, "role", authorised["position"] or "–")
    signs = build.add(several, "respPerson")
    build.say(build.add(signs, "person"), "name", told["signed_by"]["position"])
    build.add(signs, "role", told["signed_by"]["position"])
    build.add(signs, "mainSigner", "true")
    build.add(signs, "cryptElectronicSignature", "true")


NAMES = {  # of the statements of a certificate
    "only": ("Hal yang berlaku", "Validity of results"),
    "as_received": ("Keadaan alat", "State of the instrument"),
    "customer_data": ("Keterangan dari pelanggan", "Customer's information"),
    "uncertainty": ("Ketidakpastian", "Uncertainty"),
    "traceability": ("Ketertelusuran", "Metrological traceability"),
    "copy": ("Penggandaan", "Reproduction"),
    "issued": ("Tanggal terbit", "Date of issue"),
}


def _statements(build: Build, several: Element, told: Told) -> None:
    for key, name in NAMES.items():
        if key not in told["statements"]:
            continue
        one = build.add(several, "statement")
        build.say(one, "name", name)
        if key == "traceability":
            build.add(one, "traceable", "true")
        build.say(one, "declaration", told["statements"][key])
    interval = told["interval"]
    if interval is not None:  # agreed in the order
        one = build.add(several, "statement", ref_type="basic_recalibration")
        build.say(one, "declaration", interval["text"])
