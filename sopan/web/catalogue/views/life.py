"""The page of a revision: its states with who and when, what changes, and the next act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sopan.catalogue import access, judging, life
from sopan.catalogue.editing import sha256
from sopan.catalogue.judging import STAGES, State
from sopan.catalogue.life import Works
from sopan.catalogue.models import ChangeRequest, ProcedureVersion, Revision, RevisionAct
from sopan.catalogue.queries import procedure
from sopan.catalogue.versions import STOPPED, state_of
from sopan.core.differences import differences
from sopan.core.flow import Refusal
from sopan.engine.stepwork import decisions, step_works
from sopan.people.models import Appointment
from sopan.ui.fields import refuse
from sopan.web.access import staff_only
from sopan.web.catalogue import comparing, words
from sopan.web.catalogue.forms import DescribeForm
from sopan.web.catalogue.links import maybe
from sopan.web.catalogue.matrix import matrix_of
from sopan.web.editor.checking import look

PAGE = 50
ORDER = (State.DRAFT, State.CHECKING, State.REVIEWING, State.APPROVING, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Stop:
    """A state as a step of the way: done, now or todo."""

    label: str
    state: str
    detail: str


def known_works() -> Works:
    return Works(set(step_works), set(decisions))


def _of(request: HttpRequest, revision_id: int, now: datetime) -> Revision:
    found = access.revision_for(request.user, revision_id, now=now)
    if found is None:
        raise Http404
    return found


@require_safe
@staff_only
def revisions(request: HttpRequest) -> HttpResponse:
    """What waits for me, what is on its way, what came to its end."""
    now = timezone.now()
    mine = access.rights(request.user, now=now)
    rows = Revision.objects.filter(institution=request.user.institution).select_related("opened_by", "version")
    if not (mine.drafter or mine.reviewer or mine.approver):
        rows = rows.filter(slug__in=access.slugs_of(request.user, mine.positions))
    waiting = judging.waiting_for(request.user, now=now)
    ended = rows.exclude(state__in=life.OPEN).order_by("-changed_at", "-pk")
    context = {
        "waiting": waiting,
        "open": rows.filter(state__in=life.OPEN).order_by("-changed_at", "-pk"),
        "page_obj": Paginator(ended, PAGE).get_page(request.GET.get("page")),
        "new_url": maybe("revision_new") if mine.drafter else "",
        "requests": _unanswered(request) if mine.drafter else [],
        "drafter": mine.drafter is not None,
    }
    return render(request, "catalogue/revisions.html", context)


def _unanswered(request: HttpRequest) -> list[ChangeRequest]:
    """Requests for a change that wait for an answer, the oldest first."""
    rows = ChangeRequest.objects.filter(institution=request.user.institution, state=ChangeRequest.State.OPEN)
    return list(rows.select_related("version").order_by("at", "pk")[:PAGE])


@require_safe
@staff_only
def revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    now = timezone.now()
    return _page(request, _of(request, revision_id, now), now)


def _page(
    request: HttpRequest,
    found: Revision,
    now: datetime,
    *,
    form: Form | None = None,
    wrong: Refusal | None = None,
    seen: str = "",
    stale: bool = False,
) -> HttpResponse:
    """``seen`` is the description that the person has seen, where it is not the one that stands; with ``stale`` he is
    shown that one beside what he typed.
    """
    mine = access.rights(request.user, now=now).of(found.slug)
    looked = look(found.content, slug=found.slug)
    acts = list(RevisionAct.objects.filter(revision=found).order_by("-seq"))
    verdict = judging.may_judge(found, request.user, now=now)
    newest = _newest(found, now)
    draft = found.state == State.DRAFT
    context: dict[str, Any] = {
        "revision": found,
        "stops": _stops(found, acts),
        "acts": [(act, words.ACTS.get(act.code, act.code)) for act in acts],
        "faults": [fault for fault in looked.faults if fault.error],
        "doubts": sum(not fault.error for fault in looked.faults),
        "sha256": sha256(found.content),
        "judging": verdict if isinstance(verdict, Appointment) else None,
        "why_not": verdict if isinstance(verdict, Refusal) and verdict.code in ("author", "judged-before") else None,
        "stage": STAGES.get(found.state),
        "open": found.state in life.OPEN,
        "drafter": mine.drafter is not None,
        "keeper": mine.keeper is not None,
        "may_return": found.state in STAGES and bool(STAGES[found.state].holds(mine, found.slug) or mine.drafter),
        "form": form or DescribeForm(initial=_described(found)),
        "described": seen or life.described(found),
        "stale": stale,
        "editable": draft and mine.drafter is not None,
        "edit_url": maybe("revision_edit", found.pk) if draft and mine.drafter else "",
        "overtaken": newest is not None and found.based_on_id != newest.pk and found.state in life.OPEN,
        "newest": newest,
        "requests": list(found.requests.all()),
        "today": timezone.localdate(now).isoformat(),
        "wrong": wrong,
        "typed": request.POST,
    }
    if looked.procedure is not None:
        before = procedure((found.based_on or newest).pk) if (found.based_on or newest) else None
        changes = differences(before, looked.procedure) if before else None
        context |= comparing.summary(changes) if changes else {}
        context["table"] = matrix_of(looked.procedure, **(comparing.marks(changes) if changes else {}))
    failed = wrong is not None or (form is not None and bool(form.errors))
    return render(request, "catalogue/revision.html", context, status=422 if failed else 200)


def _newest(found: Revision, now: datetime) -> ProcedureVersion | None:
    """The newest version but its own; one that was stopped before its day overtakes nothing."""
    rows = ProcedureVersion.objects.filter(institution=found.institution, slug=found.slug).exclude(pk=found.version_id)
    newest_first = rows.defer("content").order_by("-version")
    return next((one for one in newest_first if state_of(one, now=now) != STOPPED), None)


def _described(found: Revision) -> dict[str, Any]:
    day = timezone.localdate(found.effective_from) if found.effective_from else None
    return {"what": found.what, "why": found.why, "effective_from": day}


def _stops(found: Revision, acts: list[RevisionAct]) -> list[Stop]:
    """The way of a revision; acts of this round tell who has done what."""
    labels = [str(State(state).label) for state in ORDER]
    here = ORDER.index(found.state) if found.state in ORDER else -1
    done = {"sent": 0, "checked": 1, "reviewed": 2, "approved": 3}
    told = [""] * len(ORDER)
    for act in acts:  # the newest first
        if act.code in ("returned", "taken-back"):
            break
        if act.code not in done:
            continue
        place = done[act.code]
        told[place] = told[place] or act.name
    last = len(ORDER) - 1
    return [
        Stop(label, "done" if place < here or here == last else "now" if place == here else "todo", told[place])
        for place, label in enumerate(labels)
    ]


# Acts -----------------------------------------------------------------------------------------------------------------


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()


def _day(request: HttpRequest, name: str) -> date | Refusal | None:
    """The day that was typed; nothing typed is None, and what is no day is never taken for nothing."""
    text = _text(request, name)
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if text and found is None:
        return Refusal("day", _("“%(text)s” bukan tanggal.") % {"text": text[:40]}, field=name)
    return found


def _answer(request: HttpRequest, found: Revision, done: Revision | Refusal, told: str, now: datetime) -> HttpResponse:
    if isinstance(done, Refusal):
        if done.code in ("not-found", "not-yours"):
            raise Http404
        found.refresh_from_db()
        return _page(request, found, now, wrong=done)
    messages.success(request, told)
    return redirect("revision", revision_id=found.pk)


@require_POST
@staff_only
def describe(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Keep what changes and why; with ``send`` also send it to be checked."""
    now = timezone.now()
    found = _of(request, revision_id, now)
    form = DescribeForm(request.POST)
    seen = _text(request, "seen")
    if not form.is_valid():
        return _page(request, found, now, form=form, seen=seen)
    given = form.cleaned_data
    done = life.describe(found.pk, actor=request.user, seen=seen, now=now, **given)
    if isinstance(done, Refusal) and done.code == "stale":
        form.add_error(None, done.message)
        return _page(request, found, now, form=form, stale=True)
    kept = "" if isinstance(done, Revision) else seen
    if isinstance(done, Revision) and "send" in request.POST:
        edit = _text(request, "edit")
        number = int(edit) if edit.isascii() and edit.isdigit() and len(edit) < 10 else -1
        done = life.send(found.pk, actor=request.user, edit=number, known=known_works(), now=now)
        told = _("Konsep dikirim untuk diperiksa.")
    else:
        told = _("Uraian perubahan disimpan.")
    if isinstance(done, Refusal) and done.field in form.fields:
        refuse(form, done)
        found.refresh_from_db()
        return _page(request, found, now, form=form, seen=kept)
    return _answer(request, found, done, told, now)


