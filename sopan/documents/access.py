"""Who may see which document. The default is no: what is not visible does not exist."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from sopan.core.flow import Refusal
from sopan.engine import blind
from sopan.engine import queries as engine
from sopan.people.models import User
from sopan.people.queries import appointments_at

from . import gates
from .models import IssuedDocument

FOR_CUSTOMERS = (IssuedDocument.Status.RELEASED, IssuedDocument.Status.REPLACED)
WAS_RELEASED = (*FOR_CUSTOMERS, IssuedDocument.Status.REVOKED)


def visible_to(user: User, *, now: datetime) -> QuerySet[IssuedDocument]:
    """Staff: the documents of the cases of procedures in which they take part at ``now``, and, whoever holds a
    position, those that belong to no case. Customers: the released ones of the cases of their company."""
    documents = IssuedDocument.objects.select_related("institution", "case")
    if not user.is_authenticated or not user.is_active:
        return documents.none()
    if user.is_customer:
        own = documents.filter(institution_id=user.institution_id, case__company_id=user.company_id)
        return own.filter(case__company__isnull=False, status__in=FOR_CUSTOMERS)
    mine = Q(case__procedure__slug__in=engine.served(user, now=now))
    if (unseen := blind.hidden(user, now=now, path="case__")) is not None:
        mine &= ~unseen  # a document names the customer
    if appointments_at(user, now):
        mine |= Q(case__isnull=True)
    return documents.filter(mine, institution_id=user.institution_id)


def document_for(user: User, pk: int, *, now: datetime) -> IssuedDocument | None:
    """The document, or None for who may not know that it exists, or may not read it before it is released."""
    document = visible_to(user, now=now).filter(pk=pk).first()
    if document is None or document.status in WAS_RELEASED:
        return document
    return document if gates.may_preview(document, user=user, now=now) else None


def may_download(document: IssuedDocument, *, user: User) -> Refusal | None:
    """Why somebody who sees the document may not download it yet: a gate of a domain, for customers."""
    return gates.closed(document, user=user) if user.is_customer else None
