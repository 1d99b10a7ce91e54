"""Reads of documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from sopan.people.models import User

from . import files
from .models import IssuedDocument, Signature, SigningKey


def verify_url(document: IssuedDocument) -> str:
    """The public address that the QR code holds."""
    return settings.SITE_URL + reverse("verify", args=[document.token])


def signatures_of(document: IssuedDocument) -> list[Signature]:
    """The signatures that the current file carries, in the order of signing.

    Each tells which bytes it was put on and which came out, so those on an earlier printing are left out.
    """
    rows: dict[str, list[Signature]] = {}
    for row in sorted(Signature.objects.filter(document=document.pk), key=lambda row: -row.pk):
        rows.setdefault(row.result_sha256, []).append(row)
    found: list[Signature] = []
    at = document.signed_sha256 or document.unsigned_sha256
    while at in rows:
        here = rows.pop(at)
        found = [*reversed(here), *found]
        at = next((row.document_sha256 for row in here if row.document_sha256 != at), "")
    return found


def signature_of(document: IssuedDocument) -> Signature | None:
    """The signature that made the document what it is; None before."""
    found = [row for row in signatures_of(document) if row.role == Signature.Role.SIGNS]
    return found[-1] if found else None


def authorisation_of(document: IssuedDocument) -> Signature | None:
    """The signature of who authorised the results, if somebody did by a signature."""
    return next((row for row in signatures_of(document) if row.role == Signature.Role.AUTHORISES), None)


def signed_by(person: User, keys: Iterable[int]) -> list[str]:
    """The numbers of those documents that carry a signature of this person."""
    found = Signature.objects.filter(person=person, document__in=list(keys))
    return sorted(set(found.values_list("document__number", flat=True)))


def content_of(document: IssuedDocument) -> bytes:
    """The signed bytes, or before signing those that will be signed. Raises DamagedFile, LookupError if unprepared."""
    if document.signed:
        return files.read(document.signed, sha256=document.signed_sha256)
    if document.unsigned:
        return files.read(document.unsigned, sha256=document.unsigned_sha256)
    raise LookupError(f"document {document.pk} has not been prepared")


def by_number(number: str) -> list[IssuedDocument]:
    """Released documents with this number, as printed but without regard to case and spaces; newest version first."""
    wanted = " ".join(number.split())
    found = IssuedDocument.objects.filter(number__iexact=wanted, released_at__isnull=False)
    return list(found.select_related("institution", "replaced_by").order_by("-version", "-pk")[:10])


def by_content(content: bytes) -> IssuedDocument | None:
    """The released document that is these bytes exactly."""
    found = IssuedDocument.objects.filter(signed_sha256=files.sha256(content), released_at__isnull=False)
    return found.select_related("institution", "replaced_by").first()


def by_token(token: str) -> IssuedDocument | None:
    """The released document of a verification address; one that is not yet released is as unknown as any other."""
    if "\x00" in token:  # PostgreSQL would refuse to compare it
        return None
    found = IssuedDocument.objects.filter(token=token, released_at__isnull=False)
    # As few words as will do: to put them together costs more than to look one row up. Few documents are replaced, so what
    # replaced one is fetched where it is.
    return next(iter(found.select_related("institution")[:1]), None)


REMIND_BEFORE = (30, 14, 7, 1)  # days before a certificate runs out


def ending_key(person: User, *, now: datetime) -> SigningKey | None:
    """The certificate that a person signs with, if it runs out soon and no other follows it."""
    newest = SigningKey.objects.filter(person=person).order_by("-not_after").first()
    if newest is None or newest.not_after > now + timedelta(days=REMIND_BEFORE[0]):
        return None
    return newest


def keys_of(person: User) -> list[SigningKey]:
    """The certificates of a person, the newest first."""
    return list(SigningKey.objects.filter(person=person).order_by("-not_before", "-pk"))
