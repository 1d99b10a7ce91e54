"""The book of an institution: cover, table of contents by unit with page numbers, and the form of each SOP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sopan.catalogue.handovers import handovers
from sopan.catalogue.models import CatalogueEntry, ProcedureVersion
from sopan.catalogue.queries import in_force, procedure
from sopan.core.flow import Refusal
from sopan.documents import pdf, templates
from sopan.drawing.cells import PAPERS
from sopan.drawing.form import BOOK, TITLE, form
from sopan.people.models import Institution, Unit
from sopan.ui import formats

KEY = "web.book"
templates.register(KEY, BOOK)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the table of contents; without a version the SOP is only listed."""

    number: str
    name: str
    unit: str
    version: ProcedureVersion | None


def contents(institution: Institution, *, unit: Unit | None, now: datetime) -> list[Listed]:
    """The SOPs of the list in their order, then those in force that the list does not name (of the whole body only)."""
    versions = {
        version.slug: version
        for version in ProcedureVersion.objects.filter(in_force(now), institution=institution).defer("content")
    }
    entries = CatalogueEntry.objects.filter(institution=institution).select_related("unit").order_by("place", "pk")
    found = [
        Listed(
            one.number or (versions[one.slug].number if one.slug in versions else ""),
            one.name,
            one.unit.name if one.unit else "",
            versions.pop(one.slug, None),
        )
        for one in (entries.filter(unit=unit) if unit is not None else entries)
    ]
    rest = sorted(versions.values(), key=lambda version: version.slug) if unit is None else []
    return found + [Listed(version.number, version.name, "", version) for version in rest]


def by_unit(lines: Sequence[Listed]) -> dict[str, list[Listed]]:
    """The lines under their units, in the order in which the units first come."""
    found: dict[str, list[Listed]] = {}
    for line in lines:
        found.setdefault(line.unit, []).append(line)
    return found


def make(
    institution: Institution,
    lines: Sequence[Listed],
    *,
    unit: Unit | None,
    paper: str,
    now: datetime,
    tell: Callable[[int], None] = lambda done: None,
) -> bytes | Refusal:
    """The PDF/A of the book. ``tell`` hears how many SOPs are laid out. Refusal for letters that no font can print."""
    sops: list[dict[str, Any]] = []
    pictures: dict[str, bytes] = {}
    units = []
    for name, some in by_unit(lines).items():
        told = []
        for line in some:
            told.append({"number": line.number, "name": line.name, "place": len(sops) if line.version else None})
            if line.version is not None:
                data, images = _form(line.version, institution, paper)
                pictures |= {f"s{len(sops)}-{key}": image for key, image in images.items()}
                sops.append(data)
                tell(len(sops))
        units.append({"name": name or _("Tanpa unit"), "lines": told})
    count = ngettext("%(n)s SOP", "%(n)s SOP", len(sops)) % {"n": len(sops)}
    only = len(lines) - len(sops)
    data = {
        "title": f"{_('Buku SOP')} {institution.name}",
        "heading": TITLE,
        "institution": {"name": institution.name, "parent": institution.parent_name},
        "unit": unit.name if unit is not None else "",
        "told": count + (", " + _("%(n)s terdaftar tanpa uraian") % {"n": only} if only else ""),
        "date": formats.long_date(now.astimezone(ZoneInfo(institution.zone))),
        "contents": _("Daftar isi"),
        "listed": _("terdaftar, belum ada uraian"),
        "foot": institution.name,
        "paper": _paper(paper),
        "units": units,
        "sops": sops,
    }
    return pdf.render(KEY, data, at=now, images=pictures)


def _form(version: ProcedureVersion, institution: Institution, paper: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    return form(
        procedure(version.pk),
        paper=PAPERS[paper],
        institution=institution.name,
        parent=institution.parent_name,
        day=_day,
        handovers=handovers(institution.pk, version.slug),
    )


def _day(day: date) -> str:
    return formats.long_date(day)


def _paper(paper: str) -> dict[str, float]:
    size = PAPERS[paper]
    return {"width": size.width, "height": size.height, "margin": size.margin, "foot": 7.0}
