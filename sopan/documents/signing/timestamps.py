"""Time stamps (RFC 3161): from the authority that the operator has named, or from the local one of demonstrations."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import keys, tsp
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from .. import certificates
from ..transport import AnswerLost, Line, NotSent, ask
from .around import asn1

LOCAL = "demo"  # instead of an address: the local authority


class ServiceTimeStamper(TimeStamper):
    """Asks a time stamp authority over HTTP."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer. Raises TimestampRequestError for anything that is none."""
        kind = "application/timestamp-query"
        try:
            answer = ask(self._line, "POST", body=req.dump(), kind=kind)
            if answer.status != 200:
                raise ValueError
            told = tsp.TimeStampResp.load(answer.body, strict=True)
            told.native  # noqa: B018  garbage is parsed only when it is read
        except (NotSent, AnswerLost, ValueError, TypeError) as fault:
            raise TimestampRequestError("the time stamp authority gave no time stamp") from fault
        return told


def local(*, at: datetime) -> TimeStamper:
    """The authority of demonstrations and tests: its clock says ``at``, its certificate is of the demo authority."""
    key, certificate = certificates.demo_timestamping(now=at)
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(asn1(certificate), keys.PrivateKeyInfo.load(plain), fixed_dt=at)


def configured(*, at: datetime) -> TimeStamper | None:
    """The authority that the operator has named; None if he named none."""
    if not settings.TSA_URL:
        return None
    if settings.TSA_URL == LOCAL:
        return local(at=at)
    line = Line(settings.TSA_URL, settings.TSA_USER, settings.TSA_PASSWORD, settings.TSA_CA, timeout=30, limit=200_000)
    return ServiceTimeStamper(line)
