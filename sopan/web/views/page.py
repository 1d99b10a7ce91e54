"""The page of a case, with the action panel of one of its tasks."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sopan.core.model import ActorKind
from sopan.engine import access, blind
from sopan.engine.models import Case, Task
from sopan.engine.plain import step_of
from sopan.people.models import User
from sopan.ui.fields import FieldError, all_errors
from sopan.web.casepage import case_context
from sopan.web.panel import Panel
from sopan.web.remaining import Remaining, remaining
from sopan.web.viewing import Viewing
from sopan.web.views.inbox import inbox_at


def came_from(request: HttpRequest) -> str:
    """The filters of the inbox from which the person came, as a query; "" if none."""
    given = request.POST if request.method == "POST" else request.GET
    return Viewing.read(QueryDict(given.get("dari", "")[:500])).query()


def show(
    request: HttpRequest,
    case: Case,
    panel: Panel | None,
    *,
    now: datetime,
    status: int = 200,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    """Render the page. ``wrong`` are messages for the forms beside the panel, by their key."""
    user = request.user
    acting = access.acting_on_case(user, case, now=now)
    mine = panel.task.actor if panel is not None and panel.acting is not None else ""
    tab = (request.GET if request.method == "GET" else request.POST).get("tab", "")
    unseen = blind.is_blind(user, case, now=now)
    may_open = unseen and blind.may_open(user, case, now=now)
    if unseen:
        blind.mask([case, *([panel.task.case] if panel else [])], user, now=now)
    context = case_context(case, user, acting, tab=tab, mine=mine, blind=unseen, now=now)
    others = _others(case, panel, user, now)
    dari = came_from(request)
    domain = context["domain_panel"]
    context |= {
        "panel": panel,
        "work_html": _work_part(request, panel),
        "domain_html": render_to_string(domain["template"], domain["context"], request) if domain else "",
        "errors": _errors(panel),
        "others": others,
        "left": _left(case, panel, others, user, now),
        "dari": dari,
        "back": inbox_at(dari),
        "wrong": wrong or {},
        "typed": request.POST,
        "form_key": panel.form_key if panel else "",
        "before": _linked(user, case.after, now) if case.after_id else None,
        "followed_by": [_linked(user, other, now) for other in case.followed_by.select_related("procedure")],
        "may_open": may_open,
        "upload_max": settings.UPLOAD_MAX_BYTES,
    }
    return render(request, "web/case.html", context, status=status)


def _linked(user: User, case: Case, now: datetime) -> tuple[Case, bool]:
    """A case before or after this one, and whether the person may open it. Its customer is not told with it."""
    return case, access.case_for(user, case.pk, now=now) is not None


def _work_part(request: HttpRequest, panel: Panel | None) -> SafeString | str:
    """The part of the work, with its own context, so that its names and those of the page never meet."""
    if panel is None or panel.acting is None or (panel.form is None and not panel.is_open):
        return ""
    given = {"task": panel.task, "case": panel.task.case, "form": panel.form, "actor": panel.acting}
    return render_to_string(panel.template, {**given, **panel.context}, request)


def _errors(panel: Panel | None) -> list[FieldError]:
    """Every error of the form and of the reason, for the summary at the top."""
    if panel is None:
        return []
    found = all_errors([panel.form]) if panel.form is not None and panel.form.is_bound else []
    if panel.reason_error:
        found.append(FieldError("reason", _("Alasan"), panel.reason_error))
    return found


def _others(case: Case, panel: Panel | None, user: User, now: datetime) -> list[tuple[Task, bool]]:
    """The other open tasks of the case, and whether the person may act on them."""
    found = Task.objects.filter(case=case, status=Task.Status.OPEN).select_related("binding", "assignee")
    tasks = list(found.order_by("pk"))
    shown = panel.task.pk if panel else 0
    mine = set(access.binding_ids(user, now=now))
    for task in tasks:
        task.case = case
        task.step_no, task.step_title = step_of(task).no, step_of(task).title  # for the template
    return [(task, task.binding_id in mine or _records(user, task, now)) for task in tasks if task.pk != shown]


def _records(user: User, task: Task, now: datetime) -> bool:
    """Whether this person may record the step of somebody outside."""
    return task.binding.kind != ActorKind.STAFF and access.acting_for(user, task, now=now) is not None


def _left(
    case: Case, panel: Panel | None, others: list[tuple[Task, bool]], user: User, now: datetime
) -> Remaining | None:
    """The remaining time of the task in the panel, else of the one that is due first."""
    tasks = [panel.task] if panel and panel.is_open else [task for task, _mine in others]
    dated = sorted(tasks, key=lambda task: (task.due_at is None, task.due_at or now))
    if not case.is_open or not dated:
        return None
    return remaining(dated[0], institution=user.institution, now=now)


def first_task(user: User, case: Case, *, now: datetime) -> Task | None:
    """The open task of a case that this person should see: his own, else one of his queues, else one that he records."""
    queues = set(access.binding_ids(user, now=now))
    tasks = Task.objects.filter(case=case, status=Task.Status.OPEN).select_related("binding", "assignee")
    found = sorted(tasks, key=lambda task: (task.assignee_id != user.pk, task.pk))
    for task in found:
        task.case = case
    mine = next((task for task in found if task.binding_id in queues), None)
    return mine or next((task for task in found if _records(user, task, now)), None)