@require_POST
@staff_only
def judge(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Check, review or approve."""
    now = timezone.now()
    found = _of(request, revision_id, now)
    state, day = _text(request, "state"), _day(request, "effective_from")
    if isinstance(day, Refusal):
        return _answer(request, found, day, "", now)
    done = life.judge(
        found.pk,
        actor=request.user,
        state=state,
        seen=_text(request, "seen"),
        comment=_text(request, "comment"),
        effective_from=day,
        known=known_works(),
        now=now,
    )
    told = {
        State.CHECKING: _("Konsep diperiksa dan diteruskan ke kaji ulang."),
        State.REVIEWING: _("Konsep dikaji ulang dan diteruskan untuk disahkan."),
        State.APPROVING: _("SOP disahkan."),
    }.get(state, "")
    return _answer(request, found, done, told, now)


@require_POST
@staff_only
def send_back(request: HttpRequest, revision_id: int) -> HttpResponse:
    now = timezone.now()
    found = _of(request, revision_id, now)
    done = life.send_back(
        found.pk, actor=request.user, state=_text(request, "state"), reason=_text(request, "reason"), now=now
    )
    return _answer(request, found, done, _("Konsep dikembalikan kepada penyusun."), now)


@require_POST
@staff_only
def drop(request: HttpRequest, revision_id: int) -> HttpResponse:
    now = timezone.now()
    found = _of(request, revision_id, now)
    done = life.drop(found.pk, actor=request.user, reason=_text(request, "drop_reason"), now=now)
    return _answer(request, found, done, _("Konsep dibatalkan."), now)
