"""Who may see which document. The default is no: what is not visible does not exist."""

from __future__ import annotations

from django.db.models import QuerySet

from sopan.core.flow import Refusal
from sopan.people.models import User

from . import gates
from .models import IssuedDocument

FOR_CUSTOMERS = (IssuedDocument.Status.RELEASED, IssuedDocument.Status.REPLACED)


def visible_to(user: User) -> QuerySet[IssuedDocument]:
    """Staff: the documents of their institution. Customers: the released ones of the cases of their company."""
    documents = IssuedDocument.objects.select_related("institution", "case")
    if not user.is_authenticated or not user.is_active:
        return documents.none()
    if user.is_customer:
        own = documents.filter(institution_id=user.institution_id, case__company_id=user.company_id)
        return own.filter(case__company__isnull=False, status__in=FOR_CUSTOMERS)
    return documents.filter(institution_id=user.institution_id)


def document_for(user: User, pk: int) -> IssuedDocument | None:
    """The document, or None for who may not know that it exists."""
    return visible_to(user).filter(pk=pk).first()


def may_download(document: IssuedDocument, *, user: User) -> Refusal | None:
    """Why somebody who sees the document may not download it yet: a gate of a domain, for customers."""
    return gates.closed(document, user=user) if user.is_customer else None
