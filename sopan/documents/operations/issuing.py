"""The life of a document beside its signatures: draft, prepare, release, replace, revoke."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.models import Case
from sopan.people.models import Institution

from .. import files, signing, stamp
from ..models import InkScan, IssuedDocument
from .moves import Status, move


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
    authorisation: bool = False,
) -> IssuedDocument:
    """Begin a document; ``facts`` (label -> text) is what the public page tells besides number and signer.

    ``authorisation``: somebody else puts a signature of his own on it before the signer.
    """
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
        authorisation=authorisation,
    )


def prepare(document: IssuedDocument, *, content: bytes) -> Refusal | None:
    """Lay a rendered PDF before its signer. Side effects: stores the file; a scan of an older print that waits is outdated.
    May be repeated until it is signed.

    Repeatable with the same bytes, so it may run in the worker. Refusals: not-a-pdf (encrypted, signed or
    unreadable), already-signed. Not inside a transaction.
    """
    if (refusal := _unfit_to_sign(content)) is not None:
        return refusal
    name, sha256 = files.store(content, folder="documents", suffix=".pdf"), files.sha256(content)
    refusal = move(
        document,
        to=Status.AWAITING,
        where=(Status.DRAFT, Status.AWAITING),
        unsigned=name,
        unsigned_sha256=sha256,
        authorised_at=None,
    )
    if refusal is None:
        waiting = InkScan.objects.filter(document=document, state=InkScan.State.WAITING)
        waiting.exclude(of_sha256=sha256).update(state=InkScan.State.OUTDATED)
    return refusal


def _unfit_to_sign(content: bytes) -> Refusal | None:
    report = signing.validate(content, trust_roots=[])
    if not content.startswith(b"%PDF-") or report.signatures or not stamp.signable(content):
        return Refusal("not-a-pdf", _("Berkas ini bukan PDF tanpa sandi dan tanpa tanda tangan."))
    return None


def release(document: IssuedDocument, *, now: datetime) -> Refusal | None:
    """Let the customer and the public see a signed document."""
    return move(document, to=Status.RELEASED, where=(Status.SIGNED,), released_at=now)


def replace(old: IssuedDocument, *, new: IssuedDocument, now: datetime) -> Refusal | None:
    """Put a released document in the place of another. The old address says so from now on, and leads to the new."""
    new.refresh_from_db()
    fits = (new.institution_id, new.kind, new.status) == (old.institution_id, old.kind, Status.RELEASED)
    if not fits or new.pk == old.pk:
        return Refusal("not-a-replacement", _("Pengganti harus dokumen sejenis yang sudah diterbitkan."))
    return move(old, to=Status.REPLACED, where=(Status.RELEASED,), replaced_by=new, replaced_at=now)


def revoke(document: IssuedDocument, *, reason: str, by: str, now: datetime) -> Refusal | None:
    """Withdraw a released document for good. ``reason`` is shown to the public; ``by`` is a name and is not."""
    if not reason.strip():
        return Refusal("reason-missing", _("Tuliskan alasan pencabutan."), "reason")
    where = (Status.RELEASED, Status.REPLACED)
    return move(
        document, to=Status.REVOKED, where=where, revoked_at=now, revoked_reason=reason.strip()[:500], revoked_by=by
    )
