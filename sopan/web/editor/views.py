"""The pages of the editor. What a script asks is answered as JSON; the plain form works without one."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sopan.catalogue import content as contents
from sopan.catalogue import editing
from sopan.catalogue.models import Revision
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, FieldKind, Unit
from sopan.ui import formats
from sopan.web.editor import sheet, simulate
from sopan.web.editor.access import of_revision
from sopan.web.editor.checking import Looked, as_data, look
from sopan.web.editor.picture import picture, times

STATUS = {"stale": 409, "not-draft": 409, "nothing-left": 409, "not-found": 404}


# The page -------------------------------------------------------------------------------------------------------------


@of_revision
def edit(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    if revision.state != Revision.State.DRAFT:
        state = revision.get_state_display()
        messages.info(request, _("Konsep ini tidak dapat disunting lagi: %(state)s.") % {"state": state})
        return redirect(life_page(revision) or "home")
    if request.method == "POST":
        return _sent(request, revision, now)
    return _page(request, revision, revision.content)


def _page(
    request: HttpRequest, revision: Revision, content: dict[str, Any], *, wrong: str = "", status: int = 200
) -> HttpResponse:
    looked = look(content, slug=revision.slug)
    context = {
        "revision": revision,
        "saved": editing.standing(revision),
        "content": content,
        "answer": _looked(content, looked),
        "lines": _lines(content, looked),
        "looked": looked,
        "head_faults": [fault for fault in looked.faults if fault.place < 0],
        "life": life_page(revision),
        "kinds": [(kind.value, _actor_kinds()[kind]) for kind in ActorKind],
        "field_kinds": [(kind.value, _field_kinds()[kind]) for kind in FieldKind],
        "units": [(unit.value, _units()[unit]) for unit in Unit],
        "wrong": wrong,
    }
    return render(request, "editor/edit.html", context, status=status)


def _lines(content: dict[str, Any], looked: Looked) -> list[sheet.Line]:
    rows = sheet.lines(content)
    for fault in looked.faults:
        if 0 <= fault.place < len(rows):
            rows[fault.place].faults.append(fault)
    return rows


def life_page(revision: Revision) -> str:
    """The page from which a revision is sent on, or "" where no such page is installed."""
    try:
        return reverse("revision", args=[revision.pk])
    except NoReverseMatch:
        return ""


def _actor_kinds() -> dict[ActorKind, str]:
    return {
        ActorKind.STAFF: _("Pegawai"),
        ActorKind.CUSTOMER: _("Pelanggan"),
        ActorKind.OUTSIDE: _("Pihak luar"),
    }


def _field_kinds() -> dict[FieldKind, str]:
    return {
        FieldKind.TEXT: _("Teks"),
        FieldKind.LONG_TEXT: _("Teks panjang"),
        FieldKind.NUMBER: _("Angka"),
        FieldKind.DATE: _("Tanggal"),
        FieldKind.CHOICE: _("Pilihan"),
        FieldKind.CHECK: _("Centang"),
    }


def _units() -> dict[Unit, str]:
    return {
        Unit.MINUTE: _("menit"),
        Unit.HOUR: _("jam"),
        Unit.WORKING_DAY: _("hari kerja"),
        Unit.DAY: _("hari"),
        Unit.WEEK: _("minggu"),
        Unit.MONTH: _("bulan"),
        Unit.YEAR: _("tahun"),
    }


# The plain form -------------------------------------------------------------------------------------------------------


def _sent(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    """Save what the form without scripts holds, then add, remove or move a row if a button asks for it."""
    typed, act = request.POST, request.POST.get("act", "")
    rows = sheet.changed_rows(sheet.with_lines(revision.content, typed.dict()), act)
    done = editing.save(revision.pk, actor=request.user, content=rows, edit=_number(typed.get("edit")), now=now)
    if isinstance(done, Refusal):
        read = contents.read(rows)
        shown = revision.content if isinstance(read, Refusal) else read
        return _page(request, revision, shown, wrong=done.message, status=STATUS.get(done.code, 422))
    messages.success(request, _("Tersimpan sebagai konsep %(when)s.") % {"when": formats.clock(done.at)})
    return redirect("revision_edit", revision.pk)


def _number(told: Any) -> int:
    text = str(told)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


# What the script asks -------------------------------------------------------------------------------------------------


@require_POST
@of_revision
def save(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    asked = _asked(request)
    done = editing.save(
        revision.pk, actor=request.user, content=asked.get("content"), edit=_number(asked.get("edit")), now=now
    )
    return _saved(done, revision, with_content=False)


@require_POST
@of_revision
def undo(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    done = editing.undo(revision.pk, actor=request.user, edit=_number(_asked(request).get("edit")), now=now)
    return _saved(done, revision, with_content=True)


@require_POST
@of_revision
def redo(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    done = editing.redo(revision.pk, actor=request.user, edit=_number(_asked(request).get("edit")), now=now)
    return _saved(done, revision, with_content=True)


@require_POST
@of_revision
def inspect(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    """Drawing, times and problems of what is on the screen. Nothing is saved."""
    content = contents.read(_asked(request).get("content"))
    if isinstance(content, Refusal):
        return _refused(content)
    return JsonResponse(_looked(content, look(content, slug=revision.slug)))


@require_POST
@of_revision
def try_out(request: HttpRequest, revision: Revision, now: datetime) -> HttpResponse:
    """Where a case would stand after some acts. Nothing is saved."""
    asked = _asked(request)
    content = contents.read(asked.get("content"))
    if isinstance(content, Refusal):
        return _refused(content)
    looked = look(content, slug=revision.slug)
    if looked.procedure is None:
        html = render_to_string("editor/_trial.html", {"errors": looked.errors}, request)
        return JsonResponse({"html": html, "acts": [], **_looked(content, looked)})
    body = request.user.institution
    entry, acts = str(asked.get("entry") or ""), simulate.read_acts(asked.get("acts"))
    trial = simulate.play(looked.procedure, acts, entry=entry, institution=body, now=now)
    context = {"trial": trial, "entries": simulate.entries(looked.procedure), "entry": entry, "begun": now}
    html = render_to_string("editor/_trial.html", context, request)
    told = _looked(content, looked, states=trial.states)
    return JsonResponse({"html": html, "acts": trial.acts, "states": trial.states, **told})


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The JSON that was sent; what is no JSON, or no mapping, is an empty one."""
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _looked(content: dict[str, Any], looked: Looked, *, states: dict[str, str] | None = None) -> dict[str, Any]:
    drawn = picture(looked, states=states)
    return {
        "rows": list(drawn.rows) if drawn else None,
        "widths": list(drawn.widths) if drawn else [],
        "times": times(content),
        "faults": [as_data(fault) for fault in looked.faults],
    }


def _saved(done: editing.Saved | Refusal, revision: Revision, *, with_content: bool) -> HttpResponse:
    if isinstance(done, Refusal):
        return _refused(done, revision)
    told: dict[str, Any] = {
        "edit": done.edit,
        "at": formats.clock(done.at),
        "can_undo": done.can_undo,
        "can_redo": done.can_redo,
    }
    if with_content:
        told |= {"content": done.content, **_looked(done.content, look(done.content, slug=revision.slug))}
    return JsonResponse(told)


def _refused(refusal: Refusal, revision: Revision | None = None) -> HttpResponse:
    """With "stale" comes the number of the edit that is current now, so that the person can decide to go on from it."""
    told: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
    if refusal.code == "stale" and revision is not None:
        revision.refresh_from_db(fields=["edit"])
        told["edit"] = revision.edit
    return JsonResponse(told, status=STATUS.get(refusal.code, 422))
