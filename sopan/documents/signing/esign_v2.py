"""BSrE Esign v2: JSON with base64. It hands no file out a second time: an answer that is lost stays unclear."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, ClassVar

from sopan.core.flow import Refusal

from .. import stamp as stamps
from ..transport import Answer, Line
from . import gateway
from .provider import Particulars, Unclear

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class EsignV2:
    """A client of one service. ``from_top``: it counts the place of the block from the top of the page."""

    line: Line
    from_top: bool = True

    remote: ClassVar[bool] = True
    picture: ClassVar[str] = "png"

    def sign(self, content: bytes, said: Particulars, *, key: bytes, passphrase: str) -> bytes | Refusal | Unclear:
        """See ``SigningProvider``. ``POST /api/v2/sign/pdf``; 120 seconds."""
        place = stamps.placed(content, field=said.field, from_top=self.from_top)
        shown = {
            "tampilan": "VISIBLE",
            "imageBase64": base64.b64encode(said.stamp).decode(),
            "page": place.page,
            "originX": place.x,
            "originY": place.y,
            "width": place.width,
            "height": place.height,
            "location": said.location,
            "reason": said.reason,
            "contactInfo": said.contact,
        }
        asked = {
            "nik": key.decode(),
            "passphrase": passphrase,
            "signatureProperties": [shown],
            "file": [base64.b64encode(content).decode()],
        }
        answer = self._asked("/api/v2/sign/pdf", asked)
        if isinstance(answer, Refusal | Unclear):
            return answer
        found = _decoded(gateway.told(answer.body)) if answer.status == 200 else b""
        if found.startswith(gateway.PDF):
            return found
        refusal = gateway.refused(answer)
        return refusal if refusal is not None else Unclear()

    def fetch(self, service_id: str) -> bytes | Refusal | Unclear:
        """v2 has no such call."""
        return Refusal("not-there", "")

    def standing(self, key: bytes) -> Refusal | None:
        """``POST /api/v2/user/check/status``: only ISSUE is good."""
        answer = self._asked("/api/v2/user/check/status", {"nik": key.decode()})
        if isinstance(answer, Refusal | Unclear):
            return gateway.has_standing(answer, "")
        return gateway.has_standing(answer, str(gateway.told(answer.body).get("status") or "").upper())

    def _asked(self, path: str, body: dict[str, Any]) -> Answer | Refusal | Unclear:
        return gateway.sent(self.line, "POST", path, body=json.dumps(body).encode(), kind=JSON, accept=JSON)


def _decoded(body: Any) -> bytes:
    """The one file of an answer; empty for anything else."""
    files = body.get("file")
    if not (isinstance(files, list) and len(files) == 1 and isinstance(files[0], str)):
        return b""
    try:
        return base64.b64decode(files[0], validate=True)
    except (binascii.Error, ValueError):
        return b""
