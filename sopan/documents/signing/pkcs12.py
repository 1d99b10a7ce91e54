"""Signing with the PKCS#12 file of the person."""

from __future__ import annotations

import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sopan.core.flow import Refusal

from .. import certificates
from .. import stamp as stamps
from .around import apart, asn1
from .provider import FIELD

WITHOUT_MARGINS = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID, y_align=layout.AxisAlignment.ALIGN_MID, margins=layout.Margins.uniform(0)
)


class KeySigner(signers.Signer):
    """Signs with a key that is loaded already: pyHanko's own parses and checks it at each of two uses."""

    def __init__(self, credentials: certificates.Credentials) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([asn1(certificate) for certificate in credentials.chain])
        super().__init__(signing_cert=asn1(credentials.certificate), cert_registry=store)
        self._key = credentials.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        digest = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return bytes(self._key.key_size // 8) if dry_run else self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


class _SignerAt(signers.PdfSigner):
    """A PDF signer whose clock is handed to it."""

    at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at
        return session


class Pkcs12Provider:
    """Signs with the PKCS#12 file of the person: PAdES B-B, SHA-256, RSA or EC."""

    def sign(
        self,
        content: bytes,
        *,
        key: bytes,
        passphrase: str,
        stamp: bytes,
        name: str,
        reason: str,
        location: str,
        contact: str,
        at: datetime,
        field: str = FIELD,
    ) -> bytes | Refusal:
        """See ``SigningProvider``. Refusals: wrong-passphrase, unusable-key, certificate-expired, …-not-yet-valid."""
        credentials = certificates.open_pkcs12(key, passphrase=passphrase)
        if isinstance(credentials, Refusal):
            return credentials
        if (refusal := certificates.in_force(credentials.certificate, now=at)) is not None:
            return refusal
        described = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=name,
            reason=reason,
            location=location,
            contact_info=contact,
        )
        with tempfile.TemporaryDirectory() as folder:
            drawn = Path(folder) / "stamp.pdf"
            drawn.write_bytes(stamp)
            signer = _SignerAt(
                described,
                KeySigner(credentials),
                stamp_style=StaticStampStyle.from_pdf_file(
                    str(drawn), border_width=0, background_layout=WITHOUT_MARGINS
                ),
                new_field_spec=SigFieldSpec(field, on_page=-1, box=stamps.box(content)),
            )
            signer.at = at
            # What is appended must begin on a new line, or the file is no longer PDF/A.
            prepared = content if content.endswith(b"\n") else content + b"\n"
            return apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(prepared))).getvalue())
