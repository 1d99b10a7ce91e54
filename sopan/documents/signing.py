"""Signing a PDF (PAdES) and judging the signatures of one.

A provider makes the signature; the one here uses the PKCS#12 file of the person. A provider that talks to a signing
service offers the same ``sign`` and keeps the same promise: the passphrase is used and forgotten.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.utils.translation import gettext as _
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sopan.core.flow import Refusal

from . import certificates
from . import stamp as stamps

Result = TypeVar("Result")
FIELD = "TandaTangan1"
WITHOUT_MARGINS = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID, y_align=layout.AxisAlignment.ALIGN_MID, margins=layout.Margins.uniform(0)
)


class SigningProvider(Protocol):
    """Something that signs a PDF for a person who has just typed a passphrase."""

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
        """The signed PDF, with ``stamp`` (a PDF of one page) as its visible block, or why not."""
        ...


class KeySigner(signers.Signer):
    """Signs with a key that is loaded already: pyHanko's own parses and checks it at each of two uses."""

    def __init__(self, credentials: certificates.Credentials) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([_asn1(certificate) for certificate in credentials.chain])
        super().__init__(signing_cert=_asn1(credentials.certificate), cert_registry=store)
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
            return _apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(prepared))).getvalue())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The judgement on all signatures of a file. ``valid`` says everything at once; the rest says why not.

    ``intact``: no signed byte differs. ``trusted``: the certificate leads to a trust root and was in force.
    ``covers_whole_file``: nothing was appended after the last signature. ``signer`` and ``at`` are the last one's.
    """

    valid: bool = False
    trusted: bool = False
    intact: bool = False
    covers_whole_file: bool = False
    signer: str = ""
    at: datetime | None = None
    signatures: int = 0
    problems: tuple[str, ...] = ()


def validate(
    content: bytes, *, trust_roots: Sequence[x509.Certificate], moment: datetime | None = None
) -> SignatureReport:
    """Judge the signatures of a PDF; total: any bytes give a report. ``moment``: judge certificates as of then.

    Nothing is fetched. Without ``moment`` certificates are judged as of now.
    """
    try:
        statuses = _apart(lambda: _statuses(content, trust_roots, moment))
    except Exception:  # the file is a stranger's: a broken one makes the parser fail in any way it likes
        return SignatureReport(problems=(_("Berkas ini rusak atau bukan PDF yang dapat dibaca."),))
    if not statuses:
        return SignatureReport(problems=(_("Berkas ini tidak memuat tanda tangan elektronik."),))
    return _report(statuses)


def _statuses(
    content: bytes, trust_roots: Sequence[x509.Certificate], moment: datetime | None
) -> list[PdfSignatureStatus]:
    roots = [_asn1(root) for root in trust_roots]
    # A context remembers what it saw: each signature is judged with a fresh one.
    return [
        validate_pdf_signature(one, ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment))
        for one in PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    ]


def _apart(call: Callable[[], Result]) -> Result:
    """Call pyHanko, which runs an event loop of its own, even where a loop runs already: in another thread then."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(call).result()


def _report(statuses: Sequence[PdfSignatureStatus]) -> SignatureReport:
    last = statuses[-1]
    intact = all(status.intact and status.valid for status in statuses)
    trusted = all(status.trusted for status in statuses)
    covers = last.coverage == SignatureCoverageLevel.ENTIRE_FILE
    # Changes appended later leave `intact` true: only the bottom line and the coverage see them.
    sound = all(status.bottom_line and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION for status in statuses)
    told = {
        _("Isi yang ditandatangani telah berubah."): intact,
        # Of a broken signature the certificate is not judged at all.
        _("Penerbit sertifikat tidak dikenal atau sertifikat tidak berlaku."): trusted or not intact,
        _("Ada isi yang ditambahkan setelah ditandatangani."): covers,
        _("Tanda tangan tidak memenuhi aturan."): sound or not (intact and trusted and covers),
    }
    return SignatureReport(
        valid=sound and covers,
        trusted=trusted,
        intact=intact,
        covers_whole_file=covers,
        signer=str(last.signing_cert.subject.native.get("common_name", "")),
        at=last.signer_reported_dt,
        signatures=len(statuses),
        problems=tuple(problem for problem, fine in told.items() if not fine),
    )


def validate_file(path: Path, *, moment: datetime | None = None) -> SignatureReport:
    """Judge the signatures of a file by the roots of the trust folder."""
    return validate(path.read_bytes(), trust_roots=certificates.trust_roots(), moment=moment)
