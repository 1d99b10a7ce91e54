"""Lists of revoked certificates: kept in the trust folder, fetched by a regular job, asked before and after signing.

The operator names the addresses (``SOPAN_CRL_URLS``) or puts the files there himself. Nothing is fetched while
somebody waits, and no address inside a certificate is ever followed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from django.conf import settings
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.ui import formats

from . import certificates
from .transport import AnswerLost, Line, NotSent, ask

log = logging.getLogger("sopan.signing")
LARGEST = 20 * 1024 * 1024  # bytes of a list


def folder() -> Path:
    """Where the lists are."""
    return certificates.trust_folder() / "revoked"


def parsed(content: bytes) -> x509.CertificateRevocationList | None:
    """A list, PEM or DER; None for anything else."""
    try:
        if content.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_crl(content)
        return x509.load_der_x509_crl(content)
    except ValueError:
        return None


def lists() -> list[x509.CertificateRevocationList]:
    """The lists of the folder that can be read."""
    found = (parsed(path.read_bytes()) for path in sorted(folder().glob("*.crl")))
    return [one for one in found if one is not None]


def encoded() -> list[bytes]:
    """The same for embedding (DER)."""
    return [one.public_bytes(serialization.Encoding.DER) for one in lists()]


def revoked(certificate: x509.Certificate, *, above: Iterable[x509.Certificate] = (), now: datetime) -> Refusal | None:
    """Refusal "certificate-revoked" if a list of its issuer names it. ``above``: certificates of its chain.

    A list counts if a trust root, or a certificate of the chain that is the issuer, has signed it.
    """
    issuers = [one for one in (*certificates.trust_roots(), *above) if one.subject == certificate.issuer]
    for one in lists():
        if one.issuer != certificate.issuer or not _signed_by(one, issuers):
            continue
        entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= now:
            text = _(
                "Sertifikat elektronik Anda sudah dicabut oleh penerbitnya sejak %(date)s. Gunakan sertifikat baru."
            )
            return Refusal("certificate-revoked", text % {"date": formats.long_date(entry.revocation_date_utc)})
    return None


def _signed_by(one: x509.CertificateRevocationList, issuers: Sequence[x509.Certificate]) -> bool:
    for issuer in issuers:
        try:
            if one.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
                return True
        except (InvalidSignature, UnsupportedAlgorithm, TypeError):
            continue
    return False


def fetch() -> int:
    """Fetch the lists that the operator has named; how many are new. A list that cannot be had stays as it was."""
    new = 0
    for url in settings.CRL_URLS:
        try:
            answer = ask(Line(url, timeout=60, limit=LARGEST, public=True), "GET")
        except (NotSent, AnswerLost, ValueError) as fault:
            log.warning("a revocation list was not fetched: %s", type(fault).__name__)
            continue
        found = parsed(answer.body) if answer.status == 200 else None
        if found is None:
            log.warning("an address of a revocation list gave none (HTTP %s)", answer.status)
            continue
        new += _kept(url, found)
    return new


def _kept(url: str, found: x509.CertificateRevocationList) -> bool:
    name = hashes.Hash(hashes.SHA256())
    name.update(url.encode())
    path = folder() / f"{name.finalize().hex()[:16]}.crl"
    before = parsed(path.read_bytes()) if path.exists() else None
    if before is not None and before.last_update_utc >= found.last_update_utc:  # an old list must not hide a new one
        return False
    certificates.write_private(path, found.public_bytes(serialization.Encoding.DER))
    return True
