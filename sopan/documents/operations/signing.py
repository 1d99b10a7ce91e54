"""Signing a document: exactly the bytes that were read, once, by whom it awaits."""

from __future__ import annotations

from dataclasses import dataclass
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
from ..models import IssuedDocument, Signature
from ..signing.choosing import Tools, standing, tools_for
from ..signing.provider import Unclear
from .attempts import through_service
from .moves import told_why_not

Status, Role = IssuedDocument.Status, Signature.Role
FIELDS = {Role.SIGNS: stamp.FIELD, Role.AUTHORISES: stamp.AUTHORISING_FIELD}
INTROS = {Role.SIGNS: stamp.INTRO, Role.AUTHORISES: stamp.AUTHORISED}
MEANINGS = {Role.SIGNS: "Pengesahan", Role.AUTHORISES: "Pengesahan hasil"}


@dataclass(frozen=True, slots=True)
class _Act:
    """Who signs what as whom; without the passphrase."""

    document: IssuedDocument
    person: User
    title: str
    letter: str
    role: str
    meaning: str
    now: datetime


def sign_document(
    document: IssuedDocument,
    *,
    person: User,
    title: str,
    letter: str = "",
    passphrase: str,
    previewed_sha256: str,
    now: datetime,
    meaning: str = "",
    role: str = Role.SIGNS,
    anew: bool = False,
) -> Signature | Refusal:
    """Sign as ``person`` does (certificate file, signing service); ``title`` is the position as shown ("Plh. Kepala").

    Signs exactly the bytes whose hash was previewed, judges the result, then stores it. A document that asks for
    authorisation is authorised by somebody else first. Side effects: a file, the row of the document, a ``Signature``;
    at a service an attempt. After a refusal nothing has changed, but that a wrong passphrase is counted and noted among
    the events of people. Not inside a transaction. ``anew``: see ``attempts``.
    Refusals: already-signed (who and when), not-ready, not-authorised, same-person, changed, wrong-passphrase,
    too-many-tries, signature-not-valid, other-content, other-person; those of ``choosing.tools_for``, of the provider
    and of ``attempts``.
    """
    document.refresh_from_db()
    act = _Act(document, person, title, letter, role, meaning or MEANINGS[Role(role)], now)
    if (refusal := why_not(document, person=person, role=role, previewed_sha256=previewed_sha256)) is not None:
        return refusal
    tools = tools_for(person, now=now)
    if isinstance(tools, Refusal):
        return tools
    if wait := limits.barred("passphrase", key=str(person.pk)):
        return _told_to_wait(document, until=now + wait)
    if tools.remote is not None and (refusal := standing(person, now=now)) is not None:
        return refusal  # the passphrase is not sent for nothing
    made = _made(act, tools, passphrase=passphrase, anew=anew)
    if isinstance(made, Refusal):
        if made.code == "wrong-passphrase":
            limits.count("passphrase", key=str(person.pk))
            record(document.institution, "passphrase_failed", by=person, now=now, about=person, number=document.number)
        return made
    return _keep(act, tools, *made)


def why_not(document: IssuedDocument, *, person: User, role: str, previewed_sha256: str) -> Refusal | None:
    """Why this person cannot put this signature on what he was shown, whatever his passphrase."""
    if document.status != Status.AWAITING:
        return told_why_not(document)
    if document.awaits != role:
        if role == Role.SIGNS:
            return Refusal("not-authorised", _("Hasil pada dokumen ini belum disahkan dengan tanda tangan."))
        return Refusal("already-authorised", _("Dokumen ini tidak menunggu pengesahan hasil."))
    if previewed_sha256 != document.unsigned_sha256:
        return Refusal(
            "changed", _("Dokumen ini telah diperbarui sejak Anda membacanya. Baca lagi sebelum menandatangani.")
        )
    signed = (row for row in queries.signatures_of(document) if row.is_electronic)
    if any(row.person_id == person.pk for row in signed):
        return Refusal("same-person", _("Yang mengesahkan hasil dan yang menandatangani harus dua orang yang berbeda."))
    return None


def _made(act: _Act, tools: Tools, *, passphrase: str, anew: bool) -> tuple[bytes, signing.SignatureReport] | Refusal:
    """The signed bytes with their judgement."""
    content = queries.content_of(act.document)
    block = _block(act, tools.provider.picture)
    if isinstance(block, Refusal):
        return block

    said = signing.Particulars(
        stamp=block,
        name=act.person.full_name,
        reason=act.meaning,
        location=act.document.institution.short_name,
        contact=queries.verify_url(act.document),
        at=act.now,
        field=FIELDS[Role(act.role)],
    )

    def call() -> bytes | Refusal | Unclear:
        return tools.provider.sign(content, said, key=tools.key(), passphrase=passphrase)

    if tools.remote is None:
        signed = call()
    else:
        signed = through_service(act.document, tools=tools, person=act.person, call=call, anew=anew, now=act.now)
    if not isinstance(signed, bytes):
        assert isinstance(signed, Refusal)
        return signed
    return _judged(act, content, signed)


