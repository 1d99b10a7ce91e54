"""The words of notices: those that come with the program, and those that the body has put in their place.

A template holds names in braces and nothing else: no format syntax, no code. The subject may name the number alone, so
that nothing about the matter stands where others see it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sopan.core.flow import Refusal
from sopan.people.models import Institution

from ..models import ServiceText
from ..service import texts
from ..service.texts import Collection, Text

KIND = ServiceText.Kind.NOTICE
_MARKED = re.compile(r"%\((\w+)\)s")
IN_SUBJECT = {"number"}
# What stays inside: outside, these names are replaced by words that lead to the page.
INSIDE = {"reason", "answer"}


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text as they come with the program; ``%(name)s`` is where a value goes."""

    subject: Any
    text: Any

    @property
    def names(self) -> set[str]:
        return set(_MARKED.findall(str(self.text)))


WORDS: dict[str, Words] = {
    "registered": Words(
        _("Pendaftaran Anda kami terima"),
        _("Kami memeriksa pendaftaran %(company)s. Setelah akun diaktifkan, Anda dapat masuk dan membuat pesanan."),
    ),
    "activated": Words(
        _("Akun Anda sudah aktif"), _("Akun Anda sudah aktif. Masuk untuk mengisi pesanan kalibrasi Anda.")
    ),
    "submitted": Words(
        _("Pesanan Anda kami terima"), _("Pesanan Anda kami terima dengan nomor %(number)s. Kode pelacakan: %(code)s.")
    ),
    "correction": Words(_("Pesanan Anda perlu diperbaiki"), _("Pesanan Anda perlu diperbaiki: %(reason)s")),
    "declined": Words(_("Pesanan Anda tidak dapat kami layani"), _("Pesanan Anda tidak dapat kami layani: %(reason)s")),
    "offer": Words(
        _("Biaya pesanan Anda sudah siap"),
        _("Rincian dan biaya pesanan Anda sudah siap: %(total)s. Periksa, lalu setujui atau ajukan keberatan."),
    ),
    "bill": Words(
        _("Kode billing Anda sudah terbit"), _("Kode billing %(code)s, jumlah %(amount)s. Bayar sebelum %(expires)s.")
    ),
    "bill_expired": Words(
        _("Kode billing Anda kedaluwarsa"),
        _("Kode billing Anda kedaluwarsa sebelum dibayar. Bendahara menerbitkan kode baru untuk pesanan yang sama."),
    ),
    "proof_refused": Words(
        _("Bukti pembayaran Anda perlu diperbaiki"), _("Bukti pembayaran Anda belum dapat kami terima: %(reason)s")
    ),
    "paid": Words(
        _("Pembayaran Anda kami terima"),
        _("Pembayaran %(amount)s kami terima, NTPN %(ntpn)s. Kirimkan alat Anda ke loket kami."),
    ),
    "paid_later": Words(
        _("Pembayaran Anda kami terima"), _("Pembayaran %(amount)s kami terima, nomor bukti %(ntpn)s.")
    ),
    "received": Words(
        _("Alat Anda sudah kami terima"), _("Alat Anda sudah kami terima di loket dan kami teruskan ke laboratorium.")
    ),
    "handed_over": Words(
        _("Alat Anda sudah diserahkan"),
        _("Alat Anda sudah kami serahkan kembali. Konfirmasikan penerimaannya pada halaman pesanan Anda."),
    ),
    "released": Words(_("Laporan Anda sudah terbit"), _("Laporan kalibrasi Anda sudah terbit dan dapat Anda unduh.")),
    "amended": Words(
        _("Laporan Anda kami ganti"),
        _("Laporan %(report)s kami ganti dengan %(replacement)s. Unduh yang baru; yang lama tidak berlaku lagi."),
    ),
    "revoked": Words(
        _("Laporan Anda kami cabut"),
        _("Laporan %(report)s kami cabut dan tidak berlaku lagi. Alasannya: %(reason)s"),
    ),
    "closed": Words(_("Pesanan Anda selesai"), _("Pesanan Anda dinyatakan selesai. Terima kasih.")),
    "waits": Words(
        _("Permohonan %(number)s menunggu Anda"),
        _("Permohonan %(number)s (%(service)s) menunggu langkah Anda. Buka halamannya untuk melanjutkan."),
    ),
    "due": Words(
        _("Pengingat jatuh tempo alat"),
        _("%(count)s alat pada daftar Anda jatuh tempo dalam %(days)s hari, menurut tanggal yang Anda isi sendiri."),
    ),
    "complaint": Words(
        _("Pengaduan Anda kami terima"),
        _("Pengaduan Anda kami terima dengan nomor %(number)s. Kami menjawab paling lambat %(until)s."),
    ),
    "complaint_answer": Words(_("Pengaduan Anda sudah kami jawab"), _("Jawaban atas pengaduan %(number)s: %(answer)s")),
    "amendment": Words(
        _("Permintaan perbaikan laporan sudah kami jawab"), _("Permintaan perbaikan laporan Anda: %(answer)s")
    ),
    "digest": Words(
        _("Ringkasan tugas hari ini"),
        _("%(open)s tugas menunggu, %(late)s di antaranya terlambat, %(today)s jatuh tempo hari ini."),
    ),
}


def braces(text: object) -> str:
    """``%(name)s`` as it is shown to who edits: ``{name}``."""
    return _MARKED.sub(r"{\1}", str(text)).replace("%%", "%")


def _defaults() -> Mapping[str, Text]:
    return {
        key: Text(
            KIND, key, braces(words.subject), braces(words.text), _t("Teks bawaan aplikasi"), True, place,
            _t("Nama yang dapat dipakai: %(names)s.") % {"names": ", ".join(f"{{{n}}}" for n in sorted(words.names)) or "–"},
        )
        for place, (key, words) in enumerate(WORDS.items())
    }  # fmt: skip


def _check(key: str, title: str, text: str) -> Refusal | None:
    if not text:
        return Refusal("empty", _t("Isi teksnya."), "text")
    if unknown := texts.unknown_names(title, IN_SUBJECT):
        told = _t("Judul hanya boleh memuat {number}; tidak dikenal: %(names)s.")
        return Refusal("unknown-name", told % {"names": ", ".join(unknown)}, "title")
    if unknown := texts.unknown_names(text, WORDS[key].names):
        told = _t("Nama dalam kurung kurawal tidak dikenal: %(names)s.")
        return Refusal("unknown-name", told % {"names": ", ".join(unknown)}, "text")
    return None


texts.collections.add(KIND, Collection(_defaults, _check))


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words: for the application, and for the way outside."""

    subject: str
    text: str
    outside: str
    language: str


def told(institution: Institution, key: str, values: Mapping[str, str]) -> Told:
    """A notice in the words of the body. Raises KeyError for an unknown key."""
    held = texts.one_of(institution, KIND, key)
    if held is None:
        raise KeyError(key)
    masked = {name: _t("lihat halaman pesanan Anda.") if name in INSIDE else value for name, value in values.items()}
    number = {"number": values.get("number", "")}
    language = "id" if held.own else get_language() or "id"
    return Told(
        texts.filled(held.title, number), texts.filled(held.text, values), texts.filled(held.text, masked), language
    )
