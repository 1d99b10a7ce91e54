"""A report as a file, judged by itself: signatures and their chain, time stamps, PDF/A, the digital form and the print.

Nothing of an installation is asked but its trust roots, so it works on a computer that has none of Sopan's data.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from django.conf import settings
from lxml import etree
from pypdf import PdfReader

from sopan.documents.signing import SignatureReport, validate

from .dcc import agreement, checks, schema


class Verdict(StrEnum):
    """What holds for the file as a whole, the worst first."""

    UNREADABLE = "unreadable"
    ALTERED = "altered"  # a signed byte differs, or something was added afterwards
    INCONSISTENT = "inconsistent"  # the digital form says something else than the page, or is broken
    UNSIGNED = "unsigned"
    UNTRUSTED = "untrusted"  # intact, but the certificates lead to no root that is trusted here
    VALID = "valid"


@dataclass(frozen=True)
class Examined:
    """All that was found; ``problems`` in words."""

    verdict: Verdict
    sha256: str
    pdf_a: str = ""  # what the file claims: "3B"; "" for nothing
    signatures: SignatureReport = field(default_factory=SignatureReport)
    judged_as_of: datetime | None = None
    dcc: bool = False
    dcc_sha256: str = ""
    dcc_problems: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """For JSON: times as ISO 8601."""
        data = asdict(self)
        return {**data, "verdict": str(self.verdict)}


def examine(content: bytes, *, trust_roots: Sequence[x509.Certificate]) -> Examined:
    """Judge a file; total: any bytes give an answer."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        claim = _claim(content)
        dcc = agreement.embedded(content)
    except Exception:  # the file is a stranger's: a broken one makes the reader fail in any way it likes
        return Examined(Verdict.UNREADABLE, sha256, problems=("this is no PDF that can be read",))
    signatures, moment = _signed(content, trust_roots)
    faults = _faults(content, dcc) if dcc is not None else []
    return Examined(
        verdict=_verdict(signatures, faults),
        sha256=sha256,
        pdf_a=claim,
        signatures=signatures,
        judged_as_of=moment,
        dcc=dcc is not None,
        dcc_sha256=hashlib.sha256(dcc).hexdigest() if dcc is not None else "",
        dcc_problems=tuple(faults),
        problems=(*signatures.problems, *faults),
    )


def _signed(content: bytes, roots: Sequence[x509.Certificate]) -> tuple[SignatureReport, datetime | None]:
    """The signatures, their certificates judged as of the stamped time, or where there is none that of the signer."""
    first = validate(content, trust_roots=roots)
    if not first.signers:
        return first, None
    moment = first.signers[-1].stamped_at or first.at
    return validate(content, trust_roots=roots, moment=moment), moment


def _claim(content: bytes) -> str:
    """Part and level of PDF/A that the metadata claim."""
    xmp = PdfReader(io.BytesIO(content)).xmp_metadata
    if xmp is None:
        return ""
    found = etree.fromstring(xmp.stream.get_data(), schema.parser())
    claim = {}
    for one in found.iter():
        for name, value in [*one.attrib.items(), (one.tag, one.text)]:
            if isinstance(name, str) and name.startswith("{http://www.aiim.org/pdfa/ns/id/}"):
                claim[name.rpartition("}")[2]] = (value or "").strip()
    return f"{claim.get('part', '')}{claim.get('conformance', '')}"


def _faults(content: bytes, dcc: bytes) -> list[str]:
    try:
        root = etree.fromstring(dcc, schema.parser())
        found = [*checks.faults(root), *agreement.disagreements(content, dcc)]
        if settings.DCC_SCHEMAS:
            found += schema.faults(dcc, folder=settings.DCC_SCHEMAS)
    except etree.LxmlError as fault:
        return [f"the digital certificate is no XML: {fault}"]
    return found


def _verdict(signatures: SignatureReport, faults: Sequence[str]) -> Verdict:
    if signatures.signatures and not (signatures.intact and signatures.covers_whole_file):
        return Verdict.ALTERED
    if faults:
        return Verdict.INCONSISTENT
    if not signatures.signatures:
        return Verdict.UNSIGNED
    if not signatures.trusted:
        return Verdict.UNTRUSTED
    return Verdict.VALID if signatures.valid else Verdict.ALTERED
