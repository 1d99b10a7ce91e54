"""Acts on a task: finish it, keep a draft, take it, give it back, hand it over, send the case back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sopan.core.flow import Refusal, way_out
from sopan.engine import access, queries
from sopan.engine import operations as engine
from sopan.engine.models import Task
from sopan.engine.plain import step_of
from sopan.people.models import User
from sopan.ui.source import translated
from sopan.web import operations, panel, uploading
from sopan.web.access import posts_from, staff_only
from sopan.web.panel import Panel
from sopan.web.viewing import Viewing, bounds
from sopan.web.views.inbox import inbox_at
from sopan.web.views.page import came_from, show

LOST = {"done-already", "taken", "overtaken", "held", "not-open", "ended"}  # somebody else was first: 409
DRAFT_BYTES = 500_000


def _task(request: HttpRequest, task_id: int, now: datetime, *, to_act: bool = False) -> Task:
    """The task, if this person may see it, and may act on it where he wants to. Raises Http404."""
    task = access.task_for(request.user, task_id, now=now) if task_id < 2**63 else None
    if task is None or (to_act and access.acting_for(request.user, task, now=now) is None):
        raise Http404
    return task


def task_at(task: Task, dari: str = "") -> str:
    return reverse("task", args=[task.pk]) + (f"?{_dari(dari)}" if dari else "")


def _dari(query: str) -> str:
    known = QueryDict(mutable=True)
    known["dari"] = query
    return known.urlencode()


@require_safe
@staff_only
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    now = timezone.now()
    found = _task(request, task_id, now)
    return show(request, found.case, panel.open_panel(request.user, found, now=now), now=now)


# Finishing ------------------------------------------------------------------------------------------------------------


@posts_from("task")
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Finish the task, then go on to the next of the same view. What was typed is shown again if it cannot be."""
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    typed = panel.typed_panel(request, found, now=now)
    answer = request.POST.get("answer", "")[:40]
    if typed.workable:
        uploading.keep(request, found, work=typed.work, form=typed.form, now=now)
    good = _valid(typed, answer) if typed.is_open else True
    if not good:
        return _again(request, typed, now, 422)
    done = engine.complete(
        task_id,
        actor=request.user,
        answer=answer,
        data=dict(getattr(typed.form, "cleaned_data", None) or {}) if typed.form is not None else {},
        reason=typed.reason.strip(),
        form_key=typed.form_key,
        now=now,
    )
    if isinstance(done, Refusal):
        return _refused(request, typed, done, now)
    operations.forget_draft(found, person=request.user)
    messages.success(request, _told(found, answer, done))
    return redirect(_next(request, found, now))


@posts_from("task")
def files(request: HttpRequest, task_id: int) -> HttpResponse:
    """Keep the files of the form, and what was typed beside them as a draft, without finishing the step."""
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    typed = panel.typed_panel(request, found, now=now)
    if typed.workable:
        kept = uploading.keep(request, found, work=typed.work, form=typed.form, now=now)
        engine.save_draft(task_id, actor=request.user, data=panel.draft_of(request, typed.form), now=now)
        if any(name in typed.form.errors for name in typed.work.attachments(found)) if typed.form else False:
            return _again(request, typed, now, 422)
        said = ngettext("%(count)s berkas disimpan.", "%(count)s berkas disimpan.", kept) % {"count": kept}
        messages.success(request, said) if kept else messages.info(request, _("Pilih berkas yang akan disimpan."))
    return redirect(task_at(found, came_from(request)))


def _valid(typed: Panel, answer: str) -> bool:
    """Whether the form and the reason are good; errors are put where they belong."""
    way = way_out(typed.step, answer)
    fault = engine.reason_fault(typed.reason, required=way is not None and way.reason)
    if fault is not None:
        typed.reason_error = fault.message
    if typed.exits and way is None:
        typed.refusal = Refusal("unknown-answer", _("Pilih salah satu jawaban yang tersedia."))
    good = typed.form is None or typed.form.is_valid()
    return good and not typed.reason_error and typed.refusal is None


def _refused(request: HttpRequest, typed: Panel, refusal: Refusal, now: datetime) -> HttpResponse:
    """The page again, with everything typed and the reason why not."""
    if refusal.code == "not-found":
        raise Http404
    if refusal.field == "reason":
        typed.reason_error = refusal.message
    elif typed.form is not None and refusal.field in typed.form.fields:
        if typed.form.is_valid() or typed.form.errors:
            typed.form.add_error(refusal.field, refusal.message)
    else:
        typed.refusal = refusal
    fresh = access.task_for(request.user, typed.task.pk, now=now)
    if fresh is not None:
        typed.task = fresh
    return _again(request, typed, now, 409 if refusal.code in LOST else 422)


def _again(request: HttpRequest, typed: Panel, now: datetime, status: int) -> HttpResponse:
    return show(request, typed.task.case, panel.complete_panel(request.user, typed, now=now), now=now, status=status)