def _block(act: _Act, picture: str) -> bytes | Refusal:
    zone, language = act.document.institution.zone, act.document.language
    return stamp.render(
        url=queries.verify_url(act.document),
        name=act.person.full_name,
        position=act.title,
        signed_at=stamp.worded(act.now, zone=zone, language=language),
        at=act.now,
        language=language,
        intro=INTROS[Role(act.role)],
        picture=picture,
    )


def _judged(act: _Act, content: bytes, signed: bytes) -> tuple[bytes, signing.SignatureReport] | Refusal:
    """What came back must be what was read with a valid signature of this person appended, whoever made it."""
    if not signed.startswith(content):
        return Refusal(
            "other-content", _("Yang kembali dari layanan bukan dokumen yang Anda baca, sehingga tidak disimpan.")
        )
    report = signing.validate(signed, trust_roots=certificates.trust_roots(), moment=act.now)
    before = sum(row.is_electronic for row in queries.signatures_of(act.document))
    if not report.valid or report.signatures != before + 1:
        return Refusal(
            "signature-not-valid",
            _("Tanda tangan tidak lolos pemeriksaan, sehingga tidak disimpan: %(problems)s")
            % {"problems": " ".join(report.problems)},
        )
    if act.person.name.casefold() not in report.signer.casefold():
        text = _("Tanda tangan yang kembali atas nama %(name)s, sehingga tidak disimpan.")
        return Refusal("other-person", text % {"name": report.signer})
    return signed, report


def _keep(act: _Act, tools: Tools, signed: bytes, report: signing.SignatureReport) -> Signature | Refusal:
    """Store the file, then the two rows together; the first of two signers wins."""
    one = report.signers[-1]
    signature = Signature(
        document=act.document,
        person=act.person,
        name=act.person.full_name,
        position=act.title,
        letter=act.letter,
        meaning=act.meaning,
        method=Signature.Method.CERTIFICATE if tools.remote is None else Signature.Method.GATEWAY,
        role=act.role,
        at=act.now,
        document_sha256=act.document.unsigned_sha256,
        level=one.level,
        timestamp_at=one.stamped_at,
        timestamp_by=one.stamped_by[:200],
        certificate_subject=one.subject[:300],
        certificate_serial=one.serial[:64],
        certificate_fingerprint=one.fingerprint,
    )
    return keep_signature(act.document, signed, signature)


def record_authorisation(
    document: IssuedDocument, *, person: User, name: str, position: str, at: datetime
) -> Signature:
    """Keep that somebody authorised, in the system and without a certificate, what the document says, in the caller's
    transaction. Side effect: a signature of the method "click", once for the bytes that lie before the signer."""
    sha256 = document.unsigned_sha256
    row, _made = Signature.objects.get_or_create(
        document=document,
        method=Signature.Method.CLICK,
        role=Role.AUTHORISES,
        document_sha256=sha256,
        result_sha256=sha256,
        defaults={"person": person, "name": name, "position": position, "meaning": MEANINGS[Role.AUTHORISES], "at": at},
    )
    return row


def keep_signature(document: IssuedDocument, content: bytes, signature: Signature) -> Signature | Refusal:
    """Keep ``content`` as what the signature made of the document. Side effects: a file, document, signature."""
    name = files.store(content, folder="documents", suffix=".pdf")
    signature.result_sha256 = files.sha256(content)
    if signature.role == Role.SIGNS:
        changes = {"status": Status.SIGNED, "signed": name, "signed_sha256": signature.result_sha256}
        changes["signed_at"] = signature.at
    else:
        changes = {"unsigned": name, "unsigned_sha256": signature.result_sha256, "authorised_at": signature.at}
    waiting = IssuedDocument.objects.filter(
        pk=document.pk, status=Status.AWAITING, unsigned_sha256=document.unsigned_sha256
    )
    with transaction.atomic():
        won = waiting.update(**changes)
        if won:
            signature.save()
    document.refresh_from_db()
    return signature if won else told_why_not(document)


def _told_to_wait(document: IssuedDocument, *, until: datetime) -> Refusal:
    with timezone.override(document.institution.zone):
        at = formats.clock(until + timedelta(seconds=59))  # the minute after which it is sure
    return Refusal(
        "too-many-tries",
        _("Passphrase salah terlalu sering. Demi keamanan sertifikat Anda, coba lagi setelah pukul %(at)s.")
        % {"at": at},
        "passphrase",
    )
