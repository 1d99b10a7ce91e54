"""The list of all SOPs, with search and filters, as a page and as a spreadsheet; the contradictions between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sopan.catalogue import listing
from sopan.catalogue.access import Rights, rights, slugs_of
from sopan.catalogue.listing import Asked, Line
from sopan.catalogue.search import LONGEST
from sopan.people.models import Position, Unit
from sopan.ui import excel, formats
from sopan.ui.downloads import file_of
from sopan.web.access import staff_only
from sopan.web.catalogue import contradicting, words
from sopan.web.catalogue.links import maybe
from sopan.web.catalogue.matrix import time_of

PAGE = 50


def states() -> list[tuple[str, str]]:
    return [
        (listing.IN_FORCE, _("Berlaku")),
        (listing.LISTED, _("Terdaftar, belum ada uraian")),
        (listing.COMING, _("Belum mulai berlaku")),
        (listing.WITHDRAWN, _("Dicabut")),
        ("changing", _("Sedang disusun atau diubah")),
        ("unread", _("Belum saya baca")),
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page and the sheet show it."""

    line: Line
    state: str
    tone: str
    icon: str
    hits: list[tuple[str, str, tuple[tuple[str, bool], ...]]]


def read(request: HttpRequest) -> Asked:
    """The filters as they stand in the address; what it does not know it leaves out."""
    given = {
        name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("cari", "unit", "keadaan", "siapa")
    }
    who = {"saya": "mine"}.get(given["siapa"], given["siapa"][:20])
    known = {key for key, _label in states()}
    state = given["keadaan"] if given["keadaan"] in known else ""
    return Asked(given["cari"][:LONGEST], given["unit"][:60], state, who)


def _found(request: HttpRequest, asked: Asked, mine: Rights, now: datetime) -> list[Line]:
    institution = request.user.institution
    works_by = slugs_of(request.user, mine.positions)
    everything = listing.lines(institution, person=request.user, works_by=works_by, now=now)
    return listing.narrowed(everything, asked, institution=institution)


@require_safe
@staff_only
def sops(request: HttpRequest) -> HttpResponse:
    """All SOPs of the institution; filters and page stand in the address."""
    now = timezone.now()
    asked, mine = read(request), rights(request.user, now=now)
    found = _found(request, asked, mine, now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": asked,
        "page_obj": page,
        "rows": [shown(line) for line in page],
        "count": len(found),
        "unread": sum(line.unread for line in found),
        "units": list(Unit.objects.filter(institution=request.user.institution).order_by("name")),
        "positions": list(Position.objects.filter(institution=request.user.institution).order_by("name")),
        "states": states(),
        "drafter": mine.drafter is not None,
        "here": _query(asked),
        "import_url": maybe("sop_import") if mine.drafter else "",
        "new_url": maybe("revision_new") if mine.drafter else "",
        "book_url": maybe("sop_book"),
    }
    return render(request, "catalogue/sops.html", context)


def _query(asked: Asked) -> str:
    who = "saya" if asked.who == "mine" else asked.who
    given = {"cari": asked.text, "unit": asked.unit, "keadaan": asked.state, "siapa": who}
    return urlencode({key: value for key, value in given.items() if value})


def shown(line: Line) -> Shown:
    version = line.version
    state, tone, icon = {
        listing.IN_FORCE: (_("Berlaku"), "ok", "check"),
        listing.LISTED: (_("Terdaftar, belum ada uraian"), "", "minus"),
        listing.COMING: (
            _("Berlaku mulai %(day)s") % {"day": formats.short_date(version.effective_from) if version else ""},
            "info",
            "clock",
        ),
        listing.WITHDRAWN: (_("Dicabut"), "bad", "x-mark"),
        listing.WRITTEN: (_("Konsep"), "info", "pencil"),
    }[line.state]
    hits = [(str(words.WHERE[hit.where]), hit.no, hit.pieces) for hit in line.hits]
    return Shown(line, state, tone, icon, hits)


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet, without pages."""
    now = timezone.now()
    asked, mine = read(request), rights(request.user, now=now)
    rows = [shown(line) for line in _found(request, asked, mine, now)]
    heads = [_("Nomor"), _("Nama SOP"), _("Unit"), _("Keadaan"), _("Versi"), _("Berlaku sejak"), _("Catatan")]
    cells = [
        (
            one.line.number,
            one.line.name,
            one.line.unit,
            one.state,
            str(one.line.version.version) if one.line.version else "",
            formats.long_date(one.line.version.effective_from) if one.line.version else "",
            one.line.entry.note if one.line.entry else "",
        )
        for one in rows
    ]
    told = [request.user.institution.name, _("Per %(day)s") % {"day": formats.long_datetime(now)}]
    content = excel.workbook(
        title=_("Daftar SOP"), told=told, heads=heads, rows=cells, widths=(22, 60, 32, 28, 8, 20, 50)
    )
    return file_of(content, excel.MEDIA_TYPE, "daftar-sop.xlsx")


@require_safe
@staff_only
def contradictions(request: HttpRequest) -> HttpResponse:
    """The same activity with different standard times in two SOPs, both rows beside each other."""
    now = timezone.now()
    found = contradicting.of_institution(request.user.institution, now=now)
    names = {
        line.slug: line for line in listing.lines(request.user.institution, person=request.user, works_by=(), now=now)
    }
    groups = [
        [(place, names[place.slug], time_of(place.time)) for place in one.places if place.slug in names]
        for one in found
    ]
    return render(request, "catalogue/contradictions.html", {"groups": groups})
