"""A finished case of one procedure starts a case of another: by a rule of the catalogue, exactly once."""

from __future__ import annotations

from collections.abc import Sequence

from sopan.catalogue.models import StartRule

from .models import Case
from .stepwork import Planned

FOLLOW = "engine.follow"  # the effect; ``starts`` handles it


def followers(case: Case) -> Sequence[Planned]:
    """The effects that start what follows a case that has just ended; none if it was refused or withdrawn."""
    if case.status != Case.Status.FINISHED:
        return ()
    rules = StartRule.objects.filter(
        entry__institution_id=case.institution_id,
        by=StartRule.By.PROCEDURE,
        active=True,
        after=case.procedure.slug,
    )
    return [Planned(FOLLOW, {"rule": rule}) for rule in rules.order_by("pk").values_list("pk", flat=True)]
