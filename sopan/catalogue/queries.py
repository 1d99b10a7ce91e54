"""Reads of the catalogue. A published version is immutable, so what is parsed once is kept for the process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Q

from sopan.core.dump import from_data
from sopan.core.model import ActorKind, Procedure
from sopan.people.models import Institution

from . import search
from .models import ActorBinding, ProcedureVersion


@dataclass(frozen=True, slots=True)
class Bound:
    """An actor of a version with its task queue."""

    binding_id: int
    actor: str
    name: str
    kind: ActorKind


@lru_cache(maxsize=2_000)
def procedure(version_id: int) -> Procedure:
    """The procedure of a published version."""
    content = ProcedureVersion.objects.values_list("content", flat=True).get(pk=version_id)
    return from_data(json.loads(content))


@lru_cache(maxsize=2_000)
def bindings(version_id: int) -> dict[str, Bound]:
    """Actor id -> its binding, for all actors of a published version: the one of the kind that this version tells."""
    version = ProcedureVersion.objects.only("institution_id", "slug").get(pk=version_id)
    rows = ActorBinding.objects.filter(institution_id=version.institution_id, slug=version.slug)
    kinds = {actor.id: actor.kind for actor in procedure(version_id).actors}
    return {
        row.actor: Bound(row.pk, row.actor, row.name, ActorKind(row.kind))
        for row in rows
        if kinds.get(row.actor) == row.kind
    }


def in_force(now: datetime) -> Q:
    """Versions that are in force at ``now``."""
    return Q(effective_from__lte=now) & (Q(effective_to__isnull=True) | Q(effective_to__gt=now))


def version_in_force(slug: str, *, institution: Institution, now: datetime) -> ProcedureVersion:
    """The version that new cases start with. Raises DoesNotExist."""
    return ProcedureVersion.objects.get(in_force(now), institution=institution, slug=slug)


def forget() -> None:
    """Forget what is kept for the process (another database, as in tests)."""
    procedure.cache_clear()
    bindings.cache_clear()
    search.forget()
