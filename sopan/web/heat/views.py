"""Where a procedure is stuck: its drawing, coloured by the share of steps that kept their standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sopan.catalogue.access import rights
from sopan.catalogue.models import CatalogueEntry, ProcedureVersion
from sopan.catalogue.queries import procedure
from sopan.catalogue.versions import STOPPED, state_of
from sopan.drawing.heat import heat
from sopan.drawing.rows import slices
from sopan.ui import excel, formats
from sopan.ui.downloads import file_of
from sopan.web.access import staff_only
from sopan.web.drawing import words
from sopan.web.heat import asked as asking
from sopan.web.heat.asked import Asked
from sopan.web.heat.measures import Measured, measure

DAY = 450  # minutes of a working day, for short words in the symbols


@dataclass(frozen=True, slots=True)
class Row:
    """A step as the page shows it: its numbers in words, and its row of the drawing."""

    found: Measured
    drawn: SafeString
    actors: tuple[str, ...]
    median: str
    p90: str
    share: str


def _found(request: HttpRequest, slug: str, now: datetime) -> tuple[list[ProcedureVersion], Asked]:
    """The versions of a procedure that the person may measure: who works by it, drafts, reviews or approves."""
    if not rights(request.user, now=now).keeps_or_works_by(slug):
        raise Http404
    rows = ProcedureVersion.objects.filter(institution=request.user.institution, slug=slug, effective_from__lte=now)
    versions = [one for one in rows.defer("content").order_by("-version") if state_of(one, now=now) != STOPPED]
    if not versions:
        raise Http404
    return versions, asking.read(request.GET, versions=versions, institution=request.user.institution, now=now)


def _measured(asked: Asked) -> list[Measured]:
    proc = procedure(asked.version.pk)
    return measure(proc, version_ids=[asked.version.pk], since=asked.since, until=asked.until)


@require_safe
@staff_only
def heat_map(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    versions, asked = _found(request, slug, now)
    measured = _measured(asked)
    proc = procedure(asked.version.pk)
    drawing = heat(proc, {one.step.id: brief(one.median) for one in measured}, words=words)
    level = {one.step.id: f"h{one.level}" for one in measured}
    drawn = [mark_safe(row.svg) for row in slices(drawing, state=lambda key: level.get(key, ""))]  # texts are escaped
    entry = CatalogueEntry.objects.filter(institution=request.user.institution, slug=slug).first()
    widths = [round(b - a) for a, b in zip(drawing.lefts, drawing.lefts[1:], strict=False)]
    count = sum(one.count for one in measured)
    context = {
        "slug": slug,
        "name": entry.name if entry else asked.version.name,
        "number": asked.version.number,
        "asked": asked,
        "told": asked.told(count),
        "count": count,
        "periods": asking.PERIODS.items(),
        "versions": versions,
        "actors": list(zip(proc.actors, widths, strict=True)),
        "rows": [_row(one, svg, proc) for one, svg in zip(measured, drawn, strict=True)],
        "worst": _worst(measured),
        "query": request.GET.urlencode(),
    }
    return render(request, "heat/heat.html", context)


def _row(one: Measured, svg: SafeString, proc: object) -> Row:
    actors = tuple(proc.actor_by_id[actor].name for actor in one.step.actors)
    share = one.share
    return Row(one, svg, actors, brief(one.median), brief(one.p90), "" if share is None else f"{round(share * 100)}%")


def _worst(measured: Sequence[Measured]) -> list[tuple[Measured, int]]:
    """The three steps that keep their standard least often, with their share in percent."""
    hot = sorted((one for one in measured if one.level >= 2), key=lambda one: (one.share or 0, -one.count))
    return [(one, round((one.share or 0) * 100)) for one in hot[:3]]


def brief(minutes: int | None) -> str:
    """A time short enough for a symbol: ``35 m``, ``2,5 j``, ``3 h`` (working days of 7,5 hours); "" for None."""
    if minutes is None:
        return ""
    if minutes < 60:
        return _("%(n)s m") % {"n": minutes}
    if minutes < DAY:
        return _("%(n)s j") % {"n": formats.number(round(minutes / 60, 1)).removesuffix(",0").removesuffix(".0")}
    return _("%(n)s h") % {"n": formats.number(round(minutes / DAY, 1)).removesuffix(",0").removesuffix(".0")}


@require_safe
@staff_only
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The table behind the picture, as a spreadsheet under its filters."""
    now = timezone.now()
    _versions, asked = _found(request, slug, now)
    measured = _measured(asked)
    proc = procedure(asked.version.pk)
    heads = [
        _("No."), _("Kegiatan"), _("Pelaksana"), _("Waktu baku"), _("Jumlah"), _("Median (menit kerja)"),
        _("P90 (menit kerja)"), _("Tepat waktu"), _("Berbatas waktu"), _("Tepat waktu (%)"), _("Dibuka lagi"),
    ]  # fmt: skip
    rows = [_cells(one, proc) for one in measured]
    content = excel.workbook(
        title=_("Peta panas: %(name)s") % {"name": asked.version.name},
        told=asked.told(sum(one.count for one in measured)),
        heads=heads,
        rows=rows,
        widths=[6, 50, 28, 16, 10, 14, 14, 12, 14, 14, 12],
    )
    return file_of(content, excel.MEDIA_TYPE, f"peta-panas-{slug}.xlsx")


def _cells(one: Measured, proc: object) -> list[str | int]:
    actors = ", ".join(proc.actor_by_id[actor].name for actor in one.step.actors)
    share = one.share
    return [
        one.step.no,
        one.step.activity,
        actors,
        one.step.time.printed,
        one.count,
        "" if one.median is None else one.median,
        "" if one.p90 is None else one.p90,
        one.on_time,
        one.dated,
        "" if share is None else round(share * 100),
        one.repeated,
    ]
