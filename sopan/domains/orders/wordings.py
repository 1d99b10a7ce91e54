"""The words for what orders enter into the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.engine.stepwork import words
from sopan.ui import formats


@words("orders.bill_expired")
def bill_expired(data: Mapping[str, Any]) -> str:
    return _("Kode billing %(bill)s kedaluwarsa") % {"bill": data["bill"]}


@words("orders.payment_reported")
def payment_reported(data: Mapping[str, Any]) -> str:
    told = {"amount": formats.rupiah(data["amount"]), "bill": data["bill"], "ntpn": data["ntpn"]}
    return _("Pembayaran %(amount)s dengan kode %(bill)s dilaporkan, NTPN %(ntpn)s") % told


@words("orders.billed_later")
def billed_later(data: Mapping[str, Any]) -> str:
    return _("Tagihan %(bill)s sebesar %(amount)s diterbitkan") % {**data, "amount": formats.rupiah(data["amount"])}


@words("orders.paid_later")
def paid_later(data: Mapping[str, Any]) -> str:
    told = {**data, "amount": formats.rupiah(data["amount"])}
    return _("Pembayaran %(amount)s dengan tagihan %(bill)s diterima, nomor bukti %(ntpn)s") % told


@words("orders.proof_refused")
def proof_refused(data: Mapping[str, Any]) -> str:
    return _("Bukti pembayaran tagihan %(bill)s ditolak: %(reason)s") % dict(data)


@words("orders.levy_assessed")
def levy_assessed(data: Mapping[str, Any]) -> str:
    told = {**data, "amount": formats.rupiah(data["amount"])}
    return _("Retribusi %(amount)s ditetapkan dengan SKRD %(number)s (%(basis)s)") % told


@words("orders.levy_received")
def levy_received(data: Mapping[str, Any]) -> str:
    told = {**data, "amount": formats.rupiah(data["amount"])}
    return _("Retribusi %(amount)s, SKRD %(number)s, dibayar dengan kuitansi %(receipt)s") % told


@words("orders.reconciled")
def reconciled(data: Mapping[str, Any]) -> str:
    return _("Pencocokan daftar %(name)s: tagihan %(bill)s, %(outcome)s. Keputusan: %(decision)s (%(reason)s)") % dict(
        data
    )


@words("orders.amendment_asked")
def amendment_asked(data: Mapping[str, Any]) -> str:
    return _("Perbaikan laporan %(document)s diminta") % dict(data)


@words("orders.amendment_decided")
def amendment_decided(data: Mapping[str, Any]) -> str:
    text = _("Perbaikan laporan %(document)s disetujui: %(answer)s")
    return (text if data.get("accepted") else _("Perbaikan laporan %(document)s ditolak: %(answer)s")) % dict(data)


def _complaint(text: Any) -> Any:
    return lambda data: str(text) % {"complaint": data.get("complaint", "–")}


for _code, _text in {
    "received": gettext_lazy("Pengaduan %(complaint)s diterima"),
    "acknowledged": gettext_lazy("Penerimaan pengaduan %(complaint)s dikonfirmasi"),
    "assessed": gettext_lazy("Pengaduan %(complaint)s dinilai"),
    "decided": gettext_lazy("Pengaduan %(complaint)s diputuskan"),
    "answered": gettext_lazy("Pengaduan %(complaint)s dijawab"),
}.items():
    words(f"orders.complaint_{_code}")(_complaint(_text))


@words("orders.handover_confirmed")
def handover_confirmed(data: Mapping[str, Any]) -> str:
    return _("Pelanggan menyatakan sudah menerima, berita acara %(handover)s") % dict(data)
