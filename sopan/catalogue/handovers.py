"""Where the cases of a procedure go on when they are finished: the pentagons at the end of its drawing."""

from __future__ import annotations

from .models import StartRule


def handovers(institution_id: int, slug: str) -> tuple[str, ...]:
    """The numbers (else the names) of the SOPs that a finished case of this one starts, in the order of the list."""
    rules = StartRule.objects.filter(
        entry__institution_id=institution_id, by=StartRule.By.PROCEDURE, active=True, after=slug
    )
    rows = rules.order_by("entry__place", "pk").values_list("entry__number", "entry__name")
    return tuple(dict.fromkeys(_told(number, name) for number, name in rows))


def _told(number: str, name: str) -> str:
    """A number that would say nothing by itself, as the 8 of a list, is told as one of an SOP."""
    return f"SOP {number}" if number.isdigit() else number or name
