"""The contradictions between the SOPs of an institution that are in force now."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import in_force
from sopan.core.contradictions import Contradiction, Place, contradictions, places_of
from sopan.core.dump import from_data
from sopan.people.models import Institution

KEPT = 3_000  # versions whose rows a process keeps


def of_institution(institution: Institution, *, now: datetime) -> list[Contradiction]:
    """Found once for each set of versions in force; a new version makes a new set."""
    rows = ProcedureVersion.objects.filter(in_force(now), institution=institution).order_by("slug")
    return list(_found(tuple(rows.values_list("pk", "sha256"))))


@lru_cache(maxsize=50)
def _found(versions: tuple[tuple[int, str], ...]) -> tuple[Contradiction, ...]:
    missing = [pk for pk, sha256 in versions if (pk, sha256) not in _kept]
    for pk, sha256, content in ProcedureVersion.objects.filter(pk__in=missing).values_list("pk", "sha256", "content"):
        _kept[pk, sha256] = tuple(places_of(from_data(json.loads(content))))
    while len(_kept) > KEPT:
        _kept.pop(next(iter(_kept)))
    return tuple(contradictions(place for key in versions for place in _kept.get(key, ())))


_kept: dict[tuple[int, str], tuple[Place, ...]] = {}
