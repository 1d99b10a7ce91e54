"""The list of SOPs of an institution from its ``catalogue.yaml``. Loading again brings it up to date and doubles nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from sopan.core.catalogue_file import reachable
from sopan.core.recurrence import Every, misfit
from sopan.people.models import Institution, Unit

from .models import CatalogueEntry, StartRule

BY_ITSELF = (StartRule.By.CALENDAR, StartRule.By.PROCEDURE)


@transaction.atomic
def load_entries(institution: Institution, data: Mapping[str, Any]) -> list[CatalogueEntry]:
    """Create or update the lines of the list, in their order.

    How cases begin is read once, with a new line; afterwards the institution keeps it in its own screens.
    Raises LookupError or ValueError for a line that is none.
    """
    units = {unit.code: unit for unit in Unit.objects.filter(institution=institution)}
    seen: set[str] = set()
    entries = []
    for place, told in enumerate(data.get("entries") or (), 1):
        slug = slug_of(told)
        if slug in seen:
            raise ValueError(f"catalogue.yaml: {slug} stands in it twice")
        seen.add(slug)
        if told.get("unit") and told["unit"] not in units:
            raise LookupError(f"catalogue.yaml: {slug} is of the unknown unit {told['unit']}")
        fields = {
            "number": str(told.get("number", "")),
            "name": str(told["name"]),
            "unit": units[told["unit"]] if told.get("unit") else None,
            "place": place,
            "note": str(told.get("note", "")),
            "source": str(data.get("source", "")),
        }
        entry, made = CatalogueEntry.objects.update_or_create(institution=institution, slug=slug, defaults=fields)
        if made:
            _load_starts(entry, told.get("starts"))
        entries.append(entry)
    return entries


def slug_of(told: Mapping[str, Any]) -> str:
    """The procedure of a line; one that is only listed is called by its number and name."""
    return told.get("procedure") or slugify(f"{told.get('number', '')} {told['name']}".replace(".", "-"))[:80].strip(
        "-"
    )


def bindings_of(data: Mapping[str, Any], procedure: str) -> dict[str, list[str]]:
    """Actor -> positions of a procedure, as ``catalogue.yaml`` tells them. Raises LookupError for one not in the list."""
    for told in data.get("entries") or ():
        if told.get("procedure") == procedure:
            return dict(told.get("bindings") or {})
    raise LookupError(f"catalogue.yaml has no entry {procedure}")


def circle(entry: CatalogueEntry, after: str) -> bool:
    """Whether a case of ``after`` would come of a case of ``entry`` by the rules that are switched on."""
    rules = StartRule.objects.filter(entry__institution_id=entry.institution_id, by=StartRule.By.PROCEDURE, active=True)
    follows: dict[str, set[str]] = {}
    for before, slug in rules.values_list("after", "entry__slug"):
        follows.setdefault(before, set()).add(slug)
    return after in reachable(entry.slug, follows)


def _load_starts(entry: CatalogueEntry, starts: Sequence[Mapping[str, Any]] | None) -> None:
    """The rules of a line. Where nothing is told, a holder of the first step begins by hand.

    What begins by itself and stands in no document waits until a person switches it on: nothing begins by a guess. So
    does what would begin without end by the rules that the institution has made. Raises ValueError for a day that there is
    not.
    """
    for told in [{"by": "person"}] if starts is None else starts:
        rule = StartRule(
            entry=entry,
            by=told["by"],
            at=told.get("entry", ""),
            every=told.get("every", ""),
            day=told.get("day"),
            month=told.get("month"),
            after=told.get("after", ""),
            inferred=bool(told.get("inferred")),
            active=not (told.get("inferred") and told["by"] in BY_ITSELF),
        )
        if rule.by == StartRule.By.CALENDAR and (key := misfit(Every(rule.every), day=rule.day, month=rule.month)):
            raise ValueError(f"catalogue.yaml: {entry.slug} begins every {rule.every}, and its {key} is none of that")
        if rule.by == StartRule.By.PROCEDURE and circle(entry, rule.after):
            rule.active = False
        rule.full_clean()
        rule.save()
