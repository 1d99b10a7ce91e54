"""Who has read a version: those who work by it say that they have read and understood it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Appointment, User
from sopan.people.queries import in_force

from . import queries
from .access import rights
from .models import ActorBinding, ProcedureVersion, Reading
from .versions import PAST, STOPPED, state_of


@dataclass(frozen=True, slots=True)
class Bound:
    """An actor of a procedure with its positions, and who holds them now."""

    actor: str
    name: str
    kind: str
    positions: tuple[tuple[str, tuple[str, ...]], ...]  # name of the position, names of the holders


@dataclass(frozen=True, slots=True)
class Readers:
    """Who works by a version and has read it, and who has not yet; names in order."""

    done: tuple[Reading, ...]
    missing: tuple[User, ...]

    @property
    def total(self) -> int:
        return len(self.done) + len(self.missing)


def bound(version: ProcedureVersion, *, now: datetime) -> list[Bound]:
    """The actors of a version, with positions and holders."""
    rows = ActorBinding.objects.filter(pk__in=_queues(version)).order_by("pk")
    found = list(rows.prefetch_related("positions"))
    holders: dict[int, list[str]] = {}
    held = Appointment.objects.filter(
        in_force(now), position__bindings__in=[row.pk for row in found], person__is_active=True
    )
    for one in held.select_related("person", "position").order_by("kind", "person__name", "pk").distinct():
        title = "" if one.kind == Appointment.Kind.DEFINITIVE else f" ({one.get_kind_display()})"
        holders.setdefault(one.position_id, []).append(f"{one.person.full_name}{title}")
    return [
        Bound(
            row.actor,
            row.name,
            row.kind,
            tuple((position.name, tuple(holders.get(position.pk, ()))) for position in row.positions.all()),
        )
        for row in found
    ]


def _queues(version: ProcedureVersion) -> list[int]:
    return [queue.binding_id for queue in queries.bindings(version.pk).values()]


def readers(version: ProcedureVersion, *, now: datetime) -> Readers:
    """Of those who work by it now: who has read this version, who has not. Who left since is not counted."""
    people = User.objects.filter(
        is_active=True,
        pk__in=Appointment.objects.filter(
            in_force(now),
            position__bindings__in=_queues(version),
        ).values("person_id"),
    )
    working = {person.pk: person for person in people.order_by("name", "pk")}
    read = Reading.objects.filter(version=version, person_id__in=list(working)).order_by("name", "pk")
    done = tuple(read)
    seen = {one.person_id for one in done}
    return Readers(done, tuple(person for pk, person in working.items() if pk not in seen))


def read(version: ProcedureVersion, *, actor: User, now: datetime) -> Reading | Refusal:
    """Say that ``actor`` has read and understood a version. Once said it stays; saying it again changes nothing.

    Refusals: not-yours (who does not work by it), over (a version that is no longer in force). Side effects: one row.
    """
    appointment = rights(actor, now=now).works_by(version.slug)
    if appointment is None or actor.institution_id != version.institution_id:
        return Refusal("not-yours", _("Hanya pelaksana SOP ini yang mencatat sudah membaca."))
    if state_of(version, now=now) in (PAST, STOPPED):
        return Refusal("over", _("Versi ini sudah tidak berlaku."))
    fields = {"name": actor.full_name, "position": appointment.title, "at": now}
    try:
        with transaction.atomic():
            found, _made = Reading.objects.get_or_create(version=version, person=actor, defaults=fields)
    except IntegrityError:  # two windows at once
        return Reading.objects.get(version=version, person=actor)
    return found
