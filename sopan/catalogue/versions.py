"""The versions of one procedure: which is shown, what became of the others, who approved them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sopan.people.models import Institution

from .models import CatalogueEntry, ProcedureVersion, RevisionAct

PAST, NOW, COMING, STOPPED = "past", "now", "coming", "stopped"


@dataclass(frozen=True, slots=True)
class Known:
    """A version with what it is now: past, now, coming, or stopped before its day; and who approved it here, if anybody did."""

    version: ProcedureVersion
    state: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of a procedure, the newest first."""

    all: tuple[Known, ...]
    entry: CatalogueEntry | None

    def _first(self, state: str) -> ProcedureVersion | None:
        return next((one.version for one in self.all if one.state == state), None)

    @property
    def in_force(self) -> ProcedureVersion | None:
        return self._first(NOW)

    @property
    def coming(self) -> ProcedureVersion | None:
        return self._first(COMING)

    @property
    def shown(self) -> ProcedureVersion | None:
        """The one in force, else the coming one, else the last."""
        return self.in_force or self.coming or self.newest

    @property
    def newest(self) -> ProcedureVersion | None:
        """The last one that was not stopped before its day, if there is one: what a change begins with."""
        kept = [one.version for one in self.all if one.state != STOPPED] or [one.version for one in self.all]
        return kept[0] if kept else None

    @property
    def name(self) -> str:
        return self.shown.name if self.shown else self.entry.name if self.entry else ""

    @property
    def number(self) -> str:
        return self.shown.number if self.shown else self.entry.number if self.entry else ""


def state_of(version: ProcedureVersion, *, now: datetime) -> str:
    """What a version is at ``now``."""
    if version.withdrawn_by and version.effective_to is not None and version.effective_to <= version.effective_from:
        return STOPPED
    if version.effective_from > now:
        return COMING
    return PAST if version.effective_to is not None and version.effective_to <= now else NOW


def versions_of(slug: str, *, institution: Institution, now: datetime) -> Versions:
    """Empty where there is no such procedure in the institution."""
    rows = list(
        ProcedureVersion.objects.filter(institution=institution, slug=slug).defer("content").order_by("-version")
    )
    acts = RevisionAct.objects.filter(revision__version__in=[row.pk for row in rows], code="approved")
    approved = {
        act.revision.version_id: f"{act.name}, {act.position}"
        for act in acts.select_related("revision").order_by("seq")
    }
    entry = CatalogueEntry.objects.select_related("unit").filter(institution=institution, slug=slug).first()
    known = tuple(Known(row, state_of(row, now=now), approved.get(row.pk, row.published_by)) for row in rows)
    return Versions(known, entry)
