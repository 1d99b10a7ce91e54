"""The only code that changes documents: draft, prepare, sign, release, replace, revoke; and the keys of persons.

Each change is one conditional UPDATE, so that of two people at once exactly one is right and the other is told.
Files and signatures are made before the transaction; a crash between leaves a file that nothing names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.models import Case
from sopan.people import limits
from sopan.people.events import record
from sopan.people.models import Institution, User
from sopan.ui import formats

from . import certificates, files, queries, signing, stamp
from .models import IssuedDocument, Signature, SigningKey

Status = IssuedDocument.Status
PROVIDER: signing.SigningProvider = signing.Pkcs12Provider()


def draft(
    *,
    institution: Institution,
    kind: str,
    number: str,
    title: str,
    now: datetime,
    case: Case | None = None,
    language: str = "id",
    version: int = 1,
    facts: Mapping[str, str] | None = None,
) -> IssuedDocument:
    """Begin a document; ``facts`` (label -> text) is what the public page tells besides number and signer."""
    return IssuedDocument.objects.create(
        institution=institution,
        case=case,
        kind=kind,
        number=number,
        title=title,
        language=language,
        version=version,
        facts=[[label, text] for label, text in (facts or {}).items()],  # a list: databases reorder objects
        created_at=now,
    )


def prepare(document: IssuedDocument, *, content: bytes) -> Refusal | None:
    """Lay a rendered PDF before its signer. Side effect: stores the file. May be repeated until it is signed.

    Repeatable with the same bytes, so it may run in the worker. Refusals: not-a-pdf (encrypted, signed or
    unreadable), already-signed. Not inside a transaction.
    """
    if (refusal := _unfit_to_sign(content)) is not None:
        return refusal
    name = files.store(content, folder="documents", suffix=".pdf")
    return _move(
        document,
        to=Status.AWAITING,
        where=(Status.DRAFT, Status.AWAITING),
        unsigned=name,
        unsigned_sha256=files.sha256(content),
    )


def _unfit_to_sign(content: bytes) -> Refusal | None:
    report = signing.validate(content, trust_roots=[])
    if not content.startswith(b"%PDF-") or report.signatures or not stamp.signable(content):
        return Refusal("not-a-pdf", _("Berkas ini bukan PDF tanpa sandi dan tanpa tanda tangan."))
    return None


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
        return _told_why_not(document)
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
    return signature if won else _told_why_not(document)


def release(document: IssuedDocument, *, now: datetime) -> Refusal | None:
    """Let the customer and the public see a signed document."""
    return _move(document, to=Status.RELEASED, where=(Status.SIGNED,), released_at=now)


def replace(old: IssuedDocument, *, new: IssuedDocument, now: datetime) -> Refusal | None:
    """Put a released document in the place of another. The old address says so from now on, and leads to the new."""
    new.refresh_from_db()
    fits = (new.institution_id, new.kind, new.status) == (old.institution_id, old.kind, Status.RELEASED)
    if not fits or new.pk == old.pk:
        return Refusal("not-a-replacement", _("Pengganti harus dokumen sejenis yang sudah diterbitkan."))
    return _move(old, to=Status.REPLACED, where=(Status.RELEASED,), replaced_by=new, replaced_at=now)


def revoke(document: IssuedDocument, *, reason: str, by: str, now: datetime) -> Refusal | None:
    """Withdraw a released document for good. ``reason`` is shown to the public; ``by`` is a name and is not."""
    if not reason.strip():
        return Refusal("reason-missing", _("Tuliskan alasan pencabutan."), "reason")
    where = (Status.RELEASED, Status.REPLACED)
    return _move(
        document, to=Status.REVOKED, where=where, revoked_at=now, revoked_reason=reason.strip()[:500], revoked_by=by
    )


def _move(document: IssuedDocument, *, to: str, where: tuple[str, ...], **changes: Any) -> Refusal | None:
    moved = IssuedDocument.objects.filter(pk=document.pk, status__in=where).update(status=to, **changes)
    document.refresh_from_db()
    return None if moved else _told_why_not(document)


def _told_why_not(document: IssuedDocument) -> Refusal:
    """Why the document is not in the state in which the act is possible: who signed it and when, or its state."""
    signature = queries.signature_of(document)
    if document.status == Status.SIGNED and signature is not None:
        with timezone.override(document.institution.zone):
            told = {"name": signature.name, "position": signature.position, "at": formats.long_datetime(signature.at)}
        return Refusal("already-signed", _("Sudah ditandatangani oleh %(name)s, %(position)s, pada %(at)s.") % told)
    return Refusal(
        "not-ready",
        _("Tindakan ini tidak dapat dilakukan: dokumen berstatus “%(status)s”.")
        % {"status": document.get_status_display()},
    )


def current_key(person: User, *, now: datetime) -> SigningKey | None:
    """The key to sign with: the one in force, else the newest (whose dates then say what is wrong)."""
    keys = SigningKey.objects.filter(person=person).order_by("-not_before", "-pk")
    return keys.filter(not_before__lte=now, not_after__gte=now).first() or keys.first()


def add_signing_key(person: User, *, content: bytes, passphrase: str, now: datetime) -> SigningKey | Refusal:
    """Register the PKCS#12 file of a person; the passphrase proves that it opens and is then forgotten.

    Side effects: the file (private), a row, an event. Refusals: wrong-passphrase, unusable-key, certificate-expired,
    other-person (the certificate names somebody else), key-taken.
    """
    opened = certificates.open_pkcs12(content, passphrase=passphrase)
    if isinstance(opened, Refusal):
        return opened
    if (refusal := certificates.in_force(opened.certificate, now=now)) is not None:
        return refusal
    if opened.common_name.casefold() not in (person.name.casefold(), person.full_name.casefold()):
        return Refusal("other-person", _("Sertifikat ini atas nama %(name)s.") % {"name": opened.common_name})
    fields = {
        "person": person,
        "file": files.store(content, folder="keys", suffix=".p12"),
        "file_sha256": files.sha256(content),
        "subject": opened.subject[:300],
        "serial": opened.serial,
        "not_before": opened.certificate.not_valid_before_utc,
        "not_after": opened.certificate.not_valid_after_utc,
        "added_at": now,
    }
    with transaction.atomic():
        key, made = SigningKey.objects.get_or_create(fingerprint=opened.fingerprint, defaults=fields)
        if made:
            record(person.institution, "certificate_added", by=person, now=now, about=person, serial=key.serial)
    return key if made or key.person_id == person.pk else Refusal("key-taken", _("Sertifikat ini sudah terdaftar."))
