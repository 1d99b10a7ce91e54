"""One conditional UPDATE moves a document, and whoever comes late is told why he cannot."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.ui import formats

from .. import queries
from ..models import IssuedDocument

Status = IssuedDocument.Status


def move(document: IssuedDocument, *, to: str, where: tuple[str, ...], **changes: Any) -> Refusal | None:
    moved = IssuedDocument.objects.filter(pk=document.pk, status__in=where).update(status=to, **changes)
    document.refresh_from_db()
    return None if moved else told_why_not(document)


def told_why_not(document: IssuedDocument) -> Refusal:
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
