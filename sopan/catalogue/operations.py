"""Publishing versions of procedures and binding their actors to positions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from sopan.core.dump import to_data
from sopan.core.journal import canonical
from sopan.core.model import ActorKind, Procedure
from sopan.people.models import Institution, Position

from .models import ActorBinding, ProcedureVersion


@transaction.atomic
def publish(procedure: Procedure, *, institution: Institution, by: str = "", now: datetime) -> ProcedureVersion:
    """Make ``procedure`` the version in force from ``now``; the same content again changes nothing.

    Side effects: ends the version before it; makes the missing actor bindings (without positions).
    """
    content = canonical(to_data(procedure)).decode()
    digest = hashlib.sha256(content.encode()).hexdigest()
    versions = ProcedureVersion.objects.filter(institution=institution, slug=procedure.slug)
    current = versions.filter(effective_to__isnull=True).first()
    if current and current.sha256 == digest:
        return current
    if current:
        current.effective_to = now
        current.save(update_fields=["effective_to"])
    for actor in procedure.actors:
        ActorBinding.objects.update_or_create(
            institution=institution,
            slug=procedure.slug,
            actor=actor.id,
            defaults={"name": actor.name, "kind": actor.kind},
        )
    return ProcedureVersion.objects.create(
        institution=institution,
        slug=procedure.slug,
        version=versions.count() + 1,
        number=procedure.identity.number,
        name=procedure.identity.name,
        content=content,
        sha256=digest,
        effective_from=now,
        published_at=now,
        published_by=by,
    )


@transaction.atomic
def bind(slug: str, positions: Mapping[str, Sequence[str]], *, institution: Institution) -> None:
    """Set the positions (by code) behind the actors of a procedure. Raises LookupError for an unknown one."""
    known = {position.code: position for position in Position.objects.filter(institution=institution)}
    for actor, codes in positions.items():
        if missing := [code for code in codes if code not in known]:
            raise LookupError(f"{slug}: actor {actor} is bound to unknown positions {', '.join(missing)}")
        binding = ActorBinding.objects.get(institution=institution, slug=slug, actor=actor)
        if binding.kind == ActorKind.STAFF:
            binding.positions.set([known[code] for code in codes])
