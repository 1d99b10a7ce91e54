"""The words of the catalogue that are no label of a model: fields of a procedure, places of a search, acts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from sopan.core.model import ActorKind, Participation, StepKind

WHERE: Mapping[str, object] = {
    "number": _("Nomor"),
    "name": _("Nama"),
    "listed": _("Pada daftar SOP"),
    "actor": _("Pelaksana"),
    "activity": _("Kegiatan"),
    "requirement": _("Kelengkapan"),
    "output": _("Output"),
    "remark": _("Keterangan"),
}

# Keys of a step as `inferred` and a comparison name them.
FIELDS: Mapping[str, object] = {
    "no": _("nomor"),
    "id": _("nama langkah"),
    "activity": _("uraian kegiatan"),
    "name": _("nama singkat"),
    "actor": _("pelaksana"),
    "actors": _("pelaksana"),
    "kind": _("simbol"),
    "requirements": _("kelengkapan"),
    "attach": _("berkas yang diminta"),
    "time": _("waktu"),
    "outputs": _("output"),
    "remarks": _("keterangan"),
    "phase": _("tahap"),
    "public": _("status untuk pelanggan"),
    "participation": _("cara beberapa pelaksana bertindak"),
    "join": _("menunggu semua cabang"),
    "entry": _("awal kasus"),
    "fields": _("isian"),
    "separation": _("pemisahan tugas"),
    "work": _("pekerjaan khusus"),
    "decision": _("keputusan"),
    "exits": _("menuju"),
    "next": _("menuju"),
    "end": _("akhir"),
    "inferred": _("yang disimpulkan"),
    # the identity block
    "number": _("nomor SOP"),
    "edition": _("edisi"),
    "made": _("tanggal pembuatan"),
    "revised": _("tanggal revisi"),
    "effective": _("tanggal efektif"),
    "approved_by": _("disahkan oleh"),
    "legal_bases": _("dasar hukum"),
    "qualifications": _("kualifikasi pelaksana"),
    "related": _("keterkaitan"),
    "equipment": _("peralatan/perlengkapan"),
    "warnings": _("peringatan"),
    "records": _("pencatatan dan pendataan"),
}

VALUES: Mapping[str, Mapping[str, object]] = {
    "kind": {
        StepKind.START: _("mulai (kapsul)"),
        StepKind.ACTIVITY: _("kegiatan (kotak)"),
        StepKind.DECISION: _("keputusan (belah ketupat)"),
        StepKind.END: _("selesai (kapsul)"),
    },
    "participation": {Participation.ANY: _("salah satu cukup"), Participation.ALL: _("semua harus bertindak")},
    "join": {"join": _("ya")},
}

ACTOR_KINDS: Mapping[str, object] = {
    ActorKind.STAFF: "",
    ActorKind.CUSTOMER: _("pelanggan"),
    ActorKind.OUTSIDE: _("pihak luar"),
}

ACTS: Mapping[str, object] = {
    "opened": _("Dibuka"),
    "sent": _("Dikirim untuk diperiksa"),
    "checked": _("Diperiksa, setuju"),
    "reviewed": _("Dikaji ulang, setuju"),
    "approved": _("Disahkan"),
    "returned": _("Dikembalikan"),
    "taken-back": _("Pengesahan ditarik sebelum berlaku"),
    "dropped": _("Dibatalkan"),
    "edited": _("Ikut menulis"),
}


def field(name: str) -> str:
    return str(FIELDS.get(name, name))
