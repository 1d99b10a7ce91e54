"""How the acts of the laboratory are told in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.engine.stepwork import words


@words("laboratory.received_late")
def received_late(data: Mapping[str, Any]) -> str:
    text = _("%(item)s menyusul, diterima dengan nomor %(sample)s untuk %(laboratory)s")
    return text % {name: data[name] for name in ("item", "sample", "laboratory")}


@words("laboratory.returned")
def returned(data: Mapping[str, Any]) -> str:
    text = _("%(item)s (%(sample)s) diserahkan kembali kepada %(receiver)s")
    return text % {name: data[name] for name in ("item", "sample", "receiver")}


@words("laboratory.consent")
def consent(data: Mapping[str, Any]) -> str:
    text = _("Persetujuan pelanggan dicatat: hasil di luar lingkup akreditasi boleh dilaporkan (%(evidence)s)")
    if data.get("what") == "simplified":
        text = _("Persetujuan pelanggan dicatat: laporan sederhana (%(evidence)s)")
    return text % {"evidence": data["evidence"]}


@words("laboratory.correcting")
def correcting(data: Mapping[str, Any]) -> str:
    text = _("Hasil pada laporan %(old)s dibuka kembali untuk dikoreksi: %(reason)s")
    return text % {"old": data["old"], "reason": data["reason"]}


@words("laboratory.correction_judged")
def correction_judged(data: Mapping[str, Any]) -> str:
    told = {"sample": data["sample"], "parameter": data["parameter"], "reason": data["reason"]}
    if data["accepted"]:
        return _("Koreksi hasil %(sample)s, %(parameter)s, diterima") % told
    return _("Koreksi hasil %(sample)s, %(parameter)s, dikembalikan: %(reason)s") % told


@words("laboratory.assigned")
def assigned(data: Mapping[str, Any]) -> str:
    return _("Analis dipilih: %(works)s") % {"works": "; ".join(f"{k}: {v}" for k, v in data["analysts"].items())}


@words("laboratory.assigned_late")
def assigned_late(data: Mapping[str, Any]) -> str:
    text = _("%(analyst)s dipilih untuk %(sample)s, %(parameter)s")
    return text % {name: data[name] for name in ("analyst", "sample", "parameter")}


@words("laboratory.confirmed_late")
def confirmed_late(data: Mapping[str, Any]) -> str:
    if data["accepted"]:
        return _("Pilihan analis untuk %(sample)s disetujui") % {"sample": data["sample"]}
    return _("Pilihan analis untuk %(sample)s dikembalikan: %(reason)s") % {
        "sample": data["sample"],
        "reason": data["reason"],
    }


@words("laboratory.submitted")
def submitted(data: Mapping[str, Any]) -> str:
    text = _("Hasil %(sample)s, %(parameter)s diserahkan (versi %(version)s)")
    return text % {name: data[name] for name in ("sample", "parameter", "version")}


@words("laboratory.verified_part")
def verified_part(data: Mapping[str, Any]) -> str:
    return _("Hasil diverifikasi: %(works)s") % {"works": "; ".join(data["works"])}


@words("laboratory.printing")
def printing(data: Mapping[str, Any]) -> str:
    return _("Pencetakan E-LHU diminta: %(reports)s") % {"reports": ", ".join(data["reports"])}


@words("laboratory.signed_part")
def signed_part(data: Mapping[str, Any]) -> str:
    numbers = {"reports": ", ".join(data["reports"])}
    if data["role"] == "authorises":
        return _("Hasil disahkan dengan tanda tangan: %(reports)s") % numbers
    return _("Sebagian laporan ditandatangani: %(reports)s") % numbers


CHANGES = {
    "laboratory.change_asked": {
        "amend": gettext_lazy("Amandemen laporan %(old)s diminta: %(what)s. Alasan: %(reason)s"),
        "revoke": gettext_lazy("Pencabutan laporan %(old)s diminta. Alasan: %(reason)s"),
    },
    "laboratory.change_rejected": {
        "amend": gettext_lazy("Amandemen laporan %(old)s ditolak: %(remark)s"),
        "revoke": gettext_lazy("Pencabutan laporan %(old)s ditolak: %(remark)s"),
    },
    "laboratory.revoked": {"revoke": gettext_lazy("Laporan %(old)s dicabut. Alasan: %(reason)s")},
    "laboratory.amending": {"amend": gettext_lazy("Laporan %(number)s dibuat sebagai pengganti %(old)s: %(what)s")},
}


def _of_change(code: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: str(CHANGES[code][data["kind"]]) % data


for _code in CHANGES:
    words(_code)(_of_change(_code))


@words("laboratory.amended")
def amended(data: Mapping[str, Any]) -> str:
    return _("Laporan %(number)s terbit dan menggantikan %(old)s") % data
