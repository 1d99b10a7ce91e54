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
from .queries import bindings


@transaction.atomic
def publish(
    procedure: Procedure,
    *,
    institution: Institution,
    by: str = "",
    now: datetime,
    effective_from: datetime | None = None,
) -> ProcedureVersion:
    """Make ``procedure`` the version in force from ``effective_from`` (``now`` unless told).

    Only the first version may have been in force before: the document that the institution brings along prints since
    when. The same content as the newest version again changes nothing. Raises ValueError while a later version already waits
    for its day: one version is in force at any instant.
    Side effects: ends the version before it at that moment; makes the missing actor bindings (without positions).
    """
    content = canonical(to_data(procedure)).decode()
    digest = hashlib.sha256(content.encode()).hexdigest()
    versions = ProcedureVersion.objects.filter(institution=institution, slug=procedure.slug)
    current = versions.select_for_update().filter(effective_to__isnull=True).first()  # nobody withdraws it meanwhile
    if current and current.sha256 == digest:
        return current
    begins = max(effective_from or now, now) if versions.exists() else effective_from or now
    if current and current.effective_from > begins:
        raise ValueError(f"{procedure.slug}: version {current.version} waits for {current.effective_from:%Y-%m-%d}")
    if current:
        current.effective_to = begins
        current.save(update_fields=["effective_to"])
    for actor in procedure.actors:
        ActorBinding.objects.update_or_create(
            institution=institution,
            slug=procedure.slug,
            actor=actor.id,
            kind=actor.kind,  # of another kind it is another queue: running cases keep theirs
            defaults={"name": actor.name},
        )
    return ProcedureVersion.objects.create(
        institution=institution,
        slug=procedure.slug,
        version=versions.count() + 1,
        number=procedure.identity.number,
        name=procedure.identity.name,
        content=content,
        sha256=digest,
        effective_from=begins,
        published_at=now,
        published_by=by,
    )


@transaction.atomic
def bind(slug: str, positions: Mapping[str, Sequence[str]], *, institution: Institution, keep: bool = False) -> None:
    """Set the positions (by code) behind the actors of a procedure, as its newest version that has them tells their
    kind; with ``keep`` only where there are none yet.

    The positions of an outsider record what he did. A customer acts himself and has none.
    Raises LookupError for a position or an actor that there is not.
    """
    versions = ProcedureVersion.objects.filter(institution=institution, slug=slug).order_by("version")
    every = [bindings(pk) for pk in versions.values_list("pk", flat=True)]
    queues = {actor: bound.binding_id for version in every for actor, bound in version.items()}
    known = {position.code: position for position in Position.objects.filter(institution=institution)}
    for actor, codes in positions.items():
        if missing := [code for code in codes if code not in known]:
            raise LookupError(f"{slug}: actor {actor} is bound to unknown positions {', '.join(missing)}")
        if actor not in queues:
            raise LookupError(f"{slug}: there is no actor {actor} to bind")
        binding = ActorBinding.objects.get(pk=queues[actor])
        if binding.kind != ActorKind.CUSTOMER and not (keep and binding.positions.exists()):
            binding.positions.set([known[code] for code in codes])
