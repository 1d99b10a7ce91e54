"""Who may do what with procedures and their revisions. Default is no; everything is asked of the appointments of now.

Separation of duty: who wrote a content does not judge it, and who puts it into force has not judged it before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from sopan.people.models import Appointment, User
from sopan.people.queries import appointments_at, units_over

from .models import ActorBinding, CatalogueEntry, Revision, RevisionAct, RevisionEdit

WROTE = ("opened", "edited", "sent")  # acts that make an author


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person holds now, asked once."""

    person: User
    held: Sequence[Appointment]
    units: frozenset[int] | None = None  # the unit of the procedure in question and those above it; None: of any

    def of(self, slug: str) -> Rights:
        """What he holds for one procedure: a position may answer for those of a unit alone."""
        if all(one.position.procedures_of_id is None for one in self.held):
            return self
        entries = CatalogueEntry.objects.filter(institution=self.person.institution_id, slug=slug)
        entry = entries.select_related("unit").first()
        return replace(self, units=units_over(entry.unit if entry is not None else None))

    def _covers(self, appointment: Appointment) -> bool:
        unit = appointment.position.procedures_of_id
        return unit is None or self.units is None or unit in self.units

    @property
    def drafter(self) -> Appointment | None:
        return next((one for one in self.held if one.position.drafts_procedures and self._covers(one)), None)

    @property
    def reviewer(self) -> Appointment | None:
        return next((one for one in self.held if one.position.reviews_procedures and self._covers(one)), None)

    @property
    def approver(self) -> Appointment | None:
        return next((one for one in self.held if one.position.approves_procedures and self._covers(one)), None)

    @property
    def keeper(self) -> Appointment | None:
        """Who drafts or approves: the two who may move running cases."""
        return self.drafter or self.approver

    @property
    def positions(self) -> frozenset[int]:
        return frozenset(one.position_id for one in self.held)

    def keeps_or_works_by(self, slug: str) -> bool:
        """Whether a person may know how the procedure fares: who drafts, reviews or approves, and who takes part in it."""
        here = self.of(slug)
        keeps = here.drafter or here.reviewer or here.approver
        return keeps is not None or self.works_by(slug) is not None

    def works_by(self, slug: str) -> Appointment | None:
        """The appointment by which a person takes part in a procedure."""
        return next(
            (one for one in self.held if one.position_id in bound_positions(self.person.institution_id, slug)), None
        )


def rights(person: User | AnonymousUser, *, now: datetime) -> Rights:
    """What a member of staff holds now in his own institution, for any procedure; ``of`` narrows it to one. Customers and
    visitors hold nothing."""
    if not person.is_authenticated or person.is_customer:
        return Rights(person, ())
    held = [one for one in appointments_at(person, now) if one.position.institution_id == person.institution_id]
    return Rights(person, tuple(held))


def bound_positions(institution_id: int, slug: str) -> set[int]:
    """Keys of the positions behind the actors of a procedure."""
    rows = ActorBinding.objects.filter(institution_id=institution_id, slug=slug, positions__isnull=False)
    return set(rows.values_list("positions", flat=True))


def slugs_of(person: User, positions: Iterable[int]) -> set[str]:
    """The procedures by which the holders of these positions work."""
    rows = ActorBinding.objects.filter(institution_id=person.institution_id, positions__in=list(positions))
    return set(rows.values_list("slug", flat=True))


def revision_for(person: User | AnonymousUser, revision_id: int, *, now: datetime) -> Revision | None:
    """A revision that this person may see: who drafts, reviews or approves, of whatever unit, and who works by the procedure."""
    if not person.is_authenticated or not 0 < revision_id < 2**63:
        return None
    rows = Revision.objects.select_related("institution", "based_on", "opened_by", "version")
    found = rows.filter(pk=revision_id, institution_id=person.institution_id).first()
    if found is None:
        return None
    mine = rights(person, now=now)
    may = mine.drafter or mine.reviewer or mine.approver or mine.works_by(found.slug)
    return found if may else None


def remember_author(
    revision: Revision, person: User, appointment: Appointment | None, *, sha256: str, now: datetime
) -> None:
    """Once for each person who changes the content: an act "edited". The row of the revision is locked by the caller."""
    acts = RevisionAct.objects.filter(revision=revision)
    if acts.filter(person=person, code__in=("opened", "edited")).exists():
        return
    last = acts.order_by("-seq").first()
    RevisionAct.objects.create(
        revision=revision,
        seq=(last.seq if last else 0) + 1,
        at=now,
        code="edited",
        person=person,
        name=person.full_name,
        position=appointment.title[:220] if appointment else "",
        letter=appointment.letter[:120] if appointment else "",
        sha256=sha256,
    )


def authors(revision: Revision) -> set[int]:
    """Who wrote it: who opened it, who ever saved or undid any content of it, who sent it on.

    Old edits are dropped, so the acts remember everybody who wrote.
    """
    wrote = set(RevisionEdit.objects.filter(revision=revision).values_list("person_id", flat=True))
    sent = RevisionAct.objects.filter(revision=revision, code__in=WROTE)
    return wrote | {revision.opened_by_id} | set(sent.values_list("person_id", flat=True))
