"""Signing on paper: print, sign by hand, scan, upload; and the signer himself says that the scan is what he signed.

Nobody but the signer can make a document signed by him: whoever uploads the scan vouches that it is the print, the signer
that the hand is his. So the two are two people, and a scan alone signs nothing.
"""

from __future__ import annotations

import io
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter, Transformation

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.people.models import User

from .. import files, queries, stamp
from ..models import InkScan, IssuedDocument, Signature
from .signing import MEANINGS, keep_signature, why_not

State, Role = InkScan.State, Signature.Role


def allowed(document: IssuedDocument) -> Refusal | None:
    """Why this document cannot be signed on paper now."""
    if document.institution.setting("wet_ink", "allowed") == "never":
        return Refusal("no-ink", _("Lembaga ini tidak menerima tanda tangan basah."))
    if document.awaits == Role.AUTHORISES:
        return Refusal("not-authorised", _("Hasil pada dokumen ini belum disahkan dengan tanda tangan."))
    if document.awaits != Role.SIGNS:
        return Refusal("not-ready", _("Dokumen ini tidak menunggu tanda tangan."))
    return None


def printed(document: IssuedDocument, *, name: str, position: str, now: datetime) -> bytes | Refusal:
    """The document to be signed by hand: with the QR code, name and position of the signer at the foot of the last page.

    Only for paper: what lies before the signer stays as it is.
    """
    if (refusal := allowed(document)) is not None:
        return refusal
    url = queries.verify_url(document)
    block = stamp.render(
        url=url,
        name=name,
        position=position,
        signed_at=" ",
        at=now,
        language=document.language,
        intro=stamp.INK,
    )
    if isinstance(block, Refusal):
        return block
    content = queries.content_of(document)
    writer = PdfWriter(clone_from=io.BytesIO(content))
    x, y, *_rest = stamp.box(content)
    picture = PdfReader(io.BytesIO(block)).pages[0]
    writer.pages[-1].merge_transformed_page(picture, Transformation().translate(x, y))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def keep_scan(
    document: IssuedDocument, *, content: bytes, signed_on: date, by: User, acting: Acting, now: datetime
) -> InkScan | Refusal:
    """Keep the scan of the signed print until the signer confirms it. ``content`` is a PDF that was looked at.

    Side effects: a file, a scan, an entry in the journal of the case. Refusals: those of ``allowed``, day, waiting.
    Not inside a transaction.
    """
    if (refusal := allowed(document)) is not None:
        return refusal
    if signed_on > now.date() or signed_on < document.created_at.date():
        return Refusal(
            "day", _("Tanggal tanda tangan tidak boleh sebelum dokumen dibuat atau setelah hari ini."), "signed_on"
        )
    name = files.store(content, folder="documents", suffix=".pdf")
    told = {"number": document.number, "sha256": files.sha256(content), "day": signed_on.isoformat()}
    try:
        with transaction.atomic():
            scan = InkScan.objects.create(
                document=document,
                file=name,
                sha256=told["sha256"],
                of_sha256=document.unsigned_sha256,
                signed_on=signed_on,
                uploaded_by=by,
                name=acting.name,
                position=acting.position,
                uploaded_at=now,
            )
            _note(document, acting, "documents.ink_uploaded", told, now)
    except IntegrityError:
        return Refusal("waiting", _("Satu pindaian dokumen ini masih menunggu konfirmasi penanda tangan."))
    return scan


def confirm_scan(
    scan: InkScan, *, person: User, title: str, letter: str = "", previewed_sha256: str, now: datetime
) -> Signature | Refusal:
    """The signer says that the scan shows what he signed: the scan becomes the signed document.

    Side effects: document, signature, scan. Refusals: changed, same-person (who uploaded it), answered, and why the
    document cannot be signed by him. Not inside a transaction.
    """
    document = scan.document
    document.refresh_from_db()
    refusal = why_not(document, person=person, role=Role.SIGNS, previewed_sha256=scan.of_sha256)
    if refusal is not None:
        return refusal
    if scan.uploaded_by_id == person.pk:
        return Refusal("same-person", _("Pindaian harus diunggah orang lain, bukan penanda tangannya sendiri."))
    if scan.state != State.WAITING or previewed_sha256 != scan.sha256:
        return Refusal("changed", _("Pindaian ini sudah diganti atau dijawab. Muat ulang halaman ini."))
    done = keep_signature(
        document,
        files.read(scan.file, sha256=scan.sha256),
        Signature(
            document=document,
            person=person,
            name=person.full_name,
            position=title,
            letter=letter,
            meaning=MEANINGS[Role.SIGNS],
            method=Signature.Method.WET_INK,
            role=Role.SIGNS,
            at=now,
            document_sha256=document.unsigned_sha256,
            scan=scan,
        ),
    )
    if isinstance(done, Signature):
        InkScan.objects.filter(pk=scan.pk).update(state=State.CONFIRMED)
    return done


def reject_scan(scan: InkScan, *, reason: str, acting: Acting, now: datetime) -> Refusal | None:
    """The signer says that this is not what he signed. Side effects: scan, an entry in the journal of the case."""
    if not reason.strip():
        return Refusal("reason-missing", _("Tuliskan alasan penolakan."), "reason")
    with transaction.atomic():
        waiting = InkScan.objects.filter(pk=scan.pk, state=State.WAITING)
        if not waiting.update(state=State.REJECTED, reason=reason.strip()[:500]):
            return Refusal("changed", _("Pindaian ini sudah diganti atau dijawab. Muat ulang halaman ini."))
        told = {"number": scan.document.number, "reason": reason.strip()[:500]}
        _note(scan.document, acting, "documents.ink_rejected", told, now)
    return None


def _note(document: IssuedDocument, acting: Acting, code: str, told: dict[str, str], now: datetime) -> None:
    if document.case_id is not None:
        engine.note(document.case_id, acting=acting, code=code, data=told, now=now)