def _told(found: Task, answer: str, done: engine.Done) -> str:
    """What happened, and where the case is now."""
    step = step_of(found)
    label = translated(next((way.label for way in step.exits if way.answer == answer and way.label), ""))
    told = _("%(case)s: langkah %(no)s · %(name)s selesai")
    told %= {"case": found.case, "no": step.no, "name": translated(step.title)}
    told += f" ({label})." if label else "."
    if done.repeated:
        return told + " " + _("Penekanan kedua tidak mengubah apa pun.")
    opened = list(Task.objects.filter(pk__in=done.opened).select_related("case", "binding").order_by("pk"))
    if opened:
        names = (f"{step_of(one).no} · {translated(step_of(one).title)} ({one.binding.name})" for one in opened)
        told += " " + _("Berikutnya langkah %(steps)s.") % {"steps": ", ".join(names)}
    elif done.ended:
        told += " " + _("Kasus ini berakhir.")
    return told


def _next(request: HttpRequest, found: Task, now: datetime) -> str:
    """The task after this one in the view from which the person came; the inbox if none is left."""
    dari = came_from(request)
    viewing = Viewing.read(QueryDict(dari))
    filters = viewing.filters(bounds(request.user.institution, now))
    for after in ((found.due_at, found.pk), None):
        page = queries.inbox(request.user, filters=filters, after=after, size=1, now=now)
        if page.tasks:
            return task_at(page.tasks[0], dari)
    return inbox_at(dari)


@require_POST
@staff_only
def draft(request: HttpRequest, task_id: int) -> HttpResponse:
    """Keep what has been typed so far, unchecked and without secrets."""
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    acting = access.acting_for(request.user, found, now=now)
    if found.status != Task.Status.OPEN or acting is None:
        return JsonResponse({"message": _("Langkah ini tidak terbuka lagi.")}, status=409)
    form = engine.work_of(step_of(found)).form(found, actor=acting)
    kept = panel.draft_of(request, form)
    if sum(len(value) for values in kept.values() for value in values) > DRAFT_BYTES:
        return JsonResponse({"message": _("Konsep ini terlalu panjang untuk disimpan.")}, status=413)
    saved = engine.save_draft(task_id, actor=request.user, data=kept, now=now)
    if isinstance(saved, Refusal):
        return JsonResponse({"message": saved.message}, status=409)
    return JsonResponse({"saved_at": saved.saved_at.isoformat()})


# Who does it ----------------------------------------------------------------------------------------------------------


def _answered(
    request: HttpRequest, found: Task, done: engine.Done | Refusal, told: str, to: Callable[[], str]
) -> HttpResponse:
    if isinstance(done, Refusal):
        if done.code == "not-found":
            raise Http404
        messages.error(request, done.message)
        return redirect(task_at(found, came_from(request)))
    messages.success(request, told)
    return redirect(to())


@posts_from("task")
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take the task out of the queue; from the list one stays in the list."""
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    done = engine.take(task_id, actor=request.user, now=now)
    dari = came_from(request)
    told = _("%(case)s kini tugas Anda.") % {"case": found.case}
    stay = request.POST.get("lalu") == "daftar"
    return _answered(request, found, done, told, lambda: inbox_at(dari) if stay else task_at(found, dari))


@posts_from("task")
def give_back(request: HttpRequest, task_id: int) -> HttpResponse:
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    done = engine.give_back(task_id, actor=request.user, now=now)
    told = _("%(case)s kembali ke antrean.") % {"case": found.case}
    return _answered(request, found, done, told, lambda: inbox_at(came_from(request)))


@posts_from("task")
def hand_over(request: HttpRequest, task_id: int) -> HttpResponse:
    """Hand the task to a colleague who may do it."""
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    to = _colleague(found, request.POST.get("to", ""), now)
    if to is None:
        return _beside(request, found, "hand_over", _("Pilih rekan yang akan mengerjakannya."), now)
    done = engine.hand_over(task_id, actor=request.user, to=to, now=now)
    told = _("%(case)s dialihkan kepada %(name)s.") % {"case": found.case, "name": to.full_name}
    return _answered(request, found, done, told, lambda: inbox_at(came_from(request)))


def _colleague(found: Task, given: str, now: datetime) -> User | None:
    return next((person for person in access.eligible(found, now=now) if str(person.pk) == given), None)


@posts_from("task")
def send_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Send the case back to a step that was done before, with a reason."""
    now = timezone.now()
    found = _task(request, task_id, now, to_act=True)
    reason, to_step = request.POST.get("back_reason", "").replace("\x00", "").strip(), request.POST.get("to_step", "")
    target = next((step for step in queries.done_steps_before(found) if step.id == to_step), None)
    if target is None:
        return _beside(request, found, "send_back", _("Pilih langkah tujuan."), now)
    if (fault := engine.reason_fault(reason)) is not None:
        return _beside(request, found, "send_back", fault.message, now)
    done = engine.send_back(task_id, actor=request.user, to_step=to_step, reason=reason, now=now)
    told = _("%(case)s dikembalikan ke langkah %(no)s · %(name)s.")
    told %= {"case": found.case, "no": target.no, "name": translated(target.title)}
    return _answered(request, found, done, told, lambda: _next(request, found, now))


def _beside(request: HttpRequest, found: Task, key: str, message: str, now: datetime) -> HttpResponse:
    """The page again, with a message at one of the small forms beside the panel."""
    opened = panel.open_panel(request.user, found, now=now)
    return show(request, found.case, opened, now=now, status=422, wrong={key: message})
