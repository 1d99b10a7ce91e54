"""Requests to a signing service: written down before they are sent, so that no signature is ever made twice by itself.

An answer that was lost leaves the attempt open as unclear. The next press asks the service first; only where the service
has nothing to tell may the person say, in so many words, that it is to be signed anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from ..models import IssuedDocument, SigningAttempt
from ..signing.choosing import Tools
from ..signing.provider import RemoteProvider, Unclear

Outcome = SigningAttempt.Outcome
OPEN = (Outcome.RUNNING, Outcome.UNCLEAR)
LONGEST = timedelta(minutes=5)  # twice what a request may take: whoever began it is gone
Call = Callable[[], bytes | Refusal | Unclear]


def unclear() -> Refusal:
    return Refusal(
        "unclear",
        _(
            "Jawaban layanan tanda tangan hilang, sehingga belum diketahui apakah dokumen ini sudah ditandatangani di sana. "
            "Periksa dahulu di layanan; bila belum, pilih tanda tangani ulang."
        ),
    )


def open_attempt(document: IssuedDocument) -> SigningAttempt | None:
    """The attempt on what lies before the signer now whose end nobody knows."""
    found = SigningAttempt.objects.filter(document=document, document_sha256=document.unsigned_sha256, outcome__in=OPEN)
    return found.first()


def through_service(
    document: IssuedDocument, *, tools: Tools, person: User, call: Call, anew: bool, now: datetime
) -> bytes | Refusal:
    """What ``call`` makes at the service, once. Side effects: an attempt. Not inside a transaction.

    ``anew``: the person has looked himself, and an earlier attempt did not happen.
    Refusals: being-signed, unclear, and those of the provider.
    """
    service = tools.remote
    assert service is not None
    earlier = open_attempt(document)
    if earlier is not None:
        found = _found_out(earlier, service, person=person, anew=anew, now=now)
        if found is not None:
            return found
    attempt = _begun(document, tools, person=person, now=now)
    if attempt is None:
        return _being_signed()
    made = call()
    if isinstance(made, Unclear) and made.service_id:
        _ended(attempt, Outcome.UNCLEAR, service_id=made.service_id)
        fetched = service.fetch(made.service_id)
        made = fetched if isinstance(fetched, bytes) else Unclear(made.service_id)
    if isinstance(made, Unclear):
        _ended(attempt, Outcome.UNCLEAR, service_id=made.service_id)
        return unclear()
    if isinstance(made, Refusal):
        _ended(attempt, Outcome.REFUSED, code=made.code)
        return made
    _ended(attempt, Outcome.SIGNED)
    return made


def _found_out(
    attempt: SigningAttempt, service: RemoteProvider, *, person: User, anew: bool, now: datetime
) -> bytes | Refusal | None:
    """What became of an earlier attempt; None if the way is free."""
    if attempt.outcome == Outcome.RUNNING and attempt.started_at > now - LONGEST:
        return _being_signed()
    if attempt.service_id and attempt.person_id == person.pk:  # what somebody else signed is of no use to him
        fetched = service.fetch(attempt.service_id)
        if isinstance(fetched, bytes):
            _ended(attempt, Outcome.SIGNED)
            return fetched
        if isinstance(fetched, Unclear) or fetched.code != "not-there":  # it may tell later
            return unclear() if isinstance(fetched, Unclear) else fetched
    if not anew:
        _ended(attempt, Outcome.UNCLEAR, service_id=attempt.service_id)
        return unclear()
    _ended(attempt, Outcome.GIVEN_UP)
    return None


def _begun(document: IssuedDocument, tools: Tools, *, person: User, now: datetime) -> SigningAttempt | None:
    try:
        with transaction.atomic():
            return SigningAttempt.objects.create(
                document=document,
                person=person,
                method=tools.method,
                document_sha256=document.unsigned_sha256,
                started_at=now,
            )
    except IntegrityError:  # two windows at once
        return None


def _ended(attempt: SigningAttempt, outcome: str, **told: str) -> None:
    attempt.outcome, attempt.ended_at = outcome, timezone.now()
    for name, value in told.items():
        setattr(attempt, name, value)
    attempt.save(update_fields=["outcome", "ended_at", *told])


def _being_signed() -> Refusal:
    return Refusal(
        "being-signed", _("Dokumen ini sedang ditandatangani di layanan. Tunggu beberapa menit, lalu muat ulang.")
    )
