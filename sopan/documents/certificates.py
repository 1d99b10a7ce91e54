"""Certificates and PKCS#12 files: opening them, judging their dates, and a local authority for demonstrations.

A passphrase lives in memory for the length of a call. It is never stored, logged, or put into an exception.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.ui import formats

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DEMO_AUTHORITY = "CA Demo Sopan"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An opened PKCS#12 file. ``repr`` shows the subject alone."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    def __repr__(self) -> str:
        return f"<Credentials of {self.subject}>"

    @property
    def subject(self) -> str:
        return self.certificate.subject.rfc4514_string()

    @property
    def common_name(self) -> str:
        return "".join(str(part.value) for part in self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME))

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:x}"

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def open_pkcs12(content: bytes, *, passphrase: str) -> Credentials | Refusal:
    """Open a PKCS#12 file. Refusal "wrong-passphrase" (field "passphrase") or "unusable-key"."""
    try:
        if "\0" in passphrase:  # OpenSSL's binding panics on it, and prints what was typed
            raise ValueError
        key, certificate, chain = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError:  # its text may quote what was typed: it goes no further
        return Refusal(
            "wrong-passphrase",
            _("Passphrase tidak cocok dengan sertifikat Anda. Tidak ada yang berubah; silakan ketik ulang."),
            "passphrase",
        )
    if certificate is None or not isinstance(key, PrivateKey):
        return Refusal("unusable-key", _("Berkas sertifikat ini tidak memuat kunci RSA atau EC beserta sertifikatnya."))
    return Credentials(key, certificate, tuple(chain))


def bundle(credentials: Credentials) -> str:
    """The certificate and those above it as text (PEM): what is public of a key, to be judged unopened."""
    every = (credentials.certificate, *credentials.chain)
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in every)


def unbundled(text: str) -> list[x509.Certificate]:
    """The certificates of ``bundle``, the person's own first."""
    return x509.load_pem_x509_certificates(text.encode()) if text else []


def in_force(certificate: x509.Certificate, *, now: datetime) -> Refusal | None:
    """Refusal "certificate-expired" or "certificate-not-yet-valid" outside its dates."""
    return between(certificate.not_valid_before_utc, certificate.not_valid_after_utc, now=now)


def between(begin: datetime, end: datetime, *, now: datetime) -> Refusal | None:
    """The same by the dates of a certificate."""
    if now > end:
        return Refusal(
            "certificate-expired",
            _("Sertifikat elektronik Anda sudah tidak berlaku sejak %(date)s. Perbarui dahulu sertifikat Anda.")
            % {"date": formats.long_date(end)},
        )
    if now < begin:
        return Refusal(
            "certificate-not-yet-valid",
            _("Sertifikat elektronik Anda baru berlaku mulai %(date)s.") % {"date": formats.long_date(begin)},
        )
    return None


def trust_folder() -> Path:
    """The folder of the root certificates (PEM) that signatures are judged by; the operator puts them here."""
    return Path(settings.DATA_DIR) / "trust"


def trust_roots() -> list[x509.Certificate]:
    """The certificates of the trust folder."""
    return [x509.load_pem_x509_certificate(path.read_bytes()) for path in sorted(trust_folder().glob("*.pem"))]


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    *,
    begin: datetime,
    end: datetime,
    authority: bool,
) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common_name: str, *, title: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])]
    return x509.Name(parts + ([x509.NameAttribute(NameOID.TITLE, title[:64])] if title else []))


def demo_authority(*, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The local authority of demonstrations, made at the first call: key and root certificate in the data folder."""
    root_path, key_path = trust_folder() / "demo.pem", Path(settings.DATA_DIR) / "demo-authority.key"
    if root_path.exists() and key_path.exists():
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key, x509.load_pem_x509_certificate(root_path.read_bytes())
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(DEMO_AUTHORITY)
    begin, end = now - timedelta(days=800), now + timedelta(days=3650)
    root = _builder(name, name, key.public_key(), begin=begin, end=end, authority=True).sign(key, hashes.SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(key_path, key.private_bytes(*plain))
    write_private(root_path, root.public_bytes(serialization.Encoding.PEM))
    return key, root


def demo_timestamping(*, now: datetime) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """Key and certificate of the time stamp authority of demonstrations, made at the first call."""
    path = Path(settings.DATA_DIR) / "demo-timestamping.pem"
    if path.exists():
        content = path.read_bytes()
        kept = serialization.load_pem_private_key(content, None)
        assert isinstance(kept, rsa.RSAPrivateKey)
        return kept, x509.load_pem_x509_certificate(content)
    authority, root = demo_authority(now=now)
    key = rsa.generate_private_key(65537, 2048)
    begin, end = now - timedelta(days=800), now + timedelta(days=3600)
    builder = _builder(
        _name("Cap Waktu Demo Sopan"), root.subject, key.public_key(), begin=begin, end=end, authority=False
    )
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    certificate = builder.add_extension(_issued_by(authority), critical=False).sign(authority, hashes.SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(path, key.private_bytes(*plain) + certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate


def demo_revocations(*, now: datetime, revoked: Mapping[int, datetime] | None = None) -> bytes:
    """A list (DER) of the demo authority, in force from an hour ago for a week: serial number -> revoked since."""
    authority, root = demo_authority(now=now)
    begin = now - timedelta(hours=1)
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    builder = builder.last_update(begin).next_update(now + timedelta(days=7))
    builder = builder.add_extension(_issued_by(authority), critical=False)
    builder = builder.add_extension(x509.CRLNumber(int(begin.timestamp())), critical=False)
    for serial, since in (revoked or {}).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _issued_by(authority: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())


def make_demo_pkcs12(
    name: str,
    *,
    position: str,
    passphrase: str,
    now: datetime,
    begin: datetime | None = None,
    end: datetime | None = None,
) -> bytes:
    """A P-256 key with a certificate of the demo authority, as a PKCS#12 file under ``passphrase``.

    In force from one year ago for three years unless ``begin`` and ``end`` say otherwise.
    """
    authority, root = demo_authority(now=now)
    key = ec.generate_private_key(ec.SECP256R1())
    begin, end = begin or now - timedelta(days=365), end or now + timedelta(days=730)
    subject = _name(name, title=position)
    builder = _builder(subject, root.subject, key.public_key(), begin=begin, end=end, authority=False)
    certificate = builder.add_extension(_issued_by(authority), critical=False).sign(authority, hashes.SHA256())
    protection = serialization.BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [root], protection)
