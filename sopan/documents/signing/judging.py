"""Judging the signatures of a PDF: by the trust roots of this installation, and nothing is fetched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .. import certificates
from .around import apart, asn1


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
        statuses = apart(lambda: _statuses(content, trust_roots, moment))
    except Exception:  # the file is a stranger's: a broken one makes the parser fail in any way it likes
        return SignatureReport(problems=(_("Berkas ini rusak atau bukan PDF yang dapat dibaca."),))
    if not statuses:
        return SignatureReport(problems=(_("Berkas ini tidak memuat tanda tangan elektronik."),))
    return _report(statuses)


def _statuses(
    content: bytes, trust_roots: Sequence[x509.Certificate], moment: datetime | None
) -> list[PdfSignatureStatus]:
    roots = [asn1(root) for root in trust_roots]
    # A context remembers what it saw: each signature is judged with a fresh one.
    return [
        validate_pdf_signature(one, ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment))
        for one in PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    ]


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
