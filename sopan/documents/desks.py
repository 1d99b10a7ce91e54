"""What waits for a signature: each domain offers a desk, on which it lays the documents that a person may sign now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sopan.core.flow import Refusal
from sopan.core.registry import Registry
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.people.models import User

from .models import IssuedDocument


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that waits for this person: in which role and as what he signs, and what he must know to choose it."""

    document: IssuedDocument
    case: Case
    desk: str
    role: str  # of ``Signature.Role``
    title: str  # his position, as it is shown and copied
    letter: str
    owner: str  # whose document it is
    summary: str  # its result in a few words
    pages: int


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs a document now, by rule."""

    person_id: int
    name: str
    position: str


class Desk(Protocol):
    """What a domain offers; nothing here asks for a request."""

    def waiting(self, person: User, *, now: datetime) -> Sequence[Paper]:
        """What waits for this person now, in the order in which he should take it. A stranger gets nothing."""
        ...

    def count(self, person: User, *, now: datetime) -> int:
        """How many documents lie before this person, in a few queries however many: for the menu of every page.

        It may count one that ``waiting`` leaves out for a reason that is told where it is signed.
        """
        ...

    def signed(self, papers: Sequence[Paper], *, person: User, now: datetime) -> Refusal | None:
        """He has signed these of one case: go on with it where they were the last, and tell it in the journal once.

        Why the case does not go on, if it should. Not inside a transaction.
        """
        ...

    def office(self, document: IssuedDocument, *, person: User, now: datetime) -> Acting | None:
        """As whom this person sees to the paper of a document: prints it, uploads its scan. None: it is not his."""
        ...

    def signer(self, document: IssuedDocument, *, now: datetime) -> Signer | None:
        """Who signs this document now; None if it is not of this desk, or nobody holds the position."""
        ...


desks: Registry[Desk] = Registry("signing desk")


def waiting(person: User, *, now: datetime) -> list[Paper]:
    """What waits for this person on all desks."""
    if not person.is_authenticated or not person.is_active or person.is_customer:
        return []
    return [paper for desk in desks.values() for paper in desk.waiting(person, now=now)]


def count(person: User, *, now: datetime) -> int:
    """How many documents lie before this person on all desks."""
    if not person.is_authenticated or not person.is_active or person.is_customer:
        return 0
    return sum(desk.count(person, now=now) for desk in desks.values())


def paper_for(person: User, document_id: int, *, now: datetime) -> Paper | None:
    """A document that waits for this person; None is "not found"."""
    return next((paper for paper in waiting(person, now=now) if paper.document.pk == document_id), None)


def office_for(person: User, document: IssuedDocument, *, now: datetime) -> Acting | None:
    """As whom this person sees to the paper of a document, or None."""
    if not person.is_authenticated or not person.is_active or person.is_customer:
        return None
    found = (desk.office(document, person=person, now=now) for desk in desks.values())
    return next((acting for acting in found if acting is not None), None)


def signer_of(document: IssuedDocument, *, now: datetime) -> Signer | None:
    """Who signs a document now, by the rule of its domain."""
    found = (desk.signer(document, now=now) for desk in desks.values())
    return next((signer for signer in found if signer is not None), None)
