"""BSrE "Esign Client Service": what its two versions share.

Sources: the calls as public clients of the service use them (v1: multipart forms, v2: JSON with base64). What is not
described there is not relied on: only an error of the service itself, or a connection that was never made, says that
nothing was signed. Everything else is ``Unclear``, and no request to sign is ever sent again by itself.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal

from ..transport import Answer, AnswerLost, Line, NotSent, ask
from .provider import Unclear

log = logging.getLogger("sopan.signing")
WRONG_PASSPHRASE, NOT_REGISTERED = 2031, 2011
NOT_DONE = (400, 401, 403, 404, 405, 413, 415, 422, 429, 503)  # the service, or what stands before it, did not begin
SERVICE_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
PDF = b"%PDF-"


def told(body: bytes) -> Mapping[str, Any]:
    """The JSON object of an answer; empty for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def whole_number(value: object) -> int:
    """A number that may come as text; 0 for anything else."""
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() and len(str(value)) < 9 else 0


def unreachable() -> Refusal:
    return Refusal(
        "service-unreachable",
        _("Layanan tanda tangan tidak dapat dihubungi. Tidak ada yang ditandatangani; coba lagi nanti."),
    )


def refused(answer: Answer) -> Refusal | None:
    """What an answer that is no success means, if it says for certain that nothing was signed."""
    body = told(answer.body)
    code = whole_number(body.get("status_code"))
    if code == WRONG_PASSPHRASE:
        text = _("Passphrase tidak cocok dengan sertifikat Anda. Tidak ada yang berubah; silakan ketik ulang.")
        return Refusal("wrong-passphrase", text, "passphrase")
    if code == NOT_REGISTERED:
        return Refusal("not-registered", _("Anda belum terdaftar pada layanan tanda tangan. Hubungi pengelola akun."))
    if answer.status == 401:
        return Refusal("service-login", _("Layanan tanda tangan menolak akun aplikasi ini. Hubungi pengelola sistem."))
    if answer.status in (429, 503):
        return Refusal(
            "service-busy", _("Layanan tanda tangan sedang sibuk. Tidak ada yang ditandatangani; coba lagi nanti.")
        )
    if code or answer.status in NOT_DONE or (body.get("error") and answer.status == 500):
        # The words of the service are for the log alone, as numbers: they may quote what was sent.
        log.warning("signing service refused: HTTP %s, status_code %s", answer.status, code or "–")
        text = _(
            "Layanan tanda tangan menolak permintaan (HTTP %(status)s, kode %(code)s). Tidak ada yang ditandatangani."
        )
        return Refusal("service-refused", text % {"status": answer.status, "code": code or "–"})
    return None


def sent(line: Line, method: str, path: str, **given: Any) -> Answer | Refusal | Unclear:
    """Ask; what is known of an answer that was lost."""
    try:
        return ask(line, method, path, **given)
    except NotSent as fault:
        log.warning("signing service was not reached: %s", fault)
        return unreachable()
    except AnswerLost as fault:
        log.warning("signing service gave no whole answer: %s", fault)
        return Unclear(service_id(fault.headers))


def service_id(headers: Mapping[str, str]) -> str:
    """By which the service hands the file out once more; "" for none, and for what could be anything but a name."""
    given = headers.get("id_dokumen", "").strip()
    return given if SERVICE_ID.fullmatch(given) else ""


def no_standing(status: str) -> Refusal:
    """Why a person whose certificate has this status there cannot sign."""
    words = {
        "EXPIRED": _("sertifikat Anda sudah kedaluwarsa"),
        "RENEW": _("sertifikat Anda harus diperbarui"),
        "WAITING_FOR_VERIFICATION": _("pendaftaran Anda menunggu verifikasi"),
        "NEW": _("pendaftaran Anda belum selesai"),
        "NO_CERTIFICATE": _("Anda belum mempunyai sertifikat"),
        "NOT_REGISTERED": _("Anda belum terdaftar"),
        "SUSPEND": _("sertifikat Anda ditangguhkan"),
        "REVOKE": _("sertifikat Anda sudah dicabut"),
    }
    why = words.get(status, _("status sertifikat Anda tidak dikenal"))
    return Refusal("no-standing", _("Layanan tanda tangan menjawab: %(why)s. Hubungi pengelola akun.") % {"why": why})


def unknown_standing() -> Refusal:
    return Refusal(
        "service-unreachable",
        _("Status sertifikat Anda tidak dapat ditanyakan ke layanan tanda tangan. Coba lagi nanti."),
    )


def has_standing(answer: Answer | Refusal | Unclear, status: str) -> Refusal | None:
    """Judge the answer to the question after a person; ``status`` is what it says of him, in capitals."""
    if isinstance(answer, Refusal):
        return answer
    if isinstance(answer, Unclear) or (not status and refused(answer) is None):
        return unknown_standing()
    if status == "ISSUE":
        return None
    return no_standing(status) if status else refused(answer)
