"""Signing a document with the certificate of a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people import limits
from sopan.people.events import record
from sopan.people.models import User
from sopan.ui import formats

from .. import certificates, files, queries, signing, stamp
from ..models import IssuedDocument, Signature, SigningKey
from .keys import current_key
from .moves import told_why_not

Status = IssuedDocument.Status
PROVIDER: signing.SigningProvider = signing.Pkcs12Provider()


def sign_document(
    document: IssuedDocument,
    *,
    person: User,
    title: str,
    letter: str = "",
    passphrase: str,
    previewed_sha256: str,
    now: datetime,
    meaning: str = "Pengesahan",
) -> Signature | Refusal:
    """Sign with the certificate of ``person``; ``title`` is the position as shown ("Plh. Kepala Balai").

    Signs exactly the bytes whose hash was previewed, judges the result, then stores it. Side effects: a file, the
    row of the document, a ``Signature``. After a refusal nothing has changed, but that a wrong passphrase is counted
    and noted among the events of people. Not inside a transaction.
    Refusals: already-signed (who and when), not-ready, changed, no-certificate, wrong-passphrase, too-many-tries,
    unusable-key, certificate-expired, certificate-not-yet-valid, signature-not-valid.
    """
    document.refresh_from_db()
    if document.status != Status.AWAITING:
        return told_why_not(document)
    if previewed_sha256 != document.unsigned_sha256:
        return Refusal(
            "changed", _("Dokumen ini telah diperbarui sejak Anda membacanya. Baca lagi sebelum menandatangani.")
        )
    key = current_key(person, now=now)
    if key is None:
        return Refusal("no-certificate", _("Sertifikat elektronik Anda belum terdaftar. Hubungi pengelola sistem."))
    if wait := limits.barred("passphrase", key=str(person.pk)):
        return _told_to_wait(document, until=now + wait)
    signed = _signed(document, key=key, person=person, title=title, passphrase=passphrase, now=now, meaning=meaning)
    if isinstance(signed, Refusal):
        if signed.code == "wrong-passphrase":
            limits.count("passphrase", key=str(person.pk))
            record(document.institution, "passphrase_failed", by=person, now=now, about=person, number=document.number)
        return signed
    return _keep_signature(
        document,
        signed,
        Signature(
            document=document,
            person=person,
            name=person.full_name,
            position=title,
            letter=letter,
            meaning=meaning,
            method=Signature.Method.CERTIFICATE,
            at=now,
            document_sha256=document.unsigned_sha256,
            certificate_subject=key.subject,
            certificate_serial=key.serial,
            certificate_fingerprint=key.fingerprint,
        ),
    )


def _signed(
    document: IssuedDocument, *, key: SigningKey, person: User, title: str, passphrase: str, now: datetime, meaning: str
) -> bytes | Refusal:
    """The signed bytes, judged by the trust roots of this installation."""
    zone, url = document.institution.zone, queries.verify_url(document)
    block = stamp.render(
        url=url,
        name=person.full_name,
        position=title,
        signed_at=stamp.worded(now, zone=zone, language=document.language),
        at=now,
        language=document.language,
    )
    if isinstance(block, Refusal):
        return block
    signed = PROVIDER.sign(
        queries.content_of(document),
        key=files.read(key.file, sha256=key.file_sha256),
        passphrase=passphrase,
        stamp=block,
        name=person.full_name,
        reason=meaning,
        location=document.institution.short_name,
        contact=url,
        at=now,
    )
    if isinstance(signed, Refusal):
        return signed
    report = signing.validate(signed, trust_roots=certificates.trust_roots(), moment=now)
    if not report.valid:
        return Refusal(
            "signature-not-valid",
            _("Tanda tangan tidak lolos pemeriksaan, sehingga tidak disimpan: %(problems)s")
            % {"problems": " ".join(report.problems)},
        )
    return signed


def _told_to_wait(document: IssuedDocument, *, until: datetime) -> Refusal:
    with timezone.override(document.institution.zone):
        at = formats.clock(until + timedelta(seconds=59))  # the minute after which it is sure
    return Refusal(
        "too-many-tries",
        _("Passphrase salah terlalu sering. Demi keamanan sertifikat Anda, coba lagi setelah pukul %(at)s.")
        % {"at": at},
        "passphrase",
    )


def _keep_signature(document: IssuedDocument, signed: bytes, signature: Signature) -> Signature | Refusal:
    """Store the file, then the two rows together; the first of two signers wins."""
    name = files.store(signed, folder="documents", suffix=".pdf")
    with transaction.atomic():
        won = IssuedDocument.objects.filter(
            pk=document.pk, status=Status.AWAITING, unsigned_sha256=signature.document_sha256
        ).update(status=Status.SIGNED, signed=name, signed_sha256=files.sha256(signed), signed_at=signature.at)
        if won:
            signature.save()
    document.refresh_from_db()
    return signature if won else told_why_not(document)
