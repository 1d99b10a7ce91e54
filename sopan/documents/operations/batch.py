"""Signing several documents with one passphrase: read before, one after another, each with its own result.

The passphrase lives in the memory of the request that signs, so the signing happens in that request, which tells each
result as it comes; it is never queued. After a wrong passphrase, and after a service that cannot be reached, nothing
more is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from ..desks import Paper, desks
from ..models import ReadMark, SigningBatch
from .signing import sign_document

MOST = 50  # documents at once
STOPS = frozenset(
    [
        "wrong-passphrase",
        "too-many-tries",
        "service-unreachable",
        "service-login",
        "service-missing",
        "no-certificate",
        "no-nik",
        "no-standing",
        "not-registered",
        "unusable-key",
        "certificate-expired",
        "certificate-not-yet-valid",
        "certificate-revoked",
        "no-timestamp",
    ]
)
SIGNED, NOT_TRIED = "signed", "not-tried"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A paper that was ticked, with the hash of what was shown; ``anew``: see ``attempts``."""

    paper: Paper
    shown: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document. ``code``: "signed", "not-tried", or that of the refusal."""

    document: int
    number: str
    code: str
    message: str = ""

    @property
    def is_signed(self) -> bool:
        return self.code == SIGNED


def mark_read(paper: Paper, *, person: User, now: datetime) -> None:
    """Keep that these bytes were shown to the person. Side effect: a read mark, once."""
    told = {"document": paper.document, "person": person, "sha256": paper.document.unsigned_sha256}
    ReadMark.objects.get_or_create(**told, defaults={"at": now})


def has_read(paper: Paper, *, person: User) -> bool:
    """Whether the person was shown the bytes that wait now."""
    return ReadMark.objects.filter(
        document=paper.document, person=person, sha256=paper.document.unsigned_sha256
    ).exists()


def begin(person: User, *, form_key: str, now: datetime) -> tuple[SigningBatch, bool]:
    """The batch of a form; True if it is new. The same form sent again gives the batch that it made."""
    return SigningBatch.objects.get_or_create(person=person, form_key=form_key[:40], defaults={"started_at": now})


def sign_each(
    batch: SigningBatch, chosen: Sequence[Chosen], *, passphrase: str, clock: Callable[[], datetime]
) -> Iterator[Outcome]:
    """Sign one after another and tell each result. Not inside a transaction.

    Side effects: those of ``sign_document``; the batch; once a case, what its desk does after signing. If whoever
    listens goes away, the rest stays unsigned, and what was signed is kept.
    """
    person, stopped = batch.person, False
    done: dict[tuple[str, int], list[Paper]] = {}
    try:
        for one in sorted(chosen, key=lambda one: (one.paper.desk, one.paper.case.pk)):
            case = (one.paper.desk, one.paper.case.pk)
            for other in [key for key in done if key != case]:
                _after(batch, done.pop(other), person=person, now=clock())
            outcome = _not_tried(one) if stopped else _signed(one, person=person, passphrase=passphrase, now=clock())
            stopped = stopped or outcome.code in STOPS
            if outcome.is_signed:
                done.setdefault(case, []).append(one.paper)
            _keep(batch, outcome)
            yield outcome
    finally:
        for papers in done.values():
            _after(batch, papers, person=person, now=clock())
        batch.ended_at = clock()
        batch.save(update_fields=["ended_at"])


def _signed(one: Chosen, *, person: User, passphrase: str, now: datetime) -> Outcome:
    paper, document = one.paper, one.paper.document
    if not ReadMark.objects.filter(document=document, person=person, sha256=one.shown).exists():
        return Outcome(document.pk, document.number, "unread", _("Buka dan baca dahulu dokumen ini."))
    done = sign_document(
        document,
        person=person,
        title=paper.title,
        letter=paper.letter,
        passphrase=passphrase,
        previewed_sha256=one.shown,
        role=paper.role,
        anew=one.anew,
        now=now,
    )
    if isinstance(done, Refusal):
        return Outcome(document.pk, document.number, done.code, done.message)
    return Outcome(document.pk, document.number, SIGNED)


def _not_tried(one: Chosen) -> Outcome:
    return Outcome(one.paper.document.pk, one.paper.document.number, NOT_TRIED, _("Belum dicoba."))


def _keep(batch: SigningBatch, outcome: Outcome) -> None:
    batch.outcomes = [*batch.outcomes, asdict(outcome)]
    batch.save(update_fields=["outcomes"])


def _after(batch: SigningBatch, papers: list[Paper], *, person: User, now: datetime) -> None:
    refusal = desks[papers[0].desk].signed(papers, person=person, now=now)
    if refusal is not None:  # signed all the same: the case has to be finished by hand
        _keep(batch, Outcome(0, str(papers[0].case), refusal.code, refusal.message))
