"""Signing with the PKCS#12 file of the person."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.utils.translation import gettext as _
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sopan.core.flow import Refusal

from .. import certificates, revocation
from .. import stamp as stamps
from .around import apart, asn1
from .provider import Particulars

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


@dataclass(frozen=True, slots=True)
class Pkcs12Provider:
    """Signs with the PKCS#12 file of the person: PAdES, SHA-256, RSA or EC.

    ``level`` B-B needs nothing more; B-T a time stamp authority; B-LT and B-LTA also the revocation lists (``lists``,
    DER) that show the certificates good, which are put into the file with the certificates. What a level needs and is
    not there is a refusal: nothing is signed at a lower one.
    """

    level: str = "B-B"
    timestamps: TimeStamper | None = None
    lists: Sequence[bytes] = ()

    remote: ClassVar[bool] = False
    picture: ClassVar[str] = "pdf"

    def sign(self, content: bytes, said: Particulars, *, key: bytes, passphrase: str) -> bytes | Refusal:
        """See ``SigningProvider``. Refusals: wrong-passphrase, unusable-key, certificate-expired, …-not-yet-valid,
        certificate-revoked, no-timestamp, no-revocation-data."""
        credentials = certificates.open_pkcs12(key, passphrase=passphrase)
        if isinstance(credentials, Refusal):
            return credentials
        if (refusal := certificates.in_force(credentials.certificate, now=said.at)) is not None:
            return refusal
        if (refusal := revocation.revoked(credentials.certificate, above=credentials.chain, now=said.at)) is not None:
            return refusal
        if self.level != "B-B" and self.timestamps is None:
            return no_timestamp()
        with tempfile.TemporaryDirectory() as folder:
            drawn = Path(folder) / "stamp.pdf"
            drawn.write_bytes(said.stamp)
            signer = _SignerAt(
                self._described(said),
                KeySigner(credentials),
                timestamper=None if self.level == "B-B" else self.timestamps,
                stamp_style=StaticStampStyle.from_pdf_file(
                    str(drawn), border_width=0, background_layout=WITHOUT_MARGINS
                ),
                new_field_spec=SigFieldSpec(said.field, on_page=-1, box=stamps.box(content, field=said.field)),
            )
            signer.at = said.at
            # What is appended must begin on a new line, or the file is no longer PDF/A.
            prepared = content if content.endswith(b"\n") else content + b"\n"
            try:
                return apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(prepared))).getvalue())
            except TimestampRequestError:
                return no_timestamp()
            except (SigningError, ValidationError, InvalidCertificateError):
                if self.level in ("B-B", "B-T"):
                    raise
                return Refusal(
                    "no-revocation-data",
                    _("Daftar pencabutan sertifikat belum lengkap, sehingga tingkat %(level)s tidak dapat dicapai.")
                    % {"level": self.level},
                )

    def _described(self, said: Particulars) -> signers.PdfSignatureMetadata:
        lasting = self.level in ("B-LT", "B-LTA")
        return signers.PdfSignatureMetadata(
            field_name=said.field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=said.name,
            reason=said.reason,
            location=said.location,
            contact_info=said.contact,
            embed_validation_info=lasting,
            use_pades_lta=self.level == "B-LTA",
            validation_context=self._context(said.at) if lasting else None,
        )

    def _context(self, at: datetime) -> ValidationContext:
        roots = [asn1(root) for root in certificates.trust_roots()]
        return ValidationContext(
            trust_roots=roots, crls=list(self.lists), allow_fetching=False, moment=at, revocation_mode="require"
        )


def no_timestamp() -> Refusal:
    return Refusal(
        "no-timestamp", _("Layanan cap waktu tidak menjawab. Tidak ada yang ditandatangani; coba lagi nanti.")
    )
