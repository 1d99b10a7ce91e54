"""The inbox: what waits for a person, by when, and what he may do with several at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.core.model import Procedure
from sopan.engine import access, blind, queries
from sopan.engine.models import SavedView, Task
from sopan.people.models import User
from sopan.ui import formats
from sopan.ui.downloads import file_of
from sopan.ui.excel import MEDIA_TYPE, workbook
from sopan.ui.source import numbered, translated
from sopan.web import operations
from sopan.web.access import staff_only
from sopan.web.viewing import (
    DUES,
    MINE,
    Bounds,
    Line,
    Viewing,
    bounds,
    capped,
    due_names,
    groups,
    key_from,
    key_text,
    line_of,
)

EXPORTED = 2_000  # rows of a sheet


@require_safe
@staff_only
def inbox(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    viewing = Viewing.read(request.GET)
    when = bounds(request.user.institution, now)
    tasks, following = _tasks(request.user, viewing, when, after=request.GET.get("after", ""))
    lines = _lines(tasks, request.user, now)
    views = list(SavedView.objects.filter(person=request.user).order_by("name"))
    counters, totals = _counters(request.user, viewing, views, when)
    context = {
        "viewing": viewing,
        "groups": groups(lines, when),
        "shown": len(lines),
        "following": viewing.query() + ("&" if viewing.query() else "") + f"after={key_text(following)}"
        if following
        else "",
        "counters": counters,
        "views": totals,
        "current_view": next((view for view in views if view.query == viewing.query()), None),
        "here": viewing.query(),
        "told": viewing.told(),
        **_choices(request.user, viewing, now),
    }
    return render(request, "web/inbox.html", context)


def _tasks(
    user: User, viewing: Viewing, when: Bounds, *, after: str = "", size: int = queries.PAGE
) -> tuple[list[Task], queries.Key | None]:
    """A page of the inbox; what waits for others comes at the end of the last one."""
    filters = viewing.filters(when)
    if viewing.due == "menunggu":
        return queries.waiting_outside(user, filters=filters, size=size, now=when.now), None
    page = queries.inbox(user, filters=filters, after=key_from(after), size=size, now=when.now)
    tasks = list(page.tasks)
    if page.next is None and not viewing.due and not viewing.mine:
        tasks += queries.waiting_outside(user, filters=filters, size=size, now=when.now)
    return tasks, page.next


def _lines(tasks: list[Task], user: User, now: datetime) -> list[Line]:
    blind.mask((task.case for task in tasks), user, now=now)
    versions = {task.case.procedure_id for task in tasks}
    steps = {pk: {step.id: (step.no, step.title) for step in procedure(pk).steps} for pk in versions}
    return [line_of(task, steps, user.institution, now) for task in tasks]


def _counters(
    user: User, viewing: Viewing, views: list[SavedView], when: Bounds
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The five counters over the list, which filter it, and the saved views with their numbers."""
    asked = [Viewing(due="terlambat"), Viewing(due="hari-ini"), Viewing(due="berikut"), Viewing(mine="bebas")]
    saved = [Viewing.read(QueryDict(view.query)) for view in views]
    found = queries.counts(user, [one.filters(when) for one in (*asked, Viewing(), *saved)], now=when.now)
    waiting = queries.count_waiting_outside(user, now=when.now)
    words = [
        ("bad", _("Terlambat"), _("lewat mutu baku")),
        ("warn", _("Hari ini"), formats.short_date(when.now)),
        ("ok", _("Hari kerja berikut"), formats.short_date(when.next_day)),
        ("info", _("Belum diambil"), _("antrean Anda")),
        ("", _("Menunggu"), _("pihak luar")),
    ]
    shown = [capped(count) for count in found[:4]]
    shown.append(capped(waiting))
    boxes = [
        {
            "tone": tone,
            "name": name,
            "detail": detail,
            "count": count,
            "query": "" if one == viewing else one.query(),
            "current": one == viewing,
        }
        for (tone, name, detail), count, one in zip(words, shown, (*asked, Viewing(due="menunggu")), strict=True)
    ]
    tabs = [{"name": _("Perlu dikerjakan"), "query": "", "count": capped(found[4]), "current": viewing == Viewing()}]
    tabs += [
        {"name": view.name, "query": view.query, "count": capped(count), "current": one == viewing}
        for view, count, one in zip(views, found[5:], saved, strict=True)
    ]
    return boxes, tabs


def _choices(user: User, viewing: Viewing, now: datetime) -> dict[str, Any]:
    """What may be chosen in the filters: the procedures in force that the person serves, and their steps."""
    versions = access.serving(user, now=now)
    shown = [one for one in versions if viewing.slug in ("", one.slug)]
    return {
        "procedures": [(one.slug, one.name) for one in versions],
        "steps": [(one.name, _steps_of(procedure(one.pk))) for one in shown],
        "dues": list(zip(DUES, due_names(), strict=True)),
        "mines": list(zip(MINE, [_("Tugas saya saja"), _("Belum diambil"), _("Semua tugas unit")], strict=True)),
        "serves": bool(versions),
    }


def _steps_of(proc: Procedure) -> list[tuple[str, str]]:
    return [(step.id, numbered(step.no, step.title)) for step in proc.steps]


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """The list that is shown, as a spreadsheet with its filters in words at the head."""
    now = timezone.now()
    viewing = Viewing.read(request.GET)
    tasks, following = _tasks(request.user, viewing, bounds(request.user.institution, now), size=EXPORTED)
    told = [_("Dibuat %(at)s oleh %(name)s") % {"at": formats.long_datetime(now), "name": request.user.full_name}]
    told += viewing.told()
    if following:
        told.append(_("Hanya %(count)s baris pertama.") % {"count": formats.number(EXPORTED)})
    content = workbook(
        title=_("Tugas saya"),
        told=told,
        heads=[
            _("Batas waktu"),
            _("Nomor"),
            _("Pelanggan"),
            _("Perihal"),
            _("No langkah"),
            _("Langkah"),
            _("SOP"),
            _("Petugas"),
            _("Jatuh tempo"),
        ],
        rows=(_cells(line) for line in _lines(tasks, request.user, now)),
        widths=[24, 22, 36, 36, 10, 36, 36, 28, 26],
    )
    name = f"tugas-{timezone.localtime(now):%Y-%m-%d}.xlsx"
    return file_of(content, MEDIA_TYPE, name)


def _cells(line: Line) -> list[str]:
    task, case = line.task, line.task.case
    who = task.assignee.full_name if task.assignee else ""
    due = formats.long_datetime(task.due_at) if task.due_at else ""
    return [
        line.left.words,
        str(case),
        case.subject,
        case.title,
        line.no,
        translated(line.name),
        line.procedure,
        who,
        due,
    ]


@require_POST
@staff_only
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters that are shown under a name."""
    query = Viewing.read(QueryDict(request.POST.get("query", "")[:500])).query()
    kept = operations.save_view(request.user, name=request.POST.get("name", ""), query=query)
    if isinstance(kept, Refusal):
        messages.error(request, kept.message)
    else:
        messages.success(request, _("Tampilan “%(name)s” disimpan.") % {"name": kept.name})
    return redirect(inbox_at(query))


@require_POST
@staff_only
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    if view_id >= 2**63 or not operations.delete_view(request.user, view_id=view_id):
        raise Http404
    messages.success(request, _("Tampilan dihapus. Tugas di dalamnya tidak berubah."))
    return redirect("inbox")


def inbox_at(query: str) -> str:
    """The address of the inbox with these choices."""
    return reverse("inbox") + (f"?{query}" if query else "")
