"""BSrE Esign v1: multipart forms, the PDF as the answer, and a download that works once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sopan.core.flow import Refusal

from .. import stamp as stamps
from ..transport import Line
from . import gateway
from .provider import Particulars, Unclear

NIK = re.compile(r"\d{16}")
STATUSES = (
    "NOT_REGISTERED",
    "NO_CERTIFICATE",
    "WAITING_FOR_VERIFICATION",
    "EXPIRED",
    "RENEW",
    "SUSPEND",
    "REVOKE",
    "ISSUE",
)
ISSUED, UNKNOWN = 1111, 1110


@dataclass(frozen=True, slots=True)
class EsignV1:
    """A client of one service. ``from_top``: it counts the place of the block from the top of the page."""

    line: Line
    from_top: bool = False

    remote: ClassVar[bool] = True
    picture: ClassVar[str] = "png"

    def sign(self, content: bytes, said: Particulars, *, key: bytes, passphrase: str) -> bytes | Refusal | Unclear:
        """See ``SigningProvider``. ``POST /api/sign/pdf``; 120 seconds."""
        place = stamps.placed(content, field=said.field, from_top=self.from_top)
        fields = {
            "nik": key.decode(),
            "passphrase": passphrase,
            "tampilan": "visible",
            "image": "true",
            "page": str(place.page),
            "xAxis": str(place.x),
            "yAxis": str(place.y),
            "width": str(place.width),
            "height": str(place.height),
            "reason": said.reason,
            "location": said.location,
        }
        files = {"file": ("dokumen.pdf", "application/pdf", content), "imageTTD": ("blok.png", "image/png", said.stamp)}
        body, kind = form(fields, files)
        return _file(gateway.sent(self.line, "POST", "/api/sign/pdf", body=body, kind=kind))

    def fetch(self, service_id: str) -> bytes | Refusal | Unclear:
        """``GET /api/sign/download/{id_dokumen}``: once only, 404 afterwards."""
        answer = gateway.sent(self.line, "GET", f"/api/sign/download/{service_id}")
        if not isinstance(answer, Refusal | Unclear) and answer.status == 404:
            return Refusal("not-there", "")
        found = _file(answer)
        return Unclear(service_id) if isinstance(found, Unclear) else found

    def standing(self, key: bytes) -> Refusal | None:
        """``GET /api/user/status/{nik}``: 1111 with ISSUE is good, 1110 is not registered."""
        answer = gateway.sent(self.line, "GET", f"/api/user/status/{key.decode()}")
        if isinstance(answer, Refusal | Unclear):
            return gateway.has_standing(answer, "")
        body = gateway.told(answer.body)
        code, message = gateway.whole_number(body.get("status_code")), str(body.get("message") or "").upper()
        status = next((word for word in STATUSES if word in message), "")
        if code == UNKNOWN:
            status = "NOT_REGISTERED"
        elif code == ISSUED and not status:
            status = "ISSUE"
        return gateway.has_standing(answer, status)


def _file(answer: object) -> bytes | Refusal | Unclear:
    """The PDF of an answer. A page of HTML with status 200 says nothing about what the service did: unclear."""
    if isinstance(answer, Refusal | Unclear):
        return answer
    assert isinstance(answer, gateway.Answer)
    if answer.status == 200 and answer.body.startswith(gateway.PDF):
        return answer.body
    refusal = gateway.refused(answer)
    return refusal if refusal is not None else Unclear(gateway.service_id(answer.headers))


def form(fields: Mapping[str, str], files: Mapping[str, tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """A multipart body and its media type; ``files``: name -> (file name, media type, content)."""
    edge = secrets.token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file, kind, content) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"
