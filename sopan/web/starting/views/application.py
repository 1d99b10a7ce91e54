"""What a customer sees of the cases that run by plain steps: where they stand, his own steps, files, messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal, way_out
from sopan.engine import access as engine_access
from sopan.engine import operations as engine
from sopan.engine import starts
from sopan.engine.models import Attachment, Case, Comment, Task
from sopan.engine.queries import expected_at, public_status
from sopan.ui.fields import FieldError, all_errors, refuse
from sopan.web import panel, uploading
from sopan.web.panel import Panel
from sopan.web.starting import access, operations
from sopan.web.starting.forms import MessageForm, ReasonForm

View = Callable[..., HttpResponse]


@login_required
@never_cache
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """The cases of the company; those that wait for the customer first."""
    if not request.user.is_customer:
        raise Http404
    waits = Task.objects.filter(case=OuterRef("pk"), company_id=request.user.company_id, status=Task.Status.OPEN)
    mine = access.applications_of(request.user).annotate(waits=Exists(waits)).order_by("-waits", "-opened_at", "-pk")
    page = Paginator(mine, 20).get_page(request.GET.get("page"))
    rows = [(case, public_status(case), case.waits) for case in page]
    context = {
        "todo": [row for row in rows if row[2]],
        "others": [row for row in rows if not row[2]],
        "page_obj": page,
        "may_start": bool(starts.offers(request.user, now=timezone.now())),
    }
    return render(request, "starting/applications.html", context)


def own(view: View) -> View:
    """A page of one case, for the people of its company; for everybody else it does not exist."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def seen(request: HttpRequest, case_id: int, **ids: Any) -> HttpResponse:
        case = access.application_for(request.user, case_id)
        if case is None:
            raise Http404
        return view(request, case, **ids)

    return seen


@own
def application(request: HttpRequest, case: Case) -> HttpResponse:
    if request.method == "POST":
        return redirect("application", case.pk)
    return _page(request, case, now=timezone.now())


def _page(
    request: HttpRequest,
    case: Case,
    *,
    shown: Panel | None = None,
    message: MessageForm | None = None,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    tasks = access.own_tasks(request.user, case, now=now)
    chosen = shown.task.pk if shown else 0
    panels = [shown if task.pk == chosen else panel.open_panel(request.user, task, now=now) for task in tasks]
    if shown is not None and not any(one is shown for one in panels):
        panels.insert(0, shown)  # somebody else has finished it meanwhile; what was typed is shown all the same
    for one in panels:
        if one is not None and one.form is not None and len(panels) > 1:
            one.form.auto_id = f"id_{one.task.pk}_%s"  # two steps on one page have inputs of the same name
    files = Attachment.objects.filter(case=case, customer_may_see=True).order_by("-at", "-pk")
    context = {
        "case": case,
        "status": public_status(case),
        "parts": [(one, _work(request, one), _errors(one)) for one in panels if one is not None],
        "waits": bool(tasks),
        "expected": expected_at(case, now=now) if not tasks else None,
        "files": list(files),
        "comments": Comment.objects.filter(case=case, internal=False).select_related("person").order_by("at", "pk"),
        "message_form": message or MessageForm(),
        "may_withdraw": access.may_withdraw(case) is None,
        "form_key": shown.form_key if shown else "",
    }
    return render(request, "starting/application.html", context, status=status)


def _work(request: HttpRequest, shown: Panel) -> str:
    if shown.acting is None:
        return ""
    given = {"task": shown.task, "case": shown.task.case, "form": shown.form, "actor": shown.acting}
    return render_to_string(shown.template, {**given, **shown.context}, request)


def _errors(shown: Panel) -> list[FieldError]:
    found = all_errors([shown.form]) if shown.form is not None and shown.form.is_bound else []
    if shown.reason_error:
        found.append(FieldError(f"reason-{shown.task.pk}", _("Alasan"), shown.reason_error))
    return found


# Acts -----------------------------------------------------------------------------------------------------------------


@own
def act(request: HttpRequest, case: Case, task_id: int) -> HttpResponse:
    """Finish a step of the customer, or keep its files only (``keep``)."""
    now = timezone.now()
    task = engine_access.task_for(request.user, task_id, now=now) if task_id < 2**63 else None
    if task is None or task.case_id != case.pk or engine_access.acting_for(request.user, task, now=now) is None:
        raise Http404
    if request.method != "POST":
        return redirect("application", case.pk)
    typed = panel.typed_panel(request, task, now=now)
    if typed.workable:
        kept = uploading.keep(request, task, work=typed.work, form=typed.form, now=now)
        if request.POST.get("keep") and not (typed.form is not None and typed.form.errors):
            engine.save_draft(task.pk, actor=request.user, data=panel.draft_of(request, typed.form), now=now)
            messages.success(request, _("Berkas disimpan.")) if kept else None
            return redirect("application", case.pk)
    done = _complete(request, typed, now) if _good(typed, request.POST.get("answer", "")[:40]) else None
    if isinstance(done, engine.Done):
        messages.success(request, _("Terima kasih. Bagian Anda sudah kami terima."))
        return redirect("application", case.pk)
    if done is not None:
        _put(typed, done)
    shown = panel.complete_panel(request.user, typed, now=now)
    return _page(request, case, shown=shown, now=now, status=422 if typed.is_open else 409)


def _good(typed: Panel, answer: str) -> bool:
    if not typed.is_open:
        return True  # the engine tells who was first
    way = way_out(typed.step, answer)
    fault = engine.reason_fault(typed.reason, required=way is not None and way.reason)
    typed.reason_error = fault.message if fault is not None else ""
    return (typed.form is None or typed.form.is_valid()) and fault is None


def _complete(request: HttpRequest, typed: Panel, now: datetime) -> engine.Done | Refusal:
    return engine.complete(
        typed.task.pk,
        actor=request.user,
        answer=request.POST.get("answer", "")[:40],
        data=dict(getattr(typed.form, "cleaned_data", None) or {}),
        reason=typed.reason.strip(),
        form_key=typed.form_key,
        now=now,
    )


def _put(typed: Panel, refusal: Refusal) -> None:
    """A refusal at its field, or above the form."""
    if refusal.field == "reason":
        typed.reason_error = refusal.message
    elif typed.form is not None and refusal.field in typed.form.fields:
        typed.form.add_error(refusal.field, refusal.message)
    else:
        typed.refusal = refusal


@own
def message(request: HttpRequest, case: Case) -> HttpResponse:
    """A message to the staff."""
    if request.method != "POST":
        return redirect("application", case.pk)
    now, form = timezone.now(), MessageForm(request.POST)
    if form.is_valid():
        sent = engine.comment(case.pk, actor=request.user, text=form.cleaned_data["text"], internal=False, now=now)
        if not isinstance(sent, Refusal):
            messages.success(request, _("Pesan Anda terkirim."))
            return redirect("application", case.pk)
        form.add_error("text", sent.message)
    return _page(request, case, message=form, now=now, status=422)


@own
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Withdraw what the staff have not worked on."""
    if (no := access.may_withdraw(case)) is not None:
        messages.error(request, no.message)
        return redirect("application", case.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = operations.withdraw(case, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        if not isinstance(done, Refusal):
            messages.success(request, _("Permohonan dibatalkan."))
            return redirect("application", case.pk)
        refuse(form, done)
    context = {"case": case, "form": form}
    return render(request, "starting/withdraw.html", context, status=422 if form.is_bound else 200)
