"""Judging the signatures of a PDF: by the trust roots of this installation, and nothing is fetched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from .. import certificates
from .around import apart, asn1

Roots = Sequence[x509.Certificate]
OURS = ("/ModDate", "/Producer")  # what whoever appends to a file may write of himself


@dataclass(frozen=True, slots=True)
class SignerReport:
    """One signature: who, when by his own clock, the level of PAdES, and when and by whom time was stamped."""

    name: str
    at: datetime | None
    level: str
    stamped_at: datetime | None = None
    stamped_by: str = ""
    subject: str = ""
    serial: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The judgement on all signatures of a file. ``valid`` says everything at once; the rest says why not.

    ``intact``: no signed byte differs. ``trusted``: the certificates lead to a trust root and were in force.
    ``covers_whole_file``: nothing was appended after the last signature but what makes it last (certificates, lists,
    time stamps). ``signer`` and ``at`` are the last one's; ``signers`` all of them, in the order of signing.
    """

    valid: bool = False
    trusted: bool = False
    intact: bool = False
    covers_whole_file: bool = False
    signer: str = ""
    at: datetime | None = None
    signatures: int = 0
    problems: tuple[str, ...] = ()
    signers: tuple[SignerReport, ...] = ()


def validate(content: bytes, *, trust_roots: Roots, moment: datetime | None = None) -> SignatureReport:
    """Judge the signatures of a PDF; total: any bytes give a report. ``moment``: judge certificates as of then.

    Nothing is fetched. Without ``moment`` certificates are judged as of now.
    """
    try:
        return apart(lambda: _judged(content, trust_roots, moment))
    except Exception:  # the file is a stranger's: a broken one makes the parser fail in any way it likes
        return SignatureReport(problems=(_("Berkas ini rusak atau bukan PDF yang dapat dibaca."),))


def _judged(content: bytes, roots: Roots, moment: datetime | None) -> SignatureReport:
    reader = PdfFileReader(io.BytesIO(content))
    found = reader.embedded_regular_signatures
    if not found:
        return SignatureReport(problems=(_("Berkas ini tidak memuat tanda tangan elektronik."),))
    # A context remembers what it saw: each signature is judged with a fresh one.
    statuses = [validate_pdf_signature(one, _context(roots, moment)) for one in found]
    signers = tuple(_signer(reader, one, status, roots) for one, status in zip(found, statuses, strict=True))
    return _report(statuses, signers, covers=_covered(content, found[-1], statuses[-1]))


def _context(roots: Roots, moment: datetime | None) -> ValidationContext:
    return ValidationContext(trust_roots=[asn1(root) for root in roots], allow_fetching=False, moment=moment)


def _covered(content: bytes, last: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Whether nothing follows the last signature, or only what makes it last longer.

    pyHanko lets the description of a document (title, author) change in such an update: we do not.
    """
    if not content.rstrip().endswith(b"%%EOF"):
        return False  # pyHanko looks at what belongs to the document; we at every byte
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    if status.modification_level is None or status.modification_level > ModificationLevel.LTA_UPDATES:
        return False
    return _described(content[: _end(last)]) == _described(content)


def _end(one: EmbeddedPdfSignature) -> int:
    """Up to which byte of the file a signature speaks."""
    return int(one.byte_range[2]) + int(one.byte_range[3])


def _described(content: bytes) -> list[Any]:
    reader = PdfReader(io.BytesIO(content))
    info = {name: str(value) for name, value in (reader.metadata or {}).items() if name not in OURS}
    xmp = reader.xmp_metadata
    told = [] if xmp is None else [xmp.dc_title, xmp.dc_creator, xmp.dc_description, xmp.dc_subject, xmp.pdf_keywords]
    return [info, *told, "/EmbeddedFiles" in (reader.root_object.get("/Names") or {})]


def _signer(reader: PdfFileReader, one: EmbeddedPdfSignature, status: PdfSignatureStatus, roots: Roots) -> SignerReport:
    stamped = status.timestamp_validity
    good = stamped is not None and stamped.valid and stamped.trusted
    certificate = one.signer_cert
    return SignerReport(
        name=str(certificate.subject.native.get("common_name", "")),
        at=one.self_reported_timestamp,
        level=_level(reader, one, roots, stamped.timestamp) if good else "B-B",
        stamped_at=stamped.timestamp if good else None,
        stamped_by=str(stamped.signing_cert.subject.native.get("common_name", "")) if good else "",
        subject=x509.load_der_x509_certificate(certificate.dump()).subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        fingerprint=certificate.sha256.hex(),
    )


def _level(reader: PdfFileReader, one: EmbeddedPdfSignature, roots: Roots, stamped_at: datetime) -> str:
    """B-LT if the file itself shows the certificates good, B-LTA if a time stamp over the document seals that."""
    asked = {"trust_roots": [asn1(root) for root in roots], "moment": stamped_at, "revocation_mode": "require"}
    try:
        context = DocumentSecurityStore.read_dss(reader).as_validation_context({**asked, "allow_fetching": False})
        if not validate_pdf_signature(one, context, skip_diff=True).trusted:
            return "B-T"
    except NoDSSFoundError:
        return "B-T"
    later = (seal for seal in reader.embedded_timestamp_signatures if _end(seal) > _end(one))
    sealed = any(validate_pdf_timestamp(seal, _context(roots, stamped_at), skip_diff=True).trusted for seal in later)
    return "B-LTA" if sealed else "B-LT"


def _report(
    statuses: Sequence[PdfSignatureStatus], signers: tuple[SignerReport, ...], *, covers: bool
) -> SignatureReport:
    intact = all(status.intact and status.valid for status in statuses)
    trusted = all(status.trusted for status in statuses)
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
        signer=signers[-1].name,
        at=statuses[-1].signer_reported_dt,
        signatures=len(statuses),
        problems=tuple(problem for problem, fine in told.items() if not fine),
        signers=signers,
    )


def validate_file(path: Path, *, moment: datetime | None = None) -> SignatureReport:
    """Judge the signatures of a file by the roots of the trust folder."""
    return validate(path.read_bytes(), trust_roots=certificates.trust_roots(), moment=moment)
