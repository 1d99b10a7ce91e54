"""Acts on several tasks of the same step: what will be done is listed first, and each task tells its own result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.model import Step
from sopan.engine import access, blind
from sopan.engine import operations as engine
from sopan.engine.models import Task
from sopan.engine.plain import step_of
from sopan.people.models import User
from sopan.ui.fields import row_id
from sopan.web.access import posts_from
from sopan.web.viewing import Viewing
from sopan.web.views.inbox import inbox_at

MOST = 50  # tasks at once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task; ``refusal`` is empty where it was done."""

    task: Task
    refusal: str = ""


@posts_from("inbox")
def bulk(request: HttpRequest) -> HttpResponse:
    """``act`` is "take", or "complete" for the page that asks; with ``confirmed`` the tasks are finished."""
    now = timezone.now()
    back = inbox_at(Viewing.read(QueryDict(request.POST.get("dari", "")[:500])).query())
    tasks = _chosen(request, now)
    if not tasks:
        messages.warning(request, _("Pilih dahulu tugas di daftar."))
        return redirect(back)
    if request.POST.get("act") == "take":
        return _results(request, back, [_taken(task, request.user, now) for task in tasks], _("Hasil pengambilan"))
    step = _same_step(tasks)
    refusal = _("Pilih tugas dari langkah dan SOP yang sama.") if step is None else _alone(step)
    if step is None or refusal:
        messages.warning(request, refusal)
        return redirect(back)
    if request.POST.get("confirmed") != "1":
        return _asked(request, step, tasks, back)
    return _finished(request, step, tasks, back, now)


def _chosen(request: HttpRequest, now: datetime) -> list[Task]:
    """The tasks that were ticked and that this person may see; the others are as if they did not exist."""
    ids = dict.fromkeys(map(row_id, request.POST.getlist("task")[:MOST]))
    found = (access.task_for(request.user, pk, now=now) for pk in ids if pk is not None)
    tasks = [task for task in found if task is not None]
    blind.mask((task.case for task in tasks), request.user, now=now)
    return tasks


def _same_step(tasks: list[Task]) -> Step | None:
    keys = {(task.case.procedure.slug, task.step) for task in tasks}
    return step_of(tasks[0]) if len(keys) == 1 else None


def _alone(step: Step) -> str:
    """Why a step must be finished one by one, "" if it need not."""
    work = engine.work_of(step)
    if not work.bulk or work.prepares:
        return _("Langkah ini diselesaikan satu per satu: buka tugasnya.")
    if any(field.required for field in step.fields):
        return _("Langkah ini mempunyai isian wajib. Selesaikan satu per satu.")
    return ""


def _taken(task: Task, user: User, now: datetime) -> Outcome:
    done = engine.take(task.pk, actor=user, now=now)
    return Outcome(task, done.message if isinstance(done, Refusal) else "")


def _asked(request: HttpRequest, step: Step, tasks: list[Task], back: str, *, wrong: str = "") -> HttpResponse:
    context = {
        "step": step,
        "tasks": tasks,
        "exits": engine.answers(step),
        "reason_asked": any(way.reason for way in engine.answers(step)),
        "back": back,
        "dari": request.POST.get("dari", "")[:500],
        "reason": request.POST.get("reason", ""),
        "wrong": wrong,
    }
    return render(request, "web/bulk_confirm.html", context, status=422 if wrong else 200)


def _finished(request: HttpRequest, step: Step, tasks: list[Task], back: str, now: datetime) -> HttpResponse:
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "").replace("\x00", "").strip()
    required = any(way.reason and way.answer == answer for way in engine.answers(step))
    if (fault := engine.reason_fault(reason, required=required)) is not None:
        return _asked(request, step, tasks, back, wrong=fault.message)
    return _results(request, back, list(_completed(request, tasks, answer, reason, now)), _("Hasil penyelesaian"))


def _completed(request: HttpRequest, tasks: list[Task], answer: str, reason: str, now: datetime) -> Iterator[Outcome]:
    key = request.POST.get("form_key", "")[:40]
    for task in tasks:
        done = engine.complete(
            task.pk,
            actor=request.user,
            answer=answer,
            data={"reason": reason},
            reason=reason,
            form_key=f"{key}-{task.pk}" if key else "",
            now=now,
        )
        yield Outcome(task, done.message if isinstance(done, Refusal) else "")


def _results(request: HttpRequest, back: str, outcomes: list[Outcome], title: str) -> HttpResponse:
    failed = sum(1 for outcome in outcomes if outcome.refusal)
    context = {
        "title": title,
        "outcomes": [(outcome, step_of(outcome.task)) for outcome in outcomes],
        "done": len(outcomes) - failed,
        "failed": failed,
        "back": back,
    }
    return render(request, "web/bulk_results.html", context)
