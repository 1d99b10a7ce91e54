"""Released reports are amended or revoked: asked for on the page of the report, decided there by who signs."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.people.models import User
from sopan.people.queries import signs
from sopan.ui.fields import refuse
from sopan.ui.found import there

from .. import access, queries
from ..forms import ChangeForm, DecisionForm
from ..models import Report, ReportChange
from ..operations import changes as operations


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked of a report, a form to ask for one who may, and the decision for one who decides."""
    now = timezone.now()
    report = _report(request.user, pk, now=now)
    asks = operations.may_ask(report, actor=request.user, now=now) is not None
    open_change = report.changes.filter(state=ReportChange.State.ASKED).select_related("report__order__case").first()
    decides = open_change is not None and operations.may_decide(open_change, actor=request.user, now=now) is not None
    if not asks and not _signs(report, request.user, now=now):
        raise Http404
    works = report.item.work_orders.all()
    asking = ChangeForm(
        request.POST if "kind" in request.POST and asks else None, initial=_initial(report), works=works
    )
    deciding = DecisionForm(request.POST if "answer" in request.POST and decides else None)
    refusal = ""
    if request.method == "POST":
        done = _act(request, report, open_change if decides else None, asking, deciding, now=now)
        if isinstance(done, HttpResponse):
            return done
        refusal = done
    context = {
        "report": report, "changes": report.changes.select_related("amendment__document").prefetch_related("works"), "asks": asks and open_change is None,
        "decides": decides, "open": open_change, "asking": asking, "deciding": deciding, "refusal": refusal,
        "corrections": _worded(open_change),
    }  # fmt: skip
    status = 422 if asking.errors or deciding.errors else 409 if refusal else 200
    return render(request, "laboratory/report_changes.html", context, status=status)


def _report(user: User, pk: int, *, now: datetime) -> Report:
    rows = Report.objects.select_related("document", "order__case__procedure", "order__institution", "item__order_item")
    report = rows.filter(pk=pk, document__released_at__isnull=False).first()
    return there(report if report is not None and access.staff_case(user, report.order.case_id, now=now) else None)


def _signs(report: Report, user: User, *, now: datetime) -> bool:
    return operations.may_decide(ReportChange(report=report), actor=user, now=now) is not None


def _initial(report: Report) -> dict[str, str]:
    return operations.told(report.snapshot) if report.snapshot else {}


def _worded(change: ReportChange | None) -> list[tuple[str, str, str]]:
    """Label, text until now, text asked for."""
    if change is None:
        return []
    before = operations.told(change.report.snapshot)
    labels = {name: field.label for name, field in ChangeForm.base_fields.items()}
    return [(labels[name], before[name], text) for name, text in change.corrections.items()]


def _act(
    request: HttpRequest, report: Report, change: ReportChange | None, asking: ChangeForm, deciding: DecisionForm, *,
    now: datetime,
) -> HttpResponse | str:  # fmt: skip
    """The answer to a post, or why there is none."""
    form: ChangeForm | DecisionForm
    done: ReportChange | Refusal
    if asking.is_bound and asking.is_valid():
        data = dict(asking.cleaned_data)
        kind, reason, what, works = (data.pop(name) for name in ("kind", "reason", "what", "works"))
        form, told = asking, _("Permintaan dicatat dan menunggu keputusan penanda tangan.")
        done = operations.ask(
            report, kind=kind, reason=reason, what=what, corrections=data, works=works, actor=request.user, now=now
        )  # fmt: skip
    elif change is not None and deciding.is_bound and deciding.is_valid():
        form, told = deciding, _("Keputusan Anda dicatat.")
        done = operations.decide(
            change, approve=request.POST["answer"] == "ya", remark=deciding.cleaned_data["remark"], actor=request.user, now=now
        )  # fmt: skip
    else:
        return "" if asking.errors or deciding.errors else _("Tidak ada permintaan yang menunggu keputusan Anda.")
    if isinstance(done, Refusal):
        if done.field:
            refuse(form, done)
            return ""
        return done.message
    messages.success(request, told)
    return redirect("laboratory:report-changes", report.pk)


@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The requests that wait for the decision of this person."""
    now = timezone.now()
    if request.user.is_customer or not signs(request.user, now):
        raise Http404
    return render(request, "laboratory/changes.html", {"changes": waiting(request.user, now=now)})


def waiting(user: User, *, now: datetime) -> list[ReportChange]:
    """Requests that this person may decide."""
    rows = (
        _asked(user).select_related("report__order__case__procedure", "report__item__order_item").order_by("asked_at")
    )
    return [change for change in rows if operations.may_decide(change, actor=user, now=now) is not None]


def count(user: User, *, now: datetime) -> int:
    """How many requests this person may decide, without asking of each: who signs is the same in a whole procedure."""
    asked = _asked(user).values_list("report__order__case__procedure", flat=True)
    return sum(queries.signs_by_rule(user, version, now=now) for version in asked)


def _asked(user: User) -> QuerySet[ReportChange]:
    return ReportChange.objects.filter(state=ReportChange.State.ASKED, report__order__institution=user.institution_id)
