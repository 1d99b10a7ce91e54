"""Actors of the staff behind whom no position stands: a case that comes to one of their steps would stand still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from sopan.catalogue.models import ActorBinding
from sopan.core.around import reached, staff_of
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, Procedure


def unbound(institution_id: int, slugs: Iterable[str]) -> dict[str, dict[str, str]]:
    """Procedure -> actor -> name, of the actors of the staff behind whom no position stands."""
    rows = ActorBinding.objects.filter(
        institution_id=institution_id, slug__in=slugs, kind=ActorKind.STAFF, positions__isnull=True
    )
    found: dict[str, dict[str, str]] = {}
    for slug, actor, name in rows.values_list("slug", "actor", "name"):
        found.setdefault(slug, {})[actor] = name
    return found


def stuck(proc: Procedure, steps: Iterable[str], without: Mapping[str, str]) -> Refusal | None:
    """Why a case with these steps open would come to a step that nobody can do. ``without``: the actors of ``unbound``."""
    ahead = {key for step in steps for key in reached(proc, step)} if without else set()
    met = {actor for key in ahead for actor in staff_of(proc, proc.by_id[key])}
    names = [name for actor, name in without.items() if actor in met]
    if not names:
        return None
    told = _("Kasus akan macet: belum ada jabatan untuk pelaksana %(names)s. Mintalah penyusun SOP mengisinya.")
    return Refusal("unbound", told % {"names": ", ".join(names)})
