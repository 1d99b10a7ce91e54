"""Recording and wording decisions about the service that belong to no case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sopan.engine.access import Acting
from sopan.people.models import Institution

from ..models import ServiceEvent

WORDS = {
    "text_changed": _("Teks “{key}” diubah ({source})"),
    "skm_published": _("Indeks {value} ({grade}) untuk {period} diterbitkan"),
    "tariff_added": _("Baris tarif “{description}” ditambahkan: {amount}"),
    "tariff_changed": _("Baris tarif “{description}” diubah: {changes}"),
    "tariff_ended": _("Baris tarif “{description}” berakhir {last}"),
    "tariff_verified": _("Baris tarif “{description}” dicocokkan dengan {compared}"),
    "tariff_imported": _("Tarif diimpor dari {name}: {added} baris baru, {changed} berubah"),
    "contract_added": _("Perjanjian {number} dengan {company} dicatat"),
    "contract_price": _("Harga {line} dalam perjanjian {number} ditetapkan {amount}"),
    "contract_ended": _("Perjanjian {number} dengan {company} berakhir {last}"),
    "reconciled": _("Daftar {name} dicocokkan: {matched} cocok, {other} perlu diputuskan"),
    "row_decided": _("Baris {line}: {decision} ({reason})"),
    "complaint_received": _("Pengaduan diterima"),
    "complaint_acknowledged": _("Penerimaan pengaduan dikonfirmasi kepada pelapor"),
    "complaint_assessed": _("Hasil penilaian dicatat"),
    "complaint_decided": _("Pengaduan diputuskan: {outcome}"),
    "complaint_answered": _("Jawaban dikirim kepada pelapor"),
    "complaint_appealed": _("Pelapor mengajukan banding"),
    "compensation_given": _("Kompensasi “{form}” diberikan kepada {receiver}"),
    "compensation_changed": _("Aturan kompensasi diubah: {form}"),
}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def record(
    institution: Institution | int, about: str, code: str, *, acting: Acting | None, now: datetime, **data: Any
) -> ServiceEvent:
    """Append an event. Raises KeyError for an unknown code."""
    WORDS[code]
    return ServiceEvent.objects.create(
        institution_id=institution if isinstance(institution, int) else institution.pk,
        about=about[:60],
        at=now,
        code=code,
        data=data,
        person_id=acting.person_id if acting else None,
        by_name=acting.name if acting else "",
        by_position=acting.position if acting else "",
    )


def worded(event: ServiceEvent) -> str:
    """The event as a sentence in the active language; a part that is not known is a dash."""
    return str(WORDS[event.code]).format_map(_Blank({key: str(value) for key, value in event.data.items()}))


def told(institution: Institution | int, about: str) -> list[tuple[ServiceEvent, str]]:
    """What happened to something, the latest first, with its words."""
    key = institution if isinstance(institution, int) else institution.pk
    rows = ServiceEvent.objects.filter(institution_id=key, about=about).order_by("-at", "-pk")[:100]
    return [(row, worded(row)) for row in rows]
