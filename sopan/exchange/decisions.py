"""Decisions that only the words tell ("jika setuju …, jika tidak dikembalikan …"), and where they return to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sopan.exchange.draft import DraftStep, Source, Sure, Told
from sopan.exchange.people import Column, named
from sopan.exchange.words import plain

_IF = r"(?:jika|bila|apabila|kalau|bilamana|dalam hal)"
_NEGATIVE = (
    r"(?:(?:tidak|tdk)(?! (?:di ?tempat|hadir|berada|masuk|ada di)\b)|belum|salah|kesalahan|kekurangan|kurang|ditolak|menolak"
    r"|gagal|ada perbaikan|ada koreksi|ada revisi)"
)
_BRANCH = re.compile(rf"\b{_IF}\b(?:(?!\b{_IF}\b)[^.;]){{0,80}}?\b{_NEGATIVE}\b", re.IGNORECASE)
_LACKING = re.compile(
    r"(?<!engembalikan )(?<!\w)(?:berkas|dokumen|permohonan|data|surat|persyaratan|formulir|usulan|laporan|konsep|draf|draft)\b[^.;,]{0,30}"
    r"\b(?:tidak|belum|kurang) (?:lengkap|sesuai|memenuhi|benar|valid|sah|disetujui)\b[^.;]{0,40}\bdi ?kembalikan\b",
    re.IGNORECASE,
)
_OR_NOT = re.compile(
    r"\b(?:apakah\b.{0,80}\batau (?:belum|tidak)|(?:setuju|disetujui|persetujuan|menyetujui|lengkap|sesuai|layak|memenuhi)"
    r"(?:nya)? (?:atau|/) ?(?:tidak|belum)|(?:persetujuan|setuju|menyetujui|disetujui|menerima|diterima) ?(?:atau|/) ?(?:penolakan|tolak|menolak|ditolak))\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:(?:di)?kembali(?:kan)?|mengembalikan(?:nya)?)\b(?P<tail>[^.;]*)", re.IGNORECASE)
_HANDS_OVER = re.compile(
    r"\b(?:menyerahkan(?:nya)?|menyampaikan(?:nya)?|diserahkan|diteruskan)\b"
    r"(?P<tail>[^.;]*)",
    re.IGNORECASE,
)
_MEND = re.compile(
    r"\b(?:diperbaiki|perbaikan|memperbaiki|direvisi|revisi|dikoreksi|dilengkapi|melengkapi|kembali)\b", re.IGNORECASE
)
_NUMBER = re.compile(
    r"\bkembali(?:kan)? (?:ke|pada)?\s*(?:langkah|nomor|no\.?|tahap(?:an)?|proses|kegiatan|butir|poin|point|step|aktivitas)\s*"
    r"(?:ke[- ]?)?\s*(?:nomor|no\.?)?\s*(\d{1,3}[a-z]?)\b"
    r"|\bkembali(?:kan)? ke (\d{1,2}[a-z]?)(?=[.,;)]|$)",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\b(?:kepada|ke|pada)\s+(?P<whom>.+?)(?=\s+(?:untuk|agar|guna|dan|supaya|sebagai)\b|[,.;]|$)", re.IGNORECASE
)


def decides(activity: str, remarks: str = "") -> bool:
    """True if the words tell two ways on. A condition in the remarks counts only if it sends back: others are notes."""
    words = (pattern.search(activity) for pattern in (_BRANCH, _OR_NOT, _LACKING))
    return any(words) or sends_back(remarks)


def return_of(step: DraftStep, before: Sequence[DraftStep], columns: Sequence[Column]) -> Told[int] | None:
    """The earlier step to which the words send back; None where they name no step and no actor that did one."""
    text = step.words
    if number := _NUMBER.search(text):
        same = [one.seq for one in before if one.no and one.no.value.strip("().") == (number[1] or number[2])]
        return Told(same[0], Source.WORDS) if len(same) == 1 else None
    tail = _tail(text)
    whom = _TO.search(tail) if tail else None
    if not whom:
        return None
    return _to_actor(whom["whom"], step, before, columns) or _to_activity(whom["whom"], before)


def sends_back(words: str) -> bool:
    """True if the words of the negative branch send back, even where they do not say to whom."""
    return _tail(words) != ""


def _tail(text: str) -> str:
    """What stands behind "dikembalikan" in the last negative branch, or behind "menyerahkan" if it is about mending."""
    branches = list(_BRANCH.finditer(text)) or list(_LACKING.finditer(text))
    if not branches:
        return ""
    behind = text[branches[-1].start() :]
    found = _BACK.search(behind) or (_HANDS_OVER.search(behind) if _MEND.search(behind) else None)
    return found["tail"] or " " if found else ""


def _to_actor(whom: str, step: DraftStep, before: Sequence[DraftStep], columns: Sequence[Column]) -> Told[int] | None:
    found = named(whom, columns)
    if not found:
        return None
    told = [one.seq for one in before if one.actor and one.actor.value == found[0]]
    return Told(told[-1], Source.WORDS, Sure.LIKELY) if told else None


def _to_activity(whom: str, before: Sequence[DraftStep]) -> Told[int] | None:
    """ "kembali ke Input SPM": the one earlier step whose words have all of these."""
    words = plain(whom).split()
    if not 1 <= len(words) <= 5 or max(map(len, words)) < 4:
        return None
    fits = [one for one in before if all(word in plain(one.activity.value) for word in words)]
    if len(fits) > 1:  # the step that is about nothing else
        fits = [one for one in fits if len(words) * 2 >= len(one.activity.value.split())]
    return Told(fits[0].seq, Source.WORDS, Sure.LIKELY) if len(fits) == 1 else None
