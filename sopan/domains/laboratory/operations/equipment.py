"""Equipment is registered, certified, checked, taken out of use. Certificates, checks and events are only added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents import files
from sopan.people.models import User
from sopan.ui import formats
from sopan.ui.uploads import UploadInfo

from ..models import Equipment, EquipmentCertificate, EquipmentCheck, EquipmentEvent, Laboratory

FOLDER = "equipment"
IDENTITY = ("name", "kind", "asset_number", "maker", "type", "serial_number", "location", "role", "check_months")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says, see ``EquipmentCertificate``."""

    number: str
    issuer: str
    traceability: str
    calibrated_on: date
    valid_to: date
    values: Sequence[Mapping[str, str]]


def register(
    laboratory: Laboratory, *, code: str, identity: Mapping[str, Any], by: str, now: datetime, since: date
) -> Equipment | Refusal:
    """Add a piece of equipment. Refused if its code or asset number is taken. Side effects: the row and an event."""
    try:
        with transaction.atomic():
            made = Equipment.objects.create(
                institution=laboratory.institution, laboratory=laboratory, code=code, status_since=since, created_at=now, **identity
            )  # fmt: skip
            _tell(made, "added", by=by, now=now)
    except IntegrityError:
        return _taken(laboratory.institution_id, code=code, besides=None)
    return made


def change(equipment: Equipment, *, identity: Mapping[str, Any], by: str, now: datetime) -> Equipment | Refusal:
    """Correct what is known of its identity; what it was is kept as an event. Side effects: the row and an event."""
    changed = {name: value for name, value in identity.items() if getattr(equipment, name) != value}
    if not changed:
        return equipment
    before = "; ".join(f"{name}: {getattr(equipment, name)} → {value}" for name, value in changed.items())
    try:
        with transaction.atomic():
            for name, value in changed.items():
                setattr(equipment, name, value)
            equipment.save(update_fields=list(changed))
            _tell(equipment, "changed", by=by, now=now, detail=before[:700])
    except IntegrityError:
        equipment.refresh_from_db()
        return _taken(equipment.institution_id, code="", besides=equipment.pk)
    return equipment


def _taken(institution_id: int, *, code: str, besides: int | None) -> Refusal:
    if code and Equipment.objects.filter(institution=institution_id, code=code).exclude(pk=besides).exists():
        return Refusal("code-taken", _("Kode ini sudah dipakai peralatan lain."), "code")
    return Refusal("asset-taken", _("Nomor aset ini sudah dipakai peralatan lain."), "asset_number")


def set_status(
    equipment: Equipment, status: str, *, since: date, reason: str, by: str, now: datetime
) -> Equipment | Refusal:
    """Take it out of service, dispose of it, or use it again. Refused without a reason, and for what is disposed of.

    Side effects: the row and an event.
    """
    with transaction.atomic():
        locked = Equipment.objects.select_for_update().get(pk=equipment.pk)
        if locked.status == Equipment.Status.DISPOSED:
            return Refusal("disposed", _("Peralatan ini sudah dihapuskan."), "status")
        if not reason.strip():
            return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
        fault = _not_usable(locked, since) if status == Equipment.Status.IN_USE else None
        if fault is not None:
            return fault
        locked.status, locked.status_since, locked.status_reason = status, since, reason.strip()
        locked.save(update_fields=["status", "status_since", "status_reason"])
        detail = f"{locked.get_status_display()}: {reason.strip()}"
        _tell(locked, "status", by=by, now=now, detail=detail, status=status, since=since)
    return locked


def _not_usable(equipment: Equipment, day: date) -> Refusal | None:
    """After an intermediate check that failed, a new check or certificate must come first (6.4.9)."""
    last = equipment.checks.filter(on__lte=day).first()
    newest = equipment.certificates.filter(withdrawn_at=None, calibrated_on__lte=day).first()
    failed = last is not None and last.outcome == EquipmentCheck.Outcome.FAILED
    if last is not None and failed and (newest is None or newest.calibrated_on <= last.on):
        text = _("Pemeriksaan terakhir di luar toleransi. Catat pemeriksaan baru atau sertifikat baru dahulu.")
        return Refusal("failed-check", text, "status")
    return None


