"""Writing and wording what happened to accounts, appointments, the calendar and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from sopan.people import queries
from sopan.people.models import Institution, PeopleEvent, User


class Acted(Protocol):
    """Somebody whose name and position are known already, as the engine's ``Acting``."""

    person_id: int | None
    name: str
    position: str


By = User | Acted | None  # None: the system, or a visitor

WORDS = {
    "registered": _("{name} mendaftarkan akun untuk {company}"),
    "activated": _("Akun {name} diaktifkan"),
    "refused": _("Pendaftaran akun {name} ditolak: {reason}"),
    "company_recorded": _("Perusahaan {company} dicatat di loket"),
    "invited": _("{name} diundang sebagai pengguna {company}"),
    "staff_added": _("Akun pegawai {name} dibuat"),
    "deactivated": _("Akun {name} dinonaktifkan: {reason}"),
    "reactivated": _("Akun {name} diaktifkan kembali"),
    "factor_reset": _("Verifikasi dua langkah {name} dilepas"),
    "renamed": _("Nama {before} diganti menjadi {name}"),
    "login_failed": _("Gagal masuk sebagai {name} dari {ip}"),
    "passphrase_failed": _("Passphrase salah saat {name} menandatangani {number}"),
    "appointed": _("{name} ditunjuk sebagai {title} ({letter})"),
    "appointment_ended": _("Penunjukan {name} sebagai {title} berakhir"),
    "appointment_withdrawn": _("Penunjukan {name} sebagai {title} dibatalkan sebelum mulai"),
    "day_closed": _("{date} menjadi hari libur: {reason} ({source})"),
    "day_opened": _("{date} menjadi hari kerja: {reason} ({source})"),
    "day_removed": _("Ketetapan sendiri untuk {date} dihapus"),
    "certificate_added": _("{name} mendaftarkan sertifikat elektronik nomor seri {serial}"),
    "bound": _("Pelaksana {actor} pada SOP {procedure} diubah dari {before} menjadi {after}"),
    "rule_added": _("Cara mulai SOP {procedure} ditambahkan: {rule}"),
    "rule_on": _("Cara mulai SOP {procedure} dinyalakan: {rule}"),
    "rule_off": _("Cara mulai SOP {procedure} dimatikan: {rule}"),
    "rule_changed": _("Cara mulai SOP {procedure} diubah dari {before} menjadi {rule}"),
    "signing_changed": _("{name} menandatangani dengan cara: {method}"),
    "setting_changed": _("Setelan {key} diubah dari {before} menjadi {after} ({source})"),
}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def record(
    institution: Institution | None, code: str, *, by: By, now: datetime, about: User | None = None, **data: Any
) -> PeopleEvent:
    """Append an event. ``about`` puts the name and key of a person into ``data``. Raises KeyError for an unknown code."""
    WORDS[code]
    if about is not None:
        data = {"user": about.pk, "name": about.full_name, **data}
    return PeopleEvent.objects.create(institution=institution, at=now, code=code, data=data, **_who(by, now))


def _who(by: By, now: datetime) -> dict[str, Any]:
    if by is None:
        return {}
    if isinstance(by, User):
        return {"person": by, "by_name": by.full_name, "by_position": queries.acting_title(by, now)}
    return {"person_id": by.person_id, "by_name": by.name, "by_position": by.position}


def worded(event: PeopleEvent) -> str:
    """The event as a sentence in the active language; a part that is not known is a dash."""
    return str(WORDS[event.code]).format_map(_Blank(event.data))
