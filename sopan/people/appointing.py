"""Appointments: who holds which position from–to. Callers use them through ``operations``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people import access
from sopan.people.events import record
from sopan.people.models import Appointment, Institution, Position, User


def appoint(
    person: User,
    position: Position,
    kind: str,
    valid_from: datetime,
    valid_to: datetime | None,
    letter: str,
    *,
    by: User,
    now: datetime,
) -> Appointment | Refusal:
    """Let a person hold a position from ``valid_from`` up to ``valid_to`` (None: until it is ended).

    ``kind``: definitive, plt or plh; Plt. and Plh. need a letter, Plh. an end too.
    Side effects: an appointment row, an event.
    Refusals: "not-manager", "own-appointment", "not-staff", "letter-missing", "end-missing", "ends-too-early",
    "held-already".
    """
    if (refusal := access.may_manage(by, position.institution_id, now=now)) is not None:
        return refusal
    if (refusal := _unfit(person, position, by)) is not None:
        return refusal
    if (refusal := _incomplete(kind, valid_from, valid_to, letter, now)) is not None:
        return refusal
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # the same appointment pressed twice: one row
        if (refusal := _held_already(person, position, valid_from, valid_to)) is not None:
            return refusal
        appointment = Appointment.objects.create(
            person=person,
            position=position,
            kind=kind,
            valid_from=valid_from,
            valid_to=valid_to,
            letter=letter.strip(),
        )
        record(
            position.institution,
            "appointed",
            by=by,
            now=now,
            about=person,
            title=appointment.title,
            letter=appointment.letter or "–",
            valid_from=valid_from.isoformat(),
            valid_to=valid_to.isoformat() if valid_to else "",
        )
        return appointment


def end_appointment(appointment: Appointment, *, at: datetime, by: User, now: datetime) -> Appointment | Refusal:
    """Let an appointment end at ``at``. One that would not have begun by then is removed: nobody acted under it.

    Side effects: the row gets an end or is deleted, an event.
    Refusals: "not-manager", "in-the-past", "ended-already", "last-manager".
    """
    institution_id = appointment.position.institution_id
    if (refusal := access.may_manage(by, institution_id, now=now)) is not None:
        return refusal
    if at < now:
        return Refusal("in-the-past", _("Penunjukan tidak dapat diakhiri pada waktu yang sudah lewat."), "at")
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=institution_id)
        row = Appointment.objects.filter(pk=appointment.pk).first()
        if row is None or (row.valid_to is not None and row.valid_to <= at):
            return Refusal("ended-already", _("Penunjukan ini sudah berakhir pada waktu itu."), "at")
        withdrawn = row.valid_from >= at
        if not withdrawn and (refusal := access.last_manager(row.person, now, without=row)) is not None:
            return refusal
        if withdrawn:
            row.delete()
        else:
            Appointment.objects.filter(pk=row.pk).update(valid_to=at)
            appointment.valid_to = at
        code = "appointment_withdrawn" if withdrawn else "appointment_ended"
        record(row.position.institution, code, by=by, now=now, about=row.person, title=row.title, at=at.isoformat())
    return appointment


def _unfit(person: User, position: Position, by: User) -> Refusal | None:
    if person.pk == by.pk:
        return Refusal(
            "own-appointment", _("Anda tidak dapat menunjuk diri sendiri. Mintalah pengelola lain."), "person"
        )
    if person.is_customer or not person.is_active or person.institution_id != position.institution_id:
        return Refusal("not-staff", _("Hanya pegawai aktif instansi ini yang dapat ditunjuk."), "person")
    return None


def _incomplete(
    kind: str, valid_from: datetime, valid_to: datetime | None, letter: str, now: datetime
) -> Refusal | None:
    if kind != Appointment.Kind.DEFINITIVE and not letter.strip():
        return Refusal("letter-missing", _("Isi nomor surat penunjukan Plt. atau Plh."), "letter")
    if kind == Appointment.Kind.PLH and valid_to is None:
        return Refusal("end-missing", _("Isi akhir masa Plh."), "valid_to")
    if valid_to is not None and (valid_to <= valid_from or valid_to <= now):
        return Refusal("ends-too-early", _("Akhir harus sesudah awal dan belum lewat."), "valid_to")
    return None


def _held_already(person: User, position: Position, valid_from: datetime, valid_to: datetime | None) -> Refusal | None:
    overlapping = person.appointments.filter(position=position).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_to)
    if not overlapping.exists():
        return None
    return Refusal("held-already", _("Orang ini sudah memegang jabatan itu dalam masa tersebut."), "position")
