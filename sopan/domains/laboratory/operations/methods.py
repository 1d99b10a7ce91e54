"""Methods are published in versions, people are granted methods, the scope is kept. Nothing is deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.model import Problem
from sopan.people.models import Institution, User

from ..calculation import cmc_value
from ..methods.load import examine
from ..methods.model import Method
from ..models import CompetenceGrant, MethodVersion, ScopeLine


def publish_method(
    text: str, *, institution: Institution, valid_from: date, note: str = "", actor: User | None, by: str, now: datetime
) -> MethodVersion | Sequence[Problem] | Refusal:
    """Put a version of a method in force from a day on; the one before ends the day before.

    The problems of the text where it is no method. Refused if the newest version has the same content, or begins later, or
    if the day is over: what was measured on it followed the version before (ISO/IEC 17025:2017, 8.3.2 a).
    Side effects: the new row, and the end of the last one.
    """
    method = examine(text)
    if not isinstance(method, Method):
        return method
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=institution.pk)
        rows = MethodVersion.objects.filter(institution=institution, code=method.code)
        last = rows.order_by("-version").first()
        if last is not None and last.sha256 == digest and last.valid_to is None:
            return Refusal("same", _("Isi metode sama dengan versi yang berlaku."), "text")
        if last is not None and last.valid_from >= valid_from:
            return Refusal(
                "earlier", _("Versi sebelumnya mulai berlaku pada tanggal itu atau sesudahnya."), "valid_from"
            )
        if last is not None and valid_from < institution.date_at(now):
            return Refusal(
                "past", _("Versi baru berlaku paling awal hari ini: sebelumnya dipakai versi lama."), "valid_from"
            )
        if last is not None and (last.valid_to is None or last.valid_to >= valid_from):
            last.valid_to = valid_from - timedelta(days=1)
            last.save(update_fields=["valid_to"])
        return MethodVersion.objects.create(
            institution=institution, code=method.code, version=last.version + 1 if last else 1, name=method.name, text=text,
            sha256=digest, valid_from=valid_from, note=note, approved_by=actor, approved_name=by, approved_at=now,
        )  # fmt: skip


def end_method(version: MethodVersion, *, last_day: date) -> MethodVersion | Refusal:
    """Let a version end. Refused for a day before it began. Side effects: the row."""
    if last_day < version.valid_from:
        return Refusal("before", _("Tanggal ini mendahului mulai berlakunya."), "last_day")
    version.valid_to = last_day
    version.save(update_fields=["valid_to"])
    return version


def grant(
    person: User, *, method: str, institution: Institution, valid_from: date, valid_to: date | None, evidence: str,
    actor: User, by: str, now: datetime,
) -> CompetenceGrant | Refusal:  # fmt: skip
    """Let a person measure by a method. Refused for oneself (6.2.5: authorised by the laboratory, not by oneself).

    Side effects: the row.
    """
    if actor.pk == person.pk:
        return Refusal("oneself", _("Anda tidak dapat memberi wewenang kepada diri sendiri."), "person")
    if valid_to is not None and valid_to < valid_from:
        return Refusal("before", _("Selesai tidak dapat mendahului mulai."), "valid_to")
    return CompetenceGrant.objects.create(
        institution=institution, person=person, method=method, valid_from=valid_from, valid_to=valid_to, evidence=evidence,
        granted_by=actor, granted_name=by, granted_at=now,
    )  # fmt: skip


def revoke(given: CompetenceGrant, *, on: date, reason: str, by: str) -> CompetenceGrant | Refusal:
    """End a grant from a day on; what was measured before stays measured by a competent person. Side effects: the row."""
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    if given.revoked_on is not None:
        return Refusal("revoked", _("Wewenang ini sudah dicabut."), "reason")
    given.revoked_on, given.revoked_reason, given.revoked_name = on, reason.strip(), by
    given.save(update_fields=["revoked_on", "revoked_reason", "revoked_name"])
    return given


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scope as it is typed."""

    method: str
    measurand: str
    unit: str
    lower: Decimal
    upper: Decimal
    cmc: str
    accreditation: str
    valid_from: date
    valid_to: date | None = None


def add_scope(line: Line, *, institution: Institution, by: str, now: datetime) -> ScopeLine | Refusal:
    """Add a line. Refused if its CMC is no number and no formula that has a value in its whole range. Side effects: the row."""
    if line.upper < line.lower:
        return Refusal("range", _("Batas atas tidak dapat di bawah batas bawah."), "upper")
    if line.valid_to is not None and line.valid_to < line.valid_from:
        return Refusal("before", _("Selesai tidak dapat mendahului mulai."), "valid_to")
    steps = [float(line.lower + (line.upper - line.lower) * part / 4) for part in range(5)]
    if any(cmc_value(line.cmc, x) is None for x in steps):
        text = _("CMC berupa angka di atas 0, atau rumus dengan x sebagai titik ukur, misalnya 0,00005 + 0,000001*x.")
        return Refusal("cmc", text, "cmc")
    return ScopeLine.objects.create(
        institution=institution, method=line.method, measurand=line.measurand, unit=line.unit, lower=line.lower, upper=line.upper,
        cmc=line.cmc, accreditation=line.accreditation, valid_from=line.valid_from, valid_to=line.valid_to, entered_name=by,
        entered_at=now,
    )  # fmt: skip


def end_scope(line: ScopeLine, *, last_day: date) -> ScopeLine | Refusal:
    """Let a line end. Side effects: the row."""
    if last_day < line.valid_from:
        return Refusal("before", _("Tanggal ini mendahului mulai berlakunya."), "last_day")
    line.valid_to = last_day
    line.save(update_fields=["valid_to"])
    return line
