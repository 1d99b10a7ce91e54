"""Results of released reports that are being corrected: who has to do what, and the judgement of the new versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.engine.access import versions_doing
from sopan.engine.queries import served
from sopan.people.models import User
from sopan.people.queries import positions_at
from sopan.ui.fields import refuse
from sopan.ui.found import there

from .. import access
from ..forms import CorrectionForm
from ..models import ReportChange, WorkOrder
from ..operations import corrections as operations
from ..queries import current_result
from .found import in_laboratory

APPROVED = WorkOrder.State.APPROVED


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that is being corrected; ``act``: what this person does next, "measure", "judge" or nothing."""

    work: WorkOrder
    change: ReportChange
    act: str


def waiting(user: User, *, now: datetime) -> list[Waiting]:
    """Corrections that this person may see the results of or has to do something for."""
    rows = _corrected(user).select_related(
        "item__order__case__procedure", "item__order_item", "laboratory", "analyst", "supervisor"
    )
    found = []
    for work in rows.distinct().order_by("pk"):
        change = access.correction_of(work)
        if change is None:
            continue
        act = _act(work, user, now=now)
        if act or access.readable_work(user, work.pk, now=now) is not None:
            found.append(Waiting(work, change, act))
    return found


def count(user: User, *, now: datetime) -> int:
    """For how many corrections this person has to do something: by the rules of ``waiting``, in one query."""
    held, state = positions_at(user, now), WorkOrder.State
    versions = versions_doing(user, operations.VALIDATE, now=now)
    his = Q(item__order__case__procedure__slug__in=served(user, now=now))
    mine = Q(state__in=access.WITH_ANALYST, analyst=user, laboratory__analis__in=held) & his
    mine |= Q(state=state.SUBMITTED, laboratory__penyelia__in=held)
    mine |= Q(state=state.VERIFIED, item__order__case__procedure__in=versions)
    return _corrected(user).filter(mine).distinct().count()


def _corrected(user: User) -> QuerySet[WorkOrder]:
    """The work of his body that is being corrected."""
    open_change = Q(corrections__state=ReportChange.State.APPROVED, corrections__amendment=None)
    rows = WorkOrder.objects.filter(open_change, item__order__institution=user.institution_id)
    return rows.exclude(state=APPROVED)


def _act(work: WorkOrder, user: User, *, now: datetime) -> str:
    if work.state in access.WITH_ANALYST and access.work_order_for(user, work.pk, now=now) is not None:
        return "measure"
    return "judge" if operations.may_judge(work, actor=user, now=now) is not None else ""


@never_cache
@login_required
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """All corrections that run, for whoever works in a laboratory."""
    now = in_laboratory(request)
    return render(request, "laboratory/corrections.html", {"rows": waiting(request.user, now=now)})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The new version of the results beside why it was opened; verified, then validated, by people who did not measure."""
    now = timezone.now()
    rows = WorkOrder.objects.select_related("item__order__case__procedure", "item__order_item", "laboratory")
    work = there(rows.filter(pk=pk, item__order__institution=request.user.institution_id).first())
    there(operations.may_judge(work, actor=request.user, now=now))
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = request.POST.get("answer") == "ya"
        done = operations.judge(work, accept=accept, reason=form.cleaned_data["reason"], actor=request.user, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Keputusan Anda dicatat."))
            return redirect("laboratory:corrections")
        refuse(form, done)
    context = {"work": work, "change": access.correction_of(work), "result": current_result(work), "form": form}
    return render(request, "laboratory/correction.html", context, status=422 if form.errors else 200)
