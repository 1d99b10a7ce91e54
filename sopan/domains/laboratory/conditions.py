"""The instruments with which the conditions of a measurement are read: which there are, and what each method asks for.

ISO/IEC 17025:2017, 6.3.3 and 6.4.6: what is recorded of the environment comes from calibrated equipment. They are kept as a
``StandardUse`` without a point, in a slot that no method can name (a name of a method has no hyphen).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .methods.model import Method
from .models import Equipment, EquipmentCertificate
from .remarks import NO_BAROMETER, NO_THERMOHYGROMETER


@dataclass(frozen=True, slots=True)
class Reader:
    """A part of the conditions that one instrument reads: ``remark`` tells that the laboratory has none for it."""

    slot: str
    label: Any
    conditions: frozenset[str]
    kinds: frozenset[str]  # of the register of equipment
    units: frozenset[str]  # of a certificate: what an instrument of another of these kinds reads as well
    remark: str


READERS = (
    Reader(
        "env-climate", _("Alat pembaca suhu dan kelembapan"), frozenset({"temperature", "humidity"}),
        frozenset({"termohigrometer"}), frozenset({"°C", "%", "%RH"}), NO_THERMOHYGROMETER,
    ),
    Reader(
        "env-pressure", _("Alat pembaca tekanan udara"), frozenset({"pressure"}), frozenset({"barometer"}),
        frozenset({"Pa", "hPa", "kPa", "mbar"}), NO_BAROMETER,
    ),
)  # fmt: skip
SLOTS = tuple(reader.slot for reader in READERS)
KINDS = frozenset[str]().union(*(reader.kinds for reader in READERS))


def readers_of(method: Method) -> list[Reader]:
    """What has to be named for the conditions that a method records."""
    return [reader for reader in READERS if reader.conditions & set(method.environment)]


def reads(equipment: Equipment, certificate: EquipmentCertificate | None, reader: Reader) -> bool:
    """Whether it is meant for that part, or its certificate holds values of it: a thermohygrometer with a barometer."""
    if equipment.kind in reader.kinds:
        return True
    values = certificate.values if certificate is not None and equipment.kind in KINDS else ()
    return any(one.get("unit") in reader.units for one in values)


def registered(method: Method, laboratory_id: int) -> dict[str, list[tuple[Equipment, EquipmentCertificate | None]]]:
    """For every slot of the method the instruments of the laboratory that are not disposed of, with the newest certificate
    that was not withdrawn."""
    rows = Equipment.objects.filter(laboratory=laboratory_id, kind__in=KINDS).exclude(status=Equipment.Status.DISPOSED)
    newest: Mapping[Equipment, EquipmentCertificate | None] = {
        one: next((told for told in one.certificates.all() if told.withdrawn_at is None), None)
        for one in rows.prefetch_related("checks", "certificates")
    }
    return {reader.slot: [pair for pair in newest.items() if reads(*pair, reader)] for reader in readers_of(method)}
