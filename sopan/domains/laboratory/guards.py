"""What keeps a measured result from being handed in: judged at the days on which was measured, each at its place.

ISO/IEC 17025:2017, 6.2.5 (competence), 6.3.3 (environment), 6.4.4 and 6.4.8 (equipment), 7.2 (method), ILAC-P14 5.3 (CMC).
Every guard is a function from what was typed to refusals; an empty list lets it pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User
from sopan.ui import formats
from sopan.ui.formats import written

from .calculation import PointResult
from .conditions import readers_of, reads
from .methods.model import Condition, Method
from .models import (
    CompetenceGrant,
    Equipment,
    EquipmentCertificate,
    EquipmentCheck,
    MethodVersion,
    ScopeLine,
    WorkOrder,
)
from .numbers import parse_span

PLACES = {"temperature": "temperature_text", "humidity": "humidity_text", "pressure": "pressure_text"}
UNITS = {"temperature": "°C", "humidity": "%", "pressure": "hPa"}


def of_method(version: MethodVersion, days: Sequence[date]) -> Iterator[Refusal]:
    """The version of the method was in force on every day."""
    for day in days:
        if not version.covers(day):
            text = _("%(method)s tidak berlaku pada %(day)s. Pilih versi yang berlaku pada tanggal pengukuran.")
            yield Refusal(
                "method-invalid", text % {"method": version, "day": formats.long_date(day)}, "id_measured_from"
            )
            return


def of_competence(person: User, version: MethodVersion, days: Sequence[date]) -> Iterator[Refusal]:
    """The analyst was granted the method on every day."""
    grants = list(
        CompetenceGrant.objects.filter(person=person, method=version.code, institution=version.institution_id)
    )
    for day in days:
        if not any(grant.covers(day) for grant in grants):
            text = _(
                "Anda tidak berwenang memakai metode %(method)s pada %(day)s. Mintalah Manajer Teknis mencatat kompetensi Anda."
            )
            yield Refusal("not-competent", text % {"method": version.name, "day": formats.long_date(day)}, "metode")
            return


def of_standards(
    method: Method, chosen: Mapping[str, Sequence[EquipmentCertificate]], days: Sequence[date]
) -> Iterator[Refusal]:
    """Every slot has a standard, and each was valid, in use and within its checks on every day."""
    for slot in method.standards:
        place = f"std_{slot.name}"
        certificates = chosen.get(slot.name, ())
        if not certificates:
            yield Refusal("no-standard", _("Pilih %(name)s.") % {"name": slot.label}, place)
        for certificate in certificates:
            if certificate.equipment.kind not in slot.kinds:
                text = _("%(equipment)s bukan %(name)s.")
                yield Refusal("wrong-standard", text % {"equipment": certificate.equipment, "name": slot.label}, place)
            for day in days:
                fault = standard_fault(certificate, day)
                if fault is not None:
                    yield Refusal(fault.code, fault.message, place)
                    break


def of_instruments(
    method: Method,
    chosen: Mapping[str, EquipmentCertificate],
    days: Sequence[date],
    *,
    laboratory_id: int,
    registered: Collection[str],
) -> Iterator[Refusal]:
    """Every condition that the method records was read with an instrument of this laboratory that was valid, in use and
    within its checks on every day; ``registered``: the slots for which the laboratory has any."""
    for reader in readers_of(method):
        certificate = chosen.get(reader.slot)
        if certificate is None:
            if reader.slot in registered:
                yield Refusal("no-instrument", _("Pilih alat yang dipakai membaca kondisi ini."), reader.slot)
            continue
        told = {"equipment": certificate.equipment, "name": reader.label}
        if certificate.equipment.laboratory_id != laboratory_id:
            text = _("%(equipment)s bukan milik laboratorium ini.")
            yield Refusal("instrument-elsewhere", text % told, reader.slot)
        if not reads(certificate.equipment, certificate, reader):
            yield Refusal("wrong-instrument", _("%(equipment)s bukan %(name)s.") % told, reader.slot)
        faults = (standard_fault(certificate, day) for day in days)
        fault = next((one for one in faults if one is not None), None)
        if fault is not None:
            yield Refusal(fault.code, fault.message, reader.slot)


def standard_fault(certificate: EquipmentCertificate, day: date) -> Refusal | None:
    """Why a standard could not be used on that day, or None. What was learned later does not count here: it opens the
    list of results that are concerned."""
    equipment = certificate.equipment
    told = {"equipment": equipment, "number": certificate.number, "day": formats.long_date(day)}
    if not certificate.covers(day):
        text = _("Sertifikat %(number)s untuk %(equipment)s tidak berlaku pada %(day)s.")
        return Refusal("standard-expired", text % told)
    if certificate.withdrawn_at is not None:
        return Refusal("standard-withdrawn", _("Sertifikat %(number)s untuk %(equipment)s sudah ditarik.") % told)
    newer = [one for one in equipment.certificates.all() if one.version > certificate.version]
    if any(one.covers(day) and one.withdrawn_at is None for one in newer):
        text = _("Ada sertifikat yang lebih baru daripada %(number)s untuk %(equipment)s pada %(day)s.")
        return Refusal("standard-superseded", text % told)
    status, since, reason = equipment.status_on(day)
    if status != Equipment.Status.IN_USE:
        text = _("%(equipment)s tidak boleh digunakan sejak %(since)s: %(reason)s")
        told |= {"since": formats.long_date(since), "reason": reason}
        return Refusal("standard-out-of-service", text % told)
    return _check_fault(equipment, certificate, day)


def _check_fault(equipment: Equipment, certificate: EquipmentCertificate, day: date) -> Refusal | None:
    """The last intermediate check before that day was good, and not longer ago than it may be."""
    told = {"equipment": equipment, "day": formats.long_date(day)}
    before = [one for one in equipment.checks.all() if certificate.calibrated_on <= one.on <= day]
    last = max(before, key=lambda one: (one.on, one.pk), default=None)
    if last is not None and last.outcome == EquipmentCheck.Outcome.FAILED:
        text = _("Pemeriksaan antara %(equipment)s pada %(on)s di luar toleransi.")
        return Refusal("standard-check-failed", text % (told | {"on": formats.long_date(last.on)}))
    if equipment.check_months:
        since = last.on if last else certificate.calibrated_on
        if day > since + timedelta(days=round(equipment.check_months * 30.44)):
            text = _("Pemeriksaan antara %(equipment)s sudah terlambat pada %(day)s.")
            return Refusal("standard-check-due", text % told)
    return None


def doubt(certificate: EquipmentCertificate, first: date, last: date) -> Refusal | None:
    """What was learned after measuring from ``first`` to ``last`` and makes a standard doubtful: its certificate was
    withdrawn, or the next intermediate check failed (7.10: nonconforming work). None where nothing was."""
    equipment = certificate.equipment
    told = {"equipment": equipment, "number": certificate.number}
    if certificate.withdrawn_at is not None:
        return Refusal("standard-withdrawn", _("Sertifikat %(number)s untuk %(equipment)s sudah ditarik.") % told)
    checks = sorted((one for one in equipment.checks.all() if one.on >= first), key=lambda one: (one.on, one.pk))
    until = next((at for at, one in enumerate(checks) if one.on > last), len(checks) - 1)
    failed = next((one for one in checks[: until + 1] if one.outcome == EquipmentCheck.Outcome.FAILED), None)
    if failed is None:
        return None
    text = _("Pemeriksaan antara %(equipment)s pada %(on)s di luar toleransi.")
    return Refusal("standard-check-failed", text % (told | {"on": formats.long_date(failed.on)}))


def of_environment(method: Method, texts: Mapping[str, str], deviation: str) -> Iterator[Refusal]:
    """The environment was inside of the limits of the method, or it is told why it was measured all the same."""
    for name, condition in method.environment.items():
        span = parse_span(texts.get(name, ""))
        if isinstance(span, Refusal):
            continue  # told as a number that is missing or unclear
        low, high = (float(one) for one in span)
        if (low < condition.lower or high > condition.upper) and not deviation.strip():
            yield Refusal("environment", _outside(condition, UNITS[name], low, high), f"id_{PLACES[name]}")


def _outside(condition: Condition, unit: str, low: float, high: float) -> str:
    text = _(
        "Di luar batas metode, %(lower)s–%(upper)s %(unit)s. Tuliskan penyimpangan dan alasannya, atau ukur ulang."
    )
    limits = {"lower": written(f"{condition.lower:g}"), "upper": written(f"{condition.upper:g}"), "unit": unit}
    return text % limits


def of_scope(points: Sequence[PointResult], *, accredited: bool, consent: bool) -> Iterator[Refusal]:
    """Every point lies in the accredited scope, or the results are told without it and the customer has agreed."""
    if not accredited:
        if not consent:
            text = _("Pelanggan belum menyetujui hasil di luar lingkup akreditasi pada pesanannya.")
            yield Refusal("no-consent", text, "id_outside_scope")
        return
    outside = [one for one in points if one.computed is not None and one.cmc is None]
    for one in outside:
        text = _(
            "Titik ini di luar lingkup akreditasi. Tandai hasil sebagai di luar lingkup, bila pelanggan menyetujuinya."
        )
        yield Refusal("outside-scope", text, f"point-{one.row}")


def needs_method(
    work: WorkOrder, versions: Sequence[MethodVersion], kinds_of: Mapping[int, Sequence[str]]
) -> Refusal | None:
    """A free table is for instruments without a method: where one is in force it must be used."""
    if not versions:
        return None
    kind = work.item.order_item.kind
    fitting = [version for version in versions if kind in kinds_of[version.pk]]
    if not fitting:
        return None
    text = _("Untuk alat ini ada metode: %(names)s. Pilih metodenya.")
    return Refusal("method-needed", text % {"names": "; ".join(version.name for version in fitting)}, "metode")


def scope_on(lines: Sequence[ScopeLine], days: Sequence[date]) -> list[ScopeLine]:
    """The lines of the scope that held on every day."""
    return [line for line in lines if all(line.covers(day) for day in days)]