def add_certificate(
    equipment: Equipment, told: Certificate, *, upload: UploadedFile | None = None, info: UploadInfo | None = None,
    actor: User | None, by: str, now: datetime,
) -> EquipmentCertificate | Refusal:  # fmt: skip
    """Add a version; earlier ones stay as they are, and so does what they were used for.

    The file is looked at by the caller (``info``). Refused if a version with that number is there, or if it tells of a day
    that has not come. Side effects: the file, the row and an event.
    """
    if told.calibrated_on > equipment.institution.date_at(now):
        return Refusal("future", _("Tanggal ini belum tiba."), "calibrated_on")
    name = digest = ""
    if upload is not None and info is not None:
        upload.seek(0)
        content = upload.read()
        suffix = ".pdf" if content.startswith(b"%PDF-") else ".xml"  # a digital certificate by itself
        name, digest = files.store(content, folder=FOLDER, suffix=suffix), files.sha256(content)
    with transaction.atomic():
        Equipment.objects.select_for_update().get(pk=equipment.pk)
        if equipment.certificates.filter(number=told.number, issuer=told.issuer).exists():
            return Refusal("number-taken", _("Sertifikat dengan nomor ini sudah tercatat."), "number")
        last = equipment.certificates.aggregate(last=Max("version"))["last"] or 0
        made = EquipmentCertificate.objects.create(
            equipment=equipment, version=last + 1, number=told.number, issuer=told.issuer, traceability=told.traceability,
            calibrated_on=told.calibrated_on, valid_to=told.valid_to, values=[dict(one) for one in told.values], file=name,
            file_name=info.name if info else "", sha256=digest, entered_at=now, entered_by=actor, entered_name=by,
        )  # fmt: skip
        _tell(equipment, "certificate", by=by, now=now, detail=f"{made.number}, {made.issuer}")
    return made


def add_check(
    equipment: Equipment, *, on: date, outcome: str, found: str, limit: str = "", note: str = "",
    actor: User | None, by: str, now: datetime,
) -> EquipmentCheck:  # fmt: skip
    """Record an intermediate check. One that failed takes the equipment out of service from its day on.

    Side effects: the row, events, and the status after a failure.
    """
    with transaction.atomic():
        made = EquipmentCheck.objects.create(
            equipment=equipment,
            on=on,
            outcome=outcome,
            found=found,
            limit=limit,
            note=note,
            by=actor,
            by_name=by,
            at=now,
        )
        _tell(
            equipment,
            "check",
            by=by,
            now=now,
            detail=f"{formats.short_date(on)}: {made.get_outcome_display()}, {found}",
        )
        if outcome == EquipmentCheck.Outcome.FAILED:
            reason = _("Pemeriksaan antara pada %(day)s di luar toleransi") % {"day": formats.short_date(on)}
            rows = Equipment.objects.filter(pk=equipment.pk, status=Equipment.Status.IN_USE)
            out = Equipment.Status.OUT_OF_SERVICE
            rows.update(status=out, status_since=on, status_reason=reason)
            _tell(equipment, "status", by=by, now=now, detail=reason, status=out, since=on)
    return made


def withdraw_certificate(
    certificate: EquipmentCertificate, *, reason: str, by: str, now: datetime
) -> EquipmentCertificate | Refusal:
    """Let a certificate no longer be used. Side effects: the row and an event."""
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    with transaction.atomic():
        locked = EquipmentCertificate.objects.select_for_update().get(pk=certificate.pk)
        if locked.withdrawn_at is not None:
            return Refusal("withdrawn", _("Sertifikat ini sudah ditarik."), "reason")
        locked.withdrawn_at, locked.withdrawn_reason = now, reason.strip()
        locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _tell(locked.equipment, "withdrawn", by=by, now=now, detail=f"{locked.number}: {reason.strip()}")
    return locked


def _tell(
    equipment: Equipment,
    what: str,
    *,
    by: str,
    now: datetime,
    detail: str = "",
    status: str = "",
    since: date | None = None,
) -> None:
    EquipmentEvent.objects.create(
        equipment=equipment, at=now, who=by, what=what, detail=detail[:700], status=status, since=since
    )
